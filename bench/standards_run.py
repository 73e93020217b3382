"""The bench of standards itself, after django.setup()."""

import gc
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import documents
from bench.processes import machine_seconds
from jobs.models import Job
from jobs.running import send
from staff.models import User
from staff.publishing import publish
from standards.importing import keep_file
from standards.models import Passage, Standard
from standards.searching import search, used

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ("txt", "html", "docx", "xlsx")
WORKER = ["db_worker", "--queue-name", "*", "--batch", "--no-startup-delay", "--no-reload", "--verbosity", "0"]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def say(sentence):
    print(sentence, file=sys.stderr, flush=True)


class Run:
    def __init__(self, options):
        self.options = options
        self.words = documents.Words()
        self.root = User.objects.create_superuser("BENCH", "bench-bench-bench", name="Bench")
        self.browser = Client(headers={"accept-language": "zh-CN"})
        self.browser.force_login(self.root, BACKEND)

    def report(self, parts):
        began, busy, own = time.perf_counter(), machine_seconds(), _own_seconds()
        figures = {part: getattr(self, f"of_{part}")() for part in parts}
        elsewhere = (machine_seconds() - busy) - (_own_seconds() - own)
        foreign = round(max(0.0, elsewhere) / (time.perf_counter() - began), 3)
        return figures | {"foreign_cpu_of_one_core": foreign, "database": connection.vendor}

    # --- import -------------------------------------------------------------------

    def of_import(self):
        """Every format new, and text once more with every twentieth rule reworded; half of it for the growth."""
        size = self.options.kilobytes * 1024
        found = {kind: self.imported(*documents.document(kind, size, self.words)) for kind in FORMATS}
        name, data = documents.document("txt", size // 2, self.words)
        found["txt_half"] = self.imported(name, data, slug="half")
        found["txt_again"] = self.again()
        return found

    def imported(self, name, data, slug=""):
        """One import by a worker of its own, as `serve` runs it: the whole process, and the job in it."""
        slug = slug or name.replace(".", "-")
        say(f"Importing {name} ({len(data):,} bytes) …")
        file = keep_file(name, data)
        told = {"file": file.pk, "name": name, "slug": slug, "replace": True, "simplify": False}
        job = send("import-standard", name, owner=self.root, parameters=told)
        process, seconds, cpu, peak = _worker()
        job = Job.objects.get(pk=job.pk)
        if process or job.state != Job.DONE:
            raise SystemExit(f"The import of {name} ended {job.state}: {job.error}")
        return {
            "bytes": len(data),
            "clauses": job.result["clauses"],
            "process_s": round(seconds, 2),
            "process_cpu_s": round(cpu, 2),
            "peak_rss_mib": round(peak / 1024, 1),
        }

    def again(self):
        """The text published, then imported with every twentieth rule reworded: each clause must be known again."""
        draft = Standard.objects.draft_of("bench-txt")
        rules = [f"{row['number']} {row['text']['zh']}" for row in draft.body["clauses"]]
        publish(draft, self.root)
        for at in range(0, len(rules), 20):
            rules[at] = rules[at][:-4] + self.words.chinese(2)
        text = "# 服务规范\n" + "\n".join(f"- {rule}" for rule in rules)
        return self.imported("bench-again.txt", text.encode(), slug="bench-txt")

    # --- coverage -----------------------------------------------------------------

    def of_coverage(self):
        return {str(clauses): self.coverage(clauses) for clauses in (500, 1000)}

    def coverage(self, clauses):
        say(f"Coverage of {clauses} clauses …")
        slug = f"cov{clauses}"
        documents.standard(slug, clauses, self.root, self.words)
        return self.page(f"/standards/{slug}/coverage/")

    def page(self, *paths):
        """Statements, milliseconds and the ratio to the bare page, in this process; every path once a round."""
        for path_ in (*paths[:5], "/bare/"):
            self.browser.get(path_)
        times, bare_times, statements, size = [], [], set(), 0
        for _ in range(self.options.rounds):
            for path_ in paths:
                bare_times.append(self.timed("/bare/")[0])
                ms, reply = self.timed(path_)
                times.append(ms)
                size = max(size, len(reply.content))
        for path_ in paths[:20]:
            with CaptureQueriesContext(connection) as captured:
                self.browser.get(path_)
            statements.add(len(captured))
        ratio = statistics.median(times) / statistics.median(bare_times)
        told = {"statements": sorted(statements), "ratio_to_bare": round(ratio, 2), "html_bytes": size}
        return told | {"ms": percentiles(times), "bare_ms": percentiles(bare_times)}

    def timed(self, path_):
        began = time.perf_counter()
        reply = self.browser.get(path_)
        if reply.status_code != 200:
            raise SystemExit(f"{path_} answered {reply.status_code}")
        return 1000 * (time.perf_counter() - began), reply

    # --- search -------------------------------------------------------------------

    def of_search(self):
        half = self.options.clauses // 2
        self.filled(half, "a")
        found = {str(half): self.searched()}
        self.filled(half, "b")
        return found | {str(2 * half): self.searched()}

    def filled(self, clauses, letter):
        """Standards of 1,000 clauses, a lesson to every ten clauses, an item to every two."""
        say(f"Publishing {clauses} clauses …")
        for at in range(0, clauses, 1000):
            documents.standard(f"{letter}{at // 1000}", min(1000, clauses - at), self.root, self.words)
        some = documents.wordings(500)
        documents.courses(letter, max(1, clauses // 200), 20, self.root, self.words, some)
        documents.items(letter, clauses // 2, self.root, self.words, some)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def queries(self):
        """{kind: queries}: frequent and rare words, one character, English, two words, keys, numbers, nothing."""
        zh, en = self.words.zh, self.words.en
        places = [0, 3, 10, 30, 100, 300, 1000, 3000]
        return {
            "word": [zh[at] for at in places],
            "character": [zh[at][0] for at in places],
            "english": [en[at % len(en)] for at in places],
            "two_words": [f"{zh[at]} {zh[at + 1]}" for at in places],
            "beginning": [en[at % len(en)][:3] for at in places],
            "key": [f"A{at}-RULE-{100 * at + 7:04}" for at in range(5)],
            "number": ["1.2", "7.15", "30.1"],
            "nothing": ["龘龘", "zzzzzz"],
        }

    def searched(self):
        say(f"Searching {Passage.objects.count()} passages …")
        # What is left of the filling is no server's: its collector would walk through it in the middle of a search.
        gc.collect()
        gc.freeze()
        every = [query for asked in self.queries().values() for query in asked]
        times = {query: list(self.ms_of(query)) for query in every}
        alone, cpu = (percentiles([ms[at] for each in times.values() for ms in each]) for at in (0, 1))
        kinds = {
            name: percentiles([ms for query in asked for ms, _cpu in times[query]])
            for name, asked in self.queries().items()
        }
        page = self.page(*("/search/?" + urlencode({"q": query}) for query in every))
        told = {"passages": Passage.objects.count(), "search_ms": alone, "search_cpu_ms": cpu}
        return told | {"search_ms_by_query": kinds, "page": page}

    def ms_of(self, query):
        for _ in range(self.options.rounds):
            began, cpu = time.perf_counter(), time.process_time()
            used(list(search(query).page.object_list))
            yield 1000 * (time.perf_counter() - began), 1000 * (time.process_time() - cpu)


def _worker():
    """(exit code, seconds, CPU-seconds, peak RSS in KiB) of a worker that runs what is queued and ends."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "manage.py", *WORKER], cwd=ROOT)
    _pid, status, usage = os.wait4(process.pid, 0)
    return status, time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def _own_seconds():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def percentiles(values):
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {f"p{place}": round(cuts[place - 1], 2) for place in (50, 95)} | {"max": round(max(values), 2)}
