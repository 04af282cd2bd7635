"""Where people are signed in, and the browsers they have signed in with."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models

if TYPE_CHECKING:
    from core.sessions.store import SessionStore


class Session(AbstractBaseSession):
    """Django's session, which knows whose it is: nobody's until they sign in.

    `expire_date` is the end that comes first, of doing nothing and of being signed in at all.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions", null=True
    )
    uuid = models.UUIDField(
        null=True, help_text="What pages call it by: its key is a secret of its browser, and changes."
    )
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True, help_text="Right to a minute.")
    device = models.CharField(max_length=80, blank=True, help_text="In words, such as “Firefox on Windows”.")

    objects: ClassVar[BaseSessionManager[Self]] = BaseSessionManager()

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        from core.sessions.store import SessionStore

        return SessionStore


class Browser(models.Model):
    """A browser in which somebody has signed in. Its cookie is a secret: only the hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="browsers")
    digest = models.CharField(max_length=64)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "digest"), name="browser_known_once"),)

    def __str__(self) -> str:
        return f"browser of person {self.user_id}"
