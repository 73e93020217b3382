"""Rescoring an item on a page: how it is judged instead, who changes by it, and the deed that writes that list."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from quizzes.models import Item
from scoring.judged import judged
from scoring.models import Rescoring
from scoring.rescore_forms import RescoreForm
from scoring.rescoring import CannotRescore, ListChanged, dry_run, paths_of, people_of, rescore, signed_on
from staff.access import requires

LISTED = 100


@require_http_methods(["GET", "HEAD", "POST"])
@requires("trainer")
def rescore_item(request, slug):
    """?version= names an older version; without it, the newest one."""
    item = _version(slug, request.GET.get("version", ""))
    form = RescoreForm(request.POST if request.method == "POST" else None, item=item, body=judged(item).body)
    if not form.is_valid():
        return _form_page(request, item, form)
    try:
        if request.POST.get("do") == "write":
            return _write(request, item, form)
        return _dry_page(request, item, form)
    except CannotRescore as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, item, form)


def _version(slug, wanted):
    numbers = Item.objects.published_numbers(slug)
    if not numbers:
        raise Http404
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 9 else numbers[0]
    return get_object_or_404(Item.objects.published(), slug=slug, number=number)


def _form_page(request, item, form):
    context = {
        "item": item,
        "now": judged(item),
        "form": form,
        "numbers": Item.objects.published_numbers(item.slug),
        "earlier": Rescoring.objects.of(item),
    }
    return render(request, "scoring/rescore.html", context, status=422 if form.errors else 200)


def _dry_page(request, item, form, *, changed=False):
    plan = dry_run(item, form.cleaned_data["kind"], form.rescored)
    moved = sorted((each for each in plan.changes if each.percent_changes), key=lambda each: not (each.up or each.down))
    context = {
        "item": item,
        "form": form,
        "plan": plan,
        "typed": [(name, value) for name, value in request.POST.lists() if name not in ("csrfmiddlewaretoken", "do")],
        "moved": moved,
        "listed": moved[:LISTED],
        "people": people_of(moved[:LISTED]),
        "up": sum(each.up for each in plan.changes),
        "down": sum(each.down for each in plan.changes),
        "signed": signed_on(plan.changes),
        "paths": paths_of(plan.changes),
        "changed": changed,
    }
    return render(request, "scoring/rescore_list.html", context, status=409 if changed else 200)


def _write(request, item, form):
    cleaned = form.cleaned_data
    told = {"by": request.user, "reason": cleaned["reason"], "shown": cleaned["shown"]}
    try:
        row, job = rescore(item, cleaned["kind"], form.rescored, **told)
    except ListChanged:
        return _dry_page(request, item, form, changed=True)
    if job:
        return redirect("jobs:job", job.pk)
    n = len(row.affected)
    sentence = ngettext("%(n)s result is marked anew.", "%(n)s results are marked anew.", n) % {"n": n}
    messages.success(request, sentence + " " + _("Everybody whose result changed is told why."))
    return redirect("quizzes:item", item.slug)
