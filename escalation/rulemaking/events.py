"""The audit trail of new versions of the policy, and whether each draft is as it says: chain "policies"."""

from collections.abc import Iterator

from core.audit.chain import append_in_turn
from core.audit.kept import Told
from core.audit.registry import Fault
from escalation.access.acting import Acting

from .documents import mark
from .models import Event, PolicyDraft, State

CHAIN = "policies"
BEGUN, WRITTEN, OFFERED, TAKEN_BACK = "begun", "written", "offered", "taken_back"
SENT_BACK, APPROVED, GIVEN_UP = "sent_back", "approved", "given_up"
TOLD = Told("policy_draft", skip=frozenset({"id", "uuid", "document"}), secret=frozenset({"sent_back"}))


def record(draft: PolicyDraft, act: str, *, by: Acting) -> None:
    """Write down what was done to a draft, as it is afterwards; of its document the mark alone."""
    append_in_turn(
        Event,
        chain=CHAIN,
        **TOLD.act(draft, act, by=by.user, at=by.now, seat=by.seat, request_id=by.request_id),
    )


def faults() -> Iterator[Fault]:
    """Where a draft is not what its last event says, or a version is not what two people agreed on."""
    yield from TOLD.faults(Event, CHAIN, PolicyDraft)
    for draft in PolicyDraft.objects.select_related("made").order_by("pk").iterator():
        for wrong in _wrong(draft):
            yield Fault(Event._meta.db_table, CHAIN, None, f"policy_draft:{draft.pk}: {wrong}")


def _wrong(draft: PolicyDraft) -> Iterator[str]:
    if mark(draft.document) != draft.mark:
        yield "its document is another"
    if draft.state == State.APPROVED:
        made = draft.made
        if made is None or {made.digest, made.policy.digest} != {draft.digest}:
            yield "the version it made says something else"
