"""Bring an earlier log of challenges in from a spreadsheet."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from escalation.access.standing import standing_of
from escalation.accounts.models import User
from escalation.challenges.importing import (
    Directory,
    Plan,
    Totals,
    plan_import,
    propose_mapping,
    read_plan_mapping,
)
from escalation.challenges.importing.command import ImportCommand
from escalation.challenges.reference import spoken
from escalation.challenges.services import import_cases
from escalation.rulebook.queries import current_policy
from escalation.sheets import Sheet


class Command(ImportCommand):
    """Without --write nothing is ever written. docs/importing.md leads through it."""

    help = "Bring an earlier log in from CSV or XLSX (docs/importing.md). Only tries, unless --write."
    noun = "challenge"
    who = "somebody of the business unit"

    def begin(self) -> None:
        self.today = timezone.localdate()
        self.version = current_policy(self.today)
        self.directory = Directory.read()

    def proposed(self, sheets: Sequence[Sheet]) -> str:
        return propose_mapping(sheets, policy=self.version.policy, directory=self.directory)

    def planned(self, file: Path, mapping: Path) -> Plan:
        read = read_plan_mapping(mapping, policy=self.version.policy, directory=self.directory)
        return plan_import(
            self.opened(file),
            read,
            policy=self.version.policy,
            directory=self.directory,
            today=self.today,
            progress=self.progress,
        )

    def totals(self, plan: Plan) -> Iterator[str]:
        return Totals.of(taken.earlier for taken in plan.cases).in_words(self.version.policy)

    def bring_in(self, plan: Plan, by: User) -> Mapping[UUID, str]:
        made = import_cases(
            [taken.earlier for taken in plan.new],
            by=by,
            standing=standing_of(by, today=self.today),
            policy=self.version,
            now=timezone.now(),
            progress=lambda rows: self.progress("Writing", rows),
        )
        return {challenge.key: spoken(challenge.reference) for challenge in made}
