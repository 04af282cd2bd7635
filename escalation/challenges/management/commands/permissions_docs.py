"""Write docs/permissions.md from docs/permissions.csv, or check that it is current and has every address."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from escalation.access.addresses import addresses
from escalation.access.permissions import faults, permissions_page, read_lines

DOCS = Path(settings.ROOT) / "docs"
TABLE, PAGE = DOCS / "permissions.csv", DOCS / "permissions.md"


class Command(BaseCommand):
    help = "Write docs/permissions.md from docs/permissions.csv; fail where an address stands under no rule."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail where the page is not current"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        lines = read_lines(TABLE)
        found = faults(lines, addresses())
        if found:
            raise CommandError("\n".join(found))
        page = permissions_page(lines)
        if not options["check"]:
            PAGE.write_text(page, encoding="utf-8")
        elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
            raise CommandError("docs/permissions.md is not current. Run: manage.py permissions_docs")
