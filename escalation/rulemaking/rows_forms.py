"""Lists of words and notes, a row each: worded anew, taken out, and one or more added."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from core.web.forms import DayField, PlainLine, PlainText, Question

from . import documents
from .documents import Path
from .fitting import FIXED, KEPT
from .forms import PieceForm

LAST = ("other", "unknown", "none", "not_known", "something_else", "not_sure")
"""Words that stay at the end of their list."""


@dataclass(frozen=True)
class Row:
    """One word or note as it is drawn: what it is called, and its boxes."""

    legend: str
    boxes: list[Question]


class RowsForm(PieceForm):
    """One row for each item that is there, and some for more. A row that is new and empty says nothing."""

    parts: tuple[str, ...]
    first: str
    more: int
    new: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items: list[dict[str, Any]] = list(self.piece or [])
        for index in range(len(self.items) + self.rows_more):
            for part in self.asked:
                self.fields[f"{part}_{index}"] = self.box(part, is_new=index >= len(self.items))
            if index < len(self.items) and self.may_go(self.items[index]):
                self.fields[f"out_{index}"] = forms.BooleanField(label="Take it out", required=False)

    @property
    def rows_more(self) -> int:
        return self.more

    @property
    def asked(self) -> tuple[str, ...]:
        """The parts that a row asks for."""
        return self.parts

    def box(self, part: str, *, is_new: bool) -> forms.Field:
        raise NotImplementedError

    def may_go(self, item: Mapping[str, Any]) -> bool:
        return True

    def is_optional(self, name: str) -> bool:
        """Most of it can be left out: a mark at each would say nothing."""
        return False

    @classmethod
    def initial_of(cls, piece: Any) -> dict[str, Any]:
        return {
            f"{part}_{index}": _shown(part, item[part])
            for index, item in enumerate(piece)
            for part in cls.parts
        }

    @property
    def rows(self) -> Iterator[Row]:
        """For the template."""
        for index in range(len(self.items) + self.rows_more):
            names = [*(f"{part}_{index}" for part in self.asked), f"out_{index}"]
            there = index < len(self.items)
            legend = str(self.items[index][self.first]) if there else self.new
            yield Row(legend, [self[name] for name in names if name in self.fields])  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        for index in range(len(self.items), len(self.items) + self.rows_more):
            given = [part for part in self.asked if self.cleaned_data.get(f"{part}_{index}")]
            if given:
                self.need(f"{self.first}_{index}", "Write what it is called, or leave all of this empty.")
                self.check_new(index)
        return self.cleaned_data

    def check_new(self, index: int) -> None:
        """What else a new row needs."""

    @property
    def value(self) -> list[dict[str, Any]]:
        said = self.cleaned_data
        kept = [
            {**item, **self._row(index)}
            for index, item in enumerate(self.items)
            if not said.get(f"out_{index}")
        ]
        for index in range(len(self.items), len(self.items) + self.rows_more):
            if said.get(f"{self.first}_{index}"):
                self.put(kept, self._made(index, kept))
        return kept

    def _row(self, index: int) -> dict[str, Any]:
        return {part: _plain(self.cleaned_data[f"{part}_{index}"]) for part in self.asked}

    def _made(self, index: int, kept: list[dict[str, Any]]) -> dict[str, Any]:
        taken = [each["code"] for each in (*self.items, *kept)]
        code = documents.code_for(self.cleaned_data[f"{self.first}_{index}"], taken)
        return {"code": code, **dict.fromkeys(self.parts, ""), **self._row(index)}

    def put(self, kept: list[dict[str, Any]], made: dict[str, Any]) -> None:
        kept.append(made)

    def question_of(self, rest: Path) -> str | None:
        name = f"{rest[1]}_{rest[0]}" if len(rest) == 2 else ""
        return name if name in self.fields else None


def _shown(part: str, value: Any) -> Any:
    return date.fromisoformat(value) if part == "as_of" else value


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


class WordsForm(RowsForm):
    """The words of one list that people choose from."""

    parts = ("label", "short", "hint", "group")
    first, more, new = "label", 3, "A new word"

    def __init__(self, *args: Any, vocabulary: str, **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        super().__init__(*args, **kwargs)

    @property
    def is_fixed(self) -> bool:
        """The log's rules go by these words: they are worded anew, and no more."""
        return self.vocabulary in FIXED

    @property
    def rows_more(self) -> int:
        return 0 if self.is_fixed else self.more

    def may_go(self, item: Mapping[str, Any]) -> bool:
        return not self.is_fixed and item["code"] not in KEPT.get(self.vocabulary, ())

    @property
    def asked(self) -> tuple[str, ...]:
        """A word, and what the words of this list have besides."""
        used = [part for part in ("short", "hint") if any(item[part] for item in self.piece or ())]
        return ("label", *used, *(["group"] if self._groups else []))

    @property
    def _groups(self) -> list[dict[str, Any]]:
        return list(self.document["vocabularies"].get(f"{self.vocabulary}_group", []))

    def box(self, part: str, *, is_new: bool) -> forms.Field:
        if part == "group":
            choices = [("", "Choose one"), *((each["code"], each["label"]) for each in self._groups)]
            said = {"required": "Choose a group."}
            return forms.ChoiceField(
                label="Its group", choices=choices, required=not is_new, error_messages=said
            )
        labels = {"label": "The word", "short": "In short", "hint": "What stands below it"}
        return PlainLine(
            label=labels[part],
            required=part == "label" and not is_new,
            max_length=300 if part == "hint" else 120,
        )

    def check_new(self, index: int) -> None:
        if self._groups:
            self.need(f"group_{index}", "Choose a group.")

    def put(self, kept: list[dict[str, Any]], made: dict[str, Any]) -> None:
        """Before “Other”, where there is such a word at the end."""
        at = len(kept)
        while at and kept[at - 1]["code"] in LAST:
            at -= 1
        kept.insert(at, made)


class NotesForm(RowsForm):
    """Legal and safety notes."""

    parts = ("title", "text", "source", "as_of")
    first, more, new = "title", 1, "A new note"

    def box(self, part: str, *, is_new: bool) -> forms.Field:
        match part:
            case "as_of":
                return DayField(label="When was it last checked?", required=not is_new)
            case "text":
                return PlainText(label="What it says", rows=3, max_length=1000, required=not is_new)
            case "source":
                return PlainLine(label="Where it comes from", max_length=300, required=not is_new)
            case _:
                return PlainLine(label="Its title", max_length=120, required=not is_new)

    def check_new(self, index: int) -> None:
        self.need(f"text_{index}", "Write what it says.")
        self.need(f"source_{index}", "Say where it comes from.")
        self.need(f"as_of_{index}", "Enter a date.")
