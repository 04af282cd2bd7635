"""The form by which an employer, an agency or the police tell the LADO; the receipt; the sealed copy."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms

from core.web.answers import day_before, when_before
from core.web.forms import Form, PhoneField, PlainLine, PlainText, Radios
from escalation.accounts.models import User
from escalation.lado.models import Question
from escalation.lado.services import Contact
from escalation.policy.lado import LadoPolicy

EMPTY = [("", "Choose from this list")]
EMPLOYER, AGENCY, POLICE_EMPLOYER, POLICE_NOTIFIER, OTHER = (
    "employer",
    "agency",
    "police_employer",
    "police_notifier",
    "other",
)
POLICE_AS = {POLICE_EMPLOYER: "employer", POLICE_NOTIFIER: "notifier"}


def _day(label: str) -> forms.Field:
    field = day_before()
    field.label, field.required = label, False
    return field


def _when(label: str) -> forms.Field:
    field = when_before()
    field.label, field.required = label, False
    return field


ABOUT = "about_lado"
NOT_HERE = "A neighbouring LADO has to hear of this, and none has a seat here now. Please call them: {}."


class TellingForm(Form):
    """What asks if it is about the LADO, where a neighbouring LADO has a seat to take it."""

    def about_lado_where(self, *, neighbour: bool, number: str) -> None:
        """Ask, or do not: then the page says whom to call. Both stand beside the form."""
        self.neighbour_number = number
        if neighbour:
            self.fields[ABOUT] = forms.BooleanField(
                label="It is about the LADO, their manager or a director: send it to a neighbour alone.",
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """Ticked while there was a neighbour, and sent when there is none: the team here never gets it."""
        if ABOUT in self.data and ABOUT not in self.fields:
            self.add_error(None, NOT_HERE.format(self.neighbour_number))
        return self.cleaned_data

    @property
    def is_about_lado(self) -> bool:
        return bool(self.cleaned_data.get(ABOUT))


class ReferralForm(TellingForm):
    """One page. The three that are needed come first; why it is late can be said later."""

    optional_too = frozenset({"police_aware", "police_aware_too"})

    key = forms.UUIDField(widget=forms.HiddenInput)
    telling_as = forms.ChoiceField(
        label="You tell us as",
        choices=[
            (EMPLOYER, "The employer"),
            (AGENCY, "An agency that sent the adult to another employer"),
            (POLICE_EMPLOYER, "The police, as the employer of an officer or of staff"),
            (POLICE_NOTIFIER, "The police, who tell of an arrest or a worry"),
            (OTHER, "Somebody else"),
        ],
        widget=Radios(
            {"class": "govuk-radios--small"},
            reveals={POLICE_EMPLOYER: ("police_aware",), POLICE_NOTIFIER: ("police_aware_too",)},
        ),
        error_messages={"required": "Say as whom you tell us."},
    )
    police_aware = _when("When did the police know?")
    police_aware_too = _when("When did the police know?")
    referrer = PlainLine(label="Your name and job", error_messages={"required": "Give your name and job."})
    referrer_phone = PhoneField(label="Call you back on")
    what = PlainText(
        label="What has happened?",
        rows=6,
        help_text="What was seen or said, when, and by whom. In the words that were used.",
        error_messages={"required": "Write what has happened."},
    )
    adult_name = PlainLine(label="Name of the adult", required=False)
    adult_born = _day("Their date of birth")
    adult_role = forms.ChoiceField(label="What do they do?", required=False)
    sector = forms.ChoiceField(label="Where do they work?", required=False)
    employer_name = PlainLine(label="Name of the school, service or agency", required=False)
    child_name = PlainLine(label="Name of the child", required=False)
    child_born = _day("The child's date of birth")
    employer_aware = _when("When did the employer first know?")
    late_reason = PlainText(
        label="If that is more than one working day ago, why?",
        required=False,
        rows=2,
        help_text="Only the LADO team reads this. You can also say it later, with your receipt number.",
    )

    def __init__(self, policy: LadoPolicy, *args: Any, neighbour: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about_lado_where(neighbour=neighbour, number=policy.neighbour.number)
        for name, vocabulary in (("adult_role", "role"), ("sector", "sector")):
            self.set_choices(
                name, EMPTY + [(term.code, term.label) for term in policy.vocabularies[vocabulary]]
            )

    @property
    def form_key(self) -> UUID:
        key: UUID = self.cleaned_data["key"]
        return key

    def as_typed(self) -> dict[str, str]:
        """What stands in each box, for who comes back to it; nothing is checked."""
        boxes = ((name, str(text)) for name, text in self.data.items() if text)
        return {name: text for name, text in boxes if self._is_box(name)}

    def _is_box(self, name: str) -> bool:
        """A field's own name, or of one with two boxes, a day and a time, their names."""
        return name in self.fields or name.rpartition("_")[0] in self.fields

    def contact(self) -> Contact:
        """What take_contact takes; only of a form that is valid."""
        given = self.cleaned_data
        telling_as = given["telling_as"]
        police = {POLICE_EMPLOYER: given["police_aware"], POLICE_NOTIFIER: given["police_aware_too"]}
        return Contact(
            way="form",
            words={"what": given["what"]},
            source="police" if telling_as in POLICE_AS else "",
            police_as=POLICE_AS.get(telling_as, ""),
            police_aware=police.get(telling_as),
            agency_worker=telling_as == AGENCY,
            about_lado=self.is_about_lado,
            **{name: given[name] for name in AS_GIVEN},
        )


AS_GIVEN = (
    "referrer",
    "referrer_phone",
    "adult_name",
    "adult_born",
    "adult_role",
    "sector",
    "employer_name",
    "child_name",
    "child_born",
    "employer_aware",
    "late_reason",
)


class SealForm(TellingForm):
    """Why somebody who reads a challenge tells the LADO of it."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    referrer_phone = PhoneField(label="Call you back on")
    what = PlainText(
        label="What in it may be an allegation?",
        rows=5,
        help_text="Which adult, and what they may have done. Only the LADO team reads this.",
        error_messages={"required": "Write what may be an allegation."},
    )

    def __init__(self, policy: LadoPolicy, *args: Any, neighbour: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about_lado_where(neighbour=neighbour, number=policy.neighbour.number)

    @property
    def form_key(self) -> UUID:
        key: UUID = self.cleaned_data["key"]
        return key

    def contact(self, *, by: User, challenge: UUID, copied: Mapping[str, str], now: datetime) -> Contact:
        """What take_contact takes: the reader's own words, and those of the challenge as they stand now."""
        job = f", {by.job_title}" if by.job_title else ""
        return Contact(
            way="copy",
            referrer=f"{by.full_name}{job}",
            referrer_phone=self.cleaned_data["referrer_phone"],
            words={"what": self.cleaned_data["what"], **copied},
            told_at=now,
            challenge=challenge,
            about_lado=self.is_about_lado,
        )


class ReceiptForm(Form):
    """The number that the referrer was given."""

    receipt = PlainLine(
        label="Your receipt number",
        max_length=40,
        help_text="Twelve letters and numbers, such as K7M4 QX9B 2DFG.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
        error_messages={"required": "Enter your receipt number."},
    )


LATE, WHY_LATE = "late", "Why was the LADO told more than one working day after it was known?"
"""The question that stays open for whoever told late and did not say why."""


class AddForm(Form):
    """What the holder of a receipt sends: an answer to an open question, or something more."""

    not_marked = frozenset({"question"})
    receipt = forms.CharField(widget=forms.HiddenInput)
    what = PlainText(
        label="What would you like to add?", rows=5, error_messages={"required": "Write something."}
    )

    def __init__(self, questions: list[Question], *args: Any, late: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(q.pk), q.text) for q in questions] + ([(LATE, WHY_LATE)] if late else [])
        if choices:
            self.fields["question"] = forms.ChoiceField(
                label="What is it about?",
                choices=[*choices, ("", "Something else")],
                initial=choices[0][0],
                required=False,
                widget=Radios(),
            )
            self.fields["what"].label = "What would you like to say?"
            self.order_fields(["receipt", "question", "what"])
            self.link_choices()

    def answer(self) -> tuple[str, dict[str, Any]]:
        """The step that sends it, by name, and its answers; only of a form that is valid."""
        what, question = self.cleaned_data["what"], self.cleaned_data.get("question")
        if question == LATE:
            return "explain_late", {"late_reason": what}
        if question:
            return "answer_question", {"question": question, "what": what}
        return "add_information", {"what": what}
