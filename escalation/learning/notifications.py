"""Who gets a mail about learning. Nothing of what was learnt is in it: that is on the page."""

from core.outbox.notices import Notice
from core.outbox.services import queue
from escalation.access.acting import Calendar
from escalation.forums.notifications import leaders_of

from .models import Action

ACTION = "learning_action"
NOTICES = (
    Notice(
        ACTION,
        "Something your organisation does about what was learnt is due",
        "From what was learnt, your organisation has something to do, and the day is near or over. Please "
        "say what came of it.",
        button="Open it",
    ),
)


def tell_of_action(action: Action, *, by: Calendar) -> None:
    """The leads of whoever does it."""
    queue(to=leaders_of([action.organisation]), kind=ACTION, path=action.get_absolute_url(), now=by.now)
