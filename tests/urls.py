"""Every URL of the resolver, and one table of who may see what."""

import re
from functools import cache
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver
from django.utils import timezone

from jobs.models import Job
from quizzes import taking, writing
from quizzes.arranging import arrange
from quizzes.models import Item, Quiz
from quizzes.mornings import open_check
from quizzes.writing import seen as seen_item
from scoring.reporting import report
from scoring.rescoring import dry_run
from scoring.retiring import retire
from staff import drafting
from staff.drafting import seen as seen_draft
from standards.reviewing import seen
from tests import make

PEOPLE = ("anonymous", "mira", "pavel", "ana", "otto", "hui", "root")
# Who may least is asked always; the others in the slow tests.
ALWAYS = ("anonymous", "pavel")
EVERYBODY = [each if each in ALWAYS else pytest.param(each, marks=pytest.mark.slow) for each in PEOPLE]


def every_name(patterns=None, prefix=""):
    """Names of all URL patterns, "namespace:name"."""
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            namespace = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from every_name(pattern.url_patterns, prefix + namespace)
        else:
            yield f"{prefix}{pattern.name}"


BROWSER = Client(raise_request_exception=False)  # one for all: each new one would load the middleware anew

# What belongs to whom: mira's two open attempts, her closed ones, observation, assignment and
# appraisal; ana's job and draft. The bodies of POSTs are valid where a person may send them.
# URL                       method arguments                   anon mira pavel ana otto hui root
TABLE = """
home                        GET    -                           302 200 200 200 200 200 200
search                      GET    -                           302 200 200 200 200 200 200
set_language                GET    -                           405 405 405 405 405 405 405
set_language                POST   -                           302 302 302 302 302 302 302
theme                       GET    -                           302 405 405 405 405 405 405
theme                       POST   -                           302 302 302 302 302 302 302
healthz                     GET    -                           200 200 200 200 200 200 200
account_login               GET    -                           200 302 302 302 302 302 302
account_logout              GET    -                           302 200 200 200 200 200 200
account_logout              POST   -                           302 302 302 302 302 302 302
account_signup              GET    -                           200 302 302 302 302 302 302
account_change_password     GET    -                           302 200 200 200 200 200 200
account_reauthenticate      GET    -                           302 200 200 200 200 200 200
schema                      GET    -                           401 200 200 200 200 200 200
jobs:job                    GET    job                         302 404 404 200 404 404 200
standards:standards         GET    -                           302 200 200 200 200 200 200
standards:import            GET    -                           302 403 403 200 403 403 200
standards:import            POST   -                           302 403 403 302 403 403 302
standards:import_again      GET    job                         302 405 405 405 405 405 405
standards:import_again      POST   job                         302 403 403 302 403 403 302
standards:standard          GET    standard                    302 200 200 200 200 200 200
standards:standard          GET    draft                       302 404 404 404 404 404 404
standards:coverage          GET    standard                    302 403 403 200 200 200 200
standards:coverage          GET    draft                       302 403 403 404 404 404 404
standards:coverage_table    GET    standard                    302 403 403 200 200 200 200
standards:handbook          GET    standard                    302 200 200 200 200 200 200
standards:handbook          GET    draft                       302 404 404 404 404 404 404
standards:compare           GET    standard                    302 200 200 200 200 200 200
standards:compare           GET    draft                       302 404 404 404 404 404 404
standards:review            GET    draft                       302 403 403 200 403 403 200
standards:review_section    GET    draft                       302 405 405 405 405 405 405
standards:review_section    POST   draft                       302 403 403 302 403 403 302
standards:review_undo       GET    draft                       302 405 405 405 405 405 405
standards:review_undo       POST   draft                       302 403 403 409 403 403 409
standards:review_add        GET    draft                       302 405 405 405 405 405 405
standards:review_add        POST   draft                       302 403 403 302 403 403 302
standards:discard           GET    draft                       302 403 403 200 403 403 200
standards:discard           GET    standard                    302 403 403 404 403 403 404
standards:discard           POST   draft                       302 403 403 302 403 403 302
standards:review_clause     GET    draft,draft_clause          302 405 405 405 405 405 405
standards:review_clause     POST   draft,draft_clause          302 403 403 302 403 403 302
scoring:publish             GET    draft                       302 403 403 200 403 403 200
scoring:publish             GET    standard                    302 403 403 302 403 403 302
scoring:publish             POST   draft                       302 403 403 302 403 403 302
scoring:ask_review          GET    draft                       302 405 405 405 405 405 405
scoring:ask_review          POST   draft                       302 403 403 302 403 403 302
scoring:agree               GET    draft                       302 405 405 405 405 405 405
scoring:agree               POST   draft                       302 403 403 409 403 403 409
scoring:reviews             GET    -                           302 403 403 200 403 403 200
scoring:review              GET    review                      302 403 403 200 403 403 200
scoring:review              POST   review                      302 403 403 302 403 403 302
scoring:review_owner        GET    review                      302 405 405 405 405 405 405
scoring:review_owner        POST   review                      302 403 403 302 403 403 302
courses:course              GET    course                      302 200 200 200 200 200 200
courses:lesson              GET    course,lesson               302 200 200 200 200 200 200
courses:lesson              POST   course,lesson               302 302 302 302 302 302 302
courses:path                GET    assignment                  302 200 404 404 200 200 200
courses:team                GET    -                           302 403 403 403 200 403 200
quizzes:items               GET    -                           302 403 403 200 403 403 200
quizzes:new_item            GET    -                           302 403 403 200 403 403 200
quizzes:new_item            POST   -                           302 403 403 302 403 403 302
quizzes:image               GET    picture                     302 404 404 200 404 404 200
quizzes:image               GET    published_picture           302 200 200 200 200 200 200
quizzes:image               GET    other                       302 404 404 404 404 404 404
quizzes:item                GET    item                        302 403 403 200 403 403 200
quizzes:item                GET    drafted_item                302 403 403 200 403 403 200
quizzes:edit_item           GET    item                        302 403 403 200 403 403 200
quizzes:edit_item           POST   drafted_item                302 403 403 302 403 403 302
quizzes:publish_item        GET    drafted_item                302 405 405 405 405 405 405
quizzes:publish_item        POST   drafted_item                302 403 403 302 403 403 302
quizzes:discard_item        GET    item                        302 403 403 404 403 403 404
quizzes:discard_item        GET    drafted_item                302 403 403 200 403 403 200
quizzes:discard_item        POST   drafted_item                302 403 403 302 403 403 302
quizzes:duplicate_item      POST   item                        302 403 403 302 403 403 302
quizzes:duplicate_item      GET    item                        302 405 405 405 405 405 405
quizzes:bring_back_item     POST   gone_item                   302 403 403 302 403 403 302
scoring:change_items        GET    -                           302 405 405 405 405 405 405
scoring:change_items        POST   -                           302 403 403 200 403 403 200
scoring:item_use            GET    item                        302 403 403 200 403 403 200
scoring:item_use            GET    gone_item                   302 403 403 200 403 403 200
scoring:retire_item         GET    item                        302 403 403 200 403 403 200
scoring:retire_item         POST   spare_item                  302 403 403 302 403 403 302
quizzes:quizzes             GET    -                           302 403 403 200 403 403 200
quizzes:new_quiz            GET    -                           302 403 403 200 403 403 200
quizzes:new_quiz            POST   -                           302 403 403 302 403 403 302
quizzes:edit_quiz           GET    quiz                        302 403 403 200 403 403 200
quizzes:edit_quiz           GET    draft                       302 403 403 404 403 403 404
quizzes:edit_quiz           POST   drafted_quiz                302 403 403 302 403 403 302
quizzes:publish_quiz        GET    drafted_quiz                302 405 405 405 405 405 405
quizzes:publish_quiz        POST   drafted_quiz                302 403 403 302 403 403 302
quizzes:discard_quiz        GET    quiz                        302 403 403 404 403 403 404
quizzes:discard_quiz        GET    drafted_quiz                302 403 403 200 403 403 200
quizzes:discard_quiz        POST   drafted_quiz                302 403 403 302 403 403 302
quizzes:try_quiz            GET    quiz                        302 405 405 405 405 405 405
quizzes:try_quiz            POST   quiz                        302 403 403 302 403 403 302
quizzes:try_quiz            POST   drafted_quiz                302 403 403 404 403 403 404
quizzes:arrange             GET    quiz                        302 403 403 200 403 403 200
quizzes:arrange             POST   quiz                        302 403 403 302 403 403 302
quizzes:withdraw            GET    quiz,arranged               302 405 405 405 405 405 405
quizzes:withdraw            POST   quiz,arranged               302 403 403 302 403 403 302
quizzes:withdraw            POST   drafted_quiz,arranged       302 403 403 404 403 403 404
scoring:quiz                GET    quiz                        302 403 403 200 403 403 200
scoring:quiz                GET    drafted_quiz                302 403 403 200 403 403 200
scoring:quiz                GET    draft                       302 403 403 404 403 403 404
quizzes:import_items        GET    -                           302 403 403 200 403 403 200
quizzes:import_items        POST   -                           302 403 403 302 403 403 302
quizzes:import_preview      GET    preview                     302 403 403 200 403 403 200
quizzes:import_preview      GET    job                         302 403 403 404 403 403 404
quizzes:map_columns         GET    preview                     302 405 405 405 405 405 405
quizzes:map_columns         POST   preview                     302 403 403 302 403 403 302
quizzes:write_items         GET    preview                     302 405 405 405 405 405 405
quizzes:write_items         POST   preview                     302 403 403 302 403 403 302
quizzes:discard_import      GET    preview                     302 405 405 405 405 405 405
quizzes:discard_import      POST   preview                     302 403 403 302 403 403 302
quizzes:item_template       GET    -                           302 403 403 200 403 403 200
quizzes:export_items        GET    -                           302 403 403 200 403 403 200
quizzes:quiz                GET    quiz                        302 200 200 200 200 200 200
quizzes:start_quiz          GET    quiz                        302 405 405 405 405 405 405
quizzes:start_quiz          POST   quiz                        302 302 302 302 302 302 302
quizzes:scenario            GET    scenario                    302 200 200 200 200 200 200
quizzes:start_scenario      GET    scenario                    302 405 405 405 405 405 405
quizzes:start_scenario      POST   scenario                    302 302 302 302 302 302 302
quizzes:attempt             GET    attempt                     302 302 404 404 404 404 404
quizzes:position            GET    attempt,one                 302 200 404 404 404 404 404
quizzes:position            GET    attempt,ninety              302 404 404 404 404 404 404
quizzes:answer              GET    attempt,one                 302 302 404 404 404 404 404
quizzes:answer              POST   attempt,one                 302 302 404 404 404 404 404
quizzes:flag                GET    attempt,one                 302 302 404 404 404 404 404
quizzes:flag                POST   attempt,one                 302 302 404 404 404 404 404
quizzes:flag                POST   attempt,ninety              302 404 404 404 404 404 404
quizzes:paper               GET    attempt                     302 302 404 404 404 404 404
quizzes:clock               GET    attempt                     302 200 404 404 404 404 404
quizzes:leave               GET    attempt                     302 405 405 405 405 405 405
quizzes:leave               POST   attempt                     302 204 404 404 404 404 404
quizzes:check               GET    attempt                     302 200 404 404 404 404 404
quizzes:upload              GET    handing,one,picture         302 200 404 200 200 200 200
quizzes:upload              GET    handing,one,other           302 404 404 404 404 404 404
quizzes:mornings            GET    -                           302 403 403 200 200 403 200
quizzes:mornings            POST   -                           302 403 403 302 302 403 302
quizzes:morning             GET    morning                     302 403 403 200 200 403 200
quizzes:morning             GET    far_morning                 302 403 403 200 404 403 200
quizzes:close_morning       GET    morning                     302 405 405 405 405 405 405
quizzes:close_morning       POST   morning                     302 403 403 302 302 403 302
quizzes:close_morning       POST   far_morning                 302 403 403 302 404 403 302
quizzes:join                GET    token                       302 200 404 404 200 404 404
quizzes:join                POST   token                       302 302 404 404 302 404 404
quizzes:join                GET    no_token                    302 404 404 404 404 404 404
quizzes:play                GET    run                         302 200 404 404 404 404 404
quizzes:turn                GET    run                         302 302 404 404 404 404 404
quizzes:turn                POST   run                         302 302 404 404 404 404 404
evidence:people             GET    -                           302 403 403 403 200 403 200
evidence:checklist          GET    checklist,mira              302 403 403 403 200 403 200
evidence:checklist          GET    checklist,pavel             302 403 403 403 404 403 200
evidence:checklist          GET    checklist,otto              302 403 403 403 404 403 200
evidence:checklist          GET    checklist,root              302 403 403 403 404 403 404
evidence:checklist          POST   checklist,mira              302 403 403 403 302 403 302
evidence:observation        GET    observation                 302 200 404 404 200 200 200
evidence:correction         GET    observation                 302 403 403 403 200 403 200
evidence:correction         POST   observation                 302 403 403 403 302 403 302
scoring:finish              GET    attempt                     302 302 404 404 404 404 404
scoring:finish              POST   attempt                     302 302 404 404 404 404 404
scoring:finish              POST   run                         302 302 404 404 404 404 404
scoring:result              GET    attempt                     302 404 404 404 404 404 404
scoring:result              GET    closed                      302 200 404 404 200 200 200
scoring:result              GET    closed_run                  302 200 404 404 200 200 200
quizzes:print_paper         GET    quiz                        302 403 403 302 403 403 302
quizzes:drawn_paper         GET    quiz,drawn                  302 403 403 200 403 403 200
quizzes:paper_key           GET    quiz,drawn                  302 403 403 200 403 403 200
scoring:quiz_analysis       GET    quiz                        302 403 403 200 403 403 200
scoring:work_out_quiz       POST   quiz                        302 403 403 302 403 403 302
scoring:analysis_table      GET    quiz,csv                    302 403 403 200 403 403 200
scoring:item_analysis       GET    item                        302 403 403 200 403 403 200
scoring:work_out_item       POST   item                        302 403 403 302 403 403 302
scoring:practise            GET    closed                      302 405 405 405 405 405 405
scoring:practise            POST   closed                      302 302 404 404 404 404 404
scoring:practise            POST   closed_run                  302 404 404 404 404 404 404
scoring:practise            POST   attempt                     302 404 404 404 404 404 404
scoring:result_list         GET    -                           302 403 403 200 200 403 200
scoring:results_csv         GET    -                           302 403 403 200 200 403 200
scoring:ask_excel           POST   -                           302 403 403 302 302 403 302
scoring:export              GET    export                      302 403 403 200 404 403 404
scoring:excel_file          GET    export                      302 403 403 200 404 403 404
scoring:results             GET    -                           302 200 200 200 200 200 200
scoring:marking             GET    -                           302 403 403 200 403 403 200
scoring:mark                GET    open_item                   302 403 403 200 403 403 200
scoring:mark                GET    closed_item                 302 403 403 404 403 403 404
scoring:mark                POST   open_item                   302 403 403 302 403 403 302
scoring:rescore             GET    item                        302 403 403 200 403 403 200
scoring:rescore             GET    drafted_item                302 403 403 404 403 403 404
scoring:rescore             POST   item                        302 403 403 302 403 403 302
scoring:report_item         GET    closed,one                  302 405 405 405 405 405 405
scoring:report_item         POST   closed,one                  302 302 404 404 404 404 404
scoring:report_item         POST   attempt,one                 302 404 404 404 404 404 404
scoring:report_item         POST   closed,ninety               302 404 404 404 404 404 404
scoring:reports             GET    -                           302 403 403 200 403 403 200
scoring:report              GET    report                      302 403 403 200 403 403 200
scoring:report              POST   report                      302 403 403 302 403 403 302
scoring:clause              GET    clause                      302 200 200 200 200 200 200
scoring:appraisals          GET    -                           302 200 200 200 200 200 200
scoring:sheet               GET    mira,period                 302 403 403 403 403 200 200
scoring:sheet               GET    hui,period                  302 403 403 403 403 404 200
scoring:sheet               GET    mira,no_period              302 403 403 403 403 404 404
scoring:sheet               POST   pavel,period                302 403 403 403 403 409 409
scoring:sheet               POST   mira,period                 302 403 403 403 403 302 302
scoring:sheet               GET    mira,next_period            302 403 403 403 403 404 404
scoring:sheet               POST   ana,period                  302 403 403 403 403 409 409
scoring:appraisal           GET    appraisal                   302 200 404 404 200 200 200
scoring:revise              GET    appraisal                   302 403 403 403 403 200 200
scoring:revise              POST   appraisal                   302 403 403 403 403 409 409
scoring:thread              GET    appraisal,quiz_line         302 200 404 404 200 200 200
scoring:thread              GET    appraisal,no_line           302 404 404 404 404 404 404
api-search                  GET    -                           401 200 200 200 200 200 200
api-appraisal-list          GET    -                           401 200 200 200 200 200 200
api-appraisal-detail        GET    appraisal                   401 200 404 404 200 200 200
"""
ROWS = [
    SimpleNamespace(name=name, method=method, arguments=() if arguments == "-" else tuple(arguments.split(",")),
                    statuses=tuple(map(int, statuses)))
    for name, method, arguments, *statuses in map(str.split, TABLE.strip().splitlines())
]  # fmt: skip


def full_world():
    """A world with something of mira's behind every URL."""
    world = make.world()
    world.signed = make.appraisal(world=world)
    world.open = make.attempt(person=world.mira, subject=world.quiz)
    world.playing = make.attempt(person=world.mira, subject=world.scenario)
    world.drafted = make.draft_standard(
        by=world.ana, slug="ward", clauses=("WD-MANN-001",), source="问好。\n\n> 引文。\n"
    )
    world.draft_item = writing.begin(make.words("Drafted"), world.items[0].body, by=world.ana)
    world.spare, world.gone = (make.item(by=world.root, slug=slug) for slug in ("spare", "gone"))
    retire("item", "gone", world.ana)
    world.review = make.review(by=world.ana, world=world)
    world.draft_quiz = drafting.begin(Quiz, "drafted-quiz", make.words("Drafted"), world.quiz.body, by=world.ana)
    world.arranged = arrange(world.quiz, world.pavel, by=world.ana, reason="Broken arm", minutes=45)
    drill = make.quiz(by=world.root, slug="drill", kind="morning")
    world.morning = open_check(drill, world.outpatient, by=world.otto)
    world.far_morning = open_check(drill, world.ward, by=world.ana)
    told = {"file": 1, "name": "rules.md", "slug": "", "replace": False, "simplify": False}
    world.job = Job.queue("import-standard", "rules.md", owner=world.ana, parameters=told)
    world.handing, pictures = make.handing(world=world)
    # Last: a quiz by clauses would draw it.
    make.open_item(by=world.root)
    world.awaiting = make.handed_in(
        person=world.pavel, subject=make.open_quiz(by=world.root), responses={"words": {"text": "Good morning."}}
    ).marks.get(item__slug="words")
    world.report = report(world.score.attempt, 2, by=world.mira, words="Two are right.")
    world.export = Job.objects.create(
        kind="export-results",
        subject="results.xlsx",
        owner=world.ana,
        state=Job.DONE,
        result={"rows": 0, "data": "UEs="},
    )
    told = {"file": 1, "name": "bank.csv", "format": "auto", "mapping": {}, "clause": ""}
    world.preview = Job.queue("preview-items", "bank.csv", owner=world.ana, parameters=told)
    world.preview.claim()
    world.preview.refresh_from_db()
    world.preview.finish({"format": "csv", "headers": [["题干", "stem"]], "rows": [], "counts": {"read": 0}})
    world.values = {
        "open_item": world.awaiting.item_id, "closed_item": world.items[0].pk, "report": world.report.pk,
        "handing": world.handing.pk, "picture": pictures[0], "published_picture": pictures[1], "other": "0" * 64,
        "export": world.export.pk, "drawn": "a1b2c3d4",
        "preview": world.preview.pk,
        "job": world.job.pk, "standard": "front-desk", "draft": "ward", "draft_clause": "WD-MANN-001",
        "course": "onboarding", "lesson": "greet", "assignment": world.assignment.pk, "quiz": "first-month",
        "scenario": "queue-jumper", "attempt": world.open.pk, "run": world.playing.pk, "one": 1, "ninety": 90,
        "checklist": "desk-round", "mira": world.mira.pk, "pavel": world.pavel.pk, "otto": world.otto.pk,
        "hui": world.hui.pk, "root": world.root.pk, "observation": world.observation.pk,
        "closed": world.score.attempt_id, "closed_run": world.run.attempt_id, "clause": "FD-LANG-001",
        "period": make.period(), "no_period": "2026-13", "next_period": "2099-12", "ana": world.ana.pk,
        "appraisal": world.signed.pk, "item": "greet", "drafted_item": world.draft_item.slug, "review": world.review.pk,
        "csv": "csv", "spare_item": "spare", "gone_item": "gone",
        "quiz_line": "quiz", "no_line": "nothing", "drafted_quiz": "drafted-quiz", "arranged": world.arranged.pk,
        "morning": world.morning.pk, "far_morning": world.far_morning.pk, "token": world.morning.token,
        "no_token": "nobody-knows",
    }  # fmt: skip
    return world


def url(row, world):
    return reverse(row.name, args=[world.values[name] for name in row.arguments])


def body(row, world):
    """A valid form for a POST row."""
    now = timezone.now()
    points = [point["key"] for point in world.checklist.points]
    ticket = taking.ticket(world.open, 1, now)
    place = {entry: 1 + index for index, entry in enumerate(world.open.paper[0]["options"])}
    order = taking.item_at(world.open, 1).type == "ordering"
    shown = seen(world.drafted.body["clauses"][0])
    draft = f"{world.drafted.pk}-{world.drafted.revision}"
    answer = {f"rank-{key}": rank for key, rank in place.items()} if order else {"option": next(iter(place))}
    written = {"type": "truefalse", "difficulty": "easy", "points": 1, "cites": "FD-LANG-001", "stem_en": "Is it?",
               "feedback_en": "It is.", "option-1-right": "on", "seen": seen_item(world.draft_item)}  # fmt: skip
    quiz = {"title_en": "Another", "standard": "front-desk", "kind": "exam", "minutes": 20, "attempts": 1,
            "percent": 60, "by": "ANA", "how_en": "So.", "on": "2026-11-21", "rows": 1, "row-1-clauses": "FD-",
            "row-1-count": 1,
            "counts": "first", "pages": "one", "when": "finished", "show": ["answers"], "shuffle": "on", "back": "on",
            "seen": seen_draft(world.draft_quiz)}  # fmt: skip
    return {
        "quizzes:mornings": {"unit": world.desk.pk, "quiz": "drill"},
        "quizzes:new_quiz": quiz,
        "quizzes:edit_quiz": quiz,
        "quizzes:publish_quiz": quiz,
        "quizzes:discard_quiz": quiz,
        "quizzes:arrange": {"person": "MIRA", "minutes": 45, "reason": "Broken arm"},
        "quizzes:withdraw": {"reason": "Healed"},
        "quizzes:import_items": {"pasted": "题干,答案\n问好。,√\n", "format": "auto"},
        "quizzes:new_item": written,
        "quizzes:edit_item": written,
        "quizzes:publish_item": written,
        "quizzes:discard_item": written,
        "quizzes:bring_back_item": {"seen": seen_item(Item.objects.last_retired("gone"))},
        "scoring:change_items": {"item": "greet", "deed": "hard"},
        "scoring:retire_item": {"seen": seen_item(world.spare)},
        "scoring:publish": {"shown": draft},
        "scoring:ask_review": {"shown": draft},
        "scoring:agree": {"shown": draft},
        "scoring:mark": {"answer": world.awaiting.answer_id, "turn": 1, "c-greets": "1", "c-offers": "0.5"},
        "scoring:rescore": {
            "kind": "void",
            "reason": "Ambiguous.",
            "do": "write",
            "shown": dry_run(world.items[0], "void", {}).digest,
        },
        "scoring:report_item": {"words": "The key is wrong."},
        "scoring:report": {"words": "It is right as it stands."},
        "scoring:review": {"shown": "open", "state": "right"},
        "scoring:review_owner": {"owner": world.ana.pk},
        "standards:discard": {"seen": draft},
        "standards:review_add": {"line": 3},
        "standards:review_section": {"key": "WD-MANN-001", "shown": shown},
        "standards:review_clause": {"shown": shown, "zh": "新", "kind": "manner", "weight": "general"},
        "courses:lesson": {"check-c1": "b", "go": "1"},
        "quizzes:answer": {"ticket": ticket, "seq": 1} | answer,
        "quizzes:turn": {"choice": 1, "turn": 1, "ticket": taking.ticket(world.playing, 1, now)},
        "evidence:checklist": {"key": "another"} | {f"outcome-{key}": "met" for key in points},
        "evidence:correction": {"key": "another", "reason": "Met."} | {f"outcome-{key}": "met" for key in points},
        "scoring:revise": {"reason": "The observation was corrected."},
    }.get(row.name, {})


def upload():
    return {"document": make.document("rules.md", "- Speak first.")}


def respond(row, world, person):
    """The response to one row for one person; what it changed is rolled back."""
    browser = BROWSER
    browser.cookies.clear()
    if person != "anonymous":
        browser.force_login(getattr(world, person), "allauth.account.auth_backends.AuthenticationBackend")
    data = upload() if (row.name, row.method) == ("standards:import", "POST") else body(row, world)
    with transaction.atomic():
        response = browser.post(url(row, world), data) if row.method == "POST" else browser.get(url(row, world))
        transaction.set_rollback(True)
    make.forget()  # what was rolled back
    return response


@cache
def walk(person):
    """{row: {status, headers, text}} of the whole table for one person; walked once for all tests that read it."""
    world = full_world()
    return {(row.name, row.method, row.arguments): _page(respond(row, world, person)) for row in ROWS}


def _page(response):
    is_picture = response.get("Content-Type", "").startswith(("image/", "application/vnd"))
    html = "" if response.streaming or is_picture else response.content.decode()
    return SimpleNamespace(status=response.status_code, headers=dict(response.headers), text=html)


def without_tokens(response):
    """A page without what differs on every load, for comparing two."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
