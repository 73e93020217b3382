from django.urls import path

from courses import views

app_name = "courses"
urlpatterns = [
    path("courses/<slug:slug>/", views.course, name="course"),
    path("courses/<slug:slug>/<slug:key>/", views.lesson, name="lesson"),
    path("paths/<int:pk>/", views.path, name="path"),
    path("team/", views.team, name="team"),
]
