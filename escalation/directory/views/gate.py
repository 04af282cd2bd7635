"""Whose pages these are, and the setting an address speaks of."""

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from escalation.access.standing import Standing, request_standing
from escalation.accounts.models import Seat
from escalation.directory.queries import Place, keeps_any, kinds_to_give, may_keep, may_read, place
from escalation.directory.services import Keeper


@dataclass(frozen=True)
class Kept:
    """A setting's page, and who keeps it now."""

    place: Place
    keeper: Keeper

    @property
    def kinds(self) -> tuple[str, ...]:
        return kinds_to_give(self.keeper.standing)

    def seat(self, number: int) -> Seat:
        """One of its seats, of a kind that the keeper may change; else 404, as if there were none."""
        for seat in self.place.seats:
            if seat.pk == number and seat.kind in self.kinds:
                return seat
        raise Http404


def reader(request: HttpRequest) -> Standing:
    """Who reads; 403 for whoever works in no setting."""
    standing = request_standing(request)
    if not may_read(standing):
        raise PermissionDenied
    return standing


def unit(request: HttpRequest) -> Standing:
    """403 for everybody but the business unit."""
    standing = request_standing(request)
    if not standing.in_business_unit:
        raise PermissionDenied
    return standing


def place_of(uuid: UUID) -> Place:
    found = place(uuid, timezone.localdate())
    if found is None:
        raise Http404
    return found


def kept(request: HttpRequest, uuid: UUID) -> Kept:
    """A setting that whoever asks may keep; 403 for all others, whatever the setting."""
    who = keeper(request)
    found = place_of(uuid)
    if not may_keep(who.standing, found.setting):
        raise PermissionDenied
    return Kept(found, who)


def keeper(request: HttpRequest) -> Keeper:
    """Who asks, if they keep any setting's page; 403 for all others."""
    return Keeper.by(request, may=keeps_any)
