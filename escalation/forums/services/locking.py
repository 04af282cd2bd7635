"""The lock under which everything about one sitting is changed, and who plans."""

from core.machine import NotPermitted, Refused
from escalation.access.acting import Acting
from escalation.forums.models import Sitting, State

OVER = {
    State.CLOSED: "This forum is over. Nothing of it changes any more.",
    State.CANCELLED: "This forum was called off. Nothing of it changes any more.",
}


def locked(sitting: Sitting) -> Sitting:
    """The sitting as it is now, held until the transaction ends. Raises Refused for one that has ended."""
    found = Sitting.objects.select_for_update().get(pk=sitting.pk)
    check_planned(found)
    return found


def check_planned(sitting: Sitting) -> None:
    """Raises Refused for one that has ended."""
    if not sitting.is_planned:
        raise Refused(OVER[State(sitting.state)])


def unit_only(by: Acting) -> None:
    if not by.standing.in_business_unit:
        raise NotPermitted("Forums are planned by the business unit.")
