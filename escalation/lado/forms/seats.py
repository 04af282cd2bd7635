"""Who gets a seat in the LADO team."""

from collections.abc import Iterable
from typing import Any

from django import forms

from core.web.forms import Form, PhoneField, PlainLine, Radios
from escalation.accounts.groups import SeatKind
from escalation.directory.forms import person_email
from escalation.directory.services import NewPerson

HINTS = {
    SeatKind.LADO.value: "Reads and decides everything, and gives these seats.",
    SeatKind.DEPUTY_LADO.value: "The same, beside the LADO.",
    SeatKind.LADO_SUPPORT.value: "Sees what was done. Reads what people said only where you let them.",
    SeatKind.NEIGHBOUR_LADO.value: (
        "A LADO of another area. What is about the LADO, their manager or a director is theirs alone. "
        "From then on only they give this seat to another."
    ),
}


class TeamSeatForm(Form):
    """Which seat, and for whom. Whoever has this address already gets it, under the name the log knows."""

    optional_too = frozenset({"phone"})

    kind = forms.ChoiceField(
        label="Which seat?", widget=Radios(hints=HINTS), error_messages={"required": "Choose a seat."}
    )
    full_name = PlainLine(label="Name", max_length=150, error_messages={"required": "Enter their name."})
    email = person_email()
    job_title = PlainLine(label="Job", max_length=150, error_messages={"required": "Enter their job."})
    phone = PhoneField(label="Work phone number", required=False)

    def __init__(self, *args: Any, kinds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("kind", [(each, SeatKind(each).label) for each in kinds])

    @property
    def whom(self) -> NewPerson:
        """Once the form is valid."""
        said = self.cleaned_data
        return NewPerson(said["email"], said["full_name"], said["job_title"], said["phone"])
