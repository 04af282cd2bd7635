"""Dip samples: drawn by the log, read by two, a finding that both stand for; then their sight ends."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import models, transaction

from core import chance
from core.machine import Moved, NotPermitted, Refused
from escalation.access.organisations import answering_for
from escalation.access.standing import standing_of
from escalation.accounts.models import Organisation, User
from escalation.assurance import events
from escalation.assurance.acting import Acting
from escalation.assurance.models import CaseReading, DipSample, SampleCase, SampleReader, SampleState
from escalation.assurance.notifications import TO_AGREE, TO_READ, queue_to
from escalation.assurance.queries import cases_in_sight, moments_of
from escalation.challenges.models import Challenge
from escalation.challenges.queries.sampling import closed_for
from escalation.challenges.services import end_reading, let_read
from escalation.policy.quarters import Quarter
from escalation.policy.section11 import Framework, SampleKind, framework_on
from escalation.reporting.models import number_of
from escalation.retelling.drawing import LEAST, SEED, drawn_from
from escalation.retelling.finding import check_finding, known_names

KIND = "challenges"
UNIT_ONLY = "Dip samples are begun and ended by the business unit."
NOT_A_READER = "Only the two who read a sample answer, and write its finding."
NOT_OVER = "This quarter is not over. Draw its sample once it is."
NOTHING_TO_ASK = "The framework of that quarter has no questions for a dip sample."
ALREADY = "There is a dip sample of this quarter already."
TWO = "Choose two people of two organisations."
NO_LEAD = "Choose somebody who is a lead, head of service or partner of that organisation."
TOO_FEW = (
    f"Fewer than {LEAST} challenges of this quarter are closed in which neither has had a part. "
    "Choose other readers, or another quarter."
)
NOT_OPEN = "This sample is over. Nothing of it changes any more."
MOVED = "Somebody else has changed this meanwhile."
NOT_ALL_READ = "Answer every question of every challenge first."
NOT_YOUR_ANSWERS = "Answer every question with one of its answers."
WITHOUT_NUMBERS = "Say it without numbers, such as “most”: a number could tell which challenges they were."
OWN = "You wrote this finding. The other reader has to agree."
NOT_PROPOSED = "No finding waits for the second reader now."


@dataclass(frozen=True)
class Reader:
    """Who is to read, for which organisation."""

    user: User
    organisation: Organisation


@transaction.atomic
def draw_sample(quarter: Quarter, readers: Sequence[Reader], *, key: UUID, by: Acting) -> DipSample:
    """Draw a sample of a quarter that is over, and let two read it. `key` is the form's own: a second click
    is the same sample. Raises NotPermitted or Refused."""
    _unit_only(by)
    known = DipSample.objects.filter(uuid=key).first()
    if known is not None:
        return known
    framework, kind = _asked(quarter, by)
    _check_readers(readers, by)
    if DipSample.objects.filter(number=number_of(quarter), standard=kind.standard).exclude(
        state=SampleState.ENDED
    ):
        raise Refused(ALREADY, field="quarter")
    begins, ends = moments_of(quarter)
    found = closed_for([each.user for each in readers], begins=begins, ends=ends)
    population = [str(uuid) for uuid in found.values_list("uuid", flat=True)]
    if len(population) < LEAST:
        raise Refused(TOO_FEW)
    seed = chance.drawn("dip sample", SEED)
    sample = _begun(quarter, framework, kind, seed, population, key, by)
    rows = _given_to_read(sample, readers, drawn_from(population, seed), by)
    events.record([sample, *rows], "drawn", by=by)
    queue_to([each.user for each in readers], TO_READ, sample.get_absolute_url(), by=by)
    return sample


def _asked(quarter: Quarter, by: Acting) -> tuple[Framework, SampleKind]:
    if quarter.end >= by.today:
        raise Refused(NOT_OVER, field="quarter")
    framework = framework_on(quarter.end)
    if framework is None:
        raise Refused(NOTHING_TO_ASK, field="quarter")
    try:
        return framework, framework.sample(KIND)
    except LookupError:
        raise Refused(NOTHING_TO_ASK, field="quarter") from None


def _check_readers(readers: Sequence[Reader], by: Acting) -> None:
    if len({each.user.pk for each in readers}) != 2 or len({each.organisation.pk for each in readers}) != 2:
        raise Refused(TWO, field="second")
    for name, each in zip(("first", "second"), readers, strict=True):
        standing = standing_of(each.user, today=by.today)
        leads = answering_for(standing).filter(pk=each.organisation.pk)
        if standing.in_business_unit or not leads.exists():
            raise Refused(NO_LEAD, field=name)


def _begun(
    quarter: Quarter,
    framework: Framework,
    kind: SampleKind,
    seed: bytes,
    population: list[str],
    key: UUID,
    by: Acting,
) -> DipSample:
    return DipSample.objects.create(
        uuid=key,
        quarter=str(quarter),
        number=number_of(quarter),
        framework=framework.name,
        note=framework.note,
        standard=kind.standard,
        standard_title=framework.standard(kind.standard).title,
        title=kind.title,
        questions=[{"code": each.code, "label": each.label} for each in kind.questions],
        answers=[{"code": each.code, "label": each.label} for each in kind.answers],
        seed=seed.hex(),
        population=population,
        drawn_by=by.user,
        drawn_at=by.now,
    )


def _given_to_read(
    sample: DipSample, readers: Iterable[Reader], uuids: Sequence[str], by: Acting
) -> list[models.Model]:
    """A grant for each reader and challenge, and the rows that say so."""
    seated: list[SampleReader] = [
        SampleReader.objects.create(sample=sample, user=each.user, organisation=each.organisation)
        for each in readers
    ]
    challenges = {str(each.uuid): each for each in Challenge.objects.filter(uuid__in=uuids)}
    rows: list[models.Model] = [*seated]
    for number, uuid in enumerate(uuids, start=1):
        case = SampleCase.objects.create(sample=sample, challenge=challenges[uuid], number=number)
        rows.append(case)
        for reader in seated:
            grant = let_read(
                case.challenge,
                reader.user,
                by=by.user,
                standing=by.standing,
                now=by.now,
                request_id=by.request_id,
            )
            rows.append(CaseReading.objects.create(case=case, reader=reader, grant=grant))
    return rows


@transaction.atomic
def answer_case(sample: DipSample, number: int, answers: Mapping[str, str], *, by: Acting) -> CaseReading:
    """What one reader says of one challenge; it can be said anew while the sample is being read.

    Raises Challenge.DoesNotExist where they may not see it, or no more.
    """
    now, reader = _mine(sample, by)
    if now.state != SampleState.READING:
        raise Refused(NOT_OPEN if not now.is_open else "A finding is written. Send it back first.")
    row = reader.readings.select_related("case").filter(case__number=number).first()
    if row is None or row.case_id not in cases_in_sight(now, by):
        raise Challenge.DoesNotExist
    allowed = {each["code"] for each in now.answers}
    if set(answers) != {each["code"] for each in now.questions} or not set(answers.values()) <= allowed:
        raise Refused(NOT_YOUR_ANSWERS)
    if row.answers == dict(answers):
        return row
    row.answers, row.at = dict(answers), by.now
    row.save(update_fields=["answers", "at"])
    events.record([row], "read", by=by)
    return row


@transaction.atomic
def propose_finding(sample: DipSample, *, finding: str, despite: str, seen: int, by: Acting) -> DipSample:
    """One reader writes it; what the linter finds is changed first, or has a reason that the other reads."""
    now, reader = _mine(sample, by)
    if now.state == SampleState.PROPOSED and (now.finding, now.written_by_id) == (finding, by.user.pk):
        return now  # a second click
    if now.version != seen:
        raise Moved(MOVED)
    if now.state != SampleState.READING:
        raise Refused("A finding is written already. Read it, and agree or send it back.")
    _check_all_read(now, reader, by)
    check_finding(finding, despite, named=_named(now), known=known_names(), without_numbers=WITHOUT_NUMBERS)
    now.finding, now.despite, now.written_by, now.sent_back = finding, despite, by.user, ""
    now.state = SampleState.PROPOSED
    _changed(now, "proposed", by)
    others = [each.user for each in now.readers.select_related("user") if each.pk != reader.pk]
    queue_to(others, TO_AGREE, now.get_absolute_url(), by=by)
    return now


def _named(sample: DipSample) -> tuple[str, ...]:
    """The names of the standard and the quarter: their numbers tell nothing."""
    period = sample.period
    return (
        f"standard {sample.standard}",
        sample.framework,
        sample.quarter,
        period.label,
        f"quarter {period.number}",
        "section 11",
    )


def _check_all_read(now: DipSample, reader: SampleReader, by: Acting) -> None:
    """Of what they can see now; what they lost sight of meanwhile is the other's alone."""
    seen = cases_in_sight(now, by)
    if any(not each.answers and each.case_id in seen for each in reader.readings.all()):
        raise Refused(NOT_ALL_READ)


@transaction.atomic
def send_finding_back(sample: DipSample, *, why: str, by: Acting) -> DipSample:
    """The second reader does not agree yet; whoever wrote it can take it back, too."""
    now, _ = _mine(sample, by)
    if now.state != SampleState.PROPOSED:
        raise Refused(NOT_PROPOSED)
    now.state, now.sent_back = SampleState.READING, why
    return _changed(now, "sent_back", by)


@transaction.atomic
def agree(sample: DipSample, *, by: Acting) -> DipSample:
    """The other reader stands for it too: it is given, and what both could read they read no more."""
    now, reader = _mine(sample, by, also_given=True)
    if now.state == SampleState.GIVEN and now.agreed_by_id == by.user.pk:
        return now  # a second click
    if now.state != SampleState.PROPOSED:
        raise Refused(NOT_PROPOSED)
    if now.written_by_id == by.user.pk:
        raise Refused(OWN)
    _check_all_read(now, reader, by)
    now.state, now.agreed_by, now.ended_at = SampleState.GIVEN, by.user, by.now
    _changed(now, "given", by)
    _end_sight(now, by)
    return now


@transaction.atomic
def end_sample(sample: DipSample, *, why: str, by: Acting) -> DipSample:
    """The unit ends it without a finding, as where a reader leaves; another can be drawn."""
    _unit_only(by)
    now = DipSample.objects.select_for_update().get(pk=sample.pk)
    if now.state == SampleState.ENDED:
        return now
    if not now.is_open:
        raise Refused(NOT_OPEN)
    now.state, now.why_ended, now.ended_at = SampleState.ENDED, why, by.now
    _changed(now, "ended_without", by)
    _end_sight(now, by)
    return now


def _end_sight(now: DipSample, by: Acting) -> None:
    readings = CaseReading.objects.filter(case__sample=now).select_related("grant__challenge")
    end_reading(
        [each.grant for each in readings],
        by=by.user,
        standing=by.standing,
        now=by.now,
        request_id=by.request_id,
    )


def _unit_only(by: Acting) -> None:
    if not by.standing.in_business_unit:
        raise NotPermitted(UNIT_ONLY)


def _mine(sample: DipSample, by: Acting, *, also_given: bool = False) -> tuple[DipSample, SampleReader]:
    """The sample, locked, and who acts as its reader. Raises NotPermitted, or Refused once it is over."""
    now = DipSample.objects.select_for_update().get(pk=sample.pk)
    reader = now.readers.filter(user=by.user).first()
    if reader is None:
        raise NotPermitted(NOT_A_READER)
    if not (now.is_open or also_given):
        raise Refused(NOT_OPEN)
    return now, reader


def _changed(now: DipSample, act: str, by: Acting) -> DipSample:
    now.version += 1
    now.save()
    events.record([now], act, by=by)
    return now
