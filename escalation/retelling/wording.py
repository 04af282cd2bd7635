"""Texts and promises in words: what the log asks about, and how each stands."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from core.web.components import State as Label
from escalation.accounts.models import User

from .linter import Found
from .models import Promise, PromiseState, Retold, TextState
from .promising import is_late

LABELS = {
    TextState.DRAFT: Label("wait", "Being written"),
    TextState.APPROVED: Label("done", "Approved"),
    TextState.WITHDRAWN: Label("hold", "Taken back"),
}


def text_label(told: Retold, reader: User) -> Label:
    """What waits, and for whom."""
    if told.state != TextState.PROPOSED:
        return LABELS[TextState(told.state)]
    mine = told.written_by_id == reader.pk
    return Label("wait", "Waits for a colleague") if mine else Label("turn", "Waits for your word")


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `asked` where the log asks about it."""

    text: str
    asked: bool


def marked(told: Retold, finds: Sequence[Found]) -> dict[str, list[Piece]]:
    """Each field's words in pieces; `finds` count from the beginning of them all, a line each."""
    shown, start = {}, 0
    for name, text in zip(told.WORDS, told.words, strict=True):
        shown[name] = list(_pieces(text, start, finds))
        start += len(text) + 1
    return shown


def _pieces(text: str, start: int, finds: Iterable[Found]) -> Iterator[Piece]:
    at = 0
    for each in finds:
        begins, ends = max(each.start - start, at), min(each.end - start, len(text))
        if at <= begins < ends:
            yield Piece(text[at:begins], False)
            yield Piece(text[begins:ends], True)
            at = ends
    yield Piece(text[at:], False)


def promise_label(promise: Promise, today: date) -> Label | None:
    """None where its day is still to come: then the day says enough."""
    if promise.state == PromiseState.DONE:
        return Label("done", "Done")
    if promise.state == PromiseState.DROPPED:
        return Label("hold", "Not done")
    if is_late(promise, today):
        return Label("late", "Overdue")
    return Label("due", "Due today") if promise.due == today else None
