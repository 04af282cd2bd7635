"""The forms with which forums are planned, and people counted."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from core.web.answers import not_future, not_past, watched_textarea
from core.web.dates import LONDON
from core.web.forms import (
    Checkboxes,
    DayField,
    Form,
    MomentField,
    PlainLine,
    PlainText,
    Radios,
    TimeOfDayField,
)
from escalation.accounts.models import Organisation
from escalation.retelling.forms import OneOrganisation, PromiseForm, RetoldForm

from .models import MOST_PLACES, MOST_STAFF, How, Sitting, Vignette
from .services import NewPledge, NewSitting, NewVignette

NOTICE = (
    "What you hear here you may use. Do not say who said it, or where they work. Speak of no child, family "
    "or worker in a way that somebody could know them."
)
"""The Chatham House rule in plain words, as a new sitting begins with it; each sitting keeps its own."""


class SittingForm(Form):
    """A sitting, new or as it is to be. `key` is the form's own; `seen` the version that was shown."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    theme = PlainLine(
        label="What is it about?", help_text="In a few words, as a heading. No names.", max_length=120
    )
    starts_at = MomentField(label="When does it begin?", day_validators=[not_past])
    ends = TimeOfDayField(label="When does it end?", help_text="For example: 4pm")
    place = PlainLine(
        label="Where is it?", help_text="The room and the address, or that it is online.", max_length=200
    )
    host = OneOrganisation(label="Who is host?", help_text="Its leads can count who comes, as you can.")
    places = forms.IntegerField(
        label="How many places are there?",
        min_value=1,
        max_value=MOST_PLACES,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"}),
        error_messages={
            "required": "Enter how many places there are.",
            "invalid": "Enter a number, like 40.",
            "min_value": "Enter 1 or more.",
            "max_value": f"Enter {MOST_PLACES} or fewer.",
        },
    )
    agenda = PlainText(
        label="What happens when?", help_text="A line for each part.", widget=watched_textarea(6)
    )
    notice = PlainText(
        label="What may people tell afterwards?",
        help_text="They read this before they sign up, and at the beginning.",
        widget=watched_textarea(4),
    )

    def __init__(self, *args: Any, organisations: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = {each.pk: each for each in organisations}
        host = self.fields["host"]
        assert isinstance(host, OneOrganisation)  # noqa: S101 - declared above
        host.offer(self.organisations.values())

    def clean(self) -> dict[str, Any]:
        begins, ends = self.cleaned_data.get("starts_at"), self.cleaned_data.get("ends")
        if begins and ends and self._ends_at(begins) <= begins:
            self.add_error("ends", "It ends before it begins. Check both times.")
        return self.cleaned_data

    def _ends_at(self, begins: datetime) -> datetime:
        day = begins.astimezone(LONDON).date()
        return datetime.combine(day, self.cleaned_data["ends"], tzinfo=LONDON)

    @property
    def sitting(self) -> NewSitting:
        """Once the form is valid."""
        said = self.cleaned_data
        return NewSitting(
            theme=said["theme"],
            starts_at=said["starts_at"],
            ends_at=self._ends_at(said["starts_at"]),
            place=said["place"],
            host=self.organisations[said["host"]],
            places=said["places"],
            agenda=said["agenda"],
            notice=said["notice"],
        )


def as_it_is(sitting: Sitting) -> dict[str, Any]:
    """What the form of a sitting begins with."""
    return {
        "key": sitting.uuid,
        "seen": sitting.version,
        "theme": sitting.theme,
        "starts_at": sitting.starts_at,
        "ends": sitting.ends_at.astimezone(LONDON).time(),
        "place": sitting.place,
        "host": sitting.host_id,
        "places": sitting.places,
        "agenda": sitting.agenda,
        "notice": sitting.notice,
    }


class InviteForm(Form):
    """Which more organisations are invited."""

    organisations = forms.TypedMultipleChoiceField(
        label="Whom do you invite?",
        coerce=int,
        widget=Checkboxes(),
        error_messages={"required": "Choose at least one."},
    )

    def __init__(self, *args: Any, organisations: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_id = {each.pk: each for each in organisations}
        self.set_choices("organisations", [(str(pk), each.name) for pk, each in self.by_id.items()])

    @property
    def chosen(self) -> list[Organisation]:
        """Once the form is valid."""
        return [self.by_id[pk] for pk in self.cleaned_data["organisations"]]


class DoorForm(Form):
    """An organisation that is at the door and was not invited."""

    elsewhere = OneOrganisation(label="Somebody comes from elsewhere")

    def __init__(self, *args: Any, organisations: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_id = {each.pk: each for each in organisations}
        field = self.fields["elsewhere"]
        assert isinstance(field, OneOrganisation)  # noqa: S101 - declared above
        field.offer(self.by_id.values())

    @property
    def chosen(self) -> Organisation:
        """Once the form is valid."""
        return self.by_id[self.cleaned_data["elsewhere"]]


class CountForm(Form):
    """How many of an organisation have come, where the page said `seen`."""

    organisation = forms.IntegerField()
    seen = forms.IntegerField(min_value=0)
    came = forms.IntegerField(min_value=0, max_value=MOST_PLACES)


class CancelForm(Form):
    """Why a sitting does not take place."""

    why = PlainText(
        label="Why does it not take place?",
        help_text="Everybody who is invited can read this.",
        max_length=500,
        widget=watched_textarea(3),
    )


class TopicForm(RetoldForm):
    """A topic, new or as it is to be."""

    text = PlainText(
        label="What happened?",
        help_text="As it could have happened in many places: no names, days, ages, numbers or places, and "
        "nothing that only one family has. Change what does not matter.",
        widget=watched_textarea(10),
        max_length=4000,
    )
    question = PlainText(
        label="What should people talk about?",
        help_text="For example: who could have asked, and how?",
        widget=watched_textarea(3),
        max_length=500,
    )
    field_order = ("key", "seen", "title", "text", "question", "reference")

    @property
    def vignette(self) -> NewVignette:
        """Once the form is valid."""
        said = self.cleaned_data
        return NewVignette(said["title"], said["text"], said["question"], said["reference"])


class TopicsForm(Form):
    """Which topics are talked about at a sitting."""

    topics = forms.TypedMultipleChoiceField(
        label="What do you talk about?", coerce=int, widget=Checkboxes(), required=False
    )
    not_marked = frozenset({"topics"})

    def __init__(self, *args: Any, vignettes: Iterable[Vignette], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_id = {each.pk: each for each in vignettes}
        self.set_choices("topics", [(str(pk), each.title) for pk, each in self.by_id.items()])

    @property
    def chosen(self) -> list[Vignette]:
        """Once the form is valid."""
        return [self.by_id[pk] for pk in self.cleaned_data["topics"]]


class PromotionForm(Form):
    """When an organisation put the policy before its staff, before how many, and how."""

    day = DayField(label="When?", help_text="The last day, if it was on several.", validators=[not_future])
    people = forms.IntegerField(
        label="How many people have seen it?",
        help_text="About how many of your staff, by now. No names.",
        min_value=1,
        max_value=MOST_STAFF,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"}),
        error_messages={
            "required": "Enter how many people.",
            "invalid": "Enter a number, like 40.",
            "min_value": "Enter 1 or more.",
            "max_value": f"Enter {MOST_STAFF} or fewer.",
        },
    )
    how = forms.ChoiceField(
        label="How?", choices=How.choices, widget=Radios(), error_messages={"required": "Choose how."}
    )


class PulseForm(Form):
    """The one question."""

    level = forms.ChoiceField(
        label="How confident are you to challenge?",
        help_text="To challenge is to ask a service to look again at what it does for a child.",
        choices=[
            ("1", "1, not at all"),
            ("2", "2"),
            ("3", "3"),
            ("4", "4"),
            ("5", "5, very"),
        ],
        widget=Radios(),
        error_messages={"required": "Choose a number from 1 to 5."},
    )


class PledgeForm(PromiseForm):
    """You said, we will."""

    said = PlainText(
        label="You said…",
        help_text="What people asked for. Nobody’s name.",
        max_length=500,
        widget=watched_textarea(3),
    )
    field_order = ("key", "said", "what", "organisation", "owner", "due")

    @property
    def pledge(self) -> NewPledge:
        """Once the form is valid."""
        said = self.cleaned_data
        return NewPledge(said["said"], said["what"], self.chosen, said["owner"], said["due"])
