"""The cells of one field into what it says: text, a day, one of our words, or several."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from escalation.sheets.dates import NoDate, read_date
from escalation.sheets.fields import Field, Kind, Said
from escalation.sheets.mapping import Mapping, SheetRule
from escalation.sheets.reading import ERRORS, Value, line_of, text_of

TWELFTH = 12


class Wrong(Exception):
    """A cell that cannot be used; the words end a sentence about it."""


@dataclass
class DatesSeen:
    """How many dates of a column a spreadsheet knew, and how many stayed text; and of each, those whose
    day cannot be a month."""

    real: int = 0
    late_real: int = 0
    text: int = 0
    late_text: int = 0

    @property
    def doubtful(self) -> bool:
        """No real date is after the 12th, and every text one is: day and month were read the wrong way."""
        return self.real > 0 and self.late_real == 0 and self.text > 0 and self.text == self.late_text


@dataclass
class NumbersSeen:
    """How many figures of a column a spreadsheet took for an amount, and how many kept a nought in front."""

    amounts: int = 0
    with_nought: int = 0

    @property
    def doubtful(self) -> bool:
        return self.amounts > 0 and self.with_nought > 0


class CellReader:
    """Reads by the rule of one sheet; remembers how its dates are written."""

    def __init__(self, rule: SheetRule, mapping: Mapping, today: date) -> None:
        self.rule, self.mapping, self.today = rule, mapping, today
        self.dates_seen: dict[str, DatesSeen] = {}
        self.numbers_seen: dict[str, NumbersSeen] = {}

    def value(self, each: Field, cells: Iterable[Value]) -> Said:
        """What the cells of a field say; "" or () for nothing. Raises Wrong with a reason for people."""
        said = [cell for cell in cells if not self.is_blank(cell)]
        for cell in said:
            if line_of(cell) in ERRORS:
                raise Wrong(f"shows {line_of(cell)}: its formula has no value. Write the value by hand.")
        if not said and each.name in self.mapping.defaults:
            said = [self.mapping.defaults[each.name]]
        return self._read(each, said) if said else ""

    def is_blank(self, cell: Value) -> bool:
        """Empty, or one of the words that the keeper writes for nothing."""
        text = line_of(cell)
        return not text or text.casefold() in self.mapping.blank

    def _read(self, each: Field, cells: Sequence[Value]) -> Said:
        match each.kind:
            case Kind.TEXT:
                return self._short_enough(each, "\n".join(map(text_of, cells)))
            case Kind.LINE:
                return self._short_enough(each, " ".join(self._line(each, cell) for cell in cells))
            case Kind.DATE:
                return self._day(each, cells[0])
            case Kind.TERM:
                return self._term(each, line_of(cells[0]))
            case Kind.TERMS:
                return self._terms(each, cells)

    def _line(self, each: Field, cell: Value) -> str:
        """Figures that a spreadsheet took for an amount have lost their noughts, which can be given back."""
        text = line_of(cell)
        if text.isdecimal():
            seen = self.numbers_seen.setdefault(each.name, NumbersSeen())
            seen.amounts += isinstance(cell, int | float)
            seen.with_nought += isinstance(cell, str) and text.startswith("0")
            return text.zfill(self.mapping.digits.get(each.name, 0))
        return text

    @staticmethod
    def _short_enough(each: Field, text: str) -> str:
        if each.most and len(text) > each.most:
            raise Wrong(f"has {len(text)} letters, and {each.most} is the most. Shorten it.")
        return text

    def _day(self, each: Field, cell: Value) -> date:
        swapped = each.name in self.rule.swapped
        style = replace(self.rule.dates, swapped=True) if swapped else self.rule.dates
        try:
            day = read_date(cell, style)
        except NoDate as no:
            raise Wrong(str(no)) from None
        if not swapped:
            self._note(each.name, cell, day)
        if day > self.today:
            raise Wrong(f"is {day:%d/%m/%Y}, which is still to come. Look it up, and correct it.")
        if day < self.mapping.earliest:
            earliest = f"{self.mapping.earliest:%d/%m/%Y}"
            raise Wrong(f"is {day:%d/%m/%Y}, before the log began on {earliest}. Look it up, and correct it.")
        return day

    def _note(self, name: str, cell: Value, day: date) -> None:
        seen = self.dates_seen.setdefault(name, DatesSeen())
        late = int(day.day > TWELFTH)
        if isinstance(cell, date):
            seen.real, seen.late_real = seen.real + 1, seen.late_real + late
        else:
            seen.text, seen.late_text = seen.text + 1, seen.late_text + late

    def _term(self, each: Field, text: str) -> str:
        terms = self.mapping.terms[each.vocabulary]
        found = terms.find(text)
        if found is None and terms.means_several(text):
            raise Wrong(
                f"says “{text}”, which could be two. Say in the mapping which: [words.{each.vocabulary}]."
            )
        if found is None:
            what = f"says “{text}”, which is no {terms.what} that we know.{terms.hint(text)}"
            lacking = f" {terms.lacking}" if terms.lacking else ""
            raise Wrong(f"{what} Correct it, or add it to the mapping: [words.{each.vocabulary}].{lacking}")
        return found

    def _terms(self, each: Field, cells: Iterable[Value]) -> tuple[str, ...]:
        """Several words, each once, in order. A text that is known whole is not taken apart."""
        found: dict[str, None] = {}
        for cell in cells:
            text = line_of(cell)
            whole = self.mapping.terms[each.vocabulary].find(text)
            for part in [text] if whole else self._parts(each, text):
                found[self._term(each, part)] = None
        return tuple(found)

    def _parts(self, each: Field, text: str) -> list[str]:
        for sign in self.mapping.split.get(each.name, ()):
            text = text.replace(sign, "\n")
        return [part.strip() for part in text.split("\n") if part.strip()]
