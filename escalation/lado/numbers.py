"""A referral's numbers, all made from its form's key and the log's own: nothing is drawn for them.

So no reference, receipt or address says how many there are, no later number of anything else depends on
there being one, and the receipt number can be shown again to a second click without being stored.
"""

import hashlib
import hmac
from collections.abc import Container
from itertools import count
from uuid import UUID

from core.keys import derived_key
from core.text.digest import digest_of
from core.text.reference import normalised, signs_of

REFERENCE_SIGNS, RECEIPT_SIGNS = 6, 12


def uuid_of(key: UUID) -> UUID:
    """The referral's own id, which its address has."""
    return UUID(bytes=_made(key, "uuid")[:16], version=4)


def reference_of(key: UUID, *, taken: Container[str] = ()) -> str:
    """L and six signs, as people say it over the phone; the key's next one where that is another's.

    Among ten thousand, one in ten times two are alike somewhere.
    """
    made = (_made(key, f"reference {number}" if number else "reference") for number in count())
    signs = (f"L{signs_of(each, REFERENCE_SIGNS)}" for each in made)
    return next(reference for reference in signs if reference not in taken)


def receipt_of(key: UUID) -> str:
    """Twelve signs that only the referrer knows; 28 to the power of 12, so nobody guesses one."""
    return signs_of(_made(key, "receipt"), RECEIPT_SIGNS)


def receipt_digest(typed: str) -> str:
    """What is stored of a receipt number, from the number as somebody typed it."""
    return digest_of(normalised(typed))


def spoken(reference: str) -> str:
    """As it is shown: "L47 TRXB"."""
    return f"{reference[:3]} {reference[3:]}"


def spoken_receipt(receipt: str) -> str:
    """As it is shown: "K7M4 QX9B 2DFG"."""
    return " ".join(receipt[start : start + 4] for start in range(0, len(receipt), 4))


def _made(key: UUID, purpose: str) -> bytes:
    return hmac.new(derived_key(f"lado {purpose}"), key.bytes, hashlib.sha256).digest()
