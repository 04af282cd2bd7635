"""One spelling for the same facts."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audit.canonical import canonical, plain

TWO_HOURS = timedelta(hours=2)
LONDON = ZoneInfo("Europe/London")
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


class Side(StrEnum):
    RAISING = "raising"


@pytest.mark.parametrize(
    ("value", "spelt"),
    [
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        ((1, 2), "[1,2]"),
        ("Zoë 🦋 ‏שלום", '"Zoë 🦋 ‏שלום"'),
        (Side.RAISING, '"raising"'),
        (date(2026, 4, 1), '"2026-04-01"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (datetime(2026, 4, 1, 8, tzinfo=UTC), '"2026-04-01T08:00:00.000000+00:00"'),
        (datetime(2026, 7, 1, 9, tzinfo=LONDON), '"2026-07-01T08:00:00.000000+00:00"'),
        (
            datetime(2026, 4, 1, 10, 0, 0, 5, timezone(TWO_HOURS)),
            '"2026-04-01T08:00:00.000005+00:00"',
        ),
        # The hour that London has twice: first in summer time, then not.
        (
            datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=0),
            '"2026-10-25T00:30:00.000000+00:00"',
        ),
        (
            datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1),
            '"2026-10-25T01:30:00.000000+00:00"',
        ),
    ],
)
def test_a_fact_has_one_spelling(value: object, spelt: str) -> None:
    assert canonical(value).decode() == spelt


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (1.5, TypeError),
        ({"score": [1.0]}, TypeError),
        ({1: "one"}, TypeError),
        ({"a", "b"}, TypeError),
        (b"bytes", TypeError),
        (datetime(2026, 4, 1, 8, tzinfo=UTC).replace(tzinfo=None), ValueError),
        ("a\x00b", ValueError),
        ({"a\x00": 1}, ValueError),
        ("\ud800", ValueError),
    ],
)
def test_what_the_databases_would_not_keep_alike_is_refused(value: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        canonical(value)


facts = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc é", max_size=4), inner),
)


@given(facts)
def test_reading_it_back_changes_nothing(value: object) -> None:
    spelt = canonical(value)
    assert json.loads(spelt) == plain(value)
    assert canonical(json.loads(spelt)) == spelt
