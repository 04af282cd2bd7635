"""The LADO's lists: what is mine, what is open, and the five questions asked each week."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.outbox.sending import state
from core.web.components import Filter, State
from core.web.dates import long_day
from core.web.numbered import request_id
from core.web.pagination import Counted, Page, paginate
from escalation.access.standing import Standing
from escalation.accounts.models import User
from escalation.lado import wording
from escalation.lado.case import Member, seat_of, team_on
from escalation.lado.events import record_read
from escalation.lado.forms.contact import SearchForm
from escalation.lado.models import Message, Referral, Strand
from escalation.lado.numbers import spoken
from escalation.lado.queries import current_policy, listed
from escalation.lado.queries.lists import LISTS, Asking, due_today, overdue
from escalation.lado.queries.searching import search as search_names
from escalation.lado.services.seating import keeps_team
from escalation.lado.views.gate import team_only, who
from escalation.policy.words import london_date

IN_ORDER = (F("next_due").asc(nulls_last=True), "reference")


@dataclass(frozen=True)
class Row:
    """One referral in a list."""

    due: str
    due_state: State | None
    next: str
    url: str
    adult: str
    post: str
    where: str
    reference: str


@team_only
@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """One of the lists, what is due first; the reading is logged."""
    user, standing = who(request)
    now = timezone.now()
    today = london_date(now)
    busy = frozenset(m.user.pk for m in _colleagues(team_on(today), user) if not m.away)
    asking = Asking(now, current_policy(today), busy)
    name = request.GET.get("show", "mine")
    name = name if name in LISTS else "mine"
    seat = seat_of(standing)
    record_read(by=user, seat=seat, act="listed", at=now, what=name, request_id=request_id(request))
    conditions = {key: cut(asking) for key, (_, cut) in LISTS.items()}
    counted = _counted(standing, {**conditions, "overdue": overdue(asking), "due_today": due_today(asking)})
    found = listed(standing).filter(conditions[name]).order_by(*IN_ORDER)
    page: Page[Referral] = paginate(Counted(found, counted[name]), request.GET)
    context = {
        "filters": [
            Filter(label, counted[key], f"{reverse('lado:list')}?show={key}", key == name)
            for key, (label, _) in LISTS.items()
        ],
        "page": page,
        "rows": _rows(list(page.rows), now),
        "heading": LISTS[name][0],
        "lede": f"{long_day(now)}. {_lede(counted)}",
        "keeps_team": keeps_team(standing),
        "unsent": state([Message]).is_alarming(now),
    }
    return render(request, "lado/list.html", context)


def _colleagues(team: list[Member], user: User) -> list[Member]:
    """Who shares one's records: the neighbours among themselves, the others too."""
    abroad = any(m.user == user and m.is_neighbour for m in team)
    return [m for m in team if m.user != user and m.is_neighbour == abroad]


def _counted(standing: Standing, conditions: Mapping[str, Q]) -> dict[str, int]:
    """How many there are of each, in one statement."""
    rows = Referral.objects.visible_to(standing)
    return rows.aggregate(**{name: Count("pk", filter=each) for name, each in conditions.items()})


def _lede(counted: Mapping[str, int]) -> str:
    if not counted["overdue"] and not counted["due_today"]:
        return "Nothing is overdue or due today."
    return f"{counted['overdue']} overdue, {counted['due_today']} due today."


def _rows(referrals: list[Referral], now: datetime) -> list[Row]:
    strands: dict[int, list[Strand]] = {}
    for strand in Strand.objects.filter(referral__in=referrals):
        strands.setdefault(strand.referral_id, []).append(strand)
    return [
        Row(
            due=wording.due(r, now),
            due_state=wording.due_state(r, now),
            next=wording.next_step(r),
            url=r.get_absolute_url(),
            adult=wording.adult(r),
            post=wording.post(r),
            where=wording.where(r, strands.get(r.pk, [])),
            reference=spoken(r.reference),
        )
        for r in referrals
    ]


@team_only
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Names alike, inside the wall. They are posted: no address, history or log line has a name.

    What was searched for is not kept: only that somebody searched.
    """
    form = SearchForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
        return render(request, "lado/search.html", {"form": form}, status=status)
    user, standing = who(request)
    now = timezone.now()
    record_read(by=user, seat=seat_of(standing), act="searched", at=now, request_id=request_id(request))
    at_least = current_policy(london_date(now)).limits["alike_percent"]
    found = search_names(form.cleaned_data["q"], standing, at_least=at_least)
    rows = _rows([match.referral for match in found.matches], now)
    pairs = list(zip(rows, found.matches, strict=True))
    return render(request, "lado/search.html", {"form": form, "found": found, "pairs": pairs})
