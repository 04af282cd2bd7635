"""The machine at length: 300 runs of 50 moves by anybody, each with its trail verified at the end.

In ten parts, so that two workers share them; each run of the proof takes other roads.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.challenges.cast import Cast
from tests.challenges.test_properties import moves, wander
from tests.challenges.wandering import OPENINGS, Move

pytestmark = [pytest.mark.django_db, pytest.mark.proof]


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.mark.parametrize("tenth", range(10))
@settings(
    max_examples=30, deadline=None, derandomize=False, database=None, suppress_health_check=list(HealthCheck)
)
@given(opening=st.integers(0, len(OPENINGS) - 1), road=st.lists(moves, min_size=50, max_size=50))
def test_whatever_anybody_does(cast: Cast, tenth: int, opening: int, road: list[Move]) -> None:
    wander(cast, opening, road)
