"""What somebody who asks to join says of themselves, and what a lead says of them."""

from collections.abc import Iterable
from typing import Any

from django import forms

from core.web.forms import Form, PhoneField, PlainLine, Radios, SearchSelect
from escalation.accounts.models import Setting

from .models import Reason

FEW = 12
"""So many settings are read at a glance; more are a list to search."""
YES, NO = "yes", "no"
SAID = {
    Reason.NOT_HERE.value: "They do not work in this service",
    Reason.NOT_KNOWN.value: "I do not know them",
    Reason.NOT_NEEDED.value: "Their work here does not need the log",
}


class JoinForm(Form):
    """Name, job and number, and one of the settings that their address proposes."""

    setting = forms.ChoiceField(
        label="Where do you work?",
        help_text="Its lead is asked if you work there.",
        error_messages={"required": "Choose where you work.", "invalid_choice": "Choose one from the list."},
    )
    full_name = PlainLine(
        label="Your name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": "Enter your name."},
    )
    job_title = PlainLine(
        label="Your job",
        help_text="For example: Health visitor.",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
        error_messages={"required": "Enter your job."},
    )
    phone = PhoneField(label="Work phone number", help_text="So that others can call you.", required=False)

    def __init__(self, *args: Any, settings: Iterable[Setting], known: bool, **kwargs: Any) -> None:
        """`known`: the log knows who they are, and asks for the setting alone."""
        super().__init__(*args, **kwargs)
        self.settings = {str(each.uuid): each for each in settings}
        field, choices = self.fields["setting"], [(key, each.name) for key, each in self.settings.items()]
        if len(choices) > FEW:
            field.widget, choices = SearchSelect(), [("", "Choose a service"), *choices]
        else:
            field.widget = Radios()
        self.set_choices("setting", choices)
        if known:
            for name in ("full_name", "job_title", "phone"):
                del self.fields[name]
        self.link_choices()

    @property
    def chosen(self) -> Setting:
        """Once the form is valid."""
        return self.settings[self.cleaned_data["setting"]]


class DecideForm(Form):
    """Yes or no, and why not."""

    decision = forms.ChoiceField(
        label="Do they work here?",
        choices=[(YES, "Yes, let them in"), (NO, "No")],
        widget=Radios(
            hints={
                YES: "They get a practitioner’s seat: they raise challenges, and answer those put to them.",
                NO: "They get no seat, and are told the reason that you choose.",
            },
            reveals={NO: ["reason"]},
        ),
        error_messages={"required": "Say yes or no."},
    )
    reason = forms.ChoiceField(label="Why not?", choices=list(SAID.items()), widget=Radios(), required=False)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("decision") == NO:
            self.need("reason", "Choose why not.")
        return self.cleaned_data
