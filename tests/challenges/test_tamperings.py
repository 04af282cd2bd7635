"""The ten tamperings, and a whole case deleted: done by who owns the database, and each is found.

An anchor of the day before is kept elsewhere. What the chains alone find is in test_trail.py; here is the
list that the partnership was promised, on both databases.
"""

# ruff: noqa: S608 - the statements are the tampering itself, made of constants of this file
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from core.audit import chain
from core.audit.chain import signature
from escalation.challenges.events import OPENINGS, chain_of
from escalation.challenges.models import Event
from tests.challenges.cast import Cast
from tests.challenges.test_refusals import settled
from tests.challenges.test_trail import EVENTS, _delete_case, unguarded
from tests.factories import SENT

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return settled(Cast())


def anchored(folder: Path) -> Path:
    out = StringIO()
    call_command("anchor_audit", str(folder), stdout=out)
    return Path(out.getvalue().strip())


def edit(cast: Cast, anchor: Path) -> None:
    with unguarded() as cursor:
        cursor.execute(f"UPDATE {EVENTS} SET act = 'withdraw' WHERE {_nth(cast, 3)}")


def delete_in_the_middle(cast: Cast, anchor: Path) -> None:
    with unguarded() as cursor:
        cursor.execute(f"DELETE FROM {EVENTS} WHERE {_nth(cast, 3)}")


def delete_the_tail(cast: Cast, anchor: Path) -> None:
    """And put the case's version back, so that it agrees with what is left."""
    with unguarded() as cursor:
        cursor.execute(f"DELETE FROM {EVENTS} WHERE {_nth(cast, cast.challenge.version)}")
        cursor.execute(
            "UPDATE challenges_challenge SET version = version - 1 WHERE id = %s", [cast.challenge.pk]
        )


def swap(cast: Cast, anchor: Path) -> None:
    with unguarded() as cursor:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            cursor.execute(f"UPDATE {EVENTS} SET seq = {new} WHERE {_nth(cast, old)}")


def insert(cast: Cast, anchor: Path) -> None:
    columns = "at, actor_id, seat, object, request_id, codes, digest, hash"
    with unguarded() as cursor:
        cursor.execute(
            f"INSERT INTO {EVENTS} (chain, seq, act, prev, {columns}) "
            f"SELECT chain, seq + 1, 'withdraw', hash, {columns} FROM {EVENTS} "
            f"WHERE {_nth(cast, cast.challenge.version)}"
        )


def hash_anew_without_the_key(cast: Cast, anchor: Path) -> None:
    with unguarded() as cursor, patch.object(chain, "derived_key", lambda purpose: b"a guess"):
        cursor.execute(f"UPDATE {EVENTS} SET act = 'withdraw' WHERE {_nth(cast, 3)}")
        events = Event.objects.filter(chain=chain_of(cast.challenge)).order_by("seq")
        prev = events.get(seq=2).hash
        for event in events.filter(seq__gte=3):
            event.prev = prev
            prev = signature(event)
            cursor.execute(
                f"UPDATE {EVENTS} SET prev = %s, hash = %s WHERE id = %s", [event.prev, prev, event.pk]
            )


def truncate(cast: Cast, anchor: Path) -> None:
    with unguarded() as cursor:
        cursor.execute(f"{'TRUNCATE' if connection.vendor == 'postgresql' else 'DELETE FROM'} {EVENTS}")


def change_a_state_without_an_event(cast: Cast, anchor: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE challenges_challenge SET status = 'responded' WHERE id = %s", [cast.challenge.pk]
        )


def alter_the_anchor(cast: Cast, anchor: Path) -> None:
    said = json.loads(anchor.read_text())
    said["heads"]["challenges.Event"].pop(chain_of(cast.challenge))
    anchor.write_text(json.dumps(said))


def delete_a_whole_case(cast: Cast, anchor: Path) -> None:
    """With its events and its opening, the last of all: nothing that is left says that it was there."""
    uuid = str(cast.challenge.uuid)
    with unguarded() as cursor:
        cursor.execute(f"DELETE FROM {EVENTS} WHERE chain = %s", [chain_of(cast.challenge)])
        cursor.execute(f"DELETE FROM {EVENTS} WHERE chain = %s AND object = %s", [OPENINGS, uuid])
        _delete_case(cursor, cast.challenge)


def _nth(cast: Cast, seq: int) -> str:
    return f"chain = '{chain_of(cast.challenge)}' AND seq = {seq}"


FOUND: list[tuple[Callable[[Cast, Path], None], str]] = [
    (edit, "event 3: is not as it was signed"),
    (delete_in_the_middle, "event 4: follows event 2: what was between is missing"),
    (delete_the_tail, "the events say"),
    (swap, "event 2: does not link to the event before it"),
    (insert, "is not as it was signed"),
    (hash_anew_without_the_key, "event 3: is not as it was signed"),
    (truncate, "is in no opening"),
    (change_a_state_without_an_event, "challenge.status is 'responded'"),
    (alter_the_anchor, "is not as it was signed"),
    (delete_a_whole_case, "is missing"),
]


@pytest.mark.parametrize(("tamper", "words"), FOUND, ids=[row[0].__name__ for row in FOUND])
def test_tampering_is_found(cast: Cast, tmp_path: Path, tamper: Any, words: str) -> None:
    anchor = anchored(tmp_path)
    tamper(cast, anchor)
    assert words in _wrong(tmp_path)


def test_a_database_put_back_to_yesterday_is_found(cast: Cast, tmp_path: Path) -> None:
    """All of it, so that it agrees with itself: only the anchor knows that there was more."""
    yesterday = transaction.savepoint()
    cast.take("raiser", "confirm_settled", SENT)
    anchored(tmp_path)
    transaction.savepoint_rollback(yesterday)
    call_command("verify_audit", stdout=StringIO())
    assert f"event {cast.challenge.version}: is missing" in _wrong(tmp_path)


def _wrong(folder: Path) -> str:
    with pytest.raises(CommandError) as failed:
        call_command("verify_audit", "--side", "log", "--anchor", str(folder))
    assert failed.value.returncode == 1
    return str(failed.value)
