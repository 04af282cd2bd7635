"""Fill an empty database with the fictional partnership, all or nothing."""

from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.module_loading import import_string

import escalation.policy
from core.outbox.models import Message
from escalation.accounts.models import Organisation, User
from escalation.challenges.models import Challenge
from escalation.rulebook.models import PolicyVersion
from escalation.rulebook.services import load_policies

from .dates import set_dates
from .people import make_partnership
from .play import Stage
from .scenes import all_plays, first_day

CHALLENGES = 150
LEAST = timedelta(days=120)
POLICIES = Path(escalation.policy.__file__).with_name("policies")


class NotEmpty(Exception):
    """There is something in the database already; nothing was written."""


def is_empty() -> bool:
    """Nobody, no organisation and no challenge; policies may be there."""
    return not any(model._default_manager.exists() for model in (User, Organisation, Challenge))


class TooEarly(Exception):
    """No policy was in force long enough before that day."""


@transaction.atomic
def fill(*, today: date, challenges: int = CHALLENGES) -> None:
    """Write the whole demo as it stands when `today`, a London date, begins; raises NotEmpty or TooEarly.

    What people do is written by the services, at its own time: events, due times and notices are those
    that the log itself makes.
    """
    if not is_empty():
        raise NotEmpty
    if not PolicyVersion.objects.exists():
        load_policies(POLICIES)
    if today - first_day(today) < LEAST:
        raise TooEarly
    partnership = make_partnership(today)
    set_dates(partnership, today)
    stage = Stage(partnership, today)
    stage.run(all_plays(stage, challenges))
    for path in settings.DEMO_ALSO:
        import_string(path)(today)
    # Made-up people get no mail, and in the story theirs was read long ago.
    Message.objects.filter(sent_at=None).update(sent_at=F("due_at"))
