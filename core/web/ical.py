"""Calendars for other programs to read (RFC 5545): moments with a title and a link, and nothing else."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST = 75
"""Octets in a line, without its end (RFC 5545, 3.1)."""
END = "\r\n"


@dataclass(frozen=True)
class Moment:
    """Something at a time. `uid` stays the same while it is the same thing."""

    uid: str
    at: datetime
    title: str
    url: str


def calendar(name: str, moments: Iterable[Moment], *, now: datetime) -> str:
    """The whole file. Times are in UTC, so that no program needs our time zone's rules."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Challenge log//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for moment in moments:
        lines += _event(moment, now)
    lines.append("END:VCALENDAR")
    return "".join(folded(line) + END for line in lines)


def _event(moment: Moment, now: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{escaped(moment.uid)}",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(moment.at)}",
        f"SUMMARY:{escaped(moment.title)}",
        f"URL:{moment.url}",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """As a text value (RFC 5545, 3.3.11)."""
    for plain, escape in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        text = text.replace(plain, escape)
    return text


def folded(line: str) -> str:
    """A line of more than 75 octets goes on in the next ones, each after a space; no sign is cut in two."""
    return f"{END} ".join(_pieces(line))


def _pieces(line: str) -> Iterator[str]:
    piece, size, room = "", 0, LONGEST
    for sign in line:
        octets = len(sign.encode())
        if size + octets > room:
            yield piece
            piece, size, room = "", 0, LONGEST - 1
        piece, size = piece + sign, size + octets
    yield piece


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
