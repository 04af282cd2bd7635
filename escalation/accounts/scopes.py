"""What a key for the API can open: the words that stand in it."""

from django.db.models import TextChoices


class Scope(TextChoices):
    """One word of a key. The first two are for a part of the API, the others for what its person may."""

    REPORTS = "reports", "Published figures"
    DIRECTORY = "directory", "The list of services"
    READ = "read", "Reading all that its person may read"
    WRITE = "write", "Doing all that its person may do"


SYSTEM_SCOPES: tuple[str, ...] = (Scope.REPORTS.value, Scope.DIRECTORY.value)
"""Those that a system can have: it acts for nobody."""


def opens(scopes: str, part: str, *, reads: bool) -> bool:
    """Whether a key with these scopes opens a part of the API; `part` "" is one that has no scope of its own.

    A key without scopes is not narrowed: it opens whatever its user may.
    """
    words = set(scopes.split())
    return not words or Scope.WRITE in words or (reads and (Scope.READ in words or part in words))
