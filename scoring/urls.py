from django.urls import path

from scoring import appraisal_views, views

app_name = "scoring"
urlpatterns = [
    path("attempts/<int:pk>/finish/", views.finish, name="finish"),
    path("attempts/<int:pk>/result/", views.result, name="result"),
    path("marks/", views.results, name="results"),
    path("clauses/<str:key>/", views.clause, name="clause"),
    path("appraisals/", appraisal_views.appraisals, name="appraisals"),
    path("appraisals/<int:pk>/revise/", appraisal_views.revise, name="revise"),
    path("appraisals/<int:person>/<str:period>/", appraisal_views.open_sheet, name="sheet"),
    path("appraisals/<int:pk>/", appraisal_views.appraisal, name="appraisal"),
    path("appraisals/<int:pk>/thread/<slug:indicator>/", appraisal_views.thread, name="thread"),
]
