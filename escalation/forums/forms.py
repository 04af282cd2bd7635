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
    SearchSelect,
    TimeOfDayField,
)
from escalation.accounts.models import Organisation
from escalation.challenges.models import Challenge

from .acting import Acting
from .models import MOST_PLACES, MOST_STAFF, How, Sitting, Vignette
from .services import NewPledge, NewSitting, NewVignette
from .services.topics import UNKNOWN
from .topics import closed_challenge

CHOOSE = ("", "Choose an organisation")
NOTICE = (
    "What you hear here you may use. Do not say who said it, or where they work. Speak of no child, family "
    "or worker in a way that somebody could know them."
)
"""The Chatham House rule in plain words, as a new sitting begins with it; each sitting keeps its own."""


class OneOrganisation(forms.TypedChoiceField):
    """One of some organisations, by its row's id."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", SearchSelect())
        kwargs.setdefault("error_messages", {"required": "Choose an organisation."})
        super().__init__(coerce=int, empty_value=None, **kwargs)

    def offer(self, organisations: Iterable[Organisation]) -> None:
        self.choices = [CHOOSE, *((str(each.pk), each.name) for each in organisations)]


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
        field = self.fields["organisations"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = [(str(pk), each.name) for pk, each in self.by_id.items()]

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


class TopicForm(Form):
    """A topic, new or as it is to be."""

    optional_too = frozenset({"reference"})

    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    title = PlainLine(label="What is it about?", help_text="As a heading, without names.", max_length=120)
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
    reference = PlainLine(
        label="From which challenge?",
        help_text="Its number, if it comes from one that is closed. Only those who can read that challenge "
        "ever see this.",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, by: Acting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_reference(self) -> Challenge | None:
        """The challenge itself; one refusal for all that it could be."""
        typed = self.cleaned_data["reference"].strip()
        if not typed:
            return None
        found = closed_challenge(typed, self.by.standing, self.by.now)
        if found is None:
            raise forms.ValidationError(UNKNOWN)
        return found

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
        field = self.fields["topics"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = [(str(pk), each.title) for pk, each in self.by_id.items()]

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


class PledgeForm(Form):
    """You said, we will."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    said = PlainText(
        label="You said…",
        help_text="What people asked for. Nobody’s name.",
        max_length=500,
        widget=watched_textarea(3),
    )
    what = PlainText(
        label="We will…", help_text="What is to be done.", max_length=500, widget=watched_textarea(3)
    )
    organisation = OneOrganisation(label="Which organisation does it?")
    owner = PlainLine(
        label="Who does it there?", help_text="Their job, such as “named nurse”. No name.", max_length=120
    )
    due = DayField(label="By when?")

    def __init__(self, *args: Any, organisations: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_id = {each.pk: each for each in organisations}
        field = self.fields["organisation"]
        assert isinstance(field, OneOrganisation)  # noqa: S101 - declared above
        field.offer(self.by_id.values())

    @property
    def pledge(self) -> NewPledge:
        """Once the form is valid."""
        said = self.cleaned_data
        organisation = self.by_id[said["organisation"]]
        return NewPledge(said["said"], said["what"], organisation, said["owner"], said["due"])


DONE, NOT_DONE = "done", "not done"


class EndPledgeForm(Form):
    """What came of it."""

    came = forms.ChoiceField(
        label="Is it done?",
        choices=[(DONE, "Yes"), (NOT_DONE, "No, and it will not be")],
        widget=Radios(reveals={DONE: ["changed", "evidence"], NOT_DONE: ["why"]}),
        error_messages={"required": "Choose yes or no."},
    )
    changed = PlainText(
        label="We changed…",
        help_text="What is other now, as people see it.",
        max_length=500,
        required=False,
        widget=watched_textarea(3),
    )
    evidence = PlainText(
        label="Where can one see it?",
        help_text="A page, a leaflet, the minutes of a meeting.",
        max_length=500,
        required=False,
        widget=watched_textarea(2),
    )
    why = PlainText(label="Why not?", max_length=500, required=False, widget=watched_textarea(3))

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("came") == DONE:
            self.need("changed", "Say what is other now.")
            self.need("evidence", "Say where one can see it.")
        if self.cleaned_data.get("came") == NOT_DONE:
            self.need("why", "Say why it is not done.")
        return self.cleaned_data

    @property
    def is_done(self) -> bool:
        return bool(self.cleaned_data["came"] == DONE)

    @property
    def words(self) -> tuple[str, str]:
        """What changed, or why not; and the evidence."""
        said = self.cleaned_data
        return (said["changed"], said["evidence"]) if self.is_done else (said["why"], "")
