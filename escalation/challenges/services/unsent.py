"""What somebody wrote and did not send: drafts, and the words of a step that was not taken."""

from collections.abc import Mapping
from datetime import datetime

from core.machine import Step
from escalation.accounts.models import User
from escalation.challenges.facts import Facts
from escalation.challenges.models import Challenge, Draft, KeptWords


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
