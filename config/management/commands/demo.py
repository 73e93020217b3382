import json
import sys
import time

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from config.demo import organisation, playing, reporting
from config.demo.browser import Unexpected
from config.packs import PackProblems, load
from config.supervising import CannotServe, Server, free_port, refuse_taken_port
from staff.models import Event, User


class Command(BaseCommand):
    help = "Plays the main job through the real forms, prints a report, and serves."

    def add_arguments(self, parser):
        parser.add_argument("--no-serve", action="store_true", help="stop after the report")
        parser.add_argument("--json", action="store_true", help="print the report as JSON, everything else to stderr")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, no_serve, port, **options):
        self._prepare()
        try:
            if not no_serve:
                refuse_taken_port("127.0.0.1", port)
            report = self._played() or self._play()
        except (Unexpected, CannotServe, PackProblems) as reason:
            raise CommandError(str(reason)) from None
        as_json = options["json"]
        base = f"http://127.0.0.1:{port}"
        self.stdout.write(json.dumps(report, ensure_ascii=False) if as_json else reporting.in_words(report, base))
        self.stdout.flush()
        if not no_serve:
            call_command("serve", port=port)

    def _say(self, sentence):
        self.stderr.write(sentence)

    def _prepare(self):
        try:
            settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
            (settings.VAR_DIR / ".writable").touch()
            call_command("compile_translations")
            call_command("migrate", verbosity=0, stdout=sys.stderr)
            call_command("collectstatic", verbosity=0, interactive=False, stdout=sys.stderr)
        except (OSError, OperationalError) as error:
            raise CommandError(
                f"Cannot write under {settings.VAR_DIR}: {error}. Use a folder you may write to."
            ) from None

    def _played(self):
        """The first run's report; refuses a database that holds anyone else's data."""
        done = Event.objects.filter(verb="demo-done").first()
        if done:
            self._say("The demo was played here before; this is its report.")
            return json.loads(done.after["report"])
        if Event.objects.filter(verb="demo-begin").exists():
            raise CommandError(
                "A demo was stopped half way in this database. Delete it (var/decorum.sqlite3) and run again."
            )
        if User.objects.exists() or Event.objects.exists():
            raise CommandError(
                "This database holds somebody's data; the demo plays only in an empty one. "
                "Set DATABASE_URL=sqlite:///var/demo.sqlite3, or move var/decorum.sqlite3 away."
            )
        return None

    def _play(self):
        began = time.monotonic()
        Event.write("demo-begin", actor=None, subject="demo")
        self._say("Building the organisation …")
        root = organisation.build()
        with Server(free_port(), quiet=True) as server:
            self._say("Ana imports, reviews and publishes the standard …")
            playing.publish_standard(server.url)
            load(settings.BASE_DIR / "packs" / "etiquette", by=root)
            organisation.assign(root)
            self._say("Mira learns, takes the quiz and plays the scenario …")
            playing.learn(server.url)
            self._say("Otto observes; Hui appraises and signs …")
            playing.observe(server.url)
            playing.appraise(server.url)
        report = reporting.report(time.monotonic() - began)
        # The event's digest takes no floats, so the report is kept as the JSON it printed.
        Event.write("demo-done", actor=None, subject="demo", after={"report": json.dumps(report, ensure_ascii=False)})
        return report
