"""The only writer of surveys: opened by the unit, answered by nobody's name, sealed by the calendar."""

from .answering import answer, keep_surveys
from .opening import open_up

__all__ = ["answer", "keep_surveys", "open_up"]
