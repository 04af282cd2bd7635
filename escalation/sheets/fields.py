"""What an app wants to know of each row."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"  # several lines
    LINE = "line"
    DATE = "date"
    TERM = "term"  # one of our words
    TERMS = "terms"  # several of them


@dataclass(frozen=True)
class Field:
    """Something an app wants to know of each row.

    `vocabulary` names the words of a TERM or TERMS. `headings`: how such a column is often called, for a
    first mapping. `most`: the longest text, in letters; 0 is any.
    """

    name: str
    kind: Kind
    label: str
    vocabulary: str = ""
    required: bool = False
    headings: tuple[str, ...] = ()
    most: int = 0


Said = str | date | tuple[str, ...]
"""Text, a day, one of our words, or several of these."""
