"""The one door for every change to a challenge; nothing else writes.

Both the pages and the API call `raise_challenge`, `take_step` and the sweep; an earlier log comes in by
`import_cases`. Each runs in one transaction: lock, permission, guard, effect, machine, milestones, entry,
event, notices.
"""

from escalation.challenges.services.earlier import EarlierCase, refusals
from escalation.challenges.services.importing import already_here, import_cases
from escalation.challenges.services.raising import MOST_ASKED, NO_CALL, NewChallenge, raise_challenge
from escalation.challenges.services.reading import note_reading
from escalation.challenges.services.stepping import check, take_step
from escalation.challenges.services.sweeping import KEPT_DAYS, sweep
from escalation.challenges.services.unsent import drop_kept_words, keep_words, save_draft

__all__ = [
    "KEPT_DAYS",
    "MOST_ASKED",
    "NO_CALL",
    "EarlierCase",
    "NewChallenge",
    "already_here",
    "check",
    "drop_kept_words",
    "import_cases",
    "keep_words",
    "note_reading",
    "raise_challenge",
    "refusals",
    "save_draft",
    "sweep",
    "take_step",
]
