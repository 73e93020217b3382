import json

from django.core.management.base import BaseCommand, CommandError

from scoring.impact import affected
from standards.changes import TOLD, between
from standards.models import Standard


class Command(BaseCommand):
    help = "Compares two published versions of a standard and says what the changes touch."

    def add_arguments(self, parser):
        parser.add_argument("slug")
        parser.add_argument("old", type=int)
        parser.add_argument("new", type=int)
        parser.add_argument("--json", action="store_true")

    def handle(self, *, slug, old, new, **options):
        found = between(self._version(slug, old), self._version(slug, new))
        keys = [row["key"] for name in TOLD for row in found[name]]
        told = {
            "added": [row["key"] for row in found["added"]],
            "removed": [row["key"] for row in found["removed"]],
            "changed": [{"key": row["key"], "old": row["old"], "new": row["new"]} for row in found["changed"]],
            "moved": [row["key"] for row in found["moved"]],
            "affected": affected(keys),
        }
        if options["json"]:
            return self.stdout.write(json.dumps(told, ensure_ascii=False))
        for name in ("added", "removed", "moved"):
            self.stdout.write(f"{name}: {', '.join(told[name]) or '–'}")
        for row in told["changed"]:
            self.stdout.write(f"changed: {row['key']}\n  - {_words(row['old'])}\n  + {_words(row['new'])}")
        for name, rows in told["affected"].items():
            self.stdout.write(f"{name}: {', '.join(rows) or '–'}")
        return None

    def _version(self, slug, number):
        found = Standard.objects.published().filter(slug=slug, number=number).first()
        if found is None:
            numbers = ", ".join(map(str, Standard.objects.published_numbers(slug))) or "none"
            raise CommandError(f"There is no published version {number} of {slug}; there are: {numbers}.")
        return found


def _words(text):
    return " | ".join(words for words in (text.get("zh"), text.get("en")) if words)
