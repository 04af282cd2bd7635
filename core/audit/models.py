"""The shape of an audit event, and its refusal to be changed.

Each app that has events makes a table of its own:

    class Event(core.audit.models.Event):
        ...

with `core.audit.triggers.append_only` in its migration, and registers it (core.audit.registry).
Write with `core.audit.chain.append` only: it links and signs.
"""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models


class AppendOnlyError(TypeError):
    """Code tried to change or delete an event."""


class AppendOnlyQuerySet(models.QuerySet["Any"]):
    """Events can be read and added. The database's triggers refuse the rest too; this says so earlier."""

    def update(self, **fields: Any) -> NoReturn:
        raise AppendOnlyError("An event is never changed")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("An event is never deleted")

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        raise AppendOnlyError("An event is never changed")


class Verification(models.Model):
    """What `verify_audit` found on one side of the wall, for those who read it on a page."""

    side = models.CharField(max_length=20)
    at = models.DateTimeField()
    events = models.PositiveBigIntegerField()
    chains = models.PositiveIntegerField()
    anchored_at = models.DateTimeField(null=True, help_text="When the newest anchor used was made")
    fault = models.CharField(max_length=300, blank=True, help_text="Empty: it held")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = (models.Index(fields=["side", "-at"], name="verification_latest"),)

    def __str__(self) -> str:
        return f"{self.side}: {self.fault or 'held'}"


class Event(models.Model):
    """One thing that somebody did, or saw, as link `seq` (from 1, no gaps) of its chain.

    It holds coded facts and digests, never free text: that lives where it can be erased.
    """

    actor_id: int | None

    chain = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty: the system",
    )
    seat = models.CharField(max_length=80, blank=True, help_text="How they acted then, coded")
    act = models.CharField(max_length=80)
    object = models.CharField(max_length=120, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    codes = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="Keyed digest of the words kept elsewhere")
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects: ClassVar[models.Manager[Any]] = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = (
            models.UniqueConstraint(fields=["chain", "seq"], name="%(app_label)s_%(class)s_chain_seq"),
        )
        # A chain that everybody writes to is long, and is asked about one object, or about a month.
        indexes = (
            models.Index(fields=["object", "chain"], name="%(app_label)s_%(class)s_object"),
            models.Index(fields=["chain", "at"], name="%(app_label)s_%(class)s_at"),
        )

    def __str__(self) -> str:
        return f"{self.chain} {self.seq}: {self.act}"

    def save(self, *args: Any, **options: Any) -> None:
        """Add this event; raises AppendOnlyError for one that is already stored."""
        if not self._state.adding:
            raise AppendOnlyError("An event is never changed")
        super().save(*args, **{**options, "force_insert": True})

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        """Raises AppendOnlyError, always."""
        raise AppendOnlyError("An event is never deleted")
