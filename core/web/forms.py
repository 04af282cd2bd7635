"""Forms in the look of govuk-frontend, and fields that keep what was typed.

`FormRenderer` (setting FORM_RENDERER) makes `{{ form }}` and `{{ form.field.as_field_group }}` give label,
hint (`<id>_helptext`), error (`<id>_error`) and control, tied together by the aria-describedby that Django
writes itself. Use `Form` for choices that reveal questions, and for "(optional)" behind what can be left out
(labels themselves never say it). No field trims, cuts or loses text: what it
cannot keep, it refuses with a message, and shows again as it was typed.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorDict
from django.utils import timezone

from core.web.dates import LONDON, clock_time

NUL_MESSAGE = (
    "This text has a character in it that we cannot keep (a NUL). Please take it out and send it again."
)
SURROGATE_MESSAGE = (
    "This text has half a character in it that we cannot keep. Please take it out and send it again."
)
EMPTY_MESSAGE = "Write something here."


class FormRenderer(TemplatesSetting):
    """Renders with templates/django/forms/, which stand before Django's own."""

    form_template_name = "django/forms/div.html"
    field_template_name = "django/forms/field.html"


# Choices, with a hint for each and questions that belong to one.


class _Choices(forms.widgets.ChoiceWidget):
    """`hints`: value -> a sentence under the choice. `reveals`: value -> names of the fields it asks for."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        hints: Mapping[str, str] | None = None,
        reveals: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(attrs, choices)
        self.hints = dict(hints or {})
        self.reveals = dict(reveals or {})
        self.form: forms.BaseForm | None = None

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Choices":
        copied = super().__deepcopy__(memo)
        copied.hints, copied.reveals = dict(self.hints), dict(self.reveals)
        return copied

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["hint"] = self.hints.get(str(value), "")
        option["revealed"] = self._revealed(str(value))
        return option

    def _revealed(self, value: str) -> list[Any]:
        return [self.form[name] for name in self.reveals.get(value, ())] if self.form else []


class Radios(_Choices, forms.RadioSelect):
    """One of several choices."""


class Checkboxes(_Choices, forms.CheckboxSelectMultiple):
    """Any of several choices."""


class SearchSelect(forms.Select):
    """A long list: a plain select, above which a script puts a box to narrow it."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"data-search": "", **(attrs or {})}, choices)


class Question(forms.BoundField):
    """A field as a page asks it."""

    @property
    def is_optional(self) -> bool:
        """Whether "(optional)" stands behind its label."""
        return isinstance(self.form, Form) and self.form.is_optional(self.name)


class Form(forms.Form):
    """A form whose choices can reveal its other fields, and which leaves checking to the server.

    Fields named in a widget's `reveals` are drawn under their choice and not again below. They are not marked
    "(optional)", being needed once they are seen, save those that `optional_too` names. `not_marked`: what
    other answers can make necessary, and choices that have one for "none of it"; a kind of field that always
    is such a one says so itself, by `marked = False`.
    """

    use_required_attribute = False
    bound_field_class = Question
    not_marked: ClassVar[frozenset[str]] = frozenset()
    optional_too: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.link_choices()

    def link_choices(self) -> None:
        """Let choices draw the fields they reveal; call it again after adding fields."""
        for field in self.fields.values():
            if isinstance(field.widget, _Choices):
                field.widget.form = self

    def set_choices(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        """What a field lets one choose from, where it is known only once the page is asked for."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types alone
        field.choices = list(choices)

    def get_context(self) -> dict[str, Any]:
        """Django's context, less the fields that a choice reveals."""
        context = super().get_context()
        revealed = self.revealed_names()
        context["fields"] = [
            (field, errors) for field, errors in context["fields"] if field.name not in revealed
        ]
        return context

    def revealed_names(self) -> set[str]:
        """Names of the fields that some choice reveals."""
        widgets = [field.widget for field in self.fields.values() if isinstance(field.widget, _Choices)]
        return {name for widget in widgets for names in widget.reveals.values() for name in names}

    def is_optional(self, name: str) -> bool:
        """Whether this can be left out, whatever else is answered. A box to tick says so by itself."""
        field = self.fields[name]
        if field.required or isinstance(field, forms.BooleanField) or not getattr(field, "marked", True):
            return False
        if name in self.not_marked:
            return False
        return name in self.optional_too or name not in self.revealed_names()

    def show_as_typed(self) -> None:
        """Take it as shown again, not sent: nothing is checked, so no mistake is pointed out yet."""
        self._errors, self.cleaned_data = ErrorDict(), {}

    def need(self, name: str, message: str) -> None:
        """Ask for a field that only some answers make necessary; for use in `clean`."""
        if name not in self.errors and self.cleaned_data.get(name) in (None, "", [], ()):
            self.add_error(name, message)

    def in_order(self, first: str, last: str) -> None:
        """Ask for a last day that is not before the first, where both are given; for use in `clean`."""
        begins, ends = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if begins and ends and ends < begins:
            self.add_error(last, "The last day is before the first. Check both.")


# Text, kept as it was typed.


def check_storable(text: str) -> None:
    """Refuse what a database or a page cannot hold: NUL and lone surrogates. Raises ValidationError."""
    if "\x00" in text:
        raise ValidationError(NUL_MESSAGE, code="nul")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValidationError(SURROGATE_MESSAGE, code="surrogate")


def check_length(text: str, limit: int) -> None:
    """Refuse more than `limit` characters, and say how many there are. Raises ValidationError."""
    if len(text) > limit:
        raise ValidationError(
            f"Use {limit:,} characters or fewer. You have {len(text):,}.", code="max_length"
        )


class PlainText(forms.Field):
    """Free text. Nothing is trimmed; line ends become "\\n", as they were before the browser sent them.

    There is no `maxlength` in the page: it would cut a long paste without a word.
    """

    widget = forms.Textarea
    default_error_messages: ClassVar[dict[str, Any]] = {"required": EMPTY_MESSAGE}

    def __init__(self, *, max_length: int = 10_000, rows: int = 4, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        self.max_length = max_length
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """The text; raises ValidationError for what cannot be kept."""
        text = "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n")
        check_storable(text)
        check_length(text, self.max_length)
        return text

    def validate(self, value: str) -> None:
        """Spaces alone are no answer where one is needed."""
        super().validate(value if value.strip() else "")


class PlainLine(PlainText):
    """One line of free text."""

    def __init__(self, *, max_length: int = 200, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput())
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        """The line; a line end inside it is refused, since a box of one line would hide it."""
        text = super().to_python(value)
        if "\n" in text:
            raise ValidationError("Write this on one line.", code="lines")
        return text


class PhoneField(PlainLine):
    """A phone number as people write it: digits, spaces, brackets, +, and "ext 12"."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": "Enter a phone number.",
        "phone": "Enter a phone number, like 020 7946 0148.",
    }
    shape = re.compile(r"\+?[\d\s().-]{3,24}((ext|x)\.?\s*\d{1,6})?", re.IGNORECASE)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "class": "govuk-input--width-20"}))
        super().__init__(max_length=40, **kwargs)

    def to_python(self, value: Any) -> str:
        """The number with single spaces; at least three digits (999, 101)."""
        text = " ".join(super().to_python(value).split())
        if text and (not self.shape.fullmatch(text) or sum(c.isdigit() for c in text) < 3):
            raise ValidationError(self.error_messages["phone"], code="phone")
        return text


# Dates and times, as people write them.

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NEAR_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}


def read_day(typed: str, *, today: date) -> date:
    """The date in `30 12 2026`, `30/12/26`, `30 Dec 2026`, `Wed 30 December 2026`, `2026-12-30`, `today`.

    Raises ValueError. Day before month, always.
    """
    words = typed.strip().lower()
    if words in NEAR_DAYS:
        return today + timedelta(days=NEAR_DAYS[words])
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words):
        return date(*(int(part) for part in match.groups()))
    match = re.fullmatch(
        r"(?:[a-z]+,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s./-]+(\d{1,2}|[a-z]{3,9})[\s.,/-]+(\d{4}|\d{2})", words
    )
    if match is None:
        raise ValueError(typed)
    day, month, year = match.groups()
    return date(int(year) + (2000 if len(year) == 2 else 0), _month(month), int(day))


def _month(written: str) -> int:
    return int(written) if written.isdecimal() else MONTHS.index(written[:3]) + 1


def read_time(typed: str) -> time:
    """The time in `2:20pm`, `2.20 pm`, `14:20`, `1420`, `9am`, `midday`, `midnight`. Raises ValueError."""
    words = typed.strip().lower().replace(".", ":").rstrip(":")
    named = {"midday": time(12), "noon": time(12), "midnight": time(0)}
    if words in named:
        return named[words]
    match = re.fullmatch(r"(\d{1,2})(?::?(\d{2}))?\s*(?:(a|p):?m:?)?", words)
    if match is None or (match[2] is None and match[3] is None):
        raise ValueError(typed)
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            raise ValueError(typed)
        hour = hour % 12 + (12 if match[3] == "p" else 0)
    return time(hour, minute)


class DayInput(forms.TextInput):
    """One box, in which a date can be written in any of the usual ways."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "govuk-input--width-10", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        return (
            f"{value.day} {value.month} {value.year}"
            if isinstance(value, date)
            else super().format_value(value)
        )


class DayBoxes(forms.MultiWidget):
    """Three boxes: day, month, year. What was typed in each comes back in each."""

    template_name = "django/forms/widgets/day_boxes.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            "day": _box("Day", 2),
            "month": _box("Month", 2),
            "year": _box("Year", 4),
        }
        super().__init__(boxes, attrs)

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, date):
            return [value.day, value.month, value.year]
        parts = str(value or "").split("/")
        return parts if len(parts) == 3 else [value or None, None, None]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """`30/12/2026`, or the whole of `name` where something else sends one value."""
        if name in data:
            return data.get(name)
        parts = [str(part or "").strip() for part in super().value_from_datadict(data, files, name)]
        if sum(map(bool, parts)) == 1 and len(parts[0]) > 2:
            return parts[0]  # a whole date, typed or pasted into the first box
        return "/".join(parts) if any(parts) else ""


def _box(label: str, width: int) -> forms.TextInput:
    return forms.TextInput(
        attrs={"label": label, "class": f"govuk-input--width-{width}", "inputmode": "numeric"}
    )


class DayField(forms.Field):
    """A date, as people write it; `widget=DayBoxes` for three boxes."""

    widget = DayInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": "Enter a date.",
        "day": "Enter a date, like 31 12 2026.",
        "year": "Enter a date with a year between 1900 and 2100.",
    }

    def to_python(self, value: Any) -> date | None:
        """The date, or None where nothing was written; raises ValidationError."""
        if value in (None, ""):
            return None
        if isinstance(value, date):
            return value
        try:
            day = read_day(str(value), today=timezone.localdate())
        except ValueError:
            raise ValidationError(self.error_messages["day"], code="day") from None
        if not 1900 <= day.year <= 2100:
            raise ValidationError(self.error_messages["year"], code="year")
        return day


class TimeInput(forms.TextInput):
    """One box, in which a time can be written in any of the usual ways."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "govuk-input--width-5", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, time):
            return clock_time(datetime.combine(date(2000, 1, 1), value, tzinfo=LONDON))
        shown: str | None = super().format_value(value)
        return shown


class TimeOfDayField(forms.Field):
    """A time of day, as people write it."""

    widget = TimeInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": "Enter a time.",
        "time": "Enter a time, like 2:20pm or 14:20.",
    }

    def to_python(self, value: Any) -> time | None:
        """The time, or None where nothing was written; raises ValidationError."""
        if value in (None, ""):
            return None
        if isinstance(value, time):
            return value
        try:
            return read_time(str(value))
        except ValueError:
            raise ValidationError(self.error_messages["time"], code="time") from None


class MomentInput(forms.MultiWidget):
    """A date box and a time box, over which `time_label` stands."""

    template_name = "django/forms/widgets/moment.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, time_label: str = "Time") -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            "day": DayInput({"label": "Date"}),
            "time": TimeInput({"label": time_label}),
        }
        super().__init__(boxes, attrs)

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, datetime):
            local = value.astimezone(LONDON)
            return [local.date(), local.time()]
        return [value if isinstance(value, date) else None, None]


class MomentField(forms.MultiValueField):
    """A date and a time of day in London: an aware datetime, or None where both boxes are empty.

    `timed=False`: the time may be left out by who does not know it, which gives the date alone. All that is
    wrong with the two boxes is said at once; `day_validators` are asked of the date alone.
    """

    widget = MomentInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": "Enter a date and a time.",
        "no_day": "Enter the date too, like 31 12 2026.",
        "no_time": "Enter the time too, like 2:20pm or 14:20.",
        "skipped": "The clocks go forward then, so that time does not exist. Enter another time.",
    }

    def __init__(
        self, *, timed: bool = True, day_validators: Sequence[Callable[[date], None]] = (), **kwargs: Any
    ) -> None:
        self.timed = timed
        fields = (DayField(required=False, validators=day_validators), TimeOfDayField(required=False))
        if not timed:
            kwargs.setdefault("widget", MomentInput(time_label="Time, if you know it"))
        super().__init__(fields=fields, require_all_fields=False, **kwargs)

    def clean(self, value: Any) -> Any:
        """Both boxes are looked at before anything is said."""
        boxes = (*(value if isinstance(value, list | tuple) else ()), None, None)[:2]
        wrong = [
            error
            for name, box in zip(("day", "time"), boxes, strict=True)
            for error in self._wrong(name, box, boxes)
        ]
        if wrong:
            raise ValidationError(wrong)
        return super().clean(value)

    def _wrong(self, name: str, box: Any, boxes: Sequence[Any]) -> list[ValidationError]:
        """What is wrong with one box: missing beside the other, or not to be read."""
        if box in (None, ""):
            needed = any(boxes) and (name == "day" or self.timed)
            return [ValidationError(self.error_messages[f"no_{name}"], code=f"no_{name}")] if needed else []
        try:
            self.fields[name == "time"].clean(box)
        except ValidationError as error:
            return error.error_list
        return []

    def compress(self, data_list: Any) -> date | None:
        """A datetime; a date where no time was given."""
        day, hour = (*data_list, None, None)[:2]
        if day is None or hour is None:
            found: date | None = day
            return found
        moment = datetime.combine(day, hour, tzinfo=LONDON)
        if moment.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != moment.replace(tzinfo=None):
            raise ValidationError(self.error_messages["skipped"], code="skipped")
        return moment
