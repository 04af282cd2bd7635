"""Who is kept out of one record, and who is let in: the shape of both, for any record that has them.

Each app makes tables of its own, with a key to its record, so that a wall between apps goes through them too:

    class Conflict(access.models.Conflict):
        RECORD = "challenge"
        challenge = models.ForeignKey(Challenge, related_name="conflicts", ...)

        class Meta(access.models.Conflict.Meta):
            constraints = access.models.conflict_constraints("challenge", "conflict")

A conflict beats a grant, and a grant beats a seat. Both are written with an event: of a challenge in the
chain "access", of a LADO record in its own.
"""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet

from core.machine import Refused
from core.text.fields import ErasableTextField
from escalation.accounts.models import Setting, User


class ConflictReason(models.TextChoices):
    """Why somebody must not see a record."""

    CONCERNED = "concerned", "It is about something they did or decided themselves"
    FAMILY = "family", "They are a relative or a friend of the family"
    COLLEAGUE = "colleague", "They are close to somebody it is about"
    OTHER = "other", "Something else"


class GrantKind(models.TextChoices):
    """As what somebody is let in."""

    COVER = "cover", "Acts for a seat whose holder cannot"
    INDEPENDENT = "independent", "Independent lead"
    CHAIR = "chair", "Chairs the panel"
    MEMBER = "member", "Sits on the panel"
    BREAK_GLASS = "break_glass", "Opened it in an emergency"
    SAMPLE = "sample", "Reads it for a dip sample"


SEAT_GRANTS = (GrantKind.COVER, GrantKind.INDEPENDENT)
"""They give a seat in one setting of the record."""
PANEL_GRANTS = (GrantKind.CHAIR, GrantKind.MEMBER)


class Conflict(models.Model):
    """Somebody who must not see a record: named by another, or by themselves. They are never told of it.

    `RECORD`: the name of the key to the record. A conflict that is lifted stays, with who lifted it.
    """

    RECORD: ClassVar[str]
    user_id: int

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=ConflictReason.choices)
    since = models.DateTimeField()
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True
        ordering = ("since", "pk")

    def __str__(self) -> str:
        return f"{self.get_reason_display()}, since {self.since:%d/%m/%Y}"

    @classmethod
    def standing(cls) -> QuerySet[Self]:
        """Those that nobody has lifted."""
        return cls._default_manager.filter(lifted_at__isnull=True)

    @classmethod
    def of(cls, user_id: int | None) -> QuerySet[Any, Any]:
        """The records that somebody must not see, as a subquery."""
        theirs: QuerySet[Any, Any] = cls.standing().filter(user=user_id).values(cls.RECORD)
        return theirs

    @property
    def stands(self) -> bool:
        return self.lifted_at is None

    def lift(self, *, by: User, now: datetime) -> bool:
        """Let them back in to what they are by their seat; False where somebody was first.

        Who may do so each app says; nobody for themselves.
        """
        if not type(self).standing().filter(pk=self.pk).update(lifted_at=now, lifted_by=by):
            return False
        self.lifted_at, self.lifted_by = now, by
        return True


def conflict_constraints(record: str, prefix: str) -> list[models.BaseConstraint]:
    """One that stands for each person and record; who lifted it is known. `prefix` begins their names."""
    return [
        models.UniqueConstraint(
            fields=[record, "user"], condition=Q(lifted_at__isnull=True), name=f"{prefix}_once"
        ),
        models.CheckConstraint(
            condition=Q(lifted_at__isnull=True) | Q(lifted_by__isnull=False), name=f"{prefix}_lifted_by"
        ),
    ]


def known_reason(code: str, *, field: str = "reason") -> ConflictReason:
    """Why somebody must not see a record; raises Refused, at the answer `field`, where nobody said."""
    if code not in ConflictReason.values:
        raise Refused("Choose the reason.", field=field)
    return ConflictReason(code)


class Grant(models.Model):
    """Somebody let in to one record, as something, by somebody.

    `setting` and `seat`: which seat a cover or an independent lead has there; `instead_of`: whose.
    `until` is the end of a break-glass; the record says when the others end.
    """

    user_id: int

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=GrantKind.choices)
    setting = models.ForeignKey(Setting, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    seat = models.CharField(max_length=20, blank=True)
    instead_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    reason = ErasableTextField(blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    review_due = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    review = models.CharField(max_length=20, blank=True)

    class Meta:
        abstract = True
        ordering = ("since", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=GrantKind.values), name="%(app_label)s_%(class)s_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SEAT_GRANTS, setting__isnull=False) & ~Q(seat="")
                | ~Q(kind__in=SEAT_GRANTS) & Q(setting__isnull=True, seat=""),
                name="%(app_label)s_%(class)s_seat_where_it_is_one",
            ),
            models.CheckConstraint(
                condition=~Q(kind=GrantKind.BREAK_GLASS) | Q(until__isnull=False, review_due__isnull=False),
                name="%(app_label)s_%(class)s_emergency_ends",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, since {self.since:%d/%m/%Y}"
