"""Write docs/openapi.json, the description of the API, or check that it is current."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from drf_spectacular.generators import SchemaGenerator

from core.api.breaking import breaks

FILE = Path(settings.ROOT) / "docs" / "openapi.json"


class Command(BaseCommand):
    # It reads our own code: no database is needed.
    requires_system_checks = ()
    help = "Write docs/openapi.json from the code; refuses what would break programs written by the old one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where not current")
        parser.add_argument("--breaking", action="store_true", help="write it though programs would break")

    def handle(self, *args: Any, **options: Any) -> None:
        described = description()
        written = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else described
        if options["check"]:
            if written != described or not FILE.exists():
                raise CommandError("docs/openapi.json is not current. Run: manage.py openapi")
            return
        broken = breaks(written, described)
        if broken and not options["breaking"]:
            raise CommandError("\n  ".join(["This would break programs:", *broken]))
        FILE.write_text(json.dumps(described, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def description() -> dict[str, Any]:
    """As /api/v1/schema/ gives it."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]  # the library's own has no types
    generated = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    described: dict[str, Any] = json.loads(json.dumps(generated))
    return described
