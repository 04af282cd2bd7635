"""The last page before sending: everything that was written, and what is still missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.choices import flatten_choices

from core.machine import Refused
from core.web.dates import long_day, short_date
from core.web.forms import TimeInput
from core.web.numbered import request_id
from escalation.access.standing import Standing, standing_from
from escalation.accounts.models import Setting, User
from escalation.challenges.counterparts import seats_to_send, settings_of
from escalation.challenges.forms.raising import (
    SERVICE_BOXES,
    ChildForm,
    Directory,
    NamedPerson,
    Page,
    WhoForm,
    WorryForm,
    compose,
)
from escalation.challenges.forms.warnings import WATCHED, TickForm, tick_for, warnings
from escalation.challenges.models import Challenge
from escalation.challenges.services import NewChallenge, raise_challenge
from escalation.challenges.views.raising import (
    TITLES,
    UNIT_CALLS,
    RaiseView,
    chosen_in,
    danger_of,
    uuids_among,
)
from escalation.challenges.views.start import phones
from escalation.directory.acting import STAGE_SEAT, Actor, cover_note, who_acts
from escalation.policy import Policy
from escalation.policy.clock import reckon
from escalation.rulebook.queries import closed_days

AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class Expected:
    """Who will act for a service, in one line, and by when, if it is sent now ("" where no time is given)."""

    service: str
    who: str
    by: str


@dataclass(frozen=True)
class Row:
    """One line of the last look: the question, and the answer as it was typed."""

    label: str
    text: str


class Check(RaiseView):
    """The last look: all as it will be sent, what is missing, what looks like a name; and the button."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._render(self._pages(), HTTPStatus.OK)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send. The draft's own uuid is the key: the second click finds what the first one sent."""
        pages = self._pages()
        if not _complete(pages):
            return self._render(pages, HTTPStatus.UNPROCESSABLE_ENTITY)
        tick = self._tick(request.POST)
        if tick and not tick.is_valid():
            return self._render(pages, HTTPStatus.UNPROCESSABLE_ENTITY, tick=tick)
        try:
            sent = self._send(pages)
        except Refused as refused:
            return self._render(pages, HTTPStatus.UNPROCESSABLE_ENTITY, tick=tick, refused=refused.sentence)
        return redirect("challenges:sent", uuid=sent.uuid)

    def _tick(self, data: Mapping[str, Any] | None = None) -> TickForm | None:
        """The tick that an NHS number needs, in whichever box it stands."""
        texts = [self.words.get(box, "") for boxes in WATCHED.values() for box in boxes]
        tick = tick_for(texts, self.version.policy)
        return TickForm(tick, data) if tick else None

    def _composed(self, pages: Mapping[str, Page]) -> NewChallenge:
        """What the pages say, once they are complete."""
        who, worry, child = pages["who"], pages["worry"], pages["child"]
        if not (isinstance(who, WhoForm) and isinstance(worry, WorryForm) and isinstance(child, ChildForm)):
            raise TypeError("the three pages, by name")
        return compose(who, worry, child, danger=self.words, policy=self.version.policy)

    def _expected(self, new: NewChallenge) -> list[Expected]:
        """For each service asked, as if it were sent now."""
        policy, now = self.version.policy, timezone.now()
        stage = policy.stage(new.start_stage or policy.first.number)
        by, kind = _answer_by(new, policy, now), STAGE_SEAT[stage.seniority]
        return [
            Expected(setting.name, self._who(setting, person, kind), by)
            for setting, person in new.asked.items()
        ]

    def _who(self, setting: Setting, person: User | None, kind: str) -> str:
        if setting.outside:
            return UNIT_CALLS
        return cover_note(self._actors(setting, person, kind)) or NOBODY_NAMED

    def _actors(self, setting: Setting, person: User | None, kind: str) -> list[Actor]:
        return who_acts(self.seats, setting, person=person, kind=kind, day=timezone.localdate())

    def _send(self, pages: Mapping[str, Page]) -> Challenge:
        return raise_challenge(
            self._composed(pages),
            by=self.user,
            standing=self.standing,
            key=self.uuid,
            policy=self.version,
            now=timezone.now(),
            draft=self.draft,
            seats=self.seats,
            request_id=request_id(self.request),
        )

    def _pages(self) -> dict[str, Page]:
        return {page: self.make(page, self.words, bound=True) for page in TITLES}

    def read_standing(self) -> Standing:
        """One's own seats and those of the services asked, in one statement: sending has a budget of them."""
        chosen = uuids_among(chosen_in(self.words))
        today = timezone.localdate()
        self.seats = seats_to_send(self.user, chosen, named=_named(self.words), today=today)
        return standing_from(self.user, self.seats, today=today)

    def directory(self, words: Mapping[str, str]) -> Directory:
        """Only the services of this challenge and one's own: there is nothing to choose here."""
        services = {seat.setting.pk: seat.setting for seat in self.seats if seat.setting}
        missing = set(chosen_in(words)) - {str(each.uuid) for each in services.values()}
        if missing:  # nobody holds a seat there
            services |= {each.pk: each for each in settings_of(uuids_among(missing))}
        return self._directory(list(services.values()), words)

    def _render(
        self,
        pages: Mapping[str, Page],
        status: HTTPStatus,
        *,
        tick: TickForm | None = None,
        refused: str = "",
    ) -> HttpResponse:
        change = {page: f"{self.url_of(page)}?then=check" for page in TITLES}
        wrong = [page for page, form in pages.items() if not form.is_valid()]
        seen = warnings(self.words, self.version.policy)
        expected = self._expected(self._composed(pages)) if _complete(pages) else []
        context = {
            "uuid": self.uuid,
            "draft": self.draft,
            "rows": [(change[page], TITLES[page], _answers(form)) for page, form in pages.items()],
            "missing": [(change[page], TITLES[page], _first_error(pages[page])) for page in wrong],
            "refused": refused,
            "expected": expected,
            "tick": tick or self._tick(),
            "seen": [(change[one.page], one) for one in seen],
            "silent": not self.words.get("voice", "").strip(),
            "worry_url": change["worry"],
            "danger": danger_of(self.words),
            "phones": phones(),
        }
        return render(self.request, "challenges/raise_check.html", context, status=status)


NOBODY_NAMED = "Nobody is named there yet."


def _complete(pages: Mapping[str, Page]) -> bool:
    return all(page.is_valid() for page in pages.values())


def _answer_by(new: NewChallenge, policy: Policy, now: datetime) -> str:
    """ "Thu 26 Nov, 5pm", if it is sent now; "" where the policy publishes no time."""
    number = new.start_stage or policy.first.number
    clocks = [m.clock(fast=new.fast) for m in policy.stage(number).milestones if m.name == "reply"]
    clock = next((clock for clock in clocks if clock), None)
    if clock is None:
        return ""
    closed = closed_days(now.date(), now.date() + AHEAD)
    return short_date(reckon(now, *clock, closed=closed, needed_by=new.needed_by).due, now=now)


def _named(words: Mapping[str, str]) -> list[int]:
    """Row ids of the people named beside the services."""
    named = [words.get(box.replace("asked", "counterpart"), "") for box in SERVICE_BOXES]
    return [int(pk) for pk in named if pk.isdecimal() and len(pk) < 19]


def _first_error(form: Page) -> str:
    return next((str(error) for errors in form.errors.values() for error in errors), "")


def _answers(form: Page) -> list[Row]:
    """The questions of a page with their answers; what was left empty is not there."""
    rows = [Row(str(bound.label), _read_back(form, bound)) for bound in form]
    return [row for row in rows if row.text]


def _read_back(form: Page, bound: forms.BoundField) -> str:
    """A day or a time as it was understood, in full; all else as it was typed or chosen."""
    understood = form.cleaned_data.get(bound.name)
    if isinstance(understood, date):
        return long_day(understood)
    if isinstance(understood, time):
        return str(TimeInput().format_value(understood))
    return _answer(bound.field, str(bound.value() or ""))


def _answer(field: forms.Field, typed: str) -> str:
    """What was typed, or the words of the choice that was made."""
    if isinstance(field, forms.BooleanField):
        return "Yes" if typed else ""
    if not isinstance(field, forms.ChoiceField):
        return typed.strip()
    choices: dict[str, str] = dict(flatten_choices(cast(Any, field.choices)))
    named = isinstance(field, NamedPerson)  # nobody named is an answer: their lead is asked
    return str(choices.get(typed, "")) if typed or named else ""
