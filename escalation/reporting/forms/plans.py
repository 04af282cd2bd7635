"""Choosing a plan, and registering what was published elsewhere."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from core.web.forms import DayField, Form, PlainLine, Radios
from escalation.disclosure.periods import quarter_name
from escalation.disclosure.plan import APRIL, Date, Plan
from escalation.policy.quarters import Quarter
from escalation.reporting.models import FactKind, Subject, number_of
from escalation.reporting.services import NewFact
from escalation.reporting.services.planning import EARLIEST, LATEST

USUAL_DAYS = 42
YEARS = 3
"""Financial years that the form offers, the next one first."""
QUARTERS_BACK = 16


class PlanForm(Form):
    """Which plan, for how many cases, from when. A person types the number; the log never counts for it."""

    expected = forms.IntegerField(
        label="How many do you expect in a year?",
        help_text="Your own estimate. The log does not count to choose: that would give the count away.",
        min_value=0,
        max_value=100_000,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"}),
        error_messages={"required": "Enter how many you expect.", "invalid": "Enter a whole number."},
    )
    key = forms.ChoiceField(
        label="Which plan?",
        help_text="Fewer cases a year means fewer tables, for longer periods.",
        widget=Radios(),
        error_messages={"required": "Choose a plan."},
    )
    starts = forms.ChoiceField(
        label="From which financial year?",
        help_text="Only years that have not begun.",
        error_messages={"required": "Choose a year."},
    )
    days_after = forms.IntegerField(
        label="How many days after a quarter’s end is it published?",
        help_text=f"From {EARLIEST} to {LATEST}. The date is fixed, whatever the figures are.",
        initial=USUAL_DAYS,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
        error_messages={"required": "Enter a number of days.", "invalid": "Enter a whole number."},
    )
    log_begins = forms.BooleanField(
        label="The log begins with this year: there was no case before, here or in an earlier log.",
        required=False,
    )

    def __init__(self, *args: object, plans: Sequence[Plan], today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        titles = [(plan.key, f"{Subject(subject_of(plan)).label}: {plan.title}") for plan in plans]
        self.set_choices("key", titles)
        first = today.year + (today >= date(today.year, APRIL, 1))
        years = [date(first + more, APRIL, 1) for more in range(YEARS)]
        starts = [(day.isoformat(), f"{day.year}-{(day.year + 1) % 100:02}") for day in years]
        self.set_choices("starts", starts)

    def clean_starts(self) -> date:
        return date.fromisoformat(self.cleaned_data["starts"])


def subject_of(plan: Plan) -> str:
    """What a plan counts: the first word of its key."""
    return plan.key.partition("_")[0]


class FactForm(Form):
    """A count that is public elsewhere: of what, how many, where it stands."""

    not_marked = frozenset({"counted_on", "first", "last", "category", "category_too"})
    subject = forms.ChoiceField(
        label="What is counted?",
        choices=Subject.choices,
        widget=Radios(),
        error_messages={"required": "Choose what is counted."},
    )
    kind = forms.ChoiceField(
        label="What does it say?",
        choices=FactKind.choices,
        widget=Radios(hints={FactKind.AT_LEAST.value: "A case that was told in public is “at least 1”."}),
        error_messages={"required": "Choose what it says."},
    )
    value = forms.IntegerField(
        label="How many?",
        min_value=0,
        max_value=1_000_000,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"}),
        error_messages={"required": "Enter how many.", "invalid": "Enter a whole number."},
    )
    counted_on = forms.ChoiceField(
        label="Of which cases?",
        choices=[
            ("", "All, whenever they were"),
            *((each.value, f"{each.capitalize()} in a period") for each in Date),
        ],
        required=False,
        widget=Radios(),
    )
    first = forms.ChoiceField(label="From which quarter?", help_text="For cases of a period.", required=False)
    last = forms.ChoiceField(label="To which quarter?", help_text="For cases of a period.", required=False)
    category = forms.ChoiceField(label="Of one kind only?", required=False)
    category_too = forms.ChoiceField(label="And of another kind too?", required=False)
    source = PlainLine(
        label="Where was it published?",
        help_text="For example: annual report 2026, page 4. No names.",
        max_length=300,
        error_messages={"required": "Say where it was published."},
    )
    public_since = DayField(label="Since when is it public?", error_messages={"required": "Enter a date."})

    def __init__(self, *args: object, plans: Sequence[Plan], today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = _kinds(plans)
        self._offer("first", "Choose a quarter", _quarters(today))
        self._offer("last", "Choose a quarter", _quarters(today))
        kinds = [(":".join(key), label) for key, label in self.kinds.items()]
        self._offer("category", "All kinds", kinds)
        self._offer("category_too", "No", kinds)

    def _offer(self, name: str, nothing: str, choices: Sequence[tuple[str, str]]) -> None:
        self.set_choices(name, [("", nothing), *choices])

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("counted_on"):
            self.need("first", "Choose the quarter in which the period begins.")
            self.need("last", "Choose the quarter in which the period ends.")
            if said.get("first") and said.get("last") and int(said["last"]) < int(said["first"]):
                self.add_error("last", "The period ends before it begins. Choose a later quarter.")
        for name in ("category", "category_too"):
            if said.get(name) and said[name].partition(":")[0] != said.get("subject"):
                self.add_error(name, "This kind is of something else. Choose one of what is counted.")
        return said

    @property
    def fact(self) -> NewFact:
        """What was written, once it is valid."""
        said = self.cleaned_data
        first = int(said["first"]) if said["counted_on"] else None
        chosen = [said[name].split(":") for name in ("category", "category_too") if said[name]]
        return NewFact(
            subject=said["subject"],
            kind=said["kind"],
            value=said["value"],
            source=said["source"],
            public_since=said["public_since"],
            date=said["counted_on"],
            first_quarter=first,
            quarters=None if first is None else int(said["last"]) - first + 1,
            categories={code: name for _, code, name in chosen},
        )


def _kinds(plans: Sequence[Plan]) -> dict[tuple[str, str, str], str]:
    """Each category of each dimension of each subject: (subject, dimension, category), and its words."""
    return {
        (subject_of(plan), each.code, category.code): f"{each.label}: {category.label}"
        for plan in plans
        for each in plan.dimensions
        for category in each.categories
    }


def _quarters(today: date) -> list[tuple[str, str]]:
    now = number_of(Quarter.of(today))
    return [(str(number), quarter_name(number)) for number in range(now, now - QUARTERS_BACK, -1)]
