"""Who may read an entry or a clock that is not for both sides."""

from escalation.access.standing import Standing
from escalation.challenges.case import Case
from escalation.challenges.models import UNIT, Audience, Entry


def may_see(audience: str, case: Case, standing: Standing, setting_id: int | None) -> bool:
    """Whether a clock's audience includes this person."""
    return _included(audience, standing, case.challenge.raised_by_id, setting_id, None)


def may_see_entry(entry: Entry, case: Case, standing: Standing) -> bool:
    """Whether an entry's audience includes this person."""
    return _included(entry.audience, standing, case.challenge.raised_by_id, entry.setting_id, entry.actor_id)


def may_read_entry(entry: Entry, standing: Standing) -> bool:
    """The same for an entry that knows its challenge, whose words this person may read."""
    return _included(entry.audience, standing, entry.challenge.raised_by_id, entry.setting_id, entry.actor_id)


def _included(
    audience: str, standing: Standing, raiser: int | None, setting: int | None, writer: int | None
) -> bool:
    """Rule 14: both sides; one setting and the unit; raiser or writer and the unit; the unit only."""
    if audience == Audience.ALL_PARTIES or UNIT in standing.roles:
        return True
    if audience == Audience.OWN_SETTING:
        return setting in standing.settings
    alone = {Audience.RAISER_AND_UNIT: raiser, Audience.WRITER_AND_UNIT: writer}.get(Audience(audience))
    return alone is not None and alone == standing.user_id
