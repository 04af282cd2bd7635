"""What is wrong in a spreadsheet, where, and what to do about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing to put right, or (`warning`) only to look at.

    `row` is the number the spreadsheet shows, 0 for the whole sheet; `column` its heading, "" for the
    whole row. `words` is a sentence that says what to do. `detail` is what was found in somebody's text:
    it may be a name, so it is for the keeper's own list and never for a screen or a log line.
    """

    sheet: str
    row: int
    column: str
    words: str
    warning: bool = False
    detail: str = ""

    def __str__(self) -> str:
        where = [
            f"Sheet {self.sheet}" if self.sheet else "",
            f"row {self.row}" if self.row else "",
            f"column {self.column}" if self.column else "",
        ]
        place = ", ".join(part for part in where if part)
        return f"{place[:1].upper()}{place[1:]}: {self.words}" if place else self.words
