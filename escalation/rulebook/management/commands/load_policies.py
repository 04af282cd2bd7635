"""Load the policies' files into the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

import escalation.policy
from escalation.rulebook.services import PolicyRefused, load_policies

FOLDER = Path(escalation.policy.__file__).parent / "policies"


class Command(BaseCommand):
    """Safe to run again: what is loaded stays as it is, and a changed file needs a new version."""

    help = "Load new versions of the policies (*.toml). Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            new = load_policies(folder)
        except PolicyRefused as error:
            raise CommandError(f"No policy was loaded.\n{error}") from error
        for version in new:
            self.stdout.write(f"Loaded {version}, in force from {version.start:%d/%m/%Y}.")
        if not new:
            self.stdout.write("Nothing new.")
