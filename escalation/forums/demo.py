"""Forums for the demo: one that took place, and one to which organisations are invited."""

from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from core.web.dates import LONDON
from escalation.access.acting import Acting
from escalation.access.standing import standing_of
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Organisation, User
from escalation.policy.quarters import Quarter
from escalation.rulebook.queries import current_policy

from .forms import NOTICE
from .models import How, Pledge, Sitting, Vignette, Wave
from .promotions import confirms
from .services import (
    NewPledge,
    NewSitting,
    NewVignette,
    add_at_the_door,
    answer,
    approve,
    close,
    come,
    confirm_promotion,
    count,
    end_pledge,
    invite,
    keep_pulses,
    plan,
    pledge,
    propose,
    put_on,
    write,
)

AGENDA = """2pm  Welcome, and what may be told afterwards
2:15pm  How a challenge goes from the first call to an answer
2:45pm  In small groups: what makes it hard to ask again
3:30pm  What each organisation takes home"""
TEXT = (
    "A school was worried about a child who came in hungry, and asked another service to look again at a "
    "plan. The worker was away. Two messages were left, and nobody called back. The school thought that "
    "asking higher up would look like a complaint, and waited. A month went by before somebody did."
)
PLEDGES = (
    ("We do not know whom to ask next.", "A card with the next level on it, for every desk.", 0, 35),
    ("Nobody tells us what came of it.", "Each team says at its meeting what a challenge changed.", 1, 120),
)
"""You said, we will, whose it is, and how many days later it is due."""
CAME = (4, 2, 3, 1, 2, 1, 2, 3, 1)
"""How many of each organisation came to the one that is over: nine organisations."""


def fill(today: date) -> None:
    """A forum seven weeks ago with people of nine organisations, one in the quarter before, so that it is
    published of, and one in three weeks."""
    units = list(User.objects.filter(seats__kind=SeatKind.BUSINESS_UNIT).order_by("pk")[:2])
    organisations = list(Organisation.objects.order_by("pk"))
    if len(units) < 2 or len(organisations) < len(CAME):
        return
    _promoted(today, units[0], organisations)
    first = _wednesday(today - timedelta(weeks=7))
    topic = _topic(first - timedelta(days=30), *units)
    _past(first, topic, units[0], organisations)
    earlier = _wednesday(Quarter.of(today).start - timedelta(weeks=7))
    _held("Whose turn is it?", earlier, [], units[0], organisations)
    _planned(_wednesday(today + timedelta(weeks=3)), today, units[0], organisations)


def _promoted(today: date, unit: User, organisations: list[Organisation]) -> None:
    """Most organisations have put the policy before their staff, in one way or another."""
    version, by = current_policy(today), _acting(unit, today - timedelta(days=1))
    known = confirms(by.standing)
    for number, organisation in enumerate(each for each in organisations[:-4] if each in known):
        day = today - timedelta(days=2 + 3 * number)
        if day >= version.start:
            people, how = 12 + 7 * number, How.values[number % len(How.values)]
            confirm_promotion(organisation, version, day=day, people=people, how=how, by=by)


def _topic(day: date, writer: User, reader: User) -> Vignette:
    """Made up, and approved by a second person."""
    new = NewVignette("Nobody called back", TEXT, "Who could have asked the next level, and how?", None)
    topic = write(new, key=uuid5(NAMESPACE_URL, f"topic {day}"), by=_acting(writer, day))
    propose(topic, despite="", by=_acting(writer, day, 11))
    return approve(topic, by=_acting(reader, day, 12))


def _wednesday(day: date) -> date:
    return day - timedelta(days=day.weekday()) + timedelta(days=2)


def _past(day: date, topic: Vignette, unit: User, organisations: list[Organisation]) -> None:
    sitting = _held("When nobody calls back", day, [topic], unit, organisations)
    _pledged(sitting, day, organisations, unit)


def _held(
    theme: str, day: date, topics: list[Vignette], unit: User, organisations: list[Organisation]
) -> Sitting:
    """Planned, invited to, counted at the door, closed, and asked about."""
    before = day - timedelta(days=28)
    host, guests, late = organisations[0], organisations[: len(CAME) - 1], organisations[len(CAME) - 1]
    sitting = _plan(theme, day, host, by=_acting(unit, before))
    invite(sitting, guests, by=_acting(unit, before, 11))
    put_on(sitting, topics, by=_acting(unit, before, 12))
    _sign_up(sitting, guests, before + timedelta(days=3))
    at_the_door = _acting(unit, day, 14)
    for guest, came in zip(guests, CAME, strict=False):
        count(sitting, guest.pk, came, seen=0, by=at_the_door)
    add_at_the_door(sitting, late, by=at_the_door)
    close(sitting, by=_acting(unit, day, 17))
    _asked(sitting, day)
    return sitting


def _asked(sitting: Sitting, day: date) -> None:
    """Before and after: people are surer of themselves, and a few are not."""
    for wave, levels in ((Wave.BEFORE, "112223334"), (Wave.AFTER, "2334444555")):
        pulse = sitting.pulses.get(wave=wave)
        at = _at(day - timedelta(days=2), 9) if wave == Wave.BEFORE else _at(day, 17)
        for level in levels:
            answer(pulse, level, now=at)
    keep_pulses(now=_at(day + timedelta(days=15), 9))


def _pledged(sitting: Sitting, day: date, organisations: list[Organisation], unit: User) -> None:
    """One that is done, with what shows it, and one that is to come."""
    done, _ = (_pledge(sitting, each, day, organisations, unit) for each in PLEDGES)
    end_pledge(
        done,
        is_done=True,
        changed="Every new colleague gets a card with the next level on it.",
        evidence="Induction pack, page 3.",
        by=_acting(unit, day + timedelta(days=30)),
    )


def _pledge(
    sitting: Sitting,
    words: tuple[str, str, int, int],
    day: date,
    organisations: list[Organisation],
    unit: User,
) -> Pledge:
    said, what, whose, days = words
    new = NewPledge(said, what, organisations[whose], "safeguarding lead", day + timedelta(days=days))
    return pledge(sitting, new, key=uuid5(NAMESPACE_URL, f"pledge {what} {day}"), by=_acting(unit, day, 18))


def _planned(day: date, today: date, unit: User, organisations: list[Organisation]) -> None:
    yesterday = today - timedelta(days=1)
    sitting = _plan(
        "How to say that you see it differently", day, organisations[1], by=_acting(unit, yesterday)
    )
    invite(sitting, organisations[:12], by=_acting(unit, yesterday, 11))
    _sign_up(sitting, organisations[:5], yesterday)


def _plan(theme: str, day: date, host: Organisation, *, by: Acting) -> Sitting:
    new = NewSitting(
        theme=theme,
        starts_at=_at(day, 14),
        ends_at=_at(day, 16),
        place="Committee room 2, Civic Centre",
        host=host,
        places=40,
        agenda=AGENDA,
        notice=NOTICE,
    )
    return plan(new, key=uuid5(NAMESPACE_URL, f"forum {theme} {day}"), by=by)


def _sign_up(sitting: Sitting, organisations: list[Organisation], day: date) -> None:
    """One person of each, who is there."""
    for number, organisation in enumerate(organisations):
        person = User.objects.filter(seats__setting__organisation=organisation).order_by("pk").first()
        if person is not None:
            come(sitting, organisation, by=_acting(person, day, 12, number))


def _acting(user: User, day: date, hour: int = 10, minute: int = 0) -> Acting:
    return Acting(user, standing_of(user, today=day), _at(day, hour, minute))


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=LONDON)
