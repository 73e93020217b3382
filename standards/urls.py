from django.urls import path

from standards import coverage_views, reshape_views, review_views, views

app_name = "standards"
urlpatterns = [
    path("standards/", views.standards, name="standards"),
    path("standards/import/", views.import_document, name="import"),
    path("standards/import/<int:pk>/again/", views.import_again, name="import_again"),
    path("standards/<slug:slug>/", views.standard, name="standard"),
    path("standards/<slug:slug>/coverage/", coverage_views.page, name="coverage"),
    path("standards/<slug:slug>/coverage.csv", coverage_views.table, name="coverage_table"),
    path("standards/<slug:slug>/handbook/", views.handbook, name="handbook"),
    path("standards/<slug:slug>/compare/", views.compare, name="compare"),
    path("standards/<slug:slug>/review/", review_views.review, name="review"),
    path("standards/<slug:slug>/review/section/", review_views.review_section, name="review_section"),
    path("standards/<slug:slug>/review/undo/", reshape_views.review_undo, name="review_undo"),
    path("standards/<slug:slug>/review/add/", reshape_views.review_add, name="review_add"),
    path("standards/<slug:slug>/review/discard/", review_views.discard, name="discard"),
    path("standards/<slug:slug>/review/<str:key>/", review_views.review_clause, name="review_clause"),
]
