"""Writing down what was learnt, and the second person without whom nobody else reads it."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from escalation.access.acting import Acting
from escalation.challenges.models import Challenge
from escalation.learning.events import record, recorder
from escalation.learning.models import Origin, Point
from escalation.learning.queries import is_over, origins_of
from escalation.retelling import approving
from escalation.retelling.sources import finds_in
from escalation.rulebook.queries import current_policy


@dataclass(frozen=True)
class NewPoint:
    """What somebody writes; `source` is a closed challenge that it comes from, if any."""

    title: str
    text: str
    kind: str
    theme: str
    sub_group: str
    source: Challenge | None

    @property
    def fields(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in ("title", "text", "kind", "theme", "sub_group")}


@transaction.atomic
def write(new: NewPoint, *, key: UUID, by: Acting) -> Point:
    """A learning point, as a draft. `key` is the form's own: a second click is the same point."""
    approving.writers_only(by)
    known = Point.objects.filter(uuid=key).first()
    if known is not None:
        return known
    point = Point.objects.create(
        uuid=key,
        **new.fields,
        policy_version=current_policy(by.today),
        written_by=by.user,
        written_at=by.now,
    )
    record(point, approving.WRITTEN, by=by)
    _keep_origin(point, new.source, by=by)
    return point


@transaction.atomic
def rewrite(point: Point, new: NewPoint, *, seen: int, by: Acting) -> Point:
    """Say it anew: a draft again, by whoever changed it last. Raises Moved, or Refused with what to do."""
    now = approving.mine(point, by)
    is_same = all(getattr(now, name) == value for name, value in new.fields.items())
    if now.may_change and is_same and new.source is None:
        return now
    approving.rewrite(now, new.fields, seen=seen, by=by, record=recorder(by))
    _keep_origin(now, new.source, by=by)
    return now


def _keep_origin(point: Point, challenge: Challenge | None, *, by: Acting) -> None:
    """One more; several challenges can show the same."""
    if challenge is None:
        return
    row, is_new = Origin.objects.get_or_create(point=point, challenge=challenge)
    if is_new:
        record(row, approving.WRITTEN, by=by)


@transaction.atomic
def propose(point: Point, *, despite: str, by: Acting) -> Point:
    """Ask a second person. What the linter finds is changed first, or has a reason that they read."""
    now = approving.mine(point, by)
    finds = finds_in(now, origins_of(now, by.standing, by.now))
    approving.propose(now, finds, despite=despite, record=recorder(by))
    return now


@transaction.atomic
def approve(point: Point, *, by: Acting) -> Point:
    """A second person of the business unit has read it: it goes to its sub-group, and on the board."""
    return approving.approve(point, is_over=is_over, by=by, record=recorder(by))


@transaction.atomic
def send_back(point: Point, *, why: str, by: Acting) -> Point:
    """Not as it is; whoever wrote it reads why. They can take it back themselves, too."""
    now = approving.mine(point, by)
    approving.send_back(now, why=why, by=by, record=recorder(by))
    return now


@transaction.atomic
def take_back(point: Point, *, by: Acting) -> Point:
    """It is on the board no more, nor is what was to be done about it."""
    now = approving.mine(point, by)
    approving.take_back(now, record=recorder(by))
    return now
