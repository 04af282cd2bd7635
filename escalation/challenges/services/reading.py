"""A challenge is read: the line in the read log that comes before the page."""

from core.audit.channel import Channel
from escalation.access.fields import FieldGroup
from escalation.access.reads import record_read
from escalation.accounts.models import User
from escalation.challenges.events import ACCESS
from escalation.challenges.models import Event
from escalation.challenges.queries import CaseView
from escalation.challenges.services.entries import acting_seat


def note_reading(
    view: CaseView, *, by: User, request_id: str = "", channel: Channel = Channel.PAGE
) -> Event | None:
    """Before `view` is shown to somebody. Whatever the field groups, an entry with words is words."""
    groups = view.groups | ({FieldGroup.F1} if any(entry.words for entry in view.entries) else set())
    return record_read(
        Event,
        chain=ACCESS,
        object=str(view.uuid),
        by=by,
        seat=acting_seat(view.parts) or min(view.let_in, default=""),
        groups=groups,
        has_task=view.is_my_turn,
        at=view.now,
        channel=channel,
        request_id=request_id,
    )
