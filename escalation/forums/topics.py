"""What a topic was made from, as far as somebody may know, and what the linter finds in it."""

from collections.abc import Sequence
from datetime import datetime

from escalation.access.fields import FieldGroup
from escalation.access.standing import Standing
from escalation.accounts.models import Organisation, Setting, User
from escalation.challenges.models import Challenge
from escalation.challenges.queries import find, view_case
from escalation.challenges.queries.shapes import CaseView
from escalation.challenges.reference import normalised
from escalation.challenges.workflow import Status

from .linter import Found, lint
from .models import Source, Vignette

OVER = (Status.CLOSED, Status.CLOSED_ACTIONS_OPEN)


def may_write(standing: Standing) -> bool:
    """Leads, heads of service and the business unit write topics."""
    return bool(standing.in_business_unit or standing.lead_settings or standing.senior_settings)


def closed_challenge(typed: str, standing: Standing, now: datetime) -> Challenge | None:
    """The closed challenge with this number, if this person may read its words; None for all else alike."""
    known = (
        Challenge.objects.visible_to(standing)
        .filter(reference=normalised(typed), status__in=OVER)
        .values_list("uuid", flat=True)
        .first()
    )
    if known is None:
        return None
    challenge = find(known, standing)
    return challenge if _words_shown(view_case(challenge, standing, now=now)) else None


def source_of(vignette: Vignette, standing: Standing, now: datetime) -> CaseView | None:
    """What it was made from, as this person may read it; None too where they may not read its words."""
    uuid = Source.objects.filter(vignette=vignette).values_list("challenge__uuid", flat=True).first()
    if uuid is None:
        return None
    try:
        view = view_case(find(uuid, standing), standing, now=now)
    except Challenge.DoesNotExist:
        return None
    return view if _words_shown(view) else None


def _words_shown(view: CaseView) -> bool:
    return FieldGroup.F1 in view.groups


def is_over(vignette: Vignette) -> bool:
    """Whether what it was made from is closed still; one made from nothing is."""
    return not Source.objects.filter(vignette=vignette).exclude(challenge__status__in=OVER).exists()


def finds_in(vignette: Vignette, source: CaseView | None) -> Sequence[Found]:
    """What the linter asks about. Whoever may not read the challenge is not told what was copied from it."""
    return lint(_text(vignette), known=_names(), source=_words(source) if source else "")


def _text(vignette: Vignette) -> str:
    return "\n".join((vignette.title, vignette.text, vignette.question))


def _names() -> list[str]:
    """Every name that the log itself has: of people, services and organisations."""
    rows = (
        User.objects.values_list("full_name", flat=True),
        Setting.objects.values_list("name", flat=True),
        Organisation.objects.values_list("name", flat=True),
    )
    return [name for names in rows for name in names]


def _words(view: CaseView) -> str:
    said = [text for entry in view.entries for text in entry.words.values()]
    return "\n".join(str(text) for text in (view.label or "", *said))
