"""An assignment as the stations of a line: what is done, what is now, what is still to come."""

from django.urls import reverse
from django.utils import timezone

TARGETS = {
    "course": "courses:course",
    "quiz": "quizzes:quiz",
    "scenario": "quizzes:scenario",
}


def stations(assignment):
    """[{step, state: done|now|todo, due_on, done_at, late, url, record}] in the path's order; record is the
    address of the observation that a station was seen in."""
    today = timezone.localdate()
    done = {step: (at, source) for step, at, source in assignment.done.values_list("step", "at", "source")}
    rows = [_station(assignment, step, done.get(step["key"], (None, "")), today) for step in assignment.path.steps]
    for row in rows:
        if row["state"] == "todo" and row["url"]:
            row["state"] = "now"
            break
    return rows


def _station(assignment, step, done, today):
    due_on = assignment.step_due(step)
    done_at, source = done
    target = TARGETS.get(step["kind"])
    return {
        "step": step,
        "state": "done" if done_at else "todo",
        "due_on": due_on,
        "done_at": done_at,
        "late": not done_at and due_on < today,
        "url": reverse(target, args=[step["slug"]]) if target else "",
        "record": _record(source),
    }


def _record(source):
    """Where the record opens that a step rests on; only observations are opened by their own number."""
    kind, _, number = source.partition(":")
    return reverse("evidence:observation", args=[number]) if kind == "observation" and number.isdecimal() else ""
