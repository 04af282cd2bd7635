"""Django's sessions in the database, with whose they are and when they end beside what they hold.

So a session that has ended is never found, whatever its browser still sends; and somebody's sessions can be
listed and ended without opening each. It costs no statement more than Django's own.
"""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from core.sessions.limits import KEPT, times_of
from core.sessions.models import Session


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def save(self, must_create: bool = False) -> None:
        """One that was ended meanwhile stays ended: its request is answered, and the next asks to sign in."""
        with suppress(UpdateError):
            super().save(must_create)

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        assert isinstance(row, Session)  # noqa: S101 - see get_model_class
        kept = data.get(KEPT)
        if kept and SESSION_KEY in data:
            times = times_of(kept)
            row.user_id = int(data[SESSION_KEY])
            row.uuid, row.device = UUID(kept["id"]), kept["device"]
            row.started_at, row.seen_at, row.expire_date = times.started, times.seen, times.end
        return row
