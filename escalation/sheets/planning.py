"""What bringing a file's rows in would do, without writing anything."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from escalation.sheets.problems import Problem
from escalation.sheets.records import LeftOut, Record

Progress = Callable[[str, int], None]
"""Told what is being done, and how many rows of it are done."""

CHANGED = (
    "this row is in the log as {case}, and has changed since: {columns}. The log keeps what it has. If the "
    "change is right, add it to the case there."
)

ALL_CHANGED = (
    "these rows are in the log, and have changed since. The log keeps what it has. If a change is right, add "
    "it to the case there."
)


class Earlier(Protocol):
    """A case as an earlier log told it. `source["fields"]` holds a digest of each thing that it said."""

    @property
    def key(self) -> UUID: ...
    @property
    def source(self) -> Mapping[str, object]: ...


E = TypeVar("E", bound=Earlier)
H = TypeVar("H")


@dataclass(frozen=True)
class Taken(Generic[E]):
    """A row that is a case, and the case."""

    record: Record
    earlier: E


@dataclass(frozen=True)
class Plan(Generic[E, H]):
    """What an import would do. It can be done where `errors` is empty.

    `cases` are all that the file tells. Those that are not `here`, in the log already, would be brought in;
    the others stay as they are. `changed` is how many of these stand differently in the file now, `called`
    tells what one is called here.
    """

    cases: Sequence[Taken[E]]
    here: Mapping[UUID, H]
    changed: int
    problems: Sequence[Problem]
    left_out: Sequence[LeftOut]
    called: Callable[[H], str]

    @property
    def new(self) -> list[Taken[E]]:
        return [taken for taken in self.cases if taken.earlier.key not in self.here]

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.warning]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.warning]


def against_the_log(
    taken: Sequence[Taken[E]],
    here: Mapping[UUID, tuple[H, Mapping[str, Any]]],
    problems: Iterable[Problem],
    left_out: Sequence[LeftOut],
    *,
    called: Callable[[H], str],
) -> Plan[E, H]:
    """What is here already stays as it is, changed in the file or not; a change is told.

    `here`: each that is in the log, by key, with the source it came from; `called`: what it is called there.
    """
    told = []
    for each in taken:
        if each.earlier.key in here:
            case, source = here[each.earlier.key]
            columns = _differing(each, source)
            if columns:
                words = CHANGED.format(case=called(case), columns=", ".join(columns))
                told.append(each.record.problem("", words, warning=True, alike=ALL_CHANGED))
    return Plan(
        cases=taken,
        here={key: case for key, (case, _) in here.items()},
        changed=len(told),
        problems=sorted([*problems, *told], key=lambda problem: (problem.sheet, problem.row)),
        left_out=left_out,
        called=called,
    )


def _differing(each: Taken[E], source: Mapping[str, Any]) -> list[str]:
    """The headings of what a row says otherwise than when it was brought in."""
    now, before = each.earlier.source["fields"], source["fields"]
    assert isinstance(now, dict)  # noqa: S101  for the types alone
    names = sorted(name for name in {*now, *before} if now.get(name) != before.get(name))
    return [each.record.columns.get(name, name) for name in names]
