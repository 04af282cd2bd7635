"""What a list of challenges can be narrowed by. What cannot be read is left out, with a message, and kept.

Addresses hold codes, dates, a setting's random id and a reference; no words about a child or a person.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from core.text.reference import SIGNS, normalised
from core.web.forms import DayField, Form, SearchSelect
from escalation.access.standing import Standing
from escalation.accounts.models import Setting
from escalation.challenges.models import Challenge, Party, PartyRole
from escalation.challenges.reference import spoken
from escalation.challenges.workflow import OPEN, Status
from escalation.challenges.worklist import Days, Need, midnight_after, needing
from escalation.policy import Policy
from escalation.policy.clock import LONDON
from escalation.policy.words import long_date

DEFAULT_SHOW, DEFAULT_SORT = "open", "due"
LENGTH = 7
MANY = 20
"""More choices than this, and there is a box to make their list shorter."""
NARROWING = ("stage", "setting", "about", "side", "fast", "need", "due_from", "due_by", "reference")
"""The questions that narrow a list; the other two say which part of it is shown, and in what order."""

SHOW_CHOICES = (
    (
        "Open",
        (
            ("open", "All open"),
            ("ours", "Our turn"),
            ("theirs", "Their turn"),
            ("hold", "On hold"),
            ("overdue", "Overdue"),
            *((status.value, status.label) for status in OPEN if status != Status.ON_HOLD),
        ),
    ),
    (
        "Closed",
        (
            ("ended", "All closed"),
            ("actions", "Closed, actions open"),
            ("asked", "We ask you"),
            (Status.CLOSED.value, "Closed, all done"),
            *((status.value, status.label) for status in (Status.WITHDRAWN, Status.TRANSFERRED, Status.VOID)),
        ),
    ),
    ("Both", (("any", "Open and closed"),)),
)
SORT_CHOICES = (
    ("due", "Due soonest first"),
    ("-due", "Due latest first"),
    ("-opened", "Newest first"),
    ("opened", "Oldest first"),
    ("stage", "Lowest stage first"),
    ("-stage", "Highest stage first"),
    ("reference", "Reference, 2 to Z"),
    ("-reference", "Reference, Z to 2"),
)
SIDES = (("raised", "Raised by our side"), ("asked", "Asked of our side"))
PACES = (("yes", "Fast track only"), ("no", "Without fast track"))

Choices = Iterable[tuple[str, Any]]


class ReferenceField(forms.CharField):
    """A reference as people write or say it, whole or its beginning: "k7m 4qx9", "K7M"."""

    def clean(self, value: Any) -> str:
        """As it is stored; raises ValidationError for what no reference can begin with."""
        typed = normalised(str(value or ""))
        if len(typed) > LENGTH or any(sign not in SIGNS for sign in typed):
            raise ValidationError(
                "A reference has seven letters and numbers, like K7M 4QX9. Check what you typed."
            )
        return typed


class DayFilter(django_filters.Filter):  # type: ignore[misc]  # django-filter has no types
    """A London day, as people write it."""

    field_class = DayField


class ReferenceFilter(django_filters.Filter):  # type: ignore[misc]  # django-filter has no types
    field_class = ReferenceField


def _choice(label: str, wrong: str, *, choices: Choices = (), **details: Any) -> django_filters.ChoiceFilter:
    details.setdefault("empty_label", "Any")
    return django_filters.ChoiceFilter(
        label=label, choices=choices, error_messages={"invalid_choice": wrong}, **details
    )


class ListForm(Form):
    """What a list can be narrowed by; two days the wrong way round are said, and not used."""

    def is_optional(self, name: str) -> bool:
        """Nothing of it has to be set, so nothing says so."""
        return False

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("due_from"), self.cleaned_data.get("due_by")
        if first and last and last < first:
            self.add_error("due_by", "This day is before the other one. Enter the same day or a later one.")
        return self.cleaned_data


class WorkFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Narrows `annotated` challenges; `show` and `sort` are left to the page, which counts every show.

    `settings` are those that can be chosen; `policies` give the stages and the words there are.
    """

    show = _choice(
        "Show",
        "There is no such list. Choose what to show.",
        choices=SHOW_CHOICES,
        method="later",
        empty_label=None,
    )
    stage = _choice("Stage", "There is no such stage here. Choose one.", method="at_stage")
    setting = _choice(
        "Setting",
        "That setting is in none of these challenges. Choose one.",
        method="with_setting",
    )
    about = _choice("What it is about", "Choose what it is about.", method="about_what")
    side = _choice("Who asked", "Choose who asked.", choices=SIDES, method="on_side")
    fast = _choice("Fast track", "Choose fast track or not.", choices=PACES, method="at_pace")
    need = _choice("What it needs", "There is no such need.", choices=Need.choices, method="in_need")
    sort = _choice(
        "Order", "There is no such order. Choose one.", choices=SORT_CHOICES, method="later", empty_label=None
    )
    reference = ReferenceFilter(label="Reference", method="with_reference")
    due_from = DayFilter(label="Due from", method="due_since", help_text="Like 31 12 2026, or today")
    due_by = DayFilter(label="Due by", method="due_until", help_text="Like 31 12 2026, or today")

    class Meta:
        form = ListForm

    def __init__(
        self,
        data: QueryDict,
        queryset: QuerySet[Challenge],
        *,
        standing: Standing,
        settings: Iterable[Setting],
        policies: Mapping[int, Policy],
        on: Days,
    ) -> None:
        super().__init__(data, queryset)
        self.standing, self.on = standing, on
        self._offer("stage", stage_choices(policies.values()))
        self._offer("setting", [(str(setting.uuid), setting.name) for setting in settings])
        if len(self.filters["setting"].extra["choices"]) > MANY:
            self.filters["setting"].extra["widget"] = SearchSelect
        self._offer("about", about_choices(policies.values()))
        if not standing.settings | standing.partner_organisations:
            del self.filters["side"]
        if not standing.in_business_unit:
            del self.filters["need"]
        for name in ("due_from", "due_by", "reference"):
            self.form.fields[name].widget.attrs.update(
                {"autocomplete": "off", "class": "govuk-input--width-10"}
            )

    def _offer(self, name: str, choices: Choices) -> None:
        self.filters[name].extra["choices"] = list(choices)

    @cached_property
    def asked(self) -> dict[str, Any]:
        """What was asked for and could be read, by name."""
        self.form.full_clean()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def showing(self) -> str:
        return str(self.asked.get("show", DEFAULT_SHOW))

    @property
    def order(self) -> str:
        return str(self.asked.get("sort", DEFAULT_SORT))

    def in_words(self) -> list[tuple[str, str]]:
        """What narrows the list: the name of a field and, in words, what it is set to."""
        return [(name, self._said(name, self.asked[name])) for name in NARROWING if name in self.asked]

    def _said(self, name: str, value: Any) -> str:
        if isinstance(value, date):
            return f"{self.filters[name].label} {long_date(value)}"
        if name == "reference":
            return f"Reference {spoken(value).strip()}"
        label = self.label_of(name, value)
        return f"Stage {label}" if name == "stage" else label

    def label_of(self, name: str, value: str) -> str:
        """A choice in words."""
        return _label_of(value, self.filters[name].extra["choices"])

    def later(self, challenges: QuerySet[Challenge], name: str, value: str) -> QuerySet[Challenge]:
        """Left to the page."""
        return challenges

    def at_stage(self, challenges: QuerySet[Challenge], name: str, value: str) -> QuerySet[Challenge]:
        return challenges.filter(stage=int(value))

    def with_setting(self, challenges: QuerySet[Challenge], name: str, value: str) -> QuerySet[Challenge]:
        return challenges.filter(Exists(Party.objects.filter(challenge=OuterRef("pk"), setting__uuid=value)))

    def about_what(self, challenges: QuerySet[Challenge], name: str, value: str) -> QuerySet[Challenge]:
        """ "about:plan" as the raiser chose, "issue:drift" as the lead coded it."""
        vocabulary, code = value.split(":", 1)
        return challenges.filter(issue=code) if vocabulary == "issue" else challenges.filter(about=code)

    def on_side(self, challenges: QuerySet[Challenge], name: str, value: str) -> QuerySet[Challenge]:
        role = PartyRole.RAISING if value == "raised" else PartyRole.RESPONDING
        mine = Q(setting__in=self.standing.settings) | Q(
            setting__organisation__in=self.standing.partner_organisations
        )
        return challenges.filter(Exists(Party.objects.filter(mine, challenge=OuterRef("pk"), role=role)))

    def at_pace(self, challenges: QuerySet[Challenge], name: str, value: str) -> QuerySet[Challenge]:
        return challenges.filter(fast=value == "yes")

    def in_need(self, challenges: QuerySet[Challenge], name: str, value: str) -> QuerySet[Challenge]:
        return challenges.filter(needing(value, self.on))

    def due_since(self, challenges: QuerySet[Challenge], name: str, value: date) -> QuerySet[Challenge]:
        return challenges.filter(Q(shown_due__gte=datetime.combine(value, time(), tzinfo=LONDON)))

    def due_until(self, challenges: QuerySet[Challenge], name: str, value: date) -> QuerySet[Challenge]:
        return challenges.filter(Q(shown_due__lt=midnight_after(value)))

    def with_reference(self, challenges: QuerySet[Challenge], name: str, value: str) -> QuerySet[Challenge]:
        return challenges.filter(reference__startswith=value)


def _label_of(value: str, choices: Choices) -> str:
    for code, label in choices:
        if code == value:
            return str(label)
        if isinstance(label, list | tuple) and (found := dict(label).get(value)):
            return str(found)
    return value


def stage_choices(policies: Iterable[Policy]) -> list[tuple[str, str]]:
    """By number; named where all policies in use call it the same."""
    names: dict[int, set[str]] = {}
    for stage in (stage for policy in policies for stage in policy.stages):
        names.setdefault(stage.number, set()).add(stage.name)
    return [
        (str(number), f"{number} {next(iter(called))}" if len(called) == 1 else str(number))
        for number, called in sorted(names.items())
    ]


def about_choices(policies: Iterable[Policy]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The raiser's plain choices, then the issues as leads code them."""
    policies = list(policies)
    headings = (("about", "As it was raised"), ("issue", "As the lead coded it"))
    return [(title, _terms(policies, vocabulary)) for vocabulary, title in headings]


def _terms(policies: Iterable[Policy], vocabulary: str) -> list[tuple[str, str]]:
    found = {term.code: term.label for policy in policies for term in policy.vocabularies.get(vocabulary, ())}
    return [(f"{vocabulary}:{code}", label) for code, label in found.items()]
