"""A walk through everything that can happen to a referral: every status is stood in, every step is taken.

And, drawn at random: whatever anybody does, what is refused changes nothing, and the trail holds.
"""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.audit.verify import verify_all
from core.machine import NotPermitted, Refused, Step
from escalation.access.models import ConflictReason
from escalation.lado.asks import ASKS, Kind
from escalation.lado.case import REFERRER_PARTS, Case, facts_for, parts_of, read_case
from escalation.lado.clocks import keep_next
from escalation.lado.events import snapshot
from escalation.lado.facts import Facts
from escalation.lado.models import Entry, Event, Referral
from escalation.lado.workflow import ENDED, STEP, STEPS, Status
from escalation.policy.words import london_date
from tests.factories import person
from tests.lado import roads
from tests.lado.cast import NOW, REFERRER, Team

pytestmark = [pytest.mark.django_db, pytest.mark.large]

PEOPLE = ("lado", "deputy", "support", REFERRER)
KEEPS_ALL = {"declare_conflict", "hand_over", "name_conflict", "lift_conflict"}
"""They take people out of sight; told in test_wall.py, test_neighbour.py and test_conflicts.py."""


class Road:
    """One referral on its way through any steps by anybody."""

    def __init__(self, team: Team) -> None:
        self.team, self.now = team, NOW
        self.parts = {who: parts_of(team.standing(who)) for who in team.people}
        team.contact(limbs=("harmed",))

    def case(self) -> Case:
        referral = Referral.objects.select_related("policy_version").get(pk=self.team.referral.pk)
        return read_case(referral, today=london_date(self.now))

    def facts(self, who: str, case: Case) -> Facts:
        if who == REFERRER:
            return facts_for(case, parts=REFERRER_PARTS, user_id=None)
        return facts_for(case, parts=self.parts[who], user_id=self.team.people[who].pk)

    def offered(self) -> list[tuple[str, Step[Facts]]]:
        case = self.case()
        facts = {who: self.facts(who, case) for who in PEOPLE}
        return [(who, step) for who in PEOPLE for step in STEPS if step.is_offered(facts[who])]

    def take(self, who: str, step: Step[Facts], chance: Random) -> bool:
        """Take a step with plausible answers; False where it was refused, and nothing changed."""
        before = self.case()
        facts, version = snapshot(before), before.referral.version
        lines, events = Entry.objects.count(), Event.objects.count()
        self.now += timedelta(minutes=5)
        try:
            self.team.take(who, step.name, self.now, **self.answers(step, before, chance))
        except (NotPermitted, Refused):
            after = self.case()
            assert (snapshot(after), after.referral.version) == (facts, version)
            assert (Entry.objects.count(), Event.objects.count()) == (lines, events)
            return False
        after = self.case()
        assert after.referral.version == version + 1
        assert Entry.objects.count() == lines + 1
        self.check(before, after, step)
        return True

    def must(self, who: str, name: str, chance: Random) -> None:
        assert any(self.take(who, STEP[name], chance) for _ in range(8)), name

    def check(self, before: Case, after: Case, step: Step[Facts]) -> None:
        old, new = before.referral.status, after.referral.status
        assert old == new or (old in step.source and new in step.leads_to)
        assert (new in ENDED) == (after.referral.ended_at is not None)
        decided = {d.pk: (d.due, d.decided_at, d.met) for d in after.deadlines}
        for d in before.deadlines:
            if d.decided_at is not None:
                assert decided[d.pk] == (d.due, d.decided_at, d.met)
        if new == Status.STRANDS_CONCLUDED:
            assert not any(s.is_open for s in after.strands)
        if new in (Status.OUTCOME, Status.DUTIES, Status.CLOSED):
            assert after.allegations
            assert all(a.outcome for a in after.allegations)
        if new == Status.CLOSED and after.referral.duties_needed:
            assert after.referral.dbs_answer
            assert after.referral.regulator_answer
        kept = (after.referral.next_due, after.referral.overdue_from, after.referral.next_name)
        keep_next(after)
        assert kept == (after.referral.next_due, after.referral.overdue_from, after.referral.next_name)

    def answers(self, step: Step[Facts], case: Case, chance: Random) -> dict[str, Any]:
        names = [name for name in step.asks if name in step.needs or chance.random() < 0.6]
        answers = {name: self.answer(name, case, chance) for name in names}
        if step.name == "plan_meeting" and answers["section_47"]:
            answers["meets_on"] = london_date(self.now)
        if step.name == "move_strand" and answers["strand"]:
            strand = next(s for s in case.strands if s.pk == answers["strand"])
            answers["strand_state"] = chance.choice([*strand.states, strand.states[-1]])
        return {name: value for name, value in answers.items() if value is not None}

    def answer(self, name: str, case: Case, chance: Random) -> Any:
        ask = ASKS[name]
        if ask.kind is Kind.CHOICE:
            return chance.choice(case.policy.vocabularies[ask.vocabulary]).code
        if ask.kind is Kind.WHY:
            return chance.choice(ConflictReason.values)
        if ask.kind is Kind.CHOICES:
            return [chance.choice(case.policy.vocabularies[ask.vocabulary]).code]
        rows: dict[Kind, list[Any]] = {
            Kind.EMPLOYER: case.employers,
            Kind.ALLEGATION: sorted(case.allegations, key=lambda a: bool(a.outcome))[:1],
            Kind.STRAND: sorted(case.strands, key=lambda s: not s.is_open)[:1],
            Kind.LETTER: [each for each in case.letters if each.answered_on is None],
            Kind.ACTION: [a for a in case.actions if a.done_on is None],
            Kind.QUESTION: [q for q in case.questions if q.answered_at is None],
            Kind.MEMBER: [m.user for m in case.team],
            Kind.COLLEAGUE: [m.user for m in case.may_take_it()],
            Kind.CONFLICT: case.kept_out(),
            Kind.GRANT: case.support_reads(),
            Kind.SUPPORT: [m.user for m in case.team if not m.decides],
            Kind.ENTRY: list(case.referral.entries.all()),
        }
        if ask.kind in rows:
            found = rows[ask.kind]
            return chance.choice(found).pk if found else None
        return PLAIN[ask.kind](self.now, chance)


PLAIN: dict[Kind, Any] = {
    Kind.TEXT: lambda now, chance: chance.choice(["Some words.", "Zoë 🦋 ‏שלום"]),
    Kind.LINE: lambda now, chance: "Somebody",
    Kind.YES_NO: lambda now, chance: chance.random() < 0.5,
    Kind.DATE: lambda now, chance: london_date(now),
    Kind.FUTURE_DATE: lambda now, chance: london_date(now) + timedelta(days=chance.randint(0, 40)),
    Kind.MOMENT: lambda now, chance: now - timedelta(hours=chance.randint(0, 60)),
    Kind.WHEN: lambda now, chance: chance.choice([london_date(now), now - timedelta(hours=3)]),
    Kind.PEOPLE: lambda now, chance: ["Hannah Lyle, LADO"],
}


def moves(step: Step[Facts]) -> int:
    """Steps that lead on are likelier than those that only add a line, and those than an end."""
    if step.target is None:
        return 2
    return 1 if set(step.leads_to) <= set(ENDED) and step.name != "close" else 12


def wander(road: Road, chance: Random, steps: int) -> set[str]:
    taken = set()
    for _ in range(steps):
        choices = [(who, step) for who, step in road.offered() if step.name not in KEEPS_ALL]
        who, step = chance.choices(choices, [moves(step) for _, step in choices])[0]
        if chance.random() < 0.1:
            who, step = chance.choice(PEOPLE), chance.choice([s for s in STEPS if s.name not in KEEPS_ALL])
        if road.take(who, step, chance):
            taken.add(step.name)
    return taken


PLACES: dict[str, Callable[[Team], object]] = {
    Status.CONTACT: lambda team: roads.called(team, limbs=("harmed",)),
    Status.ACCEPTED: roads.accepted,
    Status.EVALUATION: roads.evaluating,
    Status.EMPLOYER_LED: roads.led_by_employer,
    Status.MEETING_PLANNED: roads.planned,
    Status.MEETING_HELD: roads.met,
    Status.STRANDS_OPEN: roads.with_strands,
    Status.STRANDS_CONCLUDED: roads.concluded,
    Status.OUTCOME: roads.decided,
    Status.DUTIES: roads.with_duties,
    Status.CLOSED: roads.closed,
}
ENDS: dict[str, str] = {
    Status.ADVICE_GIVEN: "give_advice",
    Status.BELOW_THRESHOLD: "below_threshold",
    Status.TRANSFERRED: "transfer",
}


def bring(road: Road, status: str) -> None:
    """To this status through the one door, with something of everything that a step could be about."""
    team, chance = road.team, Random(3)
    PLACES.get(status, PLACES[Status.CONTACT])(team)
    if status == Status.NO_FURTHER_ROLE:
        roads.evaluating(team)
    spare = person("Sam Spare", role="lado_support")
    team.take("lado", "name_conflict", colleague=spare.pk, conflict_reason="family")
    road.must("lado", "let_support_read", chance)
    last: dict[str, str] = {**ENDS, Status.REOPENED: "give_advice", Status.NO_FURTHER_ROLE: "no_further_role"}
    if status not in ENDED or status in last:
        for name in ("add_action", "write_letter", "ask_referrer", "ask_head"):
            road.must("support", name, chance)
    road.must(REFERRER, "add_information", chance)
    if status in last:
        road.must("lado", last[status], chance)
    if status == Status.REOPENED:
        road.must("lado", "reopen", chance)


@pytest.mark.parametrize("status", Status)
def test_from_every_status_every_step_that_is_offered_can_be_taken(status: str) -> None:
    """And leads where its row says; each is taken back before the next."""
    road = Road(Team())
    bring(road, status)
    assert road.case().referral.status == status
    one_for_each = {step.name: (who, step) for who, step in reversed(road.offered())}
    for who, step in one_for_each.values():
        for seed in range(8):  # some answers are refused, with a sentence; others are not
            with transaction.atomic():
                taken = road.take(who, step, Random(seed))
                transaction.set_rollback(True)
            if taken:
                break
        assert taken, (who, step.name)


def test_the_walk_takes_every_step_somewhere() -> None:
    """But for those that a guard still stops after `bring`: tests/lado/roads.py takes them, on to closed."""
    team = Team()
    seen: set[str] = set()
    for status in Status:
        road = Road(team)
        bring(road, status)
        seen |= {step.name for _, step in road.offered()}
    assert set(STEP) - seen == {"open_strands", "determine", "close", "hand_over", "explain_late"}
    assert list(verify_all()) == []


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 2**32 - 1))
def test_whatever_anybody_does(seed: int) -> None:
    with transaction.atomic():
        road = Road(Team())
        wander(road, Random(seed), 25)
        assert list(verify_all()) == []
        transaction.set_rollback(True)
