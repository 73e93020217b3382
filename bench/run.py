"""The bench itself, after django.setup()."""

import re
import statistics
from collections import defaultdict
from itertools import count

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import bare, crowds, processes
from bench.block import Block, middle, percentiles, say
from bench.client import InProcess, OverHttp, expect, one_page_attempt, session_of, values_for, whole_attempt
from bench.growth import growth
from bench.writes import writes
from config.demo.browser import Browser
from config.demo.organisation import PASSWORD
from config.demo.playing import QUIZ
from config.supervising import Server, free_port
from courses.models import Assignment, Path
from quizzes import taking
from quizzes.models import Attempt, Quiz
from staff.models import JobRole, Posting, Unit, User
from staff.publishing import publish

CRAWLERS = ("MIRA", "ANA", "OTTO", "HUI", "ROOT")
CRAWLED = 60  # pages a crawl for the largest one may open
SIGN_INS = 20
LINK = re.compile(r'href="(/[^"#]*)')


class BareServer(Server):
    """The same server with one more address, and no second worker on the same database."""

    def _web(self):
        return ["env", "DJANGO_SETTINGS_MODULE=bench.bare_settings", *super()._web()]

    def _worker(self):
        return ["sleep", "infinity"]


class Run:
    def __init__(self, options):
        self.options = options
        self.quiz = Quiz.objects.newest().get(slug=QUIZ)
        self.questions = sum(row["count"] for row in self.quiz.body["blueprint"])
        self.numbers = count(1)
        self.foreign = []

    def report(self):
        with connection.schema_editor() as schema:
            schema.create_model(bare.BareAnswer)
        with Server(free_port(), quiet=True) as ours, BareServer(free_port(), quiet=True) as theirs:
            for server in (ours, theirs):
                server.pids = processes.tree(server.children[0].pid)
            self.ours, self.theirs, self.everyone = ours, theirs, ours.pids + theirs.pids
            found = {name: getattr(self, name)() for name in self.options.parts}
            memory = processes.memory_mib(ours.pids)
        found |= found.pop("attempts", {})
        return found | {
            "web_memory_pss_mib": memory,
            "foreign_cpu_of_one_core": round(statistics.median(self.foreign or [0]), 3),
            "database": connection.vendor,
            "rounds": self.options.rounds,
        }

    def at_once(self):
        return crowds.at_once(self)

    def starting(self):
        return crowds.starting(self)

    def writes(self):
        return writes(self)

    def growth(self):
        return growth(self)

    # --- people -------------------------------------------------------------------

    def people(self, number):
        """New guides with a posting, a path to complete and a session."""
        role, unit = JobRole.objects.get(slug="guide"), Unit.objects.get(code="guide-desk")
        path, today = Path.objects.newest().get(slug="guide-path"), timezone.localdate()
        people = User.objects.bulk_create(
            User(employee_number=f"BENCH{next(self.numbers):05}", name="Bench", password="!") for _ in range(number)
        )
        Posting.objects.bulk_create(
            Posting(user=person, unit=unit, job_role=role, duty=Posting.WORKS, primary=True, start=today)
            for person in people
        )
        for person in people:
            Assignment.begin(person, path, unit=unit, on=today)
        return people

    def warmed(self, server, people, times=None):
        """A browser for each, its session in the server's cache."""
        browsers = [OverHttp(server.port, session_of(person), times) for person in people]
        for browser in browsers:
            expect(browser.get("warm", "/marks/"), 200)
            browser.close()  # granian drops a connection that is silent for ten seconds
        return browsers

    def right(self, attempt):
        return self.paper(Attempt.objects.get(pk=attempt))

    @staticmethod
    def paper(attempt):
        items = [taking.item_at(attempt, place) for place in range(1, len(attempt.paper) + 1)]
        return [(item.type, item.body["right"]) for item in items]

    # --- blocks -------------------------------------------------------------------

    def attempts(self):
        say("Looking for the largest page …")
        largest = self.largest_page()
        blocks, times, pages = self.blocks()
        return self.figures(blocks, times) | {"html_bytes": {"answer_page": pages, "largest": largest}}

    def blocks(self):
        """Alternating blocks; per kind the list of CPU-seconds for one request or one attempt."""
        people = self.people(max(1, self.options.answers // self.questions))
        attempts = [taking.start(person, self.quiz) for person in people]
        answering, upserting = self.warmed(self.ours, people), self.warmed(self.theirs, people)
        found, times, pages = defaultdict(list), defaultdict(list), {}
        for number in range(1, self.options.rounds + 1):
            say(f"Round {number} of {self.options.rounds} …")
            kinds = [
                ("answer", lambda number=number: self.answers(answering, attempts, number)),
                ("bare", lambda: self.upserts(upserting, "bare")),
                ("raw", lambda: self.upserts(upserting, "raw")),
                ("ok", lambda: self.pages(upserting, "/ok/")),
            ]
            for kind, run in kinds if number % 2 else reversed(kinds):
                found[kind].append(run())
            found["attempt"].append(self.whole(QUIZ, whole_attempt, times))
        pages = self.answer_page(answering[0], attempts[0])
        return found, times, pages

    def answers(self, browsers, attempts, seq):
        """One saved answer for each person and position; the redirect is not followed."""
        now = timezone.now()
        todo = [
            (browser, [self.saving(attempt, place, seq, now) for place in range(1, len(attempt.paper) + 1)])
            for browser, attempt in zip(browsers, attempts, strict=True)
        ]
        return self.posted(self.ours, todo)

    def saving(self, attempt, place, seq, now):
        """(path, form fields) of a right answer."""
        values = [("seq", str(seq)), ("ticket", taking.ticket(attempt, place, now))]
        return f"/attempts/{attempt.pk}/{place}/answer/", values + values_for(*self.paper(attempt)[place - 1])

    def upserts(self, browsers, view):
        values = [("seq", "1"), ("ticket", "x" * 70), ("option", "a")]
        posts = [(f"/{view}/{place}/", values) for place in range(1, self.questions + 1)]
        return self.posted(self.theirs, [(browser, posts) for browser in browsers])

    def posted(self, server, todo):
        with Block(server, self.everyone) as block:
            for browser, posts in todo:
                for path, values in posts:
                    expect(browser.post("post", path, values), 302)
                browser.close()
        self.foreign.append(block.foreign)
        return block.cpu / sum(len(posts) for _browser, posts in todo)

    def pages(self, browsers, path):
        """CPU-seconds of one page that nothing is asked for."""
        with Block(self.theirs, self.everyone) as block:
            for browser in browsers:
                for _ in range(self.questions):
                    expect(browser.get("page", path), 200)
                browser.close()
        self.foreign.append(block.foreign)
        return block.cpu / (len(browsers) * self.questions)

    def whole(self, slug, journey, times):
        browsers = self.warmed(self.ours, self.people(self.options.attempts), times)
        with Block(self.ours, self.everyone) as block:
            for browser in browsers:
                journey(browser, slug, self.right)
                browser.close()
        self.foreign.append(block.foreign)
        times["attempts_per_s"].append(self.options.attempts / block.seconds)
        return block.cpu / self.options.attempts

    def one_page(self):
        """The same questions all on one page, each saved when it is answered."""
        body = self.quiz.body | {"rules": {"pages": "all"}}
        columns = {"title_zh": "一页", "title_en": "On one page", "owner": self.quiz.owner}
        quiz = publish(Quiz.objects.create(slug="bench-one-page", body=body, **columns), self.quiz.published_by)
        upserting = self.warmed(self.theirs, self.people(max(1, self.options.answers // self.questions)))
        times, costs = defaultdict(list), defaultdict(list)
        for number in range(1, self.options.rounds + 1):
            say(f"All on one page, round {number} of {self.options.rounds} …")
            costs["attempt"].append(self.whole(quiz.slug, one_page_attempt, times))
            costs["bare"].append(self.upserts(upserting, "bare"))
        return {
            "cpu_s_per_attempt": round(statistics.median(costs["attempt"]), 4),
            "attempt_to_bare": middle(costs["attempt"], costs["bare"]),
            "ms": {step: percentiles(times[step]) for step in ("paper", "answer", "finish", "result")},
        }

    # --- single figures -----------------------------------------------------------

    def statements(self):
        """Statements of each step, transactions counted; the second person's, so caches are warm."""
        for person in self.people(2):
            browser = Client(headers={"accept-language": "zh-CN"})
            browser.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
            client = InProcess(browser, lambda: CaptureQueriesContext(connection))
            whole_attempt(client, QUIZ, self.right)
        steps = {step: max(counts) for step, counts in client.counts.items()}
        return steps | {"whole_attempt": sum(map(sum, client.counts.values()))}

    def sign_in(self):
        """The form and its password, apart from the attempts."""
        with Block(self.ours, self.everyone) as block:
            for number in range(SIGN_INS):
                Browser(self.ours.url).sign_in(CRAWLERS[number % len(CRAWLERS)], PASSWORD)
        return {"cpu_s": round(block.cpu / SIGN_INS, 4), "requests": 3}

    @staticmethod
    def answer_page(browser, attempt):
        reply = expect(browser.get("page", f"/attempts/{attempt.pk}/1/"), 200)
        return {"raw": len(reply.text.encode()), "gzip": reply.length}

    def largest_page(self):
        """The largest of the pages that links lead to, as five people see the demo."""
        found = {"raw": 0}
        for number in CRAWLERS:
            browser = OverHttp(self.ours.port, session_of(User.objects.get(employee_number=number)))
            todo = ["/"]
            for path in todo:
                reply = browser.get("crawl", path)
                if reply.status != 200 or not reply.text.startswith("<!doctype html>"):
                    continue
                size = {"path": path, "person": number, "raw": len(reply.text.encode()), "gzip": reply.length}
                found = max(found, size, key=lambda each: each["raw"])
                links = [link for link in LINK.findall(reply.text) if not link.startswith("/static")]
                todo += [link for link in dict.fromkeys(links) if link not in todo][: CRAWLED - len(todo)]
        return found

    def figures(self, blocks, times):
        """The ratios are of the same round; the middle one of all rounds is given."""
        answer, plain, raw, ok, attempt = (blocks[kind] for kind in ("answer", "bare", "raw", "ok", "attempt"))
        steps = ("open", "start", "question", "answer", "check", "finish", "result")
        return {
            "attempts_per_s": round(statistics.median(times["attempts_per_s"]), 2),
            "cpu_s_per_attempt": round(statistics.median(attempt), 4),
            "cpu_ms_per_answer": round(1000 * statistics.median(answer), 3),
            "cpu_ms_per_bare": round(1000 * statistics.median(plain), 3),
            "ok_to_answer": middle(ok, answer),
            "cpu_ms_per_ok": round(1000 * statistics.median(ok), 3),
            "cpu_ms_per_raw": round(1000 * statistics.median(raw), 3),
            "answer_to_bare": middle(answer, plain),
            "attempt_to_bare": middle(attempt, plain),
            "answer_to_raw": middle(answer, raw),
            "attempt_to_raw": middle(attempt, raw),
            "requests_per_attempt": sum(len(times[step]) for step in steps)
            // (self.options.rounds * self.options.attempts),
            "ms": {step: percentiles(times[step]) for step in steps},
        }
