import json

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from config.packs import PackProblems, load
from staff.frozen import Frozen
from staff.models import User, acting
from standards.citing import UnknownClause


class Command(BaseCommand):
    help = "Loads a pack of content as published versions (docs/formats.md)."

    def add_arguments(self, parser):
        parser.add_argument("folder")
        parser.add_argument("--by", default="", help="employee number of the person who publishes")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, write nothing")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, folder, by, dry_run, **options):
        try:
            report = load(folder, by=acting(by), dry_run=dry_run)
        except (PackProblems, User.DoesNotExist, Frozen, UnknownClause) as refusal:
            self._refuse(str(refusal), as_json=options["json"])
        except DatabaseError as error:
            reason = str(error).strip().partition("\n")[0]
            sentence = f"The database is not ready ({reason}). Check DATABASE_URL, then run python manage.py migrate."
            self._refuse(sentence, as_json=options["json"])
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self._tell(report, dry_run)

    def _refuse(self, sentence, *, as_json):
        if as_json:
            self.stdout.write(json.dumps({"error": sentence}, ensure_ascii=False))
            raise SystemExit(1) from None
        raise CommandError(sentence) from None

    def _tell(self, report, dry_run):
        counts = ", ".join(f"{len(report[word])} {word}" for word in ("new", "changed", "same"))
        self.stdout.write(f"{counts}{' (dry run, nothing written)' if dry_run else ''}")
        if report["ignored"]:
            self.stdout.write(f"Not read, for no file of a pack is called so: {', '.join(report['ignored'])}")
