"""A first mapping for a spreadsheet that nobody has described yet, for a person to finish.

It guesses headings by how such columns are often called, and lists the words that it does not know, so that
the person decides and the file remembers.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Dict
from datetime import date
from difflib import SequenceMatcher

from escalation.sheets.dates import DateStyle, NoDate, Order, read_date
from escalation.sheets.fields import Field, Kind
from escalation.sheets.headings import Heading, Headings
from escalation.sheets.reading import Row, Sheet, Value, line_of
from escalation.sheets.terms import Terms, plain

ROWS_TRIED = 20
"""Headings stand near the top."""
ENOUGH = 0.72
"""How alike a heading and a known one must be, of 1."""
LONGEST_WORD, MOST_WORDS = 60, 60
NO_CASE = ("total", "subtotal", "key", "legend", "note", "last updated", "end of")
BLANKS = ("-", "–", "n/a", "na", "none", "tbc", "tba", "?", "not known", "not recorded", "nil")
DITTOS = ('"', "''", "”", "as above", "ditto", "do.", "same as above")


def propose(sheets: Iterable[Sheet], fields: Sequence[Field], terms: Dict[str, Terms]) -> str:
    """The text of a mapping file; what has to be decided stands in it as a comment."""
    proposals = [
        _SheetProposal(sheet, fields) for sheet in sheets if any(not row.blank for row in sheet.rows)
    ]
    lines = [*_top(proposals), *_dates(proposals)]
    for proposal in proposals:
        lines += ["", *proposal.lines()]
    lines += _no_cases(proposals)
    lines += _words(proposals, fields, terms)
    return "\n".join(lines) + "\n"


class _SheetProposal:
    """What can be guessed of one sheet."""

    def __init__(self, sheet: Sheet, fields: Sequence[Field]) -> None:
        self.sheet, self.fields = sheet, fields
        self.header = _header(sheet, fields)
        self.headings = Headings(sheet, self.header)
        self.rows = [row for row in sheet.rows[self.header[-1] :] if not row.blank]
        self.found = _matched(self.headings.all, fields, days=self._columns_of_days())

    def _columns_of_days(self) -> dict[int, bool]:
        """By column: whether more than half of what stands in it are days; none for an empty column."""
        found: dict[int, bool] = {}
        for heading in self.headings.all:
            cells = [cell for row in self.rows if line_of(cell := row.at(heading.column))]
            if cells:
                found[heading.column] = sum(map(_is_day, cells)) * 2 > len(cells)
        return found

    def lines(self) -> Iterator[str]:
        header = self.header[0] if len(self.header) == 1 else list(self.header)
        yield "[[sheets]]"
        yield f"name = {_quoted(self.sheet.name)}"
        yield f"header = {header}"
        yield "[sheets.columns]"
        for each in self.fields:
            if each.name in self.found:
                yield f"{each.name} = {_quoted(self._name(self.found[each.name]))}  # {each.label}"
        yield from self._missing()
        for heading in self.headings.all:
            if heading not in self.found.values():
                name = _quoted(self._name(heading))
                yield f"# Not read yet: {name}. Give it a field, or put it under ignore."

    def _missing(self) -> Iterator[str]:
        for each in self.fields:
            if each.required and each.name not in self.found:
                yield f'# {each.name} = "..."  # needed: {each.label}'

    def _name(self, heading: Heading) -> str:
        """By its letter where two are called the same."""
        return heading.name if len(self.headings.called(heading.name)) == 1 else heading.letter

    def cells(self, kinds: Iterable[Kind]) -> Iterator[tuple[Field, Value]]:
        """What stands under the columns of these kinds, in rows that say more than one thing."""
        wanted = [(each, self.found[each.name]) for each in self.fields if each.name in self.found]
        for row in self.rows:
            for each, heading in wanted if _said(row) > 1 else ():
                if each.kind in kinds and line_of(row.at(heading.column)):
                    yield each, row.at(heading.column)


def _header(sheet: Sheet, fields: Sequence[Field]) -> tuple[int, ...]:
    """The row with most known headings; with the next, where merged cells reach down into it."""
    tried = sheet.rows[:ROWS_TRIED]
    best = max(tried, key=lambda row: (_known(row, fields), -row.number))
    after = next((row for row in tried if row.number == best.number + 1), None)
    if after and after.covered:
        return (best.number, after.number)
    return (best.number - 1, best.number) if best.covered else (best.number,)


def _known(row: Row, fields: Sequence[Field]) -> int:
    said = {plain(line_of(cell)) for cell in row.cells} - {""}
    return len(said & {plain(name) for each in fields for name in each.headings})


def _said(row: Row) -> int:
    return sum(bool(line_of(cell)) for cell in row.cells)


def _matched(
    headings: Sequence[Heading], fields: Sequence[Field], *, days: Dict[int, bool]
) -> dict[str, Heading]:
    """Fields with their headings, the most alike first; each heading once.

    `days`: the columns that hold anything, and whether that is days: such a column is no text or word of
    ours, and one of other things is no day, whatever their headings say.
    """
    pairs = [
        (_likeness(heading, each), each, heading)
        for heading in headings
        for each in fields
        if _fits(each, days.get(heading.column))
    ]
    found: dict[str, Heading] = {}
    for likeness, each, heading in sorted(pairs, key=lambda pair: -pair[0]):
        if likeness >= ENOUGH and each.name not in found and heading not in found.values():
            found[each.name] = heading
    return found


def _fits(each: Field, holds_days: bool | None) -> bool:
    if holds_days is None or each.kind is Kind.LINE:  # a number such as 24-01 may look like a day
        return True
    return holds_days == (each.kind is Kind.DATE)


def _is_day(cell: Value) -> bool:
    if isinstance(cell, str):
        return not cell.strip().isdecimal() and any(_reads(cell, order) for order in Order)
    return isinstance(cell, date)


def _likeness(heading: Heading, each: Field) -> float:
    names = {plain(heading.name), plain(heading.levels[-1])}
    known = {plain(name) for name in (each.name, *each.headings)}
    return max(SequenceMatcher(a=name, b=other).ratio() for name in names for other in known)


# The text


def _top(proposals: Sequence[_SheetProposal]) -> Iterator[str]:
    said = Counter(line_of(cell).casefold() for p in proposals for row in p.rows for cell in row.cells)
    yield "# A first mapping, guessed. Go through it line by line, and try it: nothing is written by trying."
    yield 'log = "Name the log"  # with the key this makes each row known again: never change it later'
    yield f"blank = {_list(word for word in BLANKS if said[word])}"
    yield f"ditto = {_list(word for word in DITTOS if said[word])}"
    yield "ignore = []  # headings that need not be read"


def _dates(proposals: Sequence[_SheetProposal]) -> Iterator[str]:
    cells = [cell for p in proposals for _, cell in p.cells([Kind.DATE]) if isinstance(cell, str)]
    fit = {order: sum(_reads(cell, order) for cell in cells) for order in Order}
    yield ""
    yield "[dates]"
    yield f'order = "{max(fit, key=lambda order: fit[order])}"  # what stands first: day, month or year'
    yield "# earliest = 2019-04-01  # no day in it is before"


def _reads(cell: str, order: Order) -> bool:
    try:
        read_date(cell, DateStyle(order=order))
    except NoDate:
        return False
    return order is not Order.YEAR or cell.strip()[:4].isdecimal()


def _no_cases(proposals: Sequence[_SheetProposal]) -> Iterator[str]:
    """Rows with one cell are seldom cases: what they begin with is proposed, or shown."""
    alone = [
        line_of(next(c for c in row.cells if line_of(c)))
        for p in proposals
        for row in p.rows
        if _said(row) == 1
    ]
    begins = [word for word in NO_CASE if any(text.casefold().startswith(word) for text in alone)]
    yield ""
    if alone:
        yield "[[not_cases]]"
        yield f"begins = {_list(begins)}  # rows whose first cell begins so"
    for text in dict.fromkeys(alone):
        if not text.casefold().startswith(tuple(begins)):
            yield f"# Is this a case? {_quoted(text[:LONGEST_WORD])}"


def _words(
    proposals: Sequence[_SheetProposal], fields: Sequence[Field], terms: Dict[str, Terms]
) -> Iterator[str]:
    """The words that are not known yet, by vocabulary, beside all there are."""
    unknown: dict[str, Counter[str]] = {}
    for proposal in proposals:
        for each, cell in proposal.cells([Kind.TERM, Kind.TERMS]):
            text = line_of(cell)
            if terms[each.vocabulary].find(text) is None:
                unknown.setdefault(each.vocabulary, Counter())[text] += 1
    for name in dict.fromkeys(each.vocabulary for each in fields if each.vocabulary in unknown):
        yield ""
        yield f"[words.{name}]"
        yield f"# Write each word that is not known behind one of these: {terms[name].listed()}."
        if terms[name].lacking:
            yield f"# {terms[name].lacking}"
        for text, number in unknown[name].most_common(MOST_WORDS):
            yield f"# {_quoted(text[:LONGEST_WORD])} ({number})"


def _list(words: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, words))}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
