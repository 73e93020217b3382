from django.urls import path

from quizzes import item_views, paper_views, views

app_name = "quizzes"
urlpatterns = [
    path("items/", item_views.items, name="items"),
    path("items/new/", item_views.new, name="new_item"),
    path("items/<slug:slug>/", item_views.item, name="item"),
    path("items/<slug:slug>/edit/", item_views.edit, name="edit_item"),
    path("items/<slug:slug>/publish/", item_views.publish, name="publish_item"),
    path("items/<slug:slug>/discard/", item_views.discard, name="discard_item"),
    path("quizzes/<slug:slug>/", views.quiz, name="quiz"),
    path("quizzes/<slug:slug>/paper/", paper_views.paper, name="paper"),
    path("quizzes/<slug:slug>/paper/<slug:draw>/", paper_views.drawn, name="drawn_paper"),
    path("quizzes/<slug:slug>/paper/<slug:draw>/key/", paper_views.key, name="paper_key"),
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
