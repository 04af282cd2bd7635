"""The shapes that templates/components/ draw. Plain words, already worded and already permitted.

A view (or the app that knows the case) fills them; a component asks no question and makes no query.
Every text is shown as it stands, escaped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class State:
    """A state label: `kind` is wait, turn, due, late, done, hold, private, sealed or seen."""

    kind: str
    words: str


@dataclass(frozen=True)
class Act:
    """Something one can do next: where, and the words of its button or link."""

    label: str
    url: str


@dataclass(frozen=True)
class Day:
    """One cell of the day strip.

    `weekday` "Wed", `number` "23", `word` one short word ("sent", "day 1", "Xmas", "5pm") or "";
    `kinds` any of off (does not count), due, missed, now; `meaning` is said to screen readers only.
    """

    weekday: str
    number: str
    word: str = ""
    kinds: tuple[str, ...] = ()
    meaning: str = ""


@dataclass(frozen=True)
class Clock:
    """How the time is counted. `words` are the truth; `days` explain them, and may be empty."""

    heading: str
    words: str
    days: Sequence[Day] = ()

    @property
    def in_rows(self) -> bool:
        """Up to 8 days stand in one row; more stand in rows of 7."""
        return len(self.days) > 8


@dataclass(frozen=True)
class TurnCard:
    """Whose turn, by when, who can see this.

    `tone` is "" (theirs), "mine" or "late" (mine and overdue). `before` leads up to `when`, which stands
    alone on its line; `after` says what one may do and what happens otherwise. `services`: one state each
    where several are asked. `button` is the one next action (filled only where it is one's turn);
    `even` holds two that weigh the same, instead. `sees_url` "": there is no list to see.
    """

    state: State
    heading: str
    before: str = ""
    when: str = ""
    after: str = ""
    tone: str = ""
    services: Sequence[State] = ()
    button: Act | None = None
    even: Sequence[Act] = ()
    links: Sequence[Act] = ()
    sees: str = ""
    sees_url: str = "#seen"
    clock: Clock | None = None


@dataclass(frozen=True)
class StagePoint:
    """One stage of the tracker; `position` is done, here or ahead."""

    number: int
    name: str
    who: str
    position: str = "ahead"


@dataclass(frozen=True)
class Part:
    """A piece of text with a bold lead-in, such as "Seen or heard"; `lead` may be empty."""

    lead: str
    text: str


@dataclass(frozen=True)
class Position:
    """What one side says: the heading is the answer itself. `empty` keeps its place, dashed."""

    side: str
    heading: str
    parts: Sequence[Part] = ()
    empty: bool = False


@dataclass(frozen=True)
class LogEntry:
    """One line of what happened. `recorded` only if later; `audience` only when narrower than both sides."""

    when: date
    what: str
    who: str = ""
    recorded: str = ""
    audience: str = ""
    text: str = ""
    link: Act | None = None
    anchor: str = ""


@dataclass(frozen=True)
class ActionRow:
    """One agreed action: by when, what, who owns it and how it stands; `done_url` takes a POST."""

    due: date
    what: str
    owner: str
    state: State | None = None
    done_url: str = ""


@dataclass(frozen=True)
class WhoSees:
    """The list that the turn card's strip leads to; `note` says what others see."""

    people: Sequence[str]
    note: str = ""


@dataclass(frozen=True)
class Phone:
    """A number, what it is for, and a note such as "Numbers to be confirmed by MSCP"."""

    label: str
    number: str
    note: str = ""


@dataclass(frozen=True)
class Tile:
    """A number, its label, and one state or fact; the whole tile is one link to exactly those rows."""

    number: int
    label: str
    url: str
    state: State | None = None
    fact: str = ""


@dataclass(frozen=True)
class Filter:
    """A chip above a list, with its count."""

    label: str
    count: int
    url: str
    current: bool = False


@dataclass(frozen=True)
class WorkRow:
    """One challenge in a list. `due_state` only where late or due today; else `due` is plain words.

    `label` is the reader's own name for it: only for whoever wrote it.
    """

    due: str
    issue: str
    url: str
    asked: str
    turn: State
    stage: str
    reference: str
    due_state: State | None = None
    due_note: str = ""
    label: str = ""


@dataclass(frozen=True)
class Column:
    """A heading of a list; `url` sorts by it, `sorted_by` is "ascending", "descending" or ""."""

    label: str
    url: str = ""
    sorted_by: str = ""
    wide_only: bool = False


@dataclass(frozen=True)
class WorkGroup:
    """Rows under one heading, such as "Overdue (2)"; without one where the list is not in order of time."""

    heading: str
    rows: Sequence[WorkRow]
