"""The thread of one appraisal line, walked back to the sentence of the standard it rests on."""

from dataclasses import dataclass

from django.urls import reverse

from courses.models import Course
from evidence.models import Checklist, Finding
from quizzes import play, taking
from quizzes.models import Item, Scenario
from scoring.models import Mark
from staff.text import label, text


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
    most, for an observation the finding not met (else the first)."""
    line = next(row for row in appraisal.body["lines"] if row["indicator"] == indicator)
    nodes = [
        Node(
            "appraisal",
            str(appraisal.pk),
            f"{appraisal.period} · {appraisal.percent} · r{appraisal.revision}",
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


def mark_nodes(mark, language):
    """[Node] mark → item or turn with the chosen answer → clause → standard."""
    attempt = mark.score.attempt
    result = reverse("scoring:result", args=[attempt.pk])
    worth = f"−{mark.lost:.1f} %" if mark.points is None else f"{mark.points:.2f} / {mark.max_points:.2f}"
    nodes = [Node("mark", str(mark.pk), worth, f"{result}#position-{mark.position}")]
    if mark.item_id:
        nodes.append(
            Node(
                "item",
                f"{mark.item.slug}:{mark.item.number}",
                text(mark.item.body["stem"], language)[0],
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
    """The words of the options a person chose, in the order given."""
    if answer is None:
        return ""
    options = {option["key"]: option["text"] for option in item.body["options"]}
    return "；".join(text(options[key], language)[0] for key in answer.response or [])


def clause_nodes(wording, language):
    """[Node] clause → standard, of a wording; empty when the mark has none."""
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
            f"{label(wording.standard, language)} v{wording.standard.number}",
            f"{reverse('standards:standard', args=[wording.standard.slug])}?version={wording.standard.number}",
        ),
    ]


def _observation_nodes(observation, language):
    findings = list(observation.findings.select_related("wording__clause", "wording__standard"))
    finding = next((found for found in findings if found.outcome == "not_met"), findings[0])
    page = reverse("evidence:observation", args=[observation.pk])
    points = {point["key"]: point["text"] for point in observation.checklist.points}
    return [
        Node("observation", str(observation.pk), f"{len(findings)}", page),
        Node("finding", str(finding.pk), text(points[finding.point], language)[0], page, finding.note),
        *clause_nodes(finding.wording, language),
    ]


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
    ]


CITING = {"course": Course, "item": Item, "scenario": Scenario, "checklist": Checklist}


def titles_of(citations):
    """{kind: {slug: title}} of what cites a clause; one query for each kind."""
    slugs = {}
    for citation in citations:
        slugs.setdefault(citation.kind, set()).add(citation.slug)
    return {
        kind: {
            version.slug: version.title
            for version in CITING[kind].objects.newest().filter(slug__in=found).defer("body")
        }
        for kind, found in slugs.items()
    }


def clause_missed(clause):
    """{answered, missed, people} over the current marks and findings that rest on a clause."""
    marks = Mark.objects.filter(wording__clause=clause, score__attempt__purpose="assessed")
    missed = [mark for mark in marks.select_related("score__attempt__person") if _missed(mark)]
    not_met = Finding.objects.filter(wording__clause=clause, outcome="not_met").select_related("observation__person")
    people = {mark.score.attempt.person for mark in missed} | {found.observation.person for found in not_met}
    seen = Finding.objects.filter(wording__clause=clause).exclude(outcome="na").count()
    return {"n": marks.count() + seen, "missed": len(missed) + len(not_met), "people": sorted(people, key=str)}


def _missed(mark):
    if mark.lost is not None:
        return mark.lost > 0
    return mark.points is not None and mark.points < mark.max_points
