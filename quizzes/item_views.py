from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quizzes import uploads, writing
from quizzes.item_forms import ItemForm, typed_keys
from quizzes.marking import EVERY_TYPE
from quizzes.models import Item
from quizzes.previewing import as_shown
from staff.access import newest_or_404, requires
from staff.errors import conflict
from staff.frozen import Frozen
from staff.models import File
from standards.models import Clause, Standard, Wording

PAGE = 50
ASK = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@requires("trainer")
def items(request):
    chosen = {name: request.GET.get(name, "")[:80].strip() for name in ("clause", "standard", "type", "state")}
    page = Paginator(_chosen(**chosen), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "words": Wording.objects.last_of({item.body["cites"][0] for item in page}),
        "chosen": chosen,
        "kept": urlencode({name: value for name, value in chosen.items() if value}),
        "standards": Standard.objects.newest().order_by("slug").defer("body"),
        "types": list(EVERY_TYPE),
    }
    return render(request, "quizzes/items.html", context)


def _chosen(*, clause, standard, type, state):
    found = Item.objects.bank()
    if keys := typed_keys(clause):
        found = found.on_clause(keys[0])
    if standard:
        found = found.on_standard(standard)
    if type in EVERY_TYPE:
        found = found.of_type(type)
    states = {"draft": found.drafted, "published": found.published}
    return states[state]() if state in states else found


@require_safe
@requires("trainer")
def item(request, slug):
    """The version in force, an older one (?version=n) or the draft (?version=draft)."""
    drafted = Item.objects.draft_of(slug)
    found = _version(slug, request.GET.get("version", ""), drafted)
    words = Wording.objects.last_of(found.body["cites"])
    in_force = Wording.objects.of_keys(found.body["cites"])
    context = {
        "item": found,
        "shown": as_shown(found),
        "numbers": Item.objects.published_numbers(slug),
        "draft": drafted,
        "seen": writing.seen(found),
        "cites": [(key, words.get(key), key in in_force) for key in found.body["cites"]],
    }
    return render(request, "quizzes/item.html", context)


def _version(slug, wanted, drafted):
    if wanted.isdecimal() and len(wanted) < 9:
        return get_object_or_404(Item.objects.published(), slug=slug, number=int(wanted))
    if drafted and (wanted == "draft" or not Item.objects.published_numbers(slug)):
        return drafted
    return newest_or_404(Item, slug)


@require_safe
def image(request, sha256):
    """A picture of an item: of a draft for trainers, of a published one, old or retired, for everybody."""
    shown = Item.objects.showing(sha256)
    shown = shown if request.user.access.has("trainer") else shown.numbered()
    if not shown.exists():
        raise Http404
    return uploads.served(get_object_or_404(File, sha256=sha256))


@ASK
@requires("trainer")
def new(request):
    if request.method != "POST":
        key = request.GET.get("clause", "")
        kind = request.GET.get("type", "single")
        cites = get_object_or_404(Clause, key=key).key if key else ""
        return _form_page(request, ItemForm(initial={"cites": cites, "type": kind if kind in EVERY_TYPE else "single"}))
    if again := _retyped(request):
        return _form_page(request, again)
    form = ItemForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    draft = writing.begin(form.title(), form.body, by=request.user)
    return redirect(_draft_url(draft.slug))


@ASK
@requires("trainer")
def edit(request, slug):
    current = writing.standing(slug)
    if request.method != "POST":
        if current is None:
            raise Http404
        return _form_page(request, ItemForm.of(current, writing.seen(current)), slug=slug, current=current)
    if again := _retyped(request):
        return _form_page(request, again, slug=slug, current=current)
    form = ItemForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, form, slug=slug, current=current, status=422)
    try:
        saved = writing.rewrite(slug, form.title(), form.body, by=request.user, shown=form.cleaned_data["seen"])
    except writing.ChangedMeanwhile as clash:
        return _clash(request, slug, clash)
    if saved.number:
        messages.info(request, _("Nothing was changed: no draft was begun."))
        return redirect("quizzes:item", slug)
    return redirect(_draft_url(slug))


def _clash(request, slug, clash):
    """The page again with what was typed, and above it what stands there now; saved once more, it goes over it."""
    form = ItemForm.retyped(request.POST, request.FILES)
    form.initial["seen"] = writing.seen(clash.row) if clash.row else ""
    context = {"clash": clash, "theirs": clash.row and as_shown(clash.row)}
    return _form_page(request, form, slug=slug if clash.row else "", current=clash.row, status=409, **context)


def _retyped(request):
    """The form again for one more row, for the fields of another type, or for the words of the clauses; nothing is
    saved."""
    wanted = request.POST.get("do")
    if wanted not in ("option", "words") and not ItemForm.asks_for_fields(request.POST):
        return None
    return ItemForm.retyped(request.POST, request.FILES, more=int(wanted == "option"))


def _form_page(request, form, *, slug="", current=None, status=200, **context):
    keys = form.keys()
    words = Wording.objects.of_keys(keys)
    context["saved_pictures"] = [each["sha256"] for each in current.body.get("images", ())] if current else []
    context |= {"form": form, "slug": slug, "current": current, "words": [words[key] for key in keys if key in words]}
    return render(request, "quizzes/item_form.html", context, status=status)


def _draft_url(slug):
    return reverse("quizzes:item", args=[slug]) + "?version=draft"


@require_POST
@requires("trainer")
def publish(request, slug):
    try:
        version = writing.publish(slug, by=request.user, shown=request.POST.get("seen", ""))
    except Frozen as refusal:
        return conflict(request, sentence=str(refusal), url=_open_again(slug))
    messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
    return redirect("quizzes:item", slug)


@ASK
@requires("trainer")
def discard(request, slug):
    if request.method != "POST":
        draft = get_object_or_404(Item.objects.drafts(), slug=slug)
        context = {"draft": draft, "seen": writing.seen(draft), "numbers": Item.objects.published_numbers(slug)}
        return render(request, "quizzes/discard_item.html", context)
    try:
        writing.discard(slug, by=request.user, shown=request.POST.get("seen", ""))
    except Frozen as refusal:
        return conflict(request, sentence=str(refusal), url=_open_again(slug))
    messages.success(request, _("The draft is discarded."))
    return redirect("quizzes:items")


def _open_again(slug):
    return reverse("quizzes:item", args=[slug]) if writing.standing(slug) else reverse("quizzes:items")
