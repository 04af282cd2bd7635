"""Somebody leaves: from when, and who has each of their seats then."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms

from core.web.forms import DayField, Radios
from escalation.accounts.models import Seat, User
from escalation.directory.forms import CHOOSE, PeopleForm, PersonField

NOW, LATER = "now", "later"


class WhoLeavesForm(PeopleForm):
    """Who of those whose seats one keeps."""

    person = PersonField(label="Who leaves?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("person", first=CHOOSE)

    def clean(self) -> dict[str, Any]:
        self.need("person", "Choose who leaves.")
        return self.cleaned_data


class LeavingForm(PeopleForm):
    """The last day, and for each seat in a setting somebody who has it then."""

    when = forms.ChoiceField(
        label="When do they leave?",
        choices=[(LATER, "After a day that I enter"), (NOW, "Now, at once")],
        widget=Radios(
            reveals={LATER: ["last_day"]},
            hints={NOW: "They are signed out, and cannot sign in again."},
        ),
        error_messages={"required": "Choose when they leave."},
    )
    last_day = DayField(label="Last day", required=False)

    def __init__(self, *args: Any, seats: Iterable[Seat], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats, self.today = list(seats), today
        for seat in self.seats:
            label = f"Who is {seat.get_kind_display().lower()} in {seat.setting} then?"
            self.fields[_name(seat)] = PersonField(label=label)
            self.offer(_name(seat), first=CHOOSE, but=seat.user_id)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("when") == LATER:
            self.need("last_day", "Enter the last day.")
            last = self.cleaned_data.get("last_day")
            if last and last < self.today:
                self.add_error("last_day", "This day is over. Enter another, or choose “Now, at once”.")
        for seat in self.seats:
            self.need(_name(seat), "Choose who has this seat then. Else what waits there waits for nobody.")
        return self.cleaned_data

    @property
    def last_day_there(self) -> date:
        """Once the form is valid; yesterday, for somebody who leaves at once."""
        if self.at_once:
            return self.today - timedelta(days=1)
        last: date = self.cleaned_data["last_day"]
        return last

    @property
    def at_once(self) -> bool:
        """Once the form is valid."""
        return bool(self.cleaned_data["when"] == NOW)

    @property
    def heirs(self) -> list[tuple[Seat, User]]:
        """Who has each seat then, once the form is valid."""
        return [(seat, self.people[self.cleaned_data[_name(seat)]]) for seat in self.seats]

    @property
    def successors(self) -> dict[int, User]:
        """The same by the id of the seat."""
        return {seat.pk: heir for seat, heir in self.heirs}


def _name(seat: Seat) -> str:
    return f"seat_{seat.pk}"
