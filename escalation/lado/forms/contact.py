"""A contact on the phone, in one minute: the first three are needed now, the rest can wait."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from core.web.answers import moment_before, not_future, yes_or_no
from core.web.forms import Checkboxes, DayField, Form, PhoneField, PlainLine, PlainText, Radios
from escalation.accounts.models import User
from escalation.lado.case import Member
from escalation.lado.services import Contact
from escalation.policy.lado import LadoPolicy

TODAY, YESTERDAY, ANOTHER, NOT_KNOWN = "today", "yesterday", "another", "not_known"
ABOVE = "above"
"""It is about somebody who has no seat in the team."""
EMPTY = [("", "Choose from this list")]


def _told_at() -> forms.Field:
    field = moment_before()
    field.label, field.required = "When did they call?", False
    field.help_text = "Only if it was not just now: out of hours, say. The times count from then."
    return field


class ContactForm(Form):
    """What the caller says. `key` makes a second click find the first's record."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    referrer = PlainLine(label="Who is calling", error_messages={"required": "Say who is calling."})
    referrer_phone = PhoneField(label="Call back on")
    what = PlainText(
        label="What are they telling you?", rows=5, error_messages={"required": "Write what they tell you."}
    )
    known = forms.ChoiceField(
        label="When did the employer find out?",
        required=False,
        choices=[
            (TODAY, "Today"),
            (YESTERDAY, "Yesterday"),
            (ANOTHER, "Another day"),
            (NOT_KNOWN, "Not known yet"),
        ],
        widget=Radios({"class": "govuk-radios--small"}, reveals={ANOTHER: ("known_on",)}),
    )
    known_on = DayField(label="Which day?", required=False, validators=[not_future])
    told_at = _told_at()
    limbs = forms.MultipleChoiceField(
        label="Does any of these seem to fit?",
        required=False,
        help_text="Leave it empty if you are not sure yet.",
        widget=Checkboxes({"class": "govuk-checkboxes--small"}),
    )
    adult_name = PlainLine(label="Name of the adult", required=False)
    sector = forms.ChoiceField(label="Where they work", required=False)
    source = forms.ChoiceField(label="Who is telling us", required=False)
    about_lado = yes_or_no()
    concerned = forms.MultipleChoiceField(
        label="Who is it about, or who knows them?",
        required=False,
        help_text="Whoever you tick will not see it. You neither, if you tick yourself.",
        widget=Checkboxes({"class": "govuk-checkboxes--small"}),
    )

    def __init__(self, policy: LadoPolicy, team: list[Member], *args: Any, **kwargs: Any) -> None:
        self.team = {str(member.user.pk): member.user for member in team if not member.is_neighbour}
        super().__init__(*args, **kwargs)
        for name, vocabulary in (("limbs", "limb"), ("sector", "sector"), ("source", "source")):
            terms = [(term.code, term.label) for term in policy.vocabularies[vocabulary]]
            self.set_choices(name, terms if name == "limbs" else EMPTY + terms)
        people = [(pk, user.full_name) for pk, user in self.team.items()]
        self.set_choices("concerned", [*people, (ABOVE, "The LADO’s manager, or a director")])
        self.fields["about_lado"].label = "Is it about the LADO, their manager or a director?"
        self.fields["about_lado"].help_text = self._who_then_has_it(team)
        self.fields["about_lado"].required = False

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("known") == ANOTHER:
            self.need("known_on", "Say on which day the employer found out.")
        if self.cleaned_data.get("about_lado"):
            self.need("concerned", "Tick who it is about.")
        self._called_after_they_knew()
        return self.cleaned_data

    def _called_after_they_knew(self) -> None:
        called, knew = self.cleaned_data.get("told_at"), self._aware(timezone.localdate())
        if called and knew and knew > timezone.localdate(called):
            self.add_error("told_at", "That is before the employer found out. Look at both.")

    def contact(self, now: datetime) -> Contact:
        """What take_contact takes; only of a form that is valid."""
        given = self.cleaned_data
        return Contact(
            way="call",
            words={"what": given["what"]},
            told_at=given["told_at"],
            employer_aware=self._aware(timezone.localdate(now)),
            limbs=tuple(given["limbs"]),
            about_lado=bool(given["about_lado"]),
            concerned=tuple(self.team[pk] for pk in given["concerned"] if pk != ABOVE),
            **{n: given[n] for n in ("referrer", "referrer_phone", "adult_name", "sector", "source")},
        )

    @property
    def form_key(self) -> UUID:
        key: UUID = self.cleaned_data["key"]
        return key

    @staticmethod
    def _who_then_has_it(team: list[Member]) -> str:
        neighbour = next((m.user.full_name for m in team if m.is_neighbour), None)
        if neighbour is None:
            return "Then a neighbouring LADO must take it. None has a seat here, so you call them."
        return f"Then it goes to {neighbour}, the neighbouring LADO. Nobody here sees it."

    def concerns(self, user: User) -> bool:
        return str(user.pk) in self.cleaned_data["concerned"]

    def _aware(self, today: date) -> date | None:
        """The day the employer knew; the caller is asked for no time."""
        other: date | None = self.cleaned_data.get("known_on")
        days = {TODAY: today, YESTERDAY: today - timedelta(days=1), ANOTHER: other}
        return days.get(self.cleaned_data.get("known", ""))


class SearchForm(Form):
    """One box."""

    q = PlainLine(
        label="A name, or the number of a record",
        max_length=100,
        error_messages={"required": "Write a name, or the number of a record."},
    )
