"""A database from before the trail told of seats is brought up to date once; what comes later is named."""

from datetime import date
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from core.audit.verify import verify_all
from escalation.accounts.models import Closure, Event, Seat
from escalation.accounts.services import set_away
from tests.factories import person, setting

pytestmark = pytest.mark.django_db
NAME = ("accounts", "0005_seats_told")


def brought_up_to_date() -> None:
    """What the migration does, with the models as they were then."""
    apps = MigrationLoader(connection).project_state([NAME]).apps
    import_module("escalation.accounts.migrations.0005_seats_told").tell(apps, None)


def test_what_no_event_tells_of_is_told_once_and_nothing_else_is() -> None:
    place = setting("Oakfield Primary School")
    known = person(lead=place)
    old = Seat.objects.create(user=person("Ola Old"), setting=place, kind="lead", away_reason="on leave")
    Closure.objects.create(setting=place, name="half term", first=date(2026, 10, 26), last=date(2026, 10, 30))
    assert len(list(verify_all())) == 2
    brought_up_to_date()
    assert list(verify_all()) == []
    found = Event.objects.filter(act="found")
    assert sorted(event.object.partition(":")[0] for event in found) == ["closure", "seat"]
    assert {(event.seat, event.actor_id) for event in found} == {("server", None)}
    assert "on leave" not in str([event.codes for event in found])
    brought_up_to_date()
    assert Event.objects.filter(act="found").count() == 2

    set_away(seat=old, away_from=date(2026, 12, 1), reason="away", by=known)
    assert list(verify_all()) == []
    late = Seat.objects.create(user=person("Lew Late"), setting=place, kind="lead")
    assert [fault.wrong for fault in verify_all()] == [
        f"seat:{late.pk} is there, and no event made it: end it"
    ]


def test_a_new_log_begins_with_an_empty_trail() -> None:
    brought_up_to_date()
    assert not Event.objects.exists()
