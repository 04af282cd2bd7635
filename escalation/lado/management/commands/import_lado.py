"""Bring the LADO's earlier log in from a spreadsheet, behind the wall."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from escalation.access.standing import standing_of
from escalation.accounts.models import User
from escalation.challenges.importing.command import ImportCommand
from escalation.lado.importing import LadoPlan, Totals, plan_import, propose_mapping, read_plan_mapping
from escalation.lado.numbers import spoken
from escalation.lado.queries import current_policy
from escalation.lado.services.importing import import_referrals
from escalation.sheets import Sheet


class Command(ImportCommand):
    """Without --write nothing is ever written. docs/importing.md leads through it."""

    help = "Bring the LADO's earlier log in from CSV or XLSX (docs/importing.md). Only tries, unless --write."
    noun = "referral"
    who = "the LADO or a deputy LADO"

    def begin(self) -> None:
        self.today = timezone.localdate()
        self.policy = current_policy(self.today)

    def proposed(self, sheets: Sequence[Sheet]) -> str:
        return propose_mapping(sheets, policy=self.policy)

    def planned(self, file: Path, mapping: Path) -> LadoPlan:
        read = read_plan_mapping(mapping, policy=self.policy)
        sheets = self.opened(file)
        return plan_import(sheets, read, policy=self.policy, today=self.today, progress=self.progress)

    def totals(self, plan: LadoPlan) -> Iterator[str]:
        return Totals.of(taken.earlier for taken in plan.cases).in_words(self.policy)

    def bring_in(self, plan: LadoPlan, by: User) -> Mapping[UUID, str]:
        made = import_referrals(
            [taken.earlier for taken in plan.new],
            by=by,
            standing=standing_of(by, today=self.today),
            now=timezone.now(),
            progress=lambda rows: self.progress("Writing", rows),
        )
        return {referral.key: spoken(referral.reference) for referral in made}
