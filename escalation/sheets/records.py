"""Sheets and a mapping into records: one for each row that is a case, and every problem on the way."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from escalation.sheets.cells import CellReader, Wrong
from escalation.sheets.fields import Field, Kind, Said
from escalation.sheets.headings import Heading, Headings
from escalation.sheets.mapping import EVERY_SHEET, Mapping, NotACase, SheetRule
from escalation.sheets.problems import Problem
from escalation.sheets.reading import Row, Sheet, Value, line_of
from escalation.sheets.terms import plain

TOLD_EVERY = 1000
"""Rows between two words of progress."""
OTHER_THAN_FIRST = "rows that are one case say different things. The first is kept."


@dataclass(frozen=True)
class Record:
    """One row that is a case. What it does not say is not among its `values`.

    `columns`: the heading under which each field is looked for. `key`: the fields by which it is known again.
    """

    sheet: str
    row: int
    values: Dict[str, Said]
    columns: Dict[str, str]
    key: tuple[str, ...] = ()

    def text(self, name: str) -> str:
        """A text, or one of our words; "" where the row does not say."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""

    def day(self, name: str) -> date | None:
        value = self.values.get(name)
        return value if isinstance(value, date) else None

    def terms(self, name: str) -> tuple[str, ...]:
        value = self.values.get(name, ())
        return value if isinstance(value, tuple) else ()

    def problem(
        self, name: str, words: str, *, warning: bool = False, detail: str = "", alike: str = ""
    ) -> Problem:
        """Something about a field of this row; "" is the whole row."""
        column = self.columns.get(name, name)
        return Problem(self.sheet, self.row, column, words, warning=warning, detail=detail, alike=alike)


@dataclass(frozen=True)
class LeftOut:
    """A row that is no case, and how that is known."""

    sheet: str
    row: int
    why: str


@dataclass
class RecordsRead:
    """All that was found in a file. A row with a problem that is no warning is not among the records."""

    records: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def read_records(
    sheets: Iterable[Sheet],
    mapping: Mapping,
    fields: Sequence[Field],
    *,
    today: date,
    progress: Callable[[int], None] = lambda rows: None,
) -> RecordsRead:
    """Every row of every sheet that the mapping names: a record, a row left out, or problems.

    No day may be later than `today`. `progress` is told how many rows have been read so far.
    """
    found = RecordsRead()
    named: set[str] = set()
    rows = 0
    for sheet in sheets:
        rule = mapping.rule_for(sheet.name)
        named.add(plain(sheet.name))
        if rule is None:
            found.problems += _unread(sheet, mapping)
            continue
        reading = _SheetReading(sheet, rule, mapping, fields, today)
        found.problems += reading.heading_faults()
        for box in reading.boxes():
            reading.take(box, found)
            rows += 1
            if rows % TOLD_EVERY == 0:
                progress(rows)
        found.problems += reading.doubts()
    found.problems += _missing_sheets(mapping, named)
    return found


def _unread(sheet: Sheet, mapping: Mapping) -> Iterator[Problem]:
    if plain(sheet.name) not in mapping.ignore_sheets and any(not row.blank for row in sheet.rows):
        words = "is not read: the mapping does not name it. Add it under [[sheets]], or to ignore_sheets."
        yield Problem(sheet.name, 0, "", words, warning=True)


def _missing_sheets(mapping: Mapping, named: set[str]) -> Iterator[Problem]:
    for rule in mapping.sheets:
        if rule.name != EVERY_SHEET and plain(rule.name) not in named:
            words = "is in the mapping and not in the file. Correct its name in the mapping, or take it out."
            yield Problem(rule.name, 0, "", words)


class _SheetReading:
    """One sheet, read by its rule."""

    def __init__(
        self, sheet: Sheet, rule: SheetRule, mapping: Mapping, fields: Sequence[Field], today: date
    ) -> None:
        self.sheet, self.rule, self.mapping = sheet, rule, mapping
        self.every_field = fields
        self.fields = [each for each in fields if each.name in {*rule.columns, *mapping.defaults}]
        self.headings = Headings(sheet, rule.header)
        self.above: dict[int, Value] = {}
        self.cells = CellReader(rule, mapping, today)

    @cached_property
    def found(self) -> dict[str, list[Heading]]:
        """Where each field is; a name that no column has, or two, is among the faults instead."""
        return {
            wanted: [called[0] for name in names if len(called := self.headings.called(name)) == 1]
            for wanted, names in self.rule.columns.items()
        }

    @cached_property
    def names(self) -> dict[str, str]:
        """What the columns of each field are called, for problems."""
        return {name: " + ".join(each.name for each in places) for name, places in self.found.items()}

    @cached_property
    def places(self) -> dict[str, int | None]:
        """The columns by which rows that are no cases are known."""
        asked = {name for rule in self.mapping.not_cases for name in (rule.column, *rule.empty) if name}
        return {name: called[0].column if (called := self.headings.called(name)) else None for name in asked}

    def boxes(self) -> Iterator[list[Row]]:
        """All rows below the headings, up to the last that may hold a case: each alone, or with those below
        that share a merged cell under its key, for these are one case."""
        keys = {place.column for name in self.rule.key for place in self.found.get(name, ())}
        box: list[Row] = []
        for row in self.sheet.rows[self.rule.header[-1] : self.rule.last]:
            if box and not row.covered & keys:
                yield box
                box = []
            box.append(row.shown())
        if box:
            yield box

    def take(self, box: Sequence[Row], found: RecordsRead) -> None:
        """Put a row, or several that are one case, where it belongs."""
        why = self._no_case(box[0])
        if why:
            found.left_out += [LeftOut(self.sheet.name, row.number, why) for row in box]
            return
        record, problems = self._record(box)
        found.problems += problems
        if all(problem.warning for problem in problems):
            found.records.append(record)

    # The sheet as a whole

    def heading_faults(self) -> Iterator[Problem]:
        """Columns that the mapping names and the sheet has not, or twice; and those that nobody reads."""
        for wanted, names in self.rule.columns.items():
            for name in names:
                called = self.headings.called(name)
                if not called:
                    yield self._of_heading(
                        name,
                        f"is not there. Write it as it stands in this row, for “{wanted}” in the mapping.",
                    )
                elif len(called) > 1:
                    letters = " or ".join(f"“{each.letter}”" for each in called)
                    yield self._of_heading(
                        name, f"stands there more than once. Write {letters} for “{wanted}” in the mapping."
                    )
        for each in self.every_field:
            if each.required and each not in self.fields:
                words = f"no column is named for “{each.name}” ({each.label}). Name one in the mapping."
                yield Problem(self.sheet.name, 0, "", words)
        yield from self._unread_columns()

    def _unread_columns(self) -> Iterator[Problem]:
        read = {heading.column for places in self.found.values() for heading in places}
        for heading in self.headings.all:
            if heading.column not in read and not heading.names & self.mapping.ignore:
                words = "is not read. Name it in the mapping, for a field or under ignore."
                yield self._of_heading(heading.name, words, warning=True)

    def doubts(self) -> Iterator[Problem]:
        """What only a whole column shows."""
        for name, numbers in self.cells.numbers_seen.items():
            if numbers.doubtful and name not in self.mapping.digits:
                words = (
                    "some figures here begin with 0; others are numbers, and may have lost theirs. If so, "
                    f"say in the mapping how many digits they have, as in [digits] {name} = 5."
                )
                yield self._of_heading(self.names[name], words, warning=True)
        for name, seen in self.cells.dates_seen.items():
            if seen.doubtful:
                words = (
                    "may have day and month the wrong way round: no date that the spreadsheet knows is after "
                    "the 12th, and every one that stayed text is. Compare some with the paper. If it is so, "
                    f'say swapped = ["{name}"] for this sheet in the mapping.'
                )
                yield self._of_heading(self.names[name], words, warning=True)

    def _of_heading(self, name: str, words: str, *, warning: bool = False) -> Problem:
        return Problem(self.sheet.name, self.rule.header[-1], name, words, warning=warning)

    # Which rows are cases

    def _no_case(self, row: Row) -> str:
        """Why a row is no case; "" where it is one."""
        if row.blank:
            return "empty"
        if self.headings.stand_in(row):
            return "headings again"
        return next((why for rule in self.mapping.not_cases if (why := self._known_by(rule, row))), "")

    def _known_by(self, rule: NotACase, row: Row) -> str:
        if rule.crossed_out and row.crossed_out:
            return "crossed out"
        if rule.hidden and row.hidden:
            return "hidden"
        if rule.begins and self._said(rule.column, row).casefold().startswith(rule.begins):
            return f"begins with “{self._said(rule.column, row)[:40]}”"
        if rule.empty and not any(self._said(column, row) for column in rule.empty):
            return f"nothing under {', '.join(rule.empty)}"
        return ""

    def _said(self, column: str, row: Row) -> str:
        """The text under a heading; without one, of the first cell that says anything."""
        if not column:
            return next((text for cell in row.cells if (text := line_of(cell))), "")
        at = self.places[column]
        return "" if at is None or self.cells.is_blank(row.at(at)) else line_of(row.at(at))

    # A row

    def _record(self, box: Sequence[Row]) -> tuple[Record, list[Problem]]:
        values: dict[str, Said] = {}
        record = Record(self.sheet.name, box[0].number, values, self.names, self.rule.key)
        problems = list(self._looks(record, box[0]))
        for each in self.fields:
            try:
                value = self._value(each, box, record, problems)
            except Wrong as wrong:
                problems.append(record.problem(each.name, str(wrong)))
                continue
            if value:
                values[each.name] = value
            elif each.required:
                words = "is empty. Fill it in. If the row is no case, say in the mapping how that is known."
                problems.append(record.problem(each.name, words))
        return record, problems

    @staticmethod
    def _looks(record: Record, row: Row) -> Iterator[Problem]:
        """A row that somebody struck through or hid, and that is read all the same."""
        for is_so, how in ((row.crossed_out, "crossed out"), (row.hidden, "hidden")):
            if is_so:
                words = (
                    f"this row is {how} in the spreadsheet, and is read. If it is no case, say so: not_cases."
                )
                yield record.problem("", words, warning=True)

    def _value(self, each: Field, box: Sequence[Row], record: Record, problems: list[Problem]) -> Said:
        """What a case says for a field. Of several rows, texts and lists are put together, and of the rest
        the first counts."""
        first, *more = [[*self._cells(each, row)] for row in box]
        if each.kind in (Kind.TEXT, Kind.TERMS):
            return self.cells.value(each, [*first, *(cell for cells in more for cell in cells)])
        value = self.cells.value(each, first)
        for row, cells in zip(box[1:], more, strict=True):
            other = self.cells.value(each, cells) if any(map(line_of, cells)) else value
            if other != value:
                words = (
                    f"says something else than row {box[0].number}, and both are one case. The first is kept."
                )
                told = record.problem(each.name, words, warning=True, alike=OTHER_THAN_FIRST)
                problems.append(replace(told, row=row.number))
        return value

    def _cells(self, each: Field, row: Row) -> Iterator[Value]:
        """The cells of a field's columns; one that says "as above" says what stands above it."""
        for heading in self.found.get(each.name, ()):
            if heading.column in row.covered:
                continue
            value = row.at(heading.column)
            if self.mapping.ditto and line_of(value).casefold() in self.mapping.ditto:
                value = self.above.get(heading.column)
                if not line_of(value):
                    raise Wrong("points to the row above, which says nothing here. Write it out.")
            self.above[heading.column] = value
            yield value
