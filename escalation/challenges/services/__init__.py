"""The one door for every change to a challenge; nothing else writes.

Both the pages and the API call `raise_challenge`, `take_step` and the sweep; an earlier log comes in by
`import_cases`. Each runs in one transaction: lock, permission, guard, effect, machine, milestones, entry,
event, notices.
"""

from escalation.challenges.services.conflicts import can_be_named, lift_conflict, name_conflict
from escalation.challenges.services.earlier import EarlierCase, refusals
from escalation.challenges.services.importing import already_here, import_cases
from escalation.challenges.services.leaving import carry_out, carry_out_due
from escalation.challenges.services.letting_in import (
    LEAST_REASON,
    REVIEWS,
    SEATS,
    NewGrant,
    break_glass,
    break_glass_uses,
    end_grant,
    let_in,
    may_break_glass,
    name_independent,
    review_break_glass,
)
from escalation.challenges.services.raising import MOST_ASKED, NO_CALL, NewChallenge, raise_challenge
from escalation.challenges.services.reading import note_reading
from escalation.challenges.services.reminding import remind_all, tell_of_the_week
from escalation.challenges.services.stepping import check, take_step
from escalation.challenges.services.sweeping import sweep
from escalation.challenges.services.unsent import (
    draft_days,
    drop_kept_words,
    keep_words,
    look_after_unsent,
    remind_of_drafts,
    save_draft,
)

__all__ = [
    "LEAST_REASON",
    "MOST_ASKED",
    "NO_CALL",
    "REVIEWS",
    "SEATS",
    "EarlierCase",
    "NewChallenge",
    "NewGrant",
    "already_here",
    "break_glass",
    "break_glass_uses",
    "can_be_named",
    "carry_out",
    "carry_out_due",
    "check",
    "draft_days",
    "drop_kept_words",
    "end_grant",
    "import_cases",
    "keep_words",
    "let_in",
    "lift_conflict",
    "look_after_unsent",
    "may_break_glass",
    "name_conflict",
    "name_independent",
    "note_reading",
    "raise_challenge",
    "refusals",
    "remind_all",
    "remind_of_drafts",
    "review_break_glass",
    "save_draft",
    "sweep",
    "take_step",
    "tell_of_the_week",
]
