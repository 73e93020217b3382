from django.urls import path

from scoring import appraisal_views, content_views, quiz_views, release_views, views

app_name = "scoring"
urlpatterns = [
    path("attempts/<int:pk>/finish/", views.finish, name="finish"),
    path("attempts/<int:pk>/result/", views.result, name="result"),
    path("quizzes/<slug:slug>/trainer/", quiz_views.quiz, name="quiz"),
    path("marks/", views.results, name="results"),
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
