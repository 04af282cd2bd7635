"""The business unit's page for the week: what to do first and what to keep an eye on, each with its list."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.web.beside import beside
from core.web.components import State, Tile
from escalation.access.standing import request_standing
from escalation.challenges.filters import stage_choices
from escalation.challenges.queries.week import Week, this_week
from escalation.challenges.worklist import Days, Need, days, policies_in_use, unbroken
from escalation.directory.gaps import gaps
from escalation.directory.queries import staffed
from escalation.policy.words import count, london_date, long_date, short, short_date
from escalation.rulebook.queries import calendar_alarms, current_policy, dated


@require_safe
def monday(request: HttpRequest) -> HttpResponse:
    """Ten statements, and one for each kind of thing beside, however many there are. For the unit alone."""
    standing = request_standing(request)
    if not standing.in_business_unit:
        raise PermissionDenied
    on = days(timezone.now())
    week = this_week(standing, on)
    first, watched = do_first(week, on), [*keep_an_eye_on(week, on), directory_gaps(on.today)]
    things = sum(tile.number for tile in first)
    return render(
        request,
        "challenges/monday.html",
        {
            "today": long_date(on.today),
            "heading": heading(things),
            "lede": lede(week, things),
            "first": first,
            "watched": watched,
            "beside": beside(request),
            "open": week.open,
            "stages": stages(week),
            "weeks": weeks(week, on),
            "silent": week.silent,
            "alarms": calendar_alarms(on.today),
        },
    )


def heading(things: int) -> str:
    if not things:
        return "Nothing needs you this week"
    return f"{count(things, 'thing')} need{'s' if things == 1 else ''} you this week"


def lede(week: Week, things: int) -> str:
    if not things:
        return "Nothing is overdue, and nothing waits for you."
    start = "Start with what is overdue. " if week.overdue else ""
    return f"{start}Each number opens those challenges."


def do_first(week: Week, on: Days) -> list[Tile]:
    since = week.oldest
    late = State("late", f"Oldest: since {short_date(london_date(since), on.now)}") if since else None
    return [
        Tile(week.overdue, "Overdue", _list(show="overdue"), late),
        Tile(
            week.needs[Need.UNMATCHED],
            Need.UNMATCHED.label,
            _needing(Need.UNMATCHED),
            State("late", "The time to agree is over") if week.needs[Need.UNMATCHED] else None,
        ),
        *(
            Tile(week.needs[need], _plural(need), _needing(need), _next(week, need, on))
            for need in (Need.FORM, Need.CALL)
        ),
    ]


def _plural(need: Need) -> str:
    return {Need.FORM: "Forms to check", Need.CALL: "Calls to offer", Need.ACTION: "With an action missed"}[
        need
    ]


def _next(week: Week, need: Need, on: Days) -> State | None:
    by = week.due[need]
    if by is None:
        return None
    if by < on.now:
        return State("late", f"Was due {short(by, on.now)}")
    return State("due", f"By {short(by, on.now)}")


def keep_an_eye_on(week: Week, on: Days) -> list[Tile]:
    ends = week.next_resumes
    return [
        Tile(
            week.needs[Need.ACTION],
            _plural(Need.ACTION),
            _needing(Need.ACTION),
            fact="Closed, and not all done",
        ),
        Tile(week.needs[Need.NO_FORM], Need.NO_FORM.label, _needing(Need.NO_FORM), fact="At a formal stage"),
        Tile(
            week.held,
            "On hold",
            _list(show="hold"),
            fact=f"Next ends {short_date(london_date(ends), on.now)}" if ends else "",
        ),
        Tile(
            week.needs[Need.UNCONFIRMED],
            Need.UNCONFIRMED.label,
            _needing(Need.UNCONFIRMED),
            fact="Closed since Monday of last week",
        ),
        Tile(len(week.silent), "None logged yet", "#none-logged", fact="A question to ask, not a score"),
    ]


def directory_gaps(today: date) -> Tile:
    """Where a challenge would wait for nobody."""
    found = gaps(staffed(today), current_policy(today).policy, dated().holidays, today)
    return Tile(
        len(found), "Gaps in the directory", reverse("directory-gaps"), fact="Nothing should wait for nobody"
    )


def _list(**asked: str) -> str:
    return f"{reverse('challenges:list')}?{urlencode(asked)}"


def _needing(need: Need) -> str:
    return _list(show="any", need=need)


@dataclass(frozen=True)
class Bar:
    """A number, its name and its list; `width` is that of its bar, the longest being "100%"."""

    name: str
    number: int
    width: str
    url: str = ""


def stages(week: Week) -> list[Bar]:
    """Every stage there is, also where nothing is open at it."""
    most = max(week.by_stage.values(), default=0)
    return [
        Bar(
            name,
            week.by_stage.get(int(code), 0),
            _width(week.by_stage.get(int(code), 0), most),
            _list(stage=code),
        )
        for code, name in stage_choices(policies_in_use().values())
    ]


def weeks(week: Week, on: Days) -> list[Bar]:
    most = max(number for _, number in week.raised)
    return [
        Bar(unbroken(short_date(monday, on.now)), number, _width(number, most))
        for monday, number in week.raised
    ]


def _width(number: int, most: int) -> str:
    return f"{round(100 * number / most) if most else 0}%"
