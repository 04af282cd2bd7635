"""What else waits for somebody, beside the cases of their list: a few lines, each a link.

A setting chooses who tells of it, so that a list knows no other app: `BESIDE`, the dotted paths of functions
from a request to lines.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from core.web.components import State


@dataclass(frozen=True)
class Beside:
    """One line: what waits, where it is done, and how it stands."""

    words: str
    url: str
    state: State | None = None


def beside(request: HttpRequest) -> list[Beside]:
    """Every line for who makes this request, in the order of the setting."""
    tellers: list[Callable[[HttpRequest], Iterable[Beside]]] = [
        import_string(path) for path in getattr(settings, "BESIDE", ())
    ]
    return [line for tell in tellers for line in tell(request)]
