import json
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import OperationalError

from staff.models import User, acting
from standards.formats.decoding import MAX_BYTES, Refused
from standards.importing import import_document


class Refusal(Exception):
    """A sentence about the call itself: no such file, no such person, no database."""


class Command(BaseCommand):
    help = "Imports a document as the draft of a standard. Nothing is published by itself."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--standard", default="", help="short name of the standard; else from the document")
        parser.add_argument("--by", default="", help="employee number of the owner of the draft")
        parser.add_argument("--dry-run", action="store_true", help="count and report, write nothing")
        parser.add_argument("--simplify", action="store_true", help="traditional characters become simplified")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, file, standard, by, dry_run, **options):
        try:
            counted = self._import(Path(file), by, slug=standard, dry_run=dry_run, simplify=options["simplify"])
        except (Refused, Refusal, User.DoesNotExist) as refusal:
            self._refuse(str(refusal), as_json=options["json"])
        except OperationalError:
            self._refuse("The database is not ready: run python manage.py migrate.", as_json=options["json"])
        if options["json"]:
            self.stdout.write(json.dumps(counted, ensure_ascii=False))
            return
        self.stdout.write(
            f"{counted['title']} ({counted['slug']}): {counted['clauses']} clauses, {counted['headings']} headings, "
            f"{len(counted['skipped'])} lines skipped of {counted['lines']}, {counted['encoding']}"
            + (" (dry run, nothing written)" if dry_run else "")
        )

    def _import(self, path, by, **told):
        data = self._bytes(path)
        return import_document(path.name, data, by=acting(by), **told)[1]

    def _bytes(self, path):
        try:
            if path.stat().st_size > MAX_BYTES:
                raise Refused("too_large", size=path.stat().st_size, limit=MAX_BYTES)
            return path.read_bytes()
        except OSError as error:
            raise Refusal(f"Cannot read {path}: {error.strerror}.") from None

    def _refuse(self, sentence, *, as_json):
        if as_json:
            self.stdout.write(json.dumps({"error": sentence}, ensure_ascii=False))
        else:
            self.stderr.write(sentence)
        raise SystemExit(1)
