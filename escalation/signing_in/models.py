"""Asking for a lost second factor to be taken away, and codes that were asked for by mail.

The factors themselves are in allauth's own table.
"""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q

from core.chance import drawn_id
from core.outbox.models import AbstractMessage
from escalation.accounts.models import User

LASTS = timedelta(days=2)


def new_reset_id() -> object:
    return drawn_id("reset")


class Sure(models.TextChoices):
    """How whoever asks knows that it is really them."""

    MET = "met", "I have seen them in person"
    CALLED = "called", "I have called them on a number that I knew before"
    VIDEO = "video", "I have seen them in a video call, and know them"


class ResetQuerySet(models.QuerySet["FactorReset"]):
    def waiting(self, now: datetime) -> Self:
        """Not decided, and not too old; the oldest first."""
        return self.filter(decided_at=None, asked_at__gt=now - LASTS).order_by("asked_at", "pk")


class FactorReset(models.Model):
    """One person asks for somebody's second factor to be taken away, and another one decides."""

    uuid = models.UUIDField(default=new_reset_id, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="factor_resets")
    sure = models.CharField(max_length=10, choices=Sure)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)

    objects = ResetQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(user=F("asked_by")), name="reset_asked_by_another"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | (~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("user"))),
                name="reset_decided_by_a_second",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, approved__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False, approved__isnull=False),
                name="reset_decided_whole",
            ),
        )

    def __str__(self) -> str:
        return f"reset of person {self.user_id}"


class Newcomer(models.Model):
    """Somebody to whom a mail goes and whom the log does not know: at an address of a known organisation.

    Kept for as long as a mail may still go. It is no account, and opens nothing.
    """

    email = models.EmailField()
    asked_at = models.DateTimeField()
    is_active = models.BooleanField(default=True, help_text="Mails still go to them.")

    def __str__(self) -> str:
        return f"newcomer of {self.asked_at:%d/%m/%Y %H:%M}"


class Letter(AbstractMessage):
    """A message to somebody whom the log does not know; its words are as constant as all others."""

    to = models.ForeignKey(  # type: ignore[assignment] # the one kind of message that goes to no account
        Newcomer, on_delete=models.CASCADE, related_name="letters"
    )

    class Meta(AbstractMessage.Meta):
        pass


class MailedCode(models.Model):
    """Somebody asked for a code by mail, in one browser. The code is kept nowhere: see `codes.mailed_code`.

    `user` and `message` are nobody's where nobody has the address; the address is kept only as a keyed hash.
    `newcomer`: to whom it went where nobody has it, and an organisation has its domain.
    """

    account = models.CharField(max_length=64)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", null=True)
    newcomer = models.ForeignKey(Newcomer, on_delete=models.CASCADE, related_name="+", null=True)
    message = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("account", "asked_at"), name="mailed_code_account_at"),)

    def __str__(self) -> str:
        return f"code asked for at {self.asked_at:%d/%m/%Y %H:%M}"
