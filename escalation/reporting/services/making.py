"""How a release is made, by the worker or from a terminal: counted, drawn, checked; published on its date.

Each act is a transaction of its own, and each can be repeated: whoever is killed in the middle leaves either
all of an act or nothing, and the next one goes on. What is drawn is a function of the stored counts and bits,
so a release that was interrupted comes out as if it had not been; and once figures are stored, they stand.
"""

import hashlib
import json
import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from core.machine import Moved, StepError
from core.text.digest import digest_of
from escalation.disclosure import form
from escalation.disclosure.audit import Publication
from escalation.disclosure.releasing import Drawn, Phase, Refused, knowledge
from escalation.disclosure.releasing import release as draw_and_certify
from escalation.disclosure.verifier import verify
from escalation.policy.words import count
from escalation.reporting import counting, notifications
from escalation.reporting.counting import Counted
from escalation.reporting.events import file_key
from escalation.reporting.files import files_of
from escalation.reporting.models import (
    BITS,
    WORKING,
    Figures,
    RefusalReason,
    Release,
    ReleaseFile,
    Snapshot,
    State,
)
from escalation.reporting.queries import (
    is_whole,
    outside_facts,
    standing_publications,
    waiting_for_files,
    withdrawn_publications,
)
from escalation.reporting.services.changing import changing, destroy_snapshot, move
from escalation.reporting.services.releasing import refuse_for

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 5
"""So often the worker begins a release anew. After that somebody has to look at the machine."""
EVERY = timedelta(seconds=10)
Told = Callable[[State], None]


def work(*, now: datetime) -> None:
    """The worker's part: what waits to be made, what is due to be published, what was withdrawn."""
    for release in Release.objects.filter(state__in=WORKING, attempts__lt=MOST_ATTEMPTS).order_by("number"):
        make(release, now=now)
    for release in Release.objects.filter(state=State.APPROVED, publish_at__lte=now).order_by("number"):
        publish(release, now=now)
    for release in waiting_for_files():
        make_files(release, now=now)


def make(release: Release, *, now: datetime, told: Told = lambda state: None) -> Release:
    """Take a release to "ready", or to "not released"; `told` is called with each state it comes to.

    Where another process is at the same release, whoever is first has done it: the result is the same.
    """
    Release.objects.filter(pk=release.pk).update(attempts=F("attempts") + 1)
    try:
        made = _made(release, now, told)
    except StepError:
        made = Release.objects.select_related("plan").get(pk=release.pk)
    told(State(made.state))
    return made


def _made(release: Release, now: datetime, told: Told) -> Release:
    _take_snapshot(release, now)
    told(State.ROUNDING)
    try:
        return _store(release, _draw(release, now, told), now)
    except (Refused, ValueError, MemoryError) as error:
        # What stands in the way may tell of true counts: nobody is told more than that there is no release.
        logger.error("A release was not made: %s", type(error).__name__)
        return refuse_for(release, RefusalReason.TECHNICAL, by=None, now=now)


def _take_snapshot(release: Release, now: datetime) -> None:
    """Count, and draw the random bits, before anything is rounded; once."""
    if release.state != State.DRAFT:
        return
    with counting.one_moment():
        counted = counting.count(release.plan.plan, release.subject, release.number)
        with changing(release, "counted", by=None, now=now) as locked:
            move(locked, State.ROUNDING)
            locked.cut_off = now
            Snapshot.objects.create(
                release=locked, counts=counted.as_json(), bits=secrets.token_bytes(BITS), taken_at=now
            )


def _draw(release: Release, now: datetime, told: Told) -> Drawn:
    snapshot = Snapshot.objects.get(release=release)
    earlier = standing_publications(release.subject)

    def phase(at: Phase) -> None:
        to = State(at.value)
        if Release.objects.get(pk=release.pk).state != to:
            with changing(release, at.value, by=None, now=now) as locked:
                move(locked, to)
            told(to)

    plan = release.plan.plan
    return draw_and_certify(
        plan,
        release.number,
        Counted.from_json(snapshot.counts),
        bits=bytes(snapshot.bits),
        earlier=earlier,
        withdrawn=withdrawn_publications(release.subject),
        facts=outside_facts(release.subject, plan),
        from_the_start=is_whole(release.plan, release.number),
        told=phase,
    )


def _store(release: Release, drawn: Drawn, now: datetime) -> Release:
    """Keep what was drawn, if its form is right and the verifier agrees; if another did so, theirs stands."""
    plan, earlier = release.plan.plan, standing_publications(release.subject)
    withdrawn = withdrawn_publications(release.subject)
    if form.faults(plan, release.number, drawn.publications, earlier=earlier, withdrawn=withdrawn):
        raise Refused("The figures have not the form of their plan.")
    everything = knowledge(
        plan,
        [*earlier, *drawn.publications],
        withdrawn=withdrawn,
        facts=outside_facts(release.subject, plan),
        from_the_start=is_whole(release.plan, release.number),
    )
    if verify(everything, drawn.certificate):
        raise Refused("The certificate does not hold.")
    values = [_plain(each) for each in drawn.publications]
    with transaction.atomic():
        with changing(release, "drawn", by=None, now=now) as locked:
            move(locked, State.READY)
            lists, moves = len(drawn.certificate.lists), len(drawn.certificate.moves)
            Figures.objects.create(release=locked, values=values, lists=lists, moves=moves, drawn_at=now)
            told_of = [count(len(everything.cells), "figure"), count(lists, "list"), count(moves, "move")]
            locked.verdict = f"Certified safe: {', '.join(told_of)}."
            locked.digest = digest_of(json.dumps(values), json.dumps(locked.snapshot.counts))
        notifications.tell_ready(locked, now=now)
    return locked


def _plain(publication: Publication) -> dict[str, object]:
    return {
        "date": str(publication.date),
        "quarters": list(publication.quarters),
        "values": publication.values.tolist(),
    }


def publish(release: Release, *, now: datetime) -> Release:
    """On its date: files and state in one transaction, after which true counts and bits are gone."""
    files = _files(release, now)
    with changing(release, "published", by=None, now=now, more=_named(files)) as locked:
        move(locked, State.PUBLISHED)
        locked.published_at = now
        ReleaseFile.objects.bulk_create(files)
        destroy_snapshot(locked)
    return locked


def make_files(release: Release, *, now: datetime) -> Release:
    """The files of a new edition, after a withdrawal."""
    files = _files(release, now)
    with changing(release, "edition", by=None, now=now, more=_named(files)) as locked:
        if locked.edition != release.edition:
            raise Moved("Another withdrawal came in between.")
        ReleaseFile.objects.bulk_create(files)
    return locked


def _files(release: Release, now: datetime) -> list[ReleaseFile]:
    return [
        ReleaseFile(
            release=release,
            edition=release.edition,
            name=each.name,
            media_type=each.media_type,
            content=each.content,
            etag=hashlib.sha256(each.content).hexdigest(),
            made_at=now,
        )
        for each in files_of(release)
    ]


def _named(files: Sequence[ReleaseFile]) -> dict[str, object]:
    return {"files": {file_key(each): each.etag for each in files}}
