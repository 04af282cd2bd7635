"""References people read over the phone: random signs, none easily taken for another."""

from core import chance

SIGNS = "23456789BCDFGHJKLMNPQRSTVWXZ"


def drawn_signs(purpose: str, number: int) -> str:
    """So many random signs for one kind of thing (core.chance), such as "K7M4QX9"."""
    return signs_of(chance.drawn(purpose, 2 * number), number)


def signs_of(secret: bytes, number: int) -> str:
    """So many signs made from bytes that nobody can guess; the same bytes give the same signs.

    At least one byte a sign is needed: raises ValueError for fewer.
    """
    if len(secret) < number:
        raise ValueError("Fewer bytes than signs")
    value, signs = int.from_bytes(secret), ""
    for _ in range(number):
        value, place = divmod(value, len(SIGNS))
        signs += SIGNS[place]
    return signs


def normalised(typed: str) -> str:
    """As it is stored, from what a person typed: "k7m 4qx9" is K7M4QX9."""
    return "".join(typed.upper().split()).replace("-", "")
