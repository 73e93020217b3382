"""The least a saved answer can cost in this stack: the same middleware, session, database and server;
it knows the person, writes one row, redirects. Only the bench serves it (bench/bare_settings.py)."""

from django.db import connection
from django.http import HttpResponseRedirect
from django.urls import path
from django.views.decorators.http import require_POST

from config.urls import urlpatterns as ours

TABLE = (
    "CREATE TABLE bench_answer (person integer NOT NULL, position integer NOT NULL, response text NOT NULL, "
    "PRIMARY KEY (person, position))"
)
UPSERT = (
    "INSERT INTO bench_answer (person, position, response) VALUES (%s, %s, %s) "
    "ON CONFLICT (person, position) DO UPDATE SET response = excluded.response"
)


@require_POST
def bare(request, position):
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [request.user.pk, position, request.POST.get("option", "")])
    return HttpResponseRedirect("/")


urlpatterns = [*ours, path("bare/<int:position>/", bare)]
