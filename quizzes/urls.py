from django.urls import path

from quizzes import views

app_name = "quizzes"
urlpatterns = [
    path("quizzes/<slug:slug>/", views.quiz, name="quiz"),
    path("quizzes/<slug:slug>/start/", views.start_quiz, name="start_quiz"),
    path("scenarios/<slug:slug>/", views.scenario, name="scenario"),
    path("scenarios/<slug:slug>/start/", views.start_scenario, name="start_scenario"),
    path("attempts/<int:pk>/", views.attempt, name="attempt"),
    path("attempts/<int:pk>/<int:place>/", views.position, name="position"),
    path("attempts/<int:pk>/<int:place>/answer/", views.answer, name="answer"),
    path("attempts/<int:pk>/check/", views.check, name="check"),
    path("play/<int:pk>/", views.play, name="play"),
    path("play/<int:pk>/turn/", views.turn, name="turn"),
]
