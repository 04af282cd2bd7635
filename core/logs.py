"""Log lines without people in them."""

import logging
import traceback
from types import TracebackType

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutWords(logging.Formatter):
    """Says where an exception came from and its kind, never its words: they may quote a row or a form."""

    def formatException(self, ei: ExcInfo) -> str:
        """The lines of code, then the exception's class."""
        kind, _, trace = ei
        return "".join(traceback.format_tb(trace)) + (kind.__qualname__ if kind else "")
