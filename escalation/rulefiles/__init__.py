"""TOML files that people edit: policies, release plans. Read with the line of every fault, and what to do.

Plain Python: it knows neither Django nor what the files are about.
"""

from .errors import RuleFileError, RuleFileErrors
from .sources import Source, read, refuse
from .tables import Fault, Table, is_code

__all__ = ["Fault", "RuleFileError", "RuleFileErrors", "Source", "Table", "is_code", "read", "refuse"]
