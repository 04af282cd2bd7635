"""The forms with which a policy is written, a piece at a time: its head, a stage, a time, words, notes.

Each gives its piece as plain JSON values, and knows at which of its questions a fault belongs.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms

from core.web.forms import Checkboxes, DayField, Form, PlainLine, PlainText, Radios, TimeOfDayField
from escalation.challenges.workflow_docs import LABELS
from escalation.policy.changes import AUDIENCE_WORDS, LIMIT_WORDS
from escalation.policy.clock import UNIT_WORDS, Unit
from escalation.policy.describing import OWNER_WORDS, UNIT_PART_WORDS, WHEN_WORDS
from escalation.policy.stages import (
    CONCERN_AROSE,
    STAGE_START,
    Audience,
    Owner,
    Seniority,
    StageKind,
    UnitPart,
    When,
)
from escalation.policy.steps import CODES_OF, RAISE
from escalation.policy.words import capital
from escalation.rulefiles import is_code

from . import documents
from .documents import Document, Path
from .fitting import MOST_DAYS, MOST_HOURS, WHO

CHOOSE_ONE = "Choose one."
LONG = 400
KIND_WORDS: Mapping[str, str] = {
    StageKind.DIALOGUE: "The two sides talk",
    StageKind.PANEL: "A panel recommends",
    StageKind.DECISION: "The partners decide",
}
UNITS = (Unit.WORKING_DAYS, Unit.WORKING_HOURS, Unit.ELAPSED_HOURS)
UNIT_HINTS: Mapping[str, str] = {
    Unit.WORKING_DAYS: "Until 5pm. The first day does not count.",
    Unit.WORKING_HOURS: "Monday to Friday, 9am to 5pm.",
    Unit.ELAPSED_HOURS: "Day and night, weekends too.",
}
COUNTED, AT_ONCE, NONE = "counted", "at_once", "none"


def whole(label: str, *, least: int, most: int, **kwargs: Any) -> forms.IntegerField:
    """A box for a whole number."""
    said = f"Enter a whole number from {least:,} to {most:,}."
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), said),
        **kwargs,
    )


def radios(label: str, choices: Iterable[tuple[str, str]], **kwargs: Any) -> forms.ChoiceField:
    widget = Radios(hints=kwargs.pop("hints", None), reveals=kwargs.pop("reveals", None))
    said = {"required": CHOOSE_ONE, "invalid_choice": CHOOSE_ONE}
    return forms.ChoiceField(label=label, choices=list(choices), widget=widget, error_messages=said, **kwargs)


class PieceForm(Form):
    """One piece of a policy. `seen` is the mark of what its writer saw; `document` the whole around it."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, document: Document, path: Path, **kwargs: Any) -> None:
        self.document, self.path = document, path
        super().__init__(*args, **kwargs)

    @property
    def piece(self) -> Any:
        """What was there before, or None for something new."""
        return documents.piece(self.document, self.path)

    @property
    def value(self) -> Any:
        """The piece as it is to be; once the form is valid."""
        raise NotImplementedError

    @classmethod
    def initial_of(cls, piece: Any) -> dict[str, Any]:
        """What stands in the boxes at first."""
        return dict(piece)

    def question_of(self, rest: Path) -> str | None:
        """The box that a fault at this place of the piece belongs to; None where it is about the whole."""
        name = str(rest[0]) if rest else ""
        return name if name in self.fields else None


# The head


class AboutForm(PieceForm):
    """What the policy is called, when it starts, how long the log's own times are, and what is open."""

    title = PlainLine(label="What is it called?", max_length=200)
    start = DayField(
        label="From which day does it hold?",
        help_text="Challenges that are raised from that day on are under it. Those before keep theirs.",
    )
    hold_working_days = whole(LIMIT_WORDS["hold_working_days"], least=1, most=MOST_DAYS)
    reopen_days = whole(LIMIT_WORDS["reopen_days"], least=1, most=1000)
    draft_reminder_days = whole(LIMIT_WORDS["draft_reminder_days"], least=1, most=365)
    draft_days = whole(LIMIT_WORDS["draft_days"], least=1, most=365)
    treated_after_days = whole(
        LIMIT_WORDS["treated_after_days"],
        least=1,
        most=365,
        required=False,
        help_text="Leave it empty, and nobody is asked.",
    )
    to_be_confirmed = PlainText(
        label="What is still to be confirmed?", help_text="One thing on each line.", required=False, rows=6
    )

    @classmethod
    def initial_of(cls, piece: Any) -> dict[str, Any]:
        return {
            "title": piece["title"],
            "start": date.fromisoformat(piece["start"]),
            "to_be_confirmed": "\n".join(piece["to_be_confirmed"]),
            **piece["limits"],
        }

    def clean(self) -> dict[str, Any]:
        reminds, ends = self.cleaned_data.get("draft_reminder_days"), self.cleaned_data.get("draft_days")
        if reminds and ends and reminds >= ends:
            self.add_error("draft_reminder_days", "This comes after the draft is gone. Choose fewer days.")
        return self.cleaned_data

    @property
    def value(self) -> dict[str, Any]:
        said = self.cleaned_data
        limits = {name: said[name] for name in LIMIT_WORDS if said.get(name) is not None}
        return {
            "title": said["title"],
            "start": said["start"].isoformat(),
            "limits": limits,
            "to_be_confirmed": [line for line in said["to_be_confirmed"].split("\n") if line.strip()],
        }

    def question_of(self, rest: Path) -> str | None:
        return super().question_of(rest[1:] if rest[:1] == ("limits",) else rest)


# A stage


class StageForm(PieceForm):
    """One stage, without its times."""

    name = PlainLine(label="What is it called, in a few words?", max_length=40)
    long_name = PlainLine(label="Who talks here?", help_text="In full, as in the procedure.", max_length=160)
    who = PlainLine(label="What stands below its name?", max_length=80)
    kind = radios("What happens at it?", KIND_WORDS.items())
    seniority = radios("Who acts on each side?", [(each.value, capital(WHO[each])) for each in Seniority])
    unit = radios(
        "What does the business unit do?",
        [(each.value, capital(UNIT_PART_WORDS[each])) for each in UnitPart],
    )
    formal = forms.BooleanField(label="It is formal, and needs the full form", required=False)
    only_after_not_accepted = forms.BooleanField(
        label="It opens only after a panel's recommendation was not accepted", required=False
    )

    @property
    def value(self) -> dict[str, Any]:
        said = {name: self.cleaned_data[name] for name in StageForm.base_fields if name != "seen"}
        known = self.piece or {}
        return {"number": known.get("number", 1), "milestones": known.get("milestones", []), **said}


class NewStageForm(StageForm):
    """A stage more, at a place, with the times of another one to begin with."""

    place = forms.ChoiceField(label="Where does it stand?")
    times_of = forms.ChoiceField(label="Which times does it begin with?", required=False)
    not_marked = frozenset({"times_of"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages = self.document["stages"]
        before = [(str(n), f"Before stage {n + 1}, {each['name']}") for n, each in enumerate(stages)]
        copied = [(str(n), f"Those of stage {n + 1}, {each['name']}") for n, each in enumerate(stages)]
        self.set_choices("place", [(str(len(stages)), "At the end"), *before])
        self.set_choices("times_of", [("", "None yet"), *copied])

    @property
    def piece(self) -> Any:
        return None

    @property
    def value(self) -> dict[str, Any]:
        chosen = self.cleaned_data["times_of"]
        times = self.document["stages"][int(chosen)]["milestones"] if chosen else []
        return {**super().value, "number": self.at + 1, "milestones": times}

    @property
    def at(self) -> int:
        return int(self.cleaned_data["place"])


# A time


class ClockForm(PieceForm):
    """One time: who does what by when, since when, and what ends it."""

    label = PlainLine(
        label="What is to be done?", help_text="As an order: Answer the challenge", max_length=120
    )
    owed_by = radios("Who does it?", [(each.value, capital(OWNER_WORDS[each])) for each in Owner])
    timed = radios(
        "How long do they have?",
        [(COUNTED, "So many days or hours"), (AT_ONCE, "At once"), (NONE, "The policy gives no time")],
        hints={NONE: "No clock runs, and the page says so."},
        reveals={COUNTED: ("quantity", "unit")},
    )
    quantity = whole("How many?", least=1, most=MOST_HOURS, required=False)
    unit = radios(
        "Of what?",
        [(each.value, capital(f"{UNIT_WORDS[each]}s")) for each in UNITS],
        hints=UNIT_HINTS,
        required=False,
    )
    fast_track = whole(
        "How many hours where the child cannot wait?",
        least=1,
        most=MOST_HOURS,
        required=False,
        help_text="Day and night. Leave it empty where the fast track changes nothing.",
    )
    after = forms.ChoiceField(label="Since when does it count?", error_messages={"required": CHOOSE_ONE})
    when = forms.ChoiceField(
        label="Under which condition?",
        choices=[(each.value, capital(WHEN_WORDS[each]) or "Always") for each in When],
        error_messages={"required": CHOOSE_ONE},
    )
    met_by = forms.MultipleChoiceField(
        label="What ends it?",
        help_text="Any of these is enough.",
        widget=Checkboxes({"class": "cl-many"}),
        error_messages={"required": "Tick at least one."},
    )
    audience = radios("Who sees it?", [(each.value, capital(AUDIENCE_WORDS[each])) for each in Audience])
    name = PlainLine(
        label="Its short name in the file",
        help_text="Small letters and underscores. Leave it empty: we make one.",
        required=False,
        max_length=40,
    )
    optional_too: ClassVar[frozenset[str]] = frozenset()
    not_marked = frozenset({"quantity", "unit"})

    def __init__(self, *args: Any, document: Document, path: Path, stage: int, **kwargs: Any) -> None:
        self.stage = stage
        super().__init__(*args, document=document, path=path, **kwargs)
        self.set_choices("after", self._starts())
        self.set_choices("met_by", self._ends())
        self.set_choices("unit", self._units())

    def _units(self) -> list[tuple[str, str]]:
        """The usual ones, and that of the time itself where a file gave it another."""
        there = Unit(self.piece["unit"]) if self.is_there else UNITS[0]
        units = UNITS if there in UNITS else (*UNITS, there)
        return [(each.value, capital(f"{UNIT_WORDS[each]}s")) for each in units]

    @property
    def is_there(self) -> bool:
        """It is in the document already, and not one more."""
        return isinstance(self.piece, Mapping)

    def _starts(self) -> list[tuple[str, str]]:
        others = self._others()
        found = [(STAGE_START, "The start of the stage"), (CONCERN_AROSE, "The day the worry arose")]
        found += [(f"met:{name}", f"“{label}” is done") for name, label in others.items()]
        found += [(f"missed:{name}", f"“{label}” is late") for name, label in others.items()]
        return found + [(f"step:{name}", f"The step “{label}”") for name, label in sorted(LABELS.items())]

    def _others(self) -> dict[str, str]:
        """By name, what the other times are called that this one can see."""
        own = self.piece["name"] if self.is_there else ""
        near = documents.piece(self.document, documents.clocks_path(self.stage)) or []
        more = self.document["milestones"] if self.stage else _of_stages(self.document)
        return {each["name"]: each["label"] for each in (*near, *more) if each["name"] != own}

    def _ends(self) -> list[tuple[str, str]]:
        found = [(RAISE, "Raising it, where it counts from the day the worry arose")]
        for name, label in sorted(LABELS.items(), key=lambda step: step[1]):
            found.append((name, label))
            terms = self.document["vocabularies"].get(CODES_OF.get(name, ""), [])
            found += [(f"{name}:{term['code']}", f"{label}: {term['label']}") for term in terms]
        return found

    @classmethod
    def initial_of(cls, piece: Any) -> dict[str, Any]:
        quantity = piece["quantity"]
        timed = NONE if quantity is None else COUNTED if quantity else AT_ONCE
        return {**piece, "timed": timed, "quantity": quantity or None}

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if name and not is_code(name):
            raise forms.ValidationError("Use small letters, figures and underscores only.")
        if name in self._others():
            raise forms.ValidationError(f"“{name}” is there already. Choose another short name.")
        return name

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("timed") == COUNTED:
            self.need("quantity", "Say how many.")
            self.need("unit", "Say what is counted: days or hours.")
            self._check_days()
        return self.cleaned_data

    def _check_days(self) -> None:
        quantity, unit = self.cleaned_data.get("quantity") or 0, self.cleaned_data.get("unit")
        if unit == Unit.WORKING_DAYS and quantity > MOST_DAYS:
            self.add_error("quantity", f"Use {MOST_DAYS} working days or fewer.")

    @property
    def value(self) -> dict[str, Any]:
        said = self.cleaned_data
        quantity: Mapping[str, int | None] = {COUNTED: said["quantity"], AT_ONCE: 0, NONE: None}
        before = self.piece["unit"] if self.is_there else Unit.WORKING_DAYS.value
        kept = [code for code in self._met_before() if code in said["met_by"]]
        return {
            "name": said["name"] or self._name(),
            "label": said["label"],
            "owed_by": said["owed_by"],
            "quantity": quantity[said["timed"]],
            "unit": said["unit"] if said["timed"] == COUNTED else before,
            "after": said["after"],
            "when": said["when"],
            "fast_track": said["fast_track"],
            "met_by": [*kept, *(code for code in said["met_by"] if code not in kept)],
            "audience": said["audience"],
        }

    def _met_before(self) -> list[str]:
        return list(self.piece["met_by"]) if self.is_there else []

    def _name(self) -> str:
        if self.is_there:
            return str(self.piece["name"])
        return documents.name_for(self.document, self.stage, self.cleaned_data["label"])


def _of_stages(document: Document) -> list[dict[str, Any]]:
    return [each for stage in document["stages"] for each in stage["milestones"]]


class NewClockForm(ClockForm):
    """A time more."""

    @property
    def is_there(self) -> bool:
        return False


class PreviewForm(Form):
    """A day and an hour at which a stage begins."""

    day = DayField(label="Which day does it begin?", help_text="For example: 23 12 2026")
    hour = TimeOfDayField(label="At what time?", help_text="For example: 10:20am")


class BeginForm(Form):
    """From which version, or from whose policy, a new one is made. `key` is the form's own."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    base = forms.ChoiceField(label="Which one do you begin with?", widget=Radios)

    def __init__(self, *args: Any, bases: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("base", bases)
        self.fields["base"].error_messages["required"] = CHOOSE_ONE
