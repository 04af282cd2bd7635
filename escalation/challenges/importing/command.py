"""The command that brings an earlier log in: one for each kind of log, alike in all but what a row is."""

import gc
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError

from core.machine import NotPermitted
from escalation.accounts.models import User, plain_email
from escalation.policy.words import count
from escalation.rulebook.queries import NoPolicy
from escalation.rulefiles import RuleFileError
from escalation.sheets import Sheet, UnreadableFile, read_file
from escalation.sheets.planning import Plan
from escalation.sheets.problems import Problem, grouped
from escalation.sheets.writing import write_list, write_problems

SHOWN = 40
"""Kinds of problems on the screen; the list holds every one."""
RACE = "Somebody else brought one of these in at the same moment. Nothing was written. Try again."
LISTED = ("Sheet", "Row", "What became of it", "Reference in this log")
AnyPlan = Plan[Any, Any]


class ImportCommand(BaseCommand):
    """Without --write nothing is ever written. docs/importing.md leads through it.

    A kind of log says what one row of it is (`noun`), who brings it in (`who`), and the five things below.
    """

    noun: ClassVar[str]
    who: ClassVar[str]

    def begin(self) -> None:
        """Read what the rows are compared with."""
        raise NotImplementedError

    def proposed(self, sheets: Sequence[Sheet]) -> str:
        """A first mapping."""
        raise NotImplementedError

    def planned(self, file: Path, mapping: Path) -> AnyPlan:
        """All that would happen: the mapping is read first, since the file may take long."""
        raise NotImplementedError

    def totals(self, plan: AnyPlan) -> Iterator[str]:
        """What the keeper compares, a line for each kind of total."""
        raise NotImplementedError

    def bring_in(self, plan: AnyPlan, by: User) -> Mapping[UUID, str]:
        """What each new one is called in this log, by its key."""
        raise NotImplementedError

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--propose", action="store_true", help="print a first mapping, for you to finish")
        what.add_argument(
            "--dry-run", action="store_true", help="say what would happen (this is the default)"
        )
        what.add_argument("--write", action="store_true", help="bring it in")
        parser.add_argument("--mapping", type=Path, metavar="FILE.toml", help="how the file is read")
        parser.add_argument("--by", metavar="ADDRESS", help=f"who brings it in: {self.who}")
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
        by = self._person(options["by"]) if write else None
        self.begin()
        if propose:
            self.stdout.write(self.proposed(read_file(file)))
            return
        if options["mapping"] is None:
            raise CommandError("Name a mapping: --mapping FILE.toml. A first one is made by --propose.")
        plan = self.planned(file, options["mapping"])
        self._tell(plan, options["errors"])
        made = self._write(plan, by) if by else {}
        if options["list"]:
            write_list(options["list"], LISTED, _listed(plan, made))
        if not write:
            self.stdout.write(
                "This was a try: nothing was written. With --write --by ADDRESS it is brought in."
            )

    def opened(self, file: Path) -> list[Sheet]:
        self.progress("Opening the file", 0)
        return read_file(file)

    def progress(self, doing: str, rows: int) -> None:
        """Say what is being done, and how many rows of it are done."""
        self.stdout.write(f"{doing}: {rows:,} rows" if rows else f"{doing}.")

    def _tell(self, plan: AnyPlan, errors: Path | None) -> None:
        """What was found; raises CommandError where something has to be put right first."""
        if errors:
            write_problems(errors, plan.problems)
        why = Counter(left.why.split(" “")[0] for left in plan.left_out)
        reasons = ", ".join(f"{number} {words}" for words, number in why.most_common())
        self.stdout.write(
            f"Rows that are no cases: {len(plan.left_out)}{f' ({reasons})' if reasons else ''}."
        )
        for line in self.totals(plan):
            self.stdout.write(f"  {line}")
        self.stdout.write(self._counted(plan))
        where = f"All are in {errors}." if errors else "With --errors FILE.csv you get a list of all."
        self._tell_of(f"To put right, {len(plan.errors)}", plan.errors)
        self._tell_of(f"To look at, {len(plan.warnings)}; none of it stops the import", plan.warnings)
        if plan.errors:
            told = count(len(plan.errors), "thing")
            raise CommandError(f"{told} to put right first. Nothing was written. {where}")
        if plan.warnings:
            self.stdout.write(f"\n{where}")

    def _tell_of(self, heading: str, problems: Sequence[Problem]) -> None:
        """What is alike is told once."""
        groups = grouped(problems)
        if not groups:
            return
        self.stderr.write(f"\n{heading}:")
        for group in groups[:SHOWN]:
            self.stderr.write(f"- {group}")
        if len(groups) > SHOWN:
            self.stderr.write(f"- and {len(groups) - SHOWN} other kinds.")

    def _write(self, plan: AnyPlan, by: User) -> Mapping[UUID, str]:
        made = self.bring_in(plan, by)
        self.stdout.write(f"{count(len(made), self.noun)} brought in.")
        return made

    def _counted(self, plan: AnyPlan) -> str:
        parts = [
            f"{count(len(plan.new), self.noun)} would be brought in",
            f"{len(plan.here)} {'is' if len(plan.here) == 1 else 'are'} here already"
            + (f", {plan.changed} of them changed since" if plan.changed else ""),
            f"{len(plan.errors)} to put right",
            f"{len(plan.warnings)} to look at",
        ]
        return "; ".join(parts) + "."

    def _person(self, address: str | None) -> User:
        needed = f"--write needs --by ADDRESS: {self.who}, in whose name it is brought in."
        if not address:
            raise CommandError(needed)
        person = User.objects.filter(email=plain_email(address), is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody here has the address {address}. {needed}")
        return person


def _listed(plan: AnyPlan, made: Mapping[UUID, str]) -> Iterator[tuple[str, str, str, str]]:
    """Each row that was read, with what it is called here."""
    rows = [(left.sheet, left.row, f"no case: {left.why}", "") for left in plan.left_out]
    for taken in plan.cases:
        key = taken.earlier.key
        called = made.get(key) or (plan.called(plan.here[key]) if key in plan.here else "")
        became = "was here already" if key in plan.here else "brought in" if called else "would be brought in"
        rows.append((taken.record.sheet, taken.record.row, became, called))
    for sheet, row, became, reference in sorted(rows):
        yield sheet, str(row), became, reference
