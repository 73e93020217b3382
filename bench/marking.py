"""`make bench-marking`: one item of a quiz voided after 10,000 people took it, 100,000 answers marked anew by a job.
Prints JSON; what the figures mean stands in bench/README.md."""

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
    parser.add_argument("--attempts", type=int, default=10_000)
    parser.add_argument("--items", type=int, default=10, help="questions of each attempt")
    parser.add_argument("--database-url", default="", help="an empty database; by default a SQLite file of its own")
    return parser.parse_args()


def main():
    chosen = options()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": chosen.database_url or f"sqlite:///{folder}/bench.sqlite3",
            "STATIC_ROOT": f"{folder}/static",
            "MEDIA_ROOT": f"{folder}/files",
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, check=True)
        import config.wsgi  # noqa: F401, PLC0415  the program as the server loads it, its collector included
        from bench.marking_run import report  # noqa: PLC0415  models can be imported only now

        print(json.dumps(report(chosen), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
