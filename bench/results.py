"""`make bench-results`: the list of results, its files and item statistics of 300 and of 30,000 people. Prints JSON;
what the figures mean stands in bench/README.md."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=30_000)
    parser.add_argument("--few", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--database-url", default="", help="an empty database; by default a SQLite file of its own")
    return parser.parse_args()


def main():
    chosen = options()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "bench.bare_settings",
            "DATABASE_URL": chosen.database_url or f"sqlite:///{folder}/bench.sqlite3",
            "STATIC_ROOT": f"{folder}/static",
            "MEDIA_ROOT": f"{folder}/files",
        }
        for command in (["migrate", "-v", "0"], ["collectstatic", "--noinput", "-v", "0"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)
        import config.wsgi  # noqa: F401, PLC0415  the program as the server loads it, its collector included
        from bench.results_run import Run  # noqa: PLC0415  models can be imported only now

        print(json.dumps(Run(chosen).report(), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
