"""Somebody asks to work with the log for a setting: who they say they are, and what its lead said."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from core.chance import drawn_id
from escalation.accounts.models import Setting, User

LASTS = timedelta(days=14)
"""So long a request waits for somebody's word."""
KEPT = timedelta(days=30)
"""So long it is kept once it is over."""


def new_request_id() -> object:
    return drawn_id("request to join")


class Status(models.TextChoices):
    WAITING = "waiting", "Waiting"
    CONFIRMED = "confirmed", "Confirmed"
    DECLINED = "declined", "Declined"
    TAKEN_BACK = "taken_back", "Taken back"
    UNANSWERED = "unanswered", "Nobody answered"


class Reason(models.TextChoices):
    """Why a lead says no, as a sentence for whoever asked."""

    NOT_HERE = "not_here", "You do not work in this service."
    NOT_KNOWN = "not_known", "They do not know you. Speak to them, then ask again."
    NOT_NEEDED = (
        "not_needed",
        "Your work here does not need the log. Speak to them if you see it differently.",
    )


class JoinQuerySet(models.QuerySet["JoinRequest"]):
    def waiting(self, now: datetime) -> Self:
        """Still to be decided, and not too old; the oldest first."""
        found = self.filter(status=Status.WAITING, asked_at__gt=now - LASTS)
        return found.order_by("asked_at", "pk")


class JoinRequest(models.Model):
    """One address asks for one setting. The address is proved; the name and the job are only said.

    It opens nothing: with a yes an account is made, or found, and gets the seat.
    """

    uuid = models.UUIDField(default=new_request_id, unique=True, editable=False)
    email = models.EmailField()
    full_name = models.CharField(max_length=150)
    job_title = models.CharField(max_length=150)
    phone = models.CharField(max_length=40, blank=True)
    setting = models.ForeignKey(Setting, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=20, choices=Status, default=Status.WAITING)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    objects = JoinQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("email",), condition=Q(status=Status.WAITING), name="join_asked_once"
            ),
            models.CheckConstraint(condition=Q(email=Lower(F("email"))), name="join_email_lower_case"),
            models.CheckConstraint(
                condition=Q(status=Status.WAITING, decided_at__isnull=True)
                | (~Q(status=Status.WAITING) & Q(decided_at__isnull=False)),
                name="join_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(status__in=(Status.CONFIRMED, Status.DECLINED), decided_by__isnull=False)
                | (~Q(status__in=(Status.CONFIRMED, Status.DECLINED)) & Q(decided_by__isnull=True)),
                name="join_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=(Q(status=Status.DECLINED) & ~Q(reason=""))
                | (~Q(status=Status.DECLINED) & Q(reason="")),
                name="join_declined_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"request to join of {self.asked_at:%d/%m/%Y %H:%M}"
