"""Which LADO leads: the one of the area where the adult works with children. A helper, not a rule of law.

The answers are the partnership's reading of the guidance, to be confirmed by MSCP.
"""

from dataclasses import dataclass

HERE, ELSEWHERE, SEVERAL, NOWHERE = "here", "elsewhere", "several", "nowhere"
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Answer:
    """Who leads, and what to do about it."""

    leads: str
    next: str


LEADS: dict[str, Answer] = {
    HERE: Answer("We lead.", "Take it on here."),
    ELSEWHERE: Answer(
        "The LADO of the area where the adult works leads.",
        "Call them, and transfer it once they have taken it.",
    ),
    SEVERAL: Answer(
        "The LADO of the area where the allegation arose leads; if that was not at work, of the main post.",
        "Call the others today. Each tells the employers of their own area.",
    ),
    NOWHERE: Answer(
        "The LADO of the area where the adult lives leads, while they are on their way to such work.",
        "With no work with children at all it is not for a LADO: it goes to social care or the police.",
    ),
}


def who_leads(*, works: str, child_lives: str, own_child: str) -> list[str]:
    """In sentences. `works`: here, elsewhere, several or nowhere; the others here or elsewhere, yes or no."""
    answer = LEADS[works]
    said = [answer.leads, answer.next]
    if child_lives == ELSEWHERE:
        said.append(
            "Social care of the area where the child lives looks at what the child needs: tell them too."
        )
    if own_child == YES:
        said.append(
            "It is about the adult's own child too: social care decides on section 47, the LADO on work."
        )
    return said
