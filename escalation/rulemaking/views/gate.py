"""Whose pages these are, and the draft that an address speaks of."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from escalation.access.acting import Acting
from escalation.rulemaking.models import PolicyDraft


def unit(request: HttpRequest) -> Acting:
    """Somebody of the business unit; 403 for everybody else."""
    return Acting.by(request, may=lambda standing: standing.in_business_unit)


def draft_of(uuid: UUID) -> PolicyDraft:
    people = ("written_by", "offered_by", "decided_by", "based_on", "made")
    return get_object_or_404(PolicyDraft.objects.select_related(*people), uuid=uuid)
