"""Which factors somebody has, and who may help whom that has lost theirs."""

from collections.abc import Collection
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from escalation.accounts.domains import domain_of
from escalation.accounts.groups import LADO_KINDS, SeatKind
from escalation.accounts.models import Seat, User, plain_email
from escalation.accounts.queries import factors_of, knows_domain, needs_second_factor

from .models import FactorReset

Type = Authenticator.Type
APP, PRINTED, PASSKEY = Type.TOTP, Type.RECOVERY_CODES, Type.WEBAUTHN
KEEPERS = (SeatKind.ADMINISTRATOR, SeatKind.BUSINESS_UNIT)
LEADS = (SeatKind.LEAD, SeatKind.SENIOR_LEAD)
LADO_DECIDERS = LADO_KINDS[:2]


def app_of(user: User) -> Authenticator | None:
    """Their app, if they have one."""
    return Authenticator.objects.filter(user=user, type=APP).first()


def printed_of(user: User) -> Authenticator | None:
    return Authenticator.objects.filter(user=user, type=PRINTED).first()


def passkeys_of(user: User) -> QuerySet[Authenticator]:
    """Their passkeys, oldest first."""
    return factors_of(user).filter(type=PASSKEY)


def may_ask_to_join(email: str, domains: Collection[str]) -> bool:
    """Whether this address, which a provider has shown, is of one of its own domains and of an organisation
    here, and nobody has it."""
    ours = domain_of(email) in domains and knows_domain(email)
    return ours and not User.objects.filter(email=plain_email(email)).exists()


def may_end(user: User, factor: Authenticator, *, today: date) -> bool:
    """Whether they may do without this one: another is left, or they need none."""
    return factors_of(user).exclude(pk=factor.pk).exists() or may_take_off(user, today=today)


def codes_left(user: User) -> int:
    """How many of their printed codes still work."""
    row = printed_of(user)
    return len(row.data["hashes"]) if row else 0


def may_take_off(user: User, *, today: date) -> bool:
    """Whether they may be without a second factor."""
    return not needs_second_factor(user, today=today)


def has_factor(user: User) -> bool:
    return factors_of(user).exists()


def may_ask(by: User) -> bool:
    """Whether they may ask for anybody's factor to be taken away: leads for their people, keepers for all."""
    return by.seats.filter(kind__in=(*KEEPERS, *LEADS, *LADO_DECIDERS)).exists()


def may_ask_for(by: User, user: User) -> bool:
    """Never for oneself. A lead asks for who works in their setting; the LADO for their team."""
    kinds = _kinds(by)
    if by == user:
        return False
    if kinds & set(KEEPERS) or (kinds & set(LADO_DECIDERS) and _in_lado_team(user)):
        return True
    led = by.seats.filter(kind__in=LEADS).values("setting")
    return user.seats.filter(setting__in=led).exists()


def may_decide_any(by: User) -> bool:
    """Whether they may be the second person."""
    return by.seats.filter(kind__in=(*KEEPERS, *LADO_DECIDERS)).exists()


def may_decide(by: User, reset: FactorReset) -> bool:
    """A second person, not whose factor it is. For the LADO team one of the two is the LADO or their deputy,
    so that nobody else can open what is behind the wall; for others a keeper decides."""
    if by.pk in (reset.user_id, reset.asked_by_id):
        return False
    deciders = set(LADO_DECIDERS)
    if not _in_lado_team(reset.user):
        return bool(_kinds(by) & set(KEEPERS))
    return bool(_kinds(by) & {*KEEPERS, *deciders}) and bool((_kinds(by) | _kinds(reset.asked_by)) & deciders)


def deciders_of(reset: FactorReset) -> list[User]:
    """Everybody who may be the second person."""
    kinds = (*KEEPERS, *LADO_DECIDERS)
    people = User.objects.filter(seats__kind__in=kinds, is_active=True).distinct().order_by("pk")
    return [each for each in people if may_decide(each, reset)]


def waiting_for(by: User, *, now: datetime) -> list[FactorReset]:
    """Those that this person may decide."""
    return [each for each in waiting(now) if may_decide(by, each)]


def waiting(now: datetime) -> QuerySet[FactorReset]:
    return FactorReset.objects.waiting(now).select_related("user", "asked_by")


def _kinds(user: User) -> set[str]:
    return set(user.seats.values_list("kind", flat=True))


def _in_lado_team(user: User) -> bool:
    return Seat.objects.filter(user=user, kind__in=LADO_KINDS).exists()
