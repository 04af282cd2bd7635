"""Quarters of the financial year: 2026-27-Q1 is April to June 2026."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

WRITTEN = re.compile(r"(\d{4})-(\d{2})-Q([1-4])")
APRIL = 4


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter by the calendar year its financial year starts in: Quarter(2026, 1) is 2026-27-Q1."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if self.number not in (1, 2, 3, 4):
            raise ValueError(f"A year has quarters 1 to 4, not {self.number}.")

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Read "2026-27-Q1"; ValueError says what is wrong, in words for the caller."""
        written = WRITTEN.fullmatch(text.strip())
        if written is None:
            raise ValueError("Write a quarter like 2026-27-Q1, which is April to June 2026.")
        year, second, number = int(written[1]), int(written[2]), int(written[3])
        if second != (year + 1) % 100:
            raise ValueError(f"The financial year that starts in {year} is {year}-{(year + 1) % 100:02}.")
        return cls(year, number)

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter a London date lies in."""
        if day.month < APRIL:
            return cls(day.year - 1, 4)
        return cls(day.year, (day.month - 1) // 3)

    @property
    def start(self) -> date:
        """Its first day."""
        year, month = (self.year + 1, 1) if self.number == 4 else (self.year, self.number * 3 + 1)
        return date(year, month, 1)

    @property
    def end(self) -> date:
        """Its last day."""
        return self.next.start - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def previous(self) -> "Quarter":
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    @property
    def label(self) -> str:
        """As people say it: "April to June 2026"."""
        return f"{self.start:%B} to {self.end:%B %Y}"

    @property
    def financial_year(self) -> str:
        """The year it is of: "2026-27"."""
        return f"{self.year}-{(self.year + 1) % 100:02}"

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return f"{self.financial_year}-Q{self.number}"
