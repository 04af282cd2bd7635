"""The seven groups of settings, and the kinds of seat, in the partnership's own words."""

from django.db.models import TextChoices


class SettingGroup(TextChoices):
    """What a setting is part of; counts are shown by these."""

    SOCIAL_CARE = "social_care", "Children's social care"
    EDUCATION = "education", "Education"
    POLICE = "police", "Police"
    HEALTH = "health", "Health"
    PROBATION = "probation", "Probation and youth justice"
    VOLUNTARY = "voluntary", "Voluntary, faith and sport"
    HOUSING = "housing", "Housing and other"


class SeatKind(TextChoices):
    """What a seat lets its holder do: four kinds in a setting, the rest for the partnership as a whole."""

    PRACTITIONER = "practitioner", "Practitioner"
    LEAD = "lead", "Lead"
    SENIOR_LEAD = "senior_lead", "Senior lead"
    PARTNER = "partner", "Lead safeguarding partner"
    BUSINESS_UNIT = "business_unit", "Partnership business unit"
    LADO = "lado", "LADO"
    DEPUTY_LADO = "deputy_lado", "Deputy LADO"
    LADO_SUPPORT = "lado_support", "LADO support"
    NEIGHBOUR_LADO = "neighbour_lado", "Neighbouring LADO"
    SCRUTINEER = "scrutineer", "Scrutineer"
    YOUNG_SCRUTINEER = "young_scrutineer", "Young scrutineer"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "System administrator"
    SERVICE = "service", "System that reads the API"


SETTING_KINDS: tuple[str, ...] = (
    SeatKind.PRACTITIONER.value,
    SeatKind.LEAD.value,
    SeatKind.SENIOR_LEAD.value,
    SeatKind.PARTNER.value,
)
"""Seats in one setting. All other kinds are for the partnership as a whole and have no setting."""

ROLE_KINDS: tuple[str, ...] = tuple(kind for kind in SeatKind.values if kind not in SETTING_KINDS)

LADO_KINDS: tuple[str, ...] = (
    SeatKind.LADO.value,
    SeatKind.DEPUTY_LADO.value,
    SeatKind.LADO_SUPPORT.value,
    SeatKind.NEIGHBOUR_LADO.value,
)
"""The LADO team, those who decide first; the neighbouring LADO has only what is about the others."""

SECOND_FACTOR_KINDS: tuple[str, ...] = (
    SeatKind.LEAD.value,
    SeatKind.SENIOR_LEAD.value,
    SeatKind.PARTNER.value,
    SeatKind.BUSINESS_UNIT.value,
    *LADO_KINDS,
    SeatKind.AUDITOR.value,
    SeatKind.ADMINISTRATOR.value,
)
"""Seats that open more than one's own challenges: whoever acts in one signs in with a second factor."""

WALL_KINDS: tuple[str, ...] = (SeatKind.BUSINESS_UNIT.value, *LADO_KINDS)
"""The two sides of the LADO wall: one person holds at most one of these seats."""
