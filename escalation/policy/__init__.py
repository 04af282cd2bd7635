"""The rulebook a safeguarding lead could read: stages, clocks and words as data, and what they mean in time.

Plain Python: it knows neither Django nor the rest of the log.
"""

from .document import Note, PhoneNumber, Policy, Term, WarningPattern
from .errors import PolicyError, PolicyErrors
from .parsing import from_document, parse, shipped_policies

__all__ = [
    "Note",
    "PhoneNumber",
    "Policy",
    "PolicyError",
    "PolicyErrors",
    "Term",
    "WarningPattern",
    "from_document",
    "parse",
    "shipped_policies",
]
