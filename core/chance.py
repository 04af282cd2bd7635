"""Chance has one home: what is drawn for one kind of thing is drawn under its name.

It is the system's own source. With it fixed, a test sees that nothing drawn for one kind of thing moves what
is drawn for another.
"""

import secrets
from base64 import urlsafe_b64encode
from uuid import UUID


def drawn(purpose: str, size: int) -> bytes:
    """So many bytes that nobody can guess, for one kind of thing, such as "challenge" or "request GET /"."""
    return secrets.token_bytes(size)


def drawn_id(purpose: str) -> UUID:
    """A random id (version 4) for one kind of thing."""
    return UUID(bytes=drawn(purpose, 16), version=4)


def drawn_token(purpose: str, size: int) -> str:
    """So many bytes that nobody can guess, as letters, digits, - and _ without padding."""
    return urlsafe_b64encode(drawn(purpose, size)).rstrip(b"=").decode()
