"""A legal hold on somebody's drafts, and why it ends."""

from django import forms

from core.web.forms import Form, PlainText
from escalation.accounts.models import User, plain_email
from escalation.challenges.services.holding import SAY_WHY
from escalation.challenges.services.letting_in import LEAST_REASON


class ReasonForm(Form):
    """Why; for the trail, and for whoever looks at it years later."""

    reason = PlainText(
        label="Why?",
        help_text=f"At least {LEAST_REASON} characters. Who asks for it, and its number there. No names.",
        rows=3,
        max_length=2000,
        error_messages={"required": SAY_WHY},
    )

    def clean_reason(self) -> str:
        reason = str(self.cleaned_data["reason"]).strip()
        if len(reason) < LEAST_REASON:
            raise forms.ValidationError(SAY_WHY)
        return reason


class HoldForm(ReasonForm):
    """Whose drafts: by their address, so that somebody who has left can be named too."""

    email = forms.EmailField(
        label="Whose drafts? Their work e-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter their work e-mail address.",
            "invalid": "Enter an e-mail address like name@example.org",
        },
    )
    field_order = ("email", "reason")
    owner: User

    def clean_email(self) -> str:
        email = plain_email(self.cleaned_data["email"])
        found = User.objects.filter(email=email).first()
        if found is None:
            raise forms.ValidationError("Nobody in the log has this address. Look at it again.")
        self.owner = found
        return email
