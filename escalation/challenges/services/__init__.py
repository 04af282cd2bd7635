"""The one door for every change to a challenge; nothing else writes.

Both the pages and the API call `raise_challenge`, `take_step` and the sweep; an earlier log comes in by
`import_cases`. Each runs in one transaction: lock, permission, guard, effect, machine, milestones, entry,
event, notices.
"""

from escalation.challenges.services.asking_back import ask_how_treated
from escalation.challenges.services.calendars import end_calendar, make_calendar, owner_of
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
    end_reading,
    let_in,
    let_read,
    may_break_glass,
    name_independent,
    review_break_glass,
)
from escalation.challenges.services.raising import MOST_ASKED, NO_CALL, NewChallenge, raise_challenge
from escalation.challenges.services.reading import note_reading
from escalation.challenges.services.reminding import remind_all, tell_of_the_day, tell_of_the_week
from escalation.challenges.services.showing import (
    leads_to_ask,
    note_draft_read,
    say_of_draft,
    show_draft,
    shown_to,
    take_back_draft,
)
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
    "ask_how_treated",
    "break_glass",
    "break_glass_uses",
    "can_be_named",
    "carry_out",
    "carry_out_due",
    "check",
    "draft_days",
    "drop_kept_words",
    "end_calendar",
    "end_grant",
    "end_reading",
    "import_cases",
    "keep_words",
    "leads_to_ask",
    "let_in",
    "let_read",
    "lift_conflict",
    "look_after_unsent",
    "make_calendar",
    "may_break_glass",
    "name_conflict",
    "name_independent",
    "note_draft_read",
    "note_reading",
    "owner_of",
    "raise_challenge",
    "refusals",
    "remind_all",
    "remind_of_drafts",
    "review_break_glass",
    "save_draft",
    "say_of_draft",
    "show_draft",
    "shown_to",
    "sweep",
    "take_back_draft",
    "take_step",
    "tell_of_the_day",
    "tell_of_the_week",
]
