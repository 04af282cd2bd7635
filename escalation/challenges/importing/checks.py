"""What is wrong with a row as a case, or worth a look, and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Setting
from escalation.challenges.importing.directory import Directory
from escalation.challenges.services import EarlierCase, refusals
from escalation.challenges.services.letting_in import nobody_independent
from escalation.challenges.services.raising import SAME_LEAD
from escalation.challenges.workflow import Status
from escalation.policy.document import Policy
from escalation.policy.stages import Seniority, StageKind
from escalation.sheets import Problem, Record

FREE_TEXT = (
    "reference", "label", "our_pointer", "their_pointer", "worry", "heard", "voice", "want", "decision",
    "response", "reasons", "feedback", "actions", "learning", "notes",
)  # fmt: skip
"""What people wrote in their own words: here the warnings look."""
ENDED_BY_OUTCOME = {"withdrawn": "withdrawn", "transferred": "transferred", "void": "void"}
"""Outcomes that are an end of their own, and the status they mean."""
OTHER_ENDS = (Status.WITHDRAWN, Status.TRANSFERRED, Status.VOID)
SEAT_OF = {
    Seniority.PRACTITIONER: SeatKind.LEAD,
    Seniority.LEAD: SeatKind.LEAD,
    Seniority.SENIOR_LEAD: SeatKind.SENIOR_LEAD,
}
"""Who answers at a stage where nobody is named."""
NO_KEY = "is empty, and a row is known by it. Give the row a number of its own."
TWICE = "is the same as in {place}. Is it one case? Take a row out. Are they two? Number one anew."
ALIKE = "looks like the case in {place}: the same day, services and child. If it is, take a row out."
ALL_ALIKE = "these look like cases that stand in another row. If they do, take one of the two rows out."
NOBODY_THERE = "is nobody who works at that service now. The name is left out; {then}."
OPEN_WITH_OUTCOME = "It is open, and yet has an outcome. Take the outcome out, or close it."
NOBODY_ANSWERS = (
    "It is open, and {setting} has no {seat} in the directory to answer it. Add one there, or close it first."
)


@dataclass
class Checks:
    """Looks at each case by itself, and at each beside those before it."""

    policy: Policy
    directory: Directory
    by_key: dict[object, Record] = field(default_factory=dict)
    by_look: dict[object, Record] = field(default_factory=dict)

    def of(self, record: Record, earlier: EarlierCase) -> list[Problem]:
        return [
            *self._known_twice(record, earlier),
            *self._refused(record, earlier),
            *self._left_out(record, earlier),
            *self._looks_alike(record, earlier),
            *self._looks_personal(record),
        ]

    def _known_twice(self, record: Record, earlier: EarlierCase) -> Iterator[Problem]:
        if not any(record.values.get(name) for name in record.key):
            yield record.problem(record.key[0], NO_KEY)
            return
        first = self.by_key.setdefault(earlier.key, record)
        if first is not record:
            yield record.problem(record.key[0], TWICE.format(place=_place(first, record)))

    def _refused(self, record: Record, earlier: EarlierCase) -> Iterator[Problem]:
        for name, sentence in refusals(earlier, self.policy):
            yield record.problem(name, sentence)
        if earlier.is_open and record.text("outcome"):
            yield record.problem("outcome", OPEN_WITH_OUTCOME)
        if earlier.is_open:
            yield from self._nobody_answers(record, earlier)

    def _nobody_answers(self, record: Record, earlier: EarlierCase) -> Iterator[Problem]:
        """An open case is asked afresh, so somebody has to hold the seat that answers at its stage."""
        kind = self._answering(earlier)
        for setting in earlier.asked if kind else ():
            if not self.directory.holders(setting, kind):
                seat = SeatKind(kind).label.lower()
                yield record.problem("responding", NOBODY_ANSWERS.format(setting=setting.name, seat=seat))
        if any(self._same_lead(earlier.raising, setting) for setting in earlier.asked):
            yield record.problem("responding", SAME_LEAD)

    def _answering(self, earlier: EarlierCase) -> str:
        """The kind of seat that answers; "" where a person is named, or the partnership takes it on."""
        if earlier.counterpart and earlier.stage == self.policy.first.number:
            return ""
        stages = [stage for stage in self.policy.stages if stage.number == earlier.stage]
        talking = [stage for stage in stages if stage.kind is StageKind.DIALOGUE]
        return SEAT_OF[talking[0].seniority] if talking else ""

    def _same_lead(self, raising: Setting, asked: Setting) -> bool:
        ours, theirs = (self.directory.holders(setting, SeatKind.LEAD) for setting in (raising, asked))
        return nobody_independent({user.pk for user in ours}, {user.pk for user in theirs})

    def _left_out(self, record: Record, earlier: EarlierCase) -> Iterator[Problem]:
        """What the row says and the case does not keep."""
        if record.text("raised_by") and not self.directory.person(record.text("raised_by"), earlier.raising):
            then = "its lead carries the case on" if earlier.is_open else "the case names nobody"
            words = f"is nobody who works at {earlier.raising.name} now. The name is left out; {then}."
            yield record.problem("raised_by", words, warning=True, alike=NOBODY_THERE.format(then=then))
        if record.text("counterpart") and earlier.counterpart is None:
            words = "is nobody who works at the one service that was asked. The name is left out."
            yield record.problem("counterpart", words, warning=True)
        if earlier.status == Status.CLOSED and not earlier.facts["outcome"]:
            yield record.problem("outcome", "is empty, and it is closed. It is kept without.", warning=True)
        if earlier.status in OTHER_ENDS and record.text("outcome") not in ("", *ENDED_BY_OUTCOME):
            ended = Status(earlier.status).label.lower()
            words = f"is left out: it is {ended}, and only a closed one has an outcome."
            yield record.problem("outcome", words, warning=True)

    def _looks_alike(self, record: Record, earlier: EarlierCase) -> Iterator[Problem]:
        """Two rows with numbers of their own, of one day, between the same services, about one child."""
        child = record.text("our_pointer")
        look = (earlier.raised_on, earlier.raising, earlier.asked, child)
        first = self.by_look.setdefault(look, record) if child else record
        if first is not record and first is not self.by_key.get(earlier.key):
            words = ALIKE.format(place=_place(first, record))
            yield record.problem("", words, warning=True, alike=ALL_ALIKE)

    def _looks_personal(self, record: Record) -> Iterator[Problem]:
        """As the form warns while one types: it never blocks."""
        for name in FREE_TEXT:
            text = record.text(name)
            for pattern in self.policy.patterns if text else ():
                found = pattern.found_in(text)
                if found:
                    times = "" if len(found) == 1 else f" ({len(found)} times)"
                    words, advice = f"holds what looks like {pattern.label}", pattern.advice
                    yield record.problem(
                        name,
                        f"{words}{times}. {advice}",
                        warning=True,
                        detail="; ".join(found),
                        alike=f"{words}. {advice}",
                    )


def _place(there: Record, seen_from: Record) -> str:
    return f"row {there.row}" if there.sheet == seen_from.sheet else f"sheet {there.sheet}, row {there.row}"
