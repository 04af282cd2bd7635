"""The mapping file (TOML): how one log is read. A person writes it; docs/importing.md explains each key.

It says which sheets and headings, which rows are no cases, how dates are written, and which spellings
mean which of our words. It is checked whole: every fault is found, with the line it stands in.
"""

from collections.abc import Callable, Collection, Iterable
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from escalation.rulefiles import Fault, Table, read, refuse
from escalation.sheets.dates import DateStyle, Order
from escalation.sheets.terms import Terms, plain

EVERY_SHEET = "*"
NO_DAY = date(1, 1, 1)


@dataclass(frozen=True)
class SheetRule:
    """One sheet, or every sheet that no other rule names: where its headings are, and what is its own.

    `header`: the rows of its headings, from 1; several where headings stand under headings. `last`: the
    last row that may hold a case, None for the end. `columns` are its own, else those of the whole file.
    `key`: the fields by which one of its rows is known again.
    """

    name: str
    header: tuple[int, ...]
    last: int | None
    columns: Dict[str, tuple[str, ...]]
    key: tuple[str, ...]
    dates: DateStyle
    swapped: frozenset[str] = frozenset()


@dataclass(frozen=True)
class NotACase:
    """How a row that is no case is known: a column begins with a word, or all of some columns are empty.

    `begins`: words in small letters, and `column` where they stand ("" is the first cell that says
    anything). `crossed_out` and `hidden`: rows that somebody struck through or hid.
    """

    column: str = ""
    begins: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    crossed_out: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Mapping:
    """All that a mapping file says."""

    log: str
    sheets: tuple[SheetRule, ...]
    ignore_sheets: frozenset[str]
    ignore: frozenset[str]
    not_cases: tuple[NotACase, ...]
    blank: frozenset[str]
    ditto: frozenset[str]
    earliest: date
    split: Dict[str, tuple[str, ...]]
    digits: Dict[str, int]
    defaults: Dict[str, str]
    terms: Dict[str, Terms] = field(default_factory=dict)

    def rule_for(self, sheet: str) -> SheetRule | None:
        """The rule of a sheet by its name, else the one for every sheet; None where it is not read."""
        if plain(sheet) in self.ignore_sheets:
            return None
        named = (rule for rule in self.sheets if plain(rule.name) == plain(sheet))
        every = (rule for rule in self.sheets if rule.name == EVERY_SHEET)
        return next(named, next(every, None))


SHAREABLE = ("words", "columns", "blank", "ditto", "not_cases", "dates", "split", "digits", "defaults")
"""What several mappings can have from one file, which they name by `shared`."""


def no_file(name: str) -> str:
    """For a mapping that stands alone."""
    raise FileNotFoundError(name)


def parse_mapping(
    text: str,
    *,
    source: str,
    fields: Collection[str],
    terms: Dict[str, Terms],
    key: tuple[str, ...],
    shared: Callable[[str], str] = no_file,
) -> Mapping:
    """Read a mapping file; raises RuleFileErrors with every fault and its line.

    `shared` gives the text of a file that it shares, by name, or raises OSError. `fields`: the names that
    columns may be given; `terms`: the words we know, by vocabulary; `key`: the fields by which a row is known
    again, where the file does not say.
    """
    read_source = read(text, source, shared, SHAREABLE)
    faults: list[Fault] = []
    mapping = _Reader(frozenset(fields), terms, faults).read(read_source.values, key)
    refuse(faults, read_source)
    return mapping


@dataclass(frozen=True)
class _Reader:
    """Reads with the fields and the words at hand, so that a slip is found while the file is read."""

    fields: frozenset[str]
    terms: Dict[str, Terms]
    faults: list[Fault]

    def read(self, values: Dict[str, object], key: tuple[str, ...]) -> Mapping:
        top = Table(values, (), "the mapping", self.faults)
        dates = top.table("dates", "the dates")
        style = self._style(dates, DateStyle())
        columns = self._columns(top.table("columns", "the columns"))
        key = self._key(top, key)
        mapping = Mapping(
            log=top.text("log"),
            sheets=tuple(self._sheet(each, columns, key, style) for each in top.tables("sheets", "sheet")),
            ignore_sheets=_plainly(_words(top, "ignore_sheets")),
            ignore=_plainly(_words(top, "ignore")),
            not_cases=tuple(_not_a_case(each) for each in top.tables("not_cases", "rows that are no cases,")),
            blank=frozenset(_small(top, "blank")),
            ditto=frozenset(_small(top, "ditto")),
            earliest=dates.day("earliest") if "earliest" in dates.values else NO_DAY,
            split=self._split(top.table("split", "the signs between several")),
            digits=self._digits(top.table("digits", "the digits of numbers")),
            defaults=self._defaults(top.table("defaults", "the defaults")),
            terms=self._terms(top.table("words", "the words")),
        )
        dates.end()
        top.end()
        if not mapping.sheets:
            top.fault("sheets", "no sheet is named. Add [[sheets]] with name and header.")
        return mapping

    def _key(self, table: Table, key: tuple[str, ...]) -> tuple[str, ...]:
        named = _words(table, "key")
        self._known(table, "key", named)
        return named or key

    def _sheet(
        self, table: Table, columns: Dict[str, tuple[str, ...]], key: tuple[str, ...], style: DateStyle
    ) -> SheetRule:
        own = self._columns(table.table("columns", f"{table.name}, the columns"))
        swapped = _words(table, "swapped")
        self._known(table, "swapped", swapped)
        rule = SheetRule(
            name=table.text("name"),
            header=_header(table),
            last=table.number("last", least=1) if "last" in table.values else None,
            columns=own or columns,
            key=self._key(table, key),
            dates=self._style(table, style),
            swapped=frozenset(swapped),
        )
        if not rule.columns:
            table.fault("columns", "no column is named. Add [columns] with our field = “their heading”.")
        table.end()
        return rule

    def _style(self, table: Table, style: DateStyle) -> DateStyle:
        """A sheet's own way with dates, over that of the whole file."""
        return DateStyle(
            order=table.choice("order", Order, style.order),
            financial_year=table.number("financial_year", least=1990)
            if "financial_year" in table.values
            else style.financial_year,
            month_only=table.flag("month_only") or style.month_only,
            drop=_words(table, "drop") or style.drop,
        )

    def _columns(self, table: Table) -> dict[str, tuple[str, ...]]:
        self._known(table, "", table.values)
        return {name: _words(table, name) for name in table.values}

    def _split(self, table: Table) -> dict[str, tuple[str, ...]]:
        self._known(table, "", table.values)
        return {name: _words(table, name) for name in table.values}

    def _digits(self, table: Table) -> dict[str, int]:
        self._known(table, "", table.values)
        return {name: table.number(name, least=1) for name in table.values}

    def _defaults(self, table: Table) -> dict[str, str]:
        self._known(table, "", table.values)
        return {name: table.text(name) for name in table.values}

    def _terms(self, table: Table) -> dict[str, Terms]:
        terms = dict(self.terms)
        for name in table.values:
            if name not in terms:
                table.fault(name, f"no words are kept under “{name}”. Use one of: {', '.join(terms)}.")
                continue
            terms[name] = self._spellings(table.table(name, f"the words for {name}"), terms[name])
        return terms

    def _spellings(self, table: Table, terms: Terms) -> Terms:
        """Each word of ours with the spellings that mean it; one spelling means one word only."""
        found: dict[str, list[str]] = {}
        seen: dict[str, str] = {}
        for word in table.values:
            ours = terms.find(word)
            if ours is None:
                table.fault(word, f"“{word}” is no {terms.what} that we know.{terms.hint(word)}")
                continue
            for spelling in _words(table, word):
                if seen.setdefault(plain(spelling), ours) != ours:
                    table.fault(word, f"“{spelling}” stands under two words. Take one out.")
                found.setdefault(ours, []).append(spelling)
        return terms.with_spellings(found)

    def _known(self, table: Table, key: str, names: Iterable[str]) -> None:
        for name in names:
            if name not in self.fields:
                close = get_close_matches(name, self.fields, n=1)
                hint = (
                    f"Did you mean “{close[0]}”?"
                    if close
                    else f"There are: {', '.join(sorted(self.fields))}."
                )
                table.fault(key or name, f"there is no field “{name}”. {hint}")


def _words(table: Table, key: str) -> tuple[str, ...]:
    """One text, or a list of them."""
    value = table.values.get(key)
    if isinstance(value, str):
        table.known.append(key)
        return (value,)
    return table.texts(key)


def _small(table: Table, key: str) -> list[str]:
    """As cells are compared where signs matter: "-", "n/a"."""
    return [word.strip().casefold() for word in _words(table, key) if word.strip()]


def _plainly(words: Iterable[str]) -> frozenset[str]:
    return frozenset(plain(word) for word in words)


def _header(table: Table) -> tuple[int, ...]:
    """One row, or several that stand under each other."""
    if not isinstance(table.values.get("header"), list):
        return (table.number("header", least=1),)
    rows = [row for row in table.items("header") if isinstance(row, int) and row >= 1]
    if not rows or rows != list(range(rows[0], rows[0] + len(rows))):
        table.fault("header", "the heading's rows need to follow each other, as in header = [2, 3].")
        return (1,)
    return tuple(rows)


def _not_a_case(table: Table) -> NotACase:
    rule = NotACase(
        column=table.text("column", ""),
        begins=tuple(_small(table, "begins")),
        empty=_words(table, "empty"),
        crossed_out=table.flag("crossed_out"),
        hidden=table.flag("hidden"),
    )
    table.end()
    if not (rule.begins or rule.empty or rule.crossed_out or rule.hidden):
        table.fault("begins", "say how such a row is known: begins, empty, crossed_out or hidden.")
    return rule
