"""The one door for every change to a LADO referral; nothing else writes."""

from escalation.lado.services.reminding import remind_late
from escalation.lado.services.stepping import check, take_step
from escalation.lado.services.taking import Contact, take_contact
from escalation.lado.services.unsent import KEPT_DAYS, drop_unsent, forget_old_unsent, keep_unsent

__all__ = [
    "KEPT_DAYS",
    "Contact",
    "check",
    "drop_unsent",
    "forget_old_unsent",
    "keep_unsent",
    "remind_late",
    "take_contact",
    "take_step",
]
