"""Who must not see a challenge, and who is let in."""

from collections.abc import Iterable

from django import forms

from core.web.forms import Form, PlainLine, PlainText, Radios, SearchSelect
from escalation.access.models import ConflictReason, GrantKind
from escalation.accounts.forms import AsksPassword, password_box
from escalation.accounts.models import Setting, User
from escalation.challenges.services import LEAST_REASON, SEATS

ME, ANOTHER = "me", "another"


class ConflictForm(Form):
    """Oneself, or one of the people that this person can name; then why."""

    who = forms.ChoiceField(
        label="Who must not see this challenge?",
        widget=Radios(
            hints={ME: "You will not see it any more. Only the business unit can let you back in."},
            reveals={ANOTHER: ["person"]},
        ),
        error_messages={"required": "Choose who must not see it."},
    )
    person = forms.ChoiceField(
        label="Who?",
        required=False,
        widget=SearchSelect(),
        error_messages={"invalid_choice": "Choose somebody from the list."},
    )
    reason = forms.ChoiceField(
        label="Why?",
        choices=ConflictReason.choices,
        widget=Radios(),
        error_messages={"required": "Choose the reason."},
    )

    def __init__(self, *args: object, people: Iterable[User], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        # Without their jobs: a raiser whose name is withheld is known by theirs.
        named = [(str(user.pk), user.full_name) for user in people]
        self.set_choices("who", [(ME, "I must not"), *([(ANOTHER, "Somebody else")] if named else [])])
        self.set_choices("person", [("", "Choose a person"), *named])

    def clean(self) -> dict[str, object]:
        if self.cleaned_data.get("who") == ANOTHER:
            self.need("person", "Choose who.")
        return self.cleaned_data

    @property
    def is_me(self) -> bool:
        return bool(self.cleaned_data["who"] == ME)


class LetInForm(Form):
    """Whom the business unit lets in as what; a cover also for which seat, instead of whom."""

    kind = forms.ChoiceField(
        label="As what?",
        choices=[(kind.value, kind.label) for kind in (GrantKind.CHAIR, GrantKind.MEMBER, GrantKind.COVER)],
        widget=Radios(reveals={GrantKind.COVER.value: ["setting", "seat", "instead_of"]}),
        error_messages={"required": "Choose as what they are let in."},
    )
    user = forms.ChoiceField(
        label="Who?", widget=SearchSelect(), error_messages={"required": "Choose who is let in."}
    )
    setting = forms.ChoiceField(label="For which service?", required=False)
    seat = forms.ChoiceField(
        label="With which seat?",
        required=False,
        choices=[("", "Choose a seat"), *((kind.value, kind.label) for kind in SEATS)],
    )
    instead_of = forms.ChoiceField(label="Instead of whom?", required=False, widget=SearchSelect())
    asked = forms.BooleanField(
        label="I asked them if they have a conflict of interest. They have none.",
        error_messages={"required": "Ask them first, and say so here."},
    )

    def __init__(
        self,
        *args: object,
        people: Iterable[User],
        members: Iterable[User],
        services: Iterable[Setting],
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("user", "Choose a person", people)
        self._offer("instead_of", "Nobody", members)
        self._offer("setting", "Choose a service", services)

    def _offer(self, name: str, nothing: str, rows: Iterable[User] | Iterable[Setting]) -> None:
        self.set_choices(name, [("", nothing), *((str(row.pk), str(row)) for row in rows)])

    def clean(self) -> dict[str, object]:
        if self.cleaned_data.get("kind") == GrantKind.COVER:
            self.need("setting", "Choose the service.")
            self.need("seat", "Choose the seat.")
        return self.cleaned_data


class IndependentForm(Form):
    """Who acts for the asking service where both services have the same lead."""

    asking = forms.ChoiceField(
        label="Which service asks?", widget=SearchSelect(), error_messages={"required": "Choose a service."}
    )
    asked = forms.ChoiceField(
        label="Which service is asked?",
        widget=SearchSelect(),
        error_messages={"required": "Choose a service."},
    )
    user = forms.ChoiceField(
        label="Who is the independent lead?",
        help_text="A lead or head of service of another service.",
        widget=SearchSelect(),
        error_messages={"required": "Choose a person."},
    )

    def __init__(
        self, *args: object, people: Iterable[User], services: Iterable[Setting], **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)
        settings = [
            ("", "Choose a service"),
            *((str(each.pk), f"{each}, {each.organisation}") for each in services),
        ]
        leads = [("", "Choose a person"), *((str(each.pk), str(each)) for each in people)]
        self.set_choices("asking", settings)
        self.set_choices("asked", settings)
        self.set_choices("user", leads)


class BreakGlassForm(AsksPassword):
    """Which challenge, why, and the password again."""

    reference = PlainLine(
        label="The challenge’s reference",
        help_text="Whoever called you can read it out. For example, H7K 2M4Q",
        max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
        error_messages={"required": "Enter the reference."},
    )
    reason = PlainText(
        label="Why can’t it wait?",
        help_text=f"At least {LEAST_REASON} characters. The business unit reads this. No names.",
        rows=4,
        max_length=2000,
        error_messages={"required": "Say why it can’t wait."},
    )
    password = password_box(help_text="")

    def clean_reason(self) -> str:
        reason = str(self.cleaned_data["reason"]).strip()
        if len(reason) < LEAST_REASON:
            raise forms.ValidationError(f"Say why in at least {LEAST_REASON} characters.")
        return reason
