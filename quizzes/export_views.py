from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quizzes.exporting import CHOICES, EVERYWHERE, LEFT_OUT, LOST, MEDIA, bank_items, export
from quizzes.formats.workbook import template_workbook
from quizzes.template_items import examples, notes
from staff.access import requires
from standards.models import Wording


@require_safe
@requires("trainer")
def export_items(request):
    """What is chosen of the bank as a file (?format=xlsx, gift or moodlexml); without a format, what each carries."""
    chosen = {name: request.GET.get(name, "")[:80].replace("\0", "").strip() for name in CHOICES}
    found, format = bank_items(**chosen), request.GET.get("format", "")
    if format in MEDIA:
        made = export(found, format, get_language())
        return _download(made.name, made.media_type, made.data)
    context = {
        "count": len(found),
        "kept": urlencode({name: value for name, value in chosen.items() if value}),
        "formats": [_format(name) for name in MEDIA],
        "everywhere": [_(sentence) for sentence in EVERYWHERE],
    }
    return render(request, "quizzes/export.html", context)


def _format(name):
    titles = {"xlsx": _("Excel"), "gift": "GIFT", "moodlexml": _("Moodle XML")}
    lost, left = [[_(sentence) for sentence in told[name]] for told in (LOST, LEFT_OUT)]
    return {"name": name, "title": titles[name], "lost": lost, "left": left}


@require_safe
@requires("trainer")
def template(request):
    """The Excel file that trainers fill in."""
    language = get_language()
    plain = "zh" if language.startswith("zh") else "en"
    words = Wording.objects.current().order_by("standard__slug", "position")
    rows = words.values_list("clause__key", "text_zh", "text_en")
    clauses = [(key, (zh or en) if plain == "zh" else (en or zh)) for key, zh, en in rows]
    data = template_workbook(examples([key for key, _words in clauses]), clauses, notes(plain), language)
    return _download("items-template.xlsx", MEDIA["xlsx"][0], data)


def _download(name, media_type, data):
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(data, content_type=media_type, headers=headers)
