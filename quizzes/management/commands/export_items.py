import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from quizzes.exporting import LEFT_OUT, LOST, MEDIA, bank_items, export


class Command(BaseCommand):
    help = "Writes the item bank as Excel, GIFT or Moodle XML, and says what the format cannot carry."

    def add_arguments(self, parser):
        parser.add_argument("--format", default="xlsx", choices=sorted(MEDIA))
        parser.add_argument("--standard", default="", help="short name; all standards without it")
        parser.add_argument("--language", default="zh-hans", choices=["zh-hans", "en"])
        parser.add_argument("-o", "--output", required=True)
        parser.add_argument("--json", action="store_true")

    def handle(self, *, format, standard, language, output, **options):
        made = export(bank_items(standard=standard), format, language)
        try:
            Path(output).write_bytes(made.data)
        except OSError as error:
            raise CommandError(f"Cannot write {output}: {error.strerror}.") from None
        told = {"written": made.written, "left_out": made.left, "not_carried": [*LOST[format], *LEFT_OUT[format]]}
        if options["json"]:
            return self.stdout.write(json.dumps(told, ensure_ascii=False))
        self.stdout.write(f"{made.written} items in {output}, {sum(made.left.values())} left out")
        self.stdout.write(f"Not carried by {format}: {'; '.join(told['not_carried'])}.")
        return None
