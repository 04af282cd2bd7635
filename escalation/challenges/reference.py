"""References of challenges: seven random signs.

Random, because serial numbers would tell anyone who sends two challenges how many came between.
"""

from core.text.reference import drawn_signs, normalised

__all__ = ["new_reference", "normalised", "spoken"]


def new_reference() -> str:
    """Seven random signs, such as "K7M4QX9"; about 13 thousand million of them."""
    return drawn_signs("reference", 7)


def spoken(reference: str) -> str:
    """As it is shown: "K7M 4QX9"."""
    return f"{reference[:3]} {reference[3:]}"
