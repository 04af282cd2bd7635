"""Reads. `find` and `listed` give only what a person may know of; `view_referral` only what they may read."""

from escalation.lado.queries.finding import current_policy, find, listed, of_receipt, unsent_of
from escalation.lado.queries.viewing import EntryView, View, view_referral

__all__ = [
    "EntryView",
    "View",
    "current_policy",
    "find",
    "listed",
    "of_receipt",
    "unsent_of",
    "view_referral",
]
