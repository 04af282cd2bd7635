"""A PostgreSQL of the test run's own: in a temporary folder, on a socket there, gone when the run ends."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PROGRAMS = Path("/usr/lib/postgresql")
# No test survives a power cut anyway.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# For figures: as a real server commits.
DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")


def programs() -> Path:
    """The folder of the newest server's programs; RuntimeError says which package to install."""
    versions = sorted(PROGRAMS.glob("*/bin/initdb"), key=lambda found: float(found.parent.parent.name))
    if not versions:
        raise RuntimeError("PostgreSQL's server is missing: apt-get install postgresql")
    return versions[-1].parent


class Cluster:
    """One running server. It refuses to run as root, so root lends it another name."""

    def __init__(self, options: Iterable[str] = FAST) -> None:
        self._options = tuple(options)
        # Not TMPDIR: a socket's path must be short, and others than root must reach it.
        self.folder = Path(tempfile.mkdtemp(prefix="log-pg-", dir="/tmp"))
        self._as: dict[str, Any] = _unprivileged() if os.geteuid() == 0 else {}
        if self._as:
            shutil.chown(self.folder, self._as["user"], self._as["group"])
        self._server = self._start()

    @property
    def url(self) -> str:
        return f"postgresql://log@/log?host={self.folder}"

    def stop(self) -> None:
        """At once, and nothing stays behind."""
        self._server.send_signal(signal.SIGINT)
        self._server.wait(timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self) -> "subprocess.Popen[bytes]":
        data = self.folder / "data"
        self._run(
            "initdb", "-D", data, "-U", "log", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
        )
        options: list[str | Path] = [
            "-D",
            data,
            "-k",
            self.folder,
            "-h",
            "",
            *[f"-c{setting}" for setting in self._options],
        ]
        command: list[str | Path] = [programs() / "postgres", *options]
        with (self.folder / "log").open("wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, **self._as)
        self._wait(server)
        return server

    def _wait(self, server: "subprocess.Popen[bytes]") -> None:
        for _ in range(300):
            if server.poll() is not None:
                break
            ready: list[str | Path] = [programs() / "pg_isready", "-q", "-h", self.folder]
            if subprocess.run(ready, check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()}")

    def _run(self, program: str, *arguments: str | Path) -> None:
        command: list[str | Path] = [programs() / program, *arguments]
        done = subprocess.run(
            command, cwd=self.folder, check=False, capture_output=True, text=True, **self._as
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr}")


def _unprivileged() -> dict[str, Any]:
    """The package's own user, or nobody where the programs were installed without it."""
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
