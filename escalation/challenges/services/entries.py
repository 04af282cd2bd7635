"""What a step leaves in the chronology."""

from datetime import date, datetime
from typing import Any

from core.machine import Step
from escalation.accounts.models import User
from escalation.challenges.asks import CODED, WORDS
from escalation.challenges.case import Case
from escalation.challenges.effects import Answers, Doing
from escalation.challenges.facts import Facts
from escalation.challenges.models import Audience, Entry, Party


def write_entries(step: Step[Facts], doing: Doing, parts: frozenset[str]) -> list[Entry]:
    """The step's line in the chronology; a withdrawal's reason is a line of its own (rule 10)."""
    answers = doing.answers
    entry = new_entry(
        doing.case,
        step=step.name,
        by=doing.by,
        seat=acting_seat(parts),
        party=doing.party,
        now=doing.now,
        occurred_at=_when(answers, doing.now),
    )
    entry.audience = answers.get("audience") or step.audience
    if "corrects" in answers:
        # A correction is read by those who read what it corrects, and by nobody else.
        entry.corrects = answers["corrects"]
        entry.audience = entry.corrects.audience
    entry.words = words_of(answers)
    entry.codes = codes_of(answers) | doing.entry_codes
    entries = [entry]
    if step.name == "withdraw":
        reason = new_entry(
            doing.case,
            step=step.name,
            by=doing.by,
            seat=entry.seat,
            party=doing.party,
            now=doing.now,
            occurred_at=doing.now,
        )
        reason.audience = Audience.RAISER_AND_UNIT
        reason.codes, reason.words = entry.codes, entry.words
        entry.codes, entry.words = {}, {}
        entries.append(reason)
    for each in entries:
        each.save(force_insert=True)
    return entries


def words_of(answers: Answers) -> dict[str, str]:
    return {name: str(text) for name, text in answers.items() if name in WORDS and text}


def codes_of(answers: Answers) -> dict[str, Any]:
    return {
        name: plain(value) for name, value in answers.items() if name in CODED and value not in (None, "", [])
    }


def new_entry(
    case: Case,
    *,
    step: str,
    by: User | None,
    seat: str,
    party: Party | None,
    now: datetime,
    occurred_at: datetime,
) -> Entry:
    challenge = case.challenge
    return Entry(
        challenge=challenge,
        version=challenge.version,
        episode=challenge.episode,
        stage=challenge.stage,
        step=step,
        actor=by,
        seat=seat,
        setting=party.setting if party else None,
        occurred_at=occurred_at,
        recorded_at=now,
    )


def _when(answers: Answers, now: datetime) -> datetime:
    moment = answers.get("called_at") or answers.get("happened_at")
    return moment if isinstance(moment, datetime) else now


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


SEATS = (
    "system",
    "partner",
    "raiser",
    "raising",
    "responding",
    "raising_lead",
    "responding_lead",
    "unit",
    "panel",
    "member",
)


def acting_seat(parts: frozenset[str]) -> str:
    """How a person acted: the first of these that they are."""
    return next((seat for seat in SEATS if seat in parts), "")
