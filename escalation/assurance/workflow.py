"""What can be done to an assurance request: one row a step, from asking to closing (domain.md, section 4).

The business unit asks and reviews; the organisation's own people answer. Ratings are a person's, and never of
their own answer.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices

from core.machine import Step as MachineStep


class Status(TextChoices):
    """Where a request stands."""

    ASKED = "asked", "Asked"
    RETURNED = "returned", "Sent back with a question"
    ANSWERED = "answered", "Answered, to be rated"
    RATED = "rated", "Rated"
    FOLLOW_UP = "follow_up", "Follow-up asked for"
    ACTED = "acted", "Follow-up answered"
    CLOSED = "closed", "Closed"
    WITHDRAWN = "withdrawn", "Taken back"


class Part(StrEnum):
    """What somebody is to a request; both where the unit acts for an organisation outside the log."""

    UNIT = "unit"
    ORGANISATION = "organisation"


@dataclass(frozen=True)
class Facts:
    """What the guards ask about: where it stands, who acts, and who answered last."""

    status: str
    parts: frozenset[str]
    is_complete: bool
    answered_it: bool
    asked_again: bool


Step = MachineStep[Facts]
UNIT, ORGANISATION = frozenset({Part.UNIT.value}), frozenset({Part.ORGANISATION.value})
TO_ANSWER = (Status.ASKED.value, Status.RETURNED.value)
OURS = (*TO_ANSWER, Status.FOLLOW_UP.value)
"""It is the organisation's turn, by `due`."""
THEIRS = (Status.ANSWERED.value, Status.RATED.value, Status.ACTED.value)
"""It is the business unit's turn."""
ENDED = (Status.CLOSED.value, Status.WITHDRAWN.value)
SENT = (*THEIRS, Status.FOLLOW_UP.value, Status.CLOSED.value)
"""The unit reads the clauses: they are not being written."""


def complete(facts: Facts) -> str | None:
    if facts.is_complete:
        return None
    return "Answer every clause, each with a note that shows it, and say whose procedure it is and who signs."


def rated_by_another(facts: Facts) -> str | None:
    if not facts.answered_it:
        return None
    return "You sent this answer. Somebody else in the business unit has to rate it."


def asked_again_once(facts: Facts) -> str | None:
    return "It was asked again already. Go on with the newer request." if facts.asked_again else None


STEPS: tuple[Step, ...] = (
    Step(
        name="save",
        label="Keep it, and go on later",
        past="Went on with the answer",
        source=TO_ANSWER,
        target=None,
        who=ORGANISATION,
        banner="It is kept. The business unit reads nothing until you send it.",
        why="Clauses are answered by several people, over days",
        quiet=True,
    ),
    Step(
        name="answer",
        label="Send the answer",
        past="Sent the answer",
        source=TO_ANSWER,
        target=Status.ANSWERED.value,
        who=ORGANISATION,
        guards=(complete,),
        banner="Your answer is sent. The business unit rates it, and tells you.",
        why="Clause by clause: the same, differs, silent; owner, version, signed by a named rank",
    ),
    Step(
        name="more_time",
        label="Give more time",
        past="Gave more time",
        source=OURS,
        target=None,
        who=UNIT,
        asks=("due", "what"),
        needs=("due",),
        banner="They have more time, and are told.",
        why="A new day is said to both sides",
    ),
    Step(
        name="send_back",
        label="Send it back with a question",
        past="Sent the answer back with a question",
        source=(Status.ANSWERED.value,),
        target=Status.RETURNED.value,
        who=UNIT,
        asks=("what", "due"),
        needs=("what", "due"),
        banner="It is sent back, and they are told.",
        why="What is not clear is asked before it is rated",
    ),
    Step(
        name="rate",
        label="Rate the answer",
        past="Rated the answer",
        source=(Status.ANSWERED.value, Status.ACTED.value),
        target=Status.RATED.value,
        who=UNIT,
        guards=(rated_by_another,),
        asks=("rating", "what", "retest_on"),
        needs=("rating", "what"),
        banner="It is rated, and they are told.",
        why="Ratings are people’s, never computed",
    ),
    Step(
        name="follow_up",
        label="Ask for a follow-up",
        past="Asked for a follow-up",
        source=(Status.RATED.value,),
        target=Status.FOLLOW_UP.value,
        who=UNIT,
        asks=("what", "due"),
        needs=("what", "due"),
        banner="They are asked for a follow-up.",
        why="Gap, action, re-test",
    ),
    Step(
        name="act",
        label="Say what was done",
        past="Said what was done",
        source=(Status.FOLLOW_UP.value,),
        target=Status.ACTED.value,
        who=ORGANISATION,
        asks=("what",),
        needs=("what",),
        banner="It is sent. The business unit looks at it, and tells you.",
        why="An action is done when somebody says what shows it",
    ),
    Step(
        name="close",
        label="Close it",
        past="Closed it",
        source=(Status.RATED.value,),
        target=Status.CLOSED.value,
        who=UNIT,
        asks=("what",),
        banner="It is closed, and they are told.",
        why="Nothing more is asked for now",
    ),
    Step(
        name="ask_again",
        label="Ask again",
        past="Asked again",
        source=(Status.RATED.value, Status.CLOSED.value),
        target=Status.CLOSED.value,
        who=UNIT,
        guards=(asked_again_once,),
        asks=("due",),
        needs=("due",),
        banner="They are asked the same again.",
        why="A gap counts as closed once it was tested again: a request of its own, with the same clauses",
        quiet=True,
    ),
    Step(
        name="take_back",
        label="Take the request back",
        past="Took the request back",
        source=OURS,
        target=Status.WITHDRAWN.value,
        who=UNIT,
        asks=("what",),
        needs=("what",),
        banner="The request is taken back, and they are told.",
        why="Asked in error, or no longer needed; the reason stays",
    ),
)
STEP = {step.name: step for step in STEPS}
ASK = "ask"
"""The first line of every trail, which no step makes."""
PAST = {ASK: "Asked", **{step.name: step.past for step in STEPS}}
