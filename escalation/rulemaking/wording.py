"""A draft of the policy in words and addresses: its parts, what is wrong and where, who was faster."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.urls import reverse

from core.web.components import State as StateLabel
from core.web.dates import long_day
from escalation.accounts.models import User
from escalation.policy import Policy
from escalation.policy.briefing import dues
from escalation.policy.changes import vocabulary_words
from escalation.policy.clock import Reckoning
from escalation.policy.describing import OWNER_WORDS, time_words
from escalation.policy.stages import Milestone, Stage
from escalation.policy.words import capital
from escalation.rulefiles import Fault

from .documents import Path, placed
from .forms import PieceForm
from .models import PolicyDraft, State


@dataclass(frozen=True)
class ClockRow:
    """A time of a draft: how it reads, where it is changed, and what its buttons send."""

    label: str
    said: str
    url: str
    place: str


@dataclass(frozen=True)
class StageRow:
    """A stage of a draft, with its times."""

    number: int
    name: str
    long_name: str
    url: str
    new_url: str
    clocks: list[ClockRow]


@dataclass(frozen=True)
class FaultRow:
    """What has to be put right, and where; `url` "" where no page of its own asks for it."""

    reason: str
    url: str


def stage_rows(draft: PolicyDraft, policy: Policy) -> list[StageRow]:
    """The stages in their order."""
    return [
        StageRow(
            stage.number,
            stage.name,
            stage.long_name,
            _url("policy-stage", draft, stage.number),
            _url("policy-clock", draft, stage.number, 0),
            _clock_rows(draft, stage.number, stage.milestones),
        )
        for stage in policy.stages
    ]


def beside_rows(draft: PolicyDraft, policy: Policy) -> list[ClockRow]:
    """The times that run beside any stage."""
    return _clock_rows(draft, 0, policy.milestones)


def _clock_rows(draft: PolicyDraft, stage: int, milestones: Iterable[Milestone]) -> list[ClockRow]:
    return [
        ClockRow(
            each.label,
            f"{capital(OWNER_WORDS[each.owed_by])}: {time_words(each)}.",
            _url("policy-clock", draft, stage, place + 1),
            f"{stage}:{place}",
        )
        for place, each in enumerate(milestones)
    ]


def word_links(draft: PolicyDraft) -> list[tuple[str, str]]:
    """Each list of words, with its page; by name."""
    found = [
        (vocabulary_words(name), reverse("policy-words", args=[draft.uuid, name]))
        for name in draft.document["vocabularies"]
    ]
    return sorted(found)


def fault_rows(draft: PolicyDraft, faults: Iterable[Fault]) -> list[FaultRow]:
    return [FaultRow(placed(each), _where(draft, each.path)) for each in faults]


def _where(draft: PolicyDraft, path: Path) -> str:
    """The page on which a fault is put right."""
    clock = _clock_at(path)
    if clock is not None:
        return _url("policy-clock", draft, *clock)
    match path:
        case ("stages", int(index), *_) if index < len(draft.stages):
            return _url("policy-stage", draft, index + 1)
        case ("vocabularies", str(name), *_) if name in draft.document["vocabularies"]:
            return reverse("policy-words", args=[draft.uuid, name])
        case ("notes", *_):
            return _url("policy-notes", draft)
        case ("title" | "start" | "limits" | "to_be_confirmed", *_):
            return _url("policy-about", draft)
    return ""


def _clock_at(path: Path) -> tuple[int, int] | None:
    """Stage and place of a time, from 1; place 0 for one that is missing, stage 0 for any."""
    match path:
        case ("stages", int(index), "milestones", *rest):
            stage = index + 1
        case ("milestones", *rest):
            stage = 0
        case _:
            return None
    return stage, rest[0] + 1 if rest and isinstance(rest[0], int) else 0


def _url(name: str, draft: PolicyDraft, *numbers: int) -> str:
    return reverse(name, args=[draft.uuid, *numbers])


def state_label(draft: PolicyDraft, reader: User) -> StateLabel:
    """How a draft stands, for who reads it."""
    if draft.state == State.OFFERED:
        if reader.pk in (draft.written_by_id, draft.offered_by_id):
            return StateLabel("wait", "Waits for a colleague")
        return StateLabel("turn", "Waits for your word")
    kinds = {State.DRAFT: "wait", State.APPROVED: "done", State.GIVEN_UP: "hold"}
    return StateLabel(kinds[State(draft.state)], State(draft.state).label)


def base_choices(versions: Iterable[Any], current: Any) -> list[tuple[str, str]]:
    """What a new version can be made from: the one in force first, then every other that is loaded."""
    others = sorted(
        (each for each in versions if each != current),
        key=lambda each: (each.key != getattr(current, "key", ""), each.title, -each.version),
    )
    first = [current] if current else []
    return [
        (str(each.pk), f"{each}, from {long_day(each.start)}{' (it holds now)' if each == current else ''}")
        for each in (*first, *others)
    ]


# What somebody else wrote meanwhile


@dataclass(frozen=True)
class Theirs:
    """One box in which somebody else has written something else."""

    label: str
    says: str


def theirs(form: PieceForm, piece: Any) -> list[Theirs]:
    """Where a piece, as it is now, says something else than was typed."""
    now = form.initial_of(piece)
    return [
        Theirs(str(form.fields[name].label), _shown(form.fields[name], value))
        for name, value in now.items()
        if name in form.fields and not _same(form.cleaned_data.get(name), value)
    ]


def _same(typed: Any, there: Any) -> bool:
    plain = "\n".join if isinstance(there, list) else str
    return str(typed or "") == str(there or "") or typed == there or plain(typed or "") == plain(there or "")


def _shown(field: forms.Field, value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    labels: Mapping[str, str] = {}
    if isinstance(field, forms.ChoiceField):
        offered = cast("Iterable[tuple[str, str]]", field.choices)
        labels = {str(code): str(label) for code, label in offered}
    if isinstance(value, list):
        return ", ".join(labels.get(str(each), str(each)) for each in value)
    return labels.get(str(value), str(value or "nothing"))


# When each time would end, before and after


@dataclass(frozen=True)
class DueRow:
    """One time in two versions: when each would end; "" where it is not there, or starts with a step."""

    label: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class DueTable:
    """A stage with its times, in two versions."""

    heading: str
    rows: list[DueRow]


def due_tables(
    before: Policy, after: Policy, start: datetime, closed: Mapping[Any, str]
) -> Iterator[DueTable]:
    """For each stage of either version, by its number; and for what runs beside any stage."""
    for number in range(1, max(len(before.stages), len(after.stages)) + 1):
        old, new = _numbered(before, number), _numbered(after, number)
        names = dict.fromkeys(each.name for each in (old, new) if each)
        yield DueTable(
            f"Stage {number}: {', before: '.join(reversed(list(names)))}",
            list(_due_rows((before, old), (after, new), start, closed)),
        )
    yield DueTable("At any stage", list(_due_rows((before, None), (after, None), start, closed)))


def _numbered(policy: Policy, number: int) -> Stage | None:
    return next((stage for stage in policy.stages if stage.number == number), None)


Side = tuple[Policy, Stage | None]


def _due_rows(before: Side, after: Side, start: datetime, closed: Mapping[Any, str]) -> Iterator[DueRow]:
    beside = before[1] is None and after[1] is None
    old, new = (_times(side, beside, start, closed) for side in (before, after))
    labels = {**{name: label for name, (label, _) in old.items()}}
    labels |= {name: label for name, (label, _) in new.items()}
    for name, label in labels.items():
        yield DueRow(label, old.get(name, ("", "not there"))[1], new.get(name, ("", "not there"))[1])


def _times(
    side: Side, beside: bool, start: datetime, closed: Mapping[Any, str]
) -> dict[str, tuple[str, str]]:
    policy, stage = side
    if stage is None and not beside:
        return {}
    own = policy.milestones if stage is None else stage.milestones
    usual = dues(policy, stage, start, closed=closed)
    fast = dues(policy, stage, start, closed=closed, fast=True)
    return {each.name: (each.label, _ends(each, usual, fast, start)) for each in own}


def _ends(
    milestone: Milestone, usual: Mapping[str, Reckoning], fast: Mapping[str, Reckoning], start: datetime
) -> str:
    if milestone.quantity is None and milestone.fast_track is None:
        return "no time"
    if milestone.name not in usual:
        return time_words(milestone)
    said = usual[milestone.name].due_short(start)
    quick = fast.get(milestone.name)
    return f"{said}. Fast track: {quick.due_short(start)}" if milestone.fast_track and quick else said
