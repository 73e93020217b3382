"""The thread of one appraisal line, walked back to the sentence of the standard it rests on."""

from dataclasses import dataclass, replace

from django.db.models import CharField, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from courses.markdown import words_asked
from courses.models import Course
from evidence.observing import tally
from quizzes import play, taking
from quizzes.answered import in_words
from scoring.models import CITING
from staff.labels import LABELS
from staff.text import label, text
from standards.citing import cited
from standards.models import Wording


@dataclass(frozen=True)
class Node:
    """One knot of the thread. kind is a word of the table of words; label is for people."""

    kind: str
    id: str
    label: str
    url: str
    detail: str = ""


def line_thread(appraisal, indicator, language):
    """[Node] from the appraisal down to clause and standard: for a scored line the mark that lost
    most, for an observation the finding not met (else the first), for a path what its course teaches first."""
    with override(language):
        return _line_thread(appraisal, indicator, language)


def _line_thread(appraisal, indicator, language):
    line = next(row for row in appraisal.body["lines"] if row["indicator"] == indicator)
    nodes = [
        Node(
            "appraisal",
            str(appraisal.pk),
            f"{appraisal.period} · {appraisal.percent} · {_('revision %(n)s') % {'n': appraisal.revision}}",
            reverse("scoring:appraisal", args=[appraisal.pk]),
        ),
        Node(
            "indicator",
            indicator,
            f"{text(line['title'], language)[0]} {line['value'] or ''} × {line['applied'] or '–'} %",
            reverse("scoring:thread", args=[appraisal.pk, indicator]),
        ),
    ]
    basis = appraisal.bases.filter(indicator=indicator).select_related("score__attempt", "observation", "assignment")
    first = basis.first()
    if first is None:
        return nodes
    if first.score_id:
        return nodes + _score_nodes(first.score, language)
    if first.observation_id:
        return nodes + _observation_nodes(first.observation, language)
    return nodes + _assignment_nodes(first.assignment, language)


def _score_nodes(score, language):
    nodes = [Node("score", str(score.pk), f"{score.percent} %", reverse("scoring:result", args=[score.attempt_id]))]
    marks = score.marks.select_related("item", "answer", "wording__clause", "wording__standard")
    mark = max(marks, key=_weight, default=None)
    if mark is None:
        return nodes
    return [*nodes, *mark_nodes(mark, language)]


def _weight(mark):
    """How much a mark lost: the one people ask about first."""
    if mark.lost is not None:
        return mark.lost, -mark.position
    return (mark.max_points or 0) - (mark.points or 0), -mark.position


def _worth(mark):
    if mark.lost is not None:
        return f"−{mark.lost:.1f} %"
    return str(LABELS[mark.status]) if mark.points is None else f"{mark.points:.2f} / {mark.max_points:.2f}"


def mark_nodes(mark, language):
    """[Node] mark → item or turn with the chosen answer → clause → standard."""
    attempt = mark.score.attempt
    result = reverse("scoring:result", args=[attempt.pk])
    nodes = [Node("mark", str(mark.pk), _worth(mark), f"{result}#position-{mark.position}")]
    if mark.item_id:
        nodes.append(
            Node(
                "item",
                f"{mark.item.slug}:{mark.item.number}",
                words_asked(text(mark.item.body["stem"], language)[0]),
                f"{result}#position-{mark.position}",
            )
        )
        nodes.append(_answer_node(mark, chosen_text(mark.item, mark.answer, language), result))
    elif mark.answer_id:
        scenario = taking.subject_of(attempt)
        choice = play.walk(scenario.body, taking.path_of(attempt))[0][mark.position - 1].choice
        nodes.append(
            Node(
                "scenario",
                f"{scenario.slug}:{scenario.number}",
                label(scenario, language),
                f"{result}#position-{mark.position}",
            )
        )
        nodes.append(_answer_node(mark, text(choice["text"], language)[0], result))
    return nodes + clause_nodes(mark.wording, language)


def _answer_node(mark, words, result):
    return Node("answer", str(mark.answer_id or ""), words or "–", f"{result}#position-{mark.position}")


def chosen_text(item, answer, language):
    """What a person answered, in a line."""
    return in_words(item.body, answer and answer.response, language)


def clause_nodes(wording, language):
    """[Node] clause → standard, of a wording; empty when there is none."""
    if wording is None:
        return []
    key = wording.clause.key
    number = f"{wording.number} " if wording.number else ""
    return [
        Node(
            "clause",
            key,
            f"{key} {number}{text(wording.text, language)[0]}",
            reverse("scoring:clause", args=[key]),
        ),
        Node(
            "standard",
            f"{wording.standard.slug}:{wording.standard.number}",
            f"{label(wording.standard, language)} · {_version(wording.standard)}",
            f"{reverse('standards:standard', args=[wording.standard.slug])}?version={wording.standard.number}",
        ),
    ]


def _observation_nodes(observation, language):
    findings = list(observation.findings.select_related("wording__clause", "wording__standard"))
    finding = next((found for found in findings if found.outcome == "not_met"), findings[0])
    page = reverse("evidence:observation", args=[observation.pk])
    points = {point["key"]: point["text"] for point in observation.checklist.points}
    return [
        Node("observation", str(observation.pk), _in_short(tally(observation)), page),
        Node("finding", str(finding.pk), text(points[finding.point], language)[0], page, finding.note),
        *clause_nodes(finding.wording, language),
    ]


def _in_short(found):
    seen, not_met = found["met"] + found["not_met"], found["not_met"]
    points = ngettext("%(n)s point observed", "%(n)s points observed", seen) % {"n": seen}
    return _("%(points)s, %(n)s not met") % {"points": points, "n": not_met}


def _version(version):
    return _("version %(n)s") % {"n": version.number}


def _assignment_nodes(assignment, language):
    page = reverse("courses:path", args=[assignment.pk])
    return [
        Node("assignment", str(assignment.pk), f"{assignment.done_steps} / {assignment.steps}", page),
        Node(
            "path",
            f"{assignment.path.slug}:{assignment.path.number}",
            label(assignment.path, language),
            page,
        ),
        *_course_nodes(assignment.path, language),
    ]


def _course_nodes(path, language):
    """[Node] course → clause → standard: the first clause that the path's first course teaches."""
    slug = next((step["slug"] for step in path.steps if step["kind"] == "course"), None)
    course = slug and Course.objects.newest().filter(slug=slug).first()
    if not course:
        return []
    taught = next((lesson for lesson in course.lessons if lesson["cites"]), None)
    lesson = text(taught["title"], language)[0] if taught else ""
    node = Node("course", f"{slug}:{course.number}", label(course, language), reverse("courses:course", args=[slug]))
    if taught is None:
        return [node]
    place = (slug, taught["cites"][0])
    words = Wording.objects.select_related("clause", "standard").defer("standard__body")
    wording = words.filter(pk=cited("course", {place: course}).get(place)).first()
    return [replace(node, url=course.lesson_url(taught["key"]), detail=lesson), *clause_nodes(wording, language)]


def titles_of(citations):
    """{kind: {slug: title}} of what cites a clause, and {"lesson": {(slug, key): title}} of the lessons of its
    courses. One query for courses, one for all the others."""
    slugs = {}
    for citation in citations:
        slugs.setdefault(citation.kind, set()).add(citation.slug)
    found = list(_courses(slugs.pop("course", ())))
    titles = {"course": {course.slug: course.title for course in found}} if found else {}
    for kind, slug, zh, en in _titled(slugs):
        titles.setdefault(kind, {})[slug] = {"zh": zh, "en": en}
    lessons = [(course.slug, lesson) for course in found for lesson in course.lessons]
    return titles | {"lesson": {(slug, lesson["key"]): lesson["title"] for slug, lesson in lessons}}


def _courses(slugs):
    return Course.objects.newest().filter(slug__in=slugs) if slugs else ()


def _titled(slugs):
    """(kind, slug, Chinese title, English title) of the newest versions. slugs: {kind: slugs}."""
    queries = [
        CITING[kind].objects.newest().filter(slug__in=wanted).annotate(kind=Value(kind, CharField()))
        for kind, wanted in sorted(slugs.items())
    ]
    rows = [query.order_by().values_list("kind", "slug", "title_zh", "title_en") for query in queries]
    return rows[0].union(*rows[1:], all=True) if rows else ()
