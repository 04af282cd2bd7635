"""Writing topics, and the second person without whom none reaches a sitting."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from core.audit.kept import ENDED
from core.machine import Moved, NotPermitted, Refused
from escalation.challenges.models import Challenge
from escalation.forums import events
from escalation.forums.acting import Acting
from escalation.forums.models import Sitting, Source, Topic, TopicState, Vignette
from escalation.forums.topics import finds_in, is_over, may_write, source_of

from .locking import locked, unit_only

UNKNOWN = "There is no closed challenge with this number whose words you can read."
SAY_WHY = "Change what the log asks about, or say why it may stay: a colleague reads your reason."
NOT_YOURS = "You wrote this, so a colleague has to read and approve it."


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
    if not may_write(by.standing):
        raise NotPermitted("Topics are written by leads and by the business unit.")
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
    events.record(vignette, events.WRITTEN, by=by)
    _keep_source(vignette, new.source, by=by)
    return vignette


@transaction.atomic
def rewrite(vignette: Vignette, new: NewVignette, *, seen: int, by: Acting) -> Vignette:
    """Say it anew: a draft again, by whoever changed it last. Raises Moved, or Refused with what to do."""
    now = _mine(vignette, by)
    if not now.may_change:
        raise Refused("This topic does not change any more. Write a new one.")
    if (now.title, now.text, now.question) == (new.title, new.text, new.question) and new.source is None:
        return now
    if now.version != seen:
        raise Moved("Somebody else has changed this topic meanwhile.")
    now.title, now.text, now.question = new.title, new.text, new.question
    now.written_by, now.written_at = by.user, by.now
    _move(now, TopicState.DRAFT, events.WRITTEN, by=by, despite="", decided_by=None, decided_at=None)
    _keep_source(now, new.source, by=by)
    return now


def _keep_source(vignette: Vignette, challenge: Challenge | None, *, by: Acting) -> None:
    if challenge is None:
        return
    row, is_new = Source.objects.get_or_create(vignette=vignette, defaults={"challenge": challenge})
    if not is_new:
        row.challenge = challenge
        row.save(update_fields=["challenge"])
    events.record(row, events.WRITTEN, by=by)


@transaction.atomic
def propose(vignette: Vignette, *, despite: str, by: Acting) -> Vignette:
    """Ask a second person. What the linter finds is changed first, or has a reason that they read."""
    now = _mine(vignette, by)
    if now.state == TopicState.PROPOSED:
        return now
    if now.state != TopicState.DRAFT:
        raise Refused("This topic is decided already.")
    if finds_in(now, source_of(now, by.standing, by.now)) and not despite.strip():
        raise Refused(SAY_WHY)
    _move(now, TopicState.PROPOSED, events.PROPOSED, by=by, despite=despite, sent_back="")
    return now


@transaction.atomic
def approve(vignette: Vignette, *, by: Acting) -> Vignette:
    """A second person of the business unit has read it: it may be talked about from now on."""
    unit_only(by)
    now = _locked(vignette)
    if now.state == TopicState.APPROVED and now.decided_by_id == by.user.pk:
        return now
    if now.state != TopicState.PROPOSED:
        raise Refused("Nobody asks for a word on this topic now.")
    if now.written_by_id == by.user.pk:
        raise Refused(NOT_YOURS)
    if not is_over(now):
        raise Refused("It cannot be approved now. Send it back: whoever wrote it can see why.")
    _move(now, TopicState.APPROVED, events.APPROVED, by=by, decided_by=by.user, decided_at=by.now)
    return now


@transaction.atomic
def send_back(vignette: Vignette, *, why: str, by: Acting) -> Vignette:
    """Not as it is; whoever wrote it reads why. They can take it back themselves, too."""
    now = _mine(vignette, by)
    if now.state != TopicState.PROPOSED:
        raise Refused("Nobody asks for a word on this topic now.")
    if not why.strip() and now.written_by_id != by.user.pk:
        raise Refused("Say what should be other, so that it can be changed.")
    _move(now, TopicState.DRAFT, events.SENT_BACK, by=by, sent_back=why)
    return now


@transaction.atomic
def take_back(vignette: Vignette, *, by: Acting) -> Vignette:
    """It is talked about no more: no sitting shows it from now on."""
    now = _mine(vignette, by)
    if now.state != TopicState.WITHDRAWN:
        _move(now, TopicState.WITHDRAWN, events.TAKEN_BACK, by=by)
    return now


@transaction.atomic
def put_on(sitting: Sitting, vignettes: Iterable[Vignette], *, by: Acting) -> None:
    """These are the topics of a sitting, and no others; each is approved."""
    unit_only(by)
    now = locked(sitting)
    wanted = {each.pk: each for each in Vignette.objects.filter(pk__in=[v.pk for v in vignettes])}
    if any(each.state != TopicState.APPROVED for each in wanted.values()):
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


def _mine(vignette: Vignette, by: Acting) -> Vignette:
    """Locked, for whoever wrote it and for the unit."""
    now = _locked(vignette)
    if now.written_by_id != by.user.pk and not by.standing.in_business_unit:
        raise NotPermitted("Whoever wrote a topic, and the business unit, change it.")
    return now


def _locked(vignette: Vignette) -> Vignette:
    return Vignette.objects.select_for_update().get(pk=vignette.pk)


def _move(now: Vignette, state: TopicState, act: str, *, by: Acting, **fields: object) -> None:
    """Once approved its words never change: they are not written again."""
    now.state = state
    now.version += 1
    for name, value in fields.items():
        setattr(now, name, value)
    words = ["title", "text", "question", "written_by", "written_at"] if act == events.WRITTEN else []
    now.save(update_fields=["state", "version", *fields, *words])
    events.record(now, act, by=by)
