"""One form a step, made from its row: what the row asks (asks.py) becomes fields, and nothing else is asked.

`step_form` gives the form; `answers()` gives what services.take_step takes. Choices come from the policy the
challenge was opened under and from what this reader may see of it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from core.machine import Step
from core.web.answers import (
    WATCHED,
    day_before,
    day_to_come,
    moment_before,
    not_future,
    not_past,
    one_to_five,
    watched_textarea,
    yes_or_no,
)
from core.web.dates import short_date
from core.web.forms import Checkboxes, DayField, Form, PlainLine, PlainText, Radios, SearchSelect
from escalation.challenges.asks import ASKS, SOMETIMES_NEEDED, TOLD_BY, Ask, Kind, label_of
from escalation.challenges.facts import Facts
from escalation.challenges.forms.warnings import TICK, tick_for
from escalation.challenges.models import Audience, PartyRole
from escalation.challenges.queries import CaseView
from escalation.challenges.wording.page import what_happened
from escalation.challenges.workflow import as_asked
from escalation.policy import Policy
from escalation.policy.words import capital

ACTION_ROWS = 5
LONG_LIST = 8
FEW = 4
TUCKED = ("to_stage", "skip_reason", "other_issues")
NOT_SETTLING = ("withdrawn", "transferred", "void")
"""Outcomes that a step of their own gives, so that nobody chooses them on settling."""
PANEL_OUTCOMES = "recommendation_"
REVEALS: Mapping[str, dict[str, tuple[str, ...]]] = {
    "outcome": {"agreed_difference": ("review_on",)},
    "scope": {"siblings": ("sibling_count",)},
}
Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Making:
    """What a field is made from. `lenient`: the page is old, so all that could have stood on it is taken.

    `warns`: whose patterns ask for a tick before an NHS number goes out; None asks for none.
    """

    step: Step[Facts]
    view: CaseView
    people: Sequence[tuple[int, str]] = ()
    lenient: bool = False
    warns: Policy | None = None


class StepForm(Form):
    """The form of one step. `version` is what the person saw of the challenge."""

    not_marked = SOMETIMES_NEEDED
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, making: Making, *args: Any, **kwargs: Any) -> None:
        self.making = making
        super().__init__(*args, **kwargs)
        self.fields.update(_fields(making))
        self.add_tick()
        self.link_choices()

    def is_optional(self, name: str) -> bool:
        """An action needs all of its three boxes, once it has one."""
        return not name.startswith("action_") and super().is_optional(name)

    def add_tick(self) -> None:
        """Ask, at the end, for the tick that an NHS number needs; call it again after adding fields."""
        self.fields.pop(TICK, None)
        if self.is_bound and self.making.warns:
            texts = (
                self.data.get(n, "")
                for n, f in self.fields.items()
                if WATCHED.items() <= f.widget.attrs.items()
            )
            if tick := tick_for(texts, self.making.warns):
                self.fields[TICK] = tick

    @property
    def step_name(self) -> str:
        """Which step to take; the answer page also offers the question."""
        return self.making.step.name

    def answers(self) -> dict[str, Any]:
        """What was answered, by the names of the step's asks; empty answers are left out."""
        given = {n: self.cleaned_data[n] for n in self.making.step.asks if n in self.cleaned_data}
        if "actions" in self.making.step.asks:
            given["actions"] = self._actions()
        return {name: value for name, value in given.items() if value not in (None, "", [])}

    def clean(self) -> dict[str, Any]:
        """An action counts once it says what; it then needs its owner and its date."""
        for number in _rows(self.making.step):
            if any(self.cleaned_data.get(f"action_{number}_{part}") for part in ("what", "due")):
                self.need(f"action_{number}_what", "Say what will be done.")
                self.need(f"action_{number}_party", "Give each action an owner.")
                self.need(f"action_{number}_due", "Give each action a date.")
        return self.cleaned_data

    def _actions(self) -> list[dict[str, Any]]:
        rows = []
        for number in _rows(self.making.step):
            what = self.cleaned_data.get(f"action_{number}_what")
            if what:
                party, due = (self.cleaned_data[f"action_{number}_{part}"] for part in ("party", "due"))
                rows.append({"what": what, "party": int(party), "due": due})
        return rows

    def refuse(self, sentence: str, name: str | None) -> None:
        """Show the sentence with which the step was refused, at the answer that is at fault."""
        where = {"actions": "action_1_what"}.get(name or "", name)
        self.add_error(where if where in self.fields else None, sentence)

    def typed(self) -> dict[str, str]:
        """The words as they were typed, by the box they stood in; for a page that could not be sent."""
        words = {}
        for name, field in self.fields.items():
            text = self.data.get(name, "") if isinstance(field, PlainText) else ""
            if isinstance(text, str) and text.strip():
                words[name] = text.replace("\r\n", "\n").replace("\x00", "")
        return words

    def rows(self) -> list[list[forms.BoundField]]:
        """The boxes of each action: what, owner, due."""
        return [
            [self[f"action_{number}_{part}"] for part in ("what", "party", "due")]
            for number in _rows(self.making.step)
        ]

    @property
    def has_more_actions(self) -> bool:
        """Whether anything was typed into an action after the first, so that the page opens them."""
        return self.is_bound and any(
            self.data.get(field.html_name) for row in self.rows()[1:] for field in row
        )

    def plain_fields(self) -> list[forms.BoundField]:
        """The fields drawn one below the other: not hidden, not revealed by a choice, not of an action."""
        aside = self.revealed_names() | set(TUCKED) | {field.name for row in self.rows() for field in row}
        return [field for field in self.visible_fields() if field.name not in aside]

    def tucked_fields(self) -> list[forms.BoundField]:
        """What few need: it opens on a click, and by itself where it has an error."""
        return [self[name] for name in TUCKED if name in self.fields]

    @property
    def tucked_words(self) -> str:
        """What the tucked questions are about."""
        return "Skip a stage" if "to_stage" in self.fields else "Other issues in it"

    @property
    def opens_tucked(self) -> bool:
        return any(name in self.errors for name in TUCKED)


class ReplyForm(StepForm):
    """The answer page: three ways to answer, the third of which asks one question first."""

    QUESTION = "question"
    BOXES: Mapping[str, tuple[str, str]] = {
        "acted": ("What did you do?", "Say what you did."),
        "differs": ("What did you decide, and why?", "Give your decision and your reasons."),
        QUESTION: ("Your question", "Write your question."),
    }
    REVEALED: Mapping[str, tuple[str, ...]] = {
        "acted": ("what_acted", "acted_on"),
        "differs": ("what_differs",),
        QUESTION: ("what_question",),
    }

    def __init__(self, making: Making, *args: Any, **kwargs: Any) -> None:
        super().__init__(making, *args, **kwargs)
        terms = making.view.policy.vocabularies.get("answer", ())
        choices = [(t.code, t.label) for t in terms]
        hints = {t.code: t.hint for t in terms}
        if making.lenient or making.view.offers("ask_question"):
            choices.append((self.QUESTION, "We have one question first"))
            hints[self.QUESTION] = "This does not use up your answer. You still need to answer."
        widget = Radios(hints=hints, reveals={code: self.REVEALED[code] for code, _ in choices})
        words = {"required": "Choose your answer."}
        self.fields["answer"] = forms.ChoiceField(
            label="Your answer", choices=choices, widget=widget, error_messages=words
        )
        for code, _ in choices:  # a box that no choice opens would stand open, and what it holds be lost
            label, _ = self.BOXES[code]
            self.fields[f"what_{code}"] = PlainText(label=label, required=False, widget=watched_textarea(4))
        self.fields["acted_on"] = DayField(
            label="When?",
            required=False,
            validators=[not_future],
            initial=timezone.localdate,
            help_text="For example, 30 12 2026.",
        )
        del self.fields["what"]
        self.order_fields([name for name in self.fields if name != TOLD_BY])  # that comes last
        self.add_tick()
        self.link_choices()

    @property
    def step_name(self) -> str:
        asking = self.is_bound and self.cleaned_data.get("answer") == self.QUESTION
        return "ask_question" if asking else "reply"

    def clean(self) -> dict[str, Any]:
        super().clean()
        answer = self.cleaned_data.get("answer")
        if answer is not None and answer in self.BOXES:
            typed = str(self.cleaned_data.get(f"what_{answer}") or "")
            if not typed.strip() and f"what_{answer}" not in self.errors:
                self.add_error(f"what_{answer}", self.BOXES[answer][1])
        if answer == "acted":
            self.need("acted_on", "Say when you acted.")
        return self.cleaned_data

    def answers(self) -> dict[str, Any]:
        answer = self.cleaned_data["answer"]
        given: dict[str, Any] = {"what": self.cleaned_data[f"what_{answer}"]}
        if self.cleaned_data.get(TOLD_BY):
            given[TOLD_BY] = self.cleaned_data[TOLD_BY]
        if answer == self.QUESTION:
            return given
        given["answer"] = answer
        if answer == "acted":
            given["acted_on"] = self.cleaned_data["acted_on"]
        return given

    def refuse(self, sentence: str, name: str | None) -> None:
        where = f"what_{self.cleaned_data.get('answer', '')}" if name == "what" else name
        super().refuse(sentence, where)


def step_form(
    step: Step[Facts],
    view: CaseView,
    data: Mapping[str, Any] | None = None,
    *,
    people: Sequence[tuple[int, str]] = (),
    kept: Mapping[str, str] | None = None,
    lenient: bool = False,
    warns: Policy | None = None,
) -> StepForm:
    """The form of a step: bound to `data`, else filled with what is likely and with the words `kept`."""
    making = Making(as_asked(step, view.facts), view, people, lenient, warns)
    made = ReplyForm if step.name == "reply" else StepForm
    if data is not None:
        return made(making, data)
    return made(making, initial={**_initial(step, view), **(kept or {})})


def _initial(step: Step[Facts], view: CaseView) -> dict[str, Any]:
    """What is likely: the version seen, what was said in the answer, now as the moment of a call."""
    initial: dict[str, Any] = {"version": view.version}
    if step.name == "reply" and not view.offers("reply"):
        return initial
    if "called_at" in step.asks:
        initial["called_at"] = view.now
    if "still_asking" in step.asks:
        initial["still_asking"] = [str(p.id) for p in view.asked_now if p.answer != "acted"]
    if "to_stage" in step.asks and view.facts.next_stage:
        initial["to_stage"] = str(view.facts.next_stage.number)
    if step.name == "settle":
        initial |= _from_answer(view)
    if "audience" in step.asks:
        initial["audience"] = Audience.ALL_PARTIES
    return initial


def _from_answer(view: CaseView) -> dict[str, Any]:
    """Rule 8: "we have acted" prefills the outcome."""
    reply = next((e for e in view.entries if e.step == "reply" and e.codes.get("answer") == "acted"), None)
    acted = [p for p in view.responding if p.answer == "acted"]
    if reply is None or not acted or reply.party not in {p.id for p in acted}:
        return {}
    codes = [code for code, _ in _outcomes(view)]
    outcome = {"outcome": "decision_changed"} if "decision_changed" in codes else {}
    return {"reasons": reply.words.get("what", ""), **outcome}


# Fields, one maker for each kind of ask


def _fields(making: Making) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for name in making.step.asks:
        ask = ASKS[name]
        made = _action_rows(making) if ask.kind is Kind.ACTIONS else {name: _field(ask, making)}
        fields |= {n: field for n, field in made.items() if field is not None}
    return fields


def _field(ask: Ask, making: Making) -> forms.Field | None:
    """The field of one ask, with its words; None where there is nothing to choose."""
    needed = ask.name in making.step.needs
    field = _blank_field(ask, making, needed)
    if field is None:
        return None
    field.label = label_of(making.step.name, ask.name)
    field.help_text = ask.hint
    if ask.name == "their_pointer" and making.view.my_side == PartyRole.RESPONDING:
        field.label = "Your number for the child"
        field.help_text = "The child's number in your own system. No name or date of birth."
    field.required = needed
    field.error_messages["required"] = f"{ask.missing}."
    return field


def _blank_field(ask: Ask, making: Making, needed: bool) -> forms.Field | None:
    if ask.kind in TYPED:
        return TYPED[ask.kind](ask)
    return _choosing(ask, making, needed)


def _text(ask: Ask) -> forms.Field:
    return PlainText(widget=watched_textarea(2 if ask.name == "note" else 4))


def _line(ask: Ask) -> forms.Field:
    wide = {"class": "govuk-input--width-20"} if ask.name == "their_pointer" else {}
    return PlainLine(widget=forms.TextInput(attrs={**WATCHED, **wide}))


def _reference(ask: Ask) -> forms.Field:
    return PlainLine(max_length=40, widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}))


def _count(ask: Ask) -> forms.Field:
    box = forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"})
    return forms.IntegerField(min_value=1, max_value=30, widget=box)


TYPED: Mapping[Kind, Callable[[Ask], forms.Field]] = {
    Kind.TEXT: _text,
    Kind.LINE: _line,
    Kind.REFERENCE: _reference,
    Kind.NUMBER: _count,
    Kind.DATE: lambda ask: day_before(),
    Kind.FUTURE_DATE: lambda ask: day_to_come(),
    Kind.MOMENT: lambda ask: moment_before(),
    Kind.YES_NO: lambda ask: yes_or_no(),
    Kind.RATING: lambda ask: one_to_five(),
}


def _choosing(ask: Ask, making: Making, needed: bool) -> forms.Field | None:
    choices = _choices(ask, making)
    if ask.kind in (Kind.CHOICES, Kind.PARTIES):
        if ask.kind is Kind.PARTIES and len(choices) == 1:
            return forms.MultipleChoiceField(choices=choices, widget=forms.MultipleHiddenInput)
        small = {"class": "govuk-checkboxes--small"} if len(choices) > FEW else None
        return forms.MultipleChoiceField(choices=choices, widget=Checkboxes(small))
    if not needed and len(choices) < 2 and ask.kind in (Kind.PARTY, Kind.LATER_STAGE):
        return None
    if ask.name == "skip_reason" and len(_later(making)) < 2:
        return None
    if ask.kind in (Kind.PERSON, Kind.ENTRY) or len(choices) > LONG_LIST:
        first = [("", "Choose from this list")]
        return forms.ChoiceField(choices=[*first, *choices], widget=SearchSelect())
    hints = _hints(ask, making)
    reveals = REVEALS.get(ask.name, {})
    small = {"class": "govuk-radios--small"} if len(choices) > FEW else None
    shown = {code: names for code, names in reveals.items() if code in dict(choices)}
    widget = Radios(small, hints=hints, reveals=shown)
    return forms.ChoiceField(choices=choices, widget=widget)


def _choices(ask: Ask, making: Making) -> Choices:
    if ask.kind in FROM_THE_CASE:
        return FROM_THE_CASE[ask.kind](making)
    return _outcomes(making.view) if ask.vocabulary == "outcome" else _terms(making.view, ask.vocabulary)


def _terms(view: CaseView, vocabulary: str) -> Choices:
    return [(term.code, term.label) for term in view.policy.vocabularies.get(vocabulary, ())]


def _outcomes(view: CaseView) -> Choices:
    recommended = view.facts.recommended
    return [
        (code, words)
        for code, words in _terms(view, "outcome")
        if code not in NOT_SETTLING and (recommended or not code.startswith(PANEL_OUTCOMES))
    ]


def _hints(ask: Ask, making: Making) -> dict[str, str]:
    terms = making.view.policy.vocabularies.get(ask.vocabulary, ())
    return {term.code: term.hint for term in terms if term.hint}


def _unmatched(making: Making) -> Choices:
    """With whom the child can still be agreed; the person's own service needs no choosing."""
    view = making.view
    if any(p.is_mine for p in view.responding):
        return []
    return [(str(p.id), p.setting) for p in view.responding if making.lenient or not p.matched_at]


def _later(making: Making) -> list[tuple[int, str]]:
    """The stages it can go to: never those that come only after a recommendation, save as the next one."""
    view = making.view
    later = [s for s in view.policy.stages if s.number > view.stage or making.lenient]
    return [
        (s.number, f"Stage {s.number}: {s.long_name}")
        for s in later
        if not s.only_after_not_accepted or s is later[0]
    ]


def _open_actions(making: Making) -> Choices:
    """One's own open actions, in the words agreed; the facts say whose they are."""
    view = making.view
    mine = view.facts.party.setting_id if view.facts.party else None
    open_ones = {a.id for a in view.facts.actions if making.lenient or (a.setting_id == mine and not a.done)}
    return [
        (str(a.id), f"{a.what}, by {short_date(a.due, now=view.now)}")
        for a in view.actions
        if a.id in open_ones
    ]


def _audiences(making: Making) -> Choices:
    """Who could read it: only what makes sense from where this person stands."""
    view = making.view
    choices = [Audience.ALL_PARTIES]
    if view.my_side in (PartyRole.RAISING, PartyRole.RESPONDING):
        choices.append(Audience.OWN_SETTING)
    if "raiser" in view.parts or "unit" in view.parts:
        choices.append(Audience.RAISER_AND_UNIT)
    if "unit" in view.parts:
        choices.append(Audience.UNIT_ONLY)
    words = {Audience.RAISER_AND_UNIT: "Only me and the unit"} if "raiser" in view.parts else {}
    return [(choice.value, words.get(choice, str(choice.label))) for choice in choices]


def _asked(making: Making) -> Choices:
    asked = making.view.responding if making.lenient else making.view.asked_now
    return [(str(p.id), p.setting) for p in asked]


def _later_choices(making: Making) -> Choices:
    return [(str(number), name) for number, name in _later(making)]


def _earlier_choices(making: Making) -> Choices:
    earlier = [s for s in making.view.policy.stages if s.number < making.view.stage or making.lenient]
    return [(str(s.number), f"Stage {s.number}: {s.long_name}") for s in earlier]


def _people(making: Making) -> Choices:
    return [(str(pk), name) for pk, name in making.people]


def _entries(making: Making) -> Choices:
    view = making.view
    return [
        (str(e.id), f"{short_date(e.occurred_at, now=view.now)}: {what_happened(view, e)}")
        for e in view.entries
    ]


FROM_THE_CASE: Mapping[Kind, Callable[[Making], Choices]] = {
    Kind.PARTY: _unmatched,
    Kind.PARTIES: _asked,
    Kind.LATER_STAGE: _later_choices,
    Kind.EARLIER_STAGE: _earlier_choices,
    Kind.PERSON: _people,
    Kind.ACTION: _open_actions,
    Kind.ENTRY: _entries,
    Kind.AUDIENCE: _audiences,
}


def _action_rows(making: Making) -> dict[str, forms.Field | None]:
    """What, owner and date, five times; only those that are filled in count."""
    owners = [
        ("", "Choose who"),
        *((str(p.id), capital(p.short)) for p in (making.view.raising, *making.view.responding)),
    ]
    fields: dict[str, forms.Field | None] = {}
    for number in _rows(making.step):
        fields[f"action_{number}_what"] = PlainLine(
            label="What will be done?", required=False, max_length=500, widget=forms.TextInput(attrs=WATCHED)
        )
        fields[f"action_{number}_party"] = forms.ChoiceField(label="By whom?", required=False, choices=owners)
        fields[f"action_{number}_due"] = DayField(label="By when?", required=False, validators=[not_past])
    return fields


def _rows(step: Step[Facts]) -> Iterable[int]:
    return range(1, ACTION_ROWS + 1) if "actions" in step.asks else ()
