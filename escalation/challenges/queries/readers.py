"""Who can read a challenge's words today, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q, QuerySet

from escalation.access.exceptions import Granted
from escalation.access.fields import FieldGroup
from escalation.access.standing import Standing
from escalation.accounts.models import Seat, User
from escalation.challenges.case import (
    Case,
    read_case,
)
from escalation.challenges.models import (
    PARTNER_FROM,
    SENIOR_FROM,
    Challenge,
    Entry,
    Party,
    PartyRole,
)
from escalation.challenges.queries.projecting import entries_of, project
from escalation.challenges.queries.shapes import CaseView
from escalation.policy.clock import LONDON

LEADS_FROM = 2
"""From this stage on the leads of those who were asked read the words."""


BESIDE = "Beside both sides"
"""Where those stand who were let in without a seat on either side, such as the panel."""


@dataclass(frozen=True)
class Reader:
    """Somebody who can read a challenge's words now, and by which seat.

    `seat`: raiser, counterpart, lead, senior_lead, partner, wrote ("wrote here, and still works there"),
    or for those beside both sides (`party` 0) the kind of their grant. `covers` names whom they stand in
    for today; `away`: their own seat is covered today. `name` and `job` are "" where the one who asks may
    not know who it is.
    """

    name: str
    job: str
    party: int
    setting: str
    short: str
    side: str
    seat: str
    covers: str = ""
    away: bool = False
    phone: str = ""
    best_times: str = ""


def open_case(
    challenge: Challenge, standing: Standing, *, now: datetime
) -> tuple[CaseView, tuple[Reader, ...]]:
    """What the case page shows: the view, and who can read it; six statements."""
    entries = entries_of(challenge)
    case = read_case(challenge, entries)
    view = project(case, entries, standing, now=now)
    return view, _readers(case, entries, view, now.astimezone(LONDON).date())


def _readers(case: Case, entries: list[Entry], view: CaseView, today: date) -> tuple[Reader, ...]:
    """Everybody whose seat lets them read the words today, the raising side first; one statement."""
    parties = {p.setting_id: p for p in [case.raising, *case.responding]}
    wrote = {(e.actor_id, e.setting_id) for e in entries if e.actor_id and e.setting_id}
    seats = list(_reading_seats(case, parties.values(), {user for user, _ in wrote}, today))
    covers = _covers(seats, today)
    found: dict[tuple[int, int], Reader] = {}
    for party in parties.values():
        for seat in seats:
            for user, reader in _readers_by(seat, party, case, wrote, today, covers):
                if (user.pk, party.pk) not in found:
                    found[user.pk, party.pk] = _named(reader, user, view)
    people = {seat.user_id: seat.user for seat in seats}
    for grant in case.exceptions.granted:
        place = parties[grant.setting].pk if grant.setting in parties else 0
        if grant.user in people and grant.user not in case.exceptions.conflicted:
            reader = _let_in(grant, parties.get(grant.setting or 0))
            found.setdefault((grant.user, place), _named(reader, people[grant.user], view))
    return tuple(found.values())


def _let_in(grant: Granted, party: Party | None) -> Reader:
    """Somebody with a grant: on one side, or beside both."""
    if party is None:
        return Reader("", "", 0, BESIDE, BESIDE.lower(), "", grant.kind)
    setting = party.setting
    return Reader("", "", party.pk, setting.name, setting.short_name, party.role, grant.seat)


def _covers(seats: Iterable[Seat], today: date) -> dict[int, User]:
    """Whoever stands in today and is no deputy read already; a statement more where a setting is shut."""
    known = {seat.deputy.pk: seat.deputy for seat in seats if seat.deputy is not None}
    known |= {seat.user_id: seat.user for seat in seats}
    missing = {user for seat in seats for user in seat.stand_ins(today)} - known.keys()
    return known | ({user.pk: user for user in User.objects.filter(pk__in=missing)} if missing else {})


def _reading_seats(case: Case, parties: Iterable[Party], wrote: set[int], today: date) -> QuerySet[Seat]:
    parties = list(parties)
    reached = case.challenge.stage_reached
    settings = [p.setting_id for p in parties]
    named = {case.challenge.raised_by_id, *(p.counterpart_id for p in parties if p.counterpart_id), *wrote}
    wanted = Q(setting__in=settings) & (Q(kind="lead") | Q(user__in=named))
    if reached >= SENIOR_FROM:
        wanted |= Q(setting__in=settings, kind="senior_lead")
    if reached >= PARTNER_FROM:
        wanted |= Q(kind="partner", setting__organisation__in={p.setting.organisation_id for p in parties})
    wanted |= Q(user__in=[grant.user for grant in case.exceptions.granted])
    return (
        Seat.objects.on(today)
        .filter(wanted, user__is_active=True)
        .select_related("user", "setting", "deputy")
        .order_by("pk")
    )


def _readers_by(
    seat: Seat,
    party: Party,
    case: Case,
    wrote: set[tuple[int, int]],
    today: date,
    covers: Mapping[int, User],
) -> Iterator[tuple[User, Reader]]:
    """The holder of a seat, and who covers it today, where this seat reads the words of this party's side."""
    why = _why_reads(seat, party, case, wrote)
    if not why:
        return
    out = case.exceptions.conflicted
    gone = seat.user_id in out
    standing_in = dict.fromkeys(seat.stand_ins(today))
    if gone and seat.deputy_id is not None:
        standing_in[seat.deputy_id] = None
    deputies = [covers[pk] for pk in standing_in if pk in covers and pk not in out and pk != seat.user_id]
    deputies = [person for person in deputies if person.is_active]
    reader = Reader(
        "",
        "",
        party.pk,
        party.setting.name,
        party.setting.short_name,
        party.role,
        why,
        away=bool(deputies),
    )
    if not gone and not _is_replaced(seat, case):
        yield seat.user, reader
    for deputy in deputies if why != "wrote" else ():
        yield deputy, replace(reader, covers=seat.user.full_name, away=False)


def _is_replaced(seat: Seat, case: Case) -> bool:
    """Somebody was let in instead of this seat's holder."""
    place = (seat.user_id, seat.setting_id, seat.kind)
    return place in [(grant.instead_of, grant.setting, grant.seat) for grant in case.exceptions.granted]


def _why_reads(seat: Seat, party: Party, case: Case, wrote: set[tuple[int, int]]) -> str:
    challenge, reached = case.challenge, case.challenge.stage_reached
    if seat.kind == "partner":
        in_organisation = (
            seat.setting is not None and seat.setting.organisation_id == party.setting.organisation_id
        )
        return "partner" if reached >= PARTNER_FROM and in_organisation else ""
    if seat.setting_id != party.setting_id:
        return ""
    if party.role == PartyRole.RAISING and seat.user_id == challenge.raised_by_id:
        return "raiser"
    if seat.user_id == party.counterpart_id:
        return "counterpart"
    if seat.kind == "senior_lead" and reached >= SENIOR_FROM:
        return "senior_lead"
    asked_in_person = party.role == PartyRole.RAISING or party.counterpart_id is None
    if seat.kind == "lead" and (asked_in_person or reached >= LEADS_FROM):
        return "lead"
    return "wrote" if (seat.user_id, party.setting_id) in wrote else ""


def _named(reader: Reader, user: User, view: CaseView) -> Reader:
    """With the name, for those who may read the words; the raiser's only for those who may know it."""
    hidden = reader.seat == "raiser" and FieldGroup.F2 not in view.groups
    if hidden and view.name_withheld and view.reads_words and not reader.covers:
        return replace(reader, job=user.job_title)  # what they asked to be seen as
    if hidden or not view.reads_words:
        return replace(reader, covers="")
    return replace(
        reader, name=user.full_name, job=user.job_title, phone=user.phone, best_times=user.best_times
    )
