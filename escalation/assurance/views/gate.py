"""Whose pages these are, and the request an address speaks of."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from escalation.assurance.acting import Acting
from escalation.assurance.models import AssuranceRequest
from escalation.assurance.queries import has_pages


def acting(request: HttpRequest) -> Acting:
    """Who asks; 403 for whoever neither reviews nor answers for an organisation."""
    return Acting.by(request, may=has_pages)


def unit(request: HttpRequest) -> Acting:
    """403 for everybody but the business unit."""
    return acting(request).unit_alone()


def request_of(by: Acting, uuid: UUID) -> AssuranceRequest:
    """One in their sight; else 404, as if there were none."""
    found = AssuranceRequest.objects.visible_to(by.standing).prefetch_related("clauses")
    return get_object_or_404(found.select_related("organisation", "asked_again", "retest_of"), uuid=uuid)


def asked_of(by: Acting, uuid: UUID) -> AssuranceRequest:
    """One that they answer; 403 where they only read it."""
    found = request_of(by, uuid)
    if not found.is_mine:
        raise PermissionDenied
    return found
