"""Learning in words: how a point stands, and the board of what was learnt and what changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.web.components import State as Label
from escalation.access.standing import Standing
from escalation.accounts.models import User
from escalation.policy.words import count
from escalation.retelling.models import PromiseState
from escalation.retelling.promising import is_late, may_say, organisations_led
from escalation.retelling.wording import promise_label, text_label

from .models import Action, Decision, Kind, Point, Verdict


@dataclass(frozen=True)
class PointRow:
    """A point in the list of who writes them; `label` says what waits, and for whom."""

    point: Point
    label: Label


def point_rows(points: Iterable[Point], *, reader: User) -> list[PointRow]:
    """Those that wait for this reader's word first."""
    rows = [PointRow(each, text_label(each, reader)) for each in points]
    return sorted(rows, key=lambda row: row.label.kind != "turn")


@dataclass(frozen=True)
class ActionRow:
    """`label` says if it is late or near; `may_say`: its reader says what came of it."""

    action: Action
    label: Label | None
    may_say: bool


@dataclass(frozen=True)
class Learnt:
    """One point on the board: where it is, what was decided last, what is done about it."""

    point: Point
    label: Label
    is_training: bool
    decision: Decision | None
    actions: Sequence[ActionRow]
    is_over: bool


@dataclass(frozen=True)
class Board:
    """What is being done, the longest known first; and what came of the rest, the newest first."""

    going: Sequence[Learnt]
    over: Sequence[Learnt]
    numbers: str


def board(points: Iterable[Point], today: date, *, standing: Standing) -> Board:
    """Everything that is approved. What is late stands first. One statement, none for the unit."""
    led = organisations_led(standing)
    found = [learnt(each, today, led) for each in points]
    going = [each for each in found if not each.is_over]
    going.sort(key=lambda each: (each.label.kind != "late", each.point.decided_at or each.point.written_at))
    over = [each for each in found if each.is_over]
    return Board(going, over, _numbers(found))


def learnt(point: Point, today: date, led: frozenset[int] | None) -> Learnt:
    """As it stands; reads what `Point.objects.told()` has fetched. `led`: see retelling.promising."""
    actions = list(point.actions.all())
    decision = next(reversed(list(point.decisions.all())), None)
    open_ones = [each for each in actions if each.state == PromiseState.OPEN]
    noted = decision is not None and decision.verdict == Verdict.NOTED
    return Learnt(
        point,
        _label(point, decision, actions, today),
        point.kind == Kind.TRAINING,
        decision,
        [ActionRow(each, promise_label(each, today), may_say(led, each)) for each in actions],
        is_over=not open_ones and (bool(actions) or noted),
    )


def _label(point: Point, decision: Decision | None, actions: Sequence[Action], today: date) -> Label:
    if any(is_late(each, today) for each in actions):
        return Label("late", "An action is overdue")
    if any(each.state == PromiseState.OPEN for each in actions):
        return Label("wait", "Being done")
    if actions:
        done = all(each.state == PromiseState.DONE for each in actions)
        return Label("done", "Done") if done else Label("hold", "Not all done")
    return _decided(point, decision)


def _decided(point: Point, decision: Decision | None) -> Label:
    if decision is None:
        return Label("wait", f"Sent to: {point.sub_group_words}")
    if decision.verdict == Verdict.NOTED:
        return Label("done", "Noted")
    return Label("wait", "Taken up" if decision.verdict == Verdict.TAKEN_UP else "They come back to it")


def _numbers(found: Sequence[Learnt]) -> str:
    actions = [row.action for each in found for row in each.actions]
    done = sum(each.state == PromiseState.DONE for each in actions)
    return f"{count(len(found), 'point')}. {done} of {count(len(actions), 'action')} done."
