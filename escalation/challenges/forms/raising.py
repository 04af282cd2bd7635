"""The raise form: seven answers on three pages, each kept in a draft as it was typed.

A draft's words are what the boxes held, by the name of the box, right or wrong: `typed` reads them from
a post, and they are the initial values when the page is shown again. So every question is one box.
`compose` turns three valid pages into what is sent.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from core.text.fields import UNSTORABLE
from core.web.dates import LONDON, long_date, long_day
from core.web.forms import (
    DayField,
    Form,
    PhoneField,
    PlainLine,
    PlainText,
    Radios,
    SearchSelect,
    TimeOfDayField,
)
from escalation.accounts.models import Setting, User
from escalation.challenges.asks import NOBODY_ACTING, TOLD_BY, TOLD_BY_HINT, TOLD_BY_LABEL
from escalation.challenges.forms.start import CALLED, CHECKED, NOBODY
from escalation.challenges.services import MOST_ASKED, NewChallenge
from escalation.policy import Policy
from escalation.policy.stages import Seniority, StageKind

Words = Mapping[str, str]
MOST_SUPPORTING = 3
YES, NO = "yes", "no"
CANNOT_WAIT = "child_cannot_wait"
AGE_NOT_KNOWN = "not_known"
START_OF_DAY = time(9)
LABEL_LIMIT = 80
ASKED_BOXES = ("asked", "counterpart")
SERVICE_BOXES = (
    *(f"asked_{number}" for number in range(1, MOST_ASKED + 1)),
    *(f"supporting_{number}" for number in range(1, MOST_SUPPORTING + 1)),
)

Choices = Sequence[tuple[str, Sequence[tuple[str, str]]]]


@dataclass(frozen=True)
class Directory:
    """What the first page chooses from, by service uuid; `people` may be asked by name."""

    mine: Mapping[str, Setting]
    services: Mapping[str, Setting]
    choices: Choices
    people: Mapping[str, Sequence[User]]


class Page(Form):
    """One page of the raise form; also gives back what was typed, whether or not it can be used."""

    def typed(self) -> dict[str, str]:
        """What was posted, box by box; only what no database can hold is left out of it."""
        found = {name: str(self.data.get(name, "")) for name in self.fields}
        return {name: UNSTORABLE.sub("", value).replace("\r\n", "\n") for name, value in found.items()}


class NamedPerson(forms.ChoiceField):
    """Somebody of the service chosen beside it. Another service's person is nobody, and no error."""

    def to_python(self, value: Any) -> str:
        return str(value) if value and super().valid_value(str(value)) else ""

    def valid_value(self, value: Any) -> bool:
        return True


class WhoForm(Page):
    """Page 1: who asks, who is asked and who supports; call back; what it is about."""

    not_marked = frozenset({"asked_1", *(f"counterpart_{number}" for number in range(1, MOST_ASKED + 1))})
    raising = forms.ChoiceField(
        label="Which service are you raising this for?",
        widget=Radios(),
        error_messages={"required": "Choose the service you are raising this for."},
    )
    told_by = PlainLine(
        label=TOLD_BY_LABEL,
        help_text=TOLD_BY_HINT,
        required=False,
        widget=forms.TextInput(attrs={"data-warn": ""}),
    )
    about = forms.ChoiceField(
        label="What is it about?",
        widget=Radios(),
        error_messages={"required": "Choose what it is about."},
    )
    decision = PlainLine(
        label="Which decision, delay or plan?",
        help_text="For example, “the parenting plan has not started”. No names.",
        error_messages={"required": "Say which decision, delay or plan it is."},
        widget=forms.TextInput(attrs={"data-warn": ""}),
    )
    decision_on = DayField(
        label="When was it?",
        help_text="For example, 18 11 2026. Leave it empty if there is no date.",
        required=False,
    )
    label = PlainLine(
        label="A short name for this challenge",
        help_text="For example, “five weeks without a visit”. Everyone who may read the challenge sees it. "
        "No names.",
        max_length=LABEL_LIMIT,
        required=False,
        widget=forms.TextInput(attrs={"data-warn": ""}),
    )
    callback = PhoneField(
        label="Which number can they call you on?",
        error_messages={"required": "Give a number on which they can call you."},
    )
    best_times = PlainLine(
        label="When is it best to call you?",
        help_text="For example, “after 3pm, but not on Fridays”.",
        required=False,
    )

    def __init__(self, *args: Any, directory: Directory, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.directory = directory
        self._choose_own_service()
        if not any(setting.outside for setting in directory.mine.values()):
            del self.fields[TOLD_BY]
        _offer(self, "about", policy)
        for number in range(1, MOST_ASKED + 1):
            self._add_asked(number)
        for number in range(1, MOST_SUPPORTING + 1):
            self.fields[f"supporting_{number}"] = _service(
                "Which service supports this?" if number == 1 else "And which other?", directory.choices
            )
        self.order_fields(
            ["raising", TOLD_BY, *(f"{stem}_{n}" for n in range(1, MOST_ASKED + 1) for stem in ASKED_BOXES)]
        )

    def _choose_own_service(self) -> None:
        mine = [(uuid, setting.name) for uuid, setting in self.directory.mine.items()]
        self.set_choices("raising", mine)
        if len(mine) == 1:
            del self.fields["raising"]

    def _add_asked(self, number: int) -> None:
        label = "Which service are you asking to look again?" if number == 1 else "And which other service?"
        self.fields[f"asked_{number}"] = _service(label, self.directory.choices)
        people = self.directory.people.get(self._chosen(number), ())
        if people:
            named = [(str(user.pk), _named(user)) for user in people]
            self.fields[f"counterpart_{number}"] = NamedPerson(
                label="Who do you deal with there?",
                choices=[("", "I don’t know: ask their lead"), *named],
                widget=SearchSelect(),
                required=False,
            )

    def _chosen(self, number: int) -> str:
        source = self.data if self.is_bound else self.initial
        return str(source.get(f"asked_{number}") or "")

    def clean(self) -> dict[str, Any]:
        """One to five others, none of them one's own, and none both asked and supporting."""
        asked = self._uuids("asked", MOST_ASKED)
        if not asked and not any(f"asked_{n}" in self.errors for n in range(1, MOST_ASKED + 1)):
            self.add_error("asked_1", "Choose the service you are asking.")
        self._refuse_own()
        for number in range(1, MOST_SUPPORTING + 1):
            if self.cleaned_data.get(f"supporting_{number}") in asked:
                self.add_error(f"supporting_{number}", "A service can’t both be asked and support you.")
        return self.cleaned_data

    def _refuse_own(self) -> None:
        for name in SERVICE_BOXES:
            if self.raising_uuid and self.cleaned_data.get(name) == self.raising_uuid:
                self.add_error(
                    name, "You can’t ask your own service. Choose the service whose decision it is."
                )

    @property
    def raising_uuid(self) -> str:
        """The service it is raised for: the one chosen, or the only one there is."""
        mine = list(self.directory.mine)
        return mine[0] if len(mine) == 1 else self.cleaned_data.get("raising", "")

    @property
    def for_outside(self) -> bool:
        """Whether it is raised for a service outside the log; once the form is valid."""
        return self.directory.mine[self.raising_uuid].outside

    @property
    def who_told(self) -> str:
        """Who told it, where that is so; once the form is valid."""
        return str(self.cleaned_data.get(TOLD_BY, "")) if self.for_outside else ""

    def _uuids(self, stem: str, most: int) -> list[str]:
        found = [self.cleaned_data.get(f"{stem}_{n}") for n in range(1, most + 1)]
        return list(dict.fromkeys(uuid for uuid in found if uuid))

    def asked(self) -> dict[Setting, User | None]:
        """Each service asked, once, with the person named there, if any."""
        people = {str(user.pk): user for users in self.directory.people.values() for user in users}
        chosen: dict[Setting, User | None] = {}
        for number in range(1, MOST_ASKED + 1):
            uuid = self.cleaned_data.get(f"asked_{number}")
            if uuid:
                person = people.get(self.cleaned_data.get(f"counterpart_{number}", ""))
                setting = self.directory.services[uuid]
                chosen[setting] = chosen.get(setting) or person
        return chosen

    def supporting(self) -> tuple[Setting, ...]:
        """Each service that supports this, once."""
        return tuple(self.directory.services[uuid] for uuid in self._uuids("supporting", MOST_SUPPORTING))

    # For the template, which draws the services beside who acts there.

    def asked_rows(self) -> list[tuple[forms.BoundField, forms.BoundField | None, str]]:
        """For each place: the service, the person where there is a choice, and the service's uuid."""
        return [
            (
                self[f"asked_{n}"],
                self[f"counterpart_{n}"] if f"counterpart_{n}" in self.fields else None,
                self._chosen(n),
            )
            for n in range(1, MOST_ASKED + 1)
        ]

    def supporting_rows(self) -> list[forms.BoundField]:
        return [self[f"supporting_{n}"] for n in range(1, MOST_SUPPORTING + 1)]

    @property
    def asks_several(self) -> bool:
        return any(self._chosen(n) or f"asked_{n}" in self.errors for n in range(2, MOST_ASKED + 1))

    @property
    def has_support(self) -> bool:
        return any(bound.value() or bound.errors for bound in self.supporting_rows())


def _service(label: str, choices: Choices) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[("", "Choose a service"), *choices],
        widget=SearchSelect(),
        required=False,
        error_messages={"invalid_choice": "This service is not in the list any more. Choose another."},
    )


def _named(user: User) -> str:
    return f"{user.full_name}, {user.job_title}" if user.job_title else user.full_name


def _offer(form: Form, name: str, policy: Policy) -> None:
    """Offer the policy's vocabulary of that name, with its hints."""
    terms = policy.terms(name)
    form.set_choices(name, [(term.code, term.label) for term in terms])
    widget = form.fields[name].widget
    if isinstance(widget, Radios):
        widget.hints = {term.code: term.hint for term in terms if term.hint}


class WorryForm(Page):
    """Page 2: the worry, what was seen, the child's voice, and what is asked for by when."""

    worry = PlainText(
        label="I am worried that…",
        rows=4,
        widget=forms.Textarea(attrs={"rows": 4, "data-warn": ""}),
        error_messages={"required": "Say what you are worried about."},
    )
    heard = PlainText(
        label="I have seen or heard…",
        help_text="What you saw, what you were told, and when.",
        widget=forms.Textarea(attrs={"rows": 3, "data-warn": ""}),
        error_messages={"required": "Say what you have seen or heard."},
    )
    voice = PlainText(
        label="What has the child said or shown?",
        help_text="A baby shows us too. If you don’t know, say so.",
        widget=forms.Textarea(attrs={"rows": 3, "data-warn": ""}),
        required=False,
    )
    want = PlainText(
        label="What should happen",
        widget=forms.Textarea(attrs={"rows": 2, "data-warn": ""}),
        error_messages={"required": "Say what you would like to happen."},
    )
    want_by = DayField(
        label="By when",
        help_text="For example, 31 12 2026. Leave it empty if there is no date.",
        required=False,
    )

    def clean_want_by(self) -> Any:
        day = self.cleaned_data["want_by"]
        if day and day < timezone.localdate():
            raise forms.ValidationError("This date has passed. Enter today or a later date.")
        return day


class ChildForm(Page):
    """Page 3: which child, how old, have you spoken, is it needed sooner, and the fast track."""

    not_marked = frozenset({"show_name"})
    optional_too = frozenset({"needed_at"})
    child = forms.ChoiceField(
        label="Is it about one child?",
        choices=[("one", "Yes, or one family"), ("none", "No single child")],
        help_text="For all children on a waiting list, say, choose “No single child”.",
        widget=Radios(reveals={"one": ["our_pointer", "age_band"]}),
        error_messages={"required": "Say if it is about one child."},
    )
    our_pointer = PlainLine(
        label="The child’s number in your own system",
        help_text="No name, no date of birth, no NHS number. They find the child by phone with you.",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"data-warn": "", "class": "govuk-input--width-20"}),
    )
    age_band = forms.ChoiceField(
        label="How old is the child?",
        widget=Radios(attrs={"class": "govuk-radios--small"}),
        required=False,
    )
    spoken = forms.ChoiceField(
        label="Have you spoken to the service about this?",
        choices=[(YES, "Yes"), (NO, "Not yet")],
        widget=Radios(reveals={YES: ["spoken_on"], NO: ["not_spoken"]}),
        error_messages={"required": "Say if you have spoken to the service."},
    )
    spoken_on = DayField(label="When did you speak?", help_text="For example, 21 12 2026", required=False)
    not_spoken = PlainLine(
        label="Why not?",
        help_text="For example, “I called twice and nobody called back”. No names.",
        required=False,
        widget=forms.TextInput(attrs={"data-warn": ""}),
    )
    needed = forms.ChoiceField(
        label="Does something happen soon, so that you need it sooner?",
        choices=[(YES, "Yes"), (NO, "No")],
        help_text="For example, a conference on Thursday, or the child goes home tomorrow.",
        widget=Radios(reveals={YES: ["needed_why", "needed_on", "needed_at"]}),
        error_messages={"required": "Say if you need it sooner."},
    )
    needed_why = PlainLine(
        label="What happens?",
        help_text="For example, “the conference”. No names.",
        required=False,
        widget=forms.TextInput(attrs={"data-warn": ""}),
    )
    needed_on = DayField(label="On which day?", help_text="For example, 29 12 2026", required=False)
    needed_at = TimeOfDayField(
        label="At what time?",
        help_text="For example, 10am. If you leave it empty we use 9am.",
        required=False,
    )
    fast = forms.BooleanField(label="Use the fast track", required=False)
    show_name = forms.ChoiceField(
        label="May the service you ask see your name?",
        choices=[(YES, "Yes"), (NO, "No, only my job")],
        widget=Radios(
            hints={
                NO: "We will not show your name to the other agency; a court or the law may still "
                "require it. They call your service’s number, not yours."
            }
        ),
        initial=YES,
        required=False,
    )

    def __init__(self, *args: Any, policy: Policy, call_logged: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "age_band", policy)
        if not call_logged:
            del self.fields["fast"]

    def clean(self) -> dict[str, Any]:
        """What each answer makes necessary; days that have been, and a time still to come."""
        answers = self.cleaned_data
        if answers.get("child") == "one":
            self.need("our_pointer", "Give the child’s number in your own system.")
            self.need("age_band", "Choose how old the child is.")
        if answers.get("spoken") == YES:
            self.need("spoken_on", "Say when you spoke to the service.")
            if answers.get("spoken_on") and answers["spoken_on"] > timezone.localdate():
                self.add_error("spoken_on", "This day is still to come. Enter today or an earlier date.")
        if answers.get("spoken") == NO:
            self.need("not_spoken", "Say why you have not spoken to the service yet.")
        if answers.get("needed") == YES:
            self._check_needed()
        return answers

    def _check_needed(self) -> None:
        self.need("needed_why", "Say what happens then.")
        self.need("needed_on", "Enter the day by which you need it.")
        moment = self.needed_by
        if moment is not None and moment <= timezone.now():
            self.add_error("needed_on", "This time has passed. Enter a day and time still to come.")

    @property
    def needed_by(self) -> datetime | None:
        """When it is needed, in London; without a time of day, at the start of work."""
        day = self.cleaned_data.get("needed_on")
        if self.cleaned_data.get("needed") != YES or day is None:
            return None
        return datetime.combine(day, self.cleaned_data.get("needed_at") or START_OF_DAY, tzinfo=LONDON)


def call_logged(words: Words) -> bool:
    """Was a phone call logged, with who and when? Then the fast track is offered (rule 1)."""
    called = words.get("danger_acting") in (CALLED, NOBODY)
    return called and bool(words.get("danger_who") and words.get("danger_when"))


def leads_at_once(words: Words) -> bool:
    """Nobody is acting: it starts with the leads."""
    return words.get("danger_acting") == NOBODY


def first_lead_stage(policy: Policy) -> int:
    """The first stage at which leads talk to each other; the policy's first where it has none."""
    talks = [s for s in policy.stages if s.kind is StageKind.DIALOGUE]
    above = [s for s in talks if s.seniority is not Seniority.PRACTITIONER]
    return (above or talks)[0].number


def compose(
    who: WhoForm, worry: WorryForm, child: ChildForm, *, danger: Words, policy: Policy
) -> NewChallenge:
    """What is sent, from three valid pages and the answer after "Yes, a child is in danger"."""
    answers = child.cleaned_data
    at_leads = leads_at_once(danger)
    start_stage = first_lead_stage(policy)
    skips = at_leads and start_stage != policy.first.number
    return NewChallenge(
        raising=who.directory.mine[who.raising_uuid],
        asked=who.asked(),
        supporting=who.supporting(),
        about=who.cleaned_data["about"],
        label=who.cleaned_data["label"].strip(),
        decision_on=who.cleaned_data["decision_on"],
        age_band=answers["age_band"] if answers["child"] == "one" else AGE_NOT_KNOWN,
        our_pointer=answers["our_pointer"].strip() if answers["child"] == "one" else "",
        no_single_child=answers["child"] == "none",
        needed_by=child.needed_by,
        start_stage=start_stage if skips else None,
        skip_reason=CANNOT_WAIT if skips else "",
        fast=bool(answers.get("fast")) and call_logged(danger),
        name_withheld=answers["show_name"] == NO,
        call=_call(danger),
        words={**_worded(who, worry, child), **_acting(danger)},
    )


def _worded(who: WhoForm, worry: WorryForm, child: ChildForm) -> dict[str, str]:
    """The words that others read, by name. Dates among them are said in full."""
    want_by = worry.cleaned_data["want_by"]
    spoken_on, not_spoken = child.cleaned_data["spoken_on"], child.cleaned_data["not_spoken"]
    spoke = child.cleaned_data["spoken"] == YES
    return {
        TOLD_BY: who.who_told,
        "decision": who.cleaned_data["decision"],
        "callback": who.cleaned_data["callback"],
        "best_times": who.cleaned_data["best_times"],
        **{name: worry.cleaned_data[name] for name in ("worry", "heard", "voice", "want")},
        "want_by": long_day(want_by) if want_by else "",
        "spoken": f"Yes, on {long_day(spoken_on)}" if spoke else f"Not yet: {not_spoken}",
        "needed_why": child.cleaned_data["needed_why"] if child.needed_by else "",
    }


def _call(danger: Words) -> dict[str, str]:
    """Who was called or tried, and when: what was said of it, of either."""
    if danger.get("danger_acting") not in (CALLED, NOBODY):
        return {}
    said = {"who": danger.get("danger_who", ""), "when": moment_in_full(danger.get("danger_when", ""))}
    return {name: words for name, words in said.items() if words}


def _acting(danger: Words) -> dict[str, str]:
    """Who was acting when it was raised, where somebody said that a child was in danger."""
    acting, who, when = (danger.get(f"danger_{part}", "") for part in ("acting", "who", "when"))
    if acting == CHECKED:
        return {"acting": f"{who}. Checked {moment_in_full(when)}."}
    return {"acting": NOBODY_ACTING} if acting == NOBODY else {}


def moment_in_full(iso: str) -> str:
    """ "Tuesday 29 December 2026, 5pm" from an ISO moment; "" from anything else."""
    try:
        return long_date(datetime.fromisoformat(iso))
    except ValueError:
        return ""


def first_words(text: str, most: int = 60) -> str:
    """The beginning of a text on one line, for a list of one's own drafts."""
    line = re.sub(r"\s+", " ", text).strip()
    return line if len(line) <= most else f"{line[:most].rstrip()}…"
