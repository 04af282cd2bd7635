"""Fill an empty database with the fictional partnership, all or nothing."""

from datetime import date
from pathlib import Path

from django.db import transaction

import escalation.policy
from escalation.accounts.models import Organisation, User
from escalation.challenges.models import Challenge
from escalation.rulebook.models import PolicyVersion
from escalation.rulebook.services import load_policies

from .people import make_partnership

POLICIES = Path(escalation.policy.__file__).with_name("policies")


class NotEmpty(Exception):
    """There is something in the database already; nothing was written."""


def is_empty() -> bool:
    """Nobody, no organisation and no challenge; policies may be there."""
    return not any(model._default_manager.exists() for model in (User, Organisation, Challenge))


@transaction.atomic
def fill(*, today: date) -> None:
    """Write the whole demo as it stands on `today`, a London date; raises NotEmpty."""
    if not is_empty():
        raise NotEmpty
    if not PolicyVersion.objects.exists():
        load_policies(POLICIES)
    make_partnership(today)
