import json
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import OperationalError

from quizzes.formats.reading import FORMATS, Refused, Unreadable
from quizzes.importing import RefusedRows, import_items
from staff.models import User, acting
from standards.formats.decoding import MAX_BYTES


class Refusal(Exception):
    """A sentence about the call itself: no such file, no such person, no database."""


class Command(BaseCommand):
    help = "Imports a file of questions into the item bank as drafts, all of it or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--format", default="auto", choices=FORMATS)
        parser.add_argument("--clause", default="", help="key of the clause for rows that name none")
        parser.add_argument("--by", default="", help="employee number of the owner of the items")
        parser.add_argument("--good-rows", action="store_true", help="leave refused rows out and import the others")
        parser.add_argument("--publish", action="store_true", help="publish at once instead of leaving drafts")
        parser.add_argument("--dry-run", action="store_true", help="count and report, write nothing")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, file, by, dry_run, **options):
        try:
            plan = self._import(Path(file), by, dry_run, options)
        except RefusedRows as refused:
            self._tell(refused.plan, options["json"])
            self.stderr.write(f"{refused} Mend them, or import the others with --good-rows.")
            raise SystemExit(1) from None
        except (Refused, Unreadable, Refusal, User.DoesNotExist) as refusal:
            self._refuse(str(refusal), as_json=options["json"])
        except OperationalError:
            self._refuse("The database is not ready: run python manage.py migrate.", as_json=options["json"])
        self._tell(plan, options["json"])
        if dry_run:
            self.stderr.write("Dry run: nothing was written.")

    def _import(self, path, by, dry_run, options):
        told = {"format": options["format"], "clause": options["clause"], "publish": options["publish"]}
        return import_items(
            path.name, _bytes(path), by=acting(by), good_rows_only=options["good_rows"], dry_run=dry_run, **told
        )

    def _tell(self, plan, as_json):
        counted = plan.counted()
        if as_json:
            self.stdout.write(json.dumps(counted, ensure_ascii=False))
            return
        self.stdout.write(
            f"{counted['read']} read ({plan.format}): {counted['new']} new, {counted['changed']} changed, "
            f"{counted['same']} the same, {len(counted['refused'])} refused"
        )
        for refused in counted["refused"]:
            self.stdout.write(refused["problem"])

    def _refuse(self, sentence, *, as_json):
        if as_json:
            self.stdout.write(json.dumps({"error": sentence}, ensure_ascii=False))
        else:
            self.stderr.write(sentence)
        raise SystemExit(1)


def _bytes(path):
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Refused("too_large", size=path.stat().st_size, limit=MAX_BYTES)
        return path.read_bytes()
    except OSError as error:
        raise Refusal(f"Cannot read {path}: {error.strerror}.") from None
