"""The log as people meet it: a server process with a database of its own, copied from a prepared one.

Append-only tables cannot be emptied between tests, so each test gets a copy and throws it away.
"""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen
from uuid import uuid4

from django.db import connections
from django.db.utils import load_backend

from core.env import database

ROOT = Path(__file__).resolve().parent.parent


def manage(database_url: str, *words: str) -> str:
    """Run a command of manage.py on that database; gives what it printed, or RuntimeError."""
    command = [sys.executable, "manage.py", *words]
    environment = _environment(database_url)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)} failed: {done.stderr}")
    return done.stdout


@dataclass(frozen=True)
class Template:
    """A database ready to be copied: a SQLite file, or a PostgreSQL database."""

    url: str

    @property
    def name(self) -> str:
        """The file, or the database's name on its server."""
        return str(database(self.url, root=ROOT)["NAME"])

    def copy_to(self, copy: Path) -> str:
        """The URL of a copy: that file, or a database with its name. It stays."""
        if self.url.startswith("sqlite"):
            shutil.copy(self.name, copy)
            return f"sqlite:///{copy}"
        _execute(self.url, f'CREATE DATABASE "{copy.name}" TEMPLATE "{self.name}"')
        return _renamed(self.url, copy.name)

    @contextmanager
    def copied(self, folder: Path) -> Iterator[str]:
        """The URL of a copy, which is gone afterwards."""
        url = self.copy_to(folder / f"served_{uuid4().hex}")
        try:
            yield url
        finally:
            if not url.startswith("sqlite"):
                _execute(url, f'DROP DATABASE "{Template(url).name}" WITH (FORCE)')


def migrated_once(folder: Path) -> Template:
    """A database with every table, on the run's kind of server; its workers share `folder`."""
    with (folder / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = folder / "migrated.url"
        if not known.exists():
            known.write_text(_migrated(folder))
        return Template(known.read_text())


def _migrated(folder: Path) -> str:
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        name = f"migrated_{uuid4().hex}"
        _execute(url, f'CREATE DATABASE "{name}"')
        made = _renamed(url, name)
    else:
        made = f"sqlite:///{folder / 'migrated.sqlite3'}"
    manage(made, "migrate", "--verbosity", "0")
    return made


def prepare(migrated: Template, folder: Path) -> Template:
    """A migrated database with the policies in it."""
    made = migrated.copy_to(folder / f"prepared_{uuid4().hex}")
    manage(made, "load_policies")
    return Template(made)


@dataclass(frozen=True)
class ServedLog:
    """A running server. Meanwhile the test's own models use its database, and nothing is rolled back."""

    url: str
    database_url: str

    def manage(self, *words: str) -> str:
        """Run a command of manage.py on the served database."""
        return manage(self.database_url, *words)


@contextmanager
def serve(database_url: str, *, threads: int = 8, clock: Path | None = None) -> Iterator[ServedLog]:
    """gunicorn with two workers on a free port of this machine.

    With `clock`, one worker that answers one request at a time, at the moment that stands in that file.
    """
    port = _free_port()
    environment = _environment(database_url) | {"PORT": str(port), "THREADS": str(threads)}
    if clock:
        environment |= {"CLOCK": str(clock), "WORKERS": "1", "THREADS": "1"}
    command = [sys.executable, "-m", "gunicorn", "tests.clockwork" if clock else "core.wsgi"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    log = ServedLog(f"http://127.0.0.1:{port}", database_url)
    try:
        _wait(f"{log.url}/sign-in/", server)
        with models_on(database_url):
            yield log
    finally:
        server.terminate()
        server.wait(timeout=30)


@contextmanager
def models_on(database_url: str) -> Iterator[None]:
    """Inside, this thread's default connection is one to that database."""
    before = connections["default"]
    changed: dict[str, Any] = before.settings_dict | database(database_url, root=ROOT)
    connections["default"] = load_backend(changed["ENGINE"]).DatabaseWrapper(changed, "default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = before


def _environment(database_url: str) -> dict[str, str]:
    """As the tests', but with static files as in earnest: hashed names from `make static`."""
    return os.environ | {"DATABASE_URL": database_url, "HASHED_STATIC": "1"}


def _renamed(url: str, name: str) -> str:
    """The same server, another database: postgresql://user@/NAME?host=..."""
    front, _, query = url.partition("?")
    return f"{front.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def _execute(url: str, statement: str) -> None:
    """Outside any transaction, as creating a database has to be."""
    import psycopg

    with psycopg.connect(_renamed(url, "postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(url: str, server: "subprocess.Popen[bytes]") -> None:
    """Until it answers at all."""
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            urlopen(url, timeout=30).close()  # noqa: S310 - our own http address
        except HTTPError as answer:
            raise RuntimeError(f"The server answers {answer.code} at {url}") from answer
        except URLError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server did not start")
