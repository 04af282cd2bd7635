"""How many events a second PostgreSQL takes from eight writers, each commit on disk before it returns."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import DURABLE, Cluster
from tests.served import ROOT, manage

WRITERS, SECONDS = 8, 5
pytestmark = pytest.mark.bench


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    cluster = Cluster(DURABLE)
    try:
        url = cluster.url.replace("/log?", "/postgres?")  # the one database that is there already
        manage(url, "migrate", "--verbosity", "0")
        yield url
    finally:
        cluster.stop()


@pytest.mark.parametrize(("kind", "least"), [("own", 1000), ("shared", 100)])
def test_events_a_second(database: str, kind: str, least: int) -> None:
    """A hundred chains of challenges; and the one chain to which every reader writes.

    Reads are written one after another, so that figure is how many pages with words can be served a
    second, by all servers together.
    """
    command = [sys.executable, str(Path(__file__).parent / "appending.py"), kind]
    environment = {**os.environ, "DATABASE_URL": database, "PYTHONPATH": str(ROOT)}
    writers = [
        subprocess.Popen(
            [*command, str(number), str(SECONDS)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(WRITERS)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    told = [writer.communicate()[0].split() for writer in _all_told(writers)]
    total, used = sum(int(written) for written, _ in told), sum(float(seconds) for _, seconds in told)
    print(  # noqa: T201 - a figure
        f"\n{kind}: {total / SECONDS:,.0f} events a second from {WRITERS} writers, "
        f"{1000 * used / total:.2f} ms of the processor each; load of the machine {os.getloadavg()[0]:.0f}"
    )
    assert total / SECONDS >= least


def _all_told(writers: "list[subprocess.Popen[str]]") -> "list[subprocess.Popen[str]]":
    """All begin before the first is waited for."""
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    return writers
