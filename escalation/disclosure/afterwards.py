"""What can still happen to published figures: the counts are corrected, or others publish facts.

A figure that is still within 4 of the corrected count needs no new version. Otherwise its tables of that
period are withdrawn, and never drawn again: a second draw tells more than the first was made to tell. The
correction counts in the next period. Whoever counts a period once it is published counts it as it was.

A fact that leaves elsewhere (a statutory return, an answer to a request, a case told in public) is no secret
any more. Everything else is judged given it, with all that was ever published; if that fails, no table
follows.
"""

from collections.abc import Sequence

import numpy as np

from .audit import Publication
from .certificate import find_certificate
from .plan import Plan
from .programme import SECONDS, GaveUp
from .releasing import knowledge
from .statements import WINDOW, Statement
from .tables import Ints


def stands(publication: Publication, corrected: Ints) -> bool:
    """Whether each figure is within 4 of the corrected count; `corrected` has the shape of its values."""
    return bool((np.abs(publication.values - corrected) <= WINDOW).all())


def still_safe(
    plan: Plan,
    publications: Sequence[Publication],
    facts: Sequence[Statement],
    *,
    withdrawn: Sequence[Publication] = (),
    from_the_start: bool = False,
    seconds: float = SECONDS,
) -> bool:
    """Whether all that was published is shown to be safe, given the facts. Out of time: it is not."""
    told = knowledge(plan, publications, withdrawn=withdrawn, facts=facts, from_the_start=from_the_start)
    try:
        return find_certificate(told, seconds=seconds) is not None
    except GaveUp:
        return False
