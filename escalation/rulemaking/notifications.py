"""Who gets a mail about a new version of the policy. What it says is on the page alone."""

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser

from core.outbox.notices import Notice
from core.outbox.services import queue
from escalation.access.acting import Acting
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import User

from .models import PolicyDraft

OFFERED, SENT_BACK, APPROVED = "policy_offered", "policy_sent_back", "policy_approved"
NOTICES = (
    Notice(
        OFFERED,
        "A new version of the policy waits for a second person",
        "A colleague has written a new version of the Escalation Policy. It holds once somebody else of the "
        "business unit has read and approved it.",
        button="Read it",
    ),
    Notice(
        SENT_BACK,
        "A new version of the policy was sent back",
        "A colleague has read the new version of the Escalation Policy and says what should be other.",
        button="See what they say",
    ),
    Notice(
        APPROVED,
        "A new version of the policy is approved",
        "A colleague has approved the new version of the Escalation Policy. Its page says from when it "
        "holds.",
        button="See it",
    ),
)


def tell_offered(draft: PolicyDraft, *, by: Acting) -> None:
    """Everybody who can be the second person."""
    unit = User.objects.filter(seats__kind=SeatKind.BUSINESS_UNIT, is_active=True)
    second = unit.exclude(pk__in=[draft.written_by_id, by.user.pk]).order_by("pk").distinct()
    _tell(second, OFFERED, draft, by=by)


def tell_writers(draft: PolicyDraft, kind: str, *, by: Acting) -> None:
    """Whoever wrote it last, and whoever offered it."""
    writers = User.objects.filter(pk__in=[draft.written_by_id, draft.offered_by_id], is_active=True)
    _tell(writers.exclude(pk=by.user.pk).order_by("pk"), kind, draft, by=by)


def _tell(people: Iterable[AbstractBaseUser], kind: str, draft: PolicyDraft, *, by: Acting) -> None:
    queue(to=people, kind=kind, path=draft.get_absolute_url(), now=by.now)
