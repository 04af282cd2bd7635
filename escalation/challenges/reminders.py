"""Whom a clock reminds, and of what: those who owe it, those who wait, and who looks after both.

Words are constants, as in every notice. Nothing is done for anybody: the log tells, a person acts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Q

from core.outbox.notices import Notice
from core.outbox.services import queue_kinds
from escalation.access.standing import standing_of
from escalation.accounts.models import Seat, User
from escalation.challenges.case import Case, facts_for, parts_of, party_of
from escalation.challenges.clocks import MATCH, RAISING_OWNERS
from escalation.challenges.models import Action, Deadline, Party
from escalation.challenges.notifications import (
    acting_kind,
    business_unit,
    holders,
    less_conflicted,
    named_in,
)
from escalation.challenges.queries.week import FIGURES
from escalation.challenges.workflow import STEP, Status
from escalation.policy.reminders import Reminder
from escalation.policy.stages import Owner, Seniority
from escalation.policy.words import london_date

CAN_MOVE_UP, ACTION_MISSED, WEEK = "can_move_up", "action_missed", "week"
NOTICES = (
    Notice(
        Reminder.BEFORE,
        "Something of yours is due on the next working day",
        "It is your turn in the challenge log, and there is one working day left.",
    ),
    Notice(
        Reminder.DUE,
        "Something of yours is due today",
        "It is your turn in the challenge log, and today is the day. If you can’t do it, say so there.",
    ),
    Notice(
        Reminder.LATE,
        "Something of yours is late",
        "It was your turn in the challenge log, and the time is over. You can still do it now.",
    ),
    Notice(
        Reminder.STILL_LATE,
        "Something in your service is still late",
        "Your service was asked in the challenge log and is two working days late. Please look, and see that "
        "somebody acts.",
    ),
    Notice(
        CAN_MOVE_UP,
        "You can ask the next level to look",
        "No answer came in time, or no agreement. That is reason enough to ask the next level: you need no "
        "other. The page is ready for you.",
        "See the page",
    ),
    Notice(
        ACTION_MISSED,
        "Something that was agreed is not done in time",
        "That alone is reason enough to open it again: you need no other. The page is ready for you.",
        "See the page",
    ),
    Notice(
        WEEK,
        "Your Monday page is ready",
        "What needs the business unit this week in the challenge log, and what to keep an eye on.",
        "See the Monday page",
        figures=FIGURES,
    ),
)
SEAT_ABOVE = {"lead": "senior_lead"}
"""Who looks after it where a lead is late; a practitioner's lead does for them, the unit for all others."""


def remind(case: Case, clocks: Iterable[tuple[Deadline, Reminder]], *, now: datetime) -> None:
    """Queue the notices that the clocks of a case have come to, in the caller's transaction.

    They may go at once. Nobody gets the same notice for two clocks.
    """
    told: dict[str, list[User]] = defaultdict(list)
    for deadline, reminder in clocks:
        looking_after = reminder is Reminder.STILL_LATE
        whom = _looking_after if looking_after else _owing
        told[reminder] += whom(case, deadline, now)
        if reminder is Reminder.LATE:
            told[CAN_MOVE_UP] += _who_may_move_up(case, deadline, now)
    url, urgent = case.challenge.get_absolute_url(), case.challenge.fast
    moving_up = told.pop(CAN_MOVE_UP, [])
    for kinds, path in ((told, url), ({CAN_MOVE_UP: moving_up}, f"{url}escalate/")):
        if any(kinds.values()):
            queue_kinds(to=kinds, path=path, now=now, urgent=urgent)


def remind_of_actions(case: Case, actions: Iterable[tuple[Action, Reminder]], *, now: datetime) -> None:
    """The same for what was agreed on settling: whose it is by seat, then one level up.

    Once it is closed, who asked hears of an action that was missed: it is a ground to reopen (rule 13).
    """
    told: dict[str, list[User]] = defaultdict(list)
    missed: list[User] = []
    for action, reminder in actions:
        sides = [party for party in case.parties if party.setting_id == action.setting_id]
        if reminder is Reminder.STILL_LATE:
            told[reminder] += _above(case, sides, now)
        else:
            told[reminder] += _less_conflicted(case, _acting(case, sides, now))
        closed = case.challenge.status == Status.CLOSED_ACTIONS_OPEN
        if reminder is Reminder.LATE and closed and case.raising not in sides:
            missed += _less_conflicted(case, _acting(case, [case.raising], now))
    url = case.challenge.get_absolute_url()
    for kinds, path in ((told, url), ({ACTION_MISSED: missed}, f"{url}reopen/")):
        if any(kinds.values()):
            queue_kinds(to=kinds, path=path, now=now)


def _above(case: Case, sides: Iterable[Party], now: datetime) -> list[User]:
    """The seat above the one that acts at this stage; the business unit where there is none."""
    by_name = case.policy.stage(case.challenge.stage).seniority is Seniority.PRACTITIONER
    above = "lead" if by_name else SEAT_ABOVE.get(acting_kind(case), "")
    people = _less_conflicted(case, _seated(sides, above, now)) if above else []
    return people or list(business_unit(case.exceptions.conflicted).values())


def _owing(case: Case, deadline: Deadline, now: datetime) -> list[User]:
    """Those to whom a clock belongs, and who stand in for them."""
    owner, raiser = Owner(deadline.owed_by), case.challenge.raised_by
    if owner is Owner.RAISER and raiser is not None:
        return _less_conflicted(case, {raiser.pk: raiser} | _covering({case.raising: raiser}, now))
    if owner is Owner.UNIT:
        return list(business_unit(case.exceptions.conflicted).values())
    if owner is Owner.PARTNERS:
        organisations = {party.setting.organisation_id for party in [case.raising, *case.responding]}
        return _less_conflicted(
            case, _holders(Q(kind="partner", setting__organisation__in=organisations), now)
        )
    if owner in (Owner.RAISER, Owner.RAISING_LEAD):
        return _less_conflicted(case, _seated([case.raising], "lead", now))
    return _less_conflicted(case, _acting(case, _sides(case, owner, deadline), now))


def _looking_after(case: Case, deadline: Deadline, now: datetime) -> list[User]:
    """The seat above, in the service that owes it; the business unit where there is none."""
    owner, kind = Owner(deadline.owed_by), acting_kind(case)
    by_name = case.policy.stage(case.challenge.stage).seniority is Seniority.PRACTITIONER
    above = "lead" if by_name or owner is Owner.RAISER else SEAT_ABOVE.get(kind, "")
    if above and owner not in (Owner.UNIT, Owner.PARTNERS):
        sides = [case.raising] if owner in RAISING_OWNERS else _sides(case, owner, deadline)
        if people := _less_conflicted(case, _seated(sides, above, now)):
            return people
    return list(business_unit(case.exceptions.conflicted).values())


def _who_may_move_up(case: Case, deadline: Deadline, now: datetime) -> list[User]:
    """Who asked and waits, where the rules let them ask the next level now (rule 7)."""
    if deadline.owed_by not in (Owner.RESPONDING, Owner.BOTH) or deadline.name == MATCH:
        return []
    waiting = _less_conflicted(case, _acting(case, [case.raising], now))
    return [person for person in waiting if _may_move_up(case, person, now)]


def _may_move_up(case: Case, person: User, now: datetime) -> bool:
    standing = standing_of(person, today=london_date(now), at=now).within(case.exceptions)
    parts = parts_of(case, standing)
    return STEP["escalate"].is_offered(facts_for(case, now=now, party=party_of(case, standing), parts=parts))


def _sides(case: Case, owner: Owner, deadline: Deadline) -> list[Party]:
    if owner is Owner.RAISING:
        return [case.raising]
    if owner is Owner.BOTH:
        return [party for party in case.parties if party.owes]
    return [party for party in case.responding if party.pk == deadline.party_id]


def _acting(case: Case, sides: Iterable[Party], now: datetime) -> dict[int, User]:
    """The named person of each side at the first stage, and who covers for them today; else who holds the
    seat that acts at this stage."""
    found = {party: named_in(case, party) for party in sides}
    named = {party: person for party, person in found.items() if person is not None}
    people = {person.pk: person for person in named.values()} | _covering(named, now)
    unnamed = [party for party, person in found.items() if person is None]
    return people | _seated(unnamed, acting_kind(case), now)


def _covering(named: Mapping[Party, User], now: datetime) -> dict[int, User]:
    """Nothing waits with one absent person: who stands in today for those who are named; two statements."""
    today, places = london_date(now), {(person.pk, party.setting_id) for party, person in named.items()}
    seats = Seat.objects.on(today).filter(user__in=[user for user, _ in places], setting__isnull=False)
    covering = {
        user for seat in seats if (seat.user_id, seat.setting_id) in places for user in seat.stand_ins(today)
    }
    return {user.pk: user for user in User.objects.filter(pk__in=covering, is_active=True)}


def _seated(sides: Iterable[Party], kind: str, now: datetime) -> dict[int, User]:
    ids = [party.setting_id for party in sides]
    return _holders(Q(setting__in=ids, kind=kind), now) if ids else {}


def _holders(wanted: Q, now: datetime) -> dict[int, User]:
    seats = Seat.objects.on(london_date(now)).filter(wanted, user__is_active=True)
    return holders(seats.select_related("user", "deputy"), now)


def _less_conflicted(case: Case, people: dict[int, User]) -> list[User]:
    return list(less_conflicted(case, people).values())
