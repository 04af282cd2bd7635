"""What is wrong with a row as a referral, or worth a look, and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from escalation.lado.services.earlier import EarlierReferral, refusals
from escalation.lado.workflow import Status
from escalation.sheets import Problem, Record

NO_KEY = "is empty, and a row is known by it. Give the row a number of its own."
TWICE = "is the same as in {place}. Is it one referral? Take a row out. Are they two? Number one anew."
ALIKE = "looks like the referral in {place}: the same day and adult. If it is, take a row out."
ALL_ALIKE = "these look like referrals that stand in another row. If they do, take one of the two rows out."
NO_OUTCOME = "is empty, and it is closed. It is kept without."


@dataclass
class Checks:
    """Looks at each referral by itself, and at each beside those before it."""

    by_key: dict[object, Record] = field(default_factory=dict)
    by_look: dict[object, Record] = field(default_factory=dict)

    def of(self, record: Record, earlier: EarlierReferral) -> list[Problem]:
        refused = [record.problem(name, sentence) for name, sentence in refusals(earlier)]
        return [*self._known_twice(record, earlier), *refused, *self._doubts(record, earlier)]

    def _known_twice(self, record: Record, earlier: EarlierReferral) -> Iterator[Problem]:
        if not any(record.values.get(name) for name in record.key):
            yield record.problem(record.key[0], NO_KEY)
            return
        first = self.by_key.setdefault(earlier.key, record)
        if first is not record:
            yield record.problem(record.key[0], TWICE.format(place=_place(first, record)))

    def _doubts(self, record: Record, earlier: EarlierReferral) -> Iterator[Problem]:
        if earlier.status is Status.CLOSED and not earlier.outcome:
            yield record.problem("outcome", NO_OUTCOME, warning=True)
        adult = record.text("adult_name").casefold()
        first = self.by_look.setdefault((earlier.told_on, adult), record) if adult else record
        if first is not record and first is not self.by_key.get(earlier.key):
            words = ALIKE.format(place=_place(first, record))
            yield record.problem("", words, warning=True, alike=ALL_ALIKE)


def _place(there: Record, seen_from: Record) -> str:
    return f"row {there.row}" if there.sheet == seen_from.sheet else f"sheet {there.sheet}, row {there.row}"
