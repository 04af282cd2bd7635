"""The turn card: whose turn, by when, who can see this, for every status, kind of stage and reader."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from core.web.components import TurnCard
from escalation.challenges.models import PartyRole
from escalation.challenges.queries import CaseView, Reader
from escalation.challenges.wording.mine import mine, proposal
from escalation.challenges.wording.names import number, owing, possessive
from escalation.challenges.wording.theirs import nobodys, theirs
from escalation.challenges.workflow import Status


def turn_card(view: CaseView, readers: Sequence[Reader]) -> TurnCard:
    """The card for this reader at this moment."""
    card = proposal(view) or mine(view, readers) or nobodys(view) or theirs(view, readers)
    # Who reads dates alone has no list of names to be led to.
    return replace(card, sees=sees(view, readers), sees_url="#seen" if view.reads_words else "")


def title(view: CaseView) -> str:
    """The page's title: whose turn, and no word of the case."""
    side = "Your challenge" if view.my_side == PartyRole.RAISING else "Challenge"
    own = proposal(view) or mine(view, ())
    unmoved = view.status in (Status.ON_HOLD, Status.WITHDRAWN) and not own
    if unmoved or not owing(view):
        return f"{side}: {Status(view.status).label.lower()}"
    names = owing(view)
    whose = (
        "your turn"
        if own
        else f"{possessive(names[0])} turn"
        if len(names) == 1
        else f"{number(len(names))} services' turn"
    )
    return f"{side}: {whose}{', overdue' if view.is_overdue else ''}"


def sees(view: CaseView, readers: Sequence[Reader]) -> str:
    """ "4 people: two in health visiting, two in social care. The business unit sees dates only." """
    sides = Counter(r.party for r in readers)
    shorts = {r.party: r.short for r in readers}
    people = f"{len(readers)} {'person' if len(readers) == 1 else 'people'}"
    if len(sides) > 2:
        who = f"{people} in {number(len(sides))} services."
    else:
        who = f"{people}: {', '.join(f'{number(n)} in {shorts[p]}' for p, n in sides.items())}."
    unit = "The business unit can read it too." if view.unit_reads else "The business unit sees dates only."
    return f"{who} {unit}"
