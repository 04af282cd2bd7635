"""Assurance requests: an organisation is asked to show something, clause by clause. Only services write here.

No case is here, and no figure. A request keeps the framework, standard and clauses it was made with.
"""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django_fsm import FSMField

from core.audit.models import Event as AuditEvent
from core.machine import machine
from core.text import ErasableTextField
from escalation.access.organisations import answering_for
from escalation.access.standing import Standing
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Organisation
from escalation.challenges.models import Challenge, Grant
from escalation.policy.quarters import Quarter
from escalation.reporting.models import Release

from .workflow import ENDED, OURS, STEPS, TO_ANSWER, Part, Status, Step

STEP_PLACES = {step.name: step.name.replace("_", "-") for step in STEPS} | {"save": "answer"}
"""Where each step is taken, behind the address of its request."""


class Verdict(models.TextChoices):
    """What an organisation's own procedure says beside a clause of local policy."""

    SAME = "same", "It says the same"
    DIFFERS = "differs", "It differs"
    SILENT = "silent", "It says nothing about this"


class AssuranceRequestQuerySet(models.QuerySet["AssuranceRequest"]):
    def visible_to(self, standing: Standing) -> Self:
        """All for the business unit; for others those asked of an organisation for which they answer."""
        mine = answering_for(standing)
        found = self.annotate(is_mine=Exists(mine.filter(pk=OuterRef("organisation"))))
        return found if standing.in_business_unit else found.filter(is_mine=True)

    def waiting(self, today: date) -> Self:
        """What somebody has to do something about: not ended, or to be asked again by now."""
        again = Q(retest_on__lte=today, asked_again__isnull=True) & ~Q(status=Status.WITHDRAWN)
        return self.filter(~Q(status__in=ENDED) | again)


class AssuranceRequest(machine("status", STEPS), models.Model):  # type: ignore[misc]  # mypy cannot follow a made class
    """One question to one organisation under one standard. `version` goes up with each step.

    `due`: by when the organisation answers, or says what was done. `retest_of`: what it asks anew.
    """

    uuid = models.UUIDField(unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="assurance_requests"
    )
    framework = models.CharField(max_length=120)
    note = models.CharField(max_length=120, blank=True)
    standard = models.PositiveSmallIntegerField()
    standard_title = models.CharField(max_length=200)
    about = models.CharField(max_length=60, help_text="The code of the list of clauses.")
    title = models.CharField(max_length=200)
    question = ErasableTextField()
    due = models.DateField()
    status = FSMField(default=Status.ASKED, choices=Status.choices, protected=True)
    version = models.PositiveIntegerField(default=1)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    procedure = ErasableTextField(blank=True, help_text="What their own document is called.")
    procedure_version = models.CharField(max_length=80, blank=True)
    procedure_owner = ErasableTextField(blank=True, help_text="A job, not a name.")
    signed_by = ErasableTextField(blank=True, help_text="The rank or job of whoever stands for the answer.")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    rating = models.CharField(max_length=40, blank=True)
    rating_words = models.CharField(max_length=120, blank=True)
    rated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    rated_at = models.DateTimeField(null=True)
    retest_on = models.DateField(null=True, help_text="When it is to be asked again.")
    retest_of = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="asked_again")
    reminded_for = models.DateField(
        null=True, help_text="The last day of which its organisation was reminded."
    )

    is_mine: bool = False

    objects = AssuranceRequestQuerySet.as_manager()

    class Meta:
        ordering = ("due", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(status__in=Status.values), name="assurance_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=(*TO_ANSWER, Status.WITHDRAWN)) | Q(answered_by__isnull=False),
                name="assurance_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=(Status.RATED, Status.FOLLOW_UP, Status.CLOSED))
                | Q(rated_by__isnull=False, rated_at__isnull=False) & ~Q(rating=""),
                name="assurance_rated_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(rated_by__isnull=True) | ~Q(rated_by=F("answered_by")),
                name="assurance_rated_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} {self.organisation}"

    def get_absolute_url(self) -> str:
        return reverse("assurance-request", args=[self.uuid])

    def step_url(self, step: Step) -> str:
        """Where a step is taken."""
        return reverse(f"assurance-{STEP_PLACES[step.name]}", args=[self.uuid])

    def parts(self, standing: Standing) -> frozenset[str]:
        """What somebody is to it, once `visible_to` has read it for them."""
        unit = {Part.UNIT.value} if standing.in_business_unit else set()
        return frozenset(unit | ({Part.ORGANISATION.value} if self.is_mine else set()))

    def is_late(self, today: date) -> bool:
        """The organisation's day has passed."""
        return self.status in OURS and self.due < today

    def is_again_due(self, today: date) -> bool:
        """The day to ask again has come, and nobody has; `asked_again` is read with it."""
        return self.retest_on is not None and self.retest_on <= today and not hasattr(self, "asked_again")


class ClauseAnswer(models.Model):
    """One clause as it was when it was asked, and what the organisation says beside it."""

    request = models.ForeignKey(AssuranceRequest, on_delete=models.PROTECT, related_name="clauses")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    says = models.TextField()
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    evidence = ErasableTextField(blank=True)

    class Meta:
        ordering = ("request", "number")
        constraints = (
            models.UniqueConstraint(fields=("request", "number"), name="clause_once"),
            models.CheckConstraint(
                condition=Q(verdict__in=("", *Verdict.values)), name="clause_verdict_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Entry(models.Model):
    """One line of the trail that both sides see: who, when, what, and in which words. Never changed."""

    request = models.ForeignKey(AssuranceRequest, on_delete=models.PROTECT, related_name="entries")
    at = models.DateTimeField()
    act = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    seat = models.CharField(max_length=12)
    due = models.DateField(null=True, help_text="The day that was given with it.")
    text = ErasableTextField(blank=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name_plural = "entries"
        constraints = (
            models.CheckConstraint(
                condition=Q(seat__in=[each.value for each in Part]), name="assurance_entry_seat_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.act} {self.at:%d/%m/%Y}"


class SelfRating(models.Model):
    """How an organisation sees itself under one standard: a person's word, added to and never changed. The
    latest counts. Its words stand in evidence packs."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="self_ratings")
    framework = models.CharField(max_length=120)
    standard = models.PositiveSmallIntegerField()
    rating = models.CharField(max_length=40)
    rating_words = models.CharField(max_length=120)
    words = ErasableTextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.organisation}, standard {self.standard}, {self.at:%d/%m/%Y}"


class SampleState(models.TextChoices):
    """Where a dip sample stands. What is given, others read; ended is an end without a finding."""

    READING = "reading", "Being read"
    PROPOSED = "proposed", "Waits for the second reader"
    GIVEN = "given", "Finding given"
    ENDED = "ended", "Ended without a finding"


SAMPLE_OPEN = (SampleState.READING.value, SampleState.PROPOSED.value)


class DipSampleQuerySet(models.QuerySet["DipSample"]):
    def visible_to(self, standing: Standing) -> Self:
        """All for the business unit; for others those that they read themselves, until it is over."""
        if standing.in_business_unit:
            return self
        mine = SampleReader.objects.filter(user=standing.user_id, sample=OuterRef("pk"))
        return self.filter(Exists(mine.order_by()), state__in=SAMPLE_OPEN)

    def given(self) -> Self:
        return self.filter(state=SampleState.GIVEN)


class DipSample(models.Model):
    """Ten closed challenges of a quarter, drawn by the log, read by two organisations: a short finding.

    `seed` and `population` say what was drawn and from what, so that anybody with the rows can draw it again.
    Which challenges they are is shown to its readers alone, as far as each may see them.
    """

    uuid = models.UUIDField(unique=True, editable=False)
    quarter = models.CharField(max_length=10)
    number = models.PositiveIntegerField(help_text="The quarter's own, as in a release.")
    framework = models.CharField(max_length=120)
    note = models.CharField(max_length=120, blank=True)
    standard = models.PositiveSmallIntegerField()
    standard_title = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    questions = models.JSONField(help_text="Each with its code and label.")
    answers = models.JSONField(help_text="Each with its code and label.")
    seed = models.CharField(max_length=64, help_text="What the log drew by, in hexadecimal.")
    population = models.JSONField(help_text="Out of which it drew: ids, in their order.")
    state = models.CharField(max_length=10, choices=SampleState, default=SampleState.READING)
    version = models.PositiveIntegerField(default=1)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    finding = ErasableTextField(blank=True)
    despite = ErasableTextField(blank=True, help_text="Why what the linter found may stay.")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, help_text="When the finding was given, or it was ended.")
    sent_back = ErasableTextField(blank=True, help_text="Why the second reader does not agree yet.")
    why_ended = ErasableTextField(blank=True)

    objects = DipSampleQuerySet.as_manager()

    class Meta:
        ordering = ("-number", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=SampleState.values), name="sample_state_known"),
            models.UniqueConstraint(
                fields=("number", "standard"), condition=~Q(state="ended"), name="sample_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=SampleState.GIVEN)
                | Q(written_by__isnull=False, agreed_by__isnull=False) & ~Q(agreed_by=F("written_by")),
                name="sample_agreed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SAMPLE_OPEN, ended_at__isnull=True)
                | ~Q(state__in=SAMPLE_OPEN) & Q(ended_at__isnull=False),
                name="sample_ended_iff_not_open",
            ),
        )

    def __str__(self) -> str:
        return f"Dip sample, standard {self.standard}, {self.quarter}"

    def get_absolute_url(self) -> str:
        return reverse("dip-sample", args=[self.uuid])

    @property
    def period(self) -> Quarter:
        return Quarter.parse(self.quarter)

    @property
    def is_open(self) -> bool:
        return self.state in SAMPLE_OPEN


class SampleReader(models.Model):
    """One of the two who read a sample, for an organisation."""

    sample = models.ForeignKey(DipSample, on_delete=models.PROTECT, related_name="readers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("sample", "user"), name="sample_reader_once"),
            models.UniqueConstraint(fields=("sample", "organisation"), name="sample_organisation_once"),
        )

    def __str__(self) -> str:
        return f"{self.user} for {self.organisation}"


class SampleCase(models.Model):
    """A challenge of a sample, in the order in which it was drawn."""

    sample = models.ForeignKey(DipSample, on_delete=models.PROTECT, related_name="cases")
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("sample", "number")
        constraints = (
            models.UniqueConstraint(fields=("sample", "challenge"), name="sample_case_once"),
            models.UniqueConstraint(fields=("sample", "number"), name="sample_number_once"),
        )

    def __str__(self) -> str:
        return f"Challenge {self.number} of {self.sample}"


class CaseReading(models.Model):
    """What one reader answers of one challenge, in codes; `answers` is empty until they have. `grant` lets
    them read it, and ends with the sample."""

    case = models.ForeignKey(SampleCase, on_delete=models.PROTECT, related_name="readings")
    reader = models.ForeignKey(SampleReader, on_delete=models.PROTECT, related_name="readings")
    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("case__number", "pk")
        constraints = (models.UniqueConstraint(fields=("case", "reader"), name="case_reading_once"),)

    def __str__(self) -> str:
        return f"{self.case}, {self.reader}"


class PackState(models.TextChoices):
    """Where an evidence pack stands. What is signed never changes."""

    DRAFT = "draft", "Being written"
    OFFERED = "offered", "Waits for a second person"
    SIGNED = "signed", "Signed"


class EvidencePackQuerySet(models.QuerySet["EvidencePack"]):
    def visible_to(self, standing: Standing) -> Self:
        """All for the business unit; what is signed for those who read packs; nothing for others."""
        if standing.in_business_unit:
            return self
        return self.signed() if reads_packs(standing) else self.none()

    def signed(self) -> Self:
        return self.filter(state=PackState.SIGNED)

    def with_releases(self) -> Self:
        """With what `is_withdrawn` asks; one statement more."""
        return self.select_related("release").prefetch_related("releases__release")


def reads_packs(standing: Standing) -> bool:
    """The unit, safeguarding partners, both scrutineers, and systems with a key."""
    readers = {SeatKind.SCRUTINEER, SeatKind.YOUNG_SCRUTINEER, SeatKind.SERVICE, SeatKind.BUSINESS_UNIT}
    return bool(standing.partner_organisations or standing.roles & readers)


class EvidencePack(models.Model):
    """The evidence for one standard after one quarter: written by one person, signed by another, then frozen.

    `edition` goes up where the figures of an earlier pack were withdrawn. `digest` is that of its document's
    bytes. `release_edition`: which edition of the release its figures are of.
    """

    uuid = models.UUIDField(unique=True, editable=False)
    quarter = models.CharField(max_length=10)
    number = models.PositiveIntegerField(help_text="The quarter's own, as in a release.")
    framework = models.CharField(max_length=120)
    note = models.CharField(max_length=120, blank=True)
    standard = models.PositiveSmallIntegerField()
    standard_title = models.CharField(max_length=200)
    subject = models.CharField(max_length=12, blank=True, help_text="Whose figures; empty: none are.")
    edition = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=PackState, default=PackState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    narrative = ErasableTextField(blank=True)
    gaps = ErasableTextField(blank=True, help_text="What its writer knows not to be known.")
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_back = ErasableTextField(blank=True, help_text="Why the second person did not sign.")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)
    release = models.ForeignKey(Release, null=True, on_delete=models.PROTECT, related_name="+")
    release_edition = models.PositiveSmallIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    objects = EvidencePackQuerySet.as_manager()

    class Meta:
        ordering = ("-number", "standard", "-edition")
        constraints = (
            models.UniqueConstraint(fields=("number", "standard", "edition"), name="pack_once"),
            models.CheckConstraint(condition=Q(state__in=PackState.values), name="pack_state_known"),
            models.CheckConstraint(
                condition=~Q(state=PackState.SIGNED)
                | Q(signed_by__isnull=False, signed_at__isnull=False) & ~Q(digest=""),
                name="pack_signed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True)
                | ~Q(signed_by=F("offered_by")) & ~Q(signed_by=F("written_by")),
                name="pack_signed_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"Standard {self.standard}, {self.quarter}"

    def get_absolute_url(self) -> str:
        return reverse("evidence-pack", args=[self.uuid])

    @property
    def period(self) -> Quarter:
        return Quarter.parse(self.quarter)

    @property
    def is_signed(self) -> bool:
        return self.state == PackState.SIGNED

    @property
    def is_withdrawn(self) -> bool:
        """Figures in it were taken back since; `release` and `releases` are read with it."""
        if self.release is not None and self.release.edition != self.release_edition:
            return True
        return any(each.release.edition != each.edition for each in self.releases.all())


class PackRelease(models.Model):
    """A release whose figures stand in a signed pack, and the edition that they are of."""

    pack = models.ForeignKey(EvidencePack, on_delete=models.PROTECT, related_name="releases")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    edition = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("pack", "release"), name="pack_release_once"),)

    def __str__(self) -> str:
        return f"{self.release} in {self.pack}"


class PackFile(models.Model):
    """One file of a signed pack, as it is sent. `etag` is a plain digest of its bytes."""

    pack = models.ForeignKey(EvidencePack, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=40)
    media_type = models.CharField(max_length=120)
    content = models.BinaryField()
    etag = models.CharField(max_length=64)

    class Meta:
        ordering = ("pack", "name")
        constraints = (models.UniqueConstraint(fields=("pack", "name"), name="pack_file_once"),)

    def __str__(self) -> str:
        return self.name


class Comment(models.Model):
    """What a scrutineer or young scrutineer says of a signed pack; never changed."""

    pack = models.ForeignKey(EvidencePack, on_delete=models.PROTECT, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    seat = models.CharField(max_length=20)
    at = models.DateTimeField()
    text = ErasableTextField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.seat} {self.at:%d/%m/%Y}"


class Event(AuditEvent):
    """The audit trail of assurance: chain "assurance"."""
