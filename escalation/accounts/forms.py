"""The forms with which people sign in, and with which an administrator gives a system a key."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.sessions.models import Session
from core.web.forms import Checkboxes, Form, PlainLine, Radios

from .comings import By
from .models import User
from .scopes import SYSTEM_SCOPES, Scope
from .services import NewSystem
from .sign_in import forget_failures, must_wait, note_failure, own_browser, turn_to_check
from .wording import since

WRONG = "We do not know this e-mail address with this password. Check both and try again."
WAIT = "There were too many tries. Wait 15 minutes, then try again."
BUSY = "Many people are signing in just now. Wait a moment, then try again."


class SignInForm(AuthenticationForm):
    """Address and password. Unknown address, wrong password and a person who has left get the same words."""

    error_messages = {"invalid_login": WRONG, "inactive": WRONG}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"] = forms.EmailField(
            label="Work e-mail address",
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
            error_messages={
                "required": "Enter your work e-mail address",
                "invalid": "Enter an e-mail address like name@example.org",
            },
        )
        self.fields["password"] = forms.CharField(
            label="Password",
            strip=False,
            max_length=1000,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            error_messages={"required": "Enter your password"},
        )

    def clean(self) -> dict[str, Any]:
        email = self.cleaned_data.get("username")
        if not email or not self.cleaned_data.get("password"):
            return self.cleaned_data
        browser, now = own_browser(self.request, email), timezone.now()
        if must_wait(email, now=now, browser=browser):
            raise ValidationError(WAIT, code="wait")
        with turn_to_check() as free:
            if not free:
                raise ValidationError(BUSY, code="busy")
            try:
                cleaned: dict[str, Any] = super().clean()
            except ValidationError:
                note_failure(email, By.PASSWORD, now=now, browser=browser, request=self.request)
                raise
        forget_failures(email, browser=browser)
        return cleaned


def no_box_without_password(form: forms.Form, user: User) -> None:
    """Who signs in without a password is asked for none: their view is marked `asks_again`."""
    if not user.has_usable_password():
        del form.fields["password"]


def password_again(user: User, password: str, *, now: datetime) -> str:
    """The password of who is signed in already; failures count as those of signing in do.

    Raises ValidationError with what to do.
    """
    if must_wait(user.email, now=now):
        raise ValidationError(WAIT, code="wait")
    if not user.check_password(password):
        note_failure(user.email, By.PASSWORD, now=now, whose=user)
        raise ValidationError("This is not your password. Try again.", code="password")
    return password


def password_box(help_text: str = "So that nobody else can do this at your screen.") -> forms.CharField:
    return forms.CharField(
        label="Your password",
        help_text=help_text,
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password."},
    )


class AsksPassword(Form):
    """Asks who is signed in already for their password once more, in its `password = password_box()`.

    `asks_password`: False for whoever has just said otherwise who they are.
    """

    def __init__(self, *args: Any, user: User, asks_password: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not asks_password:
            del self.fields["password"]
        else:
            no_box_without_password(self, user)

    def clean_password(self) -> str:
        return password_again(self.user, self.cleaned_data["password"], now=timezone.now())


class ElsewhereForm(AsksPassword):
    """Where else to sign out, chosen from `sessions`; and the password, since this shuts somebody out."""

    where = forms.MultipleChoiceField(
        label="Where do you want to sign out?",
        widget=Checkboxes(),
        error_messages={"required": "Choose where to sign out."},
    )
    password = password_box()

    def __init__(self, *args: Any, sessions: Iterable[Session], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["where"].widget = Checkboxes()
        self.set_choices("where", [(str(each.uuid), since(each)) for each in sessions])


ANOTHER = "new"
HALF_WIDTH = "govuk-!-width-one-half"
"""A box as wide as what goes into it; on a phone as wide as the page."""
LASTING = {"30": "30 days", "90": "90 days", "183": "Half a year", "365": "A year"}
HINTS = {
    Scope.REPORTS.value: "Releases and their tables. Nothing that is not published.",
    Scope.DIRECTORY.value: "What services are called. No person is in it.",
}


class KeyForm(Form):
    """Which system gets a key, what for, what it opens and how long. `uuid` is this form's own."""

    not_marked = frozenset({"system_name", "email"})
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    system = forms.ChoiceField(
        label="Which system?", widget=Radios(), error_messages={"required": "Choose a system."}
    )
    system_name = PlainLine(
        label="What is it called?",
        help_text="For example: The council’s dashboard.",
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"class": HALF_WIDTH}),
    )
    email = forms.EmailField(
        label="The system’s own e-mail address",
        help_text="That of the team that looks after it. It cannot be one with which a person signs in.",
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"class": HALF_WIDTH, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"invalid": "Enter an e-mail address like name@example.org"},
    )
    name = PlainLine(
        label="What is the key for?",
        help_text="For example: Quarterly figures in Excel.",
        max_length=150,
        widget=forms.TextInput(attrs={"class": HALF_WIDTH}),
        error_messages={"required": "Say what the key is for."},
    )
    scopes = forms.MultipleChoiceField(
        label="What may it open?",
        choices=[(each, Scope(each).label) for each in SYSTEM_SCOPES],
        widget=Checkboxes(hints=HINTS),
        error_messages={"required": "Choose what it may open."},
    )
    days = forms.TypedChoiceField(
        label="How long does it work?",
        help_text="Then it ends by itself, and you make another. A short time is safer.",
        choices=list(LASTING.items()),
        coerce=int,
        widget=Radios(),
        error_messages={"required": "Choose how long it works."},
    )

    def __init__(self, *args: object, systems: Iterable[User], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.systems = {str(each.pk): each for each in systems}
        self.fields["system"].widget = Radios(reveals={ANOTHER: ("system_name", "email")})
        known = ((key, each.full_name) for key, each in self.systems.items())
        self.set_choices("system", [*known, (ANOTHER, "Another one")])
        self.link_choices()

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("system") == ANOTHER:
            self.need("system_name", "Say what the system is called.")
            self.need("email", "Enter an e-mail address like name@example.org")
        return self.cleaned_data

    @property
    def chosen(self) -> User | NewSystem:
        """The system, once the form is valid."""
        said = self.cleaned_data
        if said["system"] == ANOTHER:
            return NewSystem(said["system_name"], said["email"])
        return self.systems[said["system"]]

    @property
    def own_id(self) -> UUID:
        return UUID(str(self.cleaned_data["uuid"]))
