"""Reads. `find` and `listed` give only what a person may know of; `project` only what they may read.

Pages, the API and exports all show a `CaseView`, and nothing else of a challenge.
"""

from escalation.challenges.queries.audiences import may_read_entry
from escalation.challenges.queries.finding import find, kept_words, listed, people_of
from escalation.challenges.queries.projecting import project, view_case
from escalation.challenges.queries.readers import Reader, open_case
from escalation.challenges.queries.shapes import ActionView, CaseView, EntryView, PartyView, PersonView

__all__ = [
    "ActionView",
    "CaseView",
    "EntryView",
    "PartyView",
    "PersonView",
    "Reader",
    "find",
    "kept_words",
    "listed",
    "may_read_entry",
    "open_case",
    "people_of",
    "project",
    "view_case",
]
