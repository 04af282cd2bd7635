"""Reading plan files: TOML to a Plan, or a refusal with the line of every fault and what to do."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from escalation.rulefiles import Fault, Source, Table, read, refuse
from escalation.rulefiles.lines import Path

from .periods import Span
from .plan import APRIL, Category, Date, Percentage, Plan, PlanDimension, PlanTable, ring

PLANS_FOLDER = FilePath(__file__).parent / "plans"
SHARED_FOLDER = PLANS_FOLDER / "shared"
SHAREABLE = ("dimensions",)
CASE = "case"


def shared_text(name: str) -> str:
    """The text of a file that plans share. Raises OSError for one that is not there."""
    return (SHARED_FOLDER / FilePath(name).name).read_text(encoding="utf-8")


def parse(text: str, *, source: str, shared: Callable[[str], str] = shared_text) -> Plan:
    """Read a plan file. Raises RuleFileErrors with every fault, its line and file."""
    return _parsed(read(text, source, shared, SHAREABLE))


def from_document(document: Mapping[str, object]) -> Plan:
    """A plan as it was stored. Raises RuleFileErrors with every fault, without lines."""
    return _parsed(Source(dict(document)))


def shipped_document(key: str) -> dict[str, Any]:
    """A plan that comes with the log, as JSON values, to be stored. Raises OSError if there is none."""
    text = (PLANS_FOLDER / f"{FilePath(key).name}.toml").read_text(encoding="utf-8")
    values = read(text, f"{key}.toml", shared_text, SHAREABLE).values
    return dict(json.loads(json.dumps(values, default=str)))


def _parsed(own: Source) -> Plan:
    faults: list[Fault] = []
    plan = _plan(Table(own.values, (), "the plan", faults))
    refuse(faults or list(_check(plan)), own)
    return plan


def shipped_plans() -> list[Plan]:
    """The plans that come with the log, those for fewest cases first within each subject."""
    found = [
        parse(path.read_text(encoding="utf-8"), source=path.name) for path in PLANS_FOLDER.glob("*.toml")
    ]
    return sorted(found, key=lambda plan: (plan.key.partition("_")[0], plan.least))


def _plan(table: Table) -> Plan:
    plan = Plan(
        key=table.code("key"),
        title=table.text("title"),
        version=table.number("version", least=1),
        start=table.day("start"),
        unit=table.text("unit"),
        least=table.number("least", least=0),
        most=table.number("most", least=1) if "most" in table.values else None,
        dimensions=tuple(_dimension(each) for each in table.tables("dimensions", "dimension")),
        tables=tuple(_table(each) for each in table.tables("tables", "table")),
        zeros=tuple(_zero(each) for each in table.tables("zeros", "structural zero")),
    )
    table.end()
    return plan


def _dimension(table: Table) -> PlanDimension:
    dimension = PlanDimension(
        code=table.code("code"),
        label=table.text("label"),
        categories=tuple(_category(each) for each in table.tables("categories", "category")),
        rest=table.code("rest"),
        vocabulary=table.text("vocabulary", ""),
    )
    table.end()
    return dimension


def _category(table: Table) -> Category:
    code = table.code("code")
    category = Category(code, table.text("label"), table.texts("holds") or (code,))
    table.end()
    return category


def _table(table: Table) -> PlanTable:
    found = PlanTable(
        code=table.code("code"),
        title=table.text("title"),
        by=table.texts("by"),
        date=table.choice("date", Date),
        span=table.choice("span", Span),
        percentage=_percentage(table.table("percentage", f"{table.name}, percentage"))
        if "percentage" in table.values
        else None,
        banded=table.flag("banded"),
    )
    table.end()
    return found


def _percentage(table: Table) -> Percentage:
    percentage = Percentage(table.texts("of"), table.texts("among"))
    table.end()
    return percentage


def _zero(table: Table) -> tuple[tuple[str, str], ...]:
    return tuple((code, table.text(code)) for code in table.values)


def _check(plan: Plan) -> Iterator[Fault]:
    """Whether the parts of a plan fit each other, and whether what it publishes can be kept safe."""
    faults = [*_check_head(plan), *_check_dimensions(plan), *_check_tables(plan)]
    yield from faults or _check_rings(plan)


def _check_head(plan: Plan) -> Iterator[Fault]:
    if plan.unit != CASE:
        yield Fault(
            ("unit",),
            f"“unit” is “{plan.unit}”. Use “{CASE}”: where one case can add several to a table, nothing says "
            "how many cases a figure hides.",
        )
    if plan.start.month != APRIL or plan.start.day != 1:
        yield Fault(("start",), "“start” needs to be 1 April: periods are those of the financial year.")
    if not plan.tables:
        yield Fault(("tables",), "The plan has no [[tables]]. Add those that are to be published.")


def _check_dimensions(plan: Plan) -> Iterator[Fault]:
    yield from _twice("dimensions", [each.code for each in plan.dimensions])
    for at, dimension in enumerate(plan.dimensions):
        yield from _check_dimension(("dimensions", at), dimension)
        told = [each.vocabulary for each in plan.dimensions[:at]]
        if dimension.vocabulary and dimension.vocabulary in told:
            yield Fault(
                ("dimensions", at, "vocabulary"),
                f"Two dimensions tell cases apart by “{dimension.vocabulary}”. Their counts would lie in one "
                "another and be rounded apart, which says too much. Make them parts of one dimension.",
            )


def _check_tables(plan: Plan) -> Iterator[Fault]:
    known = {each.code: {category.code for category in each.categories} for each in plan.dimensions}
    yield from _twice("tables", [each.code for each in plan.tables])
    for at, table in enumerate(plan.tables):
        yield from _check_table(("tables", at), table, known)
    for at, zero in enumerate(plan.zeros):
        for code, category in zero:
            if category not in known.get(code, ()):
                yield Fault(("zeros", at, code), f"Dimension “{code}” has no category “{category}”.")


def _twice(key: str, codes: list[str]) -> Iterator[Fault]:
    for at, code in enumerate(codes):
        if code in codes[:at]:
            yield Fault((key, at, "code"), f"The code “{code}” is used twice. Give each its own.")


def _check_dimension(path: Path, dimension: PlanDimension) -> Iterator[Fault]:
    codes = [each.code for each in dimension.categories]
    if dimension.rest not in codes:
        yield Fault(
            (*path, "rest"),
            f"“rest” is “{dimension.rest}”, which is none of the categories. Name the one that counts "
            "whatever no other holds.",
        )
    for at, each in enumerate(dimension.categories):
        if each.code in codes[:at]:
            yield Fault((*path, "categories", at), f"The category “{each.code}” is there twice.")
        for word in each.holds:
            if any(word in other.holds for other in dimension.categories[:at]):
                yield Fault(
                    (*path, "categories", at), f"“{word}” is held by two categories. A case counts once."
                )


def _check_table(path: Path, table: PlanTable, known: dict[str, set[str]]) -> Iterator[Fault]:
    for code in table.by:
        if code not in known:
            yield Fault((*path, "by"), f"There is no dimension “{code}”. Known: {', '.join(known)}.")
    if len(set(table.by)) < len(table.by):
        yield Fault((*path, "by"), "A table names each dimension once.")
    if (table.banded or table.percentage) and len(table.by) != 1:
        yield Fault((*path, "by"), "Only a table by one dimension can be banded or have a percentage.")
    elif table.percentage:
        yield from _check_percentage((*path, "percentage"), table.percentage, known.get(table.by[0], set()))


def _check_percentage(path: Path, percentage: Percentage, known: set[str]) -> Iterator[Fault]:
    for category in sorted({*percentage.of, *percentage.among} - known):
        yield Fault(path, f"There is no category “{category}” in this table.")
    if not set(percentage.of) < set(percentage.among):
        yield Fault(path, "“among” needs all of “of”, and more.")


def _check_rings(plan: Plan) -> Iterator[Fault]:
    for linked in plan.linked:
        round_about = ring(table.by for table in linked.tables)
        if round_about:
            last = max(
                at for at, each in enumerate(plan.tables) if each in linked.tables and len(each.by) > 1
            )
            yield Fault(
                ("tables", last, "by"),
                f"The tables of {linked.key} go round in a ring ({', '.join(sorted(round_about))}), so their "
                "rounded figures may fit no list of cases. Leave out one of them, or give it another span.",
            )
