"""The only writer of policy versions and dated facts. One person proposes a fact, another confirms it."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone

from core.audit.kept import ENDED
from core.machine import Refused
from escalation.policy import Policy, PolicyError, parse
from escalation.policy.words import london_date
from escalation.policy.writing import toml_text

from .events import CONFIRMED, PROPOSED, REFUSED, SET, record
from .models import (
    CalendarCheck,
    Change,
    ClosedDay,
    FrontDoorNumber,
    PolicyVersion,
    Proposal,
    SchoolHoliday,
)


class PolicyRefused(Exception):
    """The files were not loaded, and why: a line for each file that is wrong."""


@transaction.atomic
def load_policies(folder: Path) -> list[PolicyVersion]:
    """Load every *.toml of a folder that is not there yet; returns the new versions.

    All or nothing. Refused: a file that cannot be read as a policy (with line and reason), and one
    that says something else than was loaded before under the same version.
    """
    policies, refusals = _read(folder)
    known = {(each.key, each.version): each for each in PolicyVersion.objects.all()}
    for policy in policies:
        there = known.get((policy.key, policy.version))
        if there and there.digest != policy.digest:
            refusals.append(
                f"{policy.source}: version {policy.version} of “{policy.key}” was loaded before with other "
                f"words. Cases were opened under it, so give the changed file version {policy.version + 1}."
            )
    if refusals:
        raise PolicyRefused("\n".join(refusals))
    return [_save(policy) for policy in policies if (policy.key, policy.version) not in known]


def _read(folder: Path) -> tuple[list[Policy], list[str]]:
    policies: list[Policy] = []
    refusals: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            policies.append(parse(path.read_text(encoding="utf-8"), source=path.name))
        except PolicyError as error:
            refusals.append(str(error))
        except UnicodeDecodeError:
            refusals.append(f"{path.name}: is not saved as UTF-8.")
    if not policies and not refusals:
        refusals.append(f"{folder}: holds no policy (no *.toml file).")
    return policies, refusals


@transaction.atomic
def adopt(policy: Policy) -> PolicyVersion:
    """Make a version of a policy that two people agreed on, as if from its file; raises PolicyRefused."""
    try:
        read = parse(toml_text(policy), source=policy.source)
    except PolicyError as error:
        raise PolicyRefused(str(error)) from error
    if read.digest != policy.digest:
        raise PolicyRefused(f"{policy.source}: its file would say something else.")
    return _save(read)


def _save(policy: Policy) -> PolicyVersion:
    return PolicyVersion.objects.create(
        key=policy.key,
        version=policy.version,
        title=policy.title,
        start=policy.start,
        document=policy.document,
        digest=policy.digest,
    )


@transaction.atomic
def close_day(
    *,
    day: date,
    name: str,
    by: AbstractBaseUser | None = None,
    now: datetime | None = None,
    request_id: str = "",
) -> ClosedDay:
    """From now on this day is no working day; the same day again only changes its name.

    Times that run keep the day they were told: what begins, or goes on after a pause, counts by the new list.
    """
    closed, _ = ClosedDay.objects.update_or_create(date=day, defaults={"name": name})
    record(closed, SET, by=by, at=now or timezone.now(), request_id=request_id)
    return closed


@transaction.atomic
def propose(
    change: str,
    says: Mapping[str, str],
    *,
    by: AbstractBaseUser,
    now: datetime,
    key: UUID,
    request_id: str = "",
) -> Proposal:
    """Propose a change of dated facts; nothing holds before somebody else confirms it.

    `key` is the form's own: a second click is the same proposal. Raises Refused with what to do.
    """
    known = Proposal.objects.filter(uuid=key).first()
    if known is not None:
        return known
    _check(change, says, london_date(now))
    proposal = Proposal.objects.create(
        uuid=key, change=change, says=dict(says), proposed_by_id=by.pk, proposed_at=now
    )
    record(proposal, PROPOSED, by=by, at=now, request_id=request_id)
    return proposal


@transaction.atomic
def confirm(proposal: Proposal, *, by: AbstractBaseUser, now: datetime, request_id: str = "") -> Proposal:
    """Somebody else says yes, and it holds from then on. Raises Refused with what to do."""
    locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if locked.decided_at is not None:
        if locked.confirmed and locked.decided_by_id == by.pk:
            return locked  # one's own second click
        raise Refused("Somebody has decided this meanwhile.")
    if locked.proposed_by_id == by.pk:
        raise Refused("You proposed this, so a colleague has to confirm it.")
    _check(locked.change, locked.says, london_date(now))
    _decide(locked, confirmed=True, by=by, now=now, request_id=request_id)
    _carry_out(locked, by=by, now=now, request_id=request_id)
    return locked


@transaction.atomic
def refuse(proposal: Proposal, *, by: AbstractBaseUser, now: datetime, request_id: str = "") -> Proposal:
    """It does not hold. Whoever proposed it can take it back in this way, too."""
    locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if locked.decided_at is None:
        _decide(locked, confirmed=False, by=by, now=now, request_id=request_id)
    elif locked.confirmed:
        raise Refused("Somebody has confirmed this meanwhile. Propose to take it back.")
    return locked


def _decide(
    proposal: Proposal, *, confirmed: bool, by: AbstractBaseUser, now: datetime, request_id: str
) -> None:
    proposal.confirmed, proposal.decided_by_id, proposal.decided_at = confirmed, by.pk, now
    proposal.save(update_fields=["confirmed", "decided_by", "decided_at"])
    record(proposal, CONFIRMED if confirmed else REFUSED, by=by, at=now, request_id=request_id)


def _check(change: str, says: Mapping[str, str], today: date) -> None:
    """What cannot be proposed, nor confirmed any more."""
    match change:
        case Change.CLOSED if _day(says, "day") <= today:
            raise Refused(
                "This day is over or has begun, and times that run are not changed. Choose a later day."
            )
        case Change.HOLIDAY:
            clash = SchoolHoliday.objects.filter(
                first__lte=_day(says, "last"), last__gte=_day(says, "first")
            ).first()
            if clash is not None:
                raise Refused(f"{clash.name} is there already, and overlaps. Take that back first.")
        case Change.REOPENED if not ClosedDay.objects.filter(date=_day(says, "day")).exists():
            raise Refused("This day is no closed day any more.")
        case Change.NO_HOLIDAY if not SchoolHoliday.objects.filter(first=_day(says, "first")).exists():
            raise Refused("These holidays are there no more.")


def _carry_out(proposal: Proposal, *, by: AbstractBaseUser, now: datetime, request_id: str) -> None:
    says = proposal.says
    match proposal.change:
        case Change.CLOSED:
            close_day(day=_day(says, "day"), name=says["name"], by=by, now=now, request_id=request_id)
            return
        case Change.REOPENED:
            gone: models.Model = ClosedDay.objects.get(date=_day(says, "day"))
        case Change.NO_HOLIDAY:
            gone = SchoolHoliday.objects.get(first=_day(says, "first"))
        case _:
            made = _made(proposal.change, says)
            record(made, SET, by=by, at=now, request_id=request_id)
            return
    record(gone, ENDED, by=by, at=now, request_id=request_id)
    gone.delete()


def _made(change: str, says: Mapping[str, str]) -> models.Model:
    if change == Change.HOLIDAY:
        return SchoolHoliday.objects.create(
            name=says["name"], first=_day(says, "first"), last=_day(says, "last")
        )
    if change == Change.NUMBER:
        return FrontDoorNumber.objects.create(
            code=says["code"], number=says["number"], hours=says["hours"], start=_day(says, "start")
        )
    return CalendarCheck.objects.create(until=_day(says, "until"))


def _day(says: Mapping[str, str], name: str) -> date:
    return date.fromisoformat(says[name])
