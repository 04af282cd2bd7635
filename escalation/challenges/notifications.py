"""Who is told of a step: whose turn it is now, and the raiser; never the person who took it.

A notice says only "you have something to do" with a link; it is written in the step's transaction.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from core.outbox.notices import Notice
from core.outbox.services import queue_kinds
from escalation.access.exceptions import Granted
from escalation.access.models import PANEL_GRANTS
from escalation.accounts.models import Seat, User
from escalation.challenges.case import Case
from escalation.challenges.models import UNIT, Party, PartyRole
from escalation.policy.stages import Seniority, StageKind
from escalation.policy.words import london_date
from escalation.rulebook.queries import in_working_time

YOUR_TURN, NEWS = "your_turn", "news"
NOTICES = (
    Notice(
        YOUR_TURN,
        "You have something to do",
        "It is your turn in the challenge log. Please open it to see what, and by when.",
    ),
    Notice(
        NEWS,
        "There is something new",
        "Something has happened in the challenge log that you should know. You have nothing to do today.",
    ),
)
SEAT_OF = {Seniority.LEAD: "lead", Seniority.SENIOR_LEAD: "senior_lead", Seniority.PARTNER: "partner"}


def notify(
    case: Case,
    *,
    by: User | None,
    now: datetime,
    seats: Iterable[Seat] | None = None,
    raised: bool = False,
) -> None:
    """Queue a notice to everybody whose turn it is, and news to the raiser; two statements at most.

    `seats`: the lead seats of the parties' settings, where the caller has read them already. `raised`:
    it begins with this. Where it begins above the first stage, the leads of the raising side hear of it
    at once too (rule 1): nobody of theirs has looked at it below.
    """
    leads_too = raised and case.challenge.stage > case.policy.first.number
    found = list(_seats(case, _asked_by_seat(case), seats, leads_too=leads_too, now=now))
    turn = less_conflicted(case, _people_whose_turn(case, found, now))
    raiser = {person.pk: person for person in [case.challenge.raised_by] if person}
    raiser |= holders((s for s in found if leads_too and _leads(s, case.raising)), now)
    actor, out = by.pk if by else None, case.exceptions.conflicted
    kinds = {
        YOUR_TURN: [person for pk, person in turn.items() if pk != actor],
        NEWS: [person for pk, person in raiser.items() if pk not in {*turn, *out} and pk != actor],
    }
    if any(kinds.values()):
        urgent = case.challenge.fast or case.challenge.child_cannot_wait
        when = now if urgent else in_working_time(now)
        queue_kinds(to=kinds, path=case.challenge.get_absolute_url(), now=now, urgent=urgent, due_at=when)


def notify_together(cases: Iterable[Case], *, by: User, now: datetime) -> None:
    """One notice to everybody whose turn it is in any of many cases that came at once, to their list."""
    turn: dict[int, User] = {}
    for case in cases:
        seats = list(_seats(case, _asked_by_seat(case), None, leads_too=False, now=now))
        turn |= _people_whose_turn(case, seats, now)
    turn.pop(by.pk, None)
    if turn:
        when = in_working_time(now)
        queue_kinds(to={YOUR_TURN: turn.values()}, path=reverse("challenges:list"), now=now, due_at=when)


def _owing(case: Case) -> list[Party]:
    return [p for p in case.parties if p.owes and p.role != PartyRole.SUPPORTING]


def _asked_by_seat(case: Case) -> list[Party]:
    return [p for p in _owing(case) if named_in(case, p) is None]


def _people_whose_turn(case: Case, seats: list[Seat], now: datetime) -> dict[int, User]:
    named = [person for party in _owing(case) if (person := named_in(case, party)) is not None]
    turn = {p.setting_id for p in _asked_by_seat(case)}
    kind = acting_kind(case)
    by_seat = (s for s in seats if s.setting_id is None or s.kind == "partner" or _of(s, turn, kind))
    return {person.pk: person for person in named} | holders(by_seat, now)


def less_conflicted(case: Case, turn: dict[int, User]) -> dict[int, User]:
    """Rule 15: who must not see it is not told; who stands in for them is, else the business unit.

    Who was let in hears of what they were let in for. No statement where nobody is in or out.
    """
    out = case.exceptions.conflicted
    left = {pk: person for pk, person in turn.items() if pk not in out}
    let_in = {grant.user for grant in _let_in(case)} - out
    if let_in:
        left |= {user.pk: user for user in User.objects.filter(pk__in=let_in, is_active=True)}
    gone = turn.keys() & out
    if gone:
        left |= _stand_ins(case, gone) or (business_unit(out) if not let_in else {})
    return left


def _let_in(case: Case) -> list[Granted]:
    """Those whose turn it is by a grant: in a service's place, or on the panel that is asked."""
    owing = {party.setting_id for party in _owing(case)}
    at_panel = case.challenge.unit_owes and case.policy.stage(case.challenge.stage).kind is StageKind.PANEL
    return [
        grant
        for grant in case.exceptions.granted
        if grant.setting in owing or (at_panel and grant.kind in PANEL_GRANTS)
    ]


def _stand_ins(case: Case, gone: Iterable[int]) -> dict[int, User]:
    settings = [party.setting_id for party in [case.raising, *case.responding]]
    seats = Seat.objects.filter(user__in=gone, setting__in=settings, deputy__is_active=True)
    deputies = {s.deputy.pk: s.deputy for s in seats.select_related("deputy") if s.deputy is not None}
    return {pk: person for pk, person in deputies.items() if pk not in case.exceptions.conflicted}


def business_unit(out: Iterable[int]) -> dict[int, User]:
    seats = Seat.objects.filter(kind=UNIT, user__is_active=True).exclude(user__in=out)
    return {seat.user_id: seat.user for seat in seats.select_related("user")}


def tell_of_conflict(case: Case, gone: User, *, by: User, now: datetime) -> None:
    """Whoever stands in is told that there is something; the unit, that somebody was named. Never `gone`."""
    out = case.exceptions.conflicted | {gone.pk, by.pk}
    told = {
        pk: person
        for pk, person in (_stand_ins(case, [gone.pk]) | business_unit(out)).items()
        if pk not in out
    }
    tell(case, told.values(), by=by, now=now)


def tell(case: Case, people: Iterable[User], *, by: User, now: datetime) -> None:
    """News to these people, less who must not see it and who did it."""
    told = [person for person in people if person.pk not in {*case.exceptions.conflicted, by.pk}]
    if told:
        path, when = case.challenge.get_absolute_url(), in_working_time(now)
        queue_kinds(to={NEWS: told}, path=path, now=now, due_at=when)


def tell_unit(case: Case, *, by: User, now: datetime) -> None:
    """The business unit has something to do in it: it is answered for nobody else to see."""
    unit = business_unit({*case.exceptions.conflicted, by.pk})
    if unit:
        path, when = case.challenge.get_absolute_url(), in_working_time(now)
        queue_kinds(to={YOUR_TURN: unit.values()}, path=path, now=now, due_at=when)


def tell_of_emergency(case: Case, *, by: User, now: datetime) -> None:
    """Two notices: to the business unit, which reviews it, and to the leads of the side that raised it."""
    seats = Seat.objects.filter(setting=case.challenge.raising, kind="lead", user__is_active=True)
    leads = [seat.user for seat in seats.select_related("user")]
    out = {*case.exceptions.conflicted, by.pk}
    unit = [person for pk, person in business_unit(out).items() if pk not in out]
    to = {YOUR_TURN: unit, NEWS: [lead for lead in leads if lead.pk not in out]}
    if any(to.values()):
        queue_kinds(to=to, path=case.challenge.get_absolute_url(), now=now, urgent=True)


def _of(seat: Seat, settings: set[int], kind: str) -> bool:
    return seat.setting_id in settings and seat.kind == kind


def _leads(seat: Seat, party: Party) -> bool:
    return _of(seat, {party.setting_id}, "lead")


def holders(seats: Iterable[Seat], now: datetime) -> dict[int, User]:
    """Who holds these seats, and who stands in for them; one statement more where others cover today."""
    people: dict[int, User] = {}
    covering: set[int] = set()
    for seat in seats:
        people[seat.user_id] = seat.user
        if seat.deputy_id is not None and seat.deputy is not None:
            people[seat.deputy_id] = seat.deputy
        covering |= set(seat.stand_ins(london_date(now)))
    if missing := covering - people.keys():
        people |= {user.pk: user for user in User.objects.filter(pk__in=missing, is_active=True)}
    return people


def acting_kind(case: Case) -> str:
    """The seat that acts at this stage."""
    return SEAT_OF.get(case.policy.stage(case.challenge.stage).seniority, "lead")


def named_in(case: Case, party: Party) -> User | None:
    """At the first stage the raiser and the named counterpart; above, whoever holds the seat.

    Where the raiser has left, whoever took it up from them.
    """
    if case.policy.stage(case.challenge.stage).seniority is not Seniority.PRACTITIONER:
        return None
    raiser = case.challenge.raised_by if party.role == PartyRole.RAISING else None
    if raiser is not None and raiser.is_active:
        return raiser
    return party.counterpart if party.counterpart is not None and party.counterpart.is_active else None


def _seats(
    case: Case, parties: list[Party], known: Iterable[Seat] | None, *, leads_too: bool, now: datetime
) -> Iterable[Seat]:
    kind = acting_kind(case)
    ids = {p.setting_id for p in parties}
    if known is not None:
        return [s for s in known if _of(s, ids, kind) or (leads_too and _leads(s, case.raising))]
    wanted = Q(pk__in=[])
    if leads_too:
        wanted |= Q(setting=case.raising.setting_id, kind="lead")
    if ids:
        wanted |= Q(setting__in=ids, kind=kind)
    if case.challenge.unit_owes or any(party.setting.outside for party in parties):
        wanted |= Q(kind=UNIT)
    if case.challenge.partners_owe:
        organisations = {p.setting.organisation_id for p in [case.raising, *case.responding]}
        wanted |= Q(kind="partner", setting__organisation__in=organisations)
    if not wanted.children[1:]:
        return []
    seats = Seat.objects.on(london_date(now)).filter(wanted, user__is_active=True)
    return seats.select_related("user", "deputy")
