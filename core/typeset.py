"""Typesetting for print by Typst, from templates/print/: the words go in as data, none is read as markup.

Fonts and templates lie in that folder, the system's fonts are not asked, and nothing is fetched.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

import typst
from django.conf import settings

FOLDER = Path(settings.ROOT) / "templates" / "print"
MARK = Path(settings.ROOT) / "static" / "img" / "mark.svg"
Standard = Literal["ua-1", "1.7"]
logger = logging.getLogger(__name__)


def typeset(template: str, words: Mapping[str, str], moment: datetime) -> bytes:
    """A tagged PDF, in one language, with its fonts inside (PDF/UA-1); the same values: the same bytes."""
    try:
        return _typeset(template, words, moment, "ua-1")
    except typst.TypstError as error:
        # A name in letters that our fonts lack breaks the standard; it must hold up nothing.
        logger.warning("A PDF does not keep to PDF/UA: %s", error.message)
        return _typeset(template, words, moment, "1.7")


def _typeset(template: str, words: Mapping[str, str], moment: datetime, standard: Standard) -> bytes:
    return typst.compile(
        FOLDER / template,
        root=FOLDER,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=dict(words),
        pdf_standards=standard,
        timestamp=int(moment.timestamp()),
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[FOLDER / "fonts"])
