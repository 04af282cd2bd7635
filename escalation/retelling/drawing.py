"""Drawing a dip sample: chance decides, and anybody with seed and population can draw it again.

Plain Python. Each id gets a keyed digest under the seed; those with the lowest are drawn, in that order.
"""

import hmac
from collections.abc import Sequence

MOST, LEAST = 10, 3
"""So many are read. Of fewer than three, a finding would speak of cases that people know."""
SEED = 32
"""Bytes."""


def drawn_from(population: Sequence[str], seed: bytes) -> list[str]:
    """At most ten of these ids, in the order in which they are read."""
    return sorted(population, key=lambda each: hmac.digest(seed, each.encode(), "sha256"))[:MOST]
