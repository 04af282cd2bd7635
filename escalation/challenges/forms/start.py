"""The question after "Yes, a child is in danger": who is acting?"""

from datetime import datetime, timedelta
from typing import Any

from django import forms

from core.web.dates import LONDON
from core.web.forms import Form, PlainLine, Radios, TimeOfDayField

CALLED, CHECKED, NOBODY = "called", "checked", "nobody"


class DangerForm(Form):
    """Who is acting for the child. The third answer asks for nothing, so it can stop nobody (rule 1)."""

    acting = forms.ChoiceField(
        label="Who is acting for the child?",
        choices=[
            (CALLED, "I called"),
            (CHECKED, "Someone else is acting, and I checked"),
            (NOBODY, "I tried, and nobody is acting"),
        ],
        widget=Radios(
            hints={NOBODY: "You can go on. It starts with the leads at once. Call them too."},
            reveals={
                CALLED: ["called_who", "called_at"],
                CHECKED: ["checked_who", "checked_at"],
                NOBODY: ["tried_who", "tried_at"],
            },
        ),
        error_messages={"required": "Choose who is acting for the child."},
    )
    called_who = PlainLine(label="Who took the call?", help_text="Their job is enough.", required=False)
    called_at = TimeOfDayField(label="What time?", help_text="For example, 2:20pm", required=False)
    checked_who = PlainLine(label="Who is acting?", help_text="Their job is enough.", required=False)
    checked_at = TimeOfDayField(label="What time did you check?", required=False)
    tried_who = PlainLine(label="Who did you try? (if you have time)", required=False)
    tried_at = TimeOfDayField(label="What time? (if you have time)", required=False)

    def clean(self) -> dict[str, Any]:
        """A call needs who and when; what belongs to another answer is never asked for."""
        acting = self.cleaned_data.get("acting")
        if acting == CALLED:
            self.need("called_who", "Say who took the call. Their job is enough.")
            self.need("called_at", "Enter the time of the call.")
        if acting == CHECKED:
            self.need("checked_who", "Say who is acting. Their job is enough.")
            self.need("checked_at", "Enter the time when you checked.")
        if acting == NOBODY:
            for name in ("tried_who", "tried_at"):
                self.errors.pop(name, None)  # a slip in a box that need not be filled must not stop anybody
        return self.cleaned_data

    def answer(self, *, now: datetime) -> dict[str, str]:
        """What is kept: who is acting, who that is, and when ("" where not said), as an ISO moment.

        A time of day is today's; one that is still to come was yesterday's.
        """
        acting = self.cleaned_data["acting"]
        prefix = {CALLED: "called", CHECKED: "checked", NOBODY: "tried"}[acting]
        hour = self.cleaned_data.get(f"{prefix}_at")
        when = ""
        if hour is not None:
            moment = datetime.combine(now.astimezone(LONDON).date(), hour, tzinfo=LONDON)
            when = (moment if moment <= now else moment - timedelta(days=1)).isoformat()
        return {
            "danger_acting": acting,
            "danger_who": self.cleaned_data.get(f"{prefix}_who", ""),
            "danger_when": when,
        }
