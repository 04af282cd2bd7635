"""Who is kept out of one record, and who is let in: the shape of both, for any record that has them.

Each app makes tables of its own, with a key to its record, so that a wall between apps goes through them too:

    class Conflict(access.models.Conflict):
        challenge = models.ForeignKey(Challenge, related_name="conflicts", ...)

A conflict beats a grant, and a grant beats a seat. Both are written with an event in the chain "access".
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.text.fields import ErasableTextField
from escalation.accounts.models import Setting


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


SEAT_GRANTS = (GrantKind.COVER, GrantKind.INDEPENDENT)
"""They give a seat in one setting of the record."""
PANEL_GRANTS = (GrantKind.CHAIR, GrantKind.MEMBER)


class Conflict(models.Model):
    """Somebody who must not see a record: named by another, or by themselves. They are never told of it."""

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
