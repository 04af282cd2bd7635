"""The forms with which the directory is kept."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.web.forms import DayField, Form, PhoneField, PlainLine, Radios, SearchSelect
from escalation.accounts.domains import words_of, wrong_with
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Seat, User

from .services import Absence, NewPerson

KNOWN, NEW = "known", "new"
HERE, AWAY = "here", "away"
NOBODY, CHOOSE = ("", "Nobody"), ("", "Choose a person")
HINTS = {
    SeatKind.PRACTITIONER.value: "Raises challenges, and answers those put to them.",
    SeatKind.LEAD.value: "Answers for the service, gives work to its people, and keeps this page.",
    SeatKind.SENIOR_LEAD.value: "Head of service. Answers from stage 3 on.",
    SeatKind.PARTNER.value: "Decides for the whole organisation at the last stage.",
}
REASONS = ("on leave", "on a course", "away")
"""No reason that says something of somebody's health: everybody who uses the log can read it."""


class PersonField(forms.TypedChoiceField):
    """One of some people, by their row's id; None where nobody is chosen."""

    marked = False  # its first choice is "Nobody", or the form needs somebody

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", SearchSelect())
        kwargs.setdefault("error_messages", {"invalid_choice": "Choose somebody from the list."})
        super().__init__(coerce=int, empty_value=None, required=False, **kwargs)

    def offer(self, people: Iterable[User], *, first: tuple[str, str]) -> None:
        self.choices = [first, *((str(each.pk), _named(each)) for each in people)]


def _named(user: User) -> str:
    """ "Kim Roe, team manager, Family Safeguarding Team 2": many have the same name and the same job."""
    places = dict.fromkeys(seat.setting.name for seat in user.seats.all() if seat.setting)
    return ", ".join(part for part in (user.full_name, user.job_title, *places) if part)


def person_email(*, required: bool = True) -> forms.EmailField:
    """The work address of whoever gets a seat."""
    return forms.EmailField(
        label="Work e-mail address",
        help_text="They sign in with it. If the log knows it already, that person gets the seat.",
        max_length=254,
        required=required,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter their work e-mail address.",
            "invalid": "Enter an e-mail address like name@example.org",
        },
    )


class PeopleForm(Form):
    """A form that lets choose among people, each read with their seats (`queries.people_with_seats`)."""

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {each.pk: each for each in people}

    def offer(self, name: str, *, first: tuple[str, str], but: int | None = None) -> None:
        """Everybody, `but` for one, as the choices of a field."""
        field = self.fields[name]
        assert isinstance(field, PersonField)  # noqa: S101 - declared by the forms below
        field.offer((each for pk, each in self.people.items() if pk != but), first=first)

    def picked(self, name: str) -> User | None:
        """Whom they chose, once the form is valid."""
        return self.people.get(self.cleaned_data[name] or 0)


class SeatForm(PeopleForm):
    """Which seat, and for whom: somebody the log knows, or somebody new."""

    optional_too = frozenset({"phone"})

    kind = forms.ChoiceField(
        label="Which seat?", widget=Radios(hints=HINTS), error_messages={"required": "Choose a seat."}
    )
    who = forms.ChoiceField(
        label="Who gets it?",
        choices=[(KNOWN, "Somebody who uses the log"), (NEW, "Somebody new")],
        widget=Radios(reveals={KNOWN: ["chosen"], NEW: ["full_name", "email", "job_title", "phone"]}),
        error_messages={"required": "Choose who gets it."},
    )
    chosen = PersonField(label="Who?")
    full_name = PlainLine(label="Name", max_length=150, required=False)
    email = person_email(required=False)
    job_title = PlainLine(label="Job", max_length=150, required=False)
    phone = PhoneField(label="Work phone number", required=False)

    def __init__(self, *args: Any, kinds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("kind", [(each, SeatKind(each).label) for each in kinds])
        self.offer("chosen", first=CHOOSE)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("who") == KNOWN:
            self.need("chosen", "Choose who gets the seat.")
        if self.cleaned_data.get("who") == NEW:
            self.need("full_name", "Enter their name.")
            self.need("email", "Enter their work e-mail address.")
            self.need("job_title", "Enter their job, so that others know whom they call.")
        return self.cleaned_data

    @property
    def whom(self) -> User | NewPerson:
        """Once the form is valid."""
        said = self.cleaned_data
        known = self.picked("chosen") if said["who"] == KNOWN else None
        return known or NewPerson(said["email"], said["full_name"], said["job_title"], said["phone"])


class ChangeForm(PeopleForm):
    """Who covers a seat, in order, and when its holder is away.

    `sure` is asked only where the change would take from somebody what they may do today.
    """

    optional_too = frozenset({"away_until"})

    deputy = PersonField(
        label="Who covers?",
        help_text="They see and do what this person does, only while this person is away.",
    )
    second = PersonField(
        label="And if they are away too?", help_text="They act only while the first one is away as well."
    )
    presence = forms.ChoiceField(
        label="Is this person away, or going to be?",
        choices=[(HERE, "No"), (AWAY, "Yes")],
        widget=Radios(reveals={AWAY: ["away_from", "away_until", "reason"]}),
        error_messages={"required": "Choose yes or no."},
    )
    away_from = DayField(label="First day away", required=False)
    away_until = DayField(
        label="Last day away", help_text="Leave this empty if it is not known yet.", required=False
    )
    reason = forms.ChoiceField(
        label="What do we tell others?",
        choices=[(each, each[:1].upper() + each[1:]) for each in REASONS],
        widget=Radios(),
        required=False,
    )
    sure = forms.BooleanField(label="Yes, do it", required=False)

    def __init__(self, *args: Any, seat: Seat, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _as_it_is(seat))
        super().__init__(*args, **kwargs)
        self.seat, self.today = seat, today
        for each in (seat.deputy, seat.second_deputy):
            if each is not None:  # from elsewhere, and still to be seen
                self.people.setdefault(each.pk, each)
        for name in ("deputy", "second"):
            self.offer(name, first=NOBODY, but=seat.user_id)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("presence") == AWAY:
            self.need("away_from", "Enter the first day away.")
            self.need("reason", "Choose what others are told.")
            self.in_order("away_from", "away_until")
        loses = [] if self.errors else self.who_stops_acting()
        if loses and not said.get("sure"):
            self.add_error("sure", f"{' and '.join(loses)} would stop acting here today. Tick to say so.")
        if not loses:
            del self.fields["sure"]
        return said

    def who_stops_acting(self) -> list[str]:
        """Who acts in this seat today by cover, and would not any more; by name."""
        before = self.seat
        after = Seat(
            user_id=before.user_id,
            kind=before.kind,
            deputy=self.picked("deputy"),
            second_deputy=self.picked("second"),
            away_from=self.absence.first,
            away_until=self.absence.last,
        )
        after.closure_row = before.closure_row
        after.deputy_away = before.deputy_away and after.deputy_id == before.deputy_id
        gone = set(before.stand_ins(self.today)) - set(after.stand_ins(self.today))
        return sorted(self.people[pk].full_name for pk in gone if pk in self.people)

    @property
    def absence(self) -> Absence:
        said = self.cleaned_data
        if said["presence"] == HERE:
            return Absence()
        return Absence(said["away_from"], said["away_until"], said["reason"])


def _as_it_is(seat: Seat) -> dict[str, Any]:
    return {
        "deputy": seat.deputy_id,
        "second": seat.second_deputy_id,
        "presence": AWAY if seat.away_from else HERE,
        "away_from": seat.away_from,
        "away_until": seat.away_until,
        "reason": seat.away_reason or REASONS[0],
    }


class ShutForm(PeopleForm):
    """When a setting is shut, and who acts for it meanwhile."""

    name = PlainLine(label="Why is it shut?", help_text="For example: the Christmas holidays", max_length=80)
    first = DayField(label="First day")
    last = DayField(label="Last day")
    cover = PersonField(
        label="Who acts for it then?",
        help_text="They see and do what its people do, on those days. The time to answer runs on.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("cover", first=CHOOSE)

    def clean(self) -> dict[str, Any]:
        self.need("cover", "Choose who acts then. Else nobody would answer.")
        self.in_order("first", "last")
        return self.cleaned_data


class DetailsForm(Form):
    """A setting's number; for the business unit also whether it is outside the log, and which addresses
    are its organisation's."""

    phone = PhoneField(label="Phone number", help_text="Answered by somebody who can find the right person.")
    outside = forms.BooleanField(
        label="It does not use the log",
        help_text="The business unit calls it, and writes down what it says.",
        required=False,
    )
    domains = PlainLine(
        label="Work addresses end in",
        help_text="Such as merton.gov.uk; several with spaces between. Whoever has one can ask for a seat "
        "in any service of this organisation. Its lead says yes or no.",
        max_length=200,
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )

    def __init__(self, *args: Any, whole: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not whole:
            del self.fields["outside"], self.fields["domains"]

    def clean_domains(self) -> list[str]:
        """Each once; refused where it is no domain, or anybody can have an address there."""
        domains = words_of(self.cleaned_data["domains"])
        if wrong := wrong_with(domains):
            raise ValidationError(wrong, code="domain")
        return domains
