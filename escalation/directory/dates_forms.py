"""What one of the business unit proposes of days and numbers, a form for each kind of change."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from core.web.dates import long_day
from core.web.forms import DayField, Form, PhoneField, PlainLine
from escalation.rulebook.models import Change
from escalation.rulebook.queries import NoPolicy, current_policy, dated

CHOOSE = ("", "Choose one")


class DatedForm(Form):
    """`key` is the form's own, so that a second click proposes nothing twice."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    @property
    def says(self) -> dict[str, str]:
        """What is proposed, as text; once the form is valid."""
        answers = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return {n: v.isoformat() if isinstance(v, date) else str(v or "") for n, v in answers.items()}


class ClosedForm(DatedForm):
    """A day that is no working day for anybody here."""

    day = DayField(label="Which day?", help_text="For example: 24 12 2026")
    name = PlainLine(
        label="What do we call it?",
        help_text="As in a sentence, such as “offices closed”. People read it beside a due time.",
        max_length=80,
    )


class HolidayForm(DatedForm):
    """When schools are shut."""

    name = PlainLine(
        label="What do we call them?", help_text="For example: the Christmas holidays", max_length=80
    )
    first = DayField(label="First day")
    last = DayField(label="Last day")

    def clean(self) -> dict[str, Any]:
        self.in_order("first", "last")
        return self.cleaned_data


class NumberForm(DatedForm):
    """A number to call, from a day on."""

    code = forms.ChoiceField(label="Which number?", error_messages={"required": "Choose which number."})
    number = PhoneField(label="Phone number", help_text="Call it before you propose it.")
    hours = PlainLine(
        label="When does somebody answer?",
        help_text="For example: Monday to Friday, 9am to 5pm",
        max_length=80,
        required=False,
    )
    start = DayField(label="From which day?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        try:
            policy = current_policy(timezone.localdate()).policy
        except NoPolicy:
            return
        self.set_choices("code", [CHOOSE, *((each.code, each.label) for each in policy.numbers)])


class CheckedForm(DatedForm):
    """Somebody has looked: the calendar is complete up to a day."""

    until = DayField(
        label="Up to which day is it complete?",
        help_text="Compare the bank holidays on the page before with those on GOV.UK, up to this day.",
    )


class ReopenedForm(DatedForm):
    """A closed day that is none after all."""

    day = forms.ChoiceField(label="Which day?", error_messages={"required": "Choose a day."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        days = [(day, name) for day, name in sorted(dated().closed.items()) if day > today]
        self.set_choices(
            "day", [CHOOSE, *((day.isoformat(), f"{long_day(day)}: {name}") for day, name in days)]
        )


class NoHolidayForm(DatedForm):
    """School holidays that are none after all."""

    first = forms.ChoiceField(label="Which holidays?", error_messages={"required": "Choose the holidays."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        coming = [each for each in dated().holidays if each.last >= timezone.localdate()]
        self.set_choices("first", [CHOOSE, *((each.first.isoformat(), str(each)) for each in coming)])


FORMS: Mapping[str, type[DatedForm]] = {
    Change.CLOSED.value: ClosedForm,
    Change.REOPENED.value: ReopenedForm,
    Change.HOLIDAY.value: HolidayForm,
    Change.NO_HOLIDAY.value: NoHolidayForm,
    Change.NUMBER.value: NumberForm,
    Change.CHECKED.value: CheckedForm,
}
