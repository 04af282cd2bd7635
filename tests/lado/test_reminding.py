"""A clock that has run out says so, once, to whoever has the referral."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from core.audit.verify import verify_all
from core.outbox.jobs import Rota
from escalation.accounts.models import Seat
from escalation.lado.models import Message
from tests.lado import roads
from tests.lado.cast import NOW, TODAY, Team

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=20)


@pytest.fixture
def team(travel: Callable[[datetime], None]) -> Team:
    travel(NOW)
    return Team()


def told(at: datetime) -> list[str]:
    """Who hears of it when the worker runs its jobs then."""
    Message.objects.all().delete()
    [job] = [job for job in Rota().due(at) if job.name == "remind of late"]
    job.run(at)
    return sorted(message.to.full_name for message in Message.objects.filter(kind="lado_late"))


def test_an_unanswered_letter_is_told_once_after_its_time(team: Team) -> None:
    roads.called(team)
    team.take("lado", "write_letter", letter_to="employer", sent_on=TODAY, what="Your notes, please.")
    team.take("lado", "give_advice", what="Keep what was written.")
    assert told(NOW + timedelta(days=13)) == []
    assert told(LATER) == ["Hannah Lyle"]
    assert told(LATER) == []
    assert list(verify_all()) == []


def test_what_was_met_in_time_says_nothing(team: Team) -> None:
    roads.called(team)
    team.take("lado", "give_advice", what="Keep what was written.")
    assert told(LATER) == []


def test_several_clocks_of_one_referral_are_one_notice(team: Team) -> None:
    roads.accepted(team)
    assert told(LATER) == ["Hannah Lyle"]


def test_while_they_are_away_those_who_decide_hear_of_it(team: Team) -> None:
    roads.called(team)
    Seat.objects.filter(user=team.people["lado"]).update(away_from=TODAY)
    assert told(LATER) == ["Idris Bell"]


def test_whom_it_concerns_hears_nothing(team: Team) -> None:
    team.contact(by="support", concerned=(team.people["deputy"],))
    assert told(LATER) == ["Hannah Lyle"]
