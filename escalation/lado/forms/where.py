"""Three questions that say which LADO leads."""

from django import forms

from core.web.forms import Form, Radios
from escalation.lado.jurisdiction import ELSEWHERE, HERE, NO, NOWHERE, SEVERAL, YES, who_leads


class WhereForm(Form):
    """Asked of what is known; nothing is saved."""

    works = forms.ChoiceField(
        label="Where does the adult work with children?",
        choices=[
            (HERE, "In our area"),
            (ELSEWHERE, "In another area"),
            (SEVERAL, "In several areas"),
            (NOWHERE, "Nowhere now"),
        ],
        widget=Radios(),
        error_messages={"required": "Say where the adult works."},
    )
    child_lives = forms.ChoiceField(
        label="Where does the child live?",
        choices=[(HERE, "In our area"), (ELSEWHERE, "In another area")],
        widget=Radios(),
        error_messages={"required": "Say where the child lives."},
    )
    own_child = forms.ChoiceField(
        label="Is it about the adult's own child?",
        choices=[(YES, "Yes"), (NO, "No")],
        widget=Radios(),
        error_messages={"required": "Say if it is about the adult's own child."},
    )

    def sentences(self) -> list[str]:
        return who_leads(**{name: self.cleaned_data[name] for name in ("works", "child_lives", "own_child")})
