"""Two people at the same moment, on a real server: one draft is begun, one approval counts."""

from collections.abc import Mapping
from uuid import uuid4

import pytest

from escalation.rulebook.models import PolicyVersion
from escalation.rulemaking.events import faults
from escalation.rulemaking.models import PolicyDraft, State
from tests.proof.test_races import Sent, at_once, browser_of
from tests.rulemaking.written import DRAFTS, Unit, unit
from tests.served import ServedLog

pytestmark = pytest.mark.large


def at_the_same_moment(log: ServedLog, who: Unit, path: str, *said: Mapping[str, str]) -> list[int]:
    """Sam and Tess send this, or each their own of two."""
    callers = [browser_of(user) for user in (who.sam, who.tess)]
    sent = [Sent(caller, path, said[n % len(said)]) for n, caller in enumerate(callers)]
    return [answer.status for answer in at_once(log, sent)]


def test_of_two_who_begin_and_of_two_who_approve_one_is_first(served_log: ServedLog) -> None:
    who = unit()
    base = PolicyVersion.objects.filter(key="mscp").latest("version")
    begun = ({"key": str(uuid4()), "base": str(base.pk)}, {"key": str(uuid4()), "base": str(base.pk)})
    assert sorted(at_the_same_moment(served_log, who, DRAFTS, *begun)) == [302, 422]
    draft = PolicyDraft.objects.get()
    begun_by = draft.written_by
    PolicyDraft.objects.filter(pk=draft.pk).update(written_by=who.ruth)

    ruth = browser_of(who.ruth)
    offer = {"act": "offer", "seen": str(draft.version)}
    assert at_once(served_log, [Sent(ruth, draft.get_absolute_url(), offer)])[0].status == 302
    draft.refresh_from_db()
    assert draft.state == State.OFFERED, begun_by
    approve = {"act": "approve", "seen": str(draft.version)}
    assert at_the_same_moment(served_log, who, draft.get_absolute_url(), approve) == [302, 302]
    draft.refresh_from_db()
    assert draft.state == State.APPROVED
    assert draft.decided_by in (who.sam, who.tess)
    assert PolicyVersion.objects.filter(key="mscp").count() == 2
    assert [str(each) for each in faults()] == []
