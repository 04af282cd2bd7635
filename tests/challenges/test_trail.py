"""The trail of a challenge: its state is the replay of its events, and who tampers is found.

Each tampering is done with SQL of the database's owner, past the log; `verify_audit` then exits with 1
and names the challenge.
"""

# ruff: noqa: S608 - the statements are the tampering itself, made of constants of this file
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.audit.state import replay
from core.audit.triggers import create, drop
from escalation.challenges.case import read_case
from escalation.challenges.events import OPENINGS, chain_of, snapshot
from escalation.challenges.models import Challenge, Event
from tests.challenges.cast import Cast
from tests.challenges.test_refusals import recommended, settled, with_partners
from tests.factories import SENT

pytestmark = pytest.mark.django_db
EVENTS = Event._meta.db_table
KEY = ("chain", "seq")
CASE_TABLES = ("entry", "deadline", "action", "hold", "party")


@pytest.fixture
def cast() -> Cast:
    """Settled, with what a case collects on the way."""
    return settled(Cast())


def verify_audit() -> str:
    out = StringIO()
    call_command("verify_audit", stdout=out)
    return out.getvalue()


@contextmanager
def unguarded() -> Iterator[Any]:
    """A cursor without the events' triggers in its way, as the database's owner can have it."""
    connection.check_constraints()  # PostgreSQL drops no trigger before deferred checks
    with connection.cursor() as cursor:
        for sql in drop(connection.vendor, EVENTS):
            cursor.execute(sql)
        yield cursor
        connection.check_constraints()
        for sql in create(connection.vendor, EVENTS, KEY):
            cursor.execute(sql)


@pytest.mark.parametrize("road", [settled, recommended, with_partners])
def test_the_state_is_the_replay_of_the_events(road: Any) -> None:
    challenge = road(Cast()).challenge
    events = list(Event.objects.filter(chain=chain_of(challenge)).order_by("seq"))
    assert [event.seq for event in events] == list(range(1, challenge.version + 1))
    assert replay(events) == snapshot(read_case(Challenge.objects.get(pk=challenge.pk)))
    assert "hold" in verify_audit()


TAMPERINGS = [
    (
        "the status",
        "UPDATE challenges_challenge SET status = 'responded' WHERE id = {case}",
        "challenge.status",
    ),
    ("the stage", "UPDATE challenges_challenge SET stage_reached = 2 WHERE id = {case}", "stage_reached"),
    (
        "who raised it",
        "UPDATE challenges_challenge SET raised_by_id = {other} WHERE id = {case}",
        "raised_by",
    ),
    (
        "the outcome",
        "UPDATE challenges_challenge SET outcome = 'new_information' WHERE id = {case}",
        "outcome",
    ),
    ("the label", "UPDATE challenges_challenge SET our_pointer = 'HV-1' WHERE id = {case}", "our_pointer"),
    (
        "an answer",
        "UPDATE challenges_party SET answer = 'acted' WHERE challenge_id = {case} AND answer <> ''",
        "answer",
    ),
    (
        "a due time",
        "UPDATE challenges_deadline SET overdue_from = started WHERE challenge_id = {case}",
        "overdue_from",
    ),
    ("a late answer", "UPDATE challenges_deadline SET met = NOT met WHERE challenge_id = {case}", "met"),
    (
        "a deadline gone",
        "DELETE FROM challenges_deadline WHERE challenge_id = {case} AND name = 'resolve'",
        "deadline.",
    ),
    (
        "an entry gone",
        "DELETE FROM challenges_entry WHERE challenge_id = {case} AND step = 'reply'",
        "is not as it was written",
    ),
    (
        "the version",
        "UPDATE challenges_challenge SET version = version + 1 WHERE id = {case}",
        "is at version",
    ),
]


@pytest.mark.parametrize(
    ("sql", "found"), [row[1:] for row in TAMPERINGS], ids=[row[0] for row in TAMPERINGS]
)
def test_a_row_that_is_changed_past_the_log_is_found(cast: Cast, sql: str, found: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.format(case=cast.challenge.pk, other=cast.people["unit"].pk))
        assert cursor.rowcount >= 1
    _is_found(found)


def _is_found(words: str) -> None:
    with pytest.raises(CommandError) as failed:
        verify_audit()
    assert failed.value.returncode == 1
    assert words in str(failed.value)


def test_an_entry_in_other_words_is_found(cast: Cast) -> None:
    entry = cast.challenge.entries.filter(step="reply").latest("pk")
    type(entry).objects.filter(pk=entry.pk).update(words={"what": "We never said that."})
    _is_found(f"entry {entry.pk} is not as it was written")


def test_an_entry_that_was_slipped_in_is_found(cast: Cast) -> None:
    entry = cast.challenge.entries.latest("pk")
    entry.pk = None
    entry.save(force_insert=True)
    _is_found(f"entry {entry.pk} is not as it was written")


def test_an_event_that_is_changed_is_found(cast: Cast) -> None:
    with unguarded() as cursor:
        cursor.execute(
            f"UPDATE {EVENTS} SET act = 'withdraw' WHERE chain = %s AND seq = 2", [chain_of(cast.challenge)]
        )
    _is_found("is not as it was signed")


def test_a_last_step_that_is_undone_with_its_event_is_found(cast: Cast) -> None:
    """Events cut off at the end link and sign well; the case's own version tells."""
    with unguarded() as cursor:
        last = [chain_of(cast.challenge), cast.challenge.version]
        cursor.execute(f"DELETE FROM {EVENTS} WHERE chain = %s AND seq = %s", last)
    _is_found("is at version")


def _delete_case(cursor: Any, case: Challenge) -> None:
    for table in CASE_TABLES:
        cursor.execute(f"DELETE FROM challenges_{table} WHERE challenge_id = %s", [case.pk])
    cursor.execute("DELETE FROM challenges_challenge WHERE id = %s", [case.pk])


def test_a_case_that_is_deleted_is_found_by_its_own_events(cast: Cast) -> None:
    with connection.cursor() as cursor:
        _delete_case(cursor, cast.challenge)
    _is_found("the challenge is gone")


def test_a_case_that_is_deleted_with_its_events_is_found_by_the_openings(cast: Cast) -> None:
    uuid = cast.challenge.uuid
    with unguarded() as cursor:
        cursor.execute(f"DELETE FROM {EVENTS} WHERE chain = %s", [chain_of(cast.challenge)])
        _delete_case(cursor, cast.challenge)
    _is_found(f"challenge:{uuid}")


def test_a_case_that_is_deleted_with_its_opening_too_is_found_by_the_next_opening(cast: Cast) -> None:
    first = cast.challenge
    cast.raise_it(now=SENT)
    with unguarded() as cursor:
        cursor.execute(f"DELETE FROM {EVENTS} WHERE chain = %s", [chain_of(first)])
        cursor.execute(f"DELETE FROM {EVENTS} WHERE chain = %s AND object = %s", [OPENINGS, str(first.uuid)])
        _delete_case(cursor, first)
    _is_found("is not the first, yet comes first")


def test_a_trail_without_its_triggers_is_found(cast: Cast) -> None:
    connection.check_constraints()
    with connection.cursor() as cursor:
        for sql in drop(connection.vendor, EVENTS):
            cursor.execute(sql)
    _is_found("not guarded by")
