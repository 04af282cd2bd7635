"""The audit trail of how people sign in, and that they are as the trail says.

Chain "factors": a factor was added, or taken away; printed codes were made, or one was used; somebody was
linked to their organisation's sign-in, or changed their password; somebody asked for a reset, and another one
decided. Of secrets there are only keyed digests: so a factor that somebody put into the database, or a secret
that was changed there, is found.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import models

from core.audit.chain import append_in_turn, append_many_in_turn
from core.audit.kept import ENDED, Told
from core.audit.registry import Fault
from escalation.accounts.events import How
from escalation.accounts.models import Event, User

from .models import FactorReset

CHAIN = "factors"
LINKED = "linked"
ADDED, CODES, CODE_USED, TAKEN_AWAY = "added", "codes made", "code used", ENDED
ASKED, APPROVED, REFUSED = "reset asked", "reset approved", "reset refused"
PASSWORD_CHANGED = "password changed"  # noqa: S105 - the name of an act
SELF = "self"
"""The seat of who acts for themselves."""
TOLD: dict[type[models.Model], Told] = {
    Authenticator: Told("factor", skip=frozenset({"id", "last_used_at"}), secret=frozenset({"data"})),
    SocialAccount: Told(
        "council",
        skip=frozenset({"id", "last_login", "date_joined", "extra_data"}),
        secret=frozenset({"uid"}),
    ),
    FactorReset: Told("reset", skip=frozenset({"id", "uuid"})),
}


def by_themselves(at: datetime, request_id: str) -> How:
    return How(at, SELF, request_id)


def record(row: Authenticator | FactorReset | SocialAccount, act: str, *, by: User | None, how: How) -> Event:
    """Write down what was done to a factor or a reset, as the database has it afterwards."""
    if act != TAKEN_AWAY:
        row.refresh_from_db()  # PostgreSQL puts the keys of JSON into an order of its own
    told = TOLD[type(row)]
    act_told = told.act(row, act, by=by, at=how.at, seat=how.seat, request_id=how.request_id)
    return append_in_turn(Event, chain=CHAIN, **act_told)


def record_many(rows: Iterable[Authenticator], *, how: How) -> None:
    """The same of many new ones at once, such as a demo's."""
    told = TOLD[Authenticator]
    acts = [told.act(row, ADDED, by=None, at=how.at, seat=how.seat) for row in rows]
    append_many_in_turn(Event, chain=CHAIN, acts=acts)


def faults() -> Iterator[Fault]:
    """Where a factor or a reset is not what its last event says."""
    for model, told in TOLD.items():
        yield from told.faults(Event, CHAIN, model)
