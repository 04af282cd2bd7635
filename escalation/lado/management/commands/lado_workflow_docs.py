"""Write docs/workflow-lado.md from the LADO's step table, or check that it is current."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from escalation.lado.workflow_docs import workflow_page
from escalation.policy.lado import shipped_lado_policies

PAGE = Path(settings.ROOT) / "docs" / "workflow-lado.md"


class Command(BaseCommand):
    help = "Write docs/workflow-lado.md from the LADO's step table and working times."
    # It reads tables of our own code: neither pages nor a database are needed.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail where it is not current"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        page = workflow_page(shipped_lado_policies()[-1])
        if not options["check"]:
            PAGE.write_text(page, encoding="utf-8")
        elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
            raise CommandError("docs/workflow-lado.md is not current. Run: manage.py lado_workflow_docs")
