"""Who is who: organisations, their settings, people, and the seats people hold.

A person may do something because of a seat, never because of who they are: a seat passes on with its work.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import JSONObject, Lower
from django.utils.crypto import salted_hmac

from core.audit.models import Event as AuditEvent
from core.chance import drawn_id
from core.rows import JSONRows

from .groups import ROLE_KINDS, SETTING_KINDS, WALL_KINDS, SeatKind, SettingGroup


class Organisation(models.Model):
    """A partner of the partnership: the council, the police, a health trust, a multi-academy trust."""

    name = models.CharField(max_length=200, unique=True)
    short_name = models.CharField(max_length=80, blank=True)
    email_domain = models.CharField(
        max_length=200,
        blank=True,
        help_text="One or more, with spaces between. Only proposes settings to newcomers; gives no rights.",
    )

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def domains(self) -> list[str]:
        return self.email_domain.split()


class Setting(models.Model):
    """Where people work: a school, a ward, a service. Rights go by setting, never by organisation."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="settings")
    name = models.CharField(max_length=200)
    short_name = models.CharField(
        max_length=80, help_text='As in a sentence: "It is social care\'s turn", "Ask the school".'
    )
    group = models.CharField(max_length=20, choices=SettingGroup)
    phone = models.CharField(max_length=40, blank=True)
    outside = models.BooleanField(
        default=False, help_text="Outside the log: the business unit records its calls and answers for it."
    )

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("organisation", "name"), name="setting_named_once"),
            models.CheckConstraint(condition=Q(group__in=SettingGroup.values), name="setting_group_known"),
        )

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes people; finds them by e-mail in any case."""

    def create_user(self, email: str, password: str | None = None, **details: Any) -> "User":
        """A new person; without a password they cannot sign in until one is set."""
        user = self.model(email=email, **details)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=plain_email(username or ""))


class User(AbstractBaseUser):
    """A person, or a system that reads the API. Rights come from seats; Django's permissions are not used."""

    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=150)
    job_title = models.CharField(max_length=150, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    best_times = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    rights_changed = models.PositiveIntegerField(
        default=0, editable=False, help_text="Goes up when a seat is given or ended; older sessions end."
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering = ("full_name", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(email=Lower(F("email"))), name="user_email_lower_case"),
        )

    def __str__(self) -> str:
        return self.full_name

    def save(self, **kwargs: Any) -> None:
        self.email = plain_email(self.email)
        super().save(**kwargs)

    def get_full_name(self) -> str:
        return self.full_name

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """Django's own, and the count of changes of rights: a session does not outlive a seat."""
        return salted_hmac(
            "escalation.accounts.session",
            f"{self.password}:{self.rights_changed}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class Closure(models.Model):
    """A time in which a setting is shut, such as the school holidays, and who acts for it meanwhile.

    Its clocks run on: what makes a day no working day are the closed days of the rulebook, which are the
    same for everybody. Whoever covers stands in for every seat of the setting but a partner's.
    """

    setting = models.ForeignKey(Setting, on_delete=models.PROTECT, related_name="closures")
    name = models.CharField(max_length=80, help_text='As in a sentence: "the summer holidays".')
    first = models.DateField()
    last = models.DateField(help_text="The last day on which it is shut.")
    cover = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="closures_covered", null=True, blank=True
    )

    class Meta:
        ordering = ("first", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="closure_in_order"),
            models.UniqueConstraint(fields=("setting", "first"), name="closure_once"),
        )

    def __str__(self) -> str:
        return f"{self.name}, {self.first:%d/%m/%Y} to {self.last:%d/%m/%Y}"


SOON = timedelta(days=14)
"""How far ahead somebody's leave, or a closure, is worth saying to a person who asks today."""


class SeatQuerySet(models.QuerySet["Seat"]):
    def on(self, day: date) -> Self:
        """Each with what `day`, a London date, makes of it: its setting's closure, and whether the first
        deputy is away too; the business unit's with the settings outside the log. In the same statement."""
        closures = Closure.objects.filter(
            setting=OuterRef("setting"), last__gte=day, first__lte=day + SOON
        ).order_by("first")
        facts = JSONObject(
            name="name",
            first="first",
            last="last",
            cover="cover",
            cover_name="cover__full_name",
            cover_job="cover__job_title",
            cover_phone="cover__phone",
        )
        elsewhere = Seat.objects.filter(user=OuterRef("deputy"), away_from__lte=day)
        away = elsewhere.filter(Q(away_until__isnull=True) | Q(away_until__gte=day)).order_by()
        together = Setting.objects.filter(outside=True).order_by().annotate(one=Value(1)).values("one")
        outside = together.annotate(rows=JSONRows("pk")).values("rows")
        return self.annotate(
            closure_row=Subquery(closures.values(facts=facts)[:1]),
            deputy_away=Exists(away),
            outside_rows=Case(
                When(kind=SeatKind.BUSINESS_UNIT, then=Subquery(outside)),
                default=None,
                output_field=models.JSONField(null=True),
            ),
        )


class Seat(models.Model):
    """One kind of work, held by one person, in one setting or for the whole partnership.

    Who acts while its holder is away: the deputy; the second deputy while that one is away too; and while
    the whole setting is shut, whoever covers that. The holder keeps the seat, and so does the deputy.

    Why the LADO wall is a unique constraint: a person holds at most one seat at the wall (business unit, or
    one LADO kind), which both databases enforce whoever writes and however many write at once. It costs
    nothing, as nobody needs to be LADO and deputy LADO. Partnership roles have no deputy, for a deputy would
    be a way round; a second person is given the seat instead.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="seats")
    setting = models.ForeignKey(
        Setting, on_delete=models.PROTECT, related_name="seats", null=True, blank=True
    )
    kind = models.CharField(max_length=20, choices=SeatKind)
    deputy = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="deputy_seats", null=True, blank=True
    )
    second_deputy = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="second_deputy_seats", null=True, blank=True
    )
    away_from = models.DateField(null=True, blank=True)
    away_until = models.DateField(null=True, blank=True, help_text="The last day away; empty: not known yet.")
    away_reason = models.CharField(max_length=120, blank=True, help_text='As in a sentence: "on leave".')
    given_at = models.DateTimeField(auto_now_add=True)
    given_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="+", null=True, blank=True, editable=False
    )

    # There once `on` has read them.
    closure_row: Mapping[str, Any] | None = None
    deputy_away: bool = False
    outside_rows: list[int] | None = None

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ("setting__name", "kind", "user__full_name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=SETTING_KINDS, setting__isnull=False)
                | Q(kind__in=ROLE_KINDS, setting__isnull=True),
                name="seat_has_setting_iff_kind_needs_one",
            ),
            models.CheckConstraint(
                condition=Q(away_until__isnull=True)
                | Q(away_from__isnull=False, away_until__gte=F("away_from")),
                name="seat_away_in_order",
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("user")), name="seat_deputy_is_another"
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | Q(kind__in=SETTING_KINDS), name="seat_role_has_no_deputy"
            ),
            models.CheckConstraint(
                condition=Q(second_deputy__isnull=True)
                | (Q(deputy__isnull=False) & ~Q(second_deputy=F("user")) & ~Q(second_deputy=F("deputy"))),
                name="seat_second_deputy_after_the_first",
            ),
            models.UniqueConstraint(fields=("user", "setting", "kind"), name="seat_held_once"),
            models.UniqueConstraint(
                fields=("user", "kind"), condition=Q(setting__isnull=True), name="seat_role_held_once"
            ),
            models.UniqueConstraint(
                fields=("user",), condition=Q(kind__in=WALL_KINDS), name="seat_one_side_of_the_lado_wall"
            ),
        )

    def __str__(self) -> str:
        where = f", {self.setting}" if self.setting else ""
        return f"{self.get_kind_display()}{where}"

    def away_on(self, day: date) -> bool:
        """Is the holder away on this day? Both ends count."""
        if self.away_from is None or day < self.away_from:
            return False
        return self.away_until is None or day <= self.away_until

    @property
    def closure(self) -> "Shut | None":
        """Its setting's closure now or soon, once `on` has read it; a partner's seat is not covered by it."""
        if self.closure_row is None or self.kind == SeatKind.PARTNER:
            return None
        row = dict(self.closure_row)
        for end in ("first", "last"):
            row[end] = date.fromisoformat(row[end])
        return Shut(**row)

    def stand_ins(self, day: date) -> Iterator[int]:
        """Who acts in it on a day beside its holder, by their ids; as `on` has read it for that day."""
        if (shut := self.closure) is not None and shut.cover and shut.first <= day:
            yield shut.cover
        if self.away_on(day):
            if self.deputy_id is not None:
                yield self.deputy_id
            if self.second_deputy_id is not None and self.deputy_away:
                yield self.second_deputy_id


@dataclass(frozen=True)
class Shut:
    """A closure as it was read with a seat; `cover` is the id of whoever acts meanwhile, if anybody does."""

    name: str
    first: date
    last: date
    cover: int | None
    cover_name: str | None
    cover_job: str | None
    cover_phone: str | None


class Departure(models.Model):
    """Somebody leaves after a day, and who has each of their seats then.

    `successors`: the id of a seat, as text -> the id of a person.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="departures")
    last_day = models.DateField()
    successors = models.JSONField(default=dict)
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("last_day", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("user",),
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True),
                name="departure_planned_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}, last day {self.last_day:%d/%m/%Y}"

    @property
    def is_over(self) -> bool:
        """Carried out, or taken back."""
        return self.done_at is not None or self.cancelled_at is not None


def new_key_id() -> uuid.UUID:
    """A key's public name, by which pages and the trail call it. It is no part of the key."""
    return drawn_id("key")


class ApiToken(models.Model):
    """A key with which a system, or a person's own program, calls the API. Only its hash is kept.

    `issued_by` is nobody for a command on the server. `last_used_at` is right to a minute.
    """

    uuid = models.UUIDField(default=new_key_id, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=150)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.CharField(max_length=200, blank=True, help_text="Words with spaces between.")
    created_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.name

    def live(self, now: datetime) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and now < self.expires_at


class Event(AuditEvent):
    """The audit trail of accounts: chains "api-keys", "seats" and "people"."""


class SignInFailure(models.Model):
    """One failed sign-in, kept as long as it counts. The address is kept only as a keyed hash."""

    account = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("account", "at"), name="sign_in_failure_account_at"),)

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M}"


def plain_email(email: str) -> str:
    """The one way an address is kept and compared."""
    return email.strip().lower()
