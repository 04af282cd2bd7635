"""Three months after a challenge ended: the raiser is asked if they were treated any worse (rule 11)."""

from datetime import datetime

from django.db import transaction

from core.outbox.notices import Notice
from core.outbox.services import queue_kinds
from escalation.access.standing import standing_of
from escalation.challenges.models import Challenge
from escalation.challenges.worklist import asked_back
from escalation.policy.words import london_date
from escalation.rulebook.queries import in_working_time

HOW_TREATED = "how_treated"
NOTICES = (
    Notice(
        HOW_TREATED,
        "We have one question for you",
        "It is about something that you raised in the challenge log three months ago or more. Your answer is "
        "private: the page says who can read it.",
        "See the question",
    ),
)


def ask_how_treated(*, now: datetime) -> int:
    """Queue the question to each raiser whose time has come, once; returns how many were asked.

    Whoever has left, or lost sight of it, is not asked.
    """
    due = Challenge.objects.filter(ask_treated_from__lte=now, treated_told_at__isnull=True)
    return sum(_ask(pk, now) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _ask(pk: int, now: datetime) -> bool:
    challenge = Challenge.objects.select_for_update(of=("self",)).select_related("raised_by").get(pk=pk)
    raiser = challenge.raised_by
    if raiser is None or challenge.treated_told_at is not None:
        return False
    Challenge.objects.filter(pk=pk).update(treated_told_at=now)
    standing = standing_of(raiser, today=london_date(now), at=now)
    visible = Challenge.objects.visible_to(standing).filter(asked_back(standing, now), pk=pk)
    if not (raiser.is_active and visible.exists()):
        return False
    path = f"{challenge.get_absolute_url()}say_treated/"
    queue_kinds(to={HOW_TREATED: [raiser]}, path=path, now=now, due_at=in_working_time(now))
    return True
