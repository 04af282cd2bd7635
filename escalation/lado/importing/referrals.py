"""A record of the spreadsheet into a referral of an earlier log."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from core.keys import derived_key
from escalation.lado.clocks import told_in_time
from escalation.lado.importing.fields import NOTED
from escalation.lado.importing.words import MET, OPEN, STATUS_SPELLINGS, STATUSES
from escalation.lado.services.earlier import EarlierReferral, start_of
from escalation.lado.workflow import Status
from escalation.policy.lado import LadoPolicy
from escalation.sheets import Record

CODED = ("source", "sector", "late_reason", "referrer", "adult_name", "dbs_answer", "regulator_answer")
YES_NO_OF = {"yes": True, "no": False}
MET_BEFORE = (None, Status.CLOSED, Status.NO_FURTHER_ROLE)
"""Where only what met the threshold stands; None is open."""
DIGITS = 12
"""Hex digits of a digest by which a changed cell is found; one change in 280 million million is missed."""


@dataclass(frozen=True)
class Maker:
    """Makes referrals of records; `log` names the earlier log, `sheets` gives each its number from 1."""

    log: str
    policy: LadoPolicy
    sheets: Mapping[str, int]

    def make(self, record: Record) -> EarlierReferral:
        """The referral as the row tells it; whether it can stand is for the checks to say."""
        status, told = _status(record), record.day("told_on")
        assert told is not None  # noqa: S101  a field that every record has
        outcome, meeting = _outcome(record), record.day("meeting_on")
        return EarlierReferral(
            key=self._key(record),
            source=self._source(record),
            told_on=told,
            status=status,
            met=_met(record, status),
            words=_words(record),
            facts=_facts(record),
            aware_on=record.day("aware_on"),
            told_in_time=self._in_time(record, told),
            meeting_on=meeting,
            ended_on=record.day("ended_on"),
            outcome=outcome,
            reasons=record.text("reasons"),
            nature=record.text("nature"),
            non_recent=record.text("non_recent") == "yes",
            child_name=record.text("child_name"),
            child_born=record.day("child_born"),
            employer=record.text("employer"),
            notes="\n".join(f"{words}: {record.text(n)}" for n, words in NOTED.items() if record.text(n)),
        )

    def _in_time(self, record: Record, told: date) -> bool | None:
        """By the days, where both are told; else as the row says."""
        aware = record.day("aware_on")
        if aware is None:
            return YES_NO_OF.get(record.text("told_in_time"))
        return told_in_time(self.policy, start_of(aware), start_of(told))

    def _key(self, record: Record) -> UUID:
        """The same for the same row of the same log; secret, since whoever has a key is shown its receipt."""
        parts = "\n".join([self.log, *(str(record.values.get(name, "")) for name in record.key)])
        return UUID(bytes=_digest("key", parts)[:16], version=4)

    def _source(self, record: Record) -> dict[str, object]:
        """Where it stood, and a digest of each thing it said: so that a later change is found, and named."""
        said = {name: _digest(name, str(value)).hex()[:DIGITS] for name, value in record.values.items()}
        return {"sheet": self.sheets[record.sheet], "row": record.row, "fields": said}


def _digest(name: str, text: str) -> bytes:
    return hmac.digest(derived_key("lado row of an earlier log"), f"{name}\n{text}".encode(), "sha256")


def _status(record: Record) -> Status | None:
    """As it says, or as its outcome does; else closed where something says that it is over."""
    said, outcome = record.text("status"), record.text("outcome")
    by_outcome = outcome if outcome in STATUS_SPELLINGS else ""
    over = "closed" if record.day("ended_on") or outcome else OPEN
    word = by_outcome if by_outcome and said in ("", "closed", OPEN) else said or over
    return STATUSES.get(word)


def _outcome(record: Record) -> str:
    outcome = record.text("outcome")
    return "" if outcome in STATUS_SPELLINGS else outcome


def _met(record: Record, status: Status | None) -> bool:
    """As it says; else whether anything happened that only happens above the threshold."""
    if record.text("level"):
        return record.text("level") == MET
    return bool(record.day("meeting_on") or _outcome(record)) or status in MET_BEFORE


def _words(record: Record) -> dict[str, str]:
    told = {"earlier_reference": record.text("reference"), "what": record.text("what")}
    return {name: text for name, text in told.items() if text}


def _facts(record: Record) -> dict[str, Any]:
    born = record.day("adult_born")
    return {
        **{name: record.text(name) for name in CODED},
        "adult_role": record.text("role"),
        "adult_born": born.isoformat() if born else "",
        "agency_worker": record.text("agency_worker") == "yes",
        "removed": YES_NO_OF.get(record.text("removed")),
    }
