"""References people read over the phone: seven signs, random, none easily taken for another.

Random, because serial numbers would tell anyone who sends two challenges how many came between.
"""

import secrets

SIGNS = "23456789BCDFGHJKLMNPQRSTVWXZ"


def new_reference() -> str:
    """Seven random signs, such as "K7M4QX9"; about 13 thousand million of them."""
    return "".join(secrets.choice(SIGNS) for _ in range(7))


def spoken(reference: str) -> str:
    """As it is shown: "K7M 4QX9"."""
    return f"{reference[:3]} {reference[3:]}"


def normalised(typed: str) -> str:
    """As it is stored, from what a person typed: "k7m 4qx9" is K7M4QX9."""
    return "".join(typed.upper().split()).replace("-", "")
