from django.core.management.base import BaseCommand, CommandError

from config.supervising import CannotServe, Server, interruptible, refuse_lame_database


class Command(BaseCommand):
    help = "Web server and task worker; one Ctrl-C stops both."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--threads", type=int, default=16)

    def handle(self, *, host, port, threads, **options):
        interruptible()
        try:
            refuse_lame_database()
            with Server(port, host=host, threads=threads) as server:
                self.stderr.write(f"Decorum serves {server.url} (Ctrl-C stops it)")
                code = server.wait()
        except CannotServe as reason:
            raise CommandError(str(reason)) from None
        except KeyboardInterrupt:
            self.stderr.write("Stopped.")
            return
        raise CommandError(f"The web server ended by itself (exit code {code}); the worker was stopped.")
