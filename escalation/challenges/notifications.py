"""Who is told of a step: whose turn it is now, and the raiser; never the person who took it.

A notice says only "you have something to do" with a link; it is written in the step's transaction.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from core.outbox.services import queue
from escalation.accounts.models import Seat, User
from escalation.challenges.case import Case
from escalation.challenges.models import UNIT, Party, PartyRole
from escalation.policy.stages import Seniority

YOUR_TURN, NEWS = "your_turn", "news"
SEAT_OF = {Seniority.LEAD: "lead", Seniority.SENIOR_LEAD: "senior_lead", Seniority.PARTNER: "partner"}


def notify(case: Case, *, by: User | None, now: datetime, seats: Iterable[Seat] | None = None) -> None:
    """Queue a notice to everybody whose turn it is, and news to the raiser; two statements at most.

    `seats`: the lead seats of the parties' settings, where the caller has read them already.
    """
    turn = _people_whose_turn(case, seats)
    raiser = {case.challenge.raised_by_id: case.challenge.raised_by}
    actor = by.pk if by else None
    path = case.challenge.get_absolute_url()
    told = {pk: person for pk, person in turn.items() if pk != actor}
    if told:
        queue(to=told.values(), kind=YOUR_TURN, path=path, now=now, urgent=case.challenge.fast)
    news = {pk: person for pk, person in raiser.items() if pk not in turn and pk != actor}
    if news:
        queue(to=news.values(), kind=NEWS, path=path, now=now, urgent=case.challenge.fast)


def _people_whose_turn(case: Case, seats: Iterable[Seat] | None) -> dict[int, User]:
    owing = [p for p in case.parties if p.owes and p.role != PartyRole.SUPPORTING]
    people: dict[int, User] = {}
    asked_by_seat: list[Party] = []
    for party in owing:
        person = _named(case, party)
        if person is None:
            asked_by_seat.append(party)
        else:
            people[person.pk] = person
    for seat in _seats(case, asked_by_seat, seats):
        people[seat.user_id] = seat.user
        if seat.deputy_id is not None and seat.deputy is not None:
            people[seat.deputy_id] = seat.deputy
    return people


def _named(case: Case, party: Party) -> User | None:
    """At the first stage the raiser and the named counterpart; above, whoever holds the seat."""
    if case.policy.stage(case.challenge.stage).seniority is not Seniority.PRACTITIONER:
        return None
    return case.challenge.raised_by if party.role == PartyRole.RAISING else party.counterpart


def _seats(case: Case, parties: list[Party], known: Iterable[Seat] | None) -> Iterable[Seat]:
    kind = SEAT_OF.get(case.policy.stage(case.challenge.stage).seniority, "lead")
    ids = {p.setting_id for p in parties}
    if known is not None:
        return [s for s in known if s.setting_id in ids and s.kind == kind]
    wanted = Q(pk__in=[])
    if ids:
        wanted |= Q(setting__in=ids, kind=kind)
    if case.challenge.unit_owes:
        wanted |= Q(kind=UNIT)
    if case.challenge.partners_owe:
        organisations = {p.setting.organisation_id for p in [case.raising, *case.responding]}
        wanted |= Q(kind="partner", setting__organisation__in=organisations)
    if not wanted.children[1:]:
        return []
    return Seat.objects.filter(wanted, user__is_active=True).select_related("user", "deputy")
