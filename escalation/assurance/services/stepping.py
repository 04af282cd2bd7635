"""The one door for every change of an assurance request: lock, permission, guard, trail, event, mail."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from core.chance import drawn_id
from core.machine import Moved, NotPermitted, Refused, method_name
from escalation.assurance import events, notifications
from escalation.assurance.acting import Acting
from escalation.assurance.models import AssuranceRequest, ClauseAnswer, Entry, Verdict
from escalation.assurance.queries import facts_of
from escalation.assurance.workflow import Part, Step

from .asking import ask_again, checked_due

MOVED = "Somebody else has changed this request meanwhile."
NOT_NOW = "This cannot be done now. Look at where the request stands, and what can be done next."
WRITING = ("save", "answer")
PROCEDURE = ("procedure", "procedure_version", "procedure_owner", "signed_by")
Answers = Mapping[str, Any]


@dataclass(frozen=True)
class ClauseSaid:
    """What is said beside a clause; `verdict` "" where nothing was chosen yet."""

    verdict: str
    evidence: str


@transaction.atomic
def take(request: AssuranceRequest, step: Step, *, by: Acting, seen: int, **said: Any) -> AssuranceRequest:
    """Take one step of the table, where the page showed version `seen`.

    `said`: what the step asks (`what`, `due`, `rating`, `retest_on`); for `save` and `answer` the fields of
    PROCEDURE, and `clauses`: the number of each -> ClauseSaid. Raises NotPermitted, Moved, or Refused with
    what to do. One's own second click changes nothing and is no error.
    """
    now = _locked(request, by)
    parts = now.parts(by.standing)
    if not step.who & parts:
        raise NotPermitted("This is not yours to do.")
    if _was_just_done(now, step, by, seen):
        return now
    if now.version != seen:
        raise Moved(MOVED)
    if now.status not in step.source:
        raise Refused(NOT_NOW)
    changed = _written(now, said) if step.name in WRITING else []
    facts = facts_of(now, by)
    refusal = step.refusal(facts)
    if refusal is not None:
        raise Refused(refusal)
    EFFECTS.get(step.name, _nothing)(now, said, by)
    if step.target is not None:
        getattr(now, method_name(step))(facts)
    now.version += 1
    now.save()
    entry = Entry.objects.create(
        request=now,
        at=by.now,
        act=step.name,
        by=by.user,
        seat=_side(step),
        due=said.get("due"),
        text=_words(now, step, said),
    )
    events.record([now, *changed, entry], step.name, by=by)
    notifications.tell(now, step.name, by=by)
    return now


def _locked(request: AssuranceRequest, by: Acting) -> AssuranceRequest:
    """As it is now, held until the transaction ends; NotPermitted where it is out of their sight."""
    AssuranceRequest.objects.select_for_update().get(pk=request.pk)
    seen = AssuranceRequest.objects.visible_to(by.standing).select_related("organisation", "asked_again")
    found = seen.filter(pk=request.pk).first()
    if found is None:
        raise NotPermitted("This is not yours to do.")
    return found


def _was_just_done(now: AssuranceRequest, step: Step, by: Acting, seen: int) -> bool:
    if now.version != seen + 1:
        return False
    last = now.entries.order_by("-pk").first()
    return last is not None and (last.act, last.by_id) == (step.name, by.user.pk)


def _side(step: Step) -> str:
    return next(iter(step.who & frozenset(Part)))


def _written(now: AssuranceRequest, said: Answers) -> list[models.Model]:
    """Keep the clauses and the procedure as they were typed; gives the clauses that are new."""
    for name in PROCEDURE:
        setattr(now, name, said[name])
    clauses: Mapping[int, ClauseSaid] = said["clauses"]
    changed: list[models.Model] = []
    for row in now.clauses.all():
        new = clauses.get(row.number, ClauseSaid("", ""))
        if (row.verdict, row.evidence) != (new.verdict, new.evidence):
            row.verdict, row.evidence = new.verdict, new.evidence
            row.save(update_fields=["verdict", "evidence"])
            changed.append(row)
    return changed


# What each step changes besides the status and what is written.


def _nothing(now: AssuranceRequest, said: Answers, by: Acting) -> None:
    return None


def _answers(now: AssuranceRequest, said: Answers, by: Acting) -> None:
    """Whoever sends stands for it; a rating before it no longer is one of this answer."""
    now.answered_by, now.answered_at = by.user, by.now
    now.rated_by = now.rated_at = None
    now.rating = now.rating_words = ""


def _rates(now: AssuranceRequest, said: Answers, by: Acting) -> None:
    now.rating, now.rating_words = said["rating"], said["rating_words"]
    now.rated_by, now.rated_at = by.user, by.now
    now.retest_on = said.get("retest_on")


def _gives_time(now: AssuranceRequest, said: Answers, by: Acting) -> None:
    now.due = checked_due(said["due"], by)


def _asks_again(now: AssuranceRequest, said: Answers, by: Acting) -> None:
    ask_again(now, key=drawn_id("form"), due=checked_due(said["due"], by), by=by)


EFFECTS: Mapping[str, Callable[[AssuranceRequest, Answers, Acting], None]] = {
    "answer": _answers,
    "more_time": _gives_time,
    "send_back": _gives_time,
    "rate": _rates,
    "follow_up": _gives_time,
    "act": _answers,
    "ask_again": _asks_again,
}


def _words(now: AssuranceRequest, step: Step, said: Answers) -> str:
    """What the trail keeps: the words that were asked for; of an answer, every clause as it was sent."""
    if step.name == "answer":
        return answer_in_words(now)
    words = str(said.get("what") or "")
    return f"{now.rating_words}. {words}" if step.name == "rate" else words


def answer_in_words(now: AssuranceRequest) -> str:
    """An answer as text, so that what is sent again later does not take its place."""
    head = (
        f"{now.procedure}, {now.procedure_version}. Owner: {now.procedure_owner}. Signed by: {now.signed_by}."
    )
    clauses = [_clause_in_words(each) for each in now.clauses.all()]
    return "\n".join([head, *clauses])


def _clause_in_words(row: ClauseAnswer) -> str:
    return f"{row.number}. {row.title}: {Verdict(row.verdict).label}. {row.evidence}"
