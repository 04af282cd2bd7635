"""What a list of challenges says: whose turn, by when, who asked whom. F0 only, and no free text.

The one exception is the label a raiser wrote for their own lists: it comes back to the raiser alone,
so that a list shows nobody words whose reading would have to be logged.

Conditions are `Q` objects, so that chips, groups and rows all come from the same ones and cannot differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from core.web.components import State, WorkRow
from escalation.access.standing import Standing
from escalation.accounts.models import Setting
from escalation.challenges.clocks import MATCH
from escalation.challenges.models import (
    SENIOR_FROM,
    Challenge,
    Conflict,
    Deadline,
    Grant,
    Party,
    PartyRole,
)
from escalation.challenges.reference import spoken
from escalation.challenges.workflow import ENDED, OPEN, Status
from escalation.policy import Policy
from escalation.policy.calendar import is_working_day, next_working_day
from escalation.policy.clock import LONDON
from escalation.policy.stages import StageKind
from escalation.policy.words import capital, london_date, medium_date, short_date, time_words
from escalation.rulebook.models import PolicyVersion
from escalation.rulebook.queries import closed_days

LIVE = (*OPEN, Status.CLOSED_ACTIONS_OPEN)
"""Statuses in which something is owed by a time. What the unit still owes after a withdrawal would tell
its reason (rule 10), so a withdrawn challenge has no time and nobody's turn in any list."""

SOON = 4
"""Working days that stand under one heading, today among them."""
AS_USUAL = time(17)
"""Most things are due at this time, so lists say only others."""


class Band(TextChoices):
    """The headings of a list in order of time; the values sort."""

    OVERDUE = "0"
    TODAY = "1"
    SOON = "2"
    LATER = "3"
    UNDATED = "4"
    ENDED = "5"


@dataclass(frozen=True)
class Days:
    """Now, and the last day of those that stand under "Due by"."""

    now: datetime
    soon: date

    @property
    def today(self) -> date:
        return london_date(self.now)


def days(now: datetime) -> Days:
    """One statement: the days on which the partnership is closed."""
    today = london_date(now)
    closed = closed_days(today, today + timedelta(days=31))
    last = today if is_working_day(today, closed) else next_working_day(today, closed)
    for _ in range(SOON - 1):
        last = next_working_day(last, closed)
    return Days(now, last)


def midnight_after(day: date) -> datetime:
    """The end of a London day."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON)


# Which challenges: each condition stands behind a chip, a heading or a choice of the filter.


def ours(standing: Standing) -> Q:
    """It is the turn of this person's side: their settings, the unit, or their organisation's partners.

    By lists of ids, which a database makes once, and not by a question asked again for each row.
    """
    owing = Party.objects.filter(owes=True)
    turn = Q(pk__in=owing.filter(setting__in=standing.settings).values("challenge"))
    for holder, stand_in in standing.standby.items():
        theirs = owing.filter(setting__in=stand_in.settings, challenge__in=Conflict.of(holder))
        turn |= Q(pk__in=theirs.values("challenge"))
    let_in = Grant.live(standing.at).filter(user=standing.user_id, setting=OuterRef("setting"))
    turn |= Q(pk__in=owing.filter(Exists(let_in.filter(challenge=OuterRef("challenge")))).values("challenge"))
    if standing.in_business_unit:
        turn |= Q(unit_owes=True)
    if standing.partner_organisations:
        of_mine = Party.objects.filter(setting__organisation__in=standing.partner_organisations)
        turn |= Q(partners_owe=True, pk__in=of_mine.values("challenge"))
    return turn


def asked_back(standing: Standing, now: datetime) -> Q:
    """What this person raised, that ended, and of which the log now asks how they were treated since."""
    return Q(raised_by=standing.user_id, raising__in=standing.settings, ask_treated_from__lte=now)


def annotated(challenges: QuerySet[Challenge], standing: Standing, on: Days) -> QuerySet[Challenge]:
    """With `is_ours`, `is_asked`, `shown_due` (None where nothing is owed by a time) and `band`."""
    late = Q(status__in=LIVE, overdue_from__lt=on.now)
    band = Case(
        When(~Q(status__in=LIVE), then=Value(Band.ENDED)),
        When(late, then=Value(Band.OVERDUE)),
        When(next_due__isnull=True, then=Value(Band.UNDATED)),
        When(next_due__lt=midnight_after(on.today), then=Value(Band.TODAY)),
        When(next_due__lt=midnight_after(on.soon), then=Value(Band.SOON)),
        default=Value(Band.LATER),
    )
    is_ours = _one_if(ours(standing))
    is_asked = _one_if(asked_back(standing, on.now))
    due = Case(When(status__in=LIVE, then="next_due"), output_field=DateTimeField())
    return challenges.annotate(is_ours=is_ours, is_asked=is_asked, shown_due=due, band=band)


def _one_if(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


@dataclass(frozen=True)
class Show:
    """A part of a list, for challenges that are `annotated`: as a condition, and of what was counted."""

    statuses: tuple[str, ...]
    ours: bool | None = None
    band: str | None = None
    asked: bool = False

    @property
    def condition(self) -> Q:
        found = Q(status__in=self.statuses)
        if self.ours is not None:
            found &= Q(is_ours=int(self.ours))
        if self.asked:
            found &= Q(is_asked=1)
        return found if self.band is None else found & Q(band=self.band)

    def holds(self, *, status: str, is_ours: int, is_asked: int, band: str) -> bool:
        """Whether challenges that have this in common are shown."""
        return (
            status in self.statuses
            and self.ours in (None, bool(is_ours))
            and (self.band is None or band == self.band)
            and (bool(is_asked) or not self.asked)
        )


RUNNING = tuple(status for status in OPEN if status != Status.ON_HOLD)
SHOWS: Mapping[str, Show] = {
    "open": Show(OPEN),
    "ours": Show(RUNNING, ours=True),
    "theirs": Show(RUNNING, ours=False),
    "hold": Show((Status.ON_HOLD,)),
    "overdue": Show(OPEN, band=Band.OVERDUE),
    "actions": Show((Status.CLOSED_ACTIONS_OPEN,)),
    "asked": Show(ENDED, asked=True),
    "ended": Show(ENDED),
    "any": Show((*OPEN, *ENDED)),
    **{status.value: Show((status,)) for status in Status if status != Status.ON_HOLD},
}
"""What a list can show, by name."""


FORM_CHECKS = ("form_check", "later_form_check")
"""The clocks of the unit for a form: complete when a stage began, or completed later."""


class Need(TextChoices):
    """What the business unit looks after, week by week."""

    UNMATCHED = "unmatched", "Child not agreed yet"
    NO_FORM = "no_form", "Full form missing"
    FORM = "form", "Form to check"
    CALL = "call", "Call to offer"
    ACTION = "action", "Action missed"
    UNCONFIRMED = "unconfirmed", "Nobody confirmed"


def needing(need: str, on: Days) -> Q:
    """The challenges in which it is needed, for the business unit alone: a call tells why one was withdrawn.

    Nobody confirmed: what closed so since the Monday of last week.
    """
    running = Deadline.objects.filter(challenge=OuterRef("pk"), decided_at__isnull=True, started__lte=on.now)
    late_match = Exists(running.filter(name=MATCH, overdue_from__lt=on.now))
    form_check = Exists(running.filter(name__in=FORM_CHECKS))
    formal = Q(status__in=RUNNING, stage__gte=SENIOR_FROM)
    last_week = on.today - timedelta(days=on.today.weekday() + 7)
    found: dict[Need, Q] = {
        Need.UNMATCHED: Q(late_match, status__in=RUNNING),
        Need.NO_FORM: formal & Q(form_completed_at__isnull=True),
        Need.FORM: Q(form_check, status__in=RUNNING),
        Need.CALL: Q(status=Status.WITHDRAWN, unit_owes=True),
        Need.ACTION: Q(status=Status.CLOSED_ACTIONS_OPEN, overdue_from__lt=on.now),
        Need.UNCONFIRMED: Q(
            status__in=(Status.CLOSED, Status.CLOSED_ACTIONS_OPEN),
            confirmed=False,
            closed_at__gte=midnight_after(last_week - timedelta(days=1)),
        ),
    }
    return found[Need(need)]


ORDERS: Mapping[str, tuple[str, ...]] = {
    "due": ("band", "shown_due", "-ended_at", "reference"),
    "-due": ("-band", "-shown_due", "ended_at", "reference"),
    "opened": ("opened_at", "reference"),
    "-opened": ("-opened_at", "reference"),
    "stage": ("stage", "band", "shown_due", "reference"),
    "-stage": ("-stage", "band", "shown_due", "reference"),
    "reference": ("reference",),
    "-reference": ("-reference",),
}


def ordered(challenges: QuerySet[Challenge], order: str) -> QuerySet[Challenge]:
    """`annotated` challenges with all that their rows show: one statement, and one for their parties."""
    return (
        challenges.annotate(ended_at=Coalesce("closed_at", "opened_at"))
        .order_by(*ORDERS[order])
        .select_related("raising")
        .defer("our_pointer")
        .prefetch_related(Prefetch("parties", Party.objects.select_related("setting").defer("their_pointer")))
    )


def policies_in_use() -> dict[int, Policy]:
    """By the id of their version: one statement, and once a process one more for each version."""
    used = Exists(Challenge.objects.filter(policy_version=OuterRef("pk")))
    return {version.pk: version.policy for version in PolicyVersion.objects.filter(used).defer("document")}


def settings_of(challenges: QuerySet[Challenge], standing: Standing) -> list[Setting]:
    """The settings that take part in these challenges, and the person's own: one statement."""
    taking_part = Party.objects.filter(challenge__in=challenges.values("pk")).values("setting")
    return list(Setting.objects.filter(Q(pk__in=taking_part) | Q(pk__in=standing.settings)))


# What a row says.


def heading(band: str, on: Days) -> str:
    """The words above a group, without its number."""
    return {
        Band.OVERDUE: "Overdue",
        Band.TODAY: f"Due today, {medium_date(on.today, on.now)}",
        Band.SOON: f"Due by {medium_date(on.soon, on.now)}",
        Band.LATER: "Later",
        Band.UNDATED: "No date",
        Band.ENDED: "Closed",
    }[Band(band)]


@dataclass(frozen=True)
class Words:
    """How a row is worded for one reader: their standing, the days around now, the policies in use.

    `grouped`: the row stands under a heading that already says "Overdue".
    """

    standing: Standing
    on: Days
    policies: Mapping[int, Policy]
    grouped: bool = True
    with_opened: bool = False

    def row(self, challenge: Challenge) -> WorkRow:
        parties = list(challenge.parties.all())
        own_words = (
            challenge.raised_by_id == self.standing.user_id and challenge.raising_id in self.standing.settings
        )
        return WorkRow(
            due=self._due(challenge),
            due_state=self._due_state(challenge),
            due_note=self._note(challenge),
            issue=self.issue(challenge),
            url=challenge.get_absolute_url(),
            asked=self.asked(challenge, parties) + self._opened(challenge),
            label=challenge.label if own_words else "",
            turn=self.turn(challenge, parties),
            stage=str(challenge.stage),
            reference=spoken(challenge.reference),
        )

    def issue(self, challenge: Challenge) -> str:
        """As the lead coded it; until then in the plain words the raiser chose."""
        policy = self.policies[challenge.policy_version_id]
        kind, code = ("issue", challenge.issue) if challenge.issue else ("about", challenge.about)
        try:
            return policy.term(kind, code).label
        except LookupError:
            return capital(code.replace("_", " "))

    def asked(self, challenge: Challenge, parties: Sequence[Party]) -> str:
        """ "X asked us", "We asked X and 2 others"; "X asked Y" for those on neither side."""
        asked = [p.setting for p in parties if p.role == PartyRole.RESPONDING]
        we_ask, we_are_asked = self._is_mine(challenge.raising_id), any(self._is_mine(s.pk) for s in asked)
        others = _and_others(len(asked) - 1)
        if we_are_asked and not we_ask:
            return f"{challenge.raising.name} asked us{others}"
        first = asked[0].name if asked else "nobody yet"
        if we_ask and not we_are_asked:
            return f"We asked {first}{others}"
        return f"{challenge.raising.name} asked {first}{others}"

    def turn(self, challenge: Challenge, parties: Sequence[Party]) -> State:
        """Whose turn it is, as this reader would say it."""
        if challenge.status == Status.ON_HOLD:
            return State("hold", "On hold")
        if getattr(challenge, "is_asked", False):
            return State("turn", "A question for you")
        if challenge.status not in LIVE:
            return State("done", Status(challenge.status).label)
        if self._is_ours(challenge, parties):
            return State("turn", "Ours")
        return State("wait", self._others_turn(challenge, parties))

    def _is_ours(self, challenge: Challenge, parties: Sequence[Party]) -> bool:
        """The same as `ours`, which the statement has worked out already."""
        known = getattr(challenge, "is_ours", None)
        return (
            bool(known) if known is not None else any(p.owes and self._is_mine(p.setting_id) for p in parties)
        )

    def _others_turn(self, challenge: Challenge, parties: Sequence[Party]) -> str:
        owing = [p.setting for p in parties if p.owes]
        if owing and any(self._is_mine(p.setting_id) for p in parties):
            return "Theirs"
        if owing:
            return capital(owing[0].short_name) if len(owing) == 1 else f"{len(owing)} services"
        if challenge.partners_owe:
            return "The partners"
        if not challenge.unit_owes:
            return "Nobody’s"
        kind = self.policies[challenge.policy_version_id].stage(challenge.stage).kind
        return "The panel" if kind is StageKind.PANEL else "The unit"

    def _is_mine(self, setting_id: int) -> bool:
        return setting_id in self.standing.settings

    def _due(self, challenge: Challenge) -> str:
        if challenge.status not in LIVE:
            return (
                unbroken(short_date(london_date(challenge.closed_at), self.on.now))
                if challenge.closed_at
                else ""
            )
        if challenge.next_due is None:
            return "No date"
        day = london_date(challenge.next_due)
        said = "Today" if day == self.on.today else short_date(day, self.on.now)
        return unbroken(said) + self._time(challenge, challenge.next_due, day)

    def _time(self, challenge: Challenge, due: datetime, day: date) -> str:
        """Said today and where it is not the usual one; never where something is due "at once"."""
        at_once = challenge.overdue_from is not None and challenge.overdue_from != due
        usual = day != self.on.today and due.astimezone(LONDON).time() == AS_USUAL
        return "" if at_once or usual else f", {time_words(due)}"

    def _due_state(self, challenge: Challenge) -> State | None:
        if challenge.status not in LIVE or challenge.next_due is None:
            return None
        if challenge.overdue_from is not None and challenge.overdue_from < self.on.now:
            return State("late", self._due(challenge) if self.grouped else f"Overdue, {self._due(challenge)}")
        today = challenge.next_due < midnight_after(self.on.today)
        return State("due", self._due(challenge)) if today else None

    def _note(self, challenge: Challenge) -> str:
        if challenge.status == Status.ON_HOLD:
            return "hold ends"
        if challenge.status == Status.CLOSED_ACTIONS_OPEN:
            return "action"
        if challenge.status not in LIVE:
            return "" if self.grouped else "closed"
        return "fast track" if challenge.fast else ""

    def _opened(self, challenge: Challenge) -> str:
        if not self.with_opened:
            return ""
        return f". Opened {short_date(london_date(challenge.opened_at), self.on.now)}"


def unbroken(said: str) -> str:
    """A date stays on one line in a narrow column."""
    return said.replace(" ", "\N{NO-BREAK SPACE}")


def _and_others(number: int) -> str:
    if number < 1:
        return ""
    return " and 1 other" if number == 1 else f" and {number} others"
