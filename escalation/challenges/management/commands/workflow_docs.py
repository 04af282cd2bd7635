"""Write docs/workflow.md from the step table and the policies, or check that it is current."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from escalation.challenges.workflow_docs import workflow_page
from escalation.policy import shipped_policies

PAGE = Path(settings.ROOT) / "docs" / "workflow.md"


class Command(BaseCommand):
    help = "Write docs/workflow.md from the step table and the policy files."
    # It reads two tables of our own code: neither pages nor a database are needed.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail where the page is not current"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        page = workflow_page(shipped_policies())
        if not options["check"]:
            PAGE.write_text(page, encoding="utf-8")
        elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
            raise CommandError("docs/workflow.md is not current. Run: manage.py workflow_docs")
