"""Staff surveys: what people say of their own organisation, by nobody's name. Only services write here.

There is no row for an answer, no time and no order, so that none can be tied to a person: of each
organisation and question, how many chose each answer. Once its time is over the numbers are sealed, and stand
in the trail.
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.audit.models import Event as AuditEvent
from core.web.dates import london_day
from escalation.accounts.models import Organisation
from escalation.policy.section11 import SurveyQuestion

Counts = Mapping[str, Mapping[str, int]]
"""By the code of each question: how many chose each answer, by its code."""
MOST = 2_000
"""So many answers are taken of an organisation: a link that goes astray bends no more."""
SHOWN_FROM = 10
"""From so many people on an organisation's own numbers are shown inside; below, somebody could be told."""


class Survey(models.Model):
    """One time at which staff are asked, with its questions as they were then. `code` is its address, the
    same for everybody: eight random signs."""

    uuid = models.UUIDField(unique=True, editable=False)
    code = models.CharField(max_length=8, unique=True)
    title = models.CharField(max_length=200)
    framework = models.CharField(max_length=120)
    questions = models.JSONField(help_text="Each with its code, its standard and what it says.")
    answers = models.JSONField(help_text="Each with its code and label.")
    closes_on = models.DateField(help_text="The last day on which one can answer.")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True, help_text="The day on which published figures count it.")

    class Meta:
        ordering = ("-opened_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("framework",), condition=Q(sealed_at__isnull=True), name="survey_one_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.title}, {self.opened_at:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("survey", args=[self.code])

    @property
    def asked(self) -> list[SurveyQuestion]:
        return [SurveyQuestion(**each) for each in self.questions]

    @property
    def labels(self) -> dict[str, str]:
        """What each answer is called, by its code, in their order."""
        return {each["code"]: each["label"] for each in self.answers}

    def is_open(self, now: datetime) -> bool:
        return self.sealed_at is None and self.is_in_time(london_day(now))

    def is_in_time(self, today: date) -> bool:
        return today <= self.closes_on


class Tally(models.Model):
    """How many people of one organisation chose each answer. There from the start, for every organisation, so
    that no row says that somebody has answered."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="tallies")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    counts = models.JSONField(default=dict)
    sealed = models.JSONField(null=True)

    class Meta:
        ordering = ("organisation__name", "pk")
        constraints = (models.UniqueConstraint(fields=("survey", "organisation"), name="tally_once"),)

    def __str__(self) -> str:
        return f"{self.organisation}, {self.survey}"


def people_in(counts: Counts | None) -> int:
    """How many people answered: each answered every question, so any of them says it."""
    return sum(next(iter((counts or {}).values()), {}).values())


class Event(AuditEvent):
    """The audit trail of surveys: chain "surveys"."""
