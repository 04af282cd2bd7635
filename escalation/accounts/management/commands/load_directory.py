"""Load organisations, settings, people and seats from a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from escalation.accounts.directory import load
from escalation.accounts.directory_file import DirectoryError, read


class Command(BaseCommand):
    """All or nothing; the same file again changes nothing. The example is docs/directory-example.csv."""

    help = "Load the directory from a CSV or XLSX file, one row a seat (example: docs/directory-example.csv)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Say what would change; change nothing.")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            changes = load(read(file), dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except DirectoryError as error:
            raise CommandError(f"Nothing was loaded. Put these right and load again:\n{error}") from error
        for change in changes:
            self.stdout.write(change)
        told = f"{len(changes)} change{'' if len(changes) == 1 else 's'}"
        self.stdout.write(f"{told}, none kept: this was a dry run." if dry_run else f"{told}.")
