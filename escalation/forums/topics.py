"""The closed challenge that a topic was made from, as far as somebody may know it."""

from collections.abc import Sequence
from datetime import datetime

from escalation.access.standing import Standing
from escalation.challenges.queries.shapes import CaseView
from escalation.challenges.workflow import CLOSING
from escalation.retelling.sources import read_source

from .models import Source, Vignette


def sources_of(vignette: Vignette, standing: Standing, now: datetime) -> Sequence[CaseView]:
    """What it was made from, as this person may read it; none too where they may not read its words."""
    uuid = Source.objects.filter(vignette=vignette).values_list("challenge__uuid", flat=True).first()
    view = None if uuid is None else read_source(uuid, standing, now)
    return [] if view is None else [view]


def is_over(vignette: Vignette) -> bool:
    """Whether what it was made from is closed still; one made from nothing is."""
    return not Source.objects.filter(vignette=vignette).exclude(challenge__status__in=CLOSING).exists()
