"""Whose pages these are, and the sitting an address speaks of."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from escalation.access.acting import Acting
from escalation.forums.models import Sitting
from escalation.forums.queries import works_here


def acting(request: HttpRequest) -> Acting:
    """Who asks; 403 for whoever works in no setting."""
    return Acting.by(request, may=works_here)


def unit(request: HttpRequest) -> Acting:
    """403 for everybody but the business unit."""
    return acting(request).unit_alone()


def sitting_of(by: Acting, uuid: UUID) -> Sitting:
    """A sitting in their sight; else 404, as if there were none."""
    return get_object_or_404(Sitting.objects.visible_to(by.standing).select_related("host"), uuid=uuid)
