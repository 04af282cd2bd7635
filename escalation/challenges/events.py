"""The audit trail of a challenge: what each event says, and that the state equals their replay.

An event holds the coded facts that its step changed, and digests of the words; `faults` folds the
events of each challenge and compares the result with the rows as they stand.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from core.audit.chain import Act, append, append_in_turn, append_many_in_turn, begin
from core.audit.channel import Channel
from core.audit.kept import Told
from core.audit.registry import Fault
from core.audit.state import Snapshot, differences, replay, row_facts
from core.text.digest import digest_of
from core.text.words import digest_of_words
from escalation.accounts.models import User
from escalation.challenges.case import Case, read_case
from escalation.challenges.models import (
    Action,
    Challenge,
    Conflict,
    Deadline,
    DraftHold,
    Entry,
    Event,
    Hold,
    Party,
)

CONFLICT, LIFTED = "conflict", "conflict_lifted"
GRANT, GRANT_ENDED = "grant", "grant_ended"
BREAK_GLASS, BREAK_GLASS_REVIEWED = "break_glass", "break_glass_reviewed"
BREAK_GLASS_REFUSED = "break_glass_refused"
ACCESS_ACTS = {
    CONFLICT: ("conflict", True),
    LIFTED: ("conflict", False),
    GRANT: ("grant", True),
    GRANT_ENDED: ("grant", False),
    BREAK_GLASS: ("grant", True),
}
"""Acts in the chain "access" that change who sees it: of what row, and whether it holds from then on."""
OPENINGS, ACCESS, HOLDS = "openings", "access", "draft-holds"
"""The chains that all challenges share: what was opened, who read and was let in, whose drafts are held."""
DRAFT_HOLD = Told("draft_hold", secret=frozenset({"reason", "lifted_because"}))
IMPORTED = "imported"
"""The act of a case that came from an earlier log, and in its codes where it stood there."""

NOT_STATE = {
    # Worked out from the rest, or never changed and in the first event's object.
    Challenge: {
        "id",
        "uuid",
        "key",
        "version",
        "next_due",
        "overdue_from",
        "unit_owes",
        "partners_owe",
        "treated_told_at",
    },
    Party: {"id", "challenge", "owes"},
    Deadline: {"id", "challenge", "basis"},
    Action: {"id", "challenge"},
    Hold: {"id", "challenge"},
}
SECRET = {"label", "our_pointer", "their_pointer", "what"}
"""Words: an event holds their digest only."""


def chain_of(challenge: Challenge) -> str:
    return f"challenge:{challenge.uuid}"


def snapshot(case: Case) -> Snapshot:
    """Every coded fact of a case by name ("challenge.status", "party.12.answer"); words as digests."""
    facts = _row("challenge", case.challenge)
    for kind, rows in (
        ("party", case.parties),
        ("deadline", case.deadlines),
        ("action", case.actions),
        ("hold", case.holds),
    ):
        for row in rows:
            if row.pk is not None:
                facts |= _row(f"{kind}.{row.pk}", row)
    return facts


def _row(prefix: str, row: models.Model) -> Snapshot:
    return row_facts(prefix, row, skip=NOT_STATE[type(row)], secret=SECRET)


def record(
    case: Case,
    entries: list[Entry],
    *,
    by: User | None,
    seat: str,
    act: str,
    at: datetime,
    changed: Snapshot,
    request_id: str = "",
    channel: Channel = Channel.PAGE,
) -> Event:
    """Write the case's next event: its number is the version that this step makes."""
    said = _said(case, entries, by=by, seat=seat, act=act, at=at, changed=changed, channel=channel)
    said["request_id"] = request_id
    return append(Event, chain=chain_of(case.challenge), seq=case.challenge.version, **said)


def _said(
    case: Case,
    entries: Sequence[Entry],
    *,
    by: User | None,
    seat: str,
    act: str,
    at: datetime,
    changed: Snapshot,
    channel: Channel,
    more: Mapping[str, object] | None = None,
) -> Act:
    digests = {str(e.pk): digest_of_words(e.words) for e in entries}
    return {
        "at": at,
        "actor": by,
        "seat": seat,
        "act": act,
        "object": str(case.challenge.uuid),
        "codes": {"changed": changed, "entries": digests, "channel": channel.value, **(more or {})},
        "digest": digest_of(*digests.values()) if digests else "",
    }


def record_opening(challenge: Challenge, *, by: User, seat: str, at: datetime) -> Event:
    """One line in the chain of all openings: it finds a challenge that was deleted whole."""
    return append_in_turn(Event, chain=OPENINGS, **_opening(challenge, by=by, seat=seat, at=at))


@dataclass(frozen=True)
class BroughtIn:
    """A case of an earlier log, as its rows now stand. `source`: which row it was, as codes."""

    case: Case
    entries: Sequence[Entry]
    source: Mapping[str, object]


def record_imports(brought: Sequence[BroughtIn], *, by: User, seat: str, at: datetime) -> None:
    """The first event of each case, which holds all of it, and its line in the chain of openings.

    As `record` and `record_opening` write them, with a few statements for all.
    """
    acts = {
        chain_of(each.case.challenge): _said(
            each.case,
            each.entries,
            by=by,
            seat=seat,
            act=IMPORTED,
            at=at,
            changed=snapshot(each.case),
            channel=Channel.IMPORT,
            more={IMPORTED: each.source},
        )
        for each in brought
    }
    begin(Event, acts)
    append_many_in_turn(
        Event,
        chain=OPENINGS,
        acts=[_opening(each.case.challenge, by=by, seat=seat, at=at) for each in brought],
    )


def _opening(challenge: Challenge, *, by: User, seat: str, at: datetime) -> Act:
    return {
        "at": at,
        "actor": by,
        "seat": seat,
        "act": "opened",
        "object": str(challenge.uuid),
        "codes": {},
    }


def sources(challenges: Sequence[Challenge]) -> dict[str, Mapping[str, Any]]:
    """Which row of an earlier log each was, as `BroughtIn.source` told, by uuid; one statement."""
    chains = [chain_of(challenge) for challenge in challenges]
    first = Event.objects.filter(chain__in=chains, seq=1).values_list("object", "codes")
    return {uuid: codes[IMPORTED] for uuid, codes in first if IMPORTED in codes}


def faults() -> Iterator[Fault]:
    """Where a challenge's rows differ from the replay of its events, or a challenge is missing."""
    table = Event._meta.db_table
    opened = set(Event.objects.filter(chain=OPENINGS).values_list("object", flat=True))
    for challenge in (
        Challenge.objects.select_related("policy_version").order_by("pk").iterator(chunk_size=200)
    ):
        opened.discard(str(challenge.uuid))
        yield from _case_faults(table, challenge)
    for gone in sorted(opened):
        yield Fault(table, f"challenge:{gone}", None, "was opened, and the challenge is gone")
    yield from DRAFT_HOLD.faults(Event, HOLDS, DraftHold)


def _case_faults(table: str, challenge: Challenge) -> Iterator[Fault]:
    chain = chain_of(challenge)
    events = list(Event.objects.filter(chain=chain).order_by("seq"))
    if not Event.objects.filter(chain=OPENINGS, object=str(challenge.uuid)).exists():
        yield Fault(table, chain, None, "is in no opening")
    if len(events) != challenge.version:
        yield Fault(
            table,
            chain,
            len(events),
            f"has {len(events)} events, but the challenge is at version {challenge.version}",
        )
    for wrong in differences(replay(events), snapshot(read_case(challenge))):
        yield Fault(table, chain, None, wrong)
    yield from _entry_faults(table, challenge, events)
    yield from _access_faults(table, challenge)


def _access_faults(table: str, challenge: Challenge) -> Iterator[Fault]:
    """Where somebody was kept out or let in without an event, or the other way round."""
    told: set[tuple[str, int]] = set()
    for event in Event.objects.filter(chain=ACCESS, object=str(challenge.uuid), act__in=ACCESS_ACTS).order_by(
        "seq"
    ):
        name, is_in = ACCESS_ACTS[event.act]
        fact = (name, event.codes["number"])
        told = told | {fact} if is_in else told - {fact}
    stored = {
        ("grant", pk) for pk in challenge.grants.filter(ended_at__isnull=True).values_list("pk", flat=True)
    }
    stored |= {
        ("conflict", pk)
        for pk in Conflict.standing().filter(challenge=challenge).values_list("pk", flat=True)
    }
    for name, pk in sorted(told ^ stored):
        yield Fault(table, ACCESS, None, f"{name} {pk} of {challenge.uuid} is not what the events say")


def _entry_faults(table: str, challenge: Challenge, events: list[Event]) -> Iterator[Fault]:
    told = {pk: (e.seq, digest) for e in events for pk, digest in e.codes["entries"].items()}
    stored = {str(e.pk): digest_of_words(e.words) for e in challenge.entries.all()}
    for pk in sorted(told.keys() | stored.keys(), key=int):
        seq, digest = told.get(pk, (None, None))
        if stored.get(pk) != digest:
            yield Fault(table, chain_of(challenge), seq, f"entry {pk} is not as it was written")
