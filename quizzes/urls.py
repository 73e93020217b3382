from django.urls import path

from quizzes import item_views, sitting_views, views

app_name = "quizzes"
urlpatterns = [
    path("items/", item_views.items, name="items"),
    path("items/new/", item_views.new, name="new_item"),
    path("items/images/<slug:sha256>/", item_views.image, name="image"),
    path("items/<slug:slug>/", item_views.item, name="item"),
    path("items/<slug:slug>/edit/", item_views.edit, name="edit_item"),
    path("items/<slug:slug>/publish/", item_views.publish, name="publish_item"),
    path("items/<slug:slug>/discard/", item_views.discard, name="discard_item"),
    path("quizzes/<slug:slug>/", views.quiz, name="quiz"),
    path("quizzes/<slug:slug>/start/", views.start_quiz, name="start_quiz"),
    path("scenarios/<slug:slug>/", views.scenario, name="scenario"),
    path("scenarios/<slug:slug>/start/", views.start_scenario, name="start_scenario"),
    path("attempts/<int:pk>/", sitting_views.attempt, name="attempt"),
    path("attempts/<int:pk>/<int:place>/", sitting_views.position, name="position"),
    path("attempts/<int:pk>/<int:place>/answer/", sitting_views.answer, name="answer"),
    path("attempts/<int:pk>/<int:place>/flag/", sitting_views.flag, name="flag"),
    path("attempts/<int:pk>/<int:place>/files/<slug:sha256>/", sitting_views.upload, name="upload"),
    path("attempts/<int:pk>/paper/", sitting_views.paper, name="paper"),
    path("attempts/<int:pk>/check/", sitting_views.check, name="check"),
    path("attempts/<int:pk>/clock/", sitting_views.clock, name="clock"),
    path("attempts/<int:pk>/left/", sitting_views.leave, name="leave"),
    path("play/<int:pk>/", views.play, name="play"),
    path("play/<int:pk>/turn/", views.turn, name="turn"),
]
