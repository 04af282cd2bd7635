"""What pages about forums read, in few statements however many there are."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.web.dates import london_day
from escalation.access.standing import Standing
from escalation.accounts.models import Organisation, User
from escalation.directory.queries import may_read
from escalation.retelling.models import TextState

from .models import Invitation, Pledge, Pulse, SignUp, Sitting, Vignette


@dataclass(frozen=True)
class Guest:
    """An organisation at a sitting, and how many of it mean to come."""

    invitation: Invitation
    coming: int


def works_here(standing: Standing) -> bool:
    """Whoever may read the directory has a page of forums: they work in a service, or in the unit."""
    return may_read(standing)


def keeps_the_door(standing: Standing, sitting: Sitting) -> bool:
    """The unit counts who comes, and so do the leads of the organisation that is host."""
    if standing.in_business_unit:
        return True
    leads = standing.lead_settings | standing.senior_settings
    return Organisation.objects.filter(pk=sitting.host_id, settings__in=leads).exists()


def door_is_open(sitting: Sitting, now: datetime) -> bool:
    """From its day on, until it is closed."""
    return sitting.is_planned and london_day(sitting.starts_at) <= london_day(now)


def guests_of(sitting: Sitting) -> list[Guest]:
    """Every organisation of a sitting, by name; two statements."""
    coming = coming_to(sitting)
    rows = sitting.invitations.select_related("organisation")
    return [Guest(row, coming[row.organisation_id]) for row in rows]


def coming_to(sitting: Sitting) -> Mapping[int, int]:
    """How many mean to come, by organisation."""
    return Counter(SignUp.objects.filter(sitting=sitting).values_list("organisation", flat=True))


def can_come_for(sitting: Sitting, user: User) -> list[Organisation]:
    """The invited organisations in which somebody has a seat of their own."""
    invited = Organisation.objects.filter(
        forum_invitations__sitting=sitting, forum_invitations__at_the_door=False
    )
    return list(invited.filter(settings__seats__user=user).order_by("name").distinct())


def not_there(sitting: Sitting) -> list[Organisation]:
    """Organisations that are not on the list of a sitting."""
    return list(Organisation.objects.exclude(forum_invitations__sitting=sitting))


def topics_of(sitting: Sitting) -> list[Vignette]:
    """What is talked about at a sitting: nothing that no second person has approved."""
    return list(
        Vignette.objects.filter(topics__sitting=sitting, state=TextState.APPROVED).order_by("topics__pk")
    )


def pledges_of(standing: Standing) -> list[Pledge]:
    """All that was said at forums, for whoever works here: they name nobody. One statement."""
    return list(Pledge.objects.select_related("organisation", "sitting")) if works_here(standing) else []


def pulses_of(sitting: Sitting) -> list[Pulse]:
    """The three times at which a forum asks, the sitting with each; one statement."""
    rows = list(sitting.pulses.all())
    for row in rows:
        row.sitting = sitting
    return rows
