"""What is told twice so that pages are quick, counted again from what it is told of."""

from collections import defaultdict

from config.verifying.reading import TOGETHER, UNREADABLE, Difference, batches, each, one, sentences
from courses.models import Assignment, Course
from evidence.models import Checklist, Observation
from quizzes.models import Attempt, Item, Scenario
from scoring.models import Score
from staff.models import Event
from standards import gram_index
from standards.models import Citation, Passage, Standard, Wording
from standards.passages import FOUND_AS

# --- citations ------------------------------------------------------------------


def citations():
    """Recounted from the newest published content: each place cites the words in force when it was published."""
    words, meant, differences = _Words(), set(), []
    rows = Citation.objects.values_list("pk", "wording_id", "kind", "slug", "number", "place").order_by("pk")
    standing = {tuple(row[1:]): row[0] for row in rows.iterator()}
    for model in (Course, Item, Scenario, Checklist):
        for pk, version in each(model.objects.newest()):
            said = sentences(_add_cited, version, words, standing, meant)
            differences += [Difference.at(model, pk, sentence) for sentence in said]
    missing = [
        Difference.at(Citation, "-", f"{sentence} is missing.")
        for sentence in sorted(words.cites(row) for row in meant - standing.keys())
    ]
    extra = [
        Difference.at(Citation, pk, f"{words.cites(row)} is not in the newest content.")
        for row, pk in standing.items()
        if row not in meant
    ]
    return len(standing), differences + missing + extra


def _add_cited(version, words, standing, meant):
    for key, place in version.cited_places():
        cited = (version._meta.model_name, version.slug, version.number, place)
        rows = [(wording, *cited) for wording in words.at(key, version.published_at)]
        if not rows:
            yield f"{version} cites {key}, which no standard held."
        meant.update(next(([row] for row in rows if row in standing), rows[:1]))


class _Words:
    """Which wording of a clause was in force at a moment."""

    def __init__(self):
        self.standards, self.wordings, self.named = defaultdict(list), {}, {}
        fields = ("slug", "number", "pk", "published_at", "retired_at")
        published = Standard.objects.filter(published_at__isnull=False).order_by("-number")
        for slug, *version in published.values_list(*fields):
            self.standards[slug].append(version)
        rows = Wording.objects.values_list("pk", "standard_id", "clause__key", "standard__slug", "standard__number")
        for pk, standard, key, slug, number in rows.order_by("pk").iterator():
            self.wordings.setdefault(key, {})[standard] = pk
            self.named[pk] = f"{key} in {slug} v{number}"

    def at(self, key, moment):
        """Ids, the most likely first. A standard retired or brought back since, or published in the same minute,
        leaves more than one."""
        found = [
            self._newest(key, moment),
            self._newest(key, moment, retired=True),
            self._newest(key, moment - TOGETHER),
        ]
        return [pk for pk in dict.fromkeys(found) if pk is not None]

    def _newest(self, key, moment, *, retired=False):
        wordings = self.wordings.get(key, {})
        for versions in self.standards.values():
            for _number, pk, published_at, retired_at in versions:
                if published_at <= moment and (retired or retired_at is None or retired_at > moment):
                    if pk in wordings:
                        return wordings[pk]
                    break
        return None

    def cites(self, row):
        wording, kind, slug, number, place = row
        return f"{kind}:{slug}:{number} {place} → {self.named.get(wording, wording)}".replace("  ", " ")


# --- passages -------------------------------------------------------------------


def passages():
    """What a search finds, recounted from the newest published content, and the index that finds it."""
    standing = {tuple(row[1:]): row[0] for row in Passage.objects.values_list("pk", "kind", "slug", "place")}
    count, differences, broken = len(standing), [], set()
    for model in (Standard, Course, Item, Scenario):
        for pk, version in each(model.objects.newest(), chunk=50):
            said = sentences(_passage_problems, version, standing)
            differences += [Difference.at(model, pk, sentence) for sentence in said]
            if any(sentence.startswith(UNREADABLE) for sentence in said):
                slug = model.objects.values_list("slug", flat=True).get(pk=pk)
                broken.add((FOUND_AS[model._meta.model_name], slug))
    extra = [
        Difference.at(Passage, pk, f"{kind}:{slug} {place} is found, and is not in the newest content.")
        for (kind, slug, place), pk in standing.items()
        if (kind, slug) not in broken
    ]
    return count, differences + extra + [Difference("search", "-", said) for said in gram_index.problems()]


def _passage_problems(version, standing):
    """Takes from `standing` what is meant to stand."""
    meant = {(row.kind, row.slug, row.place): row for row in _numbered(version.passages())}
    for key in meant:
        standing.pop(key, None)
    kind = FOUND_AS[version._meta.model_name]
    rows = {(row.kind, row.slug, row.place): row for row in Passage.objects.filter(kind=kind, slug=version.slug)}
    for key, row in meant.items():
        if key not in rows:
            yield f"{version} {row.place} is not found by a search.".replace("  ", " ")
        elif wrong := [name for name in PASSAGE_FIELDS if getattr(rows[key], name) != getattr(row, name)]:
            yield f"{version} {row.place} is found by something else: {', '.join(wrong)}.".replace("  ", " ")


def _numbered(rows):
    for position, row in enumerate(rows, start=1):
        row.position = position
        yield row


PASSAGE_FIELDS = [field.name for field in Passage._meta.concrete_fields if not field.primary_key]

# --- paths ------------------------------------------------------------------------


def assignments():
    """Steps done counted again, each from the record it rests on."""
    rows = Assignment.objects.select_related("path").prefetch_related("done")
    count, differences = 0, []
    for batch in batches(each(rows)):
        count += len(batch)
        sources = _Sources(row for _, row in batch if not isinstance(row, Exception))
        for pk, row in batch:
            if sentences(_assignment_problems, row, sources):
                # Asked again: a step may have been done while this check was reading.
                row = one(rows, pk)
                if row is None:
                    continue
                again = _Sources([] if isinstance(row, Exception) else [row])
                differences += [
                    Difference.at(Assignment, pk, said) for said in sentences(_assignment_problems, row, again)
                ]
    return count, differences


def _assignment_problems(assignment, sources):
    done = sorted(assignment.done.all(), key=lambda step: step.pk)
    steps = {step["key"]: step for step in assignment.path.steps}
    if assignment.steps != len(steps) or assignment.path_slug != assignment.path.slug:
        yield f"{assignment.steps} steps of {assignment.path_slug}; its path {assignment.path} has {len(steps)}."
    if strange := sorted({step.step for step in done} - steps.keys()):
        yield f"Steps done that the path does not have: {', '.join(strange)}."
    for row in done:
        if row.step in steps and not sources.hold(assignment, steps[row.step], row):
            yield f"Step {row.step} rests on {row.source}, which is no such record of this person."
    if assignment.done_steps != len(done):
        yield f"done_steps is {assignment.done_steps}, {len(done)} are recorded."
    whole = len(done) == len(steps)
    if whole != (assignment.state == Assignment.DONE) and assignment.state in (Assignment.OPEN, Assignment.DONE):
        yield f"The state is {assignment.state} with {len(done)} of {len(steps)} steps recorded."
    if assignment.state == Assignment.DONE and done and assignment.done_at != done[-1].at:
        yield "done_at is not the time of its last step."


class _Sources:
    """The records that the steps of some assignments rest on: {(kind of source, id or name): what it proves}."""

    def __init__(self, assignments):
        assignments = list(assignments)
        named = defaultdict(set)
        for assignment in assignments:
            for step in assignment.done.all():
                kind, _, name = step.source.partition(":")
                named[kind].add(name)
        self.proved = set()
        self._scores(_numbers(named["score"]))
        self._observations(_numbers(named["observation"]))
        if named["course"]:
            self._courses({assignment.person_id for assignment in assignments})
        if named["import"]:
            subjects = Event.objects.filter(verb="import-history").values_list("subject", flat=True)
            self.imported = set(subjects.distinct())

    def _scores(self, ids):
        rows = Score.objects.filter(pk__in=ids, passed=True, attempt__purpose=Attempt.ASSESSED)
        fields = ("pk", "attempt__person", "attempt__slug", "attempt__quiz", "attempt__closed_at")
        for pk, person, slug, quiz, at in rows.values_list(*fields) if ids else ():
            self.proved.add((f"score:{pk}", person, "quiz" if quiz else "scenario", slug, at))

    def _observations(self, ids):
        rows = Observation.objects.filter(pk__in=ids).values_list("pk", "person", "checklist__slug", "at")
        self.proved |= {(f"observation:{pk}", person, "checklist", slug, at) for pk, person, slug, at in rows}

    def _courses(self, people):
        rows = Event.objects.filter(verb="course-done", actor__in=people).values_list("actor", "subject")
        self.proved |= {("course", person, "course", subject.split(":")[1], None) for person, subject in rows}

    def hold(self, assignment, step, row):
        """Whether the record behind a step done is there, is this person's, and is about this step."""
        kind, about = row.source.partition(":")[0], (assignment.person_id, step["kind"], step["slug"])
        if kind == "import":
            return f"path:{assignment.path_slug}" in self.imported
        if kind == "course":
            return row.source.split(":")[1] == step["slug"] and (kind, *about, None) in self.proved
        return (row.source, *about, row.at) in self.proved


def _numbers(names):
    return {int(name) for name in names if name.isascii() and name.isdecimal() and len(name) < 19}
