"""The forms of the LADO's dip sample."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from core.web.answers import watched_textarea
from core.web.forms import Form, PlainText, Radios, SearchSelect
from escalation.lado.case import Member
from escalation.policy import Term
from escalation.policy.quarters import Quarter
from escalation.retelling import forms as forms_of_samples

ALL = ("", "All employers")
LEAVES = "It leaves the wall once the other reader gives it. No numbers, names or records."


class DrawForm(Form):
    """Which year and employers, and who reads beside oneself. `key` is the form's own."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    quarter = forms.ChoiceField(
        label="The year up to which quarter?",
        error_messages={"required": "Choose a quarter."},
        widget=Radios(),
    )
    sector = forms.ChoiceField(
        label="Which employers?",
        help_text="The finding says which. So others know that three records or more ended in that year.",
        required=False,
        widget=SearchSelect(),
    )
    other = forms.TypedChoiceField(
        label="Who reads it beside you?",
        help_text="Somebody of the team who reads the words, or a neighbouring LADO: they see these here.",
        coerce=int,
        widget=Radios(),
        error_messages={"required": "Choose who reads it beside you."},
    )
    not_marked = frozenset({"sector"})

    def __init__(
        self,
        *args: Any,
        quarters: Sequence[Quarter],
        sectors: Iterable[Term],
        others: Sequence[Member],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {each.user.pk: each.user for each in others}
        self.set_choices("quarter", [(str(each), each.label) for each in quarters])
        self.set_choices("sector", [ALL, *((each.code, each.label) for each in sectors)])
        self.set_choices("other", [(str(each.user.pk), _called(each)) for each in others])


def _called(member: Member) -> str:
    return f"{member.user.full_name} (neighbouring LADO)" if member.is_neighbour else member.user.full_name


class FindingForm(forms_of_samples.FindingForm):
    """What both readers found."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["finding"].help_text = LEAVES


class WhyForm(Form):
    """What has to change, or why it ends."""

    why = PlainText(label="Why?", max_length=2_000, widget=watched_textarea(4))
