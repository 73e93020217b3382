"""What `make bench-results` measures."""

import gc
import os
import random
import resource
import statistics
import threading
import time
from math import log
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from quizzes.models import Attempt
from scoring import analysis, exporting
from staff.models import User
from tests import crowd, make

LIST, CSV = "/results/", "/results/results.csv"


def memory_mib():
    """Resident memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


class Growth(threading.Thread):
    """Looks every 5 ms how much memory the process holds above what it held at first."""

    def __init__(self):
        super().__init__(daemon=True)
        gc.collect()
        self.before, self.most, self.done = memory_mib(), 0.0, threading.Event()

    def run(self):
        while not self.done.wait(0.005):
            self.most = max(self.most, memory_mib() - self.before)


def grown(work):
    """(CPU-seconds, MiB of growth at most, what the work gave)"""
    growth = Growth()
    growth.start()
    seconds, found = cpu(work)
    growth.done.set()
    growth.join()
    return round(seconds, 3), round(growth.most, 1), found


def cpu(work):
    """(CPU-seconds of this process, what the work gave); on SQLite the database is included."""
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


class Run:
    def __init__(self, chosen):
        self.chosen = chosen
        self.world = make.people()
        self.world.standard = make.standard(by=self.world.root)
        self.items = [make.item(by=self.world.root, slug=f"q{at}") for at in range(10)]
        self.quiz = make.quiz(by=self.world.root, count=10)
        self.sizes = [chosen.few, chosen.people]

    def grow(self, n):
        """Up to n people who have finished, ten items each."""
        chance, have = random.Random(n), Attempt.objects.count()
        while have < n:
            part = min(5_000, n - have)
            people = crowd.people(part, self.world.desk, prefix=f"B{have}-", works=False)
            rows = [[["b"] if chance.random() < 0.7 else ["a"] for _ in self.items] for _ in people]
            crowd.sat(people, self.quiz, self.items, rows, unit=self.world.desk, answers=False)
            have += part
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def report(self):
        found = {}
        for n in self.sizes:
            self.grow(n)
            make.forget()
            found[n] = self.measure()
        few, many = (found[n] for n in self.sizes)
        growth = log(self.sizes[1] / self.sizes[0])
        exponents = {name: round(log(many[name] / few[name]) / growth, 3) for name in
                     ("page_cpu_ms", "csv_cpu_s", "excel_cpu_s", "statistics_cpu_s")}  # fmt: skip
        page = round(many["page_cpu_ms"] / few["page_cpu_ms"], 3)
        return {"people": found, "page_many_to_few": page, "exponents": exponents, "vendor": connection.vendor,
                "cores": os.cpu_count()}  # fmt: skip

    def measure(self):
        browser = Client()
        browser.force_login(self.world.ana, "allauth.account.auth_backends.AuthenticationBackend")
        browser.get(LIST)
        with CaptureQueriesContext(connection) as said:
            browser.get(LIST)
        statements = len(said)  # before the next request empties the log
        pages = [cpu(lambda: browser.get(LIST))[0] for _ in range(self.chosen.rounds)]
        csv, csv_memory, size = grown(lambda: sum(map(len, browser.get(CSV).streaming_content)))
        excel, excel_memory, rows = grown(self.excel)
        figures, figures_memory, _found = grown(lambda: analysis.of_quiz(self.quiz.slug))
        return {
            "page_cpu_ms": round(1000 * statistics.median(pages), 2),
            "page_statements": statements,
            "csv_cpu_s": csv,
            "csv_bytes": size,
            "csv_memory_mib": csv_memory,
            "excel_cpu_s": excel,
            "excel_rows": rows,
            "excel_memory_mib": excel_memory,
            "statistics_cpu_s": figures,
            "statistics_memory_mib": figures_memory,
        }

    def excel(self):
        owner = User.objects.get(pk=self.world.ana.pk)
        return exporting.write(Job.objects.create(kind=exporting.KIND, subject="bench", owner=owner,
                                                  parameters={"language": "en"}))["rows"]  # fmt: skip
