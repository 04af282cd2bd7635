"""How long an earlier log of 50,000 rows takes, from the spreadsheet to the last event, on both databases."""

import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.importing.big import Written, write_log, write_mapping
from tests.importing.bringing import NADIA
from tests.postgres import DURABLE, Cluster
from tests.served import manage

ROWS, MOST_SECONDS = 50_000, 120
pytestmark = pytest.mark.bench
Log = tuple[Path, Written]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    folder = tmp_path_factory.mktemp("long")
    write_mapping(folder / "log.toml")
    return folder, write_log(folder / "log.xlsx", ROWS)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'log.sqlite3'}"
        return
    cluster = Cluster(DURABLE)
    try:
        yield cluster.url.replace("/log?", "/postgres?")  # the one database that is there already
    finally:
        cluster.stop()


def test_a_log_of_50_000_rows_in_under_two_minutes(log: Log, database: str) -> None:
    """By the command's own time of the processor, as others may be at work here; the wall clock is told."""
    folder, written = log
    for words in (
        ["migrate", "--verbosity", "0"],
        ["load_policies"],
        ["load_directory", "docs/directory-example.csv"],
    ):
        manage(database, *words)
    file, mapping = str(folder / "log.xlsx"), str(folder / "log.toml")
    began, used = time.monotonic(), _seconds_of_children()
    said = manage(database, "import_challenges", file, "--mapping", mapping, "--write", "--by", NADIA)
    took, used = time.monotonic() - began, _seconds_of_children() - used
    print(f"\n{ROWS:,} rows: {took:.0f} seconds, {used:.0f} of them the command's own")  # noqa: T201 - a figure
    assert f"{written.cases} challenges brought in." in said
    assert used < MOST_SECONDS


def _seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
