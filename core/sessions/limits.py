"""How long somebody stays signed in: each limit, and where it stands in the session.

Whoever signs people in says by `begin` how long a session lasts without a request. In all it lasts
SESSION_COOKIE_AGE seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from core.chance import drawn_id

KEPT = "signed_in"
"""Where the session keeps its times: begun, last seen, and how long it lasts without a request."""
SEEN_EVERY = timedelta(minutes=1)
"""How often a request notes its time, so that reading is not writing."""


@dataclass(frozen=True)
class Times:
    """Since when somebody is signed in, when they were last seen, and how long they may do nothing."""

    started: datetime
    seen: datetime
    idle: timedelta

    @property
    def idle_end(self) -> datetime:
        """If nothing more is done."""
        return self.seen + self.idle

    @property
    def last_end(self) -> datetime:
        """Whatever is done until then."""
        return self.started + timedelta(seconds=settings.SESSION_COOKIE_AGE)

    @property
    def end(self) -> datetime:
        return min(self.idle_end, self.last_end)


def begin(session: SessionBase, *, now: datetime, idle: int, device: str) -> None:
    """Somebody has just signed in. `idle` in seconds; `device` in words."""
    stamp = now.timestamp()
    kept = {"id": str(drawn_id("session")), "started": stamp, "seen": stamp, "idle": idle, "device": device}
    session[KEPT] = kept


def times(session: SessionBase) -> Times | None:
    """Those of a session in which somebody signed in."""
    kept = session.get(KEPT)
    return times_of(kept) if kept else None


def times_of(kept: Mapping[str, Any]) -> Times:
    """What `begin` wrote, read again."""
    return Times(
        started=datetime.fromtimestamp(kept["started"], UTC),
        seen=datetime.fromtimestamp(kept["seen"], UTC),
        idle=timedelta(seconds=kept["idle"]),
    )


def note_seen(session: SessionBase, *, now: datetime) -> None:
    """Somebody did something: their time without a request begins again."""
    known = times(session)
    if known and now - known.seen >= SEEN_EVERY:
        session[KEPT] = {**session[KEPT], "seen": now.timestamp()}


def seconds_left(ends: Times, *, now: datetime) -> int:
    """Until the session ends, if nothing more is done."""
    return max(0, int((ends.end - now).total_seconds()))
