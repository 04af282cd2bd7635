"""What somebody wrote and did not send: drafts, and the words of a step that was not taken.

Neither waits for ever: its writer is reminded of a draft once, and after the days that the policy in force
gives for it, counted from the last save, it is deleted; unless a legal hold keeps it.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from core.machine import Step
from core.outbox.notices import Notice
from core.outbox.services import queue_kinds
from escalation.accounts.models import User
from escalation.challenges.facts import Facts
from escalation.challenges.models import Challenge, Draft, DraftHold, KeptWords
from escalation.policy.words import london_date
from escalation.rulebook.queries import NoPolicy, current_policy, in_working_time

UNSENT = "unsent"
NOTICES = (
    Notice(
        UNSENT,
        "You began something and did not send it",
        "It is a draft in the challenge log, and nobody acts on it. Please send it, ask your lead what they "
        "think first, or throw it away. The page says until when it is kept.",
    ),
)


def save_draft(*, owner: User, words: Mapping[str, str], now: datetime, draft: Draft | None = None) -> Draft:
    """Keep what is being written; nothing is sent.

    Raises Draft.DoesNotExist where it was sent or thrown away since it was read: what is gone stays gone.
    """
    draft = draft or Draft(owner=owner)
    draft.words, draft.saved_at = {**draft.words, **words}, now
    if draft._state.adding:
        draft.save(force_insert=True)
    elif not Draft.objects.filter(pk=draft.pk).update(words=draft.words, saved_at=now):
        raise Draft.DoesNotExist
    return draft


def keep_words(
    challenge: Challenge, step: Step[Facts], *, by: User, words: Mapping[str, str], now: datetime
) -> None:
    """Keep what somebody wrote for a step that was not taken, for them alone; nothing is sent."""
    KeptWords.objects.update_or_create(
        owner=by, challenge=challenge, defaults={"step": step.name, "words": dict(words), "saved_at": now}
    )


def drop_kept_words(challenge: Challenge, *, by: User) -> None:
    """Once their words are in the log, or not wanted any more, they are not kept beside it."""
    KeptWords.objects.filter(owner=by, challenge=challenge).delete()


def draft_days(today: date) -> int:
    """How many days after its last save a draft is deleted."""
    return current_policy(today).policy.limits["draft_days"]


def look_after_unsent(*, now: datetime) -> int:
    """Remind once of each draft that has waited, delete what nobody came back to; returns how many waited."""
    try:
        limits = current_policy(london_date(now)).policy.limits
    except NoPolicy:
        return 0
    over = now - timedelta(days=limits["draft_days"])
    held = DraftHold.standing().values("owner")
    Draft.objects.filter(saved_at__lt=over).exclude(owner__in=held).delete()
    KeptWords.objects.filter(saved_at__lt=over).exclude(owner__in=held).delete()
    return _remind(now - timedelta(days=limits["draft_reminder_days"]), now)


def remind_of_drafts(owner: User, *, now: datetime) -> None:
    """Tell somebody who is about to leave of what they began: nobody else will read it."""
    if Draft.objects.filter(owner=owner).exists():
        path = reverse("challenges:raise")
        queue_kinds(to={UNSENT: [owner]}, path=path, now=now, due_at=in_working_time(now))


@transaction.atomic
def _remind(saved_before: datetime, now: datetime) -> int:
    waiting = Draft.objects.filter(
        Q(reminded_at__isnull=True) | Q(reminded_at__lt=F("saved_at")), saved_at__lt=saved_before
    )
    found = list(waiting.select_for_update(of=("self",)).select_related("owner"))
    writers = [draft.owner for draft in found if draft.owner.is_active]
    if writers:
        path = reverse("challenges:raise")
        queue_kinds(to={UNSENT: writers}, path=path, now=now, due_at=in_working_time(now))
    Draft.objects.filter(pk__in=[draft.pk for draft in found]).update(reminded_at=now)
    return len(found)
