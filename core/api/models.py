"""What the API remembers of its callers: which keys of theirs were used, and how much they asked this minute.

Neither holds anything of what was sent.
"""

from django.conf import settings
from django.db import models


class UsedKey(models.Model):
    """An Idempotency-Key with which somebody changed something, and a keyed digest of what they sent."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    sent = models.CharField(max_length=64, help_text="Keyed digest of the method, the address and the body")
    used_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="api_key_used_once", fields=["owner", "key"]),)
        indexes = (models.Index(name="api_key_used_at", fields=["used_at"]),)

    def __str__(self) -> str:
        return f"used at {self.used_at:%Y-%m-%d %H:%M}"


class Rate(models.Model):
    """How many requests of one kind a caller has made in one minute: one row for each caller and kind."""

    caller = models.CharField(max_length=40, help_text="A key for the API, or who is signed in without one")
    kind = models.CharField(max_length=5, help_text="read or write")
    minute = models.BigIntegerField(help_text="Since 1970")
    asked = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(name="api_rate_of_caller", fields=["caller", "kind"]),)

    def __str__(self) -> str:
        return f"{self.caller}, {self.kind}: {self.asked}"
