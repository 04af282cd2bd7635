"""A challenge as a row that a program reads: what the work list shows a person, as values. F0 only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from escalation.accounts.models import Setting
from escalation.challenges.models import Challenge, PartyRole
from escalation.challenges.reference import spoken
from escalation.challenges.workflow import Status
from escalation.challenges.worklist import LIVE, Words


@dataclass(frozen=True)
class RowTurn:
    ours: bool
    words: str


@dataclass(frozen=True)
class Row:
    """`words`: what it is about; `due`: None where nothing is owed by a time; `label`: the raiser's own."""

    uuid: UUID
    url: str
    reference: str
    version: int
    status: str
    status_label: str
    stage: int
    fast: bool
    about: str
    issue: str
    words: str
    raising: Setting
    responding: tuple[Setting, ...]
    turn: RowTurn
    due: datetime | None
    overdue: bool
    opened_at: datetime
    closed_at: datetime | None
    label: str | None


def row(challenge: Challenge, words: Words) -> Row:
    """One of `worklist.ordered`, worded for one reader; no statement."""
    parties = list(challenge.parties.all())
    live = challenge.status in LIVE
    said = words.turn(challenge, parties)
    late = challenge.overdue_from is not None and challenge.overdue_from < words.on.now
    return Row(
        uuid=challenge.uuid,
        url=reverse("api-challenge", args=[challenge.uuid]),
        reference=spoken(challenge.reference),
        version=challenge.version,
        status=challenge.status,
        status_label=str(Status(challenge.status).label),
        stage=challenge.stage,
        fast=challenge.fast,
        about=challenge.about,
        issue=challenge.issue,
        words=words.issue(challenge),
        raising=challenge.raising,
        responding=tuple(p.setting for p in parties if p.role == PartyRole.RESPONDING),
        turn=RowTurn(said.kind == "turn", said.words),
        due=challenge.next_due if live else None,
        overdue=live and late,
        opened_at=challenge.opened_at,
        closed_at=challenge.closed_at,
        label=words.row(challenge).label or None,
    )
