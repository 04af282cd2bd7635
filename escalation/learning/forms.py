"""The forms with which it is written down what was learnt, decided and done."""

from typing import Any

from django import forms

from core.web.answers import not_future, watched_textarea
from core.web.forms import DayField, Form, PlainText, Radios
from escalation.policy.document import Policy
from escalation.retelling.forms import PromiseForm, RetoldForm

from .models import Kind, Point, Verdict
from .services import NewAction, NewDecision, NewPoint

NOWHERE = "none"


class PointForm(RetoldForm):
    """What was learnt, new or as it is to be."""

    text = PlainText(
        label="What was learnt?",
        help_text="What we can all do better. Say it as it could be said of many cases. No names, days, "
        "ages, numbers or places, and nothing that only one family has.",
        widget=watched_textarea(8),
        max_length=4000,
    )
    theme = forms.ChoiceField(
        label="Which theme is it?", widget=Radios(), error_messages={"required": "Choose a theme."}
    )
    kind = forms.ChoiceField(
        label="What would help?",
        choices=Kind.choices,
        widget=Radios(),
        error_messages={"required": "Choose what would help."},
    )
    sub_group = forms.ChoiceField(
        label="Where is it sent?",
        help_text="The business unit takes it there, once a second person says yes.",
        widget=Radios(),
        error_messages={"required": "Choose where it is sent."},
    )
    field_order = ("key", "seen", "title", "text", "theme", "kind", "sub_group", "reference")

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("theme", policy, "learning_theme")
        self._offer("sub_group", policy, "sent_to")

    def _offer(self, name: str, policy: Policy, vocabulary: str) -> None:
        self.set_choices(name, [(t.code, t.label) for t in policy.terms(vocabulary) if t.code != NOWHERE])

    @property
    def point(self) -> NewPoint:
        """Once the form is valid."""
        said = self.cleaned_data
        return NewPoint(
            said["title"], said["text"], said["kind"], said["theme"], said["sub_group"], said["reference"]
        )


def as_it_is(point: Point) -> dict[str, object]:
    """What the form of a point begins with."""
    names = ("title", "text", "theme", "kind", "sub_group")
    return {"key": point.uuid, "seen": point.version} | {n: getattr(point, n) for n in names}


class DecisionForm(Form):
    """What a sub-group decided."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    met_on = DayField(label="When did it meet?", validators=[not_future])
    verdict = forms.ChoiceField(
        label="What did it decide?",
        choices=Verdict.choices,
        widget=Radios(),
        error_messages={"required": "Choose what it decided."},
    )
    words = PlainText(
        label="What do its minutes say?",
        help_text="Everybody who works in a service can read this. Nobody’s name.",
        max_length=1000,
        widget=watched_textarea(4),
    )

    @property
    def decision(self) -> NewDecision:
        """Once the form is valid."""
        said = self.cleaned_data
        return NewDecision(said["met_on"], said["verdict"], said["words"])


class ActionForm(PromiseForm):
    """What an organisation does about it."""

    @property
    def action(self) -> NewAction:
        """Once the form is valid."""
        said = self.cleaned_data
        return NewAction(said["what"], self.chosen, said["owner"], said["due"])
