"""Writing topics, and the second person without whom none reaches a sitting."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import models, transaction

from core.audit.kept import ENDED
from core.machine import Refused
from escalation.access.acting import Acting
from escalation.challenges.models import Challenge
from escalation.forums import events
from escalation.forums.models import Sitting, Source, Topic, Vignette
from escalation.forums.topics import is_over, sources_of
from escalation.retelling import approving
from escalation.retelling.models import TextState
from escalation.retelling.sources import finds_in

from .locking import locked, unit_only


@dataclass(frozen=True)
class NewVignette:
    """What somebody writes; `source` is the closed challenge it was made from, if any."""

    title: str
    text: str
    question: str
    source: Challenge | None


@transaction.atomic
def write(new: NewVignette, *, key: UUID, by: Acting) -> Vignette:
    """A topic, as a draft. `key` is the form's own: a second click is the same topic."""
    approving.writers_only(by)
    known = Vignette.objects.filter(uuid=key).first()
    if known is not None:
        return known
    vignette = Vignette.objects.create(
        uuid=key,
        title=new.title,
        text=new.text,
        question=new.question,
        written_by=by.user,
        written_at=by.now,
    )
    events.record(vignette, approving.WRITTEN, by=by)
    _keep_source(vignette, new.source, by=by)
    return vignette


@transaction.atomic
def rewrite(vignette: Vignette, new: NewVignette, *, seen: int, by: Acting) -> Vignette:
    """Say it anew: a draft again, by whoever changed it last. Raises Moved, or Refused with what to do."""
    now = approving.mine(vignette, by)
    said: dict[str, object] = {"title": new.title, "text": new.text, "question": new.question}
    if now.may_change and now.words == tuple(said.values()) and new.source is None:
        return now
    approving.rewrite(now, said, seen=seen, by=by, record=_by(by))
    _keep_source(now, new.source, by=by)
    return now


def _by(by: Acting) -> Callable[[models.Model, str], None]:
    return lambda row, act: events.record(row, act, by=by)


def _keep_source(vignette: Vignette, challenge: Challenge | None, *, by: Acting) -> None:
    if challenge is None:
        return
    row, is_new = Source.objects.get_or_create(vignette=vignette, defaults={"challenge": challenge})
    if not is_new:
        row.challenge = challenge
        row.save(update_fields=["challenge"])
    events.record(row, approving.WRITTEN, by=by)


@transaction.atomic
def propose(vignette: Vignette, *, despite: str, by: Acting) -> Vignette:
    """Ask a second person. What the linter finds is changed first, or has a reason that they read."""
    now = approving.mine(vignette, by)
    finds = finds_in(now, sources_of(now, by.standing, by.now))
    approving.propose(now, finds, despite=despite, record=_by(by))
    return now


@transaction.atomic
def approve(vignette: Vignette, *, by: Acting) -> Vignette:
    """A second person of the business unit has read it: it may be talked about from now on."""
    return approving.approve(vignette, is_over=is_over, by=by, record=_by(by))


@transaction.atomic
def send_back(vignette: Vignette, *, why: str, by: Acting) -> Vignette:
    """Not as it is; whoever wrote it reads why. They can take it back themselves, too."""
    now = approving.mine(vignette, by)
    approving.send_back(now, why=why, by=by, record=_by(by))
    return now


@transaction.atomic
def take_back(vignette: Vignette, *, by: Acting) -> Vignette:
    """It is talked about no more: no sitting shows it from now on."""
    now = approving.mine(vignette, by)
    approving.take_back(now, record=_by(by))
    return now


@transaction.atomic
def put_on(sitting: Sitting, vignettes: Iterable[Vignette], *, by: Acting) -> None:
    """These are the topics of a sitting, and no others; each is approved."""
    unit_only(by)
    now = locked(sitting)
    wanted = {each.pk: each for each in Vignette.objects.filter(pk__in=[v.pk for v in vignettes])}
    if any(each.state != TextState.APPROVED for each in wanted.values()):
        raise Refused("A topic that no second person has approved cannot be put on a forum.")
    there = {row.vignette_id: row for row in now.topics.all()}
    for pk, row in there.items():
        if pk not in wanted:
            events.record(row, ENDED, by=by)
            row.delete()
    new = [
        Topic.objects.create(sitting=now, vignette=wanted[pk], at=by.now) for pk in wanted if pk not in there
    ]
    events.record_many(new, events.PUT_ON, by=by)
