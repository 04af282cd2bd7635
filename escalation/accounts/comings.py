"""The audit trail of signing in and out: chain "sign-ins" of accounts.

It says who signed in and by which proofs, which try failed, when an address has to wait, and who signed out,
here or elsewhere. What was typed as an address stands there as a keyed digest alone, the same for one that
nobody has. A try that had to wait is not written: it was refused before anything was looked at. So a stranger
makes the trail longer by ten lines a quarter of an hour for each address, and by `MOST_TOLD` in all; then one
line says that there are more.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from core.audit.chain import append_in_turn

from .models import Event, User

CHAIN = "sign-ins"
SIGNED_IN, FAILED, WAITS, MANY = "signed in", "failed", "has to wait", "many fail"
SIGNED_OUT, ELSEWHERE = "signed out", "signed out elsewhere"
SELF, NOBODY = "self", "nobody"
"""The seat of who signs in, and of whoever fails to."""
MOST_TOLD = 300
"""So many failures of a quarter of an hour stand one by one."""
WINDOW = timedelta(minutes=15)


class By(StrEnum):
    """What somebody proves who they are by."""

    PASSWORD = "password"  # noqa: S105 - the name of a proof
    MAIL = "code by mail"
    ORGANISATION = "organisation"
    APP = "app"
    PASSKEY = "passkey"
    PRINTED = "printed code"
    NEW = "new second step"
    SESSION = "session"


def record_own(
    user: User, act: str, codes: Mapping[str, object], *, at: datetime, request_id: str = ""
) -> Event:
    """What somebody did about their own sessions; in the transaction of the act."""
    return append_in_turn(
        Event,
        chain=CHAIN,
        at=at,
        actor=user,
        seat=SELF,
        act=act,
        object=f"person:{user.pk}",
        codes=codes,
        request_id=request_id,
    )


def record_sign_in(user: User, by: Sequence[str], *, at: datetime, request_id: str = "") -> Event:
    return record_own(user, SIGNED_IN, {"by": list(by)}, at=at, request_id=request_id)


def record_failure(
    account: str,
    by: str,
    *,
    waits: bool = False,
    whose: User | None = None,
    at: datetime,
    request_id: str = "",
) -> Event | None:
    """A try that failed, by whomever; None where too many did of late. In the transaction that counts it.

    `account`: the digest under which it is counted. `whose`: where it is known without what was typed.
    """
    told = Event.objects.filter(chain=CHAIN, act__in=(FAILED, WAITS, MANY), at__gt=at - WINDOW).count()
    if told > MOST_TOLD:
        return None
    act = MANY if told == MOST_TOLD else WAITS if waits else FAILED
    return append_in_turn(
        Event,
        chain=CHAIN,
        at=at,
        actor=None,
        seat=NOBODY,
        act=act,
        object=f"person:{whose.pk}" if whose else "",
        codes={} if act == MANY else {"account": account, "by": by},
        request_id=request_id,
    )
