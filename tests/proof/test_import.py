"""A long log comes in whole and right, on the database of the run."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from escalation.challenges.models import Challenge, Entry, Event, Party
from tests.importing.big import write_log, write_mapping
from tests.importing.bringing import TODAY, bring_in, directory, verified

pytestmark = pytest.mark.django_db
FEW, MANY = 300, 5_000


@pytest.mark.parametrize("number", [FEW, pytest.param(MANY, marks=pytest.mark.proof)])
def test_a_long_log_comes_in_as_it_was_written(
    number: int, tmp_path: Path, travel: Callable[[datetime], None]
) -> None:
    """Counted by who wrote it; every chain holds, every case is what its events say; twice is once."""
    travel(TODAY)
    directory()
    written = write_log(tmp_path / "log.xlsx", number)
    write_mapping(tmp_path / "log.toml")
    bring_in(tmp_path / "log.xlsx", tmp_path / "log.toml")
    cases = list(Challenge.objects.all())
    assert len(cases) == written.cases == number
    assert Party.objects.count() == written.parties
    assert Counter(case.stage for case in cases) == written.stage
    assert Counter(case.outcome for case in cases) == written.outcome
    assert Counter(case.issue for case in cases) == written.issue
    assert Counter(case.opened_at.year for case in cases) == written.year
    assert Counter(case.status for case in cases)["awaiting_response"] == written.open
    assert not Challenge.objects.overdue(TODAY).exists()
    assert Event.objects.count() == 2 * number
    assert Event.objects.values("chain").distinct().count() == number + 1
    assert "chains hold" in verified()
    before = [model.objects.count() for model in (Challenge, Party, Entry, Event)]
    bring_in(tmp_path / "log.xlsx", tmp_path / "log.toml")
    assert [model.objects.count() for model in (Challenge, Party, Entry, Event)] == before
