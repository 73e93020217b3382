"""`make bench`: whole quiz attempts against the server as `make demo` starts it, and the bare view, in one
run. Prints JSON; what the figures mean stands in bench/README.md."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import django

PARTS = ("statements", "sign_in", "attempts", "one_page", "at_once", "starting", "writes", "growth")
ROOT = Path(__file__).resolve().parent.parent


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--attempts", type=int, default=80, help="whole attempts in a block")
    parser.add_argument("--answers", type=int, default=2000, help="requests in a block of answers")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="by default all")
    parser.add_argument("--limit", type=int, default=3600, help="seconds after which it gives up")
    parser.add_argument("--database-url", default="", help="an empty database; by default a SQLite file of its own")
    return parser.parse_args()


def give_up(*_):
    raise SystemExit("The bench took longer than its limit: is the machine busy? --limit SECONDS sets another.")


def main():
    chosen = options()
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(chosen.limit)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": chosen.database_url or f"sqlite:///{folder}/bench.sqlite3",
            "STATIC_ROOT": f"{folder}/static",
            "MEDIA_ROOT": f"{folder}/files",
        }
        demo = [sys.executable, "manage.py", "demo", "--no-serve", "--json"]
        subprocess.run(demo, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        django.setup()
        from bench.run import Run  # noqa: PLC0415  models can be imported only now

        print(json.dumps(Run(chosen).report(), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
