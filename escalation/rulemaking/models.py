"""A new version of the policy while it is written, offered, and decided on. Only services write here."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.audit.models import Event as AuditEvent
from core.text.fields import ErasableTextField
from escalation.rulebook.models import PolicyVersion


class State(models.TextChoices):
    DRAFT = "draft", "Being written"
    OFFERED = "offered", "Waits for a second person"
    APPROVED = "approved", "Approved"
    GIVEN_UP = "given_up", "Given up"


OPEN = (State.DRAFT, State.OFFERED)


class PolicyDraft(models.Model):
    """The next version of the partnership's policy. One at a time: whoever comes later goes on with it.

    `document` has the shape of `Policy.document`; its parts may not fit each other yet. Once approved it has
    been made into a version, whose digest stands here too. A draft is given up, and never deleted.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=40)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    document = models.JSONField()
    mark = models.CharField(max_length=64, help_text="Of the document, so that the trail can tell it.")
    based_on = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, help_text="Goes up with every change of this row.")
    begun_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    last_act = models.CharField(
        max_length=60, help_text="What was done last, so that a second click is known."
    )
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    offered_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField(null=True)
    sent_back = ErasableTextField(blank=True, help_text="Why a second person did not approve it.")
    made = models.OneToOneField(
        PolicyVersion, on_delete=models.PROTECT, related_name="+", null=True, help_text="What came of it."
    )
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-begun_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=State.values), name="policy_draft_state_known"),
            models.UniqueConstraint(
                fields=("key",), condition=Q(state__in=OPEN), name="policy_draft_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(State.OFFERED, State.APPROVED))
                | Q(offered_by__isnull=False, offered_at__isnull=False),
                name="policy_draft_offered_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.APPROVED)
                | (
                    Q(decided_by__isnull=False, decided_at__isnull=False, made__isnull=False)
                    & ~Q(digest="")
                    & ~Q(decided_by=F("written_by"))
                    & ~Q(decided_by=F("offered_by"))
                ),
                name="policy_draft_approved_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title}, being written"

    def get_absolute_url(self) -> str:
        return reverse("policy-draft", args=[self.uuid])

    @property
    def title(self) -> str:
        return str(self.document["title"])

    @property
    def may_change(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def stages(self) -> list[dict[str, Any]]:
        return list(self.document["stages"])


class Event(AuditEvent):
    """The audit trail of new versions: chain "policies"."""
