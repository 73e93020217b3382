"""The web server and the task worker as two child processes, and one way to stop both.

granian forks and the worker takes signals, so neither can be a thread. granian shares a port
silently with a second copy: the port is tried and a lock file taken first. SIGTERM in granian's
first half second is lost: it is sent again, then the child is killed.
"""

import fcntl
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections

from jobs.running import tick

TICK_S = 15


class CannotServe(Exception):
    """Why the server cannot start, as a sentence."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def refuse_taken_port(host, port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise CannotServe(
                f"Port {port} on {host} is in use. Stop what runs there, or choose another: manage.py serve --port 8001"
            ) from None


class Server:
    """`with Server(port) as server:` runs both children; `server.wait()` until one ends or Ctrl-C."""

    def __init__(self, port, *, host="127.0.0.1", threads=16, quiet=False):
        self.host, self.port, self.threads, self.quiet = host, port, threads, quiet
        self.children = []

    @property
    def url(self):
        return f"http://{self.host}:{self.port}"

    def __enter__(self):
        refuse_taken_port(self.host, self.port)
        self._lock()
        self.children = [self._start(self._web()), self._start(self._worker())]
        try:
            self._until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        Path(self._lock_file.name).unlink(missing_ok=True)
        self._lock_file.close()

    def _lock(self):
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        self._lock_file = (settings.VAR_DIR / f"serve-{self.port}.lock").open("w")
        try:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotServe(f"Another copy serves port {self.port} already.") from None

    def _start(self, command):
        out = subprocess.DEVNULL if self.quiet else sys.stderr
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        return subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            start_new_session=True,
        )

    def _web(self):
        options = f"--interface wsgi --host {self.host} --port {self.port} --workers 1 --no-ws --log-level warning"
        limits = f"--blocking-threads {self.threads} --http1-header-read-timeout 10000"
        return [sys.executable, "-m", "granian", *options.split(), *limits.split(), "config.wsgi:application"]

    def _worker(self):
        options = ["db_worker", "--queue-name", "*", "--interval", "0.5", "--no-startup-delay", "--verbosity", "0"]
        return [sys.executable, "manage.py", *options]

    def _until_ready(self, patience=30):
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if any(child.poll() is not None for child in self.children):
                break
            try:
                urllib.request.urlopen(f"{self.url}/healthz/", timeout=2).close()
            except urllib.error.HTTPError:
                return  # it answers; that this address is not an allowed host is another matter
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise CannotServe(f"The server did not come up on port {self.port}. Run manage.py serve and read what it says.")

    def wait(self):
        """Ticks the schedules until a child ends; the exit code."""
        next_tick = 0
        while all(child.poll() is None for child in self.children):
            if time.monotonic() >= next_tick:
                tick()
                close_old_connections()
                next_tick = time.monotonic() + TICK_S
            time.sleep(0.3)
        return next(child.returncode for child in self.children if child.poll() is not None)

    def stop(self):
        for _ in range(3):
            for child in self.children:
                if child.poll() is None:
                    child.terminate()
            if self._ended(2):
                return
        for child in self.children:
            if child.poll() is None:
                child.kill()
        self._ended(2)

    def _ended(self, patience):
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if all(child.poll() is not None for child in self.children):
                return True
            time.sleep(0.05)
        return False
