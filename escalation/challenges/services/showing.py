"""A private word before it is sent: the writer of a draft shows it to a lead, who reads and answers.

The draft stays its writer's: nobody else changes or sends it, and it is taken back at any time. Each showing
and each reading leaves an event, since these are words about a child.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from core.audit.chain import append_in_turn
from core.machine import Refused
from core.outbox.notices import Notice
from core.outbox.services import queue
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Seat, Setting, User
from escalation.challenges.events import ACCESS
from escalation.challenges.models import Draft, DraftWord, Event
from escalation.rulebook.queries import in_working_time

ADVICE, ANSWERED = "advice", "advice_answered"
SHOWN, READ_DRAFT, TAKEN_BACK = "draft_shown", "draft_read", "draft_taken_back"
NOTICES = (
    Notice(
        ADVICE,
        "Somebody asks you for a private word",
        "A colleague has written something in the challenge log and asks what you think before it is sent.",
        "Read it",
    ),
    Notice(
        ANSWERED,
        "There is a word about your draft",
        "It is about what you have not sent yet. It is still yours: only you can send it.",
        "Read it",
    ),
)


def leads_to_ask(writer: User, *, asked: Iterable[UUID]) -> list[Seat]:
    """Leads of the writer's own services first, then of the same organisations and groups.

    Nobody who works for a service that the draft asks: it would be sent with being shown. Two statements.
    """
    own = list(Setting.objects.filter(seats__user=writer).distinct())
    if not own:
        return []
    mine = {setting.pk for setting in own}
    near = Q(setting__organisation__in={s.organisation_id for s in own}) | Q(
        setting__group__in={s.group for s in own}
    )
    seats = (
        Seat.objects.filter(near, kind=SeatKind.LEAD, user__is_active=True)
        .exclude(user=writer)
        .exclude(user__seats__setting__uuid__in=list(asked))
        .select_related("user", "setting")
        .order_by("user__full_name", "pk")
    )
    own_first = sorted(seats, key=lambda seat: seat.setting_id not in mine)
    by_person: dict[int, Seat] = {}
    for seat in own_first:
        by_person.setdefault(seat.user_id, seat)
    return list(by_person.values())


@transaction.atomic
def show_draft(draft: Draft, to: User, *, asked: Iterable[UUID], path: str, now: datetime) -> None:
    """From now on this lead, and nobody before them, may read it. Raises Refused for anybody else."""
    if to.pk not in {seat.user_id for seat in leads_to_ask(draft.owner, asked=asked)}:
        raise Refused("Choose a lead from the list.", field="lead")
    changed = Draft.objects.filter(pk=draft.pk).update(shown_to=to, shown_at=now)
    if not changed:
        raise Draft.DoesNotExist
    queue(to=[to], kind=ADVICE, path=path, now=now, due_at=in_working_time(now))
    _note(draft, SHOWN, by=draft.owner, now=now)


@transaction.atomic
def take_back_draft(draft: Draft, *, now: datetime) -> None:
    """Nobody but the writer may read it any more; what was said about it stays with them."""
    if Draft.objects.filter(pk=draft.pk, shown_to__isnull=False).update(shown_to=None, shown_at=None):
        _note(draft, TAKEN_BACK, by=draft.owner, now=now)


def shown_to(user: User) -> QuerySet[Draft]:
    """The drafts that this person may read now, and that are somebody else's."""
    return Draft.objects.filter(shown_to=user, owner__is_active=True).select_related("owner")


@transaction.atomic
def note_draft_read(draft: Draft, *, by: User, now: datetime) -> None:
    """Before the page is served; where it cannot be written, the page is not."""
    _note(draft, READ_DRAFT, by=by, now=now)


@transaction.atomic
def say_of_draft(draft: Draft, words: str, *, by: User, path: str, now: datetime) -> DraftWord:
    """One more word between the two, and a notice to the other; by the writer or by who may read it now."""
    other = draft.shown_to if by.pk == draft.owner_id else draft.owner
    said = DraftWord.objects.create(draft=draft, by=by, words=words, said_at=now)
    if other is not None:
        kind = ADVICE if by.pk == draft.owner_id else ANSWERED
        queue(to=[other], kind=kind, path=path, now=now, due_at=in_working_time(now))
    return said


def _note(draft: Draft, act: str, *, by: User, now: datetime) -> None:
    append_in_turn(Event, chain=ACCESS, at=now, actor=by, seat="", act=act, object=str(draft.uuid), codes={})
