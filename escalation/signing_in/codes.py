"""The codes of an app (TOTP, RFC 6238), those that people print, and those that come by mail.

Pure, with time as an argument.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from hmac import digest
from uuid import UUID

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils.crypto import constant_time_compare

from core.chance import drawn
from core.keys import derived_key

PERIOD, DRIFT = 30, 1
"""An app's code lasts half a minute. One before and one after are taken too, as clocks differ."""
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are read as another one on paper."""
PRINTED = 10
LENGTH = 10  # 31 ** 10 is about 2 ** 49; each is kept by the slow hash of passwords


def counter_at(now: datetime) -> int:
    """Half minutes since 1970."""
    return int(now.timestamp()) // PERIOD


def moment_of(counter: int) -> datetime:
    """When the half minute begins."""
    return datetime.fromtimestamp(counter * PERIOD, UTC)


def app_code(secret: str, counter: int) -> str:
    """The six digits that an app with this secret (base32) shows in a half minute."""
    return str(format_hotp_value(hotp_value(secret, counter)))


def matching(secret: str, typed: str, *, now: datetime, used: datetime | None) -> int | None:
    """The half minute whose code was typed; None where it is wrong, or not later than the one of `used`."""
    last = counter_at(used) if used else -1
    code = "".join(typed.split())
    if not code.isascii():
        return None
    for counter in range(counter_at(now) - DRIFT, counter_at(now) + DRIFT + 1):
        if counter > last and constant_time_compare(app_code(secret, counter), code):
            return counter
    return None


def printed_codes() -> Iterator[str]:
    """Ten codes such as “3-abcde-fghjk”; the number says which one it is."""
    for number in range(PRINTED):
        letters = "".join(_letter() for _ in range(LENGTH))
        yield f"{number}-{letters[:5]}-{letters[5:]}"


def _letter() -> str:
    """Each as likely as any other: bytes beyond a multiple of their number are drawn again."""
    while (byte := drawn("printed code", 1)[0]) >= 256 - 256 % len(LETTERS):
        pass
    return LETTERS[byte % len(LETTERS)]


def as_kept(typed: str) -> tuple[str, str]:
    """A printed code as (number, letters), however people write it down."""
    plain = "".join(sign for sign in typed.lower() if sign.isascii() and sign.isalnum())
    return plain[:1], plain[1:]


def mailed_code(message: UUID) -> str:
    """The six digits that a mail carries: made from its id, by a key outside the database. Kept nowhere."""
    made = digest(derived_key("escalation.signing_in.mailed"), message.bytes, "sha256")
    return f"{int.from_bytes(made, 'big') % 10**6:06}"
