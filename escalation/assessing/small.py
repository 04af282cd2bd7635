"""Small tables: what an approver could check by hand."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np

from escalation.disclosure.randomness import BYTES, Stream
from escalation.disclosure.rounding import around
from escalation.disclosure.tables import Dimension, Ints, Layout

STAGE = Dimension("stage", ("1", "2", "3"))
OUTCOME = Dimension("outcome", ("changed", "stays", "other"))
ISSUE = Dimension("issue", ("help", "plan"))


def stream(number: int) -> Stream:
    """Random numbers of their own for each number; as good as any for a test."""
    return Stream(number.to_bytes(BYTES, "big"))


def cases(dimensions: Sequence[Dimension], number: int, seed: int) -> list[Mapping[str, str]]:
    """Cases with every category alike."""
    generator = np.random.default_rng(seed)
    return [{each.code: str(generator.choice(each.categories)) for each in dimensions} for _ in range(number)]


def all_roundings(layout: Layout, counts: Ints) -> Iterator[tuple[int, ...]]:
    """Every rounding that adds up, by trying all there are."""
    lower, upper = around(counts)
    for values in product(*(sorted({int(low), int(high)}) for low, high in zip(lower, upper, strict=True))):
        if all(values[whole] == sum(values[part] for part in parts) for whole, parts in layout.families):
            yield values
