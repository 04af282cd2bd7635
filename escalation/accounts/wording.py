"""A key in words, and a session. Never the key itself, which is kept nowhere."""

from dataclasses import dataclass
from datetime import datetime

from core.sessions.models import Session
from core.web.components import State
from core.web.dates import long_date, long_day, short_date

from .models import ApiToken
from .scopes import Scope


@dataclass(frozen=True)
class KeyRow:
    """A key as an administrator sees it."""

    key: ApiToken
    opens: str
    made: str
    used: str
    state: State
    works: bool


def row_of(key: ApiToken, *, now: datetime) -> KeyRow:
    by = key.issued_by.full_name if key.issued_by else "a command on the server"
    return KeyRow(
        key=key,
        opens=", ".join(str(Scope(word).label) for word in key.scopes.split()),
        made=f"{long_day(key.created_at)}, by {by}",
        used=short_date(key.last_used_at, now=now) if key.last_used_at else "Not used yet",
        state=_state(key, now),
        works=key.live(now),
    )


def _state(key: ApiToken, now: datetime) -> State:
    if key.revoked_at:
        return State("hold", f"Ended on {long_day(key.revoked_at)}")
    if not key.live(now):
        return State("hold", f"Ran out on {long_day(key.expires_at)}")
    return State("done", f"Works until {long_day(key.expires_at)}")


def since(session: Session) -> str:
    """Such as “Firefox on Windows, since Monday 30 November 2026, 10:05am”."""
    return (
        f"{session.device}, since {long_date(session.started_at)}" if session.started_at else session.device
    )
