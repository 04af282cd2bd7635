"""Measure what disclosure control claims, and write it into the documentation; or check what is there."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from escalation.assessing import bromley, report
from escalation.assessing.figures import PARTS, measure

DOCS = Path(settings.ROOT) / "docs"
FIGURES, PAGE, EXAMPLE = (
    DOCS / "disclosure-figures.json",
    DOCS / "disclosure.md",
    DOCS / "disclosure-bromley.md",
)


class Command(BaseCommand):
    help = (
        "Measure every figure of docs/disclosure.md on generated years; some twenty minutes on one processor."
    )
    # Generated cases only: neither pages nor a database are needed.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="measure nothing; fail where the pages are not current"
        )
        parser.add_argument(
            "--seeds", type=int, default=report.ENOUGH_SEEDS, help="generated years of a plan"
        )
        parser.add_argument("--draws", type=int, default=report.ENOUGH_DRAWS, help="for the bias")
        parser.add_argument(
            "--periods", type=int, default=report.ENOUGH_PERIODS, help="rounded, of each plan"
        )
        parser.add_argument(
            "--only", choices=PARTS, action="append", help="measure this part anew and keep the others"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check(json.loads(FIGURES.read_text(encoding="utf-8")))
            return
        kept = json.loads(FIGURES.read_text(encoding="utf-8")) if options["only"] else {}
        if kept and any(kept[name] != options[name] for name in ("seeds", "draws")):
            raise CommandError("A part is measured with the seeds and draws of the others.")
        figures = kept | measure(
            only=options["only"] or PARTS,
            seeds=options["seeds"],
            draws=options["draws"],
            periods=options["periods"],
            support_draws=100 * options["draws"],
            told=lambda part: self.stderr.write(f"Measuring: {part}"),
        )
        self.stdout.write(report.block(figures))
        if report.large_enough(figures):
            FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
            PAGE.write_text(report.with_block(PAGE.read_text(encoding="utf-8"), figures), encoding="utf-8")
            EXAMPLE.write_text(bromley.page(), encoding="utf-8")
        else:
            self.stderr.write("Too small a sample to be written into the documentation.")
        self._refuse(figures, sampled=report.large_enough(figures))

    def _check(self, figures: dict[str, Any]) -> None:
        page = PAGE.read_text(encoding="utf-8")
        if not report.large_enough(figures) or report.with_block(page, figures) != page:
            raise CommandError("docs/disclosure.md is not current. Run: make disclosure-report")
        if EXAMPLE.read_text(encoding="utf-8") != bromley.page():
            raise CommandError("docs/disclosure-bromley.md is not current. Run: make disclosure-report")
        self._refuse(figures, sampled=True)

    def _refuse(self, figures: dict[str, Any], *, sampled: bool) -> None:
        missed = [
            each for each in report.goals(figures) if not each.reached and (sampled or not each.sampled)
        ]
        if missed:
            lines = [f"{each.what}: {each.found}, not {each.limit}" for each in missed]
            raise CommandError("\n".join(["Not reached:", *lines]))
