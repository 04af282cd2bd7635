"""Who may read an entry or a clock that is not for both sides."""

from escalation.access.standing import Standing
from escalation.challenges.case import Case
from escalation.challenges.models import UNIT, Audience, Entry


def may_see(audience: str, case: Case, standing: Standing, setting_id: int | None) -> bool:
    """Rule 14: both sides; one setting and the unit; the raiser and the unit; the unit only."""
    if audience == Audience.RAISER_AND_UNIT:
        return UNIT in standing.roles or case.challenge.raised_by_id == standing.user_id
    return _in_audience(audience, standing, setting_id)


def _in_audience(audience: str, standing: Standing, setting_id: int | None) -> bool:
    if audience == Audience.ALL_PARTIES or UNIT in standing.roles:
        return True
    return audience == Audience.OWN_SETTING and setting_id in standing.settings


def may_read_entry(entry: Entry, standing: Standing) -> bool:
    """Whether an entry's audience includes this person, who may read the words of its challenge."""
    if entry.audience == Audience.RAISER_AND_UNIT:
        return UNIT in standing.roles or entry.challenge.raised_by_id == standing.user_id
    return _in_audience(entry.audience, standing, entry.setting_id)
