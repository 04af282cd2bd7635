"""Takes the style sheet and the script of govuk-frontend, less what only GOV.UK itself may show.

This is no GOV.UK service: no GDS Transport, no crown, no crest. What is left goes to build/static.
"""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

NAMES = ("govuk-frontend.min.css", "govuk-frontend.min.js")
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
CREST_RULE = re.compile(r"[^{}]+\{[^{}]*govuk-crest[^{}]*\}")
SOURCE_MAP = re.compile(r"(/\*|//)# sourceMappingURL=.*$", re.MULTILINE)
FOREIGN = re.compile(r"GDS Transport|crest\.|images/[^)]*crown|@font-face|url\(", re.IGNORECASE)


def our_style_sheet(css: str) -> str:
    """The style sheet in Arial, with no font or picture to fetch. ValueError where one would be left."""
    css = CREST_RULE.sub("", FONT_FACE.sub("", SOURCE_MAP.sub("", css)))
    css = css.replace("GDS Transport,arial,sans-serif", "Arial,Helvetica,sans-serif")
    css = re.sub(r"/\*!.*?\*/", "", css, flags=re.DOTALL)
    if found := FOREIGN.search(css):
        raise ValueError(f"The style sheet still has {found.group()!r}: govuk-frontend has changed")
    return css


def our_script(script: str) -> str:
    """The script without the address of a source map that we do not serve."""
    return SOURCE_MAP.sub("", script)


class Command(BaseCommand):
    help = "Builds build/static/govuk from node_modules/govuk-frontend"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes both files; fails where govuk-frontend is missing or has changed its ways."""
        root = Path(settings.ROOT)
        source, target = root / "node_modules/govuk-frontend/dist/govuk", root / "build/static/govuk"
        try:
            style, script = ((source / name).read_text(encoding="utf-8") for name in NAMES)
            made = (our_style_sheet(style), our_script(script))
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        target.mkdir(parents=True, exist_ok=True)
        for name, text in zip(NAMES, made, strict=True):
            (target / name).write_text(text, encoding="utf-8")
