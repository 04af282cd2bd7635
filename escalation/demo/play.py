"""Plays fictional challenges through the services, in the order of time, until the demo's day begins.

A plot is a generator: it takes steps on its `Play` and yields the moment of the next one. The stage
runs all plots side by side and lets the sweep pass each working day, as it does in earnest. A moment
that lies on the demo's day or after it never comes: that challenge is then open, with the due times
that its story gave it.
"""

import heapq
import random
import uuid
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from escalation.access.standing import Standing, standing_of
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Seat, User
from escalation.challenges.models import Challenge, PartyRole
from escalation.challenges.services import NewChallenge, raise_challenge, sweep, take_step
from escalation.challenges.workflow import STEP, Status
from escalation.policy.calendar import bank_holidays, is_working_day
from escalation.policy.clock import LONDON
from escalation.policy.stages import Seniority
from escalation.policy.words import long_date
from escalation.rulebook.models import PolicyVersion
from escalation.rulebook.queries import current_policy

from .people import Partnership, Team
from .stories import Story, phrase

Plot = Callable[["Play"], Generator[datetime]]
AFTER_FIVE = time(17, 5)
SWEPT = (Status.ON_HOLD, Status.SETTLED)
OPENS, CLOSES = 9 * 60, 16 * 60 + 30
"""Minutes of the day between which people act."""


class PlotMistake(Exception):
    """A plot asks for what cannot be: its author's mistake, never the data's."""


class Days:
    """Working days, bank holidays left out."""

    def __init__(self, today: date) -> None:
        self.closed = bank_holidays(today.year - 3, today.year + 2)

    def after(self, day: date, count: int) -> date:
        """The day `count` working days after `day`; before it where `count` is negative."""
        step = timedelta(days=1 if count > 0 else -1)
        while count:
            day += step
            if is_working_day(day, self.closed):
                count -= 1 if count > 0 else -1
        return day

    def between(self, first: date, last: date) -> list[date]:
        """The working days from `first` to `last`, both included."""
        span = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [day for day in span if is_working_day(day, self.closed)]


def london(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=LONDON)


@dataclass
class Stage:
    """The partnership as the plots see it: who acts for whom on a day, and what their seats let them do."""

    partnership: Partnership
    today: date
    standings: dict[tuple[int, bool], Standing] = field(default_factory=dict)
    policies: dict[date, PolicyVersion] = field(default_factory=dict)
    to_sweep: bool = False
    """Whether there is anything that the calendar may move on."""

    @cached_property
    def days(self) -> Days:
        return Days(self.today)

    @cached_property
    def away(self) -> dict[int, Seat]:
        return {s.user_id: s for s in Seat.objects.filter(away_from__isnull=False).select_related("deputy")}

    def present(self, person: User, day: date) -> User:
        """The person, or who stands in for them while they are away."""
        seat = self.away.get(person.pk)
        return seat.deputy if seat and seat.deputy and seat.away_on(day) else person

    def standing(self, person: User, day: date) -> Standing:
        """Seats never change here but by who is away, so that two standings a person are all there are."""
        key = person.pk, any(seat.away_on(day) for seat in self.away.values())
        if key not in self.standings:
            self.standings[key] = standing_of(person, today=day)
        return self.standings[key]

    def policy(self, day: date) -> PolicyVersion:
        if day not in self.policies:
            self.policies[day] = current_policy(day)
        return self.policies[day]

    @property
    def unit(self) -> User:
        return self.partnership.roles[SeatKind.BUSINESS_UNIT][0]

    def run(self, plays: Iterable["Play"]) -> None:
        """Everything that happens before the demo's day, in the order of time."""
        ends = london(self.today, time(0))
        waiting = [(play.now, number, play) for number, play in enumerate(plays)]
        heapq.heapify(waiting)
        if not waiting:
            return
        swept = self._sweep_after(waiting[0][0].date())
        while waiting:
            moment, number, play = heapq.heappop(waiting)
            swept = self._sweep(swept, moment)
            following = play.go_on(moment)
            if following is not None and following < ends:
                heapq.heappush(waiting, (following, number, play))
        self._sweep(swept, ends)

    def _sweep(self, first: datetime, last: datetime) -> datetime:
        """The sweeps from `first` to `last`; when the next one is."""
        while first <= last:
            if self.to_sweep:
                sweep(now=first)
                self.to_sweep = Challenge.objects.filter(status__in=SWEPT).exists()
            first = self._sweep_after(first.date())
        return first

    def _sweep_after(self, day: date) -> datetime:
        return london(self.days.after(day, 1), AFTER_FIVE)


@dataclass
class Play:
    """One challenge, its people and its words. `now` is the moment of the step being taken.

    `named`: a worker is asked by name at the first stage, else whoever leads the setting that is asked.
    `colleague`: which of the workers of the asking setting raises it.
    """

    stage: Stage
    plot: Plot
    story: Story
    asking: Team
    asked: list[Team]
    supporting: list[Team]
    now: datetime
    rng: random.Random
    named: bool = True
    colleague: int = 0
    _going: Generator[datetime] | None = None
    _challenge: Challenge | None = None

    def go_on(self, moment: datetime) -> datetime | None:
        """Take the steps of this moment; the moment of the next ones, or None at the plot's end."""
        self.now = moment
        self._going = self._going or self.plot(self)
        return next(self._going, None)

    @property
    def challenge(self) -> Challenge:
        if self._challenge is None:
            raise PlotMistake("The plot has not raised it yet.")
        return self._challenge

    # Time

    @property
    def today(self) -> date:
        return self.now.astimezone(LONDON).date()

    def in_days(self, count: int) -> datetime:
        """A moment `count` working days from now, in working hours; 0 is a little later today."""
        if count == 0:
            return self.now + timedelta(minutes=self.rng.randrange(20, 95, 5))
        minutes = self.rng.randrange(OPENS, CLOSES, 5)
        return london(self.day(count), time(minutes // 60, minutes % 60))

    def day(self, count: int) -> date:
        return self.stage.days.after(self.today, count)

    # People

    @property
    def raiser(self) -> User:
        staying = [each for each in self.asking.practitioners if each.pk not in self.stage.away]
        return staying[self.colleague % len(staying)]

    @property
    def our_lead(self) -> User:
        return self._present(self.asking.lead)

    @property
    def us(self) -> User:
        """Who acts for the side that asked, at this stage."""
        return self._seated(self.asking) or self.raiser

    def them(self, number: int = 0) -> User:
        """Who acts for a setting that was asked, at this stage."""
        team = self.asked[number]
        return self._seated(team) or self._present(team.practitioners[0] if self.named else team.lead)

    def their_lead(self, number: int = 0) -> User:
        return self._present(self.asked[number].lead)

    def partner(self) -> User:
        """A partner whose organisation takes part."""
        ids = {team.setting.organisation_id for team in [self.asking, *self.asked]}
        teams = self.stage.partnership.teams.values()
        return next(t.partner for t in teams if t.partner and t.setting.organisation_id in ids)

    def _seated(self, team: Team) -> User | None:
        match self.challenge.policy.stage(self.challenge.stage).seniority:
            case Seniority.PRACTITIONER:
                return None
            case Seniority.LEAD:
                return self._present(team.lead)
            case _:
                return self._present(team.senior)

    def _present(self, person: User | None) -> User:
        if person is None:
            raise PlotMistake("Nobody holds this seat.")
        return self.stage.present(person, self.today)

    def twin(self) -> "Play":
        """Another challenge with the same people and words, now; this play's plot takes its steps."""
        return replace(self, _going=None, _challenge=None)

    # Words

    def say(self, name: str) -> str:
        return phrase(name, self.rng)

    # Steps

    def raises(self, *, by: User | None = None, **details: Any) -> None:
        """Send it; `details` are fields of NewChallenge, `words` beside the story's."""
        story, people = self.story, [team.practitioners[0] if self.named else None for team in self.asked]
        words = {name: getattr(story, name) for name in ("worry", "heard", "voice", "want")}
        words["spoken"] = f"Yes, on {long_date(self.today)}"
        words |= details.pop("words", {})
        by = by or self.raiser
        new = NewChallenge(
            raising=self.asking.setting,
            asked={team.setting: person for team, person in zip(self.asked, people, strict=True)},
            supporting=tuple(team.setting for team in self.supporting),
            about=story.about,
            age_band=story.age,
            words=words,
            label=story.label,
            our_pointer=self._pointer(self.asking),
            concern_arose=self.now - timedelta(days=1, hours=self.rng.randrange(2, 7)),
            **details,
        )
        self._challenge = raise_challenge(
            new,
            by=by,
            standing=self.stage.standing(by, self.today),
            key=uuid.uuid4(),
            policy=self.stage.policy(self.today),
            now=self.now,
        )

    def take(self, name: str, by: User, **answers: Any) -> None:
        """One step of the table, by somebody who may take it; a refusal is a mistake of the plot."""
        if self.challenge.status in SWEPT:
            self.challenge.refresh_from_db(fields=["version"])
        self._challenge = take_step(
            self.challenge,
            STEP[name],
            by=by,
            standing=self.stage.standing(by, self.today),
            expected=self.challenge.version,
            now=self.now,
            answers=answers,
        )
        self.stage.to_sweep |= self.challenge.status in SWEPT

    def party(self, team: Team) -> int:
        """The number of a setting's place in this challenge."""
        return self._parties[team.setting.pk]

    @cached_property
    def _parties(self) -> dict[int, int]:
        return dict(self.challenge.parties.values_list("setting", "pk"))

    def unanswered(self) -> list[int]:
        """The places of the settings that have not acted."""
        parties = self.challenge.parties.filter(role=PartyRole.RESPONDING).exclude(answer="acted")
        return list(parties.values_list("pk", flat=True))

    def match(self, number: int = 0) -> None:
        """They agree by phone which child it is."""
        self.take(
            "match",
            self.them(number),
            spoke_to=self.say("spoke_to"),
            called_at=self.now - timedelta(minutes=self.rng.randrange(5, 20)),
            their_pointer=self._pointer(self.asked[number]),
        )

    def reply(self, answer: str, number: int = 0) -> None:
        acted_on = {"acted_on": self.today} if answer == "acted" else {}
        self.take("reply", self.them(number), answer=answer, what=getattr(self.story, answer), **acted_on)

    def escalate(self, by: User | None = None, **answers: Any) -> None:
        said = {"what": text} if (text := self.say("next_level")) else {}
        self.take("escalate", by or self.raiser, still_asking=self.unanswered(), **said, **answers)

    def complete_form(self) -> None:
        scope = self.rng.choice(["one_child", "one_child", "one_child", "siblings"])
        count = {"sibling_count": self.rng.randrange(2, 5)} if scope == "siblings" else {}
        self.take(
            "complete_form",
            self.our_lead,
            issue=self.story.issue,
            scope=scope,
            child_status=self.story.status,
            evidence=self.say("evidence"),
            interpreter_considered=self.rng.random() < 0.7,
            supervisor_consulted=self.rng.random() < 0.9,
            **count,
        )

    def settle(
        self, outcome: str, impact: str = "plan_improved", *, by: User | None = None, action_in: int = 0
    ) -> None:
        """`action_in`: with an action for the first that was asked, due in so many working days."""
        agreed = outcome in ("decision_changed", "recommendation_accepted")
        answers: dict[str, Any] = {
            "outcome": outcome,
            "impact": impact,
            "reasons": self.say("settled_acted" if agreed else "settled_differs"),
            "feedback": self.story.feedback,
        }
        if not self.challenge.no_single_child:
            answers["on_record"] = self.today
        if outcome == "agreed_difference":
            answers |= {"reasons": self.say("difference"), "review_on": self.day(20)}
        if action_in:
            owner = self.party(self.asked[0])
            answers["actions"] = [{"what": self.story.action, "party": owner, "due": self.day(action_in)}]
        self.take("settle", by or self.them(), **answers)

    def code(self) -> None:
        """The lead says what kind of issue it was, as most do."""
        if self.rng.random() < 0.8:
            self.take("code_issue", self.our_lead, issue=self.story.issue)

    def confirm(self) -> None:
        self.take("confirm_settled", self.raiser)

    def finish_action(self) -> None:
        action = self.challenge.actions.filter(done_on__isnull=True).earliest("due")
        team = next(t for t in [*self.asked, self.asking] if t.setting.pk == action.setting_id)
        by = self._seated(team) or self._present(team.practitioners[0] if self.named else team.lead)
        self.take("complete_action", by, action=action.pk, what=self.say("done"), done_on=self.today)

    def _pointer(self, team: Team) -> str:
        """A child's number in a service's own system; it names nobody."""
        letters = "".join(word[0] for word in team.setting.name.split() if word[0].isupper())[:2]
        return f"{letters}-{self.rng.randrange(10_000, 99_999)}"
