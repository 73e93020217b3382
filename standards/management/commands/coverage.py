import json

from django.core.management.base import BaseCommand, CommandError

from staff.models import JobRole
from standards.coverage import WAYS, coverage, known, summed


class Command(BaseCommand):
    help = "Counts which clauses in force are taught, tested, played and observed, and lists the gaps."

    def add_arguments(self, parser):
        parser.add_argument("--standard", default="", help="short name; all standards without it")
        parser.add_argument("--role", default="", help="job role: clauses for it and for everyone")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, standard, role, **options):
        if standard and not known(standard):
            raise CommandError(f"No published standard is called {standard}.")
        if role and not JobRole.objects.filter(slug=role).exists():
            raise CommandError(f"No job role is called {role}.")
        found = summed(coverage(standard, role))
        if options["json"]:
            return self.stdout.write(json.dumps(found))
        self.stdout.write(f"{found['clauses']} clauses")
        for weight, counts in found["by_weight"].items():
            told = ", ".join(f"{way} {counts[way]}" for way in WAYS)
            self.stdout.write(f"{weight}: {counts['n']} ({told})")
        for gap in found["gaps"]:
            self.stdout.write(f"{gap['clause']}: not {', '.join(gap['missing'])}")
        return None
