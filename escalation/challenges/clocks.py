"""Deadline rows: which start, which are met, which end, and what a hold does to them.

The policy says everything as data (escalation.policy.milestones); here its words become rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from escalation.challenges.case import Case
from escalation.challenges.models import Action, Deadline, Hold, Party
from escalation.challenges.workflow import Status
from escalation.policy.clock import LONDON, Reckoning, Unit, reckon
from escalation.policy.milestones import starting
from escalation.policy.stages import Milestone, Owner, StageKind, When
from escalation.rulebook.queries import closed_days

HORIZON = timedelta(days=400)
FIVE_PM = time(17)
MATCH = "match"  # agreeing which child it is has a clock beside the turn, not instead of it
RAISING_OWNERS = (Owner.RAISER, Owner.RAISING_LEAD, Owner.RAISING)


@dataclass
class Clock:
    """What the clock needs for one step of one case: the moment, and the calendar around it."""

    case: Case
    now: datetime
    under_pressure: bool = False

    @cached_property
    def closed(self) -> dict[date, str]:
        first = min([self.now, *(d.started for d in self.case.open_deadlines())]).date()
        return closed_days(first, self.now.date() + HORIZON)

    def meet(self, step: str, party: Party | None, code: str = "") -> None:
        """Decide every running deadline that this step meets; on time or late is kept as a fact.

        `code` is what was chosen in the step, where it offers answers.
        """
        for deadline in self.case.running_deadlines(self.now):
            milestone = self._milestone(deadline)
            if milestone.is_met_by(step, code) and (
                deadline.party_id is None or party is None or deadline.party_id == party.pk
            ):
                self._decide(deadline, met=self.now <= deadline.overdue_from)

    def end_open(self) -> None:
        """Withdraw, void, escalate and close end the open rows; what was missed stays missed."""
        for deadline in self.case.open_deadlines():
            self._decide(deadline, met=False if deadline.overdue_from < self.now else None)

    def start(self, event: str, step: str, *, parties: Iterable[Party] | None = None) -> None:
        """Start what the policy says starts at `event` ("stage_start", "step:settle", "met:reply").

        A milestone that the same step already meets is stored as met: settling in writing is its
        own written outcome.
        """
        self._start(event, step, at=self.now, parties=parties)

    def follow(self, step: str, party: Party | None) -> None:
        """Start what follows from the milestones that this step has just met."""
        just_met = {d.name for d in self.case.deadlines if d.decided_at == self.now and d.met is not None}
        for name in sorted(just_met):
            if not any(d.name == name for d in self.case.open_deadlines()):
                self._start(f"met:{name}", step, at=self.now)

    def resume(self, hold: Hold) -> None:
        """Reckon the open deadlines afresh: each working day on which a hold stood at 17:00 counts as closed.

        What starts when another is missed starts later, as that one is due later.
        """
        held = held_days(self.case.holds)
        moved: list[Deadline] = []
        for deadline in sorted(self.case.open_deadlines(), key=lambda d: d.started):
            before = Reckoning.from_basis(deadline.basis)
            start = min((d.due for d in moved if self._follows(deadline, d)), default=before.start)
            after = replace(before, start=start).after_hold(closed=self.closed, held=held)
            deadline.basis, deadline.started = after.basis(), start
            deadline.due, deadline.overdue_from = after.due, after.overdue_from
            moved.append(deadline)

    def _start(self, event: str, step: str, *, at: datetime, parties: Iterable[Party] | None = None) -> None:
        for milestone in self._starting(event):
            begins = at if milestone.after != "concern_arose" else self.case.challenge.concern_arose or at
            for party in self._owing_parties(milestone, parties):
                self._add(milestone, party, begins, step)

    def _starting(self, event: str) -> tuple[Milestone, ...]:
        challenge = self.case.challenge
        return starting(
            self.case.policy,
            challenge.stage,
            event,
            formal_without_form=challenge.form_completed_at is None,
            agreed=all(p.answer == "acted" for p in self.case.asked),
            pressure=self.under_pressure,
        )

    def _owing_parties(self, milestone: Milestone, parties: Iterable[Party] | None) -> list[Party | None]:
        if milestone.when is When.UNMATCHED:
            # Rule 4: each service agrees for itself, so one that has agreed meets nobody else's clock.
            return list(self._unmatched())
        if milestone.owed_by is not Owner.RESPONDING:
            # One clock for all, however many start it: the first to miss what it follows.
            return [] if any(d.name == milestone.name for d in self.case.open_deadlines()) else [None]
        return list(self._asked(milestone) if parties is None else parties)

    def _unmatched(self) -> list[Party]:
        if self.case.challenge.no_single_child:
            return []
        return [p for p in self.case.asked if p.matched_at is None]

    def _asked(self, milestone: Milestone) -> list[Party]:
        """Who is asked at this stage; a recommendation is for all who must answer it (rule 12)."""
        if "answer_recommendation" in milestone.steps:
            return [p for p in self.case.parties if p.must_answer_recommendation]
        return self.case.asked

    def _add(self, milestone: Milestone, party: Party | None, at: datetime, step: str) -> None:
        challenge = self.case.challenge
        counted = milestone.clock(fast=challenge.fast)
        if counted is None:
            return
        quantity, unit = counted
        in_stage = milestone in self.case.policy.stage(challenge.stage).milestones
        needed_by = challenge.needed_by if in_stage else None
        reckoning = reckon(
            at, quantity, unit, closed=self.closed, needed_by=needed_by, held=held_days(self.case.holds)
        )
        deadline = Deadline(
            challenge=challenge,
            party=party,
            episode=challenge.episode,
            stage=challenge.stage,
            name=milestone.name,
            owed_by=milestone.owed_by,
            audience=milestone.audience,
            started=at,
            due=reckoning.due,
            overdue_from=reckoning.overdue_from,
            basis=reckoning.basis(),
        )
        self.case.deadlines.append(deadline)
        if milestone.is_met_by(step):
            self._decide(deadline, met=self.now <= deadline.overdue_from)
        else:
            self._start(
                f"missed:{milestone.name}", step, at=reckoning.due, parties=[party] if party else None
            )

    def _decide(self, deadline: Deadline, *, met: bool | None) -> None:
        deadline.decided_at, deadline.met = self.now, met
        if met:
            self._end_followers(deadline)

    def _end_followers(self, deadline: Deadline) -> None:
        """What would have started, had this been missed, will not; unless somebody else may miss it yet."""
        for other in self.case.open_deadlines():
            waits = other.started > self.now and self._follows(other, deadline)
            if waits and not any(self._follows(other, d) for d in self.case.open_deadlines()):
                self._decide(other, met=None)
                self._end_followers(other)

    def _follows(self, deadline: Deadline, other: Deadline) -> bool:
        """Whether it starts when `other` is missed: by the same service, or by any where all owe it."""
        after = self._milestone(deadline).after == f"missed:{other.name}"
        return after and deadline.party_id in (None, other.party_id)

    def _milestone(self, deadline: Deadline) -> Milestone:
        return self.case.policy.milestone(deadline.stage, deadline.name)


def held_days(holds: Iterable[Hold]) -> frozenset[date]:
    """The days on which a hold stood at 17:00 in London."""
    days: set[date] = set()
    for hold in holds:
        if hold.ended is None:
            continue
        day = hold.started.astimezone(LONDON).date()
        while day <= hold.ended.astimezone(LONDON).date():
            at_five = datetime.combine(day, FIVE_PM, tzinfo=LONDON)
            if hold.started <= at_five < hold.ended:
                days.add(day)
            day += timedelta(days=1)
    return frozenset(days)


def hold_limit(case: Case, now: datetime, until: date) -> datetime:
    """17:00 on the day agreed, and at most the policy's number of working days away."""
    limit = reckon(
        now,
        case.policy.limits["hold_working_days"],
        Unit.WORKING_DAYS,
        closed=closed_days(now.date(), now.date() + HORIZON),
    ).due
    return min(limit, datetime.combine(until, FIVE_PM, tzinfo=LONDON))


def keep_turn(case: Case, now: datetime) -> None:
    """Work out whose turn it is and what is due next, and keep it beside the case for lists.

    The status says whose turn it is; a running deadline of the unit, the partners or the raising
    side adds theirs (a form to complete, a form to check, a call to offer).
    """
    challenge = case.challenge
    running = case.running_deadlines(now)
    owners = set() if challenge.status == Status.ON_HOLD else {d.owed_by for d in running}
    kind = challenge.policy.stage(challenge.stage).kind
    awaiting = challenge.status == Status.AWAITING_RESPONSE
    for party in case.parties:
        party.owes = _owes(case, party)
    case.raising.owes = case.raising.owes or bool(owners & set(RAISING_OWNERS))
    challenge.unit_owes = Owner.UNIT in owners or (awaiting and kind is StageKind.PANEL)
    challenge.partners_owe = awaiting and kind is StageKind.DECISION
    challenge.next_due, challenge.overdue_from = _next_due(case, now)


def _owes(case: Case, party: Party) -> bool:
    challenge = case.challenge
    is_raising = party == case.raising
    if challenge.status == Status.AWAITING_RESPONSE:
        if (
            challenge.pending in ("hold", "return")
            and not party.agreed_to_pending
            and (is_raising or _unanswered(case, party))
        ):
            return True
        if is_raising:
            return any(p.question_open for p in case.asked)
        return challenge.policy.stage(challenge.stage).kind is StageKind.DIALOGUE and _unanswered(case, party)
    if challenge.status == Status.RECOMMENDED:
        return party.must_answer_recommendation and not party.recommendation_answer
    if challenge.status == Status.CLOSED_ACTIONS_OPEN:
        return any(a.done_on is None and a.setting_id == party.setting_id for a in case.actions)
    return is_raising and challenge.status in (Status.RESPONDED, Status.ANSWERED, Status.SETTLED)


def _unanswered(case: Case, party: Party) -> bool:
    return party in case.asked and not party.answer


def _next_due(case: Case, now: datetime) -> tuple[datetime | None, datetime | None]:
    challenge = case.challenge
    if challenge.status == Status.ON_HOLD:
        return (case.hold.limit, None) if case.hold else (None, None)
    if challenge.status == Status.CLOSED_ACTIONS_OPEN:
        dues = [due_time(a) for a in case.actions if a.done_on is None]
        return (min(dues), min(dues)) if dues else (None, None)
    mine = [d for d in case.running_deadlines(now) if d.name != MATCH and _is_owed(case, d)]
    if not mine:
        return None, None
    return min(d.due for d in mine), min(d.overdue_from for d in mine)


def _is_owed(case: Case, deadline: Deadline) -> bool:
    if deadline.owed_by == Owner.RESPONDING:
        return any(p.owes for p in case.parties if p.pk == deadline.party_id or p is deadline.party)
    if deadline.owed_by in RAISING_OWNERS:
        return case.raising.owes
    if deadline.owed_by == Owner.BOTH:
        return any(p.owes for p in case.parties)
    return case.challenge.unit_owes if deadline.owed_by == Owner.UNIT else case.challenge.partners_owe


def due_time(action: Action) -> datetime:
    """An action is due by 17:00 in London on its day."""
    return datetime.combine(action.due, FIVE_PM, tzinfo=LONDON)
