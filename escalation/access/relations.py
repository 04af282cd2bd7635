"""How a person stands to one challenge. Several may hold at once; without any, it does not exist for them."""

from enum import StrEnum


class Relation(StrEnum):
    """What somebody is to a challenge, in the words of the policy."""

    RAISER = "raiser"
    """Raised it, and still works in the setting that raises."""
    COUNTERPART = "counterpart"
    """Is the person asked to reply at stage 1."""
    RAISING_LEAD = "raising_lead"
    """Holds or covers a lead's seat in the setting that raises."""
    RAISING_SENIOR = "raising_senior"
    """Holds or covers a senior lead's seat in the setting that raises."""
    RESPONDING_LEAD = "responding_lead"
    """Holds or covers a lead's seat in a setting that is asked."""
    RESPONDING_SENIOR = "responding_senior"
    """Holds or covers a senior lead's seat in a setting that is asked."""
    SUPPORTING_LEAD = "supporting_lead"
    """Holds or covers a lead's seat in a setting that supports the challenge; sees F0 only."""
    UNIT = "unit"
    """Sits in the partnership's business unit."""
    PARTNER = "partner"
    """Is a lead safeguarding partner of an organisation in the case, at the last stage."""
    AUDITOR = "auditor"
    """Checks the trail; sees F0 and the read log, and changes nothing."""
    SYSTEM = "system"
    """The log itself, where the calendar acts: ends a hold at its limit, closes an unconfirmed case."""
