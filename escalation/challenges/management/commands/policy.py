"""What a policy file says, in plain words, and how two policies differ."""

import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from escalation.challenges.workflow_docs import LABELS
from escalation.policy.describing import compare, explain
from escalation.policy.document import Policy
from escalation.policy.errors import PolicyErrors
from escalation.policy.parsing import POLICIES_FOLDER, parse

WIDTH = 100


class Command(BaseCommand):
    """Reads files only: nothing is loaded, and no database is needed."""

    help = "Explain a policy file and its faults (check FILE), or say how two policies differ (compare A B)."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        said = parser.add_subparsers(dest="said", required=True, parser_class=type(parser))
        check = said.add_parser("check", help="explain a policy file, or say what is wrong with it")
        check.add_argument("file", help="a file, or the key of a policy that comes with the log")
        compared = said.add_parser("compare", help="say in which places two policies differ")
        compared.add_argument("files", nargs=2, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["said"] == "check":
            self._write(explain(_read(options["file"]), LABELS))
            return
        ours, theirs = (_read(file) for file in options["files"])
        lines = list(compare(ours, theirs, LABELS))
        self._write([f"{ours.title} -> {theirs.title}", "", *(lines or ["They say the same."])])

    def _write(self, lines: Iterable[str]) -> None:
        for line in lines:
            indent = " " * (len(line) - len(line.lstrip()) + 2)
            self.stdout.write(textwrap.fill(line, WIDTH, subsequent_indent=indent, break_long_words=False))


def _read(name: str) -> Policy:
    """A policy file by its path, or by the key of one that comes with the log; raises CommandError."""
    path = Path(name)
    if not path.exists() and path.name == name:
        path = POLICIES_FOLDER / f"{name.removesuffix('.toml')}.toml"
    try:
        return parse(path.read_text(encoding="utf-8"), source=path.name)
    except PolicyErrors as error:
        raise CommandError(f"{path.name} cannot be used.\n{error}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path.name} is not saved as UTF-8. Save it again as UTF-8.") from error
    except OSError as error:
        known = ", ".join(sorted(each.stem for each in POLICIES_FOLDER.glob("*.toml")))
        raise CommandError(
            f"{name} cannot be read: {error.strerror}. Give a file, or one of: {known}."
        ) from error
