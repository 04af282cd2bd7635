"""Whatever anybody does, in whatever order and time: what is refused changes nothing, the trail holds.

A few runs here; `make proof` makes 300 of 50 moves (tests/proof/test_machine.py).
"""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.challenges.cast import Cast
from tests.challenges.wandering import HOURS, OPENINGS, Move, Wandering

pytestmark = pytest.mark.django_db

moves = st.builds(
    Move,
    kind=st.sampled_from(["offered", "offered", "offered", "offered", "any", "wait"]),
    pick=st.integers(0, 2**32 - 1),
    hours=st.sampled_from(HOURS),
)


@pytest.fixture
def cast() -> Cast:
    """Made once for a test; each run's challenge is rolled back."""
    return Cast()


def wander(cast: Cast, opening: int, road: list[Move]) -> None:
    with transaction.atomic():
        other = cast.raise_it().reference
        trip = Wandering(cast, OPENINGS[opening], other)
        for move in road:
            trip.go(move)
        trip.holds()
        transaction.set_rollback(True)


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(opening=st.integers(0, len(OPENINGS) - 1), road=st.lists(moves, min_size=20, max_size=20))
def test_whatever_anybody_does(cast: Cast, opening: int, road: list[Move]) -> None:
    wander(cast, opening, road)
