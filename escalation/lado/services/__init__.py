"""The one door for every change to a LADO referral; nothing else writes."""

from escalation.lado.services.stepping import check, take_step
from escalation.lado.services.taking import Contact, take_contact

__all__ = ["Contact", "check", "take_contact", "take_step"]
