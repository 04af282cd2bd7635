"""One way to change a release: locked, moved by the table of states, saved, and with an event."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from core.audit.state import changes
from core.machine import Refused
from escalation.accounts.models import User
from escalation.reporting.events import NOTHING, facts_of, record
from escalation.reporting.models import MOVES, Release, Snapshot, State


@contextmanager
def changing(
    release: Release,
    act: str,
    *,
    by: User | None,
    now: datetime,
    more: Mapping[str, object] = NOTHING,
    request_id: str = "",
) -> Iterator[Release]:
    """The release as it stands, locked; what the caller changes is saved, with the event `act`."""
    with transaction.atomic():
        locked = Release.objects.select_for_update(of=("self",)).select_related("plan").get(pk=release.pk)
        before = facts_of(locked)
        yield locked
        locked.version += 1
        changed = [name.removeprefix("release.") for name in changes(before, facts_of(locked))]
        locked.save(update_fields=[*changed, "version"])
        record(locked, act, before=before, by=by, at=now, more=more, request_id=request_id)


def move(release: Release, to: State) -> None:
    """Change its state. Raises Refused where the table of states has no such way."""
    if to not in MOVES.get(release.state, ()):
        raise Refused(f"This release is at “{release.get_state_display()}” now. Look at it again.")
    release.state = to


def destroy_snapshot(release: Release) -> None:
    """True counts and random bits are gone for good, on SQLite from the file too."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
    Snapshot.objects.filter(release=release).delete()
