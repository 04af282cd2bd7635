"""One list for two readers: a practitioner's own challenges, and all that others may know of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby

from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.web.beside import beside
from core.web.components import Act, Column, Filter, WorkGroup
from core.web.context import address_of, make_site
from core.web.pagination import Page, paginate
from escalation.access.standing import Standing, request_standing
from escalation.accounts.groups import LADO_KINDS, SeatKind
from escalation.accounts.models import Setting
from escalation.challenges.filters import DEFAULT_SHOW, DEFAULT_SORT, WorkFilter
from escalation.challenges.models import Challenge
from escalation.challenges.navigation import has_list, has_work_list
from escalation.challenges.views.drafts import unsent_and_shown
from escalation.challenges.views.raising import user_of
from escalation.challenges.workflow import ENDED
from escalation.challenges.worklist import (
    SHOWS,
    Band,
    Days,
    Words,
    annotated,
    days,
    heading,
    ordered,
    policies_in_use,
    settings_of,
)
from escalation.policy.clock import LONDON
from escalation.policy.quarters import Quarter
from escalation.policy.words import count as counted
from escalation.policy.words import join, long_date

CHIPS = {
    "open": "All open",
    "ours": "Our turn",
    "theirs": "Their turn",
    "hold": "On hold",
    "overdue": "Overdue",
}
"""The five questions asked daily."""
KEPT = "last_list"
"""Where the session keeps the query of the list last seen, so that a case can lead back to it."""
LONGEST_KEPT = 600
BACK = "back"
"""`/challenges/?back=1` leads to the list last seen, so that a case page needs only this address."""

EMPTY = {
    "ours": ("It is not your turn in any challenge", "You have nothing to do here today."),
    "theirs": ("You are not waiting for anybody", "Where it is somebody else’s turn, it stands here."),
    "hold": ("Nothing is on hold", "Where both sides agree to stop the clock, it stands here."),
    "overdue": ("Nothing is overdue", "What is past its time stands here, and can still be answered."),
    "actions": ("No actions are open", "What was agreed on settling is done."),
    "asked": (
        "We ask you nothing",
        "Three months after a challenge of yours ended, one question stands here.",
    ),
}


@require_safe
def worklist(request: HttpRequest) -> HttpResponse:
    """Nine statements at most however many challenges; one more for each kind of thing that waits beside the
    plain list, and one where the session has a new list to keep."""
    if BACK in request.GET:
        return redirect(list_url(request))
    standing, on = request_standing(request), days(timezone.now())
    if not has_list(standing):
        return _no_list(request, standing)
    visible = annotated(Challenge.objects.visible_to(standing), standing, on)
    settings, policies = settings_of(visible, standing), policies_in_use()
    chosen = WorkFilter(request.GET, visible, standing=standing, settings=settings, policies=policies, on=on)
    tally = count_up(chosen, on)
    page = paginate(Counted(_rows(chosen), tally.total), request.GET)
    words = Words(
        standing, on, policies, grouped=chosen.order == DEFAULT_SORT, with_opened="opened" in chosen.order
    )
    drafts, shown = unsent_and_shown(user_of(request)) if standing.settings else ([], [])
    _keep(request)
    return render(
        request,
        "challenges/list.html",
        {
            "heading": "Work list" if has_work_list(standing) else "My challenges",
            "beside": [] if request.GET else beside(request),
            "drafts": drafts,
            "shown": shown,
            "lede": lede(standing, settings, tally, on, narrowed=bool(chosen.in_words())),
            "role_note": AUDITORS if standing.is_auditor else "",
            "quarter": quarter_so_far(tally, on)
            if standing.in_business_unit and not chosen.in_words()
            else "",
            "filters": chips(request.GET, chosen, tally),
            "form": chosen.form,
            "narrowed": narrowed_by(request.GET, chosen),
            "filter_open": bool(chosen.in_words() or chosen.form.errors or chosen.showing not in CHIPS),
            "nothing_at_all": not (tally.every or chosen.in_words() or chosen.form.errors),
            "clear_url": reverse("challenges:list"),
            "columns": columns(request.GET, chosen.order),
            "caption": caption(chosen),
            "groups": groups(page, words, tally, on),
            "page": page,
            "empty": empty(standing, chosen, tally),
        },
    )


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
    """How many: behind each chip, under each heading of what is shown, and of all; one statement."""

    chips: dict[str, int]
    bands: dict[str, int]
    actions: int
    asked: int
    ended: int
    every: int
    due_today: int
    opened: int
    closed: int

    @property
    def total(self) -> int:
        return sum(self.bands.values())


def count_up(chosen: WorkFilter, on: Days) -> Tally:
    """Everything the page counts, of what the filter leaves; the database groups, and this adds up."""
    since = datetime.combine(Quarter.of(on.today).start, time(), tzinfo=LONDON)
    # As the quarterly figures count them: what an earlier log had counted is not counted again.
    here = Q(imported_at__isnull=True)
    closed = Q(status__in=ENDED, closed_at__gte=since) & (here | Q(closed_at__gte=F("imported_at")))
    kinds = list(
        chosen.qs.order_by()
        .values("status", "is_ours", "is_asked", "band")
        .annotate(
            number=Count("pk"),
            opened=Count("pk", filter=here & Q(opened_at__gte=since)),
            closed=Count("pk", filter=closed),
        )
    )

    def number(show: str, band: str | None = None) -> int:
        """Of those that a show holds; under one heading."""
        return sum(
            kind["number"]
            for kind in kinds
            if SHOWS[show].holds(**{name: kind[name] for name in ("status", "is_ours", "is_asked", "band")})
            and band in (None, kind["band"])
        )

    return Tally(
        chips={name: number(name) for name in CHIPS},
        bands={band: number(chosen.showing, band) for band in Band.values},
        actions=number("actions"),
        asked=number("asked"),
        ended=number("ended"),
        every=number("any"),
        due_today=number("open", Band.TODAY),
        opened=sum(kind["opened"] for kind in kinds),
        closed=sum(kind["closed"] for kind in kinds),
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


def _rows(chosen: WorkFilter) -> QuerySet[Challenge]:
    return ordered(chosen.qs.filter(SHOWS[chosen.showing].condition), chosen.order)


# Words above the list


def lede(standing: Standing, settings: Iterable[Setting], tally: Tally, on: Days, *, narrowed: bool) -> str:
    """Where, on which day, and what is pressing."""
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
    """The number and its verb do not part at the end of a line."""
    return f"{number:,}\N{NO-BREAK SPACE}{'is' if number == 1 else 'are'}"


def quarter_so_far(tally: Tally, on: Days) -> str:
    """Exact, so for the business unit alone."""
    return f"{Quarter.of(on.today).label} so far: {tally.opened:,} opened, {tally.closed:,} closed."


def caption(chosen: WorkFilter) -> str:
    """What the table holds and in what order, for those who do not see it: "All open, due soonest first"."""
    order = chosen.label_of("sort", chosen.order)
    return f"{chosen.label_of('show', chosen.showing)}, {order[:1].lower()}{order[1:]}"


# Ways to another list: each address keeps what else was asked for, and starts at the first page.


def _query(query: QueryDict, **changes: str) -> str:
    """A query without what is empty, and with changes; "" takes a name out."""
    merged = query.copy()
    for name, value in changes.items():
        merged[name] = value
    for name in [name for name in merged if not merged[name]]:
        del merged[name]
    return merged.urlencode()


def _url(query: QueryDict, **changes: str) -> str:
    asked = _query(query, page="", **changes)
    return reverse("challenges:list") + (f"?{asked}" if asked else "")


def chips(query: QueryDict, chosen: WorkFilter, tally: Tally) -> list[Filter]:
    """The five questions; open actions and what we ask where there are any; two where there is nothing."""
    numbers = [(name, label, tally.chips[name]) for name, label in CHIPS.items()]
    if tally.actions:
        numbers.append(("actions", "Actions open", tally.actions))
    if tally.asked:
        numbers.append(("asked", "We ask you", tally.asked))
    if not tally.every and not chosen.in_words():
        numbers = [("open", "All open", 0), ("ended", "Closed", 0)]
    return [
        Filter(
            label,
            number,
            _url(query, show="" if name == DEFAULT_SHOW else name),
            current=name == chosen.showing,
        )
        for name, label, number in numbers
    ]


def narrowed_by(query: QueryDict, chosen: WorkFilter) -> list[Act]:
    """What is set, each with the address of the list without it."""
    return [Act(words, _url(query, **{name: ""})) for name, words in chosen.in_words()]


def columns(query: QueryDict, order: str) -> list[Column]:
    """The heads of the table; following one sorts by it, following it again turns the order round."""
    return [
        _column(query, order, "due", "Due"),
        _column(
            query, order, "opened", "Challenge, by when it was opened" if "opened" in order else "Challenge"
        ),
        Column("Whose turn"),
        _column(query, order, "stage", "Stage"),
        _column(query, order, "reference", "Reference", wide_only=True),
    ]


def _column(query: QueryDict, order: str, name: str, label: str, *, wide_only: bool = False) -> Column:
    sorted_by = {name: "ascending", f"-{name}": "descending"}.get(order, "")
    turned = {name: f"-{name}", f"-{name}": name}.get(order, name)
    return Column(label, _url(query, sort="" if turned == DEFAULT_SORT else turned), sorted_by, wide_only)


# The list


def groups(page: Page[Challenge], words: Words, tally: Tally, on: Days) -> list[WorkGroup]:
    """Under headings with the number of all that stand there, on other pages too; else in one group."""
    if not words.grouped:
        return [WorkGroup("", [words.row(challenge) for challenge in page.rows])]
    banded = groupby(page.rows, key=lambda challenge: str(getattr(challenge, "band", Band.UNDATED)))
    return [
        WorkGroup(
            f"{heading(band, on)} ({tally.bands[band]:,})", [words.row(challenge) for challenge in rows]
        )
        for band, rows in banded
    ]


# Where there is none


@dataclass(frozen=True)
class Empty:
    """A sentence in place of a list, and the next step. `button` only where it is the one thing to do."""

    heading: str
    text: str
    button: Act | None = None
    link: Act | None = None


def empty(standing: Standing, chosen: WorkFilter, tally: Tally) -> Empty | None:
    """None where there are rows to show."""
    if tally.total:
        return None
    if chosen.in_words():
        return _nothing_matches(chosen, tally)
    if not tally.every:
        return _nothing_at_all(standing)
    if chosen.showing == DEFAULT_SHOW:
        return _nothing_open(tally)
    heading, text = EMPTY.get(
        chosen.showing, ("There is none", "No challenge stands like this at the moment.")
    )
    return Empty(
        heading, text, link=Act(f"See all open ({tally.chips['open']:,})", reverse("challenges:list"))
    )


def _nothing_matches(chosen: WorkFilter, tally: Tally) -> Empty:
    clear = Act("Clear the filter", reverse("challenges:list"))
    if chosen.showing == "any":
        return Empty(
            "Nothing matches",
            "No challenge that you can see is like this. Check what is set above.",
            link=clear,
        )
    others = counted(tally.every, "challenge")
    if not tally.every:
        return Empty(
            "Nothing matches", "No challenge that you can see is like this, open or closed.", link=clear
        )
    show = Act(f"Show {'it' if tally.every == 1 else 'them'}", _url(chosen.data, show="any"))
    verb = "matches" if tally.every == 1 else "match"
    return Empty("Nothing matches here", f"{others} {verb} elsewhere, open or closed.", link=show)


def _nothing_open(tally: Tally) -> Empty:
    closed = counted(tally.ended, "challenge")
    text = f"{closed} {'is' if tally.ended == 1 else 'are'} closed."
    return Empty(
        "Nothing is open", text, link=Act("See what is closed", reverse("challenges:list") + "?show=ended")
    )


def _nothing_at_all(standing: Standing) -> Empty:
    raising = Act("Raise a challenge", address_of("challenges:start", otherwise="/"))
    help_url = make_site().help_url
    if standing.senior_settings and not standing.lead_settings:
        text = (
            "Heads of service see a challenge from stage 3 on. "
            "Others may be open in your services at stages 1 and 2."
        )
        return Empty("None has reached you yet", text, raising, Act("See how it works", help_url))
    if standing.lead_settings:
        return Empty(
            "None logged yet",
            "Nobody here has raised a challenge, and none has reached you from others. "
            "That is not a score: it may mean people are not sure how.",
            raising,
            Act("Show your staff how it works", help_url),
        )
    if standing.practitioner_settings:
        text = "You have not sent a challenge, and nobody has asked you to look again."
        return Empty("None yet", text, raising, Act("See how it works", help_url))
    if standing.in_business_unit or standing.is_auditor:
        text = (
            "Nobody has raised a challenge yet. That is a question, not a score: people may not be sure how."
        )
        return Empty("None logged yet", text, link=Act("Show people how it works", help_url))
    text = "A challenge reaches the lead safeguarding partners at the last stage only. None has."
    return Empty("None has come to you", text, link=Act("See how it works", help_url))


AUDITORS = "As auditor you see dates and stages, never the words. Under Audit you see if the trail holds."

# Whoever has no list at all

ROLES: Mapping[str, str] = {
    SeatKind.ADMINISTRATOR: (
        "As system administrator you look after people and their seats. You do that on the server, with the "
        "commands in the operations guide: there are no pages for it yet. You see no challenges."
    ),
    **dict.fromkeys(
        (SeatKind.SCRUTINEER, SeatKind.YOUNG_SCRUTINEER),
        "As scrutineer you see no challenges and no names. There are no pages for scrutiny yet. "
        "Ask the business unit for the quarterly figures.",
    ),
    SeatKind.SERVICE: (
        "This account is for another system. It reads the quarterly figures with a key, not on pages."
    ),
    **dict.fromkeys(
        LADO_KINDS,
        "The LADO’s work is kept apart from this log. Your seat shows no challenges.",
    ),
}
"""What a role without a list is told it can do here."""
NO_SEAT = (
    "Your account has no seat, so you can’t see or raise challenges yet. "
    "Choose “Where you are signed in” at the foot, then “Ask to work for one more service”."
)


def what_you_can_do(standing: Standing) -> list[str]:
    """A paragraph for each role; roles whose words are the same share one."""
    return list(dict.fromkeys(ROLES[role] for role in sorted(standing.roles) if role in ROLES)) or [NO_SEAT]


def _no_list(request: HttpRequest, standing: Standing) -> HttpResponse:
    return render(request, "challenges/list_none.html", {"paragraphs": what_you_can_do(standing)})
