"""The LADO's trail: a whole referral replays to the state it has, and what is tampered with is found."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection

from core.audit.registry import registered
from core.audit.verify import verify, verify_all
from escalation.lado.events import SIDE, faults
from escalation.lado.models import Allegation, Entry, Event, Referral
from escalation.lado.numbers import receipt_of, reference_of, uuid_of
from tests.lado import roads
from tests.lado.cast import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return roads.closed(Team())


def test_a_closed_referral_and_one_reopened_hold(team: Team) -> None:
    assert list(verify_all()) == []
    team.take("lado", "reopen", aware_again=team.referral.opened_at, what="A second child.")
    assert team.referral.episode == 2
    assert list(verify_all()) == []


def test_it_is_on_a_side_of_its_own() -> None:
    assert set(registered(SIDE)) == {Event}


def test_events_hold_no_word(team: Team) -> None:
    told = str(list(Event.objects.values_list("codes", flat=True)))
    for word in ("Achterberg", "Quarshie", "Northfield", "escort driver", "Hannah"):
        assert word not in told


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        (lambda: Referral.objects.update(dbs_answer="not_required"), "referral.dbs_answer"),
        (
            lambda: Allegation.objects.filter(pk=Allegation.objects.earliest("pk").pk).update(
                outcome="false"
            ),
            "outcome",
        ),
        (lambda: Referral.objects.update(late_reason="x"), "late_reason"),
        (lambda: Entry.objects.filter(step="close").update(words={"what": "x"}), "entry"),
        (lambda: Entry.objects.filter(step="close").delete(), "entry"),
        (lambda: Referral.objects.update(version=99), "events"),
    ],
)
def test_a_change_behind_its_back_is_found(team: Team, tamper: Callable[[], object], says: str) -> None:
    tamper()
    assert any(says in str(fault) for fault in faults())


def test_a_referral_deleted_whole_is_found(team: Team) -> None:
    with connection.cursor() as cursor:
        for trigger in (
            "no_update",
            "no_delete",
            "no_truncate" if connection.vendor == "postgresql" else "no_replace",
        ):
            on = " ON lado_event" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER lado_event_{trigger}{on}")
    for model in (Entry,):
        model.objects.all().delete()
    Event.objects.filter(chain=f"lado:{team.referral.uuid}")._raw_delete(connection.alias)
    Referral.objects.filter(pk=team.referral.pk).update(version=1)
    assert any("has 0 events" in str(fault) for fault in faults())
    assert any("not guarded" in str(fault) for fault in verify(Event))


def test_numbers_are_made_of_the_key_and_draw_nothing() -> None:
    team = Team()
    first = team.contact()
    assert first.uuid == uuid_of(first.key)
    assert first.reference == reference_of(first.key)
    assert len(receipt_of(first.key)) == 12
    assert receipt_of(first.key) not in str(Referral.objects.values().get())


def test_two_keys_that_make_one_reference_make_two() -> None:
    """It happens once in ten times among ten thousand: nobody gets an error for it."""
    team = Team()
    first = team.contact()
    key = uuid4()
    Referral.objects.filter(pk=first.pk).update(reference=reference_of(key))
    second = team.contact(key=key)
    assert second.reference == reference_of(key, taken={reference_of(key)}) != reference_of(key)
    assert team.contact(key=key) == second
