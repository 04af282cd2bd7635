"""Random numbers that are a function of 256 bits, and of nothing else.

SHAKE-256 of the bits and a running number: the same bits give the same numbers with every version of
every library, and whoever sees numbers learns nothing of the others.
"""

import hashlib

import numpy as np

from .tables import Floats

BYTES = 32
"""256 bits."""
DIGITS = 52
"""Binary digits of a number: with one more, a half added at the end could give 1."""


class Stream:
    """Numbers drawn one after another from `bits`, which are secret until they are destroyed."""

    def __init__(self, bits: bytes) -> None:
        if len(bits) != BYTES:
            raise ValueError(f"A release needs {BYTES} random bytes, not {len(bits)}.")
        self._bits, self._drawn = bits, 0

    def uniform(self, size: int) -> Floats:
        """Numbers between 0 and 1, never either; shape (size,)."""
        self._drawn += 1
        block = hashlib.shake_256(self._bits + self._drawn.to_bytes(8, "big")).digest(8 * size)
        whole = np.frombuffer(block, dtype=">u8").astype(np.uint64) >> np.uint64(64 - DIGITS)
        return (whole.astype(np.float64) + 0.5) / 2.0**DIGITS

    def normal(self, size: int) -> Floats:
        """Standard normal numbers, by Box and Muller; shape (size,)."""
        radius, angle = np.split(self.uniform(2 * size), 2)
        return np.asarray(np.sqrt(-2 * np.log(radius)) * np.cos(2 * np.pi * angle))

    def logistic(self, size: int) -> Floats:
        """Standard logistic numbers; shape (size,)."""
        drawn = self.uniform(size)
        return np.asarray(np.log(drawn) - np.log1p(-drawn))
