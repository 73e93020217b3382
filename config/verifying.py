"""Proving that nothing frozen was changed behind the application's back: every digest is computed
again, every register counted again, the event chain walked, the triggers compared.

Each check is a generator of Difference over one kind of row; `verify` runs them all.
"""

import hashlib
from dataclasses import dataclass

from django.db.models import Prefetch

from courses.models import Assignment, Course
from evidence.models import Checklist
from quizzes import marking, play
from quizzes.models import Answer, Attempt, Item, Scenario
from scoring.finish import score_digest
from scoring.models import Appraisal, Mark, Score
from scoring.signing import appraisal_digest
from staff import frozen
from staff.models import GENESIS, Event, File
from standards.models import Citation, Standard, Wording

CHUNK = 500
# What a wording takes over from its clause row in the standard's body.
WORDING_FIELDS = (
    "number", "heading", "kind", "weight", "roles", "threshold", "text_zh", "text_en", "plain",
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """A row that is not what it should be: the model's label, the row's id, a sentence."""

    model: str
    id: str
    sentence: str

    def __str__(self):
        return f"{self.model} {self.id}: {self.sentence}"


def verify(head=""):
    """{"checked": {name: rows}, "differences": [Difference], "head": the newest event's hash}.
    head: a hash written down earlier; when no event bears it any more, a tail was removed."""
    checked, differences = {}, []
    for name, check in CHECKS.items():
        checked[name], found = check()
        differences += found
    newest = Event.objects.order_by("-pk").values_list("hash", flat=True).first() or GENESIS
    if head and head != GENESIS and not Event.objects.filter(hash=head).exists():
        differences.append(Difference("staff.event", "-", f"No event bears the hash {head}: the end was removed."))
    return {"checked": checked, "differences": differences, "head": newest}


def _over(rows, problems):
    """(how many rows, their Differences); problems(row) yields sentences."""
    count, found = 0, []
    for row in rows:
        count += 1
        found += [Difference(row._meta.label_lower, str(row.pk), sentence) for sentence in problems(row)]
    return count, found


# --- content ------------------------------------------------------------------


def versions():
    models = [model for model in frozen.frozen_models() if model.frozen == frozen.VERSION]
    counts, found = 0, []
    for model in models:
        rows = model.objects.filter(published_at__isnull=False).order_by("pk").iterator(CHUNK)
        count, differences = _over(rows, _version_problems)
        counts, found = counts + count, found + differences
    return counts, found


def _version_problems(version):
    if frozen.digest(version.content()) != version.digest:
        yield f"{version} does not match its digest."
        return
    for name, value in version.columns().items():
        if getattr(version, name) != value:
            yield f"{version}: {name} is {getattr(version, name)!r}, its body says {value!r}."
    if isinstance(version, Scenario) and play.analyse(version.body) != version.analysis:
        yield f"{version}: its analysis is not that of its body."


def wordings():
    found, count = [], 0
    for standard in Standard.objects.filter(published_at__isnull=False).order_by("pk").iterator(CHUNK):
        rows = list(standard.wordings.select_related("clause").order_by("position"))
        wanted = standard.body["clauses"]
        if len(rows) != len(wanted):
            sentence = f"{standard} has {len(rows)} wordings, its body {len(wanted)} clauses."
            found.append(Difference("standards.standard", str(standard.pk), sentence))
        counted, differences = _over(rows, lambda row, standard=standard: _wording_problems(row, standard))
        count, found = count + counted, found + differences
    return count, found


def _wording_problems(wording, standard):
    body = next((row for row in standard.body["clauses"] if row["key"] == wording.clause.key), None)
    if body is None:
        yield f"{wording.clause.key} does not stand in {standard}."
        return
    meant = Wording.of(standard, wording.clause, wording.position, body)
    changed = [name for name in WORDING_FIELDS if getattr(meant, name) != getattr(wording, name)]
    if standard.body["clauses"][wording.position - 1 : wording.position] != [body]:
        changed.append("position")
    if changed:
        yield f"{wording.clause.key} of {standard}: {', '.join(changed)} not as published."


def files():
    return _over(File.objects.order_by("pk").iterator(20), _file_problems)


def _file_problems(file):
    if hashlib.sha256(bytes(file.data)).hexdigest() != file.sha256:
        yield f"{file.name} does not match its sum."


# --- records ------------------------------------------------------------------


def scores():
    marks = Prefetch("marks", Mark.objects.select_related("item", "answer").order_by("position"))
    answers = Prefetch("attempt__answers", Answer.objects.order_by("position", "seq"))
    rows = Score.objects.select_related("attempt__quiz", "attempt__scenario").prefetch_related(marks, answers)
    return _over(rows.order_by("pk").iterator(CHUNK), _score_problems)


def _score_problems(score):
    marks = list(score.marks.all())
    if score_digest(score, marks) != score.digest:
        yield "The score does not match its digest."
    elif score.rules == marking.RULES:
        yield from _scenario_problems(score) if score.attempt.scenario_id else _quiz_problems(score, marks)


def _quiz_problems(score, marks):
    """The same answers marked again earn the same points."""
    latest = {answer.position: answer.pk for answer in score.attempt.answers.all()}
    counted = [mark for mark in marks if mark.status != "void"]
    for mark in counted:
        again = marking.mark(mark.item.body, mark.answer and mark.answer.response)
        if again != (mark.points, mark.max_points, mark.status):
            yield f"Position {mark.position} is marked {mark.points}; its answer earns {again.points}."
        if latest.get(mark.position) != mark.answer_id:
            yield f"Position {mark.position} is not marked on its last answer."
    if marking.percent(counted) != score.percent:
        yield f"The score says {score.percent}; its marks make {marking.percent(counted)}."


def _scenario_problems(score):
    """The same path played again is worth the same."""
    path = [answer.response[0] for answer in score.attempt.answers.all()]
    body = score.attempt.scenario.body
    try:
        ended = play.step(body, path).ended
        again = play.score(body, path).percent if ended else None
    except play.BadPath as reason:
        yield f"The answers are no path of the scenario: {reason}"
        return
    if again != score.percent:
        yield f"The score says {score.percent}; its path is worth {again}."


def attempts():
    """Every closed attempt has its score, and no open one has."""
    return _over(Attempt.objects.prefetch_related("scores").order_by("pk").iterator(CHUNK), _attempt_problems)


def _attempt_problems(attempt):
    scored = bool(attempt.scores.all())
    if attempt.closed and not scored:
        yield "Closed without a score."
    # Asked again: it may have been finished while this check was reading.
    if scored and not attempt.closed and Attempt.objects.open().filter(pk=attempt.pk).exists():
        yield "Scored, yet open."


def appraisals():
    rows = Appraisal.objects.prefetch_related("bases__score").order_by("pk")
    return _over(rows.iterator(CHUNK), _appraisal_problems)


def _appraisal_problems(appraisal):
    meant = appraisal_digest(appraisal.person_id, appraisal.period, appraisal.revision, appraisal.body)
    if meant != appraisal.digest:
        yield "The sheet does not match its digest."
        return
    if (f"{appraisal.percent:.1f}", appraisal.band) != (appraisal.body["percent"], appraisal.body["band"]):
        yield f"The row says {appraisal.percent} {appraisal.band}, the sheet another figure."
    rests_on = {
        (line["indicator"], basis["kind"], basis["id"], basis.get("digest"))
        for line in appraisal.body["lines"]
        for basis in line["bases"]
    }
    if rests_on != {_basis(basis) for basis in appraisal.bases.all()}:
        yield "Its bases are not the records the sheet was signed on."


def _basis(basis):
    kind = next(name for name in ("score", "observation", "assignment") if getattr(basis, f"{name}_id"))
    return basis.indicator, kind, getattr(basis, f"{kind}_id"), basis.score.digest if kind == "score" else None


def events():
    count, found, before = 0, [], GENESIS
    for event in Event.objects.order_by("pk").iterator(CHUNK):
        count += 1
        if event.prev_hash != before:
            found.append(Difference("staff.event", str(event.pk), "Does not follow the event before it: a gap."))
        if event.computed_hash() != event.hash:
            found.append(Difference("staff.event", str(event.pk), f"{event.verb}: does not match its hash."))
        before = event.hash
    return count, found


# --- registers ----------------------------------------------------------------


def citations():
    """Recounted from the newest published content, by clause key."""
    meant = {
        (key, model._meta.model_name, version.slug, version.number, place)
        for model in (Course, Item, Scenario, Checklist)
        for version in model.objects.newest().iterator(CHUNK)
        for key, place in version.cited_places()
    }
    rows = Citation.objects.values_list("pk", "wording__clause__key", "kind", "slug", "number", "place").order_by("pk")
    standing = {tuple(row[1:]): row[0] for row in rows.iterator(CHUNK)}
    missing = [
        Difference("standards.citation", "-", f"{_cites(row)} is missing.") for row in sorted(meant - set(standing))
    ]
    extra = [
        Difference("standards.citation", str(pk), f"{_cites(row)} is not in the newest content.")
        for row, pk in standing.items()
        if row not in meant
    ]
    return len(standing), missing + extra


def _cites(row):
    key, kind, slug, number, place = row
    return f"{kind}:{slug}:{number} {place} → {key}".replace("  ", " ")


def assignments():
    rows = Assignment.objects.select_related("path").prefetch_related("done").order_by("pk")
    return _over(rows.iterator(CHUNK), _assignment_problems)


def _assignment_problems(assignment):
    done = sorted(assignment.done.all(), key=lambda step: step.pk)
    steps = {step["key"] for step in assignment.path.steps}
    if assignment.steps != len(steps) or assignment.path_slug != assignment.path.slug:
        yield f"{assignment.steps} steps of {assignment.path_slug}; its path {assignment.path} has {len(steps)}."
    if strange := sorted({step.step for step in done} - steps):
        yield f"Steps done that the path does not have: {', '.join(strange)}."
    if assignment.done_steps != len(done):
        yield f"done_steps is {assignment.done_steps}, {len(done)} are recorded."
    whole = len(done) == len(steps)
    if whole != (assignment.state == Assignment.DONE) and assignment.state in (Assignment.OPEN, Assignment.DONE):
        yield f"The state is {assignment.state} with {len(done)} of {len(steps)} steps recorded."
    if assignment.state == Assignment.DONE and done and assignment.done_at != done[-1].at:
        yield "done_at is not the time of its last step."


# --- the database's own rules ---------------------------------------------------


def triggers():
    wanted, standing = set(frozen.wanted_triggers()), set(frozen.standing_triggers())
    missing = [
        Difference("trigger", name, "Is missing: this table can be changed.") for name in sorted(wanted - standing)
    ]
    extra = [Difference("trigger", name, "Is not one of ours.") for name in sorted(standing - wanted)]
    return len(standing), missing + extra


CHECKS = {
    "versions": versions,
    "wordings": wordings,
    "files": files,
    "attempts": attempts,
    "scores": scores,
    "appraisals": appraisals,
    "events": events,
    "citations": citations,
    "assignments": assignments,
    "triggers": triggers,
}
