"""The closed challenge that something is told of, as far as somebody may know; and what the linter finds."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from escalation.access.fields import FieldGroup
from escalation.access.standing import Standing
from escalation.challenges.models import Challenge
from escalation.challenges.queries import find, view_case
from escalation.challenges.queries.shapes import CaseView
from escalation.challenges.reference import normalised
from escalation.challenges.workflow import CLOSING
from escalation.directory.queries import keeps_any

from .finding import known_names
from .linter import Found, lint
from .models import Retold

UNKNOWN = "There is no closed challenge with this number whose words you can read."


def may_write(standing: Standing) -> bool:
    """Leads, heads of service and the business unit tell what came of challenges."""
    return keeps_any(standing)


def closed_challenge(typed: str, standing: Standing, now: datetime) -> Challenge | None:
    """The closed challenge with this number, if this person may read its words; None for all else alike."""
    known = Challenge.objects.visible_to(standing).filter(reference=normalised(typed))
    return _closed(known.values_list("uuid", flat=True).first(), standing, now)


def reference_of(uuid: str, standing: Standing, now: datetime) -> str:
    """The number of a closed challenge by its id, from a link on its page; "" where `closed_challenge` would
    give none."""
    try:
        found = _closed(UUID(uuid), standing, now)
    except ValueError:
        return ""
    return found.reference if found else ""


def _closed(uuid: UUID | None, standing: Standing, now: datetime) -> Challenge | None:
    if uuid is None:
        return None
    challenge = _known(uuid, standing)
    if challenge is None or challenge.status not in CLOSING:
        return None
    return challenge if _shown(challenge, standing, now) else None


def read_source(uuid: UUID, standing: Standing, now: datetime) -> CaseView | None:
    """A challenge as this person may read it; None too where they may not read its words."""
    challenge = _known(uuid, standing)
    return None if challenge is None else _shown(challenge, standing, now)


def _known(uuid: UUID, standing: Standing) -> Challenge | None:
    try:
        return find(uuid, standing)
    except Challenge.DoesNotExist:
        return None


def _shown(challenge: Challenge, standing: Standing, now: datetime) -> CaseView | None:
    view = view_case(challenge, standing, now=now)
    return view if FieldGroup.F1 in view.groups else None


def finds_in(told: Retold, sources: Iterable[CaseView]) -> Sequence[Found]:
    """What the linter asks about. Whoever may not read a challenge is not told what was copied from it."""
    return lint(
        "\n".join(told.words), known=known_names(), source="\n".join(_words(each) for each in sources)
    )


def _words(view: CaseView) -> str:
    said = [text for entry in view.entries for text in entry.words.values()]
    return "\n".join(str(text) for text in (view.label or "", *said))
