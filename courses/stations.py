"""An assignment as the stations of a line: what is done, what is now, what is still to come."""

from django.urls import reverse
from django.utils import timezone

TARGETS = {
    "course": "courses:course",
    "quiz": "quizzes:quiz",
    "scenario": "quizzes:scenario",
}


def stations(assignment):
    """[{step, state: done|now|todo, due_on, done_at, late, url}] in the path's order."""
    today = timezone.localdate()
    done = dict(assignment.done.values_list("step", "at"))
    rows = [_station(assignment, step, done.get(step["key"]), today) for step in assignment.path.steps]
    for row in rows:
        if row["state"] == "todo" and row["url"]:
            row["state"] = "now"
            break
    return rows


def _station(assignment, step, done_at, today):
    due_on = assignment.step_due(step)
    target = TARGETS.get(step["kind"])
    return {
        "step": step,
        "state": "done" if done_at else "todo",
        "due_on": due_on,
        "done_at": done_at,
        "late": not done_at and due_on < today,
        "url": reverse(target, args=[step["slug"]]) if target else "",
    }
