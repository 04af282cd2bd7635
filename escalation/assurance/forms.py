"""The forms with which an organisation is asked, answers, and is told what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from core.web.answers import day_to_come, watched_textarea
from core.web.forms import DayField, Form, PlainLine, PlainText, Radios, SearchSelect
from escalation.accounts.models import Organisation, Seat
from escalation.policy import Term
from escalation.policy.quarters import Quarter
from escalation.policy.section11 import Standard

from .models import AssuranceRequest, ClauseAnswer, Verdict
from .services import ClauseSaid, NewRequest, Reader
from .workflow import Step

CHOOSE = ("", "Choose an organisation")
LABELS: Mapping[str, tuple[str, str]] = {
    "more_time": ("Why?", "Both sides read this."),
    "send_back": ("What is not clear yet?", "Say which clause, and what would show it."),
    "rate": ("Why?", "Say what showed it, and what gap there is. They read this."),
    "follow_up": ("What do you ask them to do?", "And what would show that it is done."),
    "act": ("What was done, and what shows it?", "No names of children or staff."),
    "close": ("Do you want to add something?", "They read this."),
    "take_back": ("Why do you take it back?", "They read this."),
}
"""How each step asks for its words."""


class AskForm(Form):
    """Whom to ask, what, and by when. `key` is the form's own."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    organisation = forms.TypedChoiceField(
        label="Whom do you ask?",
        help_text="Heads of service and safeguarding partners get a mail; leads see it in their work list.",
        coerce=int,
        widget=SearchSelect(),
        error_messages={"required": "Choose an organisation."},
    )
    question = PlainText(
        label="What do you ask?",
        help_text="They read this above the clauses. No names of children or staff.",
        max_length=2_000,
        widget=watched_textarea(4),
    )
    due = day_to_come()

    def __init__(self, *args: Any, organisations: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_id = {each.pk: each for each in organisations}
        self.set_choices("organisation", [CHOOSE, *((str(pk), each.name) for pk, each in self.by_id.items())])
        self.fields["due"].label = "By when should they answer?"

    def asked(self, about: str) -> NewRequest:
        """Once the form is valid."""
        said = self.cleaned_data
        return NewRequest(self.by_id[said["organisation"]], about, said["question"], said["due"])


class AnswerForm(Form):
    """Every clause with what one's own procedure says, and whose procedure it is.

    Kept unfinished as often as one likes; `sending` asks for all of it.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput)
    procedure = PlainLine(label="What is your procedure called?", required=False, max_length=200)
    procedure_version = PlainLine(
        label="Which version is it?", help_text="A number or a date.", required=False, max_length=80
    )
    procedure_owner = PlainLine(
        label="Who keeps it up to date?", help_text="The job, not a name.", required=False, max_length=120
    )
    signed_by = PlainLine(
        label="Who stands for this answer?",
        help_text="The rank or job, such as “detective superintendent”. Not a name.",
        required=False,
        max_length=120,
    )

    def __init__(self, *args: Any, clauses: Sequence[ClauseAnswer], sending: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sending, self.clauses = sending, clauses
        for clause in clauses:
            self.fields[f"verdict_{clause.number}"] = _verdict(clause)
            self.fields[f"evidence_{clause.number}"] = _evidence(clause)
        last = ("procedure", "procedure_version", "procedure_owner", "signed_by")
        self.order_fields([name for name in self.fields if name not in last])
        self.link_choices()

    def is_optional(self, name: str) -> bool:
        """Nothing can be left out in the end."""
        return False

    def clean(self) -> dict[str, Any]:
        if self.sending:
            for name in self.fields:
                self.need(name, "Choose one." if name.startswith("verdict") else "Write something here.")
        return self.cleaned_data

    @property
    def said(self) -> dict[str, Any]:
        """Once the form is valid: what services.take takes."""
        return written(self.cleaned_data, self.clauses)


def written(data: Mapping[str, Any], clauses: Iterable[ClauseAnswer]) -> dict[str, Any]:
    """The boxes of an answer as values for the service."""
    said: dict[str, Any] = {
        name: data.get(name) or ""
        for name in ("procedure", "procedure_version", "procedure_owner", "signed_by")
    }
    said["clauses"] = {
        each.number: ClauseSaid(
            data.get(f"verdict_{each.number}") or "", data.get(f"evidence_{each.number}") or ""
        )
        for each in clauses
    }
    return said


def _verdict(clause: ClauseAnswer) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=f"{clause.number}. {clause.title}",
        help_text=f"Local policy: {clause.says}",
        choices=Verdict.choices,
        widget=Radios({"class": "govuk-radios--small"}),
        required=False,
    )


def _evidence(clause: ClauseAnswer) -> PlainText:
    return PlainText(
        label=f"What shows it? (clause {clause.number})",
        help_text="Where it stands in your procedure; or what you do instead, and until when.",
        max_length=2_000,
        widget=watched_textarea(3),
        required=False,
    )


def as_it_is(request: AssuranceRequest, clauses: Iterable[ClauseAnswer]) -> dict[str, Any]:
    """What the form of an answer begins with."""
    found: dict[str, Any] = {
        "seen": request.version,
        "procedure": request.procedure,
        "procedure_version": request.procedure_version,
        "procedure_owner": request.procedure_owner,
        "signed_by": request.signed_by,
    }
    for each in clauses:
        found |= {f"verdict_{each.number}": each.verdict, f"evidence_{each.number}": each.evidence}
    return found


class StepForm(Form):
    """What one step of the table asks for. `seen`: the version that the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, step: Step, ratings: Iterable[Term], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ratings = {each.code: each.label for each in ratings}
        for name in step.asks:
            self.fields[name] = self._field(name, step)
            self.fields[name].required = name in step.needs
        self.link_choices()

    def _field(self, name: str, step: Step) -> forms.Field:
        if name == "due":
            field = day_to_come()
            field.label = "By when?"
            return field
        if name == "retest_on":
            return DayField(
                label="When do you want to ask it again?", help_text="Leave it empty if you do not."
            )
        if name == "rating":
            return forms.ChoiceField(
                label="How do you rate it?",
                choices=list(self.ratings.items()),
                widget=Radios(),
                error_messages={"required": "Choose one."},
            )
        label, hint = LABELS[step.name]
        return PlainText(label=label, help_text=hint, max_length=2_000, widget=watched_textarea(4))

    @property
    def said(self) -> dict[str, Any]:
        """Once the form is valid: what services.take takes."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        if "rating" in said:
            said["rating_words"] = self.ratings[said["rating"]]
        return said


class SelfRatingForm(Form):
    """How an organisation sees itself under one standard."""

    rating = forms.ChoiceField(
        label="How do you see yourselves?", widget=Radios(), error_messages={"required": "Choose one."}
    )
    words = PlainText(
        label="Why?",
        help_text="What shows it, and what is still to do. No numbers, no names: evidence packs have this.",
        max_length=1_000,
        widget=watched_textarea(4),
    )

    def __init__(self, *args: Any, ratings: Iterable[Term], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("rating", [(each.code, each.label) for each in ratings])


class DrawForm(Form):
    """Which quarter a dip sample is of, and who reads it. `key` is the form's own."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    quarter = forms.ChoiceField(
        label="Which quarter?", error_messages={"required": "Choose a quarter."}, widget=Radios()
    )
    first = forms.ChoiceField(
        label="Who reads it first?",
        help_text="A lead, head of service or partner. No challenge is drawn in which they have had a part.",
        widget=SearchSelect(),
        error_messages={"required": "Choose who reads it."},
    )
    second = forms.ChoiceField(
        label="Who reads it too?",
        help_text="Somebody of another organisation.",
        widget=SearchSelect(),
        error_messages={"required": "Choose who reads it too."},
    )

    def __init__(self, *args: Any, quarters: Sequence[Quarter], seats: Iterable[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_pk = {str(each.pk): each for each in seats}
        people = [("", "Choose somebody"), *((pk, _reads(each)) for pk, each in self.by_pk.items())]
        self.set_choices("quarter", [(str(each), each.label) for each in quarters])
        self.set_choices("first", people)
        self.set_choices("second", people)

    @property
    def readers(self) -> list[Reader]:
        """Once the form is valid."""
        seats = [self.by_pk[self.cleaned_data[name]] for name in ("first", "second")]
        return [Reader(each.user, each.setting.organisation) for each in seats if each.setting]


def _reads(seat: Seat) -> str:
    assert seat.setting is not None  # noqa: S101 - chosen so
    return f"{seat.setting.organisation.name}: {seat.user.full_name}, {seat.user.job_title or 'lead'}"


class BeginForm(Form):
    """Which quarter and standard a pack is for. `key` is the form's own."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    quarter = forms.ChoiceField(
        label="Which quarter?", error_messages={"required": "Choose a quarter."}, widget=Radios()
    )
    standard = forms.TypedChoiceField(
        label="Which standard?", coerce=int, widget=Radios(), error_messages={"required": "Choose one."}
    )

    def __init__(
        self, *args: Any, quarters: Sequence[Quarter], standards: Iterable[Standard], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("quarter", [(str(each), each.label) for each in quarters])
        self.set_choices(
            "standard", [(str(each.number), f"{each.number}, {each.title}") for each in standards]
        )


class WriteForm(Form):
    """What the writer of a pack sees in it, and what is not known. `seen`: the version that was shown."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    narrative = PlainText(
        label="What do you see?",
        help_text="What the figures and answers show, and what follows. Published numbers only. No names.",
        max_length=6_000,
        widget=watched_textarea(10),
    )
    gaps = PlainText(
        label="What else is not known?",
        help_text="The page of what is not known has this too.",
        max_length=3_000,
        required=False,
        widget=watched_textarea(4),
    )


class WhyForm(Form):
    """Why the second person does not sign."""

    why = PlainText(label="What has to change before you sign?", max_length=2_000, widget=watched_textarea(4))


class CommentForm(Form):
    """What a scrutineer says of a pack."""

    text = PlainText(
        label="What do you want to say?",
        help_text="Everybody who reads this pack can read it. It cannot be changed later.",
        max_length=3_000,
        widget=watched_textarea(4),
    )
