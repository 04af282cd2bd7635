"""What each kind of message says. Words only, the same for everybody: no name, reference, date or setting."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Notice:
    """The constant words of one kind of message; the link is the message's own, and so are its figures.

    `figures`: what such a message may count, by name, in words and in their order. `code`: from a message's
    id the code that its mail carries, worked out when it is sent, since it is kept nowhere.
    """

    kind: str
    subject: str
    sentence: str
    button: str = "Open the log"
    figures: Mapping[str, str] = field(default_factory=dict)
    code: Callable[[UUID], str] | None = None


_NOTICES: dict[str, Notice] = {}


def register(*notices: Notice) -> None:
    """Make kinds of message known, once each, when an app starts; raises ValueError for a second one."""
    for notice in notices:
        if _NOTICES.setdefault(notice.kind, notice) != notice:
            raise ValueError(f"The kind {notice.kind!r} says something else already")


def notice_of(kind: str) -> Notice:
    """The words of a kind; raises KeyError where no app made it known."""
    return _NOTICES[kind]


def known_kinds() -> frozenset[str]:
    """Every kind that an app has made known."""
    return frozenset(_NOTICES)
