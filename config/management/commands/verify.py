import json
from dataclasses import asdict

from django.core.management.base import BaseCommand

from config.verifying import verify


class Command(BaseCommand):
    help = "Computes every digest and register again; prints what differs and the head of the event chain."

    def add_arguments(self, parser):
        parser.add_argument("--head", default="", help="a head hash written down earlier: finds a removed end")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, head, **options):
        found = verify(head.strip().lower())
        differences = found["differences"]
        if options["json"]:
            self.stdout.write(
                json.dumps(found | {"differences": [asdict(row) for row in differences]}, ensure_ascii=False)
            )
        else:
            self.stdout.write(", ".join(f"{count} {name}" for name, count in found["checked"].items()))
            for difference in differences:
                self.stdout.write(str(difference))
            self.stdout.write("Nothing differs." if not differences else f"{len(differences)} differences.")
            self.stdout.write(f"head {found['head']}")
        if differences:
            raise SystemExit(1)
