"""The LADO's dip sample: drawn by the log, read by two; a second person gives its finding out of the wall."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from core import chance
from core.machine import Moved, NotPermitted, Refused
from escalation.access.acting import Acting
from escalation.accounts.models import User
from escalation.lado import sample_events
from escalation.lado.models import DipSample, Referral, SampleReader, SampleReading, SampleState
from escalation.lado.notifications import notify
from escalation.lado.queries import current_policy
from escalation.lado.sampling import (
    could_read,
    ended_in_year,
    may_draw,
    readings_in_sight,
)
from escalation.policy.quarters import Quarter
from escalation.policy.section11 import Framework, SampleKind, framework_on, standard_words
from escalation.retelling.drawing import LEAST, SEED, drawn_from
from escalation.retelling.finding import check_finding, known_names

KIND = "lado"
DECIDES = "The LADO and the deputies draw and end dip samples."
NOT_A_READER = "Only the two who read a sample answer, and write its finding."
NOT_OVER = "This quarter is not over. Choose one that is."
NOTHING_TO_ASK = "The framework of that quarter has no questions for this."
NO_SECTOR = "Choose an employer of the list, or all."
ANOTHER = "Choose somebody else of the team who reads the words, or a neighbouring LADO."
TOO_FEW = (
    f"Fewer than {LEAST} records of these employers ended in that year that both of you may read. Choose all "
    "employers, or another year."
)
NOT_OPEN = "This sample is over. Nothing of it changes any more."
MOVED = "Somebody else has changed this meanwhile."
NOT_YOUR_ANSWERS = "Answer every question with one of its answers."
NOT_ALL_READ = "Answer every question of every record first."
WITHOUT_NUMBERS = "Say it without numbers, such as “most”: a number could tell which records they were."
OWN = "You wrote this finding. The other reader has to give it."
NOT_PROPOSED = "No finding waits for the second reader now."


@transaction.atomic
def draw_sample(until: Quarter, sector: str, other: User, *, key: UUID, by: Acting) -> DipSample:
    """Draw a sample of the year up to a quarter, for oneself and another to read. `key` is the form's own: a
    second click is the same sample. Raises NotPermitted or Refused."""
    if not may_draw(by.standing):
        raise NotPermitted(DECIDES)
    known = DipSample.objects.filter(uuid=key).first()
    if known is not None:
        return known
    framework, kind = _asked(until, by)
    label = _label(sector, by)
    if other.pk == by.user.pk or other.pk not in [each.user.pk for each in could_read(by.today)]:
        raise Refused(ANOTHER, field="other")
    readers = [by.user, other]
    found = ended_in_year(until, sector, readers=readers).values_list("uuid", flat=True)
    population = [str(uuid) for uuid in found]
    if len(population) < LEAST:
        raise Refused(TOO_FEW)
    seed = chance.drawn("lado dip sample", SEED)
    title = framework.standard(kind.standard).title
    sample = DipSample.objects.create(
        uuid=key,
        quarter=str(until),
        sector=sector,
        sector_label=label,
        standard=kind.standard,
        standard_words=standard_words(kind.standard, title, framework.name, framework.note),
        title=kind.title,
        questions=[{"code": each.code, "label": each.label} for each in kind.questions],
        answers=[{"code": each.code, "label": each.label} for each in kind.answers],
        seed=seed.hex(),
        population=population,
        drawn_by=by.user,
        drawn_at=by.now,
    )
    rows = _given_to_read(sample, readers, drawn_from(population, seed))
    sample_events.record([sample, *rows], "drawn", by=by)
    notify([other], path=sample.get_absolute_url(), by=by.user, now=by.now)
    return sample


def _asked(until: Quarter, by: Acting) -> tuple[Framework, SampleKind]:
    if until.end >= by.today:
        raise Refused(NOT_OVER, field="quarter")
    framework = framework_on(until.end)
    try:
        if framework is None:
            raise LookupError
        return framework, framework.sample(KIND)
    except LookupError:
        raise Refused(NOTHING_TO_ASK, field="quarter") from None


def _label(sector: str, by: Acting) -> str:
    labels = {each.code: each.label for each in current_policy(by.today).vocabularies["sector"]}
    if sector and sector not in labels:
        raise Refused(NO_SECTOR, field="sector")
    return labels.get(sector, "")


def _given_to_read(
    sample: DipSample, readers: Sequence[User], uuids: Sequence[str]
) -> list[SampleReader | SampleReading]:
    rows: list[SampleReader | SampleReading] = [
        SampleReader.objects.create(sample=sample, user=each) for each in readers
    ]
    by_uuid = {str(each.uuid): each for each in Referral.objects.filter(uuid__in=uuids)}
    for number, uuid in enumerate(uuids, start=1):
        rows += [
            SampleReading.objects.create(sample=sample, referral=by_uuid[uuid], number=number, user=each)
            for each in readers
        ]
    return rows


@transaction.atomic
def answer_record(sample: DipSample, number: int, answers: Mapping[str, str], *, by: Acting) -> SampleReading:
    """What one reader says of one record. Raises Referral.DoesNotExist where they may not see it."""
    now = _mine(sample, by)
    if now.state != SampleState.READING:
        raise Refused(NOT_OPEN if not now.is_open else "A finding is written. Send it back first.")
    row = next((each for each in readings_in_sight(now, by.standing) if each.number == number), None)
    if row is None:
        raise Referral.DoesNotExist
    allowed = {each["code"] for each in now.answers}
    if set(answers) != {each["code"] for each in now.questions} or not set(answers.values()) <= allowed:
        raise Refused(NOT_YOUR_ANSWERS)
    if row.answers == dict(answers):
        return row
    row.answers, row.at = dict(answers), by.now
    row.save(update_fields=["answers", "at"])
    sample_events.record([row], "read", by=by)
    return row


@transaction.atomic
def propose_finding(sample: DipSample, *, finding: str, despite: str, seen: int, by: Acting) -> DipSample:
    """One reader writes it; the other gives it, or sends it back. Nothing leaves the wall yet."""
    now = _mine(sample, by)
    if now.state == SampleState.PROPOSED and (now.finding, now.written_by_id) == (finding, by.user.pk):
        return now  # a second click
    if now.version != seen:
        raise Moved(MOVED)
    if now.state != SampleState.READING:
        raise Refused("A finding is written already. Read it, and give it or send it back.")
    _check_all_read(now, by)
    check_finding(finding, despite, named=_named(now), known=names_here(), without_numbers=WITHOUT_NUMBERS)
    now.finding, now.despite, now.written_by, now.sent_back = finding, despite, by.user, ""
    now.state = SampleState.PROPOSED
    _changed(now, "proposed", by)
    others = [each.user for each in now.readers.select_related("user") if each.user_id != by.user.pk]
    notify(others, path=now.get_absolute_url(), by=by.user, now=by.now)
    return now


def _named(sample: DipSample) -> tuple[str, ...]:
    """The names of the standard and the period: their numbers tell nothing."""
    until = Quarter.parse(sample.quarter)
    return (f"standard {sample.standard}", sample.quarter, until.label, "section 11", "section 47")


def names_here() -> list[str]:
    """Every name that the log itself has, and those of the adults in the LADO's records."""
    adults = Referral.objects.exclude(adult_name="").values_list("adult_name", flat=True)
    return [*known_names(), *adults]


def _check_all_read(now: DipSample, by: Acting) -> None:
    if any(not each.answers for each in readings_in_sight(now, by.standing)):
        raise Refused(NOT_ALL_READ)


@transaction.atomic
def send_finding_back(sample: DipSample, *, why: str, by: Acting) -> DipSample:
    """The second reader does not give it yet; whoever wrote it can take it back, too."""
    now = _mine(sample, by)
    if now.state != SampleState.PROPOSED:
        raise Refused(NOT_PROPOSED)
    now.state, now.sent_back = SampleState.READING, why
    return _changed(now, "sent_back", by)


@transaction.atomic
def give_finding(sample: DipSample, *, by: Acting) -> DipSample:
    """The other reader gives it: its words leave the wall from now on, and cannot be called back."""
    now = _mine(sample, by)
    if now.state == SampleState.GIVEN and now.given_by_id == by.user.pk:
        return now  # a second click
    if now.state != SampleState.PROPOSED:
        raise Refused(NOT_PROPOSED)
    if now.written_by_id == by.user.pk:
        raise Refused(OWN)
    _check_all_read(now, by)
    now.state, now.given_by, now.ended_at = SampleState.GIVEN, by.user, by.now
    return _changed(now, "given", by)


@transaction.atomic
def end_sample(sample: DipSample, *, why: str, by: Acting) -> DipSample:
    """It ends without a finding, and nothing of it leaves."""
    now = _mine(sample, by)
    if now.state == SampleState.ENDED:
        return now
    if not now.is_open:
        raise Refused(NOT_OPEN)
    now.state, now.why_ended, now.ended_at = SampleState.ENDED, why, by.now
    return _changed(now, "ended_without", by)


def _mine(sample: DipSample, by: Acting) -> DipSample:
    """The sample, locked, for one of its readers."""
    now = DipSample.objects.select_for_update().get(pk=sample.pk)
    if not now.readers.filter(user=by.user).exists():
        raise NotPermitted(NOT_A_READER)
    return now


def _changed(now: DipSample, act: str, by: Acting) -> DipSample:
    now.version += 1
    now.save()
    sample_events.record([now], act, by=by)
    return now
