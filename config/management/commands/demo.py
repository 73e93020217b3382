import json
import sys
import time

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection

from config.demo import colleagues, organisation, playing, reporting
from config.demo.browser import Unexpected
from config.packs import PackProblems, load
from config.supervising import (
    CannotServe,
    Interrupted,
    Server,
    database_name,
    database_problem,
    free_port,
    interruptible,
    refuse_taken_port,
)
from staff.models import Event, User

OTHER_PORT = 'make demo ARGS="--port {port}"'


class Command(BaseCommand):
    help = "Plays the main job through the real forms, prints a report, and serves."

    def add_arguments(self, parser):
        parser.add_argument("--no-serve", action="store_true", help="stop after the report")
        parser.add_argument("--json", action="store_true", help="print the report as JSON, everything else to stderr")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, no_serve, port, **options):
        interruptible()
        self.playing = False
        try:
            if not no_serve:
                refuse_taken_port("127.0.0.1", port, another=OTHER_PORT)
            self._prepare()
            report = self._played() or self._play()
        except (Unexpected, CannotServe, PackProblems) as reason:
            raise CommandError(self._told(str(reason))) from None
        except Error as error:
            raise CommandError(self._told(database_problem(error))) from None
        except Interrupted as signal:
            raise CommandError(self._told("Stopped."), returncode=128 + signal.number) from None
        base = f"http://127.0.0.1:{port}"
        self.stdout.write(
            json.dumps(report, ensure_ascii=False) if options["json"] else reporting.in_words(report, base)
        )
        self.stdout.flush()
        if not no_serve:
            call_command("serve", port=port)

    def _say(self, sentence):
        self.stderr.write(sentence)

    def _told(self, sentence):
        """A sentence about an end, with what it leaves behind."""
        return f"{sentence} The play broke off half way: {_begin_anew()}" if self.playing else sentence

    def _prepare(self):
        try:
            settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
            (settings.VAR_DIR / ".writable").touch()
            call_command("compile_translations")
            call_command("migrate", verbosity=0, stdout=sys.stderr)
            call_command("collectstatic", verbosity=0, interactive=False, stdout=sys.stderr)
        except OSError as error:
            raise CommandError(
                f"Cannot write {error.filename or settings.VAR_DIR}: {error.strerror}. "
                "Copy the project to a folder of yours and run again."
            ) from None

    def _played(self):
        """The first run's report; refuses a database that holds anyone else's data."""
        done = Event.objects.filter(verb="demo-done").first()
        if done:
            self._say("The demo was played here before; this is its report.")
            return json.loads(done.after["report"])
        if Event.objects.filter(verb="demo-begin").exists():
            raise CommandError(
                f"A demo was begun here and did not come to its end. Unless it plays still, {_begin_anew()}"
            )
        if User.objects.exists() or Event.objects.exists():
            raise CommandError(
                f"{database_name()} holds somebody's data; the demo plays only in an empty database. "
                "Name another: DATABASE_URL=sqlite:///var/demo.sqlite3 make demo"
            )
        return None

    def _play(self):
        began = time.monotonic()
        Event.write("demo-begin", actor=None, subject="demo")
        self.playing = True
        self._say("Building the organisation …")
        root = organisation.build()
        with Server(free_port(), quiet=True) as server:
            self._say("Ana imports, reviews and publishes the standard …")
            playing.publish_standard(server.url)
            load(settings.BASE_DIR / "packs" / "etiquette", by=root)
            organisation.assign(root)
            colleagues.learn()
            self._say("Mira learns, takes the quiz and plays the scenario …")
            playing.learn(server.url)
            self._say("Otto observes; Hui appraises and signs …")
            playing.observe(server.url)
            playing.appraise(server.url)
        report = reporting.report(time.monotonic() - began)
        # The event's digest takes no floats, so the report is kept as the JSON it printed.
        Event.write("demo-done", actor=None, subject="demo", after={"report": json.dumps(report, ensure_ascii=False)})
        self.playing = False
        return report


def _begin_anew():
    place = f"{database_name()} with its -wal and -shm" if connection.vendor == "sqlite" else database_name()
    return f"delete {place} and run again."
