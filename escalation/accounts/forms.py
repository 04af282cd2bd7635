"""The form with which people sign in."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone

from .models import User
from .sign_in import forget_failures, must_wait, note_failure

WRONG = "We do not know this e-mail address with this password. Check both and try again."
WAIT = "There were too many tries. Wait 15 minutes, then try again."


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
        now = timezone.now()
        if must_wait(email, now=now):
            raise ValidationError(WAIT, code="wait")
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            note_failure(email, now=now)
            raise
        forget_failures(email)
        return cleaned


def password_again(user: User, password: str, *, now: datetime) -> str:
    """The password of who is signed in already; failures count as those of signing in do.

    Raises ValidationError with what to do.
    """
    if must_wait(user.email, now=now):
        raise ValidationError(WAIT, code="wait")
    if not user.check_password(password):
        note_failure(user.email, now=now)
        raise ValidationError("This is not your password. Try again.", code="password")
    return password
