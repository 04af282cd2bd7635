"""A record of the spreadsheet into a case of an earlier log."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from core.keys import derived_key
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Setting, User
from escalation.challenges.importing.checks import ENDED_BY_OUTCOME
from escalation.challenges.importing.directory import Directory
from escalation.challenges.importing.fields import LATER_STAGES, NOTED
from escalation.challenges.importing.words import STATUSES
from escalation.challenges.services import EarlierCase
from escalation.challenges.services.earlier import OPEN
from escalation.challenges.workflow import Status
from escalation.policy.document import Policy
from escalation.sheets import Record, Said

RAISERS_WORDS = ("worry", "heard", "voice", "want", "decision")
CODED = ("issue", "scope", "child_status", "label", "our_pointer", "impact")
YES_NO = ("interpreter_considered", "supervisor_consulted", "confirmed")
YES_NO_OF = {"yes": True, "no": False}
ANY_ABOUT, ANY_AGE, ANY_VOID = "something_else", "not_known", "other"
"""The policy's words for what an earlier log did not tell."""
DIGITS = 12
"""Hex digits of a digest by which a changed cell is found; one change in 280 million million is missed."""


@dataclass(frozen=True)
class Maker:
    """Makes cases of records; `log` names the earlier log, `sheets` gives each its number from 1."""

    log: str
    policy: Policy
    directory: Directory
    sheets: Mapping[str, int]

    def make(self, record: Record) -> EarlierCase:
        """The case as the row tells it; whether it can stand is for the checks to say."""
        raising = self.directory.settings[record.text("raising")]
        status = _status(record)
        asked = self._settings(record, "responding")
        earlier = EarlierCase(
            key=self._key(record),
            source=self._source(record),
            raising=raising,
            asked=asked,
            supporting=self._settings(record, "supporting"),
            raised_on=record.day("raised_on") or date.min,
            stage=int(record.text("stage")),
            status=status,
            words=_words(record),
            facts=self._facts(record, status),
            raised_by=self._raised_by(record, raising, is_open=status == OPEN),
            counterpart=self._counterpart(record, asked),
            their_pointer=record.text("their_pointer"),
            child_agreed=record.text("child_agreed") == "yes",
            moved_up=_moves(record),
            answer=record.text("answer"),
            answered_on=record.day("answered_on"),
            response=record.text("response"),
            ended_on=record.day("ended_on"),
            reasons=record.text("reasons"),
            feedback=record.text("feedback"),
            withdrawal_reason=record.text("withdrawal_reason") if status == Status.WITHDRAWN else "",
        )
        return replace(earlier, notes=_notes(record, earlier))

    def _key(self, record: Record) -> UUID:
        """The same for the same row of the same log, whenever it is read."""
        parts = [self.log, *(self._lasting(name, record.values.get(name, "")) for name in record.key)]
        return uuid5(NAMESPACE_URL, "\n".join(parts))

    def _settings(self, record: Record, name: str) -> tuple[Setting, ...]:
        return tuple(self.directory.settings[place] for place in record.terms(name))

    def _facts(self, record: Record, status: Status) -> dict[str, Any]:
        """The coded columns of a challenge. What was not told is what the log writes for not known."""
        facts: dict[str, Any] = {name: record.text(name) for name in CODED}
        facts |= {name: YES_NO_OF.get(record.text(name)) for name in YES_NO}
        facts["about"] = record.text("about") or self._about(record.text("issue"))
        facts["age_band"] = record.text("age_band") or self._code("age_band", ANY_AGE)
        facts["no_single_child"] = record.text("no_single_child") == "yes"
        facts["outcome"] = record.text("outcome") if status == Status.CLOSED else ""
        if status == Status.VOID:
            facts["void_reason"] = record.text("void_reason") or self._code("void_reason", ANY_VOID)
        return facts

    def _about(self, issue: str) -> str:
        """The plain word that groups a kind of issue, where the policy has such a group."""
        group = next((term.group for term in self.policy.terms("issue") if term.code == issue), "")
        return self._code("about", group, ANY_ABOUT)

    def _code(self, vocabulary: str, *wanted: str) -> str:
        """The first of these that the policy has; else its last, which is for all that fits nowhere."""
        codes = [term.code for term in self.policy.terms(vocabulary)]
        return next((code for code in wanted if code in codes), codes[-1])

    def _raised_by(self, record: Record, raising: Setting, *, is_open: bool) -> User | None:
        """Who raised it, if they still work there; who carries an open one on, else, is the lead."""
        person = self.directory.person(record.text("raised_by"), raising)
        leads = self.directory.holders(raising, SeatKind.LEAD) if is_open else []
        return person or next(iter(leads), None)

    def _counterpart(self, record: Record, asked: tuple[Setting, ...]) -> User | None:
        return self.directory.person(record.text("counterpart"), asked[0]) if len(asked) == 1 else None

    def _source(self, record: Record) -> dict[str, object]:
        """Where it stood, and a digest of each thing it said: so that a later change is found, and named."""
        key = derived_key("row of an earlier log")
        digests = {name: self._digest(key, name, value) for name, value in record.values.items()}
        return {"sheet": self.sheets[record.sheet], "row": record.row, "fields": digests}

    def _digest(self, key: bytes, name: str, value: Said) -> str:
        return hmac.digest(key, f"{name}\n{self._lasting(name, value)}".encode(), "sha256").hex()[:DIGITS]

    def _lasting(self, name: str, value: Said) -> str:
        """A value as it stays the same: a service by its id, since its name may change."""
        if name == "raising":
            return str(self.directory.settings[str(value)].uuid)
        if name in ("responding", "supporting") and isinstance(value, tuple):
            return " ".join(str(self.directory.settings[place].uuid) for place in value)
        return str(value)


def _status(record: Record) -> Status:
    """As it says; else by an outcome that is an end of its own; else by whether it has a last day."""
    said = record.text("status") or ("closed" if record.day("ended_on") else "open")
    by_outcome = ENDED_BY_OUTCOME.get(record.text("outcome"))
    return STATUSES[by_outcome if by_outcome and said == "closed" else said]


def _words(record: Record) -> dict[str, str]:
    """The raiser's words; the earlier log's own number stands with them, since it may hold initials."""
    told = {"earlier_reference": record.text("reference")}
    told |= {name: record.text(name) for name in RAISERS_WORDS}
    return {name: text for name, text in told.items() if text}


def _moves(record: Record) -> dict[int, date]:
    days = {stage: record.day(f"stage_{stage}_on") for stage in LATER_STAGES}
    return {stage: day for stage, day in days.items() if day is not None}


def _notes(record: Record, earlier: EarlierCase) -> str:
    """All that the row says in words and that has no place of its own in the case."""
    told = dict(NOTED)
    if not earlier.answered_on:
        told |= {"response": "Their answer"}
    if not earlier.facts["outcome"]:
        told |= {"reasons": "Reasons", "feedback": "Feedback"}
    return "\n".join(f"{words}: {record.text(name)}" for name, words in told.items() if record.text(name))
