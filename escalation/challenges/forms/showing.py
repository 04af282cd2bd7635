"""Showing a draft to a lead, and the private words about it."""

from collections.abc import Sequence
from typing import Any

from django import forms

from core.web.answers import watched_textarea
from core.web.forms import Form, PlainText, SearchSelect
from escalation.accounts.models import Seat


class ShowForm(Form):
    """To whom a draft is shown."""

    def __init__(self, *args: Any, leads: Sequence[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(seat.user_id), f"{seat.user.full_name}, {seat.setting}") for seat in leads]
        self.fields["lead"] = forms.ChoiceField(
            label="Which lead?",
            help_text="Your own lead stands first. You can also choose another one.",
            choices=[("", "Choose from this list"), *choices],
            widget=SearchSelect(),
            error_messages={"required": "Choose a lead.", "invalid_choice": "Choose a lead from the list."},
        )


class WordForm(Form):
    """One more word about a draft."""

    words = PlainText(
        label="What would you like to say?",
        help_text="No names. Only the two of you read it.",
        widget=watched_textarea(4),
        error_messages={"required": "Write what you want to say."},
    )
