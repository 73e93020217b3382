"""The least a saved answer can cost in this stack: the same middleware, session, database and server; it knows
the person, writes one row, redirects. Only the bench serves it (bench/bare_settings.py)."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection, models
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from config.urls import urlpatterns as ours


class BareAnswer(models.Model):
    person = models.IntegerField()
    position = models.IntegerField()
    response = models.TextField()

    class Meta:
        app_label = "bench"
        constraints = [models.UniqueConstraint(fields=["person", "position"], name="bench_one_answer")]

    def __str__(self):
        return f"{self.person}/{self.position}"


UPSERT = (
    "INSERT INTO bench_bareanswer (person, position, response) VALUES (%s, %s, %s) "
    "ON CONFLICT (person, position) DO UPDATE SET response = excluded.response"
)


@require_POST
def bare(request, position):
    """One INSERT … ON CONFLICT DO UPDATE, as anybody would write it with Django's models."""
    answer = BareAnswer(person=request.user.pk, position=position, response=request.POST.get("option", ""))
    BareAnswer.objects.bulk_create(
        [answer], update_conflicts=True, unique_fields=["person", "position"], update_fields=["response"]
    )
    return HttpResponseRedirect("/")


@require_POST
def raw(request, position):
    """The same statement past the models."""
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [request.user.pk, position, request.POST.get("option", "")])
    return HttpResponseRedirect("/")


@login_not_required
@require_safe
def ok(request):
    """Two letters behind the same middleware: nobody is asked for."""
    return HttpResponse("ok")


@require_safe
def page(request):
    """The least a page can cost: it knows the person and says the name."""
    return HttpResponse(request.user.name)


urlpatterns = [
    *ours,
    path("ok/", ok),
    path("bare/", page),
    path("bare/<int:position>/", bare),
    path("raw/<int:position>/", raw),
]
