"""The id of a request, by which its log lines, its problem page and its entries in the trail are found."""

from typing import Any, Protocol

from core.chance import drawn_id

META_KEY = "REQUEST_ID"


class Asked(Protocol):
    """A request, Django's or that of the API."""

    @property
    def META(self) -> Any:
        """As Django calls it."""


def number(request: Asked, *, named: str) -> None:
    """Give it one. Ours alone: an id that a caller sends could say anything, and would stand in the trail."""
    request.META[META_KEY] = drawn_id(f"request {named}").hex


def request_id(request: Asked) -> str:
    """Its id, 32 hexadecimal digits; "" where it did not come through the front door (a test of one view)."""
    return str(request.META.get(META_KEY, ""))
