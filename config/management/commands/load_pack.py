import json

from django.core.management.base import BaseCommand, CommandError

from config.packs import PackProblems, load
from staff.models import User, acting


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
        except (PackProblems, User.DoesNotExist) as problems:
            if options["json"]:
                self.stdout.write(json.dumps({"error": str(problems)}, ensure_ascii=False))
                raise SystemExit(1) from None
            raise CommandError(str(problems)) from None
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            counts = ", ".join(f"{len(found)} {word}" for word, found in report.items())
            self.stdout.write(f"{counts}{' (dry run, nothing written)' if dry_run else ''}")
