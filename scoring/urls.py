from django.urls import path

from scoring import analysis_views, appraisal_views, content_views, release_views, result_views, views

app_name = "scoring"
urlpatterns = [
    path("attempts/<int:pk>/finish/", views.finish, name="finish"),
    path("attempts/<int:pk>/result/", views.result, name="result"),
    path("attempts/<int:pk>/practise/", views.practise, name="practise"),
    path("results/", result_views.results, name="result_list"),
    path("results/results.csv", result_views.csv_file, name="results_csv"),
    path("results/export/", result_views.ask_excel, name="ask_excel"),
    path("results/export/<int:pk>/", result_views.export, name="export"),
    path("results/export/<int:pk>/file/", result_views.excel_file, name="excel_file"),
    path("marks/", views.results, name="results"),
    path("quizzes/<slug:slug>/analysis/", analysis_views.quiz, name="quiz_analysis"),
    path("quizzes/<slug:slug>/analysis/work/", analysis_views.work_out, name="work_out_quiz"),
    path("quizzes/<slug:slug>/analysis/table.<slug:form>", analysis_views.table, name="analysis_table"),
    path("items/<slug:slug>/analysis/", analysis_views.item, name="item_analysis"),
    path("items/<slug:slug>/analysis/work/", analysis_views.work_out_item, name="work_out_item"),
    path("standards/<slug:slug>/publish/", release_views.publish, name="publish"),
    path("standards/<slug:slug>/publish/ask/", release_views.ask_review, name="ask_review"),
    path("standards/<slug:slug>/publish/agree/", release_views.agree_to, name="agree"),
    path("reviews/", content_views.reviews, name="reviews"),
    path("reviews/<int:pk>/", content_views.review, name="review"),
    path("reviews/<int:pk>/owner/", content_views.owner, name="review_owner"),
    path("clauses/<str:key>/", views.clause, name="clause"),
    path("appraisals/", appraisal_views.appraisals, name="appraisals"),
    path("appraisals/<int:pk>/revise/", appraisal_views.revise, name="revise"),
    path("appraisals/<int:person>/<str:period>/", appraisal_views.open_sheet, name="sheet"),
    path("appraisals/<int:pk>/", appraisal_views.appraisal, name="appraisal"),
    path("appraisals/<int:pk>/thread/<slug:indicator>/", appraisal_views.thread, name="thread"),
]
