"""A digest of free text that an audit event may carry in place of the text."""

import hmac
import json

from core.keys import derived_key


def digest_of(*texts: str) -> str:
    """HMAC-SHA256 of one text, or of several in order, as 64 hex digits.

    Keyed, because a plain hash of "Yes" or of a child's initials is found by guessing. Several texts
    are told apart: ("ab", "c") and ("a", "bc") differ.
    """
    message = json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode()
    return hmac.digest(derived_key("text digest"), message, "sha256").hex()
