"""What the demo prints: the whole thread as numbers, and in words on one screen."""

from django.utils import timezone

from config.demo.organisation import NEWCOMER, PASSWORD
from config.demo.playing import CHECKLIST, COURSE, QUIZ, SCENARIO, STANDARD
from courses.completion import total
from courses.models import Course
from evidence.models import Observation
from evidence.observing import tally
from quizzes.models import Scenario
from scoring.models import Appraisal, Score
from scoring.thread import line_thread
from staff.models import Posting, User
from standards.models import Standard


def number(value):
    """A percent as a JSON number with one decimal, or None."""
    return None if value is None else round(float(value), 1)


def report(seconds):
    """The demo's JSON report (README)."""
    mira, otto = (User.objects.get(employee_number=name) for name in ("MIRA", "OTTO"))
    standard = Standard.objects.newest().get(slug=STANDARD)
    quiz, scenario = (
        Score.objects.current().get(attempt__person=mira, attempt__slug=slug) for slug in (QUIZ, SCENARIO)
    )
    found = total(otto.access.scope(Posting.HEADS), timezone.localdate())
    return {
        "standard": {"slug": standard.slug, "version": standard.number, "clauses": standard.wordings.count()},
        "course": {"lessons": len(Course.objects.newest().get(slug=COURSE).lessons)},
        "quiz": {"percent": number(quiz.percent), "passed": quiz.passed},
        "scenario": {
            "percent": number(scenario.percent),
            "dimensions": {name: number(value) for name, value in scenario.dimensions.items()},
            "best_path": Scenario.objects.newest().get(slug=SCENARIO).analysis["best_path"],
        },
        "observation": tally(Observation.objects.filter(person=mira, checklist__slug=CHECKLIST).latest("pk")),
        "completion": {key: found[key] for key in ("due", "done", "overdue")} | {"rate": number(found["rate"])},
        "appraisal": appraisal_report(Appraisal.objects.current().get(person=mira)),
        "seconds": round(seconds, 1),
    }


def appraisal_report(appraisal):
    return {
        "employee": appraisal.person.employee_number,
        "period": appraisal.period,
        "percent": number(appraisal.percent),
        "band": appraisal.band,
        "lines": [
            {
                "indicator": line["indicator"],
                "weight": line["weight"],
                "value": number(line["value"]),
                "thread": [
                    {"kind": node.kind, "id": node.id, "label": node.label, "url": node.url}
                    for node in line_thread(appraisal, line["indicator"], "en")
                ],
            }
            for line in appraisal.body["lines"]
        ],
        "digest": appraisal.digest,
    }


def in_words(report, base):
    """The same on one screen."""
    appraisal, completion = report["appraisal"], report["completion"]
    thread = next((line for line in appraisal["lines"] if line["indicator"] == "quiz"), appraisal["lines"][0])["thread"]
    dimensions = ", ".join(f"{name} {value}" for name, value in report["scenario"]["dimensions"].items())
    standard, quiz, observation = report["standard"], report["quiz"], report["observation"]
    clause = next((node for node in thread if node["kind"] == "clause"), None)
    rows = [
        "Decorum 礼成 — the thread, from a standard to a signed appraisal",
        "",
        f"  standard     {standard['slug']} v{standard['version']}, {standard['clauses']} clauses",
        f"  course       {report['course']['lessons']} lessons read",
        f"  quiz         {quiz['percent']} %, {'passed' if quiz['passed'] else 'not passed'}",
        f"  scenario     {report['scenario']['percent']} % ({dimensions})",
        f"  observation  {observation['met']} met, {observation['not_met']} not met",
        f"  completion   {completion['done']} / {completion['due']} = {completion['rate']} %, "
        f"{completion['overdue']} overdue",
        f"  appraisal    {appraisal['employee']} {appraisal['period']}: {appraisal['percent']}, {appraisal['band']}",
        "",
        "  the thread of the quiz line:",
        *(f"    {node['kind']:<10} {node['label'][:90]}" for node in thread),
        "",
        *([f"  and forward from clause {clause['id']}: {base}{clause['url']}"] if clause else []),
        f"  digest {appraisal['digest'][:16]}…   played in {report['seconds']} s",
        "",
        f"  sign in at {base} as MIRA, PAVEL, ANA, OTTO, HUI, ROOT",
        f"  or {NEWCOMER} (new today, nothing done yet), password {PASSWORD}",
    ]
    return "\n".join(rows)
