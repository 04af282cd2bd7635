"""Releases of published figures, the plans they follow, and what else is public. Only services write here.

What is published never changes: its figures and files are append-only, and a published release can only be
withdrawn. True counts and the random bits live in a `Snapshot`, from before the figures are drawn until the
release is published or refused; then they are destroyed.
"""

import uuid
from collections.abc import Container, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from functools import cached_property
from typing import Self

import numpy as np
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.audit.models import Event as AuditEvent
from escalation.disclosure.audit import Publication
from escalation.disclosure.periods import QUARTERS_A_YEAR, Period, quarter_name
from escalation.disclosure.plan import Date, Linked, Plan
from escalation.disclosure.plan_files import from_document
from escalation.disclosure.statements import Statement, at_least, box, exact
from escalation.policy.clock import LONDON
from escalation.policy.quarters import Quarter

BITS = 32
"""Bytes of fresh randomness for a release."""
PUBLISHED_AT = time(9, 30)
"""The hour of publication in London: that of official statistics in the United Kingdom."""
DOCUMENT = "release.json"
"""The file from which the API and the pages are served: the release as plain values."""


class Subject(models.TextChoices):
    """What is counted: lists of cases that have nothing to do with each other."""

    CHALLENGES = "challenges", "Professional challenges"
    LADO = "lado", "Contacts with the LADO"
    FORUMS = "forums", "Open forums"
    LEARNING = "learning", "Learning from challenges"
    SURVEY = "survey", "Staff surveys"


class State(models.TextChoices):
    """Where a release stands, on its way to publication or to an end without."""

    DRAFT = "draft", "Waiting to be counted"
    ROUNDING = "rounding", "Figures are being rounded"
    AUDIT = "audit", "Figures are being checked for safety"
    READY = "ready", "Ready for a second person"
    APPROVED = "approved", "Approved, waiting for its date"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"
    REFUSED = "refused", "Not released"


WORKING = (State.DRAFT, State.ROUNDING, State.AUDIT)
"""The worker is at it."""
UNDER_WAY = (*WORKING, State.READY, State.APPROVED)
MOVES: dict[str, tuple[State, ...]] = {
    State.DRAFT: (State.ROUNDING, State.REFUSED),
    State.ROUNDING: (State.AUDIT, State.REFUSED),
    State.AUDIT: (State.ROUNDING, State.READY, State.REFUSED),
    State.READY: (State.APPROVED, State.REFUSED),
    State.APPROVED: (State.PUBLISHED, State.REFUSED),
    State.PUBLISHED: (State.WITHDRAWN,),
}
"""Where each state leads. A draw without a certificate is as if it had never been: it is drawn again."""


class RefusalReason(models.TextChoices):
    """Why there is no release. Readers see the same words whatever the reason."""

    NOT_THE_PLAN = "not_the_plan", "The tables are not those of the plan"
    FACT_MISSING = "fact_missing", "Something published elsewhere was not registered"
    LOG_INCOMPLETE = "log_incomplete", "The log was not complete when it was counted"
    ADVICE = "advice", "Legal or data protection advice"
    TECHNICAL = "technical", "A technical fault"
    OTHER = "other", "Something else"


class WithdrawalReason(models.TextChoices):
    """Why published tables are taken back."""

    CORRECTED = "corrected", "The log was corrected, and a figure is off by more than 4"
    ADVICE = "advice", "Legal or data protection advice"
    OTHER = "other", "Something else"


class FactKind(models.TextChoices):
    """How much something published elsewhere says."""

    EXACT = "exact", "Exactly this many"
    AT_LEAST = "at_least", "At least this many"


class ReleasePlan(models.Model):
    """A plan that a person chose, by the volume they expect, and another approved before it begins.

    It holds from `starts` until another of the same subject does. The document is the plan's file as it was.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    subject = models.CharField(max_length=12, choices=Subject.choices)
    key = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    document = models.JSONField()
    starts = models.DateField(help_text="1 April of its first year.")
    expected = models.PositiveIntegerField(help_text="Cases a year, as a person expects them.")
    log_begins = models.BooleanField(default=False, help_text="No case was logged before it starts.")
    days_after = models.PositiveSmallIntegerField(
        help_text="How many days after a quarter's end it is published."
    )
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("subject", "-starts", "-chosen_at")
        constraints = (
            models.UniqueConstraint(
                fields=("subject", "starts"),
                condition=Q(approved_at__isnull=False),
                name="plan_one_at_a_time",
            ),
            models.CheckConstraint(condition=Q(subject__in=Subject.values), name="plan_subject_known"),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False) & ~Q(approved_by=F("chosen_by")),
                name="plan_approved_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title}, from {self.starts:%d/%m/%Y}"

    @cached_property
    def plan(self) -> Plan:
        """The plan itself, beginning when it was chosen to."""
        return replace(from_document(self.document), start=self.starts)

    def publish_at(self, quarter: Quarter) -> datetime:
        """When a quarter's figures are published: the same for every quarter, whatever it holds."""
        day = date.fromordinal(quarter.end.toordinal() + self.days_after)
        return datetime.combine(day, PUBLISHED_AT, tzinfo=LONDON)


class ReleaseQuerySet(models.QuerySet["Release"]):
    def published(self) -> Self:
        """What is public; withdrawn ones too, whose place says so."""
        return self.filter(state__in=(State.PUBLISHED, State.WITHDRAWN))

    def under_way(self) -> Self:
        return self.filter(state__in=UNDER_WAY)


class Release(models.Model):
    """One quarter's release of one subject, from its start to publication, withdrawal or refusal.

    `number` is the quarter's own (disclosure.periods). `edition` grows with each withdrawal that touches it:
    the files of that edition are those that count. `digest` is keyed and internal.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    subject = models.CharField(max_length=12, choices=Subject.choices)
    plan = models.ForeignKey(ReleasePlan, on_delete=models.PROTECT, related_name="releases")
    quarter = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    edition = models.PositiveSmallIntegerField(default=1)
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="How often somebody has begun to make it."
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField()
    cut_off = models.DateTimeField(null=True, help_text="When the log was counted.")
    publish_at = models.DateTimeField()
    verdict = models.CharField(max_length=200, blank=True, help_text="What the certificate shows.")
    digest = models.CharField(max_length=64, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    refused_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=20, choices=RefusalReason.choices, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ("-number", "subject")
        constraints = (
            models.UniqueConstraint(fields=("subject", "number"), name="release_once_a_quarter"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="release_state_known"),
            models.CheckConstraint(condition=Q(subject__in=Subject.values), name="release_subject_known"),
            models.CheckConstraint(
                condition=~Q(state__in=(State.APPROVED, State.PUBLISHED, State.WITHDRAWN))
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="release_has_approver",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(started_by__isnull=True)
                | ~Q(approved_by=F("started_by")),
                name="release_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(State.PUBLISHED, State.WITHDRAWN))
                | Q(published_at__isnull=False, published_at__gte=F("publish_at")),
                name="release_published_on_its_date",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.REFUSED) | Q(refused_at__isnull=False) & ~Q(refusal=""),
                name="release_refused_has_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_subject_display()}, {self.quarter}"

    def get_absolute_url(self) -> str:
        return reverse("reporting:release", args=[self.uuid])

    @property
    def published_url(self) -> str:
        """Where its readers find it, once it is public."""
        return reverse("reporting:published_release", args=[self.quarter, self.subject])

    @property
    def period(self) -> Quarter:
        """The quarter after which it is made."""
        return Quarter.parse(self.quarter)

    @property
    def is_public(self) -> bool:
        return self.state in (State.PUBLISHED, State.WITHDRAWN)


class Snapshot(models.Model):
    """True counts at the cut-off, and the random bits: stored in one transaction, before anything is drawn.

    With it, a release that was interrupted comes out as if it had not been. Never shown, and destroyed.
    """

    release = models.OneToOneField(
        Release, primary_key=True, on_delete=models.PROTECT, related_name="snapshot"
    )
    counts = models.JSONField()
    bits = models.BinaryField(max_length=BITS)
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"counted {self.taken_at:%d/%m/%Y %H:%M}"


class Figures(models.Model):
    """The published values of a release, and what certifies them: written once, kept for ever."""

    release = models.OneToOneField(
        Release, primary_key=True, on_delete=models.PROTECT, related_name="figures"
    )
    values = models.JSONField(help_text="A list with date, quarters and values of each set of linked tables.")
    lists = models.PositiveIntegerField(help_text="Lists of cases in the certificate.")
    moves = models.PositiveIntegerField(help_text="Moves in the certificate.")
    drawn_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "figures"

    def __str__(self) -> str:
        return f"drawn {self.drawn_at:%d/%m/%Y %H:%M}"

    def publications(self, plan: Plan) -> Iterator[Publication]:
        """As disclosure control reads them; `plan` is the release's own."""
        for each in self.values:
            linked = linked_of(plan, each["date"], len(each["quarters"]))
            values = np.array(each["values"], dtype=np.int64)
            yield Publication(linked.layout, values, linked.date, tuple(each["quarters"]))


def linked_of(plan: Plan, date: str, quarters: int) -> Linked:
    """A plan's tables of one date and one length of period. Raises StopIteration if there are none."""
    return next(each for each in plan.linked if each.date == Date(date) and each.span.quarters == quarters)


class ReleaseFile(models.Model):
    """One file of one edition of a release, ready to be sent. `etag` is a plain digest of its bytes."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="files")
    edition = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=120)
    content = models.BinaryField()
    etag = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("release", "edition", "name")
        constraints = (
            models.UniqueConstraint(fields=("release", "edition", "name"), name="release_file_once"),
        )

    def __str__(self) -> str:
        return self.name


class Withdrawal(models.Model):
    """Tables of a release that are taken back: all that share their margins, since they were one draw."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="withdrawals")
    date = models.CharField(max_length=10)
    quarters = models.PositiveSmallIntegerField(help_text="How long a period the tables count.")
    reason = models.CharField(max_length=20, choices=WithdrawalReason.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at",)
        constraints = (
            models.UniqueConstraint(fields=("release", "date", "quarters"), name="withdrawn_once"),
        )

    def __str__(self) -> str:
        return f"{self.date}, {self.quarters} quarters"


class OutsideFact(models.Model):
    """A count that somebody published elsewhere: every later release is checked given it.

    `date` "": whenever it was. `categories`: the category of each dimension that the fact names.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    subject = models.CharField(max_length=12, choices=Subject.choices)
    kind = models.CharField(max_length=10, choices=FactKind.choices)
    value = models.PositiveIntegerField()
    date = models.CharField(max_length=10, blank=True)
    first_quarter = models.PositiveIntegerField(null=True)
    quarters = models.PositiveSmallIntegerField(null=True)
    categories = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=300, help_text="Where it was published.")
    public_since = models.DateField()
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    struck_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-registered_at",)
        constraints = (
            models.CheckConstraint(condition=Q(subject__in=Subject.values), name="fact_subject_known"),
            models.CheckConstraint(condition=Q(kind__in=FactKind.values), name="fact_kind_known"),
            models.CheckConstraint(
                condition=Q(date="", first_quarter__isnull=True, quarters__isnull=True)
                | Q(first_quarter__isnull=False, quarters__gte=1) & ~Q(date=""),
                name="fact_has_period_with_date",
            ),
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True, struck_by__isnull=True)
                | Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_by=F("registered_by")),
                name="fact_struck_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.value}"

    @property
    def period(self) -> Period | None:
        if self.first_quarter is None or self.quarters is None:
            return None
        return Period(self.first_quarter, self.quarters)

    def statement(self, known: Container[str]) -> Statement:
        """As disclosure control reads it, by the dimensions that are `known` to the plan.

        Another dimension is left out; what is left is then true at least.
        """
        named = {code: name for code, name in self.categories.items() if code in known}
        period = self.period
        where = box(**named, **({self.date: period.names} if period else {}))
        if self.kind == FactKind.EXACT and len(named) == len(self.categories):
            return exact(where, self.value)
        return at_least(where, self.value)


class Event(AuditEvent):
    """The audit trail of releases: chains "release:<uuid>", "releases", "release-plans", "release-facts"
    and "release-access"."""


def quarters_of(first: int, count: int) -> str:
    """A period in words: "2026-27-Q1", "2026-27-Q1 to 2026-27-Q2"."""
    names = [quarter_name(first), quarter_name(first + count - 1)]
    return names[0] if count == 1 else " to ".join(names)


def quarter_of(number: int) -> Quarter:
    """The quarter with this number."""
    year, at = divmod(number, QUARTERS_A_YEAR)
    return Quarter(year, at + 1)


def number_of(quarter: Quarter) -> int:
    """The number by which disclosure control knows a quarter."""
    return Period.quarter(quarter.year, quarter.number).first
