"""One step along one row of the LADO step table: lock, permission, guard, effect, clocks, machine."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from core.audit.state import changes
from core.machine import Moved, NotPermitted, Refused, Step, method_name
from escalation.access.standing import Standing
from escalation.accounts.models import User
from escalation.lado import events, notifications
from escalation.lado.asks import ASKS, Kind
from escalation.lado.case import (
    REFERRER_PARTS,
    Case,
    facts_for,
    parts_of,
    read_case,
    reads_words,
    seat_of,
)
from escalation.lado.clocks import Clock, keep_next
from escalation.lado.effects import EFFECTS, Answers, Doing
from escalation.lado.facts import Facts
from escalation.lado.models import Entry, Referral
from escalation.lado.road import hindrances
from escalation.lado.services.entries import codes_of, words_of, write_entry
from escalation.lado.workflow import WHO_WORDS, Who
from escalation.policy.words import london_date

STAYS_OPEN = ("letter", "action", "question", "news", "dbs", "regulator")
"""Clocks that outlast an end where something is still owed; `close` asks for the last two before."""


def take_step(
    referral: Referral,
    step: Step[Facts],
    *,
    by: User | None,
    standing: Standing | None,
    expected: int | None,
    now: datetime,
    answers: Answers | None = None,
    request_id: str = "",
) -> Referral:
    """Move a referral along one row of the step table, or refuse and change nothing.

    `standing` None: whoever holds the receipt, who saw no version (`expected` None) and can take the
    referrer's steps alone. Raises NotPermitted, Refused (with a sentence), or Moved where somebody else was
    first; one's own second click with the same words is no error: the referral as it is comes back.
    """
    answers = answers or {}
    with transaction.atomic():
        rows = Referral.objects.all() if standing is None else Referral.objects.visible_to(standing)
        locked = rows.select_for_update(of=("self",)).select_related("policy_version").get(pk=referral.pk)
        if expected is not None and locked.version != expected:
            if _is_own_second_click(locked, step, by, expected, answers):
                return locked
            raise Moved
        case = read_case(locked, today=london_date(now))
        parts = REFERRER_PARTS if standing is None else parts_of(standing.within(case.exceptions))
        user_id = by.pk if by else None
        check(step, facts_for(case, parts=parts, user_id=user_id))
        _check_answers(step, answers, case)
        answers = _resolved(answers, case, standing)
        before = events.snapshot(case)
        doing = Doing(case=case, by=by, now=now, answers=answers, clock=Clock(case, now))
        _change(step, doing, parts)
        seat = Who.REFERRER.value if standing is None else seat_of(standing)
        entry = write_entry(locked, step.name, answers, by=by, seat=seat, now=now, codes=doing.entry_codes)
        changed = changes(before, events.snapshot(case))
        events.record(
            case, entry, by=by, seat=seat, act=step.name, at=now, changed=changed, request_id=request_id
        )
        _tell(step, doing)
        return locked


def check(step: Step[Facts], facts: Facts) -> None:
    """Whether this person may take this step now; raises NotPermitted or Refused."""
    if not step.who & facts.parts:
        people = "; ".join(words for who, words in WHO_WORDS.items() if who in step.who)
        raise NotPermitted(f"“{step.label}” is not yours to do. It is for {people}.")
    found = hindrances(step, facts)
    if found:
        raise Refused(" ".join(each.sentence for each in found))


def _check_answers(step: Step[Facts], answers: Answers, case: Case) -> None:
    for name in step.needs:
        value = answers.get(name)
        if value in (None, "", []) or (isinstance(value, str) and not value.strip()):
            raise Refused(f"{ASKS[name].missing}.", field=name)
    unknown = set(answers) - set(step.asks)
    if unknown:
        raise Refused(f"This step does not ask for {', '.join(sorted(unknown))}.")
    for name, value in answers.items():
        _check_codes(name, value, case)


def _check_codes(name: str, value: Any, case: Case) -> None:
    """What is chosen is one of the words that the referral was opened under."""
    ask = ASKS[name]
    if ask.kind not in (Kind.CHOICE, Kind.CHOICES) or value in (None, "", []):
        return
    codes = {term.code for term in case.policy.vocabularies[ask.vocabulary]}
    chosen = set(value) if ask.kind is Kind.CHOICES else {value}
    if not chosen <= codes:
        raise Refused(f"{ask.missing}.", field=name)


def _resolved(answers: Answers, case: Case, standing: Standing | None) -> Answers:
    """The entry that a correction is about, found among those this person may read."""
    if "corrects" not in answers:
        return answers
    entries = case.referral.entries.all()
    if standing is not None and not reads_words(case, standing):
        entries = entries.filter(actor=standing.user_id)
    entry = next((e for e in entries if str(e.pk) == str(answers["corrects"])), None)
    if entry is None:
        raise Refused("Choose an entry of this referral.", field="corrects")
    return {**answers, "corrects": entry}


def _change(step: Step[Facts], doing: Doing, parts: frozenset[str]) -> None:
    """Clocks that this step meets or ends, its effect, the machine, the clocks that it starts."""
    case, clock, name = doing.case, doing.clock, step.name
    if name not in ITS_EFFECT_SAYS:
        clock.meet(name)
    if step.ends_clocks:
        clock.end_open(but=STAYS_OPEN)
    effect = EFFECTS.get(name)
    if effect:
        effect(doing)
    if step.target is not None:
        after = facts_for(case, parts=parts, user_id=None)
        getattr(case.referral, method_name(step))(after)
    if name not in WITH_SUBJECT:
        clock.start(f"step:{name}")
    case.referral.version += 1
    clock.save()
    keep_next(case)
    case.referral.save()


KEEPS_OUT = ("declare_conflict", "name_conflict")
"""After them a colleague may have it: the team is told."""
WITH_SUBJECT = ("write_letter", "ask_referrer")
"""Their clock is about the row they make, so their effect starts it."""
ITS_EFFECT_SAYS = (
    "answer_letter",
    "complete_action",
    "answer_question",
    "welfare_contact",
    "hold_meeting",
    "hold_review",
)
"""Which clock of several they meet, or on which day it was met: their effect says so."""


def _tell(step: Step[Facts], doing: Doing) -> None:
    case, by, now = doing.case, doing.by, doing.now
    if step.name == "ask_referrer":
        referrer = case.referral.referrer_user
        if referrer is not None and referrer.pk not in case.exceptions.conflicted:
            notifications.notify([referrer], path=reverse("lado:receipt"), by=by, now=now)
    elif step.who == {Who.REFERRER} or step.name in KEEPS_OUT:
        notifications.notify_team(case, by=by, now=now)
    elif doing.told:
        notifications.notify(doing.told, path=case.referral.get_absolute_url(), by=by, now=now)


def _is_own_second_click(
    referral: Referral, step: Step[Facts], by: User | None, expected: int, answers: Answers
) -> bool:
    """The same person, step, words and choices, from the same page: success shown again."""
    words, codes = words_of(answers), codes_of(answers)
    mine = Entry.objects.filter(referral=referral, version=expected + 1, step=step.name, actor=by)
    return any(entry.words == words and codes.items() <= entry.codes.items() for entry in mine)
