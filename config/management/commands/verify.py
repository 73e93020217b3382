import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from config.verifying import verify


class Command(BaseCommand):
    help = "Computes every digest and register again; prints what differs and the head of the event chain."

    def add_arguments(self, parser):
        parser.add_argument("--head", default="", help="a head hash written down earlier: finds a removed end")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, head, **options):
        try:
            refused, found = _unready(), None
            if not refused:
                found = verify(head.strip().lower())
        except DatabaseError as error:
            refused = f"The database cannot be read: {error}. Is DATABASE_URL right? Nothing was verified."
        if refused:
            self._refuse(refused, options["json"])
        differences = found["differences"]
        if options["json"]:
            self.stdout.write(
                json.dumps(found | {"differences": [asdict(row) for row in differences]}, ensure_ascii=False)
            )
        else:
            self.stdout.write(", ".join(f"{name} {count}" for name, count in found["checked"].items()))
            for difference in differences:
                self.stdout.write(str(difference))
            self.stdout.write(_summary(len(differences)))
            self.stdout.write(f"head {found['head']}")
        if differences:
            raise SystemExit(1)

    def _refuse(self, sentence, as_json):
        if as_json:
            self.stdout.write(json.dumps({"error": sentence}, ensure_ascii=False))
        else:
            self.stderr.write(sentence)
        raise SystemExit(1)


def _unready():
    """Why this is no database to verify, as a sentence, or ""."""
    name = connection.settings_dict["NAME"]
    # SQLite would make an empty file of that name.
    if connection.vendor == "sqlite" and "mode=memory" not in str(name) and not Path(name).exists():
        return f"There is no database {name}. Is DATABASE_URL right? Nothing was verified."
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return "The tables are not those of this version: run manage.py migrate first. Nothing was verified."
    return ""


def _summary(count):
    if not count:
        return "Nothing differs."
    return "1 difference." if count == 1 else f"{count} differences."
