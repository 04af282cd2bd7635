"""A contact comes in: by phone, by the form, or as a sealed copy of a challenge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from core.audit.channel import Channel
from core.machine import Refused
from escalation.access.models import ConflictReason
from escalation.access.standing import Standing
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import User
from escalation.lado import events, notifications
from escalation.lado.case import DECIDES, Case, new_case, seat_of, team_on
from escalation.lado.clocks import Clock, keep_next
from escalation.lado.effects import give_to_neighbour, keep_out
from escalation.lado.models import Child, Conflict, Employer, Entry, PolicyVersion, Referral
from escalation.lado.numbers import receipt_digest, receipt_of, reference_of, uuid_of
from escalation.lado.queries import current_policy
from escalation.lado.workflow import Who
from escalation.policy.words import london_date


@dataclass(frozen=True)
class Contact:
    """What is known at first: three answers are enough, the rest can wait.

    `way` is call, form, copy or import; `words` what they tell, by name; `concerned` people of the LADO
    team whom it is about, who will not see it. `about_lado`: the LADO, their manager or a director; it
    goes to the neighbouring LADO at once, where one has a seat, and is theirs if they took the call. Who
    knew when: a moment, or a day of which nobody gave the time.
    """

    way: str
    referrer: str
    referrer_phone: str
    words: Mapping[str, str]
    source: str = ""
    told_at: datetime | None = None
    employer_aware: date | None = None
    police_as: str = ""
    police_aware: date | None = None
    late_reason: str = ""
    adult_name: str = ""
    adult_born: date | None = None
    adult_role: str = ""
    sector: str = ""
    agency_worker: bool = False
    employer_name: str = ""
    child_name: str = ""
    child_born: date | None = None
    limbs: tuple[str, ...] = ()
    transferable_risk: bool = False
    about_lado: bool = False
    concerned: tuple[User, ...] = field(default=())
    challenge: UUID | None = None


@transaction.atomic
def take_contact(
    contact: Contact,
    *,
    by: User | None,
    standing: Standing,
    key: UUID,
    now: datetime,
    request_id: str = "",
    channel: Channel = Channel.PAGE,
) -> Referral:
    """Open a referral. The same form sent twice opens one: the first comes back.

    Late is no reason to refuse: why it is can be said later. Raises Refused where what they tell is empty.
    """
    if not any(text.strip() for text in contact.words.values()):
        raise Refused("Write what has happened.", field="what")
    referral = _row(contact, by=by, standing=standing, key=key, now=now)
    today = london_date(now)
    case = new_case(referral, team_on(today), today=today)
    clock = Clock(case, now)
    referral.told_in_time = clock.told_in_time()
    clock.start("contact", at=referral.told_at)
    if referral.about_lado and case.neighbours():
        give_to_neighbour(case, now)
    for person in contact.concerned:
        keep_out(case, person, ConflictReason.CONCERNED, by=by, now=now)
    keep_next(case)
    try:
        with transaction.atomic():
            referral.save()
    except IntegrityError:
        found = Referral.objects.filter(key=key).first()
        if found is not None:
            return found
        referral.reference = reference_of(key, taken={referral.reference})
        referral.save()
    _details(contact, case)
    clock.save()
    Conflict.objects.bulk_create(case.conflicts)
    seat = seat_of(standing) if contact.way == "call" else Who.REFERRER.value
    entry = _entry(referral, contact, by=by, seat=seat, now=now)
    snapshot = events.snapshot(case)
    events.record(
        case,
        entry,
        by=by,
        seat=seat,
        act="contact",
        at=now,
        changed=snapshot,
        request_id=request_id,
        channel=channel,
    )
    events.record_opening(referral, by=by, seat=seat, at=now)
    notifications.notify_team(case, by=by, now=now)
    return referral


def _row(contact: Contact, *, by: User | None, standing: Standing, key: UUID, now: datetime) -> Referral:
    taken_by_neighbour = SeatKind.NEIGHBOUR_LADO in standing.roles
    taken_by_lado = contact.way == "call" and bool(standing.roles & DECIDES)
    referral = Referral(
        uuid=uuid_of(key),
        key=key,
        reference=reference_of(key),
        receipt=receipt_digest(receipt_of(key)),
        policy_version=version_now(now),
        opened_at=now,
        owner=by if taken_by_lado else None,
        referrer_user=by if contact.way in ("form", "copy") else None,
        told_at=contact.told_at or now,
        adult_born=contact.adult_born.isoformat() if contact.adult_born else "",
        limbs=list(contact.limbs),
        about_lado=contact.about_lado or taken_by_neighbour,
        **{name: getattr(contact, name) for name in _AS_GIVEN},
    )
    for name, when in (("employer_aware", contact.employer_aware), ("police_aware", contact.police_aware)):
        if when is not None:
            referral.note_when(name, when)
    return referral


_AS_GIVEN = (
    "way",
    "referrer",
    "referrer_phone",
    "source",
    "police_as",
    "late_reason",
    "adult_name",
    "adult_role",
    "sector",
    "agency_worker",
    "transferable_risk",
    "challenge",
)


def version_now(now: datetime) -> PolicyVersion:
    """The row that keeps the version in force; a new one is kept with the first referral opened under it."""
    policy = current_policy(london_date(now))
    known: dict[str, Any] = {
        "version": policy.version,
        "start": policy.start,
        "document": dict(policy.document),
    }
    return PolicyVersion.objects.get_or_create(digest=policy.digest, defaults=known)[0]


def _details(contact: Contact, case: Case) -> None:
    referral = case.referral
    if contact.child_name:
        born = contact.child_born.isoformat() if contact.child_born else ""
        case.children.append(Child.objects.create(referral=referral, name=contact.child_name, born=born))
    if contact.employer_name:
        employer = Employer.objects.create(
            referral=referral, name=contact.employer_name, sector=contact.sector or "other"
        )
        case.employers.append(employer)


def _entry(referral: Referral, contact: Contact, *, by: User | None, seat: str, now: datetime) -> Entry:
    entry = Entry(
        referral=referral,
        version=1,
        episode=1,
        status=referral.status,
        step="contact",
        actor=by,
        seat=seat,
        occurred_at=referral.told_at,
        recorded_at=now,
        codes={"way": contact.way},
        words={name: text for name, text in contact.words.items() if text.strip()},
    )
    entry.save(force_insert=True)
    return entry
