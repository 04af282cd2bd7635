"""The form by which staff answer, and the one that opens a survey."""

from collections.abc import Iterable
from typing import Any

from django import forms

from core.web.answers import day_to_come
from core.web.forms import Form, Radios, SearchSelect
from escalation.accounts.models import Organisation

from .models import Survey

CHOOSE = ("", "Choose where you work")


class SurveyForm(Form):
    """Where one works, and an answer to each question."""

    organisation = forms.TypedChoiceField(
        label="Where do you work?",
        coerce=int,
        widget=SearchSelect(),
        error_messages={"required": "Choose where you work."},
    )

    def __init__(
        self, *args: Any, survey: Survey, organisations: Iterable[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("organisation", [CHOOSE, *((str(each.pk), each.name) for each in organisations)])
        self.codes = [each.code for each in survey.asked]
        for each in survey.asked:
            self.fields[each.code] = forms.ChoiceField(
                label=each.says,
                choices=list(survey.labels.items()),
                widget=Radios({"class": "govuk-radios--small"}),
                error_messages={"required": "Choose an answer."},
            )
        self.link_choices()

    @property
    def said(self) -> dict[str, str]:
        """Once the form is valid: the answer to each question."""
        return {code: self.cleaned_data[code] for code in self.codes}


class OpenForm(Form):
    """Until when staff can answer. `key` is the form's own."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    closes_on = day_to_come()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closes_on"].label = "Until when can people answer?"
        self.fields["closes_on"].help_text = "The last day. Two or three weeks are usual."
