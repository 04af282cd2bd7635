"""One list for two readers: a practitioner's own challenges, and all that a lead, the unit or an auditor may know of."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.web.components import Act, Column, Filter, WorkGroup, WorkRow
from core.web.context import address_of, make_site
from core.web.pagination import Page, paginate
from escalation.access.standing import Standing, request_standing
from escalation.accounts.models import Setting
from escalation.challenges.filters import DEFAULT_SHOW, DEFAULT_SORT, NARROWING, WorkFilter
from escalation.challenges.models import Challenge
from escalation.challenges.worklist import (
    Band,
    Days,
    Words,
    annotated,
    days,
    heading,
    ordered,
    policies_in_use,
    settings_of,
    shows,
)
from escalation.policy.quarters import Quarter
from escalation.policy.words import count as counted
from escalation.policy.words import join, long_date, short_date

CHIPS = {"open": "All open", "ours": "Our turn", "theirs": "Their turn", "hold": "On hold", "overdue": "Overdue"}
"""The five questions asked daily."""
KEPT = "last_list"
"""Where the session keeps the query of the list last seen, so that a case can lead back to it."""
LONGEST_KEPT = 600

EMPTY = {
    "ours": ("It is not your turn in any challenge", "You have nothing to do here today."),
    "theirs": ("You are not waiting for anybody", "Where it is somebody else’s turn, it stands here."),
    "hold": ("Nothing is on hold", "Where both sides agree to stop the clock, it stands here."),
    "overdue": ("Nothing is overdue", "What is past its time stands here, and can still be answered."),
    "actions": ("No actions are open", "What was agreed on settling is done."),
}


@require_safe
def worklist(request: HttpRequest) -> HttpResponse:
    """Nine statements whatever the number of challenges, and one more where the session has a new list to keep."""
    standing, on = request_standing(request), days(timezone.now())
    visible = annotated(Challenge.objects.visible_to(standing), standing, on)
    settings, policies = settings_of(visible, standing), policies_in_use()
    chosen = WorkFilter(request.GET, visible, standing=standing, settings=settings, policies=policies)
    tally = count_up(chosen, on)
    page = paginate(Counted(_rows(chosen, on), tally.total), request.GET)
    words = Words(standing, on, policies, grouped=chosen.order == DEFAULT_SORT, with_opened="opened" in chosen.order)
    _keep(request)
    return render(request, "challenges/list.html", {
        "heading": title(standing),
        "lede": lede(standing, settings, tally, on, narrowed=bool(chosen.in_words())),
        "quarter": quarter_so_far(tally, on) if standing.in_business_unit and not chosen.in_words() else "",
        "filters": chips(request.GET, chosen, tally),
        "form": chosen.form,
        "narrowed": narrowed_by(request.GET, chosen),
        "filter_open": bool(chosen.in_words() or chosen.form.errors or chosen.showing not in CHIPS),
        "clear_url": reverse("challenges:list"),
        "columns": columns(request.GET, chosen.order),
        "caption": caption(chosen),
        "groups": groups(page, words, tally, on),
        "page": page,
        "empty": empty(standing, chosen, tally),
    })


def list_url(request: HttpRequest) -> str:
    """Back to the list as it was last seen, filter, order and page with it."""
    query = request.session.get(KEPT, "")
    return reverse("challenges:list") + (f"?{query}" if query else "")


def _keep(request: HttpRequest) -> None:
    query = _query(request.GET)
    if len(query) <= LONGEST_KEPT and request.session.get(KEPT, "") != query:
        request.session[KEPT] = query


# Numbers


@dataclass(frozen=True)
class Tally:
    """How many there are: behind each chip, under each heading of what is shown, and of all; one statement."""

    chips: dict[str, int]
    bands: dict[str, int]
    actions: int
    ended: int
    every: int
    due_today: int
    opened: int
    closed: int

    @property
    def total(self) -> int:
        return sum(self.bands.values())


def count_up(chosen: WorkFilter, on: Days) -> Tally:
    """Everything the page counts, of what the filter leaves."""
    conditions = shows(on.now)
    shown = conditions[chosen.showing]
    quarter = Quarter.of(on.today)
    found = chosen.qs.aggregate(
        **{f"chip_{name}": Count("pk", filter=conditions[name]) for name in CHIPS},
        **{f"band_{band}": Count("pk", filter=shown & Q(band=band)) for band in Band.values},
        actions=Count("pk", filter=conditions["actions"]),
        ended=Count("pk", filter=conditions["ended"]),
        every=Count("pk"),
        due_today=Count("pk", filter=conditions["open"] & Q(band=Band.TODAY)),
        opened=Count("pk", filter=Q(opened_at__date__gte=quarter.start)),
        closed=Count("pk", filter=Q(status__in=("closed", "closed_actions_open"), closed_at__date__gte=quarter.start)),
    )
    return Tally(
        chips={name: found.pop(f"chip_{name}") for name in CHIPS},
        bands={band: found.pop(f"band_{band}") for band in Band.values},
        **found,
    )


@dataclass(frozen=True)
class Counted:
    """Rows whose number is known already, for `paginate`."""

    rows: QuerySet[Challenge]
    total: int

    def count(self) -> int:
        return self.total

    def __getitem__(self, cut: slice) -> list[Challenge]:
        return list(self.rows[cut])


def _rows(chosen: WorkFilter, on: Days) -> QuerySet[Challenge]:
    return ordered(chosen.qs.filter(shows(on.now)[chosen.showing]), chosen.order)


# Words above the list


def title(standing: Standing) -> str:
    """A practitioner's list holds only their own challenges."""
    sees_more = standing.lead_settings | standing.senior_settings | standing.partner_organisations | standing.roles
    return "Work list" if sees_more else "My challenges"


def lede(standing: Standing, settings: Iterable[Setting], tally: Tally, on: Days, *, narrowed: bool) -> str:
    """Where, on which day, and what is pressing: "Family Safeguarding Team 2, Wed 30 December 2026. 2 are overdue"."""
    where = _where(standing, [s.name for s in settings if s.pk in standing.settings])
    overdue, today = tally.chips["overdue"], tally.due_today
    pressing = [f"{_are(overdue)} overdue"] if overdue else []
    pressing += [f"{_are(today)} due today"] if today else []
    said = "" if narrowed or not pressing else f" {', '.join(pressing)}."
    return f"{where}{long_date(on.today)}.{said}"


def _where(standing: Standing, names: list[str]) -> str:
    if standing.in_business_unit or standing.is_auditor:
        return "The whole partnership, "
    if len(names) > 2:
        names = [names[0], f"{len(names) - 1} other settings"]
    return f"{join(names)}, " if names else ""


def _are(number: int) -> str:
    return f"{number:,} {'is' if number == 1 else 'are'}"


def quarter_so_far(tally: Tally, on: Days) -> str:
    """Exact, so for the business unit alone."""
    return f"{Quarter.of(on.today).label} so far: {tally.opened:,} opened, {tally.closed:,} closed."


def caption(chosen: WorkFilter) -> str:
    """What the table holds and in what order, for those who do not see it."""
    show = dict(chosen.form.fields["show"].choices_flat()) if False else {}
    return show.get(chosen.showing, "Challenges")
