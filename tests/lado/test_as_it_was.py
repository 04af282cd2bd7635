"""What has happened is recorded as it was: on its own day, without a plan or a time that nobody gave."""

import html
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from core.audit.verify import verify_all
from core.machine import Refused
from escalation.lado.models import Entry, Referral
from tests.lado import roads
from tests.lado.cast import NOW, TODAY, Team
from tests.lado.test_pages import CALL
from tests.moments import london

pytestmark = pytest.mark.django_db
EVENING = london(2027, 1, 5, 19, 30)
NEXT_DAY = london(2027, 1, 6, 10)


@pytest.fixture
def team() -> Team:
    return Team()


def at_desk(team: Team) -> Client:
    """The LADO, who signs in now."""
    client = Client()
    client.force_login(team.people["lado"])
    return client


def page(client: Client, path: str) -> str:
    return html.unescape(client.get(path).content.decode())


def met(team: Team) -> dict[str, bool | None]:
    return {d.name: d.met for d in team.referral.deadlines.exclude(decided_at=None)}


HELD: dict[str, Any] = {"attendees": ["Hannah Lyle, LADO", "Duty team"], "what": "The police look first."}


def test_a_meeting_that_nobody_planned_here_is_recorded_as_held(team: Team) -> None:
    """Held last night with the duty team, recorded this morning: what counts is the day it was held."""
    roads.evaluating(team)
    team.take("lado", "hold_meeting", now=NEXT_DAY, held_on=TODAY, section_47=True, **HELD)
    meeting = team.referral.meetings.get()
    assert (meeting.planned_for, meeting.held_on, meeting.section_47) == (None, TODAY, True)
    assert team.referral.status == "meeting_held"
    assert met(team)["meeting"] is True
    assert list(verify_all()) == []


def test_a_planned_meeting_recorded_the_day_after_was_in_time(team: Team) -> None:
    roads.evaluating(team)
    team.take("lado", "plan_meeting", meets_on=TODAY, section_47=True)
    team.take("lado", "hold_meeting", now=NEXT_DAY, held_on=TODAY, **HELD)
    assert met(team) | {"reply": True} == {
        "reply": True,
        "meeting": True,
        "planned_meeting": True,
        "meeting_s47": True,
    }


def test_held_too_late_is_missed_whenever_it_is_recorded(team: Team) -> None:
    roads.evaluating(team)
    team.take("lado", "plan_meeting", meets_on=TODAY, section_47=True)
    team.take("lado", "hold_meeting", now=london(2027, 1, 8), held_on=date(2027, 1, 7), **HELD)
    assert met(team)["meeting_s47"] is False


def test_out_of_hours_the_same_day_lasts_until_the_next_working_day(
    team: Team, travel: Callable[[datetime], None]
) -> None:
    """Nothing is late in the evening in which it begins; the weekend does not count."""
    roads.evaluating(team)
    friday = london(2027, 1, 8, 19, 30)
    with pytest.raises(Refused, match="at the latest, on Mon 11 Jan"):
        team.take("lado", "plan_meeting", now=friday, meets_on=date(2027, 1, 12), section_47=True)
    team.take("lado", "plan_meeting", now=friday, meets_on=date(2027, 1, 8), section_47=True)
    due = team.referral.deadlines.get(name="meeting_s47")
    assert due.due == london(2027, 1, 11, 17)
    travel(friday)
    said = page(at_desk(team), team.referral.get_absolute_url())
    assert "Overdue" not in said
    assert "Friday 8 January 2027 (today)" in said  # the day they chose, without a time
    team.take("lado", "plan_meeting", now=friday, meets_on=date(2027, 1, 11), section_47=True)
    assert team.referral.deadlines.filter(name="meeting_s47", decided_at=None).count() == 1
    team.take("lado", "plan_meeting", now=friday, meets_on=date(2027, 1, 14), section_47=False)
    assert not team.referral.deadlines.filter(name="meeting_s47", decided_at=None).exists()


def test_a_call_of_last_night_counts_from_last_night(team: Team, travel: Callable[[datetime], None]) -> None:
    travel(NEXT_DAY)
    lado = at_desk(team)
    form = {"key": uuid4(), **CALL, "told_at_day": "yesterday", "told_at_time": "7:30pm"}
    refused = lado.post("/lado/contact/", {**form, "known": "today"})
    assert refused.status_code == 422
    assert "That is before the employer found out." in refused.content.decode()
    lado.post("/lado/contact/", {**form, "known": "yesterday"})
    referral = Referral.objects.get()
    assert (referral.told_at, referral.told_in_time) == (EVENING, True)
    entry = Entry.objects.get()
    assert (entry.occurred_at, entry.recorded_at) == (EVENING, NEXT_DAY)
    said = page(lado, referral.get_absolute_url())
    assert "The employer found out on Tue 5 Jan. The LADO was told on Tue 5 Jan, 7:30pm." in said


@pytest.mark.parametrize(("known", "day"), [("today", "Tue 5 Jan"), ("yesterday", "Mon 4 Jan")])
def test_a_day_is_shown_without_a_time(
    team: Team, travel: Callable[[datetime], None], known: str, day: str
) -> None:
    travel(NOW)
    lado = at_desk(team)
    url = lado.post("/lado/contact/", {"key": uuid4(), **CALL, "known": known})["Location"]
    assert f"The employer found out on {day}. " in page(lado, url)
    form = page(lado, f"{url}record_times/")
    assert "9am" not in form
    version = Referral.objects.get().version
    times = {"version": version, "employer_aware_day": "4 1 2027", "employer_aware_time": "3pm"}
    assert lado.post(f"{url}record_times/", times).status_code == 302
    assert "The employer found out on Mon 4 Jan, 3pm. " in page(lado, url)
    assert list(verify_all()) == []


def test_each_strand_asks_only_what_it_can_become(team: Team, travel: Callable[[datetime], None]) -> None:
    travel(NOW)
    lado = at_desk(team)
    roads.with_strands(team)
    url = team.referral.get_absolute_url()
    form = page(lado, f"{url}move_strand/")
    for strand in team.referral.strands.all():
        asked = form.partition(f'name="strand_state_{strand.pk}"')
        assert asked[1]
        offered = {v for v in strand.states if f'name="strand_state_{strand.pk}" value="{v}"' in form}
        assert offered == set(strand.states)
        assert f'name="strand_state_{strand.pk}" value="{strand.state}"' not in form
    police = team.row("strands")
    answer = {"version": team.referral.version, "strand": police, "what": "They charged him."}
    refused = lado.post(f"{url}move_strand/", answer)
    assert "Say where it stands." in refused.content.decode()
    answer[f"strand_state_{police}"] = "in_court"
    assert lado.post(f"{url}move_strand/", answer).status_code == 302
    assert team.referral.strands.get(pk=police).state == "in_court"
    added = page(lado, f"{url}add_strand/")
    assert 'value="social_care"' in added
    assert 'value="police"' not in added
    assert 'value="employment"' not in added
