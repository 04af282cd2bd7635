"""Quarters of financial years, and the longer periods they make up: all aligned, so that none overlap."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

QUARTERS_A_YEAR = 4


class Span(StrEnum):
    """How long a period is."""

    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    THREE_YEARS = "three_years"

    @property
    def quarters(self) -> int:
        """How many quarters long."""
        return {"quarter": 1, "half_year": 2, "year": 4, "three_years": 12}[self.value]


@dataclass(frozen=True, order=True)
class Period:
    """Some quarters one after another. `first` counts quarters since that which began in April of year 0."""

    first: int
    quarters: int

    @classmethod
    def quarter(cls, year: int, number: int) -> "Period":
        """A quarter by the calendar year its financial year starts in: (2026, 1) is April to June 2026."""
        return cls(year * QUARTERS_A_YEAR + number - 1, 1)

    @property
    def last(self) -> int:
        """The number of its last quarter."""
        return self.first + self.quarters - 1

    @property
    def names(self) -> tuple[str, ...]:
        """Its quarters, as people and files write them: ("2026-27-Q1", "2026-27-Q2")."""
        return tuple(quarter_name(number) for number in range(self.first, self.last + 1))

    @classmethod
    def named(cls, names: Sequence[str]) -> "Period":
        """The period of some quarters by their names, in order."""
        year, number = names[0].split("-")[0], names[0][-1]
        return cls(cls.quarter(int(year), int(number)).first, len(names))

    def __contains__(self, other: "Period") -> bool:
        return self.first <= other.first and other.last <= self.last


def quarter_name(number: int) -> str:
    """ "2026-27-Q1" """
    year, quarter = divmod(number, QUARTERS_A_YEAR)
    return f"{year}-{(year + 1) % 100:02}-Q{quarter + 1}"


def period_ending(span: Span, quarter: int, *, since: int) -> Period | None:
    """The period of this length that ends with a quarter, if one does; none begins before `since`."""
    length = span.quarters
    if (quarter + 1 - origin_of(span, since)) % length or quarter + 1 - length < since:
        return None
    return Period(quarter + 1 - length, length)


def origin_of(span: Span, since: int) -> int:
    """A quarter that a period of this length begins with: blocks of three years begin at `since`."""
    return since if span is Span.THREE_YEARS else 0
