"""The web server and the task worker as two child processes, and one way to stop both.

granian forks and the worker takes signals, so neither can be a thread. granian shares a port
silently with a second copy: the port is tried and a lock file taken first. SIGTERM in granian's
first second is lost and its own child stays behind: so both run in one process group, which is
told to end, told again, and then killed as a whole. The group's leader is a guard that holds a
pipe to us: when we are gone without a word (kill -9), it ends the group in our place. Linux's
PR_SET_PDEATHSIG would reach neither granian's child nor any other system.
"""

import errno
import fcntl
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.db.migrations.executor import MigrationExecutor

from jobs.running import tick

logger = logging.getLogger("decorum.serve")
TICK_S = 15
LOOK_S = 0.3  # between two looks at the children
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1, 60
STEADY_S = 60  # a worker that lived so long begins again with the shortest pause
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GUARD = """# Decorum's guard: ends the web server and the worker when the one who started them is gone.
import os, signal, time
for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(each, signal.SIG_IGN)
os.read(0, 1)
for _ in range(3):
    os.killpg(0, signal.SIGTERM)
    time.sleep(1)
os.killpg(0, signal.SIGKILL)
"""
# Our own address is asked, never a proxy that the environment names for the world outside.
OURSELVES = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class CannotServe(Exception):
    """Why the server cannot start, as a sentence."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, SIGTERM or a closed terminal; `number` is the signal's."""

    def __init__(self, number):
        super().__init__()
        self.number = number


def interruptible():
    """From here on SIGINT, SIGTERM and SIGHUP raise Interrupted, once: what follows is the way out. Under
    nohup SIGHUP stays ignored."""
    for each in STOPPING:
        if each != signal.SIGHUP or signal.getsignal(each) != signal.SIG_IGN:
            signal.signal(each, _interrupt)


def _interrupt(number, _frame):
    for each in STOPPING:
        signal.signal(each, signal.SIG_IGN)
    raise Interrupted(number)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def refuse_taken_port(host, port, *, another="manage.py serve --port {port}"):
    """The numeric address of a host and port that can be listened on; raises CannotServe."""
    if not 1 <= port <= 65535:
        raise CannotServe(f"There is no port {port}: choose one from 1 to 65535.")
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):
        raise CannotServe(f"--host {host!r} is no address: try --host 127.0.0.1 or --host 0.0.0.0.") from None
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CannotServe(_why_not(error, host, port, another)) from None
    return address[0]


def _why_not(error, host, port, another):
    if error.errno == errno.EADDRINUSE:
        other = another.format(port=port + 1 if port < 65535 else 8000)
        return f"Port {port} on {host} is in use. Stop what runs there, or choose another: {other}"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine: try --host 127.0.0.1 or --host 0.0.0.0."
    if error.errno == errno.EACCES:
        return f"Port {port} is kept for the administrator of this machine: choose one above 1023."
    return f"Nothing can listen on {host}, port {port}: {error.strerror}."


def refuse_lame_database():
    """Raises CannotServe for a database that does not open or lacks tables."""
    where = database_name()
    if connection.vendor == "sqlite" and not connection.is_in_memory_db() and not Path(where).exists():
        raise CannotServe(f"There is no database {where} yet: run manage.py migrate, or make demo.")
    try:
        executor = MigrationExecutor(connection)
        lacking = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except Error as error:
        raise CannotServe(database_problem(error)) from None
    finally:
        connection.close()
    if lacking:
        raise CannotServe(f"The database {where} lacks {lacking} migrations: run manage.py migrate.")


def database_name():
    """The file of SQLite, else host and name; never a password."""
    told = connection.settings_dict
    return str(told["NAME"]) if connection.vendor == "sqlite" else f"{told['NAME']} on {told['HOST'] or 'this machine'}"


def database_problem(error):
    """A database's refusal as a sentence with a remedy."""
    where, said = database_name(), str(error).strip().partition("\n")[0]
    if "not a database" in said or "malformed" in said:
        return f"{where} is not a database, or a broken one: move it away, or point DATABASE_URL at another file."
    if "locked" in said:
        return f"The database {where} is locked by another program: stop that one and run again."
    if "readonly" in said or "read-only" in said:
        return f"The database {where} cannot be written to: use a file and a folder of yours."
    return f"The database {where} does not answer ({said}): look at DATABASE_URL."


class Server:
    """`with Server(port) as server:` runs both children; `server.wait()` until the web server ends or a signal."""

    def __init__(self, port, *, host="127.0.0.1", threads=16, quiet=False):
        self.host, self.port, self.threads, self.quiet = host, port, threads, quiet
        self.children, self._guard, self._lock_file = [], None, None
        self._stopping = threading.Event()

    @property
    def url(self):
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"

    def __enter__(self):
        if self.threads < 1:
            raise CannotServe(f"{self.threads} threads cannot serve: choose 1 or more.")
        self.address = refuse_taken_port(self.host, self.port)
        try:
            self._lock()
            self._guard = self._begin_group()
            for command in (self._web(), self._worker()):
                self.children.append(self._start(command))
            self._until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def _lock(self):
        path = settings.VAR_DIR / f"serve-{self.port}.lock"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            held = path.open("w")
        except OSError as error:
            raise CannotServe(f"Cannot write {path}: {error.strerror}. Use a folder you may write to.") from None
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            held.close()
            raise CannotServe(f"Another copy serves port {self.port} already.") from None
        self._lock_file = held

    def _begin_group(self):
        # -I -S: nothing of ours is imported, so that it starts in a hundredth of a second and stays small.
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", GUARD],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )

    def _start(self, command):
        self._started = time.monotonic()
        return subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if self.quiet else sys.stderr,
            process_group=self._guard.pid,
        )

    def _web(self):
        options = f"--interface wsgi --host {self.address} --port {self.port} --workers 1 --no-ws --log-level warning"
        limits = f"--blocking-threads {self.threads} --http1-header-read-timeout 10000"
        return [sys.executable, "-m", "granian", *options.split(), *limits.split(), "config.wsgi:application"]

    def _worker(self):
        options = ["db_worker", "--queue-name", "*", "--interval", "0.5", "--no-startup-delay", "--no-reload"]
        return [sys.executable, "manage.py", *options, "--verbosity", "0"]

    def _until_ready(self, patience=30):
        until = time.monotonic() + patience
        while time.monotonic() < until and self.children[0].poll() is None:
            try:
                OURSELVES.open(f"{self.url}/healthz/", timeout=2).close()
            except urllib.error.HTTPError:
                return  # it answers; that this address is not an allowed host is another matter
            except OSError:
                time.sleep(0.1)
            else:
                return
        if (code := self.children[0].poll()) is not None:
            raise CannotServe(
                f"The web server ended by itself (exit code {code}) before it answered: read what it says."
            )
        raise CannotServe(f"The server did not come up on port {self.port}. Run manage.py serve and read what it says.")

    def wait(self):
        """Ticks the schedules and keeps a worker alive until the web server ends; its exit code."""
        # A thread: a database that is locked holds the tick for 20 seconds, and a signal must not wait for it.
        threading.Thread(target=self._tick, name="tick", daemon=True).start()
        pause = FIRST_PAUSE_S
        web = self.children[0]
        while web.poll() is None:
            pause = self._mended(pause)
            time.sleep(LOOK_S)
        return web.returncode

    def _tick(self):
        while not self._stopping.is_set():
            try:
                tick()
                close_old_connections()
            except Exception:  # the next tick may find things mended
                logger.exception("the tick broke")
            self._stopping.wait(TICK_S)

    def _mended(self, pause):
        """Starts an ended worker again, `pause` seconds after its end; the pause before the next start."""
        code = self.children[1].poll()
        if code is None:
            return pause
        if time.monotonic() - self._started > STEADY_S:
            pause = FIRST_PAUSE_S
        logger.warning("The worker ended (exit code %s); it is started again in %s s.", code, pause)
        until = time.monotonic() + pause
        while time.monotonic() < until:
            if self.children[0].poll() is not None:
                return pause
            time.sleep(min(pause, 0.1))
        self.children[1] = self._start(self._worker())
        return min(2 * pause, LONGEST_PAUSE_S)

    def stop(self):
        """Ends everything that was started, however far that came. Nothing is left when it returns."""
        self._stopping.set()
        if self._guard:
            self._end_group()
        if self._lock_file:
            Path(self._lock_file.name).unlink(missing_ok=True)
            self._lock_file.close()
        self.children, self._guard, self._lock_file = [], None, None

    def _end_group(self):
        for _ in range(3):
            self._signal(signal.SIGTERM)
            if self._ended(2):
                break
        self._signal(signal.SIGKILL)  # the guard, and what granian leaves behind when it is stopped while it starts
        for child in (*self.children, self._guard):
            child.wait()
        self._guard.stdin.close()

    def _signal(self, number):
        # The leader is not waited for before the last signal, so its number can belong to nobody else.
        with suppress(ProcessLookupError):
            os.killpg(self._guard.pid, number)

    def _ended(self, patience):
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if all(child.poll() is not None for child in self.children):
                return True
            time.sleep(0.05)
        return False
