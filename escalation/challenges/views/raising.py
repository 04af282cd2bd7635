"""Raising a challenge: three pages, each kept in a draft, a last look, sending, and what happens next.

Nothing that was posted is lost: every button keeps it, a page with mistakes too, and so does a post that
comes after the session has ended (it is kept through the sign-in, for the same person only)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View

from core.web import late
from escalation.access.standing import Standing, request_standing
from escalation.accounts.models import Seat, Setting, User
from escalation.challenges.counterparts import choices_of, practitioners, seats_at
from escalation.challenges.forms.raising import (
    SERVICE_BOXES,
    ChildForm,
    Directory,
    Page,
    WhoForm,
    WorryForm,
    call_logged,
    first_lead_stage,
    leads_at_once,
    moment_in_full,
)
from escalation.challenges.forms.warnings import patterns_for_page
from escalation.challenges.models import Challenge, Draft
from escalation.challenges.services import save_draft
from escalation.challenges.views.start import DANGER, phones
from escalation.directory.acting import STAGE_SEAT, Actor, cover_note, who_acts
from escalation.directory.queries import all_settings
from escalation.rulebook.models import PolicyVersion
from escalation.rulebook.queries import current_policy

STARTS = (
    "The plan said… but so far…",
    "I understand you decided… I see it differently because…",
    "If nothing changes, I think the child will…",
    "Could you help me understand why…",
)

PAGES = ("who", "worry", "child", "check")

TITLES = {"who": "Who are you asking?", "worry": "What are you worried about?", "child": "About the child"}


def no_seat(request: HttpRequest) -> HttpResponse:
    context = {"phones": phones()}
    return render(request, "challenges/raise_closed.html", context, status=HTTPStatus.FORBIDDEN)


def user_of(request: HttpRequest) -> User:
    """Who is signed in; every view here that calls this has made sure that somebody is."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


class SentMeanwhile(Exception):
    """The draft was sent, from another window, between reading it and keeping it."""


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
        self.uuid, self.user = uuid, user_of(request)
        self.draft = Draft.objects.filter(uuid=uuid).first()
        self.standing = self.read_standing()
        if not self.standing.settings:
            return no_seat(request)
        if self.draft is None and (sent := Challenge.objects.filter(key=uuid).first()):
            if sent.raised_by_id != self.user.pk:
                raise Http404
            return redirect("challenges:sent", uuid=sent.uuid)
        if self.draft is not None and self.draft.owner_id != self.user.pk:
            raise Http404
        try:
            return super().dispatch(request, *args, **kwargs)
        except SentMeanwhile:
            messages.info(request, "It was sent from another window. What you changed here came too late.")
            return redirect("challenges:sent", uuid=Challenge.objects.get(key=uuid).uuid)

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
        chosen = [services[uuid] for uuid in chosen_in(words) if uuid in services]
        if not hasattr(self, "seats"):
            self.seats = seats_at(chosen, today=timezone.localdate())
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
        except Draft.DoesNotExist:
            if Challenge.objects.filter(key=self.uuid).exists():
                raise SentMeanwhile from None
            # Thrown away in another window, and gone on with here: what is typed is kept.
            self.draft = self._save({**self.words, **typed}, Draft(owner=self.user, uuid=self.uuid))
        if danger:
            del self.request.session[DANGER]
        self.__dict__.pop("words", None)
        return self.draft

    def _save(self, words: Mapping[str, str], draft: Draft) -> Draft:
        return save_draft(owner=self.user, words=words, now=timezone.now(), draft=draft)


def chosen_in(words: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(words[box] for box in SERVICE_BOXES if words.get(box)))


def uuids_among(texts: Iterable[str]) -> list[UUID]:
    """Those that are uuids: a draft holds what was posted, whatever it was."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


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
        if not isinstance(form, WhoForm):
            return {}
        return {"acting": self._acting(form), "on_behalf": bool(self.standing.outside)}

    def _acting(self, form: WhoForm) -> list[tuple[str, str, str]]:
        """For each service already chosen: its name, who will act there until when, and the list it is in."""
        services = form.directory.services
        chosen = {services[uuid]: box.id_for_label for box, _, uuid in form.asked_rows() if uuid in services}
        policy, today = self.version.policy, timezone.localdate()
        stage = policy.stage(first_lead_stage(policy)) if leads_at_once(self.words) else policy.first
        kind = STAGE_SEAT[stage.seniority]
        return [
            (each.name, self._note(who_acts(self.seats, each, person=None, kind=kind, day=today), each), box)
            for each, box in chosen.items()
        ]

    def _note(self, actors: Sequence[Actor], service: Setting) -> str:
        if service.outside:
            return UNIT_CALLS
        return cover_note(actors) or f"Nobody is named there yet. Call {service.phone}."


UNIT_CALLS = "They do not use the log. The business unit calls them, and writes down what they say."


class Worry(PageView):
    """Page 2: the worry, in the raiser's own words."""

    page = "worry"

    def more(self, form: Page) -> dict[str, Any]:
        return {"starts": STARTS}


class Child(PageView):
    """Page 3: the child, what was said already, and how soon."""

    page = "child"


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
