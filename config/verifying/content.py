"""Published content: its digests, the wordings of its clauses, the files it came from."""

import hashlib

from django.db.models import Prefetch

from config.verifying.reading import Difference, each, over, sentences
from quizzes import play
from quizzes.models import Scenario
from staff import frozen
from staff.models import File
from standards.agreeing import sum_of
from standards.models import Standard, Wording

# What a wording takes over from its clause row in the standard's body.
WORDING_FIELDS = (
    "number", "heading", "kind", "weight", "roles", "threshold", "text_zh", "text_en", "plain",
)  # fmt: skip


def version_models():
    return [model for model in frozen.frozen_models() if model.frozen == frozen.VERSION]


def versions():
    count, differences = 0, []
    for model in version_models():
        counted, found = over(model.objects.filter(published_at__isnull=False), _version_problems)
        count, differences = count + counted, differences + found
    return count, differences


def _version_problems(version):
    if frozen.digest(version.content()) != version.digest:
        yield f"{version} does not match its digest."
        return
    for name, value in version.columns().items():
        if getattr(version, name) != value:
            yield f"{version}: {name} is {getattr(version, name)!r}, its body says {value!r}."
    if isinstance(version, Standard):
        yield from _agreement_problems(version)
    if isinstance(version, Scenario) and play.analyse(version.body) != version.analysis:
        yield f"{version}: its analysis is not that of its body."


def _agreement_problems(standard):
    if (found := standard.body.get("agreed")) is None:
        return
    if found["of"] != sum_of(standard):
        yield f"{standard}: what was agreed to is not what was published."
    if found["by"] == standard.published_by_id:
        yield f"{standard}: who published it agreed to it as the second person."


def wordings():
    rows = Prefetch("wordings", Wording.objects.select_related("clause").order_by("position"))
    standards = Standard.objects.filter(published_at__isnull=False).prefetch_related(rows)
    count, differences = 0, []
    for pk, standard in each(standards, chunk=20):
        found = sentences(_standard_problems, standard)
        differences += [Difference.at(Standard, pk, sentence) for sentence in found]
        if found and isinstance(standard, Exception):
            continue
        for wording in standard.wordings.all():
            count += 1
            said = sentences(_wording_problems, wording, standard)
            differences += [Difference.at(Wording, wording.pk, sentence) for sentence in said]
    return count, differences


def _standard_problems(standard):
    wanted, rows = standard.body["clauses"], len(standard.wordings.all())
    if rows != len(wanted):
        yield f"{standard} has {rows} wordings, its body {len(wanted)} clauses."


def _wording_problems(wording, standard):
    key = wording.clause.key
    if wording.clause.standard_slug != standard.slug:
        yield f"{key} of {standard} is called a clause of {wording.clause.standard_slug}."
    rows = standard.body["clauses"]
    body = next((row for row in rows[wording.position - 1 : wording.position] if row["key"] == key), None)
    moved = [] if body else ["position"]
    body = body or next((row for row in rows if row["key"] == key), None)
    if body is None:
        yield f"{key} does not stand in {standard}."
        return
    meant = Wording.of(standard, wording.clause, wording.position, body)
    changed = [name for name in WORDING_FIELDS if getattr(meant, name) != getattr(wording, name)] + moved
    if changed:
        yield f"{key} of {standard}: {', '.join(changed)} not as published."


def files():
    return over(File.objects.all(), _file_problems, chunk=20)


def _file_problems(file):
    data = bytes(file.data)
    if hashlib.sha256(data).hexdigest() != file.sha256 or len(data) != file.size:
        yield f"{file.name} does not match its sum."
