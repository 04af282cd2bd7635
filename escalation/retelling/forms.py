"""The questions with which something is told, what came of a promise is said, and a dip sample is read."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from core.web.answers import watched_textarea
from core.web.forms import DayField, Form, PlainLine, PlainText, Radios, SearchSelect
from escalation.access.acting import Acting
from escalation.accounts.models import Organisation
from escalation.challenges.models import Challenge

from .sources import UNKNOWN, closed_challenge

CHOOSE = ("", "Choose an organisation")
DONE, NOT_DONE = "done", "not done"


class OneOrganisation(forms.TypedChoiceField):
    """One of some organisations, by its row's id."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", SearchSelect())
        kwargs.setdefault("error_messages", {"required": "Choose an organisation."})
        super().__init__(coerce=int, empty_value=None, **kwargs)

    def offer(self, organisations: Iterable[Organisation]) -> None:
        self.choices = [CHOOSE, *((str(each.pk), each.name) for each in organisations)]


class RetoldForm(Form):
    """A text, new or as it is to be: its heading, and from which challenge it comes.

    `key` is the form's own; `seen` the version that was shown.
    """

    optional_too = frozenset({"reference"})

    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    title = PlainLine(label="What is it about?", help_text="As a heading, without names.", max_length=120)
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


class PromiseForm(Form):
    """What an organisation does, who does it there, and by when."""

    key = forms.UUIDField(widget=forms.HiddenInput)
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
    def chosen(self) -> Organisation:
        """Once the form is valid."""
        return self.by_id[self.cleaned_data["organisation"]]


class EndPromiseForm(Form):
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


class RecordForm(Form):
    """What a reader says of one record of a dip sample."""

    def __init__(
        self,
        *args: Any,
        questions: Iterable[Mapping[str, str]],
        answers: Iterable[Mapping[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each["code"], each["label"]) for each in answers]
        for each in questions:
            self.fields[each["code"]] = forms.ChoiceField(
                label=each["label"],
                choices=choices,
                widget=Radios({"class": "govuk-radios--small"}),
                error_messages={"required": "Choose an answer."},
            )
        self.link_choices()


class FindingForm(Form):
    """What both readers found. `seen`: the version that was shown."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    finding = PlainText(
        label="What did you find?",
        help_text="A few sentences. No numbers, names or cases: say “most” or “some”. Scrutineers read this.",
        max_length=1_500,
        widget=watched_textarea(6),
    )
    despite = PlainText(
        label="Why may what the log asks about stay?",
        help_text="Only where it asks. Better: change it. The second reader reads your reason.",
        max_length=1_000,
        required=False,
        widget=watched_textarea(2),
    )
