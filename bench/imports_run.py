"""The bench of importing and exporting items itself, after django.setup()."""

import resource
import statistics
import time

from bench import documents
from bench.processes import machine_seconds
from quizzes.exporting import MEDIA, bank_items, export
from quizzes.importing import import_items
from staff.models import User
from tests.standards.office import excel

HEADERS = ["题型", "题干", "选项A", "选项B", "选项C", "选项D", "正确答案", "解析", "难度", "知识点", "分值"]


class Run:
    def __init__(self, options):
        self.rows, self.rounds = options.rows, options.rounds
        self.words = documents.Words()
        self.root = User.objects.create_superuser("BENCH", "bench-bench-bench", name="Bench")
        self.standard = documents.standard("bench", 200, self.root, self.words)
        self.keys = [row["key"] for row in self.standard.body["clauses"]]

    def report(self):
        began, machine = time.perf_counter(), machine_seconds()
        told = {"rows": self.rows, "import": self.imports()}
        told["export"] = {format: self.exported(format) for format in MEDIA}
        told["memory_kb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        busy = (machine_seconds() - machine) / (time.perf_counter() - began)
        return told | {"busy_cores_of_the_machine": round(busy, 2)}

    def bank(self, rows):
        """The bytes of an Excel file of questions nobody has asked yet."""
        say, choice = self.words.chinese, self.words.random.choice
        table = [
            [
                *("单选" if at % 2 else "多选", say(12), *(say(4) for _ in range(4)), "B" if at % 2 else "AC", say(15)),
                *(choice("易中难"), choice(self.keys), "2"),
            ]
            for at in range(rows)
        ]
        return excel(bank=[HEADERS, *table])

    def imports(self):
        found = {"preview": [], "drafts": [], "again": [], "published": [], "half": []}
        for _ in range(self.rounds):
            first, second, half = self.bank(self.rows), self.bank(self.rows), self.bank(self.rows // 2)
            found["preview"].append(self.seconds(first, dry_run=True))
            found["drafts"].append(self.seconds(first))
            found["again"].append(self.seconds(first))
            found["published"].append(self.seconds(second, publish=True))
            found["half"].append(self.seconds(half))
        middle = {name: round(statistics.median(values), 2) for name, values in found.items()}
        return middle | {"half_to_whole": round(middle["drafts"] / middle["half"], 2)}

    def seconds(self, data, **options):
        began = time.perf_counter()
        plan = import_items("bank.xlsx", data, by=self.root, good_rows_only=True, **options)
        taken = time.perf_counter() - began
        assert not [row for row in plan.rows if row.state == "refused"], plan.counted()["refused"][:3]
        return taken

    def exported(self, format):
        began = time.perf_counter()
        made = export(bank_items(), format, "zh-hans")
        return {"items": made.written, "seconds": round(time.perf_counter() - began, 2), "bytes": len(made.data)}
