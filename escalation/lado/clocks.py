"""Clock rows of a referral: which start, which are met, which end. All times are the policy's (data)."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property

from escalation.lado.case import Case
from escalation.lado.models import Deadline
from escalation.policy.clock import LONDON, Unit, reckon
from escalation.policy.lado import LadoClock, LadoPolicy
from escalation.policy.words import london_date
from escalation.rulebook.queries import closed_days

HORIZON = timedelta(days=400)
PAST = timedelta(days=400)
FIVE_PM = time(17)
WORKING_DAY = Unit.WORKING_DAYS


@dataclass
class Clock:
    """What the clocks need for one step of one referral."""

    case: Case
    now: datetime
    decided: list[Deadline] = field(default_factory=list)

    @cached_property
    def closed(self) -> dict[date, str]:
        return closed_days((self.now - PAST).date(), (self.now + HORIZON).date())

    def start(
        self, event: str, *, at: datetime | None = None, subject: int | None = None, about: str = ""
    ) -> None:
        """Start what starts at `event` ("contact", "duties", "step:accept"), at `at` or now."""
        for clock in self.case.policy.clocks:
            if clock.after == event and clock.quantity is not None:
                self._add(clock, clock.quantity, at or self.now, subject, about)

    def choose(self, name: str, day: date, *, subject: int | None = None) -> None:
        """Start a clock whose day people chose: it is missed once that day is over."""
        due = datetime.combine(day, FIVE_PM, tzinfo=LONDON)
        over = datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON)
        self._keep(name, self.now, due, over, {"chosen": day.isoformat()}, subject, "")

    def meet(self, step: str, *, subject: int | None = None, about: str = "", on: date | None = None) -> None:
        """Decide every open row that this step meets; on time or late is kept as a fact.

        `on`: the London day on which it was done, where that is told later; without it, it is done now.
        """
        for deadline in self.case.open_deadlines():
            same = (subject is None or deadline.subject == subject) and (
                not about or deadline.name.endswith(about)
            )
            if same and step in self.case.policy.clock(deadline.name).met_by:
                in_time = self.now <= deadline.overdue_from
                self._decide(deadline, met=in_time if on is None else on <= london_date(deadline.due))

    def same_day(self) -> date:
        """The last day that is "the same day" for what starts now: out of hours, the next working day."""
        return london_date(reckon(self.now, 0, WORKING_DAY, closed=self.closed).overdue_from)

    def runs(self, event: str) -> list[str]:
        """The names of the open clocks that started at `event`."""
        started = {clock.name for clock in self.case.policy.clocks if clock.after == event}
        return [deadline.name for deadline in self.case.open_deadlines() if deadline.name in started]

    def end_open(self, *, but: tuple[str, ...] = ()) -> None:
        """What ends a referral ends its clocks; what was missed stays missed."""
        for deadline in self.case.open_deadlines():
            if deadline.name not in but:
                self._decide(deadline, met=False if deadline.overdue_from < self.now else None)

    def cease(self, *names: str) -> None:
        """End the open rows of these names, neither met nor missed."""
        for deadline in self.case.open_deadlines():
            if deadline.name in names:
                self._decide(deadline, met=None)

    def save(self) -> None:
        """Write the rows that were decided, and those that start: one statement for each."""
        stored = [deadline for deadline in self.decided if not deadline._state.adding]
        if stored:
            Deadline.objects.bulk_update(stored, ["decided_at", "met"])
        Deadline.objects.bulk_create([d for d in self.case.deadlines if d._state.adding])

    def told_in_time(self) -> bool | None:
        """Within the policy's time of the first who knew; None where nobody said when they knew."""
        referral = self.case.referral
        known = [moment for moment in (referral.employer_aware, referral.police_aware) if moment]
        return told_in_time(self.case.policy, min(known, default=None), referral.told_at)

    def _add(self, clock: LadoClock, quantity: int, at: datetime, subject: int | None, about: str) -> None:
        """The same day (quantity 0) ends at 17:00 of a working day; what starts later has the next one."""
        counted = reckon(at, quantity, clock.unit, closed=self.closed)
        due = counted.due if quantity else counted.overdue_from
        self._keep(clock.name, at, due, counted.overdue_from, counted.basis(), subject, about)

    def _keep(
        self,
        name: str,
        started: datetime,
        due: datetime,
        overdue_from: datetime,
        basis: dict[str, object],
        subject: int | None,
        about: str,
    ) -> None:
        deadline = Deadline(
            referral=self.case.referral,
            name=name,
            subject=subject,
            about=about,
            started=started,
            due=due,
            overdue_from=overdue_from,
            basis=basis,
        )
        self.case.deadlines.append(deadline)

    def _decide(self, deadline: Deadline, *, met: bool | None) -> None:
        deadline.decided_at, deadline.met = self.now, met
        self.decided.append(deadline)


def told_in_time(policy: LadoPolicy, aware: datetime | None, told_at: datetime) -> bool | None:
    """Whether the LADO was told within the policy's time of the first who knew; None where nobody says."""
    told = policy.clock("told")
    if aware is None or told.quantity is None:
        return None
    closed = closed_days(aware.date(), told_at.date() + HORIZON)
    return told_at <= reckon(aware, told.quantity, told.unit, closed=closed).due


def keep_next(case: Case) -> None:
    """What is due next, kept beside the referral for lists."""
    first = min(case.open_deadlines(), key=lambda d: (d.due, d.pk), default=None)
    referral = case.referral
    referral.next_due = first.due if first else None
    referral.overdue_from = first.overdue_from if first else None
    referral.next_name, referral.next_about = (first.name, first.about) if first else ("", "")
