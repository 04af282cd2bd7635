"""The database's side of policy: versions that never change, and dated facts that are today's for every case.

Dated facts are closed days, school holidays, numbers to call, and up to when the calendar was checked. One
person proposes a change of them, and another confirms it.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.audit.models import Event as AuditEvent
from escalation.policy import Policy, from_document


class PolicyVersion(models.Model):
    """One version of one policy, as loaded. A case keeps the version it was opened under."""

    key = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    start = models.DateField(help_text="The first day on which new cases open under it.")
    document = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the canonical JSON of the document.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("key", "version")
        constraints = (models.UniqueConstraint(fields=("key", "version"), name="policy_version_once"),)

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

    @property
    def policy(self) -> Policy:
        """The rules themselves, read once a process: a version never changes."""
        if self.digest not in _read:
            _read[self.digest] = from_document(self.document)
        return _read[self.digest]


_read: dict[str, Policy] = {}
"""Policies by digest, which names the rules themselves and so can never point at others."""


class ClosedDay(models.Model):
    """A day that is no working day here, besides weekends and bank holidays: a one-off or a local closure."""

    date = models.DateField(unique=True)
    name = models.CharField(max_length=80, help_text='As in a sentence: "Council closed for training".')
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("date",)

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.name}"


class SchoolHoliday(models.Model):
    """Days on which schools are shut. No clock stops for them: each school says who acts meanwhile."""

    name = models.CharField(max_length=80, help_text='As in a sentence: "the Christmas holidays".')
    first = models.DateField(unique=True)
    last = models.DateField()

    class Meta:
        ordering = ("first",)
        constraints = (
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="school_holiday_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.name}, {self.first:%d/%m/%Y} to {self.last:%d/%m/%Y}"


class FrontDoorNumber(models.Model):
    """A number to call, from a day on, in place of the policy's own with this code."""

    code = models.SlugField(max_length=40)
    number = models.CharField(max_length=40)
    hours = models.CharField(max_length=80, blank=True)
    start = models.DateField()

    class Meta:
        ordering = ("code", "start", "pk")

    def __str__(self) -> str:
        return f"{self.code} {self.number} from {self.start:%d/%m/%Y}"


class CalendarCheck(models.Model):
    """Two people looked: bank holidays and closed days are complete up to a day, and it is the last one."""

    until = models.DateField()

    class Meta:
        ordering = ("until", "pk")

    def __str__(self) -> str:
        return f"checked until {self.until:%d/%m/%Y}"


class Change(models.TextChoices):
    """What can be proposed."""

    CLOSED = "closed", "A day on which the partnership is closed"
    REOPENED = "reopened", "A closed day is a working day after all"
    HOLIDAY = "holiday", "School holidays"
    NO_HOLIDAY = "no_holiday", "School holidays that are none after all"
    NUMBER = "number", "A number to call"
    CHECKED = "checked", "The calendar is complete up to a day"


class Proposal(models.Model):
    """A change that one person proposed; it holds once another has confirmed it. Neither is edited."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    change = models.CharField(max_length=12, choices=Change)
    says = models.JSONField(help_text="The change's own facts, by name; days as YYYY-MM-DD.")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(null=True)

    class Meta:
        ordering = ("-proposed_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(change__in=Change.values), name="proposal_change_known"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, confirmed__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False, confirmed__isnull=False),
                name="proposal_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")) | Q(confirmed=False),
                name="proposal_confirmed_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_change_display()}, proposed {self.proposed_at:%d/%m/%Y}"


class Event(AuditEvent):
    """The audit trail of dated facts: chain "dates"."""
