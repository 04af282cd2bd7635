"""Bring an earlier log of challenges in from a spreadsheet."""

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError
from django.utils import timezone

from core.machine import NotPermitted
from escalation.access.standing import standing_of
from escalation.accounts.models import User, plain_email
from escalation.challenges.importing import (
    Directory,
    Plan,
    Totals,
    plan_import,
    propose_mapping,
    read_plan_mapping,
)
from escalation.challenges.models import Challenge
from escalation.challenges.reference import spoken
from escalation.challenges.services import import_cases
from escalation.policy.words import count
from escalation.rulebook.models import PolicyVersion
from escalation.rulebook.queries import NoPolicy, current_policy
from escalation.rulefiles import RuleFileError
from escalation.sheets import UnreadableFile, read_file
from escalation.sheets.writing import write_list, write_problems

SHOWN = 40
"""Errors on the screen; the list holds all."""
NO_BY = "--write needs --by ADDRESS: somebody of the business unit, in whose name it is brought in."
RACE = "Somebody else brought one of these in at the same moment. Nothing was written. Try again."


class Command(BaseCommand):
    """Without --write nothing is ever written. docs/importing.md leads through it."""

    help = "Bring an earlier log in from CSV or XLSX (docs/importing.md). Only tries, unless --write."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--propose", action="store_true", help="print a first mapping, for you to finish")
        what.add_argument(
            "--dry-run", action="store_true", help="say what would happen (this is the default)"
        )
        what.add_argument("--write", action="store_true", help="bring it in")
        parser.add_argument("--mapping", type=Path, metavar="FILE.toml", help="how the file is read")
        parser.add_argument("--by", metavar="ADDRESS", help="who brings it in: somebody of the business unit")
        parser.add_argument("--errors", type=Path, metavar="FILE.csv", help="write all that was found here")
        parser.add_argument(
            "--list", type=Path, metavar="FILE.csv", help="write what became of each row here"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # Tens of thousands of rows are made and kept: to search them for cycles again and again would take a
        # sixth of the time. There are none, and the process ends with this.
        gc.disable()
        try:
            self._run(**options)
        except (UnreadableFile, RuleFileError, NoPolicy, NotPermitted) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be opened: {error.strerror}.") from error
        except IntegrityError as error:
            raise CommandError(RACE) from error
        finally:
            gc.enable()

    def _run(self, *, file: Path, propose: bool, write: bool, **options: Any) -> None:
        by = _person(options["by"]) if write else None
        version = current_policy(timezone.localdate())
        directory = Directory.read()
        if propose:
            self.stdout.write(propose_mapping(read_file(file), policy=version.policy, directory=directory))
            return
        if options["mapping"] is None:
            raise CommandError("Name a mapping: --mapping FILE.toml. A first one is made by --propose.")
        mapping = read_plan_mapping(options["mapping"], policy=version.policy, directory=directory)
        self._progress("Opening the file", 0)
        plan = plan_import(
            read_file(file),
            mapping,
            policy=version.policy,
            directory=directory,
            today=timezone.localdate(),
            progress=self._progress,
        )
        self._tell(plan, version, options["errors"])
        made = self._write(plan, version, by) if by else []
        if options["list"]:
            write_list(options["list"], LISTED, _listed(plan, made))
        if not write:
            self.stdout.write(
                "This was a try: nothing was written. With --write --by ADDRESS it is brought in."
            )

    def _progress(self, doing: str, rows: int) -> None:
        self.stdout.write(f"{doing}: {rows:,} rows" if rows else f"{doing}.")

    def _tell(self, plan: Plan, version: PolicyVersion, errors: Path | None) -> None:
        """What was found; raises CommandError where something has to be put right first."""
        if errors:
            write_problems(errors, plan.problems)
        why = Counter(left.why.split(" “")[0] for left in plan.left_out)
        reasons = ", ".join(f"{number} {words}" for words, number in why.most_common())
        self.stdout.write(
            f"Rows that are no cases: {len(plan.left_out)}{f' ({reasons})' if reasons else ''}."
        )
        for line in Totals.of(taken.earlier for taken in plan.cases).in_words(version.policy):
            self.stdout.write(f"  {line}")
        self.stdout.write(_counted(plan))
        for problem in plan.errors[:SHOWN]:
            self.stderr.write(str(problem))
        if plan.errors:
            where = f"All are in {errors}." if errors else "With --errors FILE.csv you get a list of all."
            told = count(len(plan.errors), "thing")
            raise CommandError(f"{told} to put right first. Nothing was written. {where}")

    def _write(self, plan: Plan, version: PolicyVersion, by: User) -> list[Challenge]:
        today = timezone.localdate()
        made = import_cases(
            [taken.earlier for taken in plan.new],
            by=by,
            standing=standing_of(by, today=today),
            policy=version,
            now=timezone.now(),
            progress=lambda rows: self._progress("Writing", rows),
        )
        self.stdout.write(f"{count(len(made), 'challenge')} brought in.")
        return made


LISTED = ("Sheet", "Row", "What became of it", "Reference in this log")


def _listed(plan: Plan, made: Sequence[Challenge]) -> Iterator[tuple[str, str, str, str]]:
    """Each row that was read, with the challenge it is here."""
    here = {**plan.here, **{challenge.key: challenge for challenge in made}}
    rows = [(left.sheet, left.row, f"no case: {left.why}", "") for left in plan.left_out]
    for taken in plan.cases:
        case = here.get(taken.earlier.key)
        became = "was here already" if taken.earlier.key in plan.here else "brought in"
        told = (became, spoken(case.reference)) if case else ("would be brought in", "")
        rows.append((taken.record.sheet, taken.record.row, *told))
    for sheet, row, became, reference in sorted(rows):
        yield sheet, str(row), became, reference


def _person(address: str | None) -> User:
    if not address:
        raise CommandError(NO_BY)
    person = User.objects.filter(email=plain_email(address), is_active=True).first()
    if person is None:
        raise CommandError(f"Nobody here has the address {address}. {NO_BY}")
    return person


def _counted(plan: Plan) -> str:
    parts = [
        f"{count(len(plan.new), 'challenge')} would be brought in",
        f"{len(plan.here)} {'is' if len(plan.here) == 1 else 'are'} here already"
        + (f", {plan.changed} of them changed since" if plan.changed else ""),
        f"{len(plan.errors)} to put right",
        f"{len(plan.warnings)} to look at",
    ]
    return "; ".join(parts) + "."
