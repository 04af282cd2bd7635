"""The forms of the second step, and of asking for a lost one to be taken away."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from core.web.forms import Form, PlainLine, Radios
from core.web.numbered import request_id
from escalation.accounts.comings import By
from escalation.accounts.events import How
from escalation.accounts.forms import (
    BUSY,
    HALF_WIDTH,
    WAIT,
    AsksPassword,
    password_box,
)
from escalation.accounts.models import User, plain_email
from escalation.accounts.sign_in import (
    forget_failures,
    must_wait,
    note_failure,
    own_browser,
    turn_to_check,
)

from .models import MailedCode, Newcomer, Sure
from .passkeys import is_new_key
from .queries import may_ask_for
from .services import mail_code, use_app_code, use_mailed_code, use_passkey, use_printed_code

WRONG_CODE = "This code is wrong, or was used before. Wait until your app shows the next one, then type that."
WRONG_PRINTED = "This is none of your printed codes, or it was used before. Check it and try again."
WRONG_MAILED = "This code is wrong, or no longer works. Check the newest mail, or ask for another code."
WRONG_PASSKEY = "The passkey did not work. Try again, or use another way."
NOBODY = "Nobody of yours has this address. Check it, or ask the business unit."


def _code_box(label: str, help_text: str, *, needed: str, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=40,
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-10", "autocomplete": "off", "spellcheck": "false", **attrs}
        ),
        error_messages={"required": needed},
    )


class AnswerField(forms.JSONField):
    """Hidden: a script writes into it what the browser answers, an object."""

    widget = forms.HiddenInput
    default_error_messages = {"required": WRONG_PASSKEY, "invalid": WRONG_PASSKEY}

    def to_python(self, value: Any) -> Any:
        answer = super().to_python(value)
        if not isinstance(answer, dict):
            raise ValidationError(WRONG_PASSKEY, code="invalid")
        return answer


def app_code_box() -> forms.CharField:
    return _code_box(
        "Code from your app",
        "Six numbers. A new one comes every half minute.",
        needed="Enter the code from your app.",
        autocomplete="one-time-code",
        inputmode="numeric",
    )


class _SecondStep(Form):
    """Failures count as those of passwords do, apart from them: the right password does not wipe them out."""

    by: By
    wrong = ""
    box = ""

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user

    def clean(self) -> dict[str, Any]:
        typed, now = self.cleaned_data.get(self.box), timezone.now()
        if not typed:
            return self.cleaned_data
        counted, browser = counted_as(self.user), own_browser(self.request, self.user.email)
        if must_wait(counted, now=now, browser=browser):
            raise ValidationError(WAIT, code="wait")
        if not self.is_right(typed, How(now, "", request_id(self.request))):
            note_failure(counted, self.by, now=now, browser=browser, whose=self.user, request=self.request)
            self.add_error(self.box, ValidationError(self.wrong, code="wrong"))
        else:
            forget_failures(counted, browser=browser)
        return self.cleaned_data

    def is_right(self, typed: Any, how: How) -> bool:
        raise NotImplementedError


def counted_as(user: User) -> str:
    """Under which name the failures of somebody's second step are counted."""
    return f"{user.email} second step"


class AppCodeForm(_SecondStep):
    by, box, wrong = By.APP, "code", WRONG_CODE
    code = app_code_box()

    def is_right(self, typed: str, how: How) -> bool:
        return use_app_code(user=self.user, typed=typed, now=how.at)


class PrintedCodeForm(_SecondStep):
    by, box, wrong = By.PRINTED, "printed", WRONG_PRINTED
    printed = _code_box(
        "One of your printed codes",
        "With or without the dashes. Cross it out: it works once.",
        needed="Enter one of your printed codes.",
        autocapitalize="none",
    )

    def is_right(self, typed: str, how: How) -> bool:
        with turn_to_check() as free:
            if not free:
                raise ValidationError(BUSY, code="busy")
            return use_printed_code(user=self.user, typed=typed, how=how)


class PasskeyForm(_SecondStep):
    """What the browser answers; a script writes it into its hidden box."""

    by, box, wrong = By.PASSKEY, "credential", WRONG_PASSKEY
    credential = AnswerField()

    def is_right(self, typed: Any, how: How) -> bool:
        return use_passkey(user=self.user, answer=typed, now=how.at)


class NewPasskeyForm(AsksPassword):
    """A name for a new passkey; what the browser answers; the password, from who is signed in already."""

    name = PlainLine(
        label="What do you call it?",
        help_text="For example: My work phone.",
        max_length=60,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
        error_messages={"required": "Give it a name."},
    )
    password = password_box()
    credential = AnswerField()

    def clean(self) -> dict[str, Any]:
        """The answer counts once, so it is looked at when all else is right."""
        if not self.errors and not is_new_key(self.cleaned_data["credential"]):
            self.add_error(None, WRONG_PASSKEY)
        return self.cleaned_data


class MailForm(Form):
    """Where the code goes. `asked` is there once the form is valid."""

    email = forms.EmailField(
        label="Work e-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        error_messages={
            "required": "Enter your work e-mail address",
            "invalid": "Enter an e-mail address like name@example.org",
        },
    )
    asked: MailedCode

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_email(self) -> str:
        email = plain_email(self.cleaned_data["email"])
        asked = mail_code(email=email, browser=own_browser(self.request, email), now=timezone.now())
        if asked is None:
            raise ValidationError(WAIT, code="wait")
        self.asked = asked
        return email


class MailedCodeForm(Form):
    """The code from the mail. `whose` is there once the form is valid: somebody's, or a newcomer's."""

    code = _code_box(
        "Code from the mail",
        "Six numbers. They work for ten minutes, in this browser.",
        needed="Enter the code from the mail.",
        autocomplete="one-time-code",
        inputmode="numeric",
    )
    whose: User | Newcomer

    def __init__(self, *args: Any, asked: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        whose = use_mailed_code(asked=self.asked, typed=code, now=timezone.now())
        if whose is None:
            raise ValidationError(WRONG_MAILED, code="wrong")
        self.whose = whose
        return code


class AgainForm(AsksPassword):
    """The password again, before how one signs in is changed."""

    password = password_box()


class SetUpForm(AsksPassword):
    """The first code of a new app. Whoever is signed in already gives their password again.

    `try_code`: sets the app up with the code; False where that is wrong.
    """

    code = app_code_box()
    password = password_box()

    def __init__(self, *args: Any, try_code: Callable[[str], bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.try_code = try_code

    def clean(self) -> dict[str, Any]:
        now, counted = timezone.now(), counted_as(self.user)
        if self.errors:
            return self.cleaned_data
        if must_wait(counted, now=now):
            raise ValidationError(WAIT, code="wait")
        if not self.try_code(self.cleaned_data["code"]):
            note_failure(counted, By.NEW, now=now, whose=self.user)
            self.add_error(
                "code", "This is not the code. Check that your phone has the right time, and try again."
            )
        return self.cleaned_data


class ResetForm(Form):
    """Whose second step is lost, and how whoever asks knows that it is them."""

    email = forms.EmailField(
        label="Their work e-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"class": HALF_WIDTH, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter their work e-mail address.",
            "invalid": "Enter an e-mail address like name@example.org",
        },
    )
    sure = forms.ChoiceField(
        label="How do you know that it is them?",
        choices=Sure.choices,
        widget=Radios(),
        error_messages={"required": "Say how you know that it is them."},
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_email(self) -> User:
        """The person. The same words for an address that nobody has and for somebody else's people."""
        email = plain_email(self.cleaned_data["email"])
        user = User.objects.filter(email=email, is_active=True).first()
        if user is None or not may_ask_for(self.by, user):
            raise ValidationError(NOBODY, code="nobody")
        return user


class PasswordForm(AsksPassword):
    """A new password; the old one too, unless they have just said by a code who they are."""

    password = password_box()
    new = forms.CharField(
        label="New password",
        help_text="12 characters or more. Three words that do not belong together are good.",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter a new password."},
    )
    again = forms.CharField(
        label="New password again",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter the new password again."},
    )

    def clean_new(self) -> str:
        new = str(self.cleaned_data["new"])
        validate_password(new, self.user)
        return new

    def clean(self) -> dict[str, Any]:
        new, again = self.cleaned_data.get("new"), self.cleaned_data.get("again")
        if new and again and new != again:
            self.add_error("again", "This is not the same as above. Enter both again.")
        return self.cleaned_data


class DecideForm(AsksPassword):
    """Yes or no; and the password, since this lets somebody in."""

    decision = forms.ChoiceField(
        label="Do you agree?",
        choices=[("yes", "Yes, take it away"), ("no", "No")],
        widget=Radios(
            hints={
                "yes": "They are signed out everywhere, and set up a new second step when they next sign in.",
                "no": "Nothing changes.",
            }
        ),
        error_messages={"required": "Say yes or no."},
    )
    password = password_box()
