"""Whose pages these are, and the sitting an address speaks of."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from core.web.numbered import request_id
from escalation.access.standing import request_standing
from escalation.accounts.models import User
from escalation.forums.acting import Acting
from escalation.forums.models import Sitting
from escalation.forums.queries import works_here


def acting(request: HttpRequest) -> Acting:
    """Who asks; 403 for whoever works in no setting."""
    standing = request_standing(request)
    if not works_here(standing) or not isinstance(request.user, User):
        raise PermissionDenied
    return Acting(request.user, standing, timezone.now(), request_id(request))


def unit(request: HttpRequest) -> Acting:
    """403 for everybody but the business unit."""
    by = acting(request)
    if not by.standing.in_business_unit:
        raise PermissionDenied
    return by


def sitting_of(by: Acting, uuid: UUID) -> Sitting:
    """A sitting in their sight; else 404, as if there were none."""
    return get_object_or_404(Sitting.objects.visible_to(by.standing).select_related("host"), uuid=uuid)
