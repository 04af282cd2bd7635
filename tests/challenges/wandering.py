"""A challenge on its way through any steps by anybody, and what must hold after each of them."""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from core.audit.verify import verify_all
from core.machine import NotPermitted, Refused, Step
from core.outbox.models import Message
from escalation.access.standing import Standing
from escalation.challenges.asks import ASKS, Kind
from escalation.challenges.case import SYSTEM_PARTS, Case, facts_for, parts_of, party_of, read_case
from escalation.challenges.clocks import keep_turn
from escalation.challenges.events import chain_of, snapshot
from escalation.challenges.facts import Facts
from escalation.challenges.models import Audience, Challenge, Entry, Event
from escalation.challenges.services import sweep
from escalation.challenges.workflow import STEP, STEPS, Status
from tests.challenges.cast import SYSTEM, Cast, day
from tests.factories import SENT

CALL = {"who": "duty worker", "when": "10am"}
OPENINGS: tuple[Mapping[str, Any], ...] = (
    {},
    {"no_single_child": True},
    {"fast": True, "call": CALL},
    {"start_stage": 2, "skip_reason": "no_counterpart"},
    {"start_stage": 3, "skip_reason": "child_cannot_wait", "needed_by": SENT + timedelta(days=1)},
    {"policy_key": "london"},
)
HOURS = (0, 1, 6, 20, 50, 130, 400)


@dataclass(frozen=True)
class Move:
    """`kind`: "offered" takes one of the steps that somebody can take now, "any" anybody any step,
    "wait" lets time pass and the sweep run. `pick` chooses, among all that could be chosen."""

    kind: str
    pick: int
    hours: int


LAST_EXITS = ("withdraw", "void", "mark_duplicate", "accept_transfer")
ADDS_A_LINE = (
    "add_note",
    "correct",
    "put_on_record",
    "code_issue",
    "allocate",
    "ask_own_lead",
    "decline_to_move_up",
    "complete_form",
)
WEIGHTS = {**dict.fromkeys(LAST_EXITS, 0.5), **dict.fromkeys(ADDS_A_LINE, 2), "reply": 30, "escalate": 20}


class Wandering:
    """The challenge, the time, and what was so before the last move."""

    def __init__(self, cast: Cast, opening: Mapping[str, Any], other: str) -> None:
        self.cast = cast
        self.now = SENT
        self.other = other
        cast.raise_it(**opening)

    def go(self, move: Move) -> None:
        chance = Random(move.pick)
        if move.kind == "wait":
            self.wait(timedelta(hours=move.hours))
            return
        self.now += timedelta(minutes=1 + move.hours)
        who, step = self.one_offered(chance) if move.kind == "offered" else chance.choice(self.anything())
        self.attempt(who, step, plausible(step, self.case(), self, chance))

    def wait(self, span: timedelta) -> None:
        """The sweep takes as many steps as it says, each with its event."""
        before, self.now = self.case(), self.now + span
        taken = sweep(now=self.now)
        after = self.case()
        assert after.challenge.version == before.challenge.version + taken
        self.check(before, after, fresh=taken > 0)

    def attempt(self, who: str, step: Step[Facts], answers: dict[str, Any]) -> None:
        before, rows = self.case(), self.rows()
        sentence = self.refusal(who, step, answers)
        after, more = self.case(), self.rows()
        if sentence:
            assert sentence.endswith(".")
            assert snapshot(after) == snapshot(before)
            assert (after.challenge.version, more) == (before.challenge.version, rows)
            return
        assert after.challenge.version == before.challenge.version + 1
        assert more[0] == rows[0] + (2 if step.name == "withdraw" else 1)
        assert more[1] == rows[1] + 1
        self.check(before, after, fresh=True)

    def refusal(self, who: str, step: Step[Facts], answers: dict[str, Any]) -> str:
        """Take the step; the sentence of the refusal, or nothing where it was taken."""
        try:
            self.cast.take(who, step.name, self.now, **answers)
        except (NotPermitted, Refused) as refused:
            return str(refused)
        return ""

    def check(self, before: Case, after: Case, *, fresh: bool) -> None:
        _decided_never_moves(before, after)
        _is_sane(after)
        _stayed_or_went_along_the_table(before, after)
        if fresh:
            _turn_is_fresh(after, self.now)

    def case(self) -> Case:
        challenge = Challenge.objects.select_related("policy_version", "raising", "raised_by")
        return read_case(challenge.get(pk=self.cast.challenge.pk))

    def rows(self) -> tuple[int, int, int]:
        """How many lines, events and messages there are."""
        events = Event.objects.filter(chain=chain_of(self.cast.challenge))
        return Entry.objects.count(), events.count(), Message.objects.count()

    def anything(self) -> list[tuple[str, Step[Facts]]]:
        return [(who, step) for who in self.cast.people for step in STEPS]

    def one_offered(self, chance: Random) -> tuple[str, Step[Facts]]:
        """Steps that lead on are likelier than those that only add a line or end the road."""
        offered = self.offered()
        names = sorted({step.name for _, step in offered})
        chosen = chance.choices(names, [WEIGHTS.get(name, 10) for name in names])[0]
        return chance.choice([(who, step) for who, step in offered if step.name == chosen])

    def offered(self) -> list[tuple[str, Step[Facts]]]:
        """Every step that somebody's page offers now; adding a note is always among them."""
        case = self.case()
        found = []
        for who in (*self.cast.people, SYSTEM):
            facts = facts_of(case, self.cast.standings.get(who), self.now)
            found += [
                (who, step)
                for step in STEPS
                if step.who & facts.parts
                and facts.status in step.source
                and step.refusal(facts) is None
                # The log passes a challenge on only where somebody leaves: tests/directory/test_leaving.py.
                and (who, step.name) != (SYSTEM, "allocate")
            ]
        return sorted(found, key=lambda one: one[1].name)

    def holds(self) -> None:
        """The whole trail: numbers, links, signatures, triggers, and every state the replay of its events."""
        assert [str(fault) for fault in verify_all()] == []


def facts_of(case: Case, standing: Standing | None, now: datetime) -> Facts:
    """The case as its guards see it, for one of the cast, or for the system (None)."""
    if standing is None:
        return facts_for(case, now=now, party=None, parts=SYSTEM_PARTS)
    party, parts = party_of(case, standing), parts_of(case, standing)
    return facts_for(case, now=now, party=party, parts=parts, actor=standing.user_id)


def _decided_never_moves(before: Case, after: Case) -> None:
    now = {d.pk: (d.started, d.due, d.decided_at, d.met) for d in after.deadlines}
    for d in before.deadlines:
        if d.decided_at is not None:
            assert now[d.pk] == (d.started, d.due, d.decided_at, d.met)


def _is_sane(case: Case) -> None:
    """What no row alone shows: the case, its parties and its holds agree with each other."""
    challenge = case.challenge
    assert (case.hold is not None) == (challenge.status == Status.ON_HOLD)
    assert not (challenge.fast and case.holds)
    assert challenge.stage <= challenge.stage_reached
    if challenge.pending in ("hold", "return"):
        assert challenge.status == Status.AWAITING_RESPONSE
    asked = [p for p in case.responding if p.stage == challenge.stage]
    assert asked, "somebody is always asked"
    if challenge.status == Status.RECOMMENDED:
        assert any(p.must_answer_recommendation and not p.recommendation_answer for p in case.parties)
    for party in case.parties:
        assert bool(party.answer) == (party.answered_at is not None)
        assert not party.question_open or (party.question_used and not party.answer)
        assert not party.agreed_to_pending or challenge.pending in ("hold", "return")
        assert not party.recommendation_answer or party.must_answer_recommendation
        assert party.stage <= challenge.stage_reached


def _stayed_or_went_along_the_table(before: Case, after: Case) -> None:
    old, new = before.challenge.status, after.challenge.status
    assert old == new or any(old in step.source and new in step.leads_to for step in STEPS)


def _turn_is_fresh(case: Case, now: datetime) -> None:
    """What is kept beside the case for lists is what would be worked out now."""
    again = Case(
        challenge=copy(case.challenge),
        parties=[copy(p) for p in case.parties],
        deadlines=case.deadlines,
        actions=case.actions,
        holds=case.holds,
    )
    keep_turn(again, now)
    for name in ("next_due", "overdue_from", "unit_owes", "partners_owe"):
        assert getattr(case.challenge, name) == getattr(again.challenge, name), name
    assert [p.owes for p in case.parties] == [p.owes for p in again.parties]


# Answers that somebody could well give.


def plausible(step: Step[Facts], case: Case, trip: Wandering, chance: Random) -> dict[str, Any]:
    """What the step needs, and now and then what else it asks for; rarely, one answer is missing."""
    names = [name for name in step.asks if name in step.needs or chance.random() < 0.5]
    answers = {name: ANSWERS[ASKS[name].kind](name, case, trip, chance) for name in names}
    if names and chance.random() < 0.05:
        answers[chance.choice(names)] = None
    return {name: value for name, value in answers.items() if value is not None}


Answer = Callable[[str, Case, Wandering, Random], Any]


def _code(name: str, case: Case, trip: Wandering, chance: Random) -> str:
    return chance.choice(case.policy.vocabularies[ASKS[name].vocabulary]).code


def _some(values: list[int], chance: Random) -> list[int]:
    return chance.sample(values, chance.randint(1, len(values)))


def _stage(name: str, case: Case, trip: Wandering, chance: Random) -> int:
    return chance.choice(case.policy.stages).number


def _actions(name: str, case: Case, trip: Wandering, chance: Random) -> list[dict[str, Any]]:
    owner = chance.choice([case.raising, *case.responding])
    return [{"what": "Visit weekly", "party": owner.pk, "due": day(trip.now) + timedelta(days=14)}]


ANSWERS: dict[Kind, Answer] = {
    Kind.TEXT: lambda name, case, trip, chance: chance.choice(["Some words.", "Zoë 🦋 ‏שלום", "  \n "]),
    Kind.LINE: lambda name, case, trip, chance: "duty worker",
    Kind.CHOICE: _code,
    Kind.CHOICES: lambda name, case, trip, chance: [_code(name, case, trip, chance)],
    Kind.YES_NO: lambda name, case, trip, chance: chance.random() < 0.5,
    Kind.NUMBER: lambda name, case, trip, chance: 2,
    Kind.RATING: lambda name, case, trip, chance: chance.randint(1, 5),
    Kind.DATE: lambda name, case, trip, chance: day(trip.now),
    Kind.FUTURE_DATE: lambda name, case, trip, chance: day(trip.now) + timedelta(days=chance.randint(0, 20)),
    Kind.MOMENT: lambda name, case, trip, chance: trip.now,
    Kind.PARTY: lambda name, case, trip, chance: chance.choice(case.parties).pk,
    Kind.PARTIES: lambda name, case, trip, chance: _some([p.pk for p in case.responding], chance),
    Kind.LATER_STAGE: _stage,
    Kind.EARLIER_STAGE: _stage,
    Kind.PERSON: lambda name, case, trip, chance: chance.choice(list(trip.cast.people.values())).pk,
    Kind.ACTION: lambda name, case, trip, chance: chance.choice([0, *(a.pk for a in case.actions)]),
    Kind.ACTIONS: _actions,
    Kind.ENTRY: lambda name, case, trip, chance: chance.choice(list(case.challenge.entries.all())).pk,
    Kind.REFERENCE: lambda name, case, trip, chance: chance.choice([trip.other, case.challenge.reference]),
    Kind.AUDIENCE: lambda name, case, trip, chance: chance.choice(Audience.values),
}
assert set(ANSWERS) == set(Kind), "every kind of question has an answer"
assert set(STEP) == {step.name for step in STEPS}
