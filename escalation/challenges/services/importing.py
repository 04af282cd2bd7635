"""Challenges of an earlier log are brought in: the past as it was told, and a fresh start for what is open.

What happened keeps its day; that it stands here is recorded now. Nothing of the past starts a clock, counts
in a quarter, or is told to anybody as if it were new. A challenge that is still open begins its stage again,
as a reopened one does, so that it stands in somebody's list with time to act.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from core import bulk
from core.chance import drawn_id
from core.machine import NotPermitted, Refused
from escalation.access.standing import Standing
from escalation.accounts.models import Setting, User
from escalation.challenges import events, notifications
from escalation.challenges.case import Case
from escalation.challenges.clocks import Clock, keep_turn
from escalation.challenges.events import BroughtIn
from escalation.challenges.models import Audience, Challenge, Deadline, Entry, Party, PartyRole
from escalation.challenges.services.earlier import OPEN, EarlierCase, refusals, start_of
from escalation.challenges.workflow import EARLIER_LOG, EARLIER_NOTES, ENDED_BEFORE, STARTED_AFRESH
from escalation.rulebook.models import PolicyVersion

PORTION = 500
"""Challenges written together: each kind of row in one statement, or few."""
Thing = TypeVar("Thing")


def import_cases(
    cases: Sequence[EarlierCase],
    *,
    by: User,
    standing: Standing,
    policy: PolicyVersion,
    now: datetime,
    progress: Callable[[int], None] = lambda written: None,
) -> list[Challenge]:
    """Bring in all of these, or none; in their order. Which are here already is for `already_here` to say.

    Raises NotPermitted for anybody but the business unit, Refused for a case that `refusals` names,
    IntegrityError where another import brought one in at the same moment. `progress` is told how many
    are written.
    """
    if not standing.in_business_unit:
        raise NotPermitted("Only the business unit brings an earlier log in.")
    for earlier in cases:
        for name, sentence in refusals(earlier, policy.policy):
            raise Refused(sentence, field=name)
    made: list[Challenge] = []
    started: list[Case] = []
    with transaction.atomic():
        for portion in _portions(cases):
            brought = _build(portion, by=by, policy=policy, now=now)
            _store(brought)
            events.record_imports(brought, by=by, seat=EARLIER_LOG, at=now)
            made += [each.case.challenge for each in brought]
            started += [each.case for each in brought if each.case.challenge.status == OPEN]
            progress(len(made))
        notifications.notify_together(started, by=by, now=now)
    return made


def already_here(keys: Iterable[UUID]) -> dict[UUID, tuple[Challenge, Mapping[str, Any]]]:
    """Those that were brought in before, by key, with where each had stood; two statements a portion."""
    found: dict[UUID, tuple[Challenge, Mapping[str, Any]]] = {}
    for portion in _portions(list(keys)):
        here = list(Challenge.objects.filter(key__in=portion, imported_at__isnull=False))
        sources = events.sources(here)
        found |= {challenge.key: (challenge, sources[str(challenge.uuid)]) for challenge in here}
    return found


def _portions(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    for start in range(0, len(things), PORTION):
        yield things[start : start + PORTION]


def _store(made: Sequence[BroughtIn]) -> None:
    """Challenges before what points at them."""
    for model, rows in (
        (Challenge, [each.case.challenge for each in made]),
        (Party, [party for each in made for party in each.case.parties]),
        (Deadline, [deadline for each in made for deadline in each.case.deadlines]),
        (Entry, [entry for each in made for entry in each.entries]),
    ):
        bulk.insert(model, rows)


# The rows of cases, numbered and not stored yet


def _build(
    portion: Sequence[EarlierCase], *, by: User, policy: PolicyVersion, now: datetime
) -> list[BroughtIn]:
    """What is pointed at gets its number first."""
    cases = [
        Case(_challenge(earlier, policy, now), parties=[], deadlines=[], actions=[], holds=[])
        for earlier in portion
    ]
    bulk.number(Challenge, [case.challenge for case in cases])
    for case, earlier in zip(cases, portion, strict=True):
        case.parties = _parties(case.challenge, earlier, now)
    bulk.number(Party, [party for case in cases for party in case.parties])
    made = [_told(case, earlier, by=by, now=now) for case, earlier in zip(cases, portion, strict=True)]
    bulk.number(Deadline, [deadline for case in cases for deadline in case.deadlines])
    bulk.number(Entry, [entry for each in made for entry in each.entries])
    return made


def _told(case: Case, earlier: EarlierCase, *, by: User, now: datetime) -> BroughtIn:
    if earlier.is_open:
        Clock(case, now).start("stage_start", "import")
        keep_turn(case, now)
    lines = _Lines(case.challenge, earlier, by, now)
    return BroughtIn(case, lines.told(case.policy.first.number), earlier.source)


def _challenge(earlier: EarlierCase, policy: PolicyVersion, now: datetime) -> Challenge:
    ended = None if earlier.ended_on is None else start_of(earlier.ended_on)
    return Challenge(
        uuid=drawn_id("challenge"),
        key=earlier.key,
        policy_version=policy,
        raising=earlier.raising,
        raised_by=earlier.raised_by,
        opened_at=start_of(earlier.raised_on),
        imported_at=now,
        status=earlier.status,
        stage=earlier.stage,
        stage_reached=earlier.stage,
        voice_given=bool(earlier.words.get("voice")),
        settled_at=ended if earlier.facts.get("outcome") else None,
        closed_at=ended,
        **earlier.facts,
    )


def _parties(challenge: Challenge, earlier: EarlierCase, now: datetime) -> list[Party]:
    def party(setting: Setting, role: PartyRole) -> Party:
        return Party(challenge=challenge, setting=setting, role=role, stage=earlier.stage)

    asked = [party(setting, PartyRole.RESPONDING) for setting in earlier.asked]
    for each in asked:
        each.matched_at = now if earlier.child_agreed else None
    if len(asked) == 1:
        asked[0].counterpart, asked[0].their_pointer = earlier.counterpart, earlier.their_pointer
    if earlier.answer and earlier.answered_by and earlier.answered_on and not earlier.is_open:
        asked[0].answer, asked[0].answered_at = earlier.answer, start_of(earlier.answered_on)
    supporting = [party(setting, PartyRole.SUPPORTING) for setting in earlier.supporting]
    return [party(earlier.raising, PartyRole.RAISING), *asked, *supporting]


@dataclass(frozen=True)
class _Lines:
    """The lines of a case's chronology."""

    challenge: Challenge
    earlier: EarlierCase
    by: User
    now: datetime

    def told(self, first: int) -> list[Entry]:
        """In the order in which things happened; `first` is the stage at which it was raised."""
        lines = [self._raised(first), *self._moves(), *self._answer(), *self._settled(), *self._ended()]
        return [*sorted(lines, key=lambda line: line.occurred_at), *self._brought_in()]

    def _line(self, step: str, on: date | None = None, **details: Any) -> Entry:
        """What happened on a day; or, without one, now."""
        return Entry(
            challenge=self.challenge,
            version=1,
            episode=1,
            stage=details.pop("stage", self.earlier.stage),
            step=step,
            actor=self.by,
            seat=EARLIER_LOG,
            occurred_at=self.now if on is None else start_of(on),
            recorded_at=self.now,
            **details,
        )

    def _raised(self, first: int) -> Entry:
        codes = {"about": self.challenge.about, "fast": False}
        words = dict(self.earlier.words)
        raising = self.earlier.raising
        return self._line(
            "raise", self.earlier.raised_on, stage=first, setting=raising, words=words, codes=codes
        )

    def _moves(self) -> Iterator[Entry]:
        for stage, day in self.earlier.moved_up.items():
            yield self._line("escalate", day, stage=stage, setting=self.earlier.raising)

    def _answer(self) -> Iterator[Entry]:
        earlier = self.earlier
        if earlier.answered_on:
            words = {"what": earlier.response} if earlier.response else {}
            codes = {"answer": earlier.answer} if earlier.answer else {}
            by = earlier.answered_by
            yield self._line("reply", earlier.answered_on, setting=by, words=words, codes=codes)

    def _settled(self) -> Iterator[Entry]:
        earlier, facts = self.earlier, self.earlier.facts
        if facts.get("outcome"):
            words = {"reasons": earlier.reasons, "feedback": earlier.feedback}
            codes = {name: facts[name] for name in ("outcome", "impact") if facts.get(name)}
            told = {name: text for name, text in words.items() if text}
            yield self._line("settle", earlier.ended_on, words=told, codes=codes)

    def _ended(self) -> Iterator[Entry]:
        earlier = self.earlier
        if earlier.withdrawal_reason:
            # Rule 10: the reason is for the raiser and the unit only, so it is a line of its own.
            codes = {"withdrawal_reason": earlier.withdrawal_reason}
            yield self._line(ENDED_BEFORE, earlier.ended_on, audience=Audience.RAISER_AND_UNIT, codes=codes)
        if earlier.ended_on is not None and not earlier.facts.get("outcome"):
            yield self._line(ENDED_BEFORE, earlier.ended_on)

    def _brought_in(self) -> Iterator[Entry]:
        if self.earlier.notes:
            yield self._line(EARLIER_NOTES, words={"what": self.earlier.notes})
        if self.earlier.is_open:
            yield self._line(STARTED_AFRESH)
