"""Raising a challenge: three pages, each kept in a draft, a last look, sending, and what happens next.

Nothing that was posted is lost: every button keeps it, a page with mistakes too, and so does a post that
comes after the session has ended (it is kept through the sign-in, for the same person only).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from typing import Any, ClassVar, cast
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.choices import flatten_choices
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.http import require_http_methods, require_safe

from core.web import late
from core.web.dates import clock_time, nearby_day, short_day
from escalation.access.standing import Standing, request_standing, standing_from
from escalation.accounts.models import Seat, Setting, User
from escalation.challenges.counterparts import (
    Actor,
    all_settings,
    choices_of,
    cover_note,
    practitioners,
    seats_at,
    seats_to_send,
    settings_of,
    who_acts,
)
from escalation.challenges.errors import Refused
from escalation.challenges.forms.raising import (
    SERVICE_BOXES,
    ChildForm,
    Directory,
    NamedPerson,
    Page,
    WhoForm,
    WorryForm,
    call_logged,
    compose,
    first_lead_stage,
    first_words,
    leads_at_once,
    moment_in_full,
    patterns_for_page,
    warnings,
)
from escalation.challenges.models import Challenge, Draft, PartyRole
from escalation.challenges.queries import STAGE_SEAT, CaseView, PartyView, find, view_case
from escalation.challenges.reference import spoken
from escalation.challenges.services import raise_challenge, save_draft
from escalation.challenges.views.start import DANGER, phones
from escalation.challenges.wording.page import needed, nobody_acting
from escalation.policy.clock import LONDON, Reckoning, Unit
from escalation.policy.words import capital
from escalation.rulebook.models import PolicyVersion
from escalation.rulebook.queries import current_policy

UNSENT_SHOWN = 10
STARTS = (
    "The plan said… but so far…",
    "I understand you decided… I see it differently because…",
    "If nothing changes, I think the child will…",
    "Could you help me understand why…",
)
PAGES = ("who", "worry", "child", "check")
TITLES = {"who": "Who are you asking?", "worry": "What are you worried about?", "child": "About the child"}


@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Go on with a challenge that was not sent, or start one. Writes nothing: page 1's first post does."""
    if not request_standing(request).settings:
        return _no_seat(request)
    drafts = list(Draft.objects.filter(owner=_user(request))[:UNSENT_SHOWN])
    fresh = reverse("challenges:raise_who", args=[uuid4()])
    if not drafts:
        return redirect(fresh)
    rows = [(each, _words_of(each)) for each in drafts]
    return render(request, "challenges/raise.html", {"drafts": rows, "fresh": fresh})


@require_http_methods(["GET", "HEAD", "POST"])
def throw_away(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Throw one's own draft away, once one has said so twice; a second click is no error."""
    draft = Draft.objects.filter(uuid=uuid, owner=_user(request)).first()
    if request.method == "POST":
        if draft is not None:
            draft.delete()
        messages.success(request, "The draft is thrown away. Nobody had read it.")
        return redirect("challenges:list")
    if draft is None:
        raise Http404
    return render(request, "challenges/raise_throw_away.html", {"draft": draft, "words": _words_of(draft)})


def _words_of(draft: Draft) -> str:
    """By what its writer knows a draft again."""
    return first_words(draft.words.get("label") or draft.words.get("decision", ""))


def _no_seat(request: HttpRequest) -> HttpResponse:
    context = {"phones": phones()}
    return render(request, "challenges/raise_closed.html", context, status=HTTPStatus.FORBIDDEN)


def _user(request: HttpRequest) -> User:
    """Who is signed in; every view here that calls this has made sure that somebody is."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


class RaiseView(View):
    """What the pages share: whose draft it is, what it says, and the rules of today."""

    uuid: UUID
    user: User
    standing: Standing
    draft: Draft | None

    def dispatch(self, request: HttpRequest, *args: Any, uuid: UUID, **kwargs: Any) -> HttpResponseBase:
        """Only one's own draft opens; one that was sent leads to what happens next."""
        if not request.user.is_authenticated:
            return late.sign_in_first(request)
        self.uuid, self.user = uuid, _user(request)
        self.draft = Draft.objects.filter(uuid=uuid).first()
        self.standing = self.read_standing()
        if not self.standing.settings:
            return _no_seat(request)
        if self.draft is None and (sent := Challenge.objects.filter(key=uuid).first()):
            if sent.raised_by_id != self.user.pk:
                raise Http404
            return redirect("challenges:sent", uuid=sent.uuid)
        if self.draft is not None and self.draft.owner_id != self.user.pk:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def read_standing(self) -> Standing:
        """Where this person works today."""
        return request_standing(self.request)

    @cached_property
    def words(self) -> dict[str, str]:
        """The draft's words, and the answer after "Yes, a child is in danger" where that came since."""
        danger = self.request.session.get(DANGER) or {}
        return {**(self.draft.words if self.draft else {}), **danger}

    @cached_property
    def version(self) -> PolicyVersion:
        return current_policy(timezone.localdate())

    def url_of(self, page: str) -> str:
        return reverse(f"challenges:raise_{page}", args=[self.uuid])

    def make(self, page: str, words: Mapping[str, str], *, bound: bool) -> Page:
        """One page's form, filled with these words: to be checked (`bound`), or only to be shown."""
        data: dict[str, Any] = {"data": words} if bound else {"initial": {**self._prefilled(), **words}}
        policy = self.version.policy
        if page == "who":
            return WhoForm(**data, directory=self.directory(words), policy=policy)
        if page == "worry":
            return WorryForm(**data)
        return ChildForm(**data, policy=policy, call_logged=call_logged(self.words))

    def _prefilled(self) -> dict[str, str]:
        return {"callback": self.user.phone, "best_times": self.user.best_times}

    def directory(self, words: Mapping[str, str]) -> Directory:
        """Every service, and the people of those chosen; two statements."""
        return self._directory(all_settings(), words)

    def _directory(self, settings: Sequence[Setting], words: Mapping[str, str]) -> Directory:
        services = {str(each.uuid): each for each in settings}
        chosen = [services[uuid] for uuid in _chosen(words) if uuid in services]
        if not hasattr(self, "seats"):
            self.seats = seats_at(chosen)
        return Directory(
            mine={uuid: each for uuid, each in services.items() if each.pk in self.standing.settings},
            services=services,
            choices=choices_of(settings),
            people={str(each.uuid): self._people(each) for each in chosen},
        )

    seats: list[Seat]

    def _people(self, setting: Setting) -> list[User]:
        return [user for user in practitioners(self.seats, setting) if user.pk != self.user.pk]

    def keep(self, typed: Mapping[str, str]) -> Draft:
        """Save what was typed, wherever it came from; the same draft from two clicks is one draft."""
        danger = self.request.session.get(DANGER) or {}
        try:
            with transaction.atomic():
                self.draft = self._save(
                    {**danger, **typed}, self.draft or Draft(owner=self.user, uuid=self.uuid)
                )
        except IntegrityError:
            self.draft = self._save({**danger, **typed}, Draft.objects.get(uuid=self.uuid, owner=self.user))
        if danger:
            del self.request.session[DANGER]
        self.__dict__.pop("words", None)
        return self.draft

    def _save(self, words: Mapping[str, str], draft: Draft) -> Draft:
        return save_draft(owner=self.user, words=words, now=timezone.now(), draft=draft)


def _chosen(words: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(words[box] for box in SERVICE_BOXES if words.get(box)))


@method_decorator(login_not_required, name="dispatch")  # so that a late post is kept; see core/web/late.py
class PageView(RaiseView):
    """One of the three pages: Continue, Back, Save, and "See who will act" all keep what was typed."""

    page: ClassVar[str]

    def get(self, request: HttpRequest) -> HttpResponse:
        self._take_back(request)
        return self._render(self.make(self.page, self.words, bound=False), HTTPStatus.OK)

    def _take_back(self, request: HttpRequest) -> None:
        """A post that came after the session had ended goes into the draft now, for the same person only."""
        posted = late.take_back(request, self.user.pk)
        if posted is not None:
            self.keep(self.make(self.page, {box: str(posted[box]) for box in posted}, bound=True).typed())
            messages.info(request, late.SAID)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.make(self.page, request.POST.dict(), bound=True)
        self.keep(form.typed())
        act = request.POST.get("act")
        if act in ("save", "look"):
            return redirect(f"{request.get_full_path()}{'#services' if act == 'look' else '#saved'}")
        if act == "back":
            return redirect(self._neighbour(-1))
        if not form.is_valid():
            return self._render(form, HTTPStatus.UNPROCESSABLE_ENTITY)
        return redirect(self._next(request))

    def _next(self, request: HttpRequest) -> str:
        return self.url_of("check") if request.GET.get("then") == "check" else self._neighbour(1)

    def _neighbour(self, distance: int) -> str:
        place = PAGES.index(self.page) + distance
        return self.url_of(PAGES[place]) if place >= 0 else reverse("challenges:doors")

    def _render(self, form: Page, status: HTTPStatus) -> HttpResponse:
        policy = self.version.policy
        context = {
            "form": form,
            "draft": self.draft,
            "number": PAGES.index(self.page) + 1,
            "title": TITLES[self.page],
            "owner": late.seal(self.user.pk),
            "patterns": patterns_for_page(policy),
            "danger": danger_of(self.words),
            "phones": phones(),
            **self.more(form),
        }
        return render(self.request, f"challenges/raise_{self.page}.html", context, status=status)

    def more(self, form: Page) -> dict[str, Any]:
        """What only one page shows."""
        return {}


class Who(PageView):
    """Page 1: who is asked, and what it is about."""

    page = "who"

    def more(self, form: Page) -> dict[str, Any]:
        return {"acting": self._acting(form)} if isinstance(form, WhoForm) else {}

    def _acting(self, form: WhoForm) -> list[tuple[str, str]]:
        """For each service already chosen: its name, and who will act there until when."""
        services = [form.directory.services.get(uuid) for _, _, uuid in form.asked_rows()]
        chosen = list(dict.fromkeys(each for each in services if each is not None))
        policy, today = self.version.policy, timezone.localdate()
        stage = policy.stage(first_lead_stage(policy)) if leads_at_once(self.words) else policy.first
        kind = STAGE_SEAT[stage.seniority]
        acts = [(each, who_acts(self.seats, each, person=None, kind=kind, day=today)) for each in chosen]
        return [
            (each.name, cover_note(actors) or f"Nobody is named there yet. Call {each.phone}.")
            for each, actors in acts
        ]


class Worry(PageView):
    """Page 2: the worry, in the raiser's own words."""

    page = "worry"

    def more(self, form: Page) -> dict[str, Any]:
        return {"starts": STARTS}


class Child(PageView):
    """Page 3: the child, what was said already, and how soon."""

    page = "child"


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
        if not all(page.is_valid() for page in pages.values()):
            return self._render(pages, HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            sent = self._send(pages)
        except Refused as refused:
            return self._render(pages, HTTPStatus.UNPROCESSABLE_ENTITY, refused=refused.sentence)
        return redirect("challenges:sent", uuid=sent.uuid)

    def _send(self, pages: Mapping[str, Page]) -> Challenge:
        who, worry, child = pages["who"], pages["worry"], pages["child"]
        if not (isinstance(who, WhoForm) and isinstance(worry, WorryForm) and isinstance(child, ChildForm)):
            raise TypeError("the three pages, by name")
        return raise_challenge(
            compose(who, worry, child, danger=self.words, policy=self.version.policy),
            by=self.user,
            standing=self.standing,
            key=self.uuid,
            policy=self.version,
            now=timezone.now(),
            draft=self.draft,
            seats=self.seats,
            request_id=self.request.META.get("REQUEST_ID", ""),
        )

    def _pages(self) -> dict[str, Page]:
        return {page: self.make(page, self.words, bound=True) for page in TITLES}

    def read_standing(self) -> Standing:
        """One's own seats and those of the services asked, in one statement: sending has a budget of them."""
        chosen = _uuids(_chosen(self.words))
        today = timezone.localdate()
        self.seats = seats_to_send(self.user, chosen, named=_named(self.words))
        return standing_from(self.user, self.seats, today=today)

    def directory(self, words: Mapping[str, str]) -> Directory:
        """Only the services of this challenge and one's own: there is nothing to choose here."""
        services = {seat.setting.pk: seat.setting for seat in self.seats if seat.setting}
        missing = set(_chosen(words)) - {str(each.uuid) for each in services.values()}
        if missing:  # nobody holds a seat there
            services |= {each.pk: each for each in settings_of(_uuids(missing))}
        return self._directory(list(services.values()), words)

    def _render(self, pages: Mapping[str, Page], status: HTTPStatus, *, refused: str = "") -> HttpResponse:
        change = {page: f"{self.url_of(page)}?then=check" for page in TITLES}
        wrong = [page for page, form in pages.items() if not form.is_valid()]
        seen = warnings(self.words, self.version.policy)
        context = {
            "uuid": self.uuid,
            "draft": self.draft,
            "rows": [(change[page], TITLES[page], _answers(form)) for page, form in pages.items()],
            "missing": [(change[page], TITLES[page], _first_error(pages[page])) for page in wrong],
            "refused": refused,
            "seen": [(change[one.page], one) for one in seen],
            "silent": not self.words.get("voice", "").strip(),
            "worry_url": change["worry"],
            "danger": danger_of(self.words),
            "phones": phones(),
        }
        return render(self.request, "challenges/raise_check.html", context, status=status)


def _named(words: Mapping[str, str]) -> list[int]:
    """Row ids of the people named beside the services."""
    named = [words.get(box.replace("asked", "counterpart"), "") for box in SERVICE_BOXES]
    return [int(pk) for pk in named if pk.isdecimal() and len(pk) < 19]


def _uuids(texts: Iterable[str]) -> list[UUID]:
    """Those that are uuids: a draft holds what was posted, whatever it was."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _first_error(form: Page) -> str:
    return next((str(error) for errors in form.errors.values() for error in errors), "")


def _answers(form: Page) -> list[Row]:
    """The questions of a page with their answers; what was left empty is not there."""
    rows = [Row(str(bound.label), _answer(bound.field, str(bound.value() or ""))) for bound in form]
    return [row for row in rows if row.text]


def _answer(field: forms.Field, typed: str) -> str:
    """What was typed, or the words of the choice that was made."""
    if isinstance(field, forms.BooleanField):
        return "Yes" if typed else ""
    if not isinstance(field, forms.ChoiceField):
        return typed.strip()
    choices: dict[str, str] = dict(flatten_choices(cast(Any, field.choices)))
    named = isinstance(field, NamedPerson)  # nobody named is an answer: their lead is asked
    return str(choices.get(typed, "")) if typed or named else ""


@dataclass(frozen=True)
class Danger:
    """What was said after "Yes, a child is in danger", for the pages that go on from it."""

    acting: str
    who: str
    when: str
    to_leads: bool


def danger_of(words: Mapping[str, str]) -> Danger | None:
    """The danger answer of a draft, or None where nobody said that a child is in danger."""
    if not words.get("danger_acting"):
        return None
    return Danger(
        acting=words["danger_acting"],
        who=words.get("danger_who", ""),
        when=moment_in_full(words.get("danger_when", "")),
        to_leads=leads_at_once(words),
    )


# After sending


@dataclass(frozen=True)
class Contact:
    """A service that was asked: who acts there, and the number to call now."""

    service: str
    actors: Sequence[Actor]
    number: str

    @property
    def ask_for(self) -> str:
        return self.actors[0].name if self.actors else ""


@dataclass(frozen=True)
class Next:
    """One line of what happens next: when, beside it the hour, and what."""

    when: str
    beside: str
    heading: str
    text: str


@require_safe
def sent(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Sent. Now call them too: who acts, by when they answer, and why then."""
    standing, now = request_standing(request), timezone.now()
    try:
        challenge = find(uuid, standing)
    except Challenge.DoesNotExist:
        raise Http404 from None
    view = view_case(challenge, standing, now=now)
    if "raiser" not in view.parts:
        return redirect("challenges:case", uuid=uuid)
    contacts = _contacts(challenge, view)
    sent_on = (
        f"{short_day(view.opened_at)} {view.opened_at.astimezone(LONDON):%Y}, {clock_time(view.opened_at)}"
    )
    context = {
        "view": view,
        "reference": spoken(view.reference),
        "contacts": contacts,
        "several": len(contacts) > 1,
        "sent_words": f"Sent {sent_on}",
        "next": _what_happens_next(view),
        "note_step": "match" if view.offers("match") else "add_note",
        "phones": phones(),
        "nobody_acting": nobody_acting(view),
        "duty": phones(),
        "needed": needed(view),
    }
    return render(request, "challenges/sent.html", context)


def _contacts(challenge: Challenge, view: CaseView) -> list[Contact]:
    parties = challenge.parties.filter(role=PartyRole.RESPONDING).select_related("setting", "counterpart")
    asked = list(parties)
    seats = seats_at([party.setting for party in asked])
    kind, day = STAGE_SEAT[view.policy.stage(view.stage).seniority], view.now.astimezone(LONDON).date()
    contacts = []
    for party in asked:
        person = party.counterpart if view.stage == view.policy.first.number else None
        actors = who_acts(seats, party.setting, person=person, kind=kind, day=day)
        number = next((actor.phone for actor in actors if actor.phone), party.setting.phone)
        contacts.append(Contact(party.setting.name, actors, number))
    return contacts


def _what_happens_next(view: CaseView) -> list[Next]:
    match = next((d for d in view.deadlines if d.name == "match"), None)
    agree = []
    if match is not None:
        text = "By phone, using your number and theirs. Their answer counts once you have done this."
        agree = [
            Next(
                _day(match.due, view.now), f"by {clock_time(match.due)}", "You agree which child it is", text
            )
        ]
    answers = [_answer_by(party, view.now) for party in view.asked_now]
    move_on = "You don’t need a reason. Come back to your challenge then, and press the button."
    return [*agree, *answers, Next("If they don’t", "", "You can ask the next level to look", move_on)]


def _day(moment: datetime, now: datetime) -> str:
    return capital(nearby_day(moment, now=now)) or f"By {short_day(moment, now=now)}"


def _answer_by(party: PartyView, now: datetime) -> Next:
    heading = f"{capital(party.short)} should answer you"
    if party.due is None:
        return Next("Soon", "", heading, "The policy gives no time for this. Call them and agree one.")
    reckoning = Reckoning.from_basis(party.due.basis)
    beside = "" if reckoning.at_once else clock_time(reckoning.due)
    return Next(f"By {short_day(reckoning.due, now=now)}", beside, heading, _why_then(reckoning))


def _why_then(reckoning: Reckoning) -> str:
    """ "That is 2 working days. Christmas Day and the weekend don’t count.", from the rows' own reckoning."""
    if reckoning.by_needed_by:
        return reckoning.needed_by_sentence()
    weekends = "Weekends count." if reckoning.unit is Unit.ELAPSED_HOURS else reckoning.uncounted_sentence()
    return f"That is {reckoning.quantity_words()}. {weekends}".strip().replace("'", "’")
