"""One spelling for an event's facts, so that both databases hash alike after a round trip."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

_spell = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode
NOT_PLAIN = "An event holds text, whole numbers, true, false, dates, ids, and lists or maps of these; not {}"


def plain(value: object) -> object:
    """`value` as JSON has it: moments in UTC with microseconds, dates and ids as text.

    Raises TypeError for what JSON, SQLite and PostgreSQL do not keep alike (fractions, above all),
    ValueError for NUL and for a moment without a time zone.
    """
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {_key(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    raise TypeError(NOT_PLAIN.format(type(value).__name__))


def moment(at: datetime) -> str:
    """2026-04-01T08:00:00.000000+00:00: UTC, always with microseconds, as both databases store it."""
    if at.tzinfo is None:
        raise ValueError("An event's time needs a time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def canonical(value: object) -> bytes:
    """UTF-8 JSON of `value`: keys sorted, no spaces; raises as `plain` does, and for lone surrogates."""
    return encoded(plain(value))


def encoded(value: object) -> bytes:
    """The same of what is plain already."""
    return _spell(value).encode()


def _text(value: str) -> str:
    if "\x00" in value:
        raise ValueError("An event's text cannot hold NUL")
    return str(value)


def _key(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(NOT_PLAIN.format(f"a map with a key of {type(value).__name__}"))
    return _text(value)
