from django.urls import path

from scoring import (
    appraisal_views,
    bank_views,
    content_views,
    marking_views,
    quiz_views,
    release_views,
    report_views,
    rescore_views,
    views,
)

app_name = "scoring"
urlpatterns = [
    path("attempts/<int:pk>/finish/", views.finish, name="finish"),
    path("attempts/<int:pk>/result/", views.result, name="result"),
    path("attempts/<int:pk>/<int:place>/report/", report_views.report_item, name="report_item"),
    path("reports/", report_views.reports, name="reports"),
    path("reports/<int:pk>/", report_views.report, name="report"),
    path("quizzes/<slug:slug>/trainer/", quiz_views.quiz, name="quiz"),
    path("marks/", views.results, name="results"),
    path("marking/", marking_views.marking, name="marking"),
    path("marking/<int:pk>/", marking_views.mark, name="mark"),
    path("items/<slug:slug>/rescore/", rescore_views.rescore_item, name="rescore"),
    path("standards/<slug:slug>/publish/", release_views.publish, name="publish"),
    path("standards/<slug:slug>/publish/ask/", release_views.ask_review, name="ask_review"),
    path("standards/<slug:slug>/publish/agree/", release_views.agree_to, name="agree"),
    path("reviews/", content_views.reviews, name="reviews"),
    path("reviews/<int:pk>/", content_views.review, name="review"),
    path("reviews/<int:pk>/owner/", content_views.owner, name="review_owner"),
    path("item-bank/change/", bank_views.change_items, name="change_items"),
    path("items/<slug:slug>/use/", bank_views.use, name="item_use"),
    path("items/<slug:slug>/retire/", bank_views.retire_item, name="retire_item"),
    path("clauses/<str:key>/", views.clause, name="clause"),
    path("appraisals/", appraisal_views.appraisals, name="appraisals"),
    path("appraisals/<int:pk>/revise/", appraisal_views.revise, name="revise"),
    path("appraisals/<int:person>/<str:period>/", appraisal_views.open_sheet, name="sheet"),
    path("appraisals/<int:pk>/", appraisal_views.appraisal, name="appraisal"),
    path("appraisals/<int:pk>/thread/<slug:indicator>/", appraisal_views.thread, name="thread"),
]
