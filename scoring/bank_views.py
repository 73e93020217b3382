"""The item bank where it touches papers and quizzes: many items changed at once, where one is used, taking it out."""

from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quizzes.models import Item
from quizzes.writing import seen
from scoring import bulk
from scoring.forms import ChangeForm
from scoring.item_use import use_of
from scoring.retiring import StillNeeded, needed, retire
from staff.access import requires
from staff.errors import conflict
from staff.frozen import Frozen


@require_POST
@requires("trainer")
def change_items(request):
    """What one deed would do to the chosen items; with `do`, done."""
    slugs = request.POST.getlist("listed" if request.POST.get("all") else "item")[: bulk.MOST]
    form, back = ChangeForm(request.POST), _back(request.POST.get("back", ""))
    if not slugs or form.errors.get("deed"):
        messages.warning(request, _("Tick the items first, then say what to do with them."))
        return redirect(back)
    if not form.is_valid() or form.value() is None:
        return _change_page(request, form, slugs)
    deed = (slugs, form.cleaned_data["deed"], form.value())
    if request.POST.get("do") != "change":
        return _change_page(request, form, slugs, bulk.plan(*deed, by=request.user))
    try:
        done = bulk.change(*deed, by=request.user, seen=request.POST.get("seen", ""))
    except Frozen as refusal:
        return conflict(request, sentence=str(refusal), url=back)
    told = ngettext("%(n)s item is changed.", "%(n)s items are changed.", done) % {"n": done}
    messages.success(request, told if done else _("Nothing was left to change."))
    return redirect(back)


def _change_page(request, form, slugs, steps=None):
    context = {
        "form": form,
        "deed": form.cleaned_data["deed"],
        "back": request.POST.get("back", ""),
        "slugs": slugs,
        "steps": steps,
        "seen": bulk.shown(steps or []),
        "doing": len([step for step in steps or [] if step.what == bulk.CHANGED]),
    }
    # Asked for the first time, the value is not missing yet.
    typed = form.field_name in request.POST
    return render(request, "scoring/change_items.html", context, status=422 if form.errors and typed else 200)


def _back(query):
    """The bank as it was filtered."""
    kept = urlencode(parse_qsl(query[:2000], max_num_fields=20))
    return reverse("quizzes:items") + (f"?{kept}" if kept else "")


@require_safe
@requires("trainer")
def use(request, slug):
    item = get_object_or_404(Item.objects.shelved(), slug=slug)
    return render(request, "scoring/item_use.html", {"item": item, "use": use_of(item)})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("trainer")
def retire_item(request, slug):
    """Asks first; what was shown must still be what stands."""
    item = get_object_or_404(Item.objects.newest(), slug=slug)
    page = reverse("quizzes:item", args=[slug])
    if request.method != "POST":
        context = {
            "item": item,
            "seen": seen(item),
            "needed": needed("item", slug),
            "drafted": Item.objects.draft_of(slug),
        }
        return render(request, "scoring/retire_item.html", context)
    if request.POST.get("seen") != seen(item):
        return conflict(request, url=page)
    try:
        retire("item", slug, request.user, reason=request.POST.get("reason", "").strip()[:500])
    except StillNeeded as refusal:
        return conflict(request, sentence=str(refusal), url=page)
    messages.success(request, _("It is out of the bank: no new paper draws it."))
    return redirect(page)
