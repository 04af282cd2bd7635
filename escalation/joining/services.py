"""The only writer of requests to join. Each function is one act, all or nothing.

Whoever asks has proved an address and nothing else. They get a seat by somebody's yes alone: of the setting's
lead, of who covers for them, or of the business unit; never by their own.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from core.machine import Moved, NotPermitted, Refused
from escalation.accounts import services as accounts
from escalation.accounts.events import How
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Setting, User, plain_email
from escalation.accounts.queries import proposed_settings
from escalation.directory.queries import may_keep
from escalation.directory.services import Keeper, NewPerson, found_or_made, seated

from .events import ASKED, FORGOTTEN, NEWCOMER, SYSTEM, record
from .models import KEPT, LASTS, JoinRequest, Reason, Status
from .notifications import DECLINED, UNANSWERED, tell_asker, tell_deciders, tell_of_one_more
from .queries import MOST_ASKED, asked_lately, deciders, waiting_of

HERE_ALREADY = "You have a seat in {} already. Sign in to use it."
UNIT = "Who works in the business unit has no seat in a service: the unit does not see who raised what."
OFTEN = "You have asked three times in two weeks. Speak to your safeguarding lead."
NOT_YOURS = "Your address does not go with this service. Choose one from the list."


@dataclass(frozen=True)
class Asker:
    """An address that was proved, and what its reader says of themselves."""

    email: str
    full_name: str
    job_title: str
    phone: str = ""


@transaction.atomic
def ask_to_join(asker: Asker, setting: Setting, *, now: datetime, request_id: str = "") -> JoinRequest:
    """Ask the setting's lead. An address that waits already waits on. Raises Refused with what to do."""
    found = waiting_of(asker.email, now=now)
    if found is not None:
        return found
    user = User.objects.filter(email=plain_email(asker.email)).first()
    _check(asker.email, user, setting, now)
    how = How(now, NEWCOMER, request_id)
    _end_older(asker.email, how=how)
    try:
        with transaction.atomic():
            row = JoinRequest.objects.create(
                email=plain_email(asker.email),
                full_name=asker.full_name,
                job_title=asker.job_title,
                phone=asker.phone,
                setting=setting,
                asked_at=now,
            )
    except IntegrityError:  # the second click was quicker
        return JoinRequest.objects.get(email=plain_email(asker.email), status=Status.WAITING)
    record(row, ASKED, by=user, how=how)
    tell_deciders(deciders(setting, today=now.date()), now=now)
    return row


def _check(email: str, user: User | None, setting: Setting, now: datetime) -> None:
    if not proposed_settings(email).filter(pk=setting.pk).exists():
        raise Refused(NOT_YOURS, field="setting")
    if asked_lately(email, now=now) >= MOST_ASKED:
        raise Refused(OFTEN)
    seats = list(user.seats.all()) if user else []
    if any(seat.kind == SeatKind.BUSINESS_UNIT for seat in seats):
        raise Refused(UNIT)
    if any(seat.setting_id == setting.pk for seat in seats):
        raise Refused(HERE_ALREADY.format(setting.name), field="setting")


def _end_older(email: str, *, how: How) -> None:
    """One that nobody answered, and that the worker has not ended yet."""
    for row in JoinRequest.objects.filter(email=plain_email(email), status=Status.WAITING):
        _end(row, Status.UNANSWERED, by=None, how=how)


@transaction.atomic
def take_back(email: str, *, now: datetime, request_id: str = "") -> None:
    """Whoever asked does not want it any more. Decided meanwhile is no error: their page says how."""
    rows = JoinRequest.objects.select_for_update().filter(email=plain_email(email), status=Status.WAITING)
    for row in rows:
        _end(row, Status.TAKEN_BACK, by=None, how=How(now, NEWCOMER, request_id))


@transaction.atomic
def confirm(row: JoinRequest, *, by: Keeper) -> JoinRequest:
    """They work here: they have a practitioner's seat from now on. One's own second click is no error."""
    found = _locked(row, by)
    if found.status != Status.WAITING:
        return _said_before(found, Status.CONFIRMED, by)
    try:
        _seat(found, by)
    except accounts.Refused as no:
        raise Refused(str(no)) from no
    return _end(found, Status.CONFIRMED, by=by.user, how=by.how)


def _seat(row: JoinRequest, by: Keeper) -> None:
    """The seat, for whoever has the address, or for somebody new; a mail tells them."""
    person = NewPerson(row.email, row.full_name, row.job_title, row.phone)
    user = found_or_made(person, by=by.user, how=by.how)
    if not user.is_active:
        raise Refused("Somebody who has left had this address. Say no, and speak to the business unit.")
    held = set(user.seats.values_list("kind", flat=True))
    if SeatKind.BUSINESS_UNIT in held:
        raise Refused(UNIT)
    seated(user, SeatKind.PRACTITIONER, row.setting, by=by.user, how=by.how)
    if held:
        tell_of_one_more(user, now=by.now)


@transaction.atomic
def decline(row: JoinRequest, reason: str, *, by: Keeper) -> JoinRequest:
    """They get no seat, and are told why. One's own second click is no error."""
    found = _locked(row, by)
    if found.status != Status.WAITING:
        return _said_before(found, Status.DECLINED, by)
    found.reason = Reason(reason).value
    tell_asker(found.email, DECLINED, now=by.now)
    return _end(found, Status.DECLINED, by=by.user, how=by.how)


def _locked(row: JoinRequest, by: Keeper) -> JoinRequest:
    found = JoinRequest.objects.select_for_update(of=("self",)).select_related("setting").get(pk=row.pk)
    if not may_keep(by.standing, found.setting):
        raise NotPermitted("The service’s own lead decides this, or the business unit.")
    if found.email == by.user.email:
        raise NotPermitted("Somebody else has to decide this for you.")
    return found


def _said_before(row: JoinRequest, wanted: Status, by: Keeper) -> JoinRequest:
    if row.status == wanted and row.decided_by_id == by.user.pk:
        return row
    who = row.decided_by.full_name if row.decided_by else ""
    said = {Status.CONFIRMED: "said yes", Status.DECLINED: "said no"}.get(Status(row.status))
    raise Moved(f"{who} has {said} already." if said else "It is over: they took it back, or it was too old.")


def _end(row: JoinRequest, status: Status, *, by: User | None, how: How) -> JoinRequest:
    row.status, row.decided_at, row.decided_by = status, how.at, by
    row.save(update_fields=["status", "decided_at", "decided_by", "reason"])
    record(row, status.value, by=by, how=how)
    return row


@transaction.atomic
def end_old(*, now: datetime) -> None:
    """What nobody answered is over, and its asker is told; what was over for long is forgotten."""
    how = How(now, SYSTEM)
    rows = JoinRequest.objects.select_for_update(skip_locked=True, of=("self",))
    for row in rows.filter(status=Status.WAITING, asked_at__lte=now - LASTS).order_by("pk"):
        tell_asker(row.email, UNANSWERED, now=now)
        _end(row, Status.UNANSWERED, by=None, how=how)
    for row in rows.filter(decided_at__lte=now - KEPT).order_by("pk"):
        record(row, FORGOTTEN, by=None, how=how)
        row.delete()
