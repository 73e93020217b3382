"""The buttons of the review that change what is a clause: cut, join, move, leave out, take in, undo."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from staff.access import requires
from staff.errors import conflict
from staff.frozen import Frozen
from staff.models import JobRole
from standards import reshaping
from standards.formats.decoding import Refused
from standards.models import Standard
from standards.reshaping import SHAPES, Nothing
from standards.review_page import draft_or_404, review_page, unless_published
from standards.reviewing import next_unreviewed
from standards.source import source_lines
from standards.splitting import parts_of, proposed


def _split(request, draft, form):
    """Cuts the clause at the empty lines of its texts; without any, shows where they might be put."""
    changes = form.changes()
    parts = parts_of(changes["text"])
    if parts is None:
        return _ask_where(request, draft, form, changes["text"])
    draft = reshaping.split(draft, form.key, parts, changes=changes, shown=form.cleaned_data["shown"])
    return _back(draft, form.key, form.key)


def _ask_where(request, draft, form, text):
    form.data = form.data.copy()
    for name, words in proposed(text).items():
        form.data[name] = words
    form.add_error(
        None,
        _(
            "Nothing is cut yet. An empty line in each text says where the next clause begins: these are proposed. "
            "Move them, then press the same button again."
        ),
    )
    return review_page(request, draft, wrong=form, status=422)


def _move(request, draft, form):
    before, after = request.POST.get("before", "").strip().upper(), request.POST.get("after", "")
    if not before and not after:
        sentence = _("Say before which clause, or under which heading, this clause is to stand.")
        return _not_there(request, draft, form, sentence)
    told = {"before": before} if before else {"after": after}
    shown = form.cleaned_data["shown"]
    try:
        draft = reshaping.move(draft, form.key, changes=form.changes(), shown=shown, **told)
    except Nothing:
        sentence = _("There is no other clause %(key)s in this draft to move it to.")
        return _not_there(request, draft, form, sentence % {"key": before or after})
    return _back(draft, form.key, form.key)


def _not_there(request, draft, form, sentence):
    """The page again, with the sentence above the form and all that was typed."""
    form.add_error(None, sentence)
    return review_page(request, draft, wrong=form, status=422)


def _shape(request, draft, form):
    deed, above = SHAPES[request.POST["do"]], _above(draft, form.key)
    told = {"into": request.POST.get("above", "")} if deed is reshaping.merge_up else {}
    draft = deed(draft, form.key, changes=form.changes(), shown=form.cleaned_data["shown"], **told)
    return _back(draft, draft.body["undo"]["did"]["key"], form.key, above=above)


def _above(draft, key):
    keys = ["", *draft.clause_keys()]
    return keys[keys.index(key) - 1] if key in keys else ""


DEEDS = {"split": _split, "move": _move} | dict.fromkeys(SHAPES, _shape)


def _back(draft, key, saved, above=""):
    """To the clause that goes on, else to the next one to review."""
    stays = key if key in draft.clause_keys() else next_unreviewed(draft, above)
    asked = urlencode({"clause": stays or "", "saved": saved})
    return redirect(f"{Standard.review_url(draft.slug)}?{asked}#{stays or 'clauses'}")


@require_POST
@requires("trainer")
@unless_published
def review_add(request, slug):
    """A line that was left out, or was taken for a heading, becomes a clause."""
    draft = draft_or_404(slug)
    line, source = request.POST.get("line", ""), source_lines(draft)
    if not line.isdecimal() or len(line) > 6 or not 0 < int(line) <= len(source):
        raise Http404
    roles = [{"slug": role.slug, "zh": role.name_zh, "en": role.name_en} for role in JobRole.objects.all()]
    try:
        draft, key = reshaping.add(draft, int(line), source[int(line) - 1], roles)
    except Nothing:
        return conflict(request, sentence=_("This line is a clause by now, or has no words."))
    except (Frozen, Refused) as clash:
        return conflict(request, sentence=str(clash))
    return redirect(f"{Standard.review_url(slug)}?{urlencode({'clause': key})}#{key}")


@require_POST
@requires("trainer")
@unless_published
def review_undo(request, slug):
    try:
        reshaping.undo(draft_or_404(slug), request.POST.get("shown", ""))
    except (Nothing, Frozen) as clash:
        return conflict(request, sentence=str(clash))
    section = request.GET.get("section", "1")
    return redirect(f"{Standard.review_url(slug)}?{urlencode({'section': section})}")
