from django.urls import path

from evidence import views

app_name = "evidence"
urlpatterns = [
    path("observe/", views.people, name="people"),
    path("observe/<slug:slug>/<int:person>/", views.checklist, name="checklist"),
    path("observations/<int:pk>/", views.observation, name="observation"),
    path("observations/<int:pk>/correct/", views.correction, name="correction"),
]
