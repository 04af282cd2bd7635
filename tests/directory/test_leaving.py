"""Somebody leaves: seats, deputies, cover, and what waits for them in challenges pass on in one step."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from core.outbox.models import Message
from escalation.access.standing import standing_of
from escalation.accounts.models import Departure, Seat, User
from escalation.accounts.services import issue_token, set_deputy
from escalation.challenges.models import Challenge, Conflict, Draft
from escalation.challenges.services import carry_out_due
from tests.challenges.cast import Cast
from tests.challenges.test_refusals import with_leads
from tests.factories import SENT, person, seat

pytestmark = pytest.mark.django_db
Travel = Callable[[datetime], None]
NOW = SENT + timedelta(hours=1)


@pytest.fixture
def cast(travel: Travel) -> Cast:
    travel(NOW)
    return Cast()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def leaves(by: User, user: User, heir: User, **said: Any) -> Any:
    """Whoever leaves has every seat taken over by one heir."""
    seats = {f"seat_{each.pk}": heir.pk for each in user.seats.filter(setting__isnull=False)}
    return signed_in(by).post(f"/leavers/{user.pk}/", {"when": "now", "sure": "yes", **seats, **said})


def sees(user: User, cast: Cast) -> bool:
    return signed_in(user).get(cast.challenge.get_absolute_url()).status_code == 200


def test_whoever_was_asked_leaves_and_their_successor_has_the_turn(cast: Cast) -> None:
    cast.raise_it()
    asked, lead = cast.people["counterpart"], cast.people["responding_lead"]
    heir = person("Hetty Heir", practitioner=cast.care)
    key = issue_token(user=asked, name="mine", days=3, now=NOW).token
    theirs = signed_in(asked)
    assert not sees(heir, cast)
    Message.objects.all().delete()
    assert leaves(lead, asked, heir).status_code == 302
    assert sees(heir, cast)
    party = cast.challenge.parties.get(setting=cast.care)
    assert party.counterpart == heir
    asked.refresh_from_db()
    key.refresh_from_db()
    assert (asked.is_active, asked.seats.count(), key.live(NOW)) == (False, 0, False)
    assert theirs.get("/challenges/").status_code == 302, "signed out"
    told = {each.to: each.kind for each in Message.objects.all()}
    assert told[heir] == "your_turn"
    assert asked not in told
    assert (
        "Given to someone else in the team"
        in signed_in(lead).get(cast.challenge.get_absolute_url()).content.decode()
    )
    call_command("verify_audit")


def test_whoever_raised_it_leaves_and_somebody_takes_it_up(cast: Cast) -> None:
    cast.raise_it()
    heir = person("Hetty Heir", practitioner=cast.school)
    leaves(cast.people["raising_lead"], cast.people["raiser"], heir)
    cast.people["heir"] = heir
    assert sees(heir, cast)
    raised_by = Challenge.objects.get(pk=cast.challenge.pk).raised_by
    assert raised_by == cast.people["raiser"], "who raised it stays as it was"
    called = {"spoke_to": "the social worker", "called_at": NOW, "their_pointer": "MOS-1"}
    cast.take("heir", "match", NOW, party=cast.party(cast.care), **called)
    call_command("verify_audit")


def test_a_lead_leaves_and_the_seat_goes_with_its_deputies(cast: Cast) -> None:
    with_leads(cast)
    lead, head = cast.people["responding_lead"], cast.people["unit"]
    deputy, heir = (
        person("Dee Deputy", practitioner=cast.care),
        person("Hetty Heir", practitioner=cast.school),
    )
    set_deputy(seat=seat(lead, cast.care), deputy=deputy, by=None)
    leaves(head, lead, heir)
    taken = Seat.objects.get(user=heir, setting=cast.care, kind="lead")
    assert taken.deputy == deputy
    assert cast.care.pk in standing_of(heir, today=NOW.date()).lead_settings


def test_what_is_done_at_once_is_asked_twice(cast: Cast) -> None:
    asked, lead = cast.people["counterpart"], cast.people["responding_lead"]
    page = leaves(lead, asked, lead, sure="").content.decode()
    assert f"Does {asked.full_name} leave now?" in page
    assert f"{lead} is practitioner in {cast.care}." in page
    assert f'name="seat_{asked.seats.get().pk}" value="{lead.pk}"' in page  # no answer is lost on the way
    changed = leaves(lead, asked, lead, sure="change").content.decode()
    assert "When do they leave?" in changed
    asked.refresh_from_db()
    assert asked.is_active


def test_after_a_last_day_the_worker_does_it(cast: Cast, travel: Travel) -> None:
    cast.raise_it()
    asked, lead = cast.people["counterpart"], cast.people["responding_lead"]
    heir = person("Hetty Heir", practitioner=cast.care)
    Draft.objects.create(owner=asked, saved_at=NOW, words={"label": "x"})
    Message.objects.all().delete()
    leaves(lead, asked, heir, when="later", last_day="8 1 2027")
    assert [each.kind for each in Message.objects.filter(to=asked)] == ["unsent"]
    assert "Known to leave" in signed_in(lead).get("/leavers/").content.decode()
    assert carry_out_due(now=datetime(2027, 1, 8, 12, tzinfo=NOW.tzinfo)) == 0
    assert carry_out_due(now=datetime(2027, 1, 9, 1, tzinfo=NOW.tzinfo)) == 1
    assert carry_out_due(now=datetime(2027, 1, 9, 2, tzinfo=NOW.tzinfo)) == 0
    asked.refresh_from_db()
    assert not asked.is_active
    assert cast.challenge.parties.get(setting=cast.care).counterpart == heir


def test_they_stay_after_all(cast: Cast) -> None:
    asked, lead = cast.people["counterpart"], cast.people["responding_lead"]
    leaves(lead, asked, lead, when="later", last_day="8 1 2027")
    signed_in(lead).post(f"/leavers/{asked.pk}/stays/")
    assert Departure.objects.get().cancelled_at is not None
    assert carry_out_due(now=datetime(2027, 2, 1, tzinfo=NOW.tzinfo)) == 0
    asked.refresh_from_db()
    assert asked.is_active


def test_a_successor_who_must_not_see_it_is_passed_over_for_the_lead(cast: Cast) -> None:
    cast.raise_it()
    asked, lead = cast.people["counterpart"], cast.people["responding_lead"]
    heir = person("Hetty Heir", practitioner=cast.care)
    Conflict.objects.create(
        challenge=cast.challenge, user=heir, reason="family", since=NOW, named_by=cast.people["unit"]
    )
    leaves(lead, asked, heir)
    assert cast.challenge.parties.get(setting=cast.care).counterpart == lead


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "no successor": ({"seat": ""}, "Choose who has this seat then"),
    "no day": ({"when": "later", "last_day": ""}, "Enter the last day"),
    "a day that is over": ({"when": "later", "last_day": "1 12 2026"}, "This day is over"),
    "neither now nor later": ({"when": ""}, "Choose when they leave"),
}


@pytest.mark.parametrize("why", WRONG)
def test_a_form_says_what_is_missing(why: str, cast: Cast) -> None:
    said, words = WRONG[why]
    asked, lead = cast.people["counterpart"], cast.people["responding_lead"]
    said = {(f"seat_{seat(asked, cast.care).pk}" if name == "seat" else name): v for name, v in said.items()}
    answer = leaves(lead, asked, lead, **said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Departure.objects.exists()


def test_only_who_keeps_all_their_seats_can_say_so(cast: Cast) -> None:
    both = person("Bo Both", practitioner=[cast.care, cast.school])
    lead = signed_in(cast.people["responding_lead"])
    assert lead.get(f"/leavers/{both.pk}/").status_code == 404
    assert "Bo Both" not in lead.get("/leavers/").content.decode()
    assert signed_in(cast.people["unit"]).get(f"/leavers/{both.pk}/").status_code == 200
    lado = person("Laura Lado", role="lado")
    assert signed_in(cast.people["unit"]).get(f"/leavers/{lado.pk}/").status_code == 404


def test_a_plan_put_into_the_database_is_found(cast: Cast) -> None:
    from escalation.accounts.events import faults

    asked, lead = cast.people["counterpart"], cast.people["responding_lead"]
    leaves(lead, asked, lead, when="later", last_day="8 1 2027")
    assert list(faults()) == []
    Departure.objects.update(last_day=date(2026, 12, 24))
    assert len(list(faults())) == 1
