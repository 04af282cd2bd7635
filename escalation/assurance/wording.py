"""Assurance requests in words: whose turn, by when, and what was said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.web.components import Act, LogEntry, State, TurnCard
from core.web.dates import long_day, short_day
from escalation.policy.section11 import ClauseList, Framework, Shows, standard_words
from escalation.policy.words import capital

from .acting import Acting
from .models import AssuranceRequest, ClauseAnswer, Entry, Verdict
from .services import ClauseSaid
from .workflow import ENDED, OURS, PAST, SENT, STEPS, THEIRS, Facts, Part, Status, Step

VERDICTS = {
    Verdict.SAME: State("done", "The same"),
    Verdict.DIFFERS: State("due", "Differs"),
    Verdict.SILENT: State("due", "Says nothing"),
}
MAIN = ("answer", "save", "act", "rate", "close")
"""Which step has the button, if it can be taken."""
UNIT = "The business unit"


@dataclass(frozen=True)
class Row:
    """A request in the list."""

    request: AssuranceRequest
    due: str
    state: State


@dataclass(frozen=True)
class Group:
    """Requests under one heading."""

    heading: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class ClauseShown:
    """A clause, what stands beside it, and a label of how they compare; both empty until it is sent."""

    clause: ClauseAnswer
    state: State | None
    evidence: str


def standard_of(request: AssuranceRequest) -> str:
    return standard_words(request.standard, request.standard_title, request.framework, request.note)


def groups_of(requests: Iterable[AssuranceRequest], by: Acting) -> list[Group]:
    """Whose turn it is: the reader's first. A group without a request has no heading."""
    found: dict[str, list[Row]] = {"Your turn": [], _others(by): [], "Ended": []}
    for each in requests:
        found[_heading(each, by)].append(Row(each, _due(each, by), state_of(each, by)))
    return [Group(heading, rows) for heading, rows in found.items() if rows]


def _others(by: Acting) -> str:
    return "Waiting for an answer" if by.standing.in_business_unit else "With the business unit"


def _heading(request: AssuranceRequest, by: Acting) -> str:
    if is_turn_of(request, by):
        return "Your turn"
    return "Ended" if request.status in ENDED else _others(by)


def is_turn_of(request: AssuranceRequest, by: Acting) -> bool:
    """Whether the reader has something to do; asking again, once its day has come, is the unit's."""
    parts = request.parts(by.standing)
    if Part.ORGANISATION in parts and request.status in OURS:
        return True
    unit = request.status in THEIRS or request.is_again_due(by.today)
    return Part.UNIT in parts and unit and request.status != Status.WITHDRAWN


def _due(request: AssuranceRequest, by: Acting) -> str:
    if request.status in OURS:
        return f"by {short_day(request.due, now=by.now)}"
    if request.status in ENDED and request.retest_on is not None and not hasattr(request, "asked_again"):
        return f"again from {short_day(request.retest_on, now=by.now)}"
    return ""


def state_of(request: AssuranceRequest, by: Acting) -> State:
    if request.is_late(by.today):
        return State("late", f"Overdue since {short_day(request.due, now=by.now)}")
    if request.is_again_due(by.today) and request.status != Status.WITHDRAWN:
        return State("due", "To be asked again")
    label = Status(request.status).label
    if request.status in ENDED:
        return State("done" if request.status == Status.CLOSED else "hold", label)
    return State("turn" if is_turn_of(request, by) else "wait", label)


def turn_card(request: AssuranceRequest, facts: Facts, by: Acting) -> TurnCard:
    """Whose turn it is, by when, who can see this, and the one next thing to do."""
    steps = [each for each in STEPS if each.is_offered(facts)]
    main = next((each for name in MAIN for each in steps if each.name == name), None)
    others = [each for each in steps if each not in (main, *_written(steps))]
    before, when = _when(request, facts)
    return TurnCard(
        state=state_of(request, by),
        heading=_turn_heading(request, facts),
        before=before,
        when=when,
        after=_after(request, facts, by),
        tone=_tone(request, by),
        button=_button(request, main),
        links=[Act(each.label, request.step_url(each)) for each in others],
        sees="The business unit, and leads, heads of service and safeguarding partners of "
        f"{request.organisation.name}.",
        sees_url="",
    )


def _written(steps: Sequence[Step]) -> list[Step]:
    return [each for each in steps if each.name in ("save", "answer")]


def _button(request: AssuranceRequest, main: Step | None) -> Act | None:
    if main is None:
        return None
    label = "Write the answer" if main.name in ("save", "answer") else main.label
    return Act(label, request.step_url(main))


def _tone(request: AssuranceRequest, by: Acting) -> str:
    if not is_turn_of(request, by):
        return ""
    return "late" if request.is_late(by.today) else "mine"


def _turn_heading(request: AssuranceRequest, facts: Facts) -> str:
    if request.status in OURS:
        if Part.ORGANISATION in facts.parts:
            to_say = "to say what was done" if request.status == Status.FOLLOW_UP else "to answer"
            return f"It is your organisation’s turn {to_say}"
        return f"{request.organisation.name} has to answer"
    if request.status in ENDED:
        return "It is closed" if request.status == Status.CLOSED else "It was taken back"
    if Part.UNIT not in facts.parts:
        return "It is the business unit’s turn"
    if request.status == Status.RATED:
        return "It is your turn to say what follows"
    return (
        "A colleague of yours has to rate it" if facts.answered_it else "It is your turn to rate the answer"
    )


def _when(request: AssuranceRequest, facts: Facts) -> tuple[str, str]:
    if request.status not in OURS:
        return "", ""
    ours = Part.ORGANISATION in facts.parts
    return ("Please send it by" if ours else "They should answer by"), long_day(request.due)


def _after(request: AssuranceRequest, facts: Facts, by: Acting) -> str:
    if request.status in OURS:
        if not request.is_late(by.today):
            return (
                "Several people can write it, one after the other."
                if Part.ORGANISATION in facts.parts
                else ""
            )
        return (
            "You can still answer."
            if Part.ORGANISATION in facts.parts
            else "You can call them, or give more time."
        )
    if request.status in ENDED and request.retest_on is not None:
        return f"It is to be asked again from {long_day(request.retest_on)}."
    if Part.UNIT in facts.parts:
        return ""
    return "" if request.status in ENDED else "You have nothing to do today."


def clauses_of(request: AssuranceRequest, rows: Iterable[ClauseAnswer], facts: Facts) -> list[ClauseShown]:
    """Each clause; what is being written is its writers' alone until it is sent."""
    shows = request.status in SENT or Part.ORGANISATION in facts.parts
    return [
        ClauseShown(
            each,
            VERDICTS[Verdict(each.verdict)] if shows and each.verdict else None,
            each.evidence if shows else "",
        )
        for each in rows
    ]


def trail_of(request: AssuranceRequest, entries: Iterable[Entry], by: Acting) -> list[LogEntry]:
    """What has happened, newest first: the same words for both sides. Who went on with an answer is the
    organisation's own."""
    return [
        LogEntry(when=each.at, what=_what(each, by), who=_who(request, each), text=each.text)
        for each in entries
        if each.act != "save" or request.is_mine
    ]


def _what(entry: Entry, by: Acting) -> str:
    day = f", by {short_day(entry.due, now=by.now)}" if entry.due else ""
    return f"{PAST[entry.act]}{day}"


def _who(request: AssuranceRequest, entry: Entry) -> str:
    """By seat: names stay out of what both sides keep."""
    if entry.seat == Part.UNIT:
        return UNIT
    return f"{capital(entry.by.job_title) or 'Somebody'}, for {request.organisation.name}"


# Standards


@dataclass(frozen=True)
class StandardShown:
    """A standard, what shows it in words, and what can be asked under it."""

    words: str
    measures: Sequence[tuple[str, str]]
    lists: Sequence[ClauseList]


SHOWN_BY = {
    Shows.FIGURES: "Published figures",
    Shows.ANSWERS: "What organisations answer",
    Shows.PEOPLE: "What people say and show",
}


def shown_framework(framework: Framework) -> list[StandardShown]:
    return [
        StandardShown(
            standard_words(each.number, each.title, framework.name, framework.note),
            [(measure.title, SHOWN_BY[measure.shows]) for measure in each.measures],
            [found for found in framework.lists if found.standard == each.number],
        )
        for each in framework.standards
    ]


# What somebody else wrote in between


def told_meanwhile(
    request: AssuranceRequest, clauses: Iterable[ClauseAnswer], said: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """What is kept and differs from what was typed: each clause by its heading, with its words."""
    mine: Mapping[int, ClauseSaid] = said["clauses"]
    return [
        (f"{each.number}. {each.title}", f"{Verdict(each.verdict).label}. {each.evidence}")
        for each in clauses
        if each.verdict
        and (each.verdict, each.evidence) != (mine[each.number].verdict, mine[each.number].evidence)
    ]
