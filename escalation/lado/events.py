"""The LADO's audit trail: what each event says, that the state equals their replay, and who read what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction

from core.audit.chain import Act, append, append_in_turn, append_many_in_turn, begin
from core.audit.channel import Channel
from core.audit.registry import Fault
from core.audit.state import Snapshot, differences, replay, row_facts
from core.text.words import digest_of_words
from escalation.accounts.models import User
from escalation.lado.case import Case, read_case
from escalation.lado.models import PARTS, Entry, Event, Referral

SIDE = "lado"
OPENINGS, ACCESS = "lado-openings", "lado-access"
IMPORTED = "imported"
NOT_STATE = frozenset(
    (
        "id",
        "uuid",
        "key",
        "version",
        "next_due",
        "overdue_from",
        "next_name",
        "next_about",
        "referral",
        "basis",
    )
)
"""Worked out from the rest, or never changed and in the first event's object."""
SECRET = frozenset(
    [
        "referrer",
        "referrer_phone",
        "late_reason",
        "adult_name",
        "adult_born",
        "posts",
        "name",
        "born",
        "contact",
        "phone",
        "what",
        "who",
        "owner",
        "text",
    ]
)
"""Words: an event holds their digest only."""
SECRET_OF: dict[type[models.Model], frozenset[str]] = {Referral: SECRET - {"owner"}}


def chain_of(referral: Referral) -> str:
    return f"lado:{referral.uuid}"


def snapshot(case: Case) -> Snapshot:
    """Every coded fact of a referral by name; words as digests."""
    facts = _row("referral", case.referral)
    for name in PARTS:
        for row in getattr(case, name):
            facts |= _row(f"{name}.{row.pk}", row)
    return facts


def _row(prefix: str, row: models.Model) -> Snapshot:
    return row_facts(prefix, row, skip=NOT_STATE, secret=SECRET_OF.get(type(row), SECRET))


def record(
    case: Case,
    entry: Entry,
    *,
    by: User | None,
    seat: str,
    act: str,
    at: datetime,
    changed: Snapshot,
    request_id: str = "",
    channel: Channel = Channel.PAGE,
) -> Event:
    """Write the referral's next event: its number is the version that this step makes."""
    digest = digest_of_words(entry.words)
    return append(
        Event,
        chain=chain_of(case.referral),
        seq=case.referral.version,
        at=at,
        actor=by,
        seat=seat,
        act=act,
        object=str(case.referral.uuid),
        codes={"changed": changed, "entries": {str(entry.pk): digest}, "channel": channel.value},
        digest=digest,
        request_id=request_id,
    )


def record_opening(referral: Referral, *, by: User | None, seat: str, at: datetime) -> Event:
    """One line in the chain of all openings: it finds a referral that was deleted whole."""
    return append_in_turn(
        Event, chain=OPENINGS, at=at, actor=by, seat=seat, act="opened", object=str(referral.uuid), codes={}
    )


@dataclass(frozen=True)
class BroughtIn:
    """A referral of an earlier log, its lines, and in codes where it stood there."""

    case: Case
    entries: list[Entry]
    source: Mapping[str, object]


def record_imports(brought: Sequence[BroughtIn], *, by: User, seat: str, at: datetime) -> None:
    """The first event of each, which holds all of it, and its line in the chain of openings.

    As `record` and `record_opening` write them, with a few statements for all.
    """

    def said(act: str, case: Case, codes: Mapping[str, object]) -> Act:
        uuid = str(case.referral.uuid)
        return {"at": at, "actor": by, "seat": seat, "act": act, "object": uuid, "codes": codes}

    acts: dict[str, Act] = {}
    for each in brought:
        digests = {entry.pk: digest_of_words(entry.words) for entry in each.entries}
        codes = {
            "changed": snapshot(each.case),
            "entries": {str(pk): digest for pk, digest in digests.items()},
            "channel": Channel.IMPORT.value,
            IMPORTED: each.source,
        }
        acts[chain_of(each.case.referral)] = said(IMPORTED, each.case, codes)
    begin(Event, acts)
    append_many_in_turn(Event, chain=OPENINGS, acts=[said("opened", each.case, {}) for each in brought])


def sources(referrals: Sequence[Referral]) -> dict[str, Mapping[str, Any]]:
    """Which row of an earlier log each was, as `BroughtIn.source` told, by uuid; one statement."""
    chains = [chain_of(referral) for referral in referrals]
    first = Event.objects.filter(chain__in=chains, seq=1).values_list("object", "codes")
    return {uuid: codes[IMPORTED] for uuid, codes in first if IMPORTED in codes}


@transaction.atomic
def record_read(
    *,
    by: User,
    seat: str,
    act: str,
    at: datetime,
    what: str = "",
    request_id: str = "",
) -> Event:
    """One line of the read log, before the page is sent: a referral, a list, a search."""
    return append_in_turn(
        Event,
        chain=ACCESS,
        at=at,
        actor=by,
        seat=seat,
        act=act,
        object=what,
        codes={},
        request_id=request_id,
    )


def faults() -> Iterator[Fault]:
    """Where a referral's rows differ from the replay of its events, or a referral is missing."""
    table = Event._meta.db_table
    opened = set(Event.objects.filter(chain=OPENINGS).values_list("object", flat=True))
    for referral in Referral.objects.select_related("policy_version").order_by("pk").iterator(chunk_size=200):
        if str(referral.uuid) not in opened:
            yield Fault(table, chain_of(referral), None, "is in no opening")
        opened.discard(str(referral.uuid))
        yield from _case_faults(table, referral)
    for gone in sorted(opened):
        yield Fault(table, f"lado:{gone}", None, "was opened, and the referral is gone")


def _case_faults(table: str, referral: Referral) -> Iterator[Fault]:
    chain = chain_of(referral)
    events = list(Event.objects.filter(chain=chain).order_by("seq"))
    if len(events) != referral.version:
        wrong = f"has {len(events)} events, but the referral is at version {referral.version}"
        yield Fault(table, chain, len(events), wrong)
    case = read_case(referral, today=referral.opened_at.date())
    for wrong in differences(replay(events), snapshot(case)):
        yield Fault(table, chain, None, wrong)
    told = {pk: (e.seq, digest) for e in events for pk, digest in e.codes["entries"].items()}
    stored = {str(e.pk): digest_of_words(e.words) for e in referral.entries.all()}
    for pk in sorted(told.keys() | stored.keys(), key=int):
        seq, digest = told.get(pk, (None, None))
        if stored.get(pk) != digest:
            yield Fault(table, chain, seq, f"entry {pk} is not as it was written")
