"""Whatever is typed into the forms: it is refused at a box, or listed as a fault, or it is a policy that is
written as a file, read back the same, and counted by."""

import json
from datetime import date, datetime
from typing import Any

from django.utils.datastructures import MultiValueDict
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.policy import from_document, parse, shipped_policies
from escalation.policy.briefing import briefing
from escalation.policy.calendar import bank_holidays
from escalation.policy.changes import changes
from escalation.policy.clock import LONDON, Unit
from escalation.policy.stages import Audience, Owner, Seniority, StageKind, UnitPart, When
from escalation.policy.writing import toml_text
from escalation.rulemaking import documents
from escalation.rulemaking.documents import ABOUT_PATH, Document, Path
from escalation.rulemaking.forms import AboutForm, ClockForm, NewClockForm, NewStageForm, PieceForm, StageForm
from escalation.rulemaking.queries import under
from escalation.rulemaking.rows_forms import WordsForm

POLICIES = {policy.key: policy for policy in shipped_policies()}
MSCP = POLICIES["mscp"]
CLOSED = bank_holidays(2026, 2032)
START = datetime(2026, 12, 23, 10, 20, tzinfo=LONDON)
BASE = documents.begun_from(MSCP, key="mscp", start=date(2027, 1, 4))
NAMES = [each.name for stage in MSCP.stages for each in stage.milestones] + [m.name for m in MSCP.milestones]

TEXTS = st.text(max_size=30) | st.sampled_from(
    ["Answer the challenge", 'Say "no"', "a\\b", " ", "reply", "  x "]
)
NUMBERS = st.integers(-3, 1200).map(str) | st.sampled_from(["", "two", "1.5", "٣", "99999999999999999999"])
DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1)).map(str) | st.sampled_from(["", "soon", "31 2 2027"])


def some(*choices: str) -> st.SearchStrategy[str]:
    return st.sampled_from([*choices, "", "nonsense"])


CLOCKS = st.fixed_dictionaries(
    {
        "label": TEXTS,
        "owed_by": some(*Owner),
        "timed": some("counted", "at_once", "none"),
        "quantity": NUMBERS,
        "unit": some(*Unit),
        "fast_track": NUMBERS,
        "after": some(
            "stage_start", "concern_arose", *(f"{k}:{n}" for k in ("met", "missed") for n in NAMES)
        ),
        "when": some(*When),
        "met_by": st.lists(some("reply", "settle", "reply:acted", "raise", "add_note:call"), max_size=3),
        "audience": some(*Audience),
        "name": some(*NAMES, "a_new_one", "Not one"),
    }
)
STAGES = st.fixed_dictionaries(
    {
        "name": TEXTS,
        "long_name": TEXTS,
        "who": TEXTS,
        "kind": some(*StageKind),
        "seniority": some(*Seniority),
        "unit": some(*UnitPart),
        "place": some("0", "2", "5"),
        "times_of": some("0", "3"),
    },
    optional={"formal": st.just("on"), "only_after_not_accepted": st.just("on")},
)
ABOUT = st.fixed_dictionaries(
    {
        "title": TEXTS,
        "start": DAYS,
        "to_be_confirmed": TEXTS,
        **dict.fromkeys(("hold_working_days", "reopen_days", "draft_reminder_days", "draft_days"), NUMBERS),
        "treated_after_days": NUMBERS,
    }
)
"""Sent as they are; the strategies are wide, so most of what they draw is refused at some box."""


def as_typed(
    form: type[PieceForm], said: dict[str, Any], path: Path, initial: bool, **more: Any
) -> PieceForm:
    """The form with what was drawn; where `initial`, only what was drawn well, on top of what is there."""
    there = form.initial_of(documents.piece(BASE, path)) if initial else {}
    data: dict[str, list[Any]] = {
        name: _sent(value) for name, value in there.items() if value not in (None, False)
    }
    data |= {name: value if isinstance(value, list) else [value] for name, value in said.items()}
    return form(MultiValueDict({**data, "seen": ["x"]}), document=BASE, path=path, **more)


def _sent(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return ["on" if value is True else str(value)]


def holds(form: PieceForm, document: Document) -> None:
    """The promise, for one form and the document that it makes."""
    if not form.is_valid():
        assert form.errors
        return
    said = under(json.loads(json.dumps(document)), 3)
    if said.faults:
        assert all(fault.reason for fault in said.faults)
        return
    policy = said.policy
    again = parse(toml_text(policy), source="any.toml")
    assert again == policy
    assert again.digest == policy.digest == from_document(json.loads(json.dumps(policy.document))).digest
    sheet = briefing(policy, START, closed=CLOSED, labels={})
    assert len(sheet.stages) == len(policy.stages)
    changes(MSCP, policy, {})


def with_value(form: PieceForm, path: Path) -> Document:
    return documents.with_piece(BASE, path, form.value) if form.is_valid() else BASE


def with_more(form: PieceForm, path: Path) -> Document:
    if not form.is_valid():
        return BASE
    there = documents.piece(BASE, path)
    items = documents.added(there, form.value, at=getattr(form, "at", None))
    return documents.numbered(documents.with_piece(BASE, path, items))


PARTS = st.data()
FEW = settings(max_examples=60)


def part_of(data: st.DataObject, said: dict[str, Any]) -> dict[str, Any]:
    """A few boxes of what was drawn: the others stay as they are."""
    names = data.draw(st.lists(st.sampled_from(sorted(said)), max_size=3, unique=True)) if said else []
    return {name: said[name] for name in names}


@given(CLOCKS, st.integers(0, 5), PARTS)
@FEW
def test_a_time_that_is_changed(said: dict[str, Any], stage: int, data: st.DataObject) -> None:
    path = (*documents.clocks_path(stage), 0)
    form = as_typed(ClockForm, part_of(data, said), path, True, stage=stage)
    holds(form, with_value(form, path))


@given(CLOCKS, st.integers(0, 5), PARTS)
@FEW
def test_a_time_that_is_added(said: dict[str, Any], stage: int, data: st.DataObject) -> None:
    path = documents.clocks_path(stage)
    first = ClockForm.initial_of(documents.piece(BASE, path)[0]) | {"name": "", **part_of(data, said)}
    form = as_typed(NewClockForm, {n: v for n, v in first.items() if v is not None}, path, False, stage=stage)
    holds(form, with_more(form, path))


@given(STAGES, st.integers(1, 5), PARTS)
@FEW
def test_a_stage_that_is_changed(said: dict[str, Any], number: int, data: st.DataObject) -> None:
    path: Path = ("stages", number - 1)
    form = as_typed(StageForm, part_of(data, said), path, True)
    holds(form, with_value(form, path))


@given(STAGES, PARTS)
@FEW
def test_a_stage_that_is_added(said: dict[str, Any], data: st.DataObject) -> None:
    first = {"name": "More", "long_name": "More of them", "who": "They", "kind": "dialogue", "unit": "told"}
    first |= {"seniority": "senior_lead", "place": "3", "times_of": "", **part_of(data, said)}
    form = as_typed(NewStageForm, first, ("stages",), False)
    holds(form, with_more(form, ("stages",)))


@given(ABOUT, PARTS)
@FEW
def test_a_head_that_is_changed(said: dict[str, Any], data: st.DataObject) -> None:
    form = as_typed(AboutForm, part_of(data, said), ABOUT_PATH, True)
    holds(form, with_value(form, ABOUT_PATH))


@given(
    st.sampled_from(sorted(BASE["vocabularies"])),
    st.dictionaries(
        st.sampled_from(["label_0", "label_1", "hint_0", "label_20", "label_6", "group_0"]), TEXTS
    ),
    st.dictionaries(st.sampled_from(["out_0", "out_1", "out_2"]), st.just("on")),
)
@FEW
def test_words_that_are_changed(name: str, said: dict[str, Any], out: dict[str, Any]) -> None:
    path: Path = ("vocabularies", name)
    form = as_typed(WordsForm, {**said, **out}, path, True, vocabulary=name)
    holds(form, with_value(form, path))


@given(
    st.sampled_from(sorted(POLICIES)), st.lists(st.tuples(st.integers(0, 5), st.integers(-2, 2)), max_size=4)
)
@FEW
def test_stages_in_any_order_are_numbered_as_they_stand(key: str, moves: list[tuple[int, int]]) -> None:
    document = documents.begun_from(POLICIES[key], key="mscp", start=date(2027, 1, 4))
    for index, by in moves:
        stages = documents.moved(document["stages"], index, by)
        document = documents.numbered(documents.with_piece(document, ("stages",), stages))
    assert [stage["number"] for stage in document["stages"]] == list(range(1, len(document["stages"]) + 1))
    assert sorted(s["name"] for s in document["stages"]) == sorted(s.name for s in POLICIES[key].stages)
    assert not [fault for fault in under(document, 3).faults if fault.path[-1] == "number"]
