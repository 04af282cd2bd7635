"""Boxes for the plain kinds of answer that a step's page asks for: words, a day, a moment, yes or no."""

from datetime import date, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.web.forms import DayField, MomentField, Radios

YES, NO = "yes", "no"
WATCHED = {"data-warn": ""}
"""Boxes in which names and numbers are warned about while typing."""


def watched_textarea(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **WATCHED})


def day_before() -> forms.Field:
    """Today or an earlier day."""
    return DayField(validators=[not_future])


def day_to_come() -> forms.Field:
    """Today or a later day."""
    return DayField(validators=[not_past])


def moment_before() -> forms.Field:
    """Now or an earlier time."""
    return MomentField(day_validators=[not_future], validators=[not_to_come])


def when_before() -> forms.Field:
    """Now or an earlier time; the day alone, today or earlier, where nobody knows the time."""
    return MomentField(timed=False, day_validators=[not_future], validators=[not_to_come])


def yes_or_no() -> forms.Field:
    """True, False, or None where nothing was chosen."""
    choices = [(YES, "Yes"), (NO, "No")]
    return forms.TypedChoiceField(choices=choices, coerce=_is_yes, empty_value=None, widget=Radios())


def one_to_five() -> forms.Field:
    """A whole number from 1, not at all, to 5, completely."""
    ends = {1: "1, not at all", 5: "5, completely"}
    choices = [(number, ends.get(number, str(number))) for number in range(1, 6)]
    widget = Radios({"class": "govuk-radios--small"})
    return forms.TypedChoiceField(choices=choices, coerce=int, empty_value=None, widget=widget)


def _is_yes(answer: str) -> bool:
    return answer == YES


def not_future(day: date) -> None:
    """Raises ValidationError for a day still to come."""
    if day > timezone.localdate():
        raise ValidationError("This day is still to come. Enter today or an earlier date.")


def not_past(day: date) -> None:
    """Raises ValidationError for a day that has passed."""
    if day < timezone.localdate():
        raise ValidationError("This day has passed. Enter today or a later date.")


def not_to_come(moment: date) -> None:
    """Raises ValidationError for a time still to come; a day alone is `not_future`'s to judge."""
    if isinstance(moment, datetime) and moment > timezone.now():
        raise ValidationError("This time is still to come. Enter now or an earlier time.")
