"""Closed days and proposals in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.web.dates import long_day
from escalation.accounts.models import User
from escalation.rulebook.models import Change, Proposal
from escalation.rulebook.queries import closed_days

SHOWN = timedelta(days=456)
"""So far ahead closed days are shown: fifteen months."""
DECIDED = 5
"""So many of those that were decided last are shown."""


@dataclass(frozen=True)
class Row:
    """A proposal: what it would change, and whether this reader can confirm it."""

    proposal: Proposal
    what: str
    is_mine: bool
    waits: bool
    decided: str


def days_shown(today: date) -> list[tuple[str, str]]:
    """Each closed day that is to come, in words: bank holidays and our own."""
    return [(long_day(day), name) for day, name in closed_days(today, today + SHOWN).items()]


def proposal_rows(proposals: Iterable[Proposal], *, reader: User) -> list[Row]:
    """All that wait, and the last few that were decided."""
    rows = [_row(each, reader) for each in proposals]
    return [row for row in rows if row.waits] + [row for row in rows if not row.waits][:DECIDED]


def _row(proposal: Proposal, reader: User) -> Row:
    decided = {None: "", True: "Confirmed", False: "Not confirmed"}[proposal.confirmed]
    return Row(
        proposal=proposal,
        what=what(proposal),
        is_mine=proposal.proposed_by_id == reader.pk,
        waits=proposal.decided_at is None,
        decided=decided,
    )


def what(proposal: Proposal) -> str:
    """ "Thursday 24 December 2026 is closed: offices closed"."""
    says = proposal.says
    days = {
        n: long_day(date.fromisoformat(says[n]))
        for n in ("day", "first", "last", "start", "until")
        if n in says
    }
    match proposal.change:
        case Change.CLOSED:
            return f"{days['day']} is a closed day: {says['name']}"
        case Change.REOPENED:
            return f"{days['day']} is a working day after all"
        case Change.HOLIDAY:
            return f"School holidays from {days['first']} to {days['last']}: {says['name']}"
        case Change.NO_HOLIDAY:
            return f"No school holidays from {days['first']}"
        case Change.NUMBER:
            number = f"{says['number']}, {says['hours']}" if says["hours"] else says["number"]
            return f"From {days['start']} the number of “{says['code'].replace('_', ' ')}” is {number}"
        case _:
            return f"Bank holidays and closed days are complete until {days['until']}"
