from django.urls import path

from quizzes import item_views, morning_views, quiz_views, views

app_name = "quizzes"
urlpatterns = [
    path("items/", item_views.items, name="items"),
    path("items/new/", item_views.new, name="new_item"),
    path("items/images/<slug:sha256>/", item_views.image, name="image"),
    path("items/<slug:slug>/", item_views.item, name="item"),
    path("items/<slug:slug>/edit/", item_views.edit, name="edit_item"),
    path("items/<slug:slug>/publish/", item_views.publish, name="publish_item"),
    path("items/<slug:slug>/discard/", item_views.discard, name="discard_item"),
    path("quizzes/", quiz_views.quizzes, name="quizzes"),
    path("quizzes/new/", quiz_views.new, name="new_quiz"),
    path("quizzes/<slug:slug>/edit/", quiz_views.edit, name="edit_quiz"),
    path("quizzes/<slug:slug>/publish/", quiz_views.publish, name="publish_quiz"),
    path("quizzes/<slug:slug>/discard/", quiz_views.discard, name="discard_quiz"),
    path("quizzes/<slug:slug>/try/", quiz_views.try_out, name="try_quiz"),
    path("quizzes/<slug:slug>/arrangements/", quiz_views.arrange, name="arrange"),
    path("quizzes/<slug:slug>/arrangements/<int:pk>/withdraw/", quiz_views.withdraw, name="withdraw"),
    path("quizzes/<slug:slug>/", views.quiz, name="quiz"),
    path("quizzes/<slug:slug>/start/", views.start_quiz, name="start_quiz"),
    path("scenarios/<slug:slug>/", views.scenario, name="scenario"),
    path("scenarios/<slug:slug>/start/", views.start_scenario, name="start_scenario"),
    path("attempts/<int:pk>/", views.attempt, name="attempt"),
    path("attempts/<int:pk>/<int:place>/", views.position, name="position"),
    path("attempts/<int:pk>/<int:place>/answer/", views.answer, name="answer"),
    path("attempts/<int:pk>/<int:place>/files/<slug:sha256>/", views.upload, name="upload"),
    path("attempts/<int:pk>/check/", views.check, name="check"),
    path("mornings/", morning_views.checks, name="mornings"),
    path("mornings/<int:pk>/", morning_views.check, name="morning"),
    path("mornings/<int:pk>/close/", morning_views.close, name="close_morning"),
    path("morning/<str:token>/", morning_views.join, name="join"),
    path("play/<int:pk>/", views.play, name="play"),
    path("play/<int:pk>/turn/", views.turn, name="turn"),
]
