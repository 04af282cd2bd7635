"""What the business unit is asked about a release."""

from collections.abc import Sequence

from django import forms

from core.web.forms import Checkboxes, Form, Radios
from escalation.reporting.models import RefusalReason, Subject, WithdrawalReason


class StartForm(Form):
    """Which quarter, and of what."""

    subject = forms.ChoiceField(
        label="What is counted?",
        choices=Subject.choices,
        widget=Radios(),
        error_messages={"required": "Choose what is counted."},
    )
    quarter = forms.ChoiceField(
        label="Which quarter?",
        help_text="Only quarters that are over. One after another, in their order.",
        error_messages={"required": "Choose a quarter."},
    )

    def __init__(self, *args: object, quarters: Sequence[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("quarter", [("", "Choose a quarter"), *quarters])


class ApproveForm(Form):
    """What the second person has looked at."""

    looked = forms.BooleanField(
        label="I looked at every table. They are those of the plan.",
        error_messages={"required": "Look at every table, then say so here."},
    )
    registered = forms.BooleanField(
        label="Every count that I know to be public elsewhere is in the register.",
        error_messages={"required": "Look at the register, then say so here."},
    )


class RefuseForm(Form):
    """Why not: from a list, so that no free text can tell what a figure hides."""

    reason = forms.ChoiceField(
        label="Why is it not released?",
        choices=[choice for choice in RefusalReason.choices if choice[0] != RefusalReason.TECHNICAL],
        widget=Radios(),
        error_messages={"required": "Choose a reason."},
    )


class WithdrawForm(Form):
    """Which tables, and why."""

    parts = forms.MultipleChoiceField(
        label="Which tables are withdrawn?",
        help_text="Tables that were rounded together are withdrawn together.",
        widget=Checkboxes(),
        error_messages={"required": "Choose the tables."},
    )
    reason = forms.ChoiceField(
        label="Why?",
        choices=WithdrawalReason.choices,
        widget=Radios(),
        error_messages={"required": "Choose a reason."},
    )

    def __init__(self, *args: object, parts: Sequence[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("parts", parts)

    @property
    def chosen(self) -> list[tuple[str, int]]:
        """Each set of tables by its date and how many quarters it counts."""
        return [(date, int(quarters)) for date, _, quarters in map(_halves, self.cleaned_data["parts"])]


def _halves(value: str) -> tuple[str, str, str]:
    return value.partition(":")
