"""The audit trail of releases: what each event says, and that each release's row equals their replay.

Chains: "release:<uuid>" has what happened to one release, "releases" which there are, "release-plans" and
"release-facts" those that were chosen and registered, "release-access" who looked at true counts.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db import transaction

from core.audit.chain import append, append_in_turn
from core.audit.registry import Fault
from core.audit.state import Snapshot, changes, differences, replay, row_facts
from core.text.digest import digest_of
from escalation.accounts.models import User
from escalation.reporting.models import Event, OutsideFact, Release, ReleaseFile, ReleasePlan

OPENINGS, PLANS, FACTS, ACCESS = "releases", "release-plans", "release-facts", "release-access"
UNIT, WORKER = "unit", "system"
NOT_STATE = frozenset({"id", "uuid", "version", "attempts"})
NOTHING: Mapping[str, object] = {}


def chain_of(release: Release) -> str:
    return f"release:{release.uuid}"


def facts_of(release: Release) -> Snapshot:
    """Every coded fact of a release's row by name."""
    return row_facts("release", release, skip=NOT_STATE, secret=())


def record(
    release: Release,
    act: str,
    *,
    before: Snapshot,
    by: User | None,
    at: datetime,
    more: Mapping[str, object] = NOTHING,
    request_id: str = "",
) -> Event:
    """Write a release's next event: its number is the version that this act made."""
    return append(
        Event,
        chain=chain_of(release),
        seq=release.version,
        at=at,
        actor=by,
        seat=UNIT if by else WORKER,
        act=act,
        object=str(release.uuid),
        codes={"changed": changes(before, facts_of(release)), **more},
        request_id=request_id,
    )


def record_opening(release: Release, *, by: User | None, at: datetime) -> Event:
    """One line in the chain of all releases: it finds one that was deleted whole."""
    return _in_turn(OPENINGS, "opened", str(release.uuid), by=by, at=at, codes={})


def record_plan(plan: ReleasePlan, act: str, *, by: User, at: datetime) -> Event:
    """A plan was chosen, or approved."""
    return _in_turn(PLANS, act, str(plan.uuid), by=by, at=at, codes=_plan_codes(plan))


def _plan_codes(plan: ReleasePlan) -> dict[str, object]:
    return {
        "subject": plan.subject,
        "plan": f"{plan.key} {plan.version}",
        "starts": plan.starts.isoformat(),
        "expected": plan.expected,
        "days_after": plan.days_after,
        "document": digest_of(str(sorted(plan.document.items()))),
    }


def record_fact(fact: OutsideFact, act: str, *, by: User, at: datetime) -> Event:
    """A fact was registered, or struck."""
    codes = {"kind": fact.kind, "subject": fact.subject, "source": digest_of(fact.source)}
    return _in_turn(FACTS, act, str(fact.uuid), by=by, at=at, codes=codes)


@transaction.atomic
def record_exact_view(quarter: str, *, by: User, at: datetime, request_id: str) -> Event:
    """Somebody is about to see true counts."""
    return _in_turn(
        ACCESS, "exact_view", quarter, by=by, at=at, codes={"quarter": quarter}, request_id=request_id
    )


def _in_turn(
    chain: str,
    act: str,
    about: str,
    *,
    by: User | None,
    at: datetime,
    codes: Mapping[str, object],
    request_id: str = "",
) -> Event:
    return append_in_turn(
        Event,
        chain=chain,
        at=at,
        actor=by,
        seat=UNIT if by else WORKER,
        act=act,
        object=about,
        codes=codes,
        request_id=request_id,
    )


def faults() -> Iterator[Fault]:
    """Where a release, its figures or its files are not what its events say, or a release is missing."""
    table = Event._meta.db_table
    opened = set(Event.objects.filter(chain=OPENINGS).values_list("object", flat=True))
    for release in Release.objects.order_by("pk"):
        chain = chain_of(release)
        if str(release.uuid) not in opened:
            yield Fault(table, chain, None, "is in no opening")
        opened.discard(str(release.uuid))
        events = list(Event.objects.filter(chain=chain).order_by("seq"))
        if len(events) != release.version:
            yield Fault(table, chain, len(events), f"has {len(events)} events for version {release.version}")
        for wrong in differences(replay(events), facts_of(release)):
            yield Fault(table, chain, None, wrong)
        yield from _contents(table, release, events)
    for gone in sorted(opened):
        yield Fault(table, f"release:{gone}", None, "was opened, and the release is gone")


def _contents(table: str, release: Release, events: list[Event]) -> Iterator[Fault]:
    told = {name: tag for event in events for name, tag in event.codes.get("files", {}).items()}
    stored = {file_key(each): each.etag for each in release.files.only("edition", "name", "etag")}
    for wrong in differences(told, stored):
        yield Fault(table, chain_of(release), None, wrong)


def file_key(file: ReleaseFile) -> str:
    """How an event names a file."""
    return f"{file.edition}/{file.name}"
