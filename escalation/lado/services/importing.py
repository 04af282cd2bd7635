"""Referrals of an earlier log are brought in: the past as it was told, and a fresh start for what is open.

What happened keeps its day; that it stands here is recorded now. Nothing of the past starts a clock, counts
in a quarter, or is told to anybody as if it were new.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import models, transaction

from core import bulk
from core.machine import NotPermitted, Refused
from escalation.access.standing import Standing
from escalation.accounts.models import User
from escalation.lado import events, notifications
from escalation.lado.case import DECIDES_HERE, Case, new_case, team_on
from escalation.lado.clocks import Clock, keep_next
from escalation.lado.events import BroughtIn
from escalation.lado.models import (
    Allegation,
    Child,
    Deadline,
    Employer,
    Entry,
    Meeting,
    PolicyVersion,
    Referral,
)
from escalation.lado.numbers import receipt_digest, receipt_of, reference_of, uuid_of
from escalation.lado.services.earlier import EarlierReferral, refusals, start_of
from escalation.lado.services.taking import version_now
from escalation.lado.workflow import EARLIER_LOG, EARLIER_NOTES, ENDED_BEFORE, STARTED_AFRESH, Status
from escalation.policy.words import london_date

PORTION = 500
"""Referrals written together: each kind of row in a few statements."""
ROWS: tuple[tuple[str, type[models.Model]], ...] = (
    ("children", Child),
    ("employers", Employer),
    ("allegations", Allegation),
    ("meetings", Meeting),
    ("deadlines", Deadline),
)
"""What a row of an earlier log can bring with it."""
Thing = TypeVar("Thing")


def import_referrals(
    referrals: Sequence[EarlierReferral],
    *,
    by: User,
    standing: Standing,
    now: datetime,
    progress: Callable[[int], None] = lambda written: None,
) -> list[Referral]:
    """Bring in all of these, or none; in their order. Which are here already is for `already_here` to say.

    Raises NotPermitted for anybody but the LADO and the deputies, Refused for one that `refusals` names,
    IntegrityError where another import brought one in at the same moment. `progress` is told how many are
    written.
    """
    if not standing.roles & DECIDES_HERE:
        raise NotPermitted("Only the LADO or a deputy LADO brings an earlier log in.")
    for earlier in referrals:
        for name, sentence in refusals(earlier):
            raise Refused(sentence, field=name)
    made: list[Referral] = []
    with transaction.atomic():
        writing = _Writing(
            by, now, version_now(now), set(Referral.objects.values_list("reference", flat=True))
        )
        started: list[Case] = []
        for portion in _portions(referrals):
            brought = writing.write(portion)
            made += [each.case.referral for each in brought]
            started += [each.case for each in brought if each.case.deadlines]
            progress(len(made))
        if started:
            notifications.notify_of_list(started[0], by=by, now=now)
    return made


def already_here(keys: Iterable[UUID]) -> dict[UUID, tuple[Referral, Mapping[str, Any]]]:
    """Those that were brought in before, by key, with where each had stood; two statements a portion."""
    found: dict[UUID, tuple[Referral, Mapping[str, Any]]] = {}
    for portion in _portions(list(keys)):
        here = list(Referral.objects.filter(key__in=portion, way="import"))
        sources = events.sources(here)
        found |= {referral.key: (referral, sources[str(referral.uuid)]) for referral in here}
    return found


def _portions(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    for start in range(0, len(things), PORTION):
        yield things[start : start + PORTION]


@dataclass
class _Writing:
    """One import: who, when, under which policy, and which references are taken."""

    by: User
    now: datetime
    version: PolicyVersion
    taken: set[str]

    def write(self, portion: Sequence[EarlierReferral]) -> list[BroughtIn]:
        """A portion's rows and events. What is pointed at gets its number first."""
        today = london_date(self.now)
        team = team_on(today)
        cases = [new_case(self._referral(earlier), team, today=today) for earlier in portion]
        bulk.number(Referral, [case.referral for case in cases])
        for case, earlier in zip(cases, portion, strict=True):
            self._belongings(case, earlier)
        belongings: list[tuple[type[models.Model], list[Any]]] = [
            (model, [row for case in cases for row in getattr(case, name)]) for name, model in ROWS
        ]
        brought = [
            BroughtIn(case, self._lines(case.referral, earlier), earlier.source)
            for case, earlier in zip(cases, portion, strict=True)
        ]
        belongings.append((Entry, [entry for each in brought for entry in each.entries]))
        for model, rows in belongings:
            bulk.number(model, rows)
        for case in cases:
            keep_next(case)
        bulk.insert(Referral, [case.referral for case in cases])
        for model, rows in belongings:
            bulk.insert(model, rows)
        events.record_imports(brought, by=self.by, seat=EARLIER_LOG, at=self.now)
        return brought

    def _referral(self, earlier: EarlierReferral) -> Referral:
        key, told = earlier.key, start_of(earlier.told_on)
        reference = reference_of(key, taken=self.taken)
        self.taken.add(reference)
        return Referral(
            key=key,
            uuid=uuid_of(key),
            reference=reference,
            receipt=receipt_digest(receipt_of(key)),
            policy_version=self.version,
            way="import",
            opened_at=told,
            told_at=told,
            employer_aware=start_of(earlier.aware_on) if earlier.aware_on else None,
            only_days=["employer_aware", "told_at"] if earlier.aware_on else ["told_at"],
            status=_status(earlier),
            accepted_at=told if earlier.met else None,
            determined_at=start_of(earlier.ended_on) if earlier.outcome and earlier.ended_on else None,
            ended_at=start_of(earlier.ended_on) if earlier.ended_on else None,
            told_in_time=earlier.told_in_time,
            **earlier.facts,
        )

    def _belongings(self, case: Case, earlier: EarlierReferral) -> None:
        referral = case.referral
        if earlier.child_name:
            born = earlier.child_born.isoformat() if earlier.child_born else ""
            case.children.append(Child(referral=referral, name=earlier.child_name, born=born))
        if earlier.employer:
            sector = referral.sector or "other"
            case.employers.append(Employer(referral=referral, name=earlier.employer, sector=sector))
        if earlier.met and (earlier.outcome or earlier.nature):
            case.allegations.append(_allegation(referral, earlier))
        if earlier.meeting_on:
            case.meetings.append(Meeting(referral=referral, kind="planning", held_on=earlier.meeting_on))
        if earlier.is_open:
            self._start(case)

    def _start(self, case: Case) -> None:
        """Clocks of what is open, as at the step that leads to where it stands; none for what is done."""
        clock = Clock(case, self.now)
        clock.start("contact" if case.referral.status == Status.CONTACT else "step:accept")
        if case.meetings:
            met = "hold_meeting"
            case.deadlines = [d for d in case.deadlines if met not in case.policy.clock(d.name).met_by]

    def _lines(self, referral: Referral, earlier: EarlierReferral) -> list[Entry]:
        """The chronology, in the order in which things happened."""

        def line(step: str, on: date | None = None, **details: Any) -> Entry:
            return Entry(
                referral=referral,
                version=1,
                episode=1,
                status=referral.status,
                step=step,
                actor=self.by,
                seat=EARLIER_LOG,
                occurred_at=start_of(on) if on else self.now,
                recorded_at=self.now,
                **details,
            )

        lines = [line("contact", earlier.told_on, codes={"way": "import"}, words=dict(earlier.words))]
        if earlier.meeting_on:
            lines.append(line("hold_meeting", earlier.meeting_on))
        if earlier.outcome:
            reasons = {"reasons": earlier.reasons} if earlier.reasons else {}
            lines.append(
                line("record_outcome", earlier.ended_on, codes={"outcome": earlier.outcome}, words=reasons)
            )
        if earlier.ended_on:
            lines.append(line(ENDED_BEFORE, earlier.ended_on))
        if earlier.notes or (earlier.reasons and not earlier.outcome):
            lines.append(line(EARLIER_NOTES, words={"what": _notes(earlier)}))
        if earlier.is_open:
            lines.append(line(STARTED_AFRESH))
        return lines


def _status(earlier: EarlierReferral) -> Status:
    """Where it stands here: an open one where its work goes on."""
    if earlier.status is not None:
        return earlier.status
    if earlier.meeting_on:
        return Status.MEETING_HELD
    return Status.ACCEPTED if earlier.met else Status.CONTACT


def _allegation(referral: Referral, earlier: EarlierReferral) -> Allegation:
    return Allegation(
        referral=referral,
        nature=earlier.nature,
        non_recent=earlier.non_recent,
        what=earlier.words.get("what", ""),
        outcome=earlier.outcome,
        outcome_at=referral.determined_at if earlier.outcome else None,
    )


def _notes(earlier: EarlierReferral) -> str:
    reasons = f"Reasons: {earlier.reasons}" if earlier.reasons and not earlier.outcome else ""
    return "\n".join(part for part in (reasons, earlier.notes) if part)
