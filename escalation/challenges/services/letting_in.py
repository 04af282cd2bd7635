"""Who is let in to a challenge beyond their seats: a cover, an independent lead, the panel, an emergency.

Each act leaves an event in the chain "access". A conflict beats every grant.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from core.machine import NotPermitted, Refused
from core.text.digest import digest_of
from escalation.access.models import PANEL_GRANTS, SEAT_GRANTS, GrantKind
from escalation.access.standing import Standing
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Seat, Setting, User
from escalation.challenges import notifications
from escalation.challenges.case import Case
from escalation.challenges.events import (
    BREAK_GLASS,
    BREAK_GLASS_REFUSED,
    BREAK_GLASS_REVIEWED,
    GRANT,
    GRANT_ENDED,
)
from escalation.challenges.models import UNIT, Challenge, Grant, IndependentLead, PartyRole
from escalation.challenges.reference import normalised
from escalation.challenges.services.conflicts import locked, note_access
from escalation.challenges.workflow import ENDED
from escalation.policy.clock import Unit, due
from escalation.policy.stages import StageKind
from escalation.rulebook.queries import closed_days

SEATS = (SeatKind.PRACTITIONER, SeatKind.LEAD, SeatKind.SENIOR_LEAD)
UNIT_ONLY = "Only the business unit lets somebody in."
LEAST_REASON = 30
"""Characters of a reason in an emergency."""
OPEN_FOR = timedelta(minutes=60)
REVIEW_DAYS = 2
"""Working days in which the business unit reviews it."""
MAY_BREAK_GLASS = {SeatKind.LADO, SeatKind.DEPUTY_LADO}
REVIEWS = {
    "right": "It was right to open it",
    "not_needed": "It was not needed",
    "follow_up": "It was not right, and is followed up",
}


@dataclass(frozen=True)
class NewGrant:
    """Whom to let in as what; a cover also in which setting, with which seat, instead of whom."""

    user: User
    kind: str
    setting: Setting | None = None
    seat: str = ""
    instead_of: User | None = None


def let_in(
    challenge: Challenge, new: NewGrant, *, by: User, standing: Standing, now: datetime, request_id: str = ""
) -> Grant:
    """The business unit lets somebody in. Raises NotPermitted, or Refused with what stands in the way."""
    with transaction.atomic():
        case = locked(challenge, now)
        here = standing.within(case.exceptions)
        if UNIT not in here.roles:
            raise NotPermitted(UNIT_ONLY)
        _check_person(case, new)
        if new.kind in PANEL_GRANTS:
            _check_panel(case, new)
        elif new.kind in SEAT_GRANTS:
            _check_seat(case, new)
        else:
            raise Refused("Choose as what they are let in.", field="kind")
        grant = write_grant(case, new, by=by, now=now)
        _note(case, GRANT, grant, by=by, standing=here, now=now, request_id=request_id)
        notifications.tell(case, [new.user], by=by, now=now)
        return grant


def end_grant(grant: Grant, *, by: User, standing: Standing, now: datetime, request_id: str = "") -> None:
    """The business unit ends what it gave; twice is no error. An emergency ends by itself, and what was given
    for a dip sample with the sample."""
    with transaction.atomic():
        case = locked(grant.challenge, now)
        here = standing.within(case.exceptions)
        if UNIT not in here.roles or grant.kind in (GrantKind.BREAK_GLASS, GrantKind.SAMPLE):
            raise NotPermitted(UNIT_ONLY)
        if Grant.objects.filter(pk=grant.pk, ended_at__isnull=True).update(ended_at=now):
            _note(case, GRANT_ENDED, grant, by=by, standing=here, now=now, request_id=request_id)


def write_grant(case: Case, new: NewGrant, *, by: User, now: datetime) -> Grant:
    """The row alone."""
    return Grant.objects.create(
        challenge=case.challenge,
        episode=case.challenge.episode,
        user=new.user,
        kind=new.kind,
        setting=new.setting,
        seat=new.seat,
        instead_of=new.instead_of,
        since=now,
        given_by=by,
    )


def _check_person(case: Case, new: NewGrant) -> None:
    if not new.user.is_active or not new.user.seats.exists():
        raise Refused("Choose somebody who works with the log.", field="user")
    if new.user.pk in case.exceptions.conflicted:
        raise Refused("This person must not see this challenge. Choose somebody else.", field="user")


def _check_panel(case: Case, new: NewGrant) -> None:
    """Who sits on a panel belongs to neither side, and has done nothing in the challenge."""
    challenge = case.challenge
    if case.policy.stage(challenge.stage).kind is not StageKind.PANEL or challenge.status in ENDED:
        raise Refused("A panel is named while the challenge is at the panel’s stage.", field="kind")
    settings = [party.setting_id for party in case.parties]
    belongs = new.user.pk == challenge.raised_by_id or new.user.seats.filter(setting__in=settings).exists()
    if belongs or challenge.entries.filter(actor=new.user).exclude(seat="unit").exists():
        raise Refused("This person belongs to one of the sides. A panel is independent.", field="user")
    held = [grant.kind for grant in case.exceptions.granted if grant.kind in PANEL_GRANTS]
    if any(grant.user == new.user.pk for grant in case.exceptions.granted):
        raise Refused("This person has been let in already.", field="user")
    if new.kind == GrantKind.CHAIR and GrantKind.CHAIR in held:
        raise Refused("The panel has a chair. End that first.", field="kind")


def _check_seat(case: Case, new: NewGrant) -> None:
    """A cover acts for one side, so has no seat on another."""
    sides = {party.setting_id: party.role for party in case.parties if party.role != PartyRole.SUPPORTING}
    if new.setting is None or new.setting.pk not in sides or new.seat not in SEATS:
        raise Refused("Choose the service and the seat that they cover.", field="setting")
    mine = sides[new.setting.pk]
    others = [pk for pk, role in sides.items() if (role == PartyRole.RAISING) != (mine == PartyRole.RAISING)]
    if new.user.pk == case.challenge.raised_by_id and mine != PartyRole.RAISING:
        raise Refused("This person raised it, and cannot act for the other side.", field="user")
    if new.user.seats.filter(setting__in=others).exists():
        raise Refused("This person works for the other side.", field="user")


# A dip sample


def let_read(
    challenge: Challenge, user: User, *, by: User, standing: Standing, now: datetime, request_id: str = ""
) -> Grant:
    """Somebody of neither side reads a closed challenge for a dip sample that the log drew, and changes
    nothing in it. In the caller's transaction; whom to ask was looked at by `queries.sampling`."""
    case = locked(challenge, now)
    grant = write_grant(case, NewGrant(user, GrantKind.SAMPLE), by=by, now=now)
    _note(case, GRANT, grant, by=by, standing=standing, now=now, request_id=request_id)
    return grant


def end_reading(
    grants: Iterable[Grant], *, by: User, standing: Standing, now: datetime, request_id: str = ""
) -> None:
    """The sample is over, so its readers see these challenges no more; twice is no error."""
    for grant in grants:
        if Grant.objects.filter(pk=grant.pk, kind=GrantKind.SAMPLE, ended_at__isnull=True).update(
            ended_at=now
        ):
            case = locked(grant.challenge, now)
            _note(case, GRANT_ENDED, grant, by=by, standing=standing, now=now, request_id=request_id)


# An independent lead


def name_independent(
    *, asking: Setting, asked: Setting, user: User, by: User, standing: Standing, now: datetime
) -> IndependentLead:
    """Rule 5: where two services have the same lead, somebody else is named for the side that asks."""
    if UNIT not in standing.roles:
        raise NotPermitted("Only the business unit names an independent lead.")
    if asking == asked:
        raise Refused("Choose two services.", field="asked")
    leads = shared_leads(asking, [asked]).get(asked.pk, set())
    if not leads:
        raise Refused("These services have different leads, so none has to be named.", field="asked")
    if user.pk in leads or not user.seats.filter(kind__in=[SeatKind.LEAD, SeatKind.SENIOR_LEAD]).exists():
        raise Refused("Choose a lead or head of service who is not the lead of both.", field="user")
    return IndependentLead.objects.update_or_create(
        asking=asking, asked=asked, defaults={"user": user, "named_by": by, "named_at": now}
    )[0]


def shared_leads(asking: Setting, asked: Iterable[Setting]) -> dict[int, set[int]]:
    """By the service asked: who leads both, where nobody independent could look at it. One statement."""
    services = list(asked)
    seats = Seat.objects.filter(setting__in=[asking, *services], kind=SeatKind.LEAD, user__is_active=True)
    leads: dict[int | None, set[int]] = {}
    for setting, user in seats.values_list("setting", "user"):
        leads.setdefault(setting, set()).add(user)
    ours = leads.get(asking.pk, set())
    theirs = {setting.pk: leads.get(setting.pk, set()) for setting in services}
    return {pk: ours & those for pk, those in theirs.items() if nobody_independent(ours, those)}


def nobody_independent(ours: set[int], theirs: set[int]) -> bool:
    """Whether two services share a lead, and one of them has no other."""
    return bool(ours & theirs) and not (ours - theirs and theirs - ours)


def independent_leads(asking: Setting, asked: Iterable[int]) -> list[IndependentLead]:
    """Those named for these services, by the ids of those asked; one statement."""
    found = IndependentLead.objects.filter(asking=asking, asked__in=list(asked), user__is_active=True)
    return list(found.select_related("user", "named_by"))


def let_independent_leads_in(
    case: Case, leads: Iterable[IndependentLead], instead: Iterable[int], *, by: User, now: datetime
) -> None:
    """On raising: each acts as the asking side's lead, instead of those who lead both."""
    people = list(User.objects.filter(pk__in=list(instead)))
    for lead in leads:
        for replaced in people:
            setting = case.challenge.raising
            new = NewGrant(lead.user, GrantKind.INDEPENDENT, setting, SeatKind.LEAD, replaced)
            grant = write_grant(case, new, by=lead.named_by, now=now)
            _note(case, GRANT, grant, by=by, standing=Standing(user_id=by.pk), now=now)


# An emergency


def may_break_glass(standing: Standing) -> bool:
    """A head of service, or the LADO."""
    return bool(standing.senior_settings - standing.outside or standing.roles & MAY_BREAK_GLASS)


def break_glass(
    *, reference: str, reason: str, by: User, standing: Standing, now: datetime, request_id: str = ""
) -> Grant:
    """Open one challenge for an hour, to read. The unit and the raising lead are told; the unit reviews it.

    Who asks has given their password again. Raises NotPermitted, or Refused; a reference that there is not
    and one that they must not see are the same to them, and both are noted.
    """
    if not may_break_glass(standing):
        raise NotPermitted("Only a head of service or the LADO opens a challenge in an emergency.")
    if len(reason.strip()) < LEAST_REASON:
        raise Refused(f"Give the reason in at least {LEAST_REASON} characters.", field="reason")
    found = Challenge.objects.filter(reference=normalised(reference)).first()
    with transaction.atomic():
        case = locked(found, now) if found else None
        if case is None or by.pk in case.exceptions.conflicted:
            refuse = True
            note_access(
                None, BREAK_GLASS_REFUSED, by=by, standing=standing, now=now, codes={}, request_id=request_id
            )
        else:
            refuse = False
            grant = _opened(case, reason.strip(), by=by, now=now)
            _note(case, BREAK_GLASS, grant, by=by, standing=standing, now=now, request_id=request_id)
            notifications.tell_of_emergency(case, by=by, now=now)
    if refuse:
        raise Refused("There is no challenge with this reference.", field="reference")
    return grant


def _opened(case: Case, reason: str, *, by: User, now: datetime) -> Grant:
    closed = closed_days(now.date(), (now + timedelta(days=31)).date())
    return Grant.objects.create(
        challenge=case.challenge,
        episode=case.challenge.episode,
        user=by,
        kind=GrantKind.BREAK_GLASS,
        since=now,
        until=now + OPEN_FOR,
        reason=reason,
        given_by=by,
        review_due=due(now, REVIEW_DAYS, Unit.WORKING_DAYS, closed=closed),
    )


def review_break_glass(
    grant: Grant, *, review: str, by: User, standing: Standing, now: datetime, request_id: str = ""
) -> None:
    """What the business unit says of it afterwards: never of oneself, and once."""
    with transaction.atomic():
        case = locked(grant.challenge, now)
        here = standing.within(case.exceptions)
        if UNIT not in here.roles or grant.user_id == by.pk:
            raise NotPermitted("Only the business unit reviews this, and nobody their own.")
        if review not in REVIEWS:
            raise Refused("Choose what you found.", field="review")
        waiting = Grant.objects.filter(pk=grant.pk, kind=GrantKind.BREAK_GLASS, reviewed_at__isnull=True)
        if waiting.update(review=review, reviewed_at=now, reviewed_by=by):
            note_access(
                case,
                BREAK_GLASS_REVIEWED,
                by=by,
                standing=here,
                now=now,
                codes={"number": grant.pk, "review": review},
                request_id=request_id,
            )


def break_glass_uses(standing: Standing) -> QuerySet[Grant]:
    """Every use in challenges that this person may know of, what waits for review first."""
    seen = Challenge.objects.visible_to(standing)
    uses = Grant.objects.filter(kind=GrantKind.BREAK_GLASS, challenge__in=seen)
    return uses.select_related("user", "challenge", "reviewed_by").order_by(
        F("reviewed_at").asc(nulls_first=True), "-since"
    )


def _note(
    case: Case, act: str, grant: Grant, *, by: User, standing: Standing, now: datetime, request_id: str = ""
) -> None:
    codes = {
        "number": grant.pk,
        "user": grant.user_id,
        "kind": str(grant.kind),
        "setting": grant.setting_id,
        "seat": str(grant.seat),
        "instead_of": grant.instead_of_id,
        "until": grant.until,
        "reason": digest_of(grant.reason) if grant.reason else "",
    }
    note_access(case, act, by=by, standing=standing, now=now, codes=codes, request_id=request_id)
