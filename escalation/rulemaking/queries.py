"""Drafts of the policy, the number the next version gets, and what stands in the way of one."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Max

from escalation.policy import Policy
from escalation.policy.checking import check
from escalation.rulebook.models import PolicyVersion
from escalation.rulefiles import Fault

from . import documents
from .fitting import unfit
from .models import OPEN, PolicyDraft


def our_key() -> str:
    """The policy of the partnership that this log is for."""
    return str(settings.POLICY)


def open_draft() -> PolicyDraft | None:
    """The one that is written or waits, if any."""
    return PolicyDraft.objects.filter(key=our_key(), state__in=OPEN).select_related("written_by").first()


def next_number(key: str) -> int:
    """One more than any version that there is, from a file or from here."""
    last = PolicyVersion.objects.filter(key=key).aggregate(last=Max("version"))["last"]
    return int(last or 0) + 1


def latest_start(key: str) -> date | None:
    """The start of the version that starts last."""
    found: date | None = PolicyVersion.objects.filter(key=key).aggregate(last=Max("start"))["last"]
    return found


@dataclass(frozen=True)
class Written:
    """What a draft says under the number it would get, and everything that is wrong with it."""

    policy: Policy
    faults: tuple[Fault, ...]


def written(draft: PolicyDraft, *, today: date) -> Written:
    """What this draft says today; two statements."""
    return checked(draft.document, key=draft.key, today=today)


def checked(document: documents.Document, *, key: str, today: date) -> Written:
    """The same of a document that may become a draft's."""
    said = under(document, next_number(key))
    starts = start_faults(said.policy.start, today=today, latest=latest_start(key))
    return Written(said.policy, (*said.faults, *starts))


def under(document: documents.Document, number: int) -> Written:
    """What a document says under a number, and what is wrong with it on any day; no statement."""
    faults: list[Fault] = []
    policy = documents.read(document, version=number, faults=faults)
    return Written(policy, tuple(faults or [*check(policy), *unfit(policy)]))


def start_faults(start: date, *, today: date, latest: date | None) -> list[Fault]:
    """A version starts today or later, and not before one that is there already."""
    if start < today:
        return [Fault(("start",), "This day is over. Choose today or a later day.")]
    if latest is not None and start < latest:
        later = f"{latest.day} {latest:%B %Y}"
        reason = (
            f"A version starts on {later} already, and would take its place. Choose that day or a later one."
        )
        return [Fault(("start",), reason)]
    return []
