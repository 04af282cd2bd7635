"""What a person's seats let them be today: in which settings, and in which partnership roles.

One query. Everything else that decides who may see or do what starts from a `Standing`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from escalation.access.exceptions import NO_EXCEPTIONS, Exceptions, Granted
from escalation.accounts.groups import ROLE_KINDS, SeatKind
from escalation.accounts.models import Closure, Seat, SeatQuerySet, User

_NOBODY: Mapping[int, "Cover"] = MappingProxyType({})


@dataclass(frozen=True)
class Cover:
    """A seat one covers today: "You are covering for Tom Whitfield, who is on leave until 2 September"."""

    holder: str
    holder_id: int
    kind: str
    until: date | None
    reason: str


@dataclass(frozen=True)
class Standing:
    """A person's seats today. Setting ids include those one covers; `covering` says which and for whom.

    The holder of a seat keeps it while away: being covered is no loss of rights.
    """

    user_id: int | None = None
    practitioner_settings: frozenset[int] = frozenset()
    lead_settings: frozenset[int] = frozenset()
    senior_settings: frozenset[int] = frozenset()
    partner_organisations: frozenset[int] = frozenset()
    roles: frozenset[str] = frozenset()
    covering: Mapping[int, Cover] = field(default_factory=lambda: _NOBODY, hash=False)
    covered: frozenset[int] = frozenset()
    """Whose seats one covers today: all of them, where `covering` names one a setting."""
    standby: Mapping[int, "Standing"] = field(default_factory=lambda: _NO_STANDBY, hash=False)
    """By the holder: what one would be for them in a record that they must not see (rule 15)."""
    outside: frozenset[int] = frozenset()
    """Settings outside the log, for which the business unit acts as their lead and head would."""
    granted: frozenset[str] = frozenset()
    """Within one record only: the kinds of grant that hold there."""
    at: datetime | None = None
    """When this was asked; without it, what is open for an hour only is not open."""

    @property
    def settings(self) -> frozenset[int]:
        """Every setting in which one holds or covers a seat, partners' aside."""
        return self.practitioner_settings | self.lead_settings | self.senior_settings

    @property
    def acts_for(self) -> frozenset[int]:
        """Oneself, and those whose seats one covers today."""
        return self.covered if self.user_id is None else self.covered | {self.user_id}

    @property
    def in_business_unit(self) -> bool:
        return SeatKind.BUSINESS_UNIT in self.roles

    @property
    def is_auditor(self) -> bool:
        return SeatKind.AUDITOR in self.roles

    @property
    def is_administrator(self) -> bool:
        return SeatKind.ADMINISTRATOR in self.roles

    @property
    def is_service(self) -> bool:
        return SeatKind.SERVICE in self.roles

    def within(self, exceptions: Exceptions) -> "Standing":
        """What one is in one record: conflict beats grant beats seat.

        Who has a conflict there is nobody; their deputy stands in for them, whether they are away or not. A
        grant gives a seat there, and takes it from whom it is given instead of.
        """
        if self.user_id is None or exceptions == NO_EXCEPTIONS:
            return self
        if self.user_id in exceptions.conflicted:
            return NONE
        found = self
        for holder in exceptions.conflicted & self.standby.keys():
            found = found._with(self.standby[holder])
        for grant in exceptions.granted:
            found = found._replaced_by(grant) if grant.instead_of == self.user_id else found
            found = found._with_grant(grant) if grant.user == self.user_id else found
        return found

    def _with(self, other: "Standing") -> "Standing":
        return replace(
            self,
            practitioner_settings=self.practitioner_settings | other.practitioner_settings,
            lead_settings=self.lead_settings | other.lead_settings,
            senior_settings=self.senior_settings | other.senior_settings,
            partner_organisations=self.partner_organisations | other.partner_organisations,
            covering=MappingProxyType({**other.covering, **self.covering}),
            covered=self.covered | other.covered,
        )

    def _with_grant(self, grant: Granted) -> "Standing":
        found = replace(self, granted=self.granted | {grant.kind})
        return found._seated_at(grant, found._seats_of(grant) | {grant.setting})

    def _replaced_by(self, grant: Granted) -> "Standing":
        return self._seated_at(grant, self._seats_of(grant) - {grant.setting})

    def _seats_of(self, grant: Granted) -> frozenset[int | None]:
        return frozenset(getattr(self, SETTINGS_OF[grant.seat])) if grant.seat else frozenset()

    def _seated_at(self, grant: Granted, settings: frozenset[int | None]) -> "Standing":
        changed: dict[str, Any] = {SETTINGS_OF[grant.seat]: settings} if grant.seat else {}
        return replace(self, **changed)


SETTINGS_OF = {
    SeatKind.PRACTITIONER.value: "practitioner_settings",
    SeatKind.LEAD.value: "lead_settings",
    SeatKind.SENIOR_LEAD.value: "senior_settings",
}
_NO_STANDBY: Mapping[int, Standing] = MappingProxyType({})
NONE = Standing()
"""Of somebody not signed in, who has left, or who must not see a record."""


def standing_of(user: User | AnonymousUser, *, today: date, at: datetime | None = None) -> Standing:
    """The standing of a person on a day (a London date), in one query; none for those who have left."""
    if not isinstance(user, User) or not user.is_active:
        return NONE
    return replace(_standing(user, list(seats_of(user, today)), today), at=at)


def standing_from(user: User, seats: Iterable[Seat], *, today: date) -> Standing:
    """The same from seats that the caller has read, among which are all that `seats_of` gives."""
    theirs = [s for s in seats if user.pk in (s.user_id, s.deputy_id, *s.stand_ins(today))]
    return _standing(user, sorted(theirs, key=attrgetter("pk")), today) if user.is_active else NONE


def seats_of(user: User, today: date) -> Iterable[Seat]:
    """The seats a person holds, those they are a deputy of, and those of settings that they cover today."""
    return _seats_on(today).filter(concerning(user, today))


@lru_cache(maxsize=2)
def _seats_on(today: date) -> SeatQuerySet:
    """Put together once a day: every page asks for it, and that takes longer than the answer."""
    return Seat.objects.on(today).select_related("setting", "user").order_by("pk")


def concerning(user: User, today: date) -> Q:
    """Which seats those are."""
    shut = Closure.objects.filter(cover=user, first__lte=today, last__gte=today)
    covered = Q(setting__in=shut.values("setting"), user__is_active=True)
    return Q(user=user) | Q(deputy=user) | Q(second_deputy=user) | covered


def _standing(user: User, seats: list[Seat], today: date) -> Standing:
    deputised = [seat for seat in seats if seat.deputy_id == user.pk]
    holders = {seat.user_id for seat in deputised}
    standby = {
        holder: _seated(user, [s for s in deputised if s.user_id == holder], today) for holder in holders
    }
    acting = [seat for seat in seats if seat.user_id == user.pk or user.pk in seat.stand_ins(today)]
    return replace(_seated(user, acting, today), standby=MappingProxyType(standby))


def _seated(user: User, seats: list[Seat], today: date) -> Standing:
    outside = frozenset(pk for seat in seats for pk in seat.outside_rows or ())
    return Standing(
        user_id=user.pk,
        practitioner_settings=_settings(seats, SeatKind.PRACTITIONER),
        lead_settings=_settings(seats, SeatKind.LEAD) | outside,
        senior_settings=_settings(seats, SeatKind.SENIOR_LEAD) | outside,
        outside=outside,
        partner_organisations=frozenset(
            seat.setting.organisation_id for seat in seats if seat.kind == SeatKind.PARTNER and seat.setting
        ),
        roles=frozenset(seat.kind for seat in seats if seat.kind in ROLE_KINDS),
        covering=MappingProxyType(_covering(user, seats, today)),
        covered=frozenset(seat.user_id for seat in seats if seat.user_id != user.pk),
    )


def _settings(seats: list[Seat], kind: SeatKind) -> frozenset[int]:
    return frozenset(seat.setting_id for seat in seats if seat.kind == kind and seat.setting_id is not None)


def _covering(user: User, seats: list[Seat], today: date) -> dict[int, Cover]:
    """By setting; where one covers several seats of a setting, the most senior is the one to name."""
    seniority = [SeatKind.PRACTITIONER, SeatKind.LEAD, SeatKind.SENIOR_LEAD, SeatKind.PARTNER]
    covered = [seat for seat in seats if seat.user_id != user.pk and seat.setting_id is not None]
    covered.sort(key=lambda seat: seniority.index(SeatKind(seat.kind)))
    return {seat.setting_id: _cover(seat, today) for seat in covered if seat.setting_id is not None}


def _cover(seat: Seat, today: date) -> Cover:
    """For whom, until when and why: their leave, or that their whole setting is shut."""
    shut = seat.closure
    if shut is not None and shut.first <= today and not seat.away_on(today):
        return Cover(seat.user.full_name, seat.user_id, seat.kind, shut.last, f"away for {shut.name}")
    return Cover(seat.user.full_name, seat.user_id, seat.kind, seat.away_until, seat.away_reason)


_KEPT = "escalation_standing"


def request_standing(request: HttpRequest) -> Standing:
    """The standing of who makes this request, asked of the database once a request.

    Kept on Django's own request, also when a request of REST framework wraps it, and only for the same user.
    """
    plain = getattr(request, "_request", request)
    user = request.user
    kept: Standing | None = getattr(plain, _KEPT, None)
    if kept is None or kept.user_id != user.pk:
        kept = standing_of(_real(user), today=timezone.localdate(), at=timezone.now())
        setattr(plain, _KEPT, kept)
    return kept


def _real(user: object) -> User | AnonymousUser:
    return user if isinstance(user, User) else AnonymousUser()
