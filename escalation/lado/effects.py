"""What each step changes in the rows of a referral, beside its status. One short function a step.

Rows of their own are written at once; the referral itself is saved by services.take_step. All of it is in
the step's transaction: a refusal here takes everything back.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db import models

from core.machine import Refused
from escalation.access.models import ConflictReason, known_reason
from escalation.accounts.models import User
from escalation.lado.asks import CHECKLIST
from escalation.lado.case import Case
from escalation.lado.clocks import Clock
from escalation.lado.models import (
    Action,
    Allegation,
    Attendee,
    Child,
    Conflict,
    Employer,
    Grant,
    Letter,
    Meeting,
    Question,
    Strand,
)
from escalation.lado.workflow import CONCLUDED, EMPLOYMENT, STRAND_STATES
from escalation.policy.words import london_date, short_date

Answers = dict[str, Any]
Row = TypeVar("Row", bound=models.Model)
LONGEST_GRANT = timedelta(days=90)


@dataclass
class Doing:
    """A step being taken: who, when, with which answers."""

    case: Case
    by: User | None
    now: datetime
    answers: Answers
    clock: Clock
    entry_codes: dict[str, object] = field(default_factory=dict)
    told: list[User] = field(default_factory=list)

    def text(self, name: str) -> str:
        return str(self.answers.get(name) or "")

    def one(self, name: str, rows: Sequence[Row], sentence: str) -> Row:
        """The row of the referral that an answer names; refused where it is none of those offered."""
        typed = str(self.answers[name])
        row = next((row for row in rows if str(row.pk) == typed), None)
        if row is None:
            raise Refused(sentence, field=name)
        self.entry_codes[name] = row.pk
        return row


Effect = Callable[[Doing], None]
EFFECTS: dict[str, Effect] = {}


def _effect(step: str) -> Callable[[Effect], Effect]:
    def keep(effect: Effect) -> Effect:
        EFFECTS[step] = effect
        return effect

    return keep


@_effect("give_advice")
@_effect("below_threshold")
@_effect("transfer")
@_effect("no_further_role")
@_effect("close")
def end(doing: Doing) -> None:
    doing.case.referral.ended_at = doing.now


@_effect("hand_over")
def hand_over(doing: Doing) -> None:
    give_to_neighbour(doing.case, doing.now)
    if doing.case.referral.owner is not None:
        doing.told.append(doing.case.referral.owner)


def give_to_neighbour(case: Case, now: datetime) -> None:
    """From now on it is theirs alone. Not stored yet."""
    referral = case.referral
    referral.about_lado, referral.handed_over_at = True, now
    able = [m.user for m in case.may_take_it()]
    if referral.owner not in able:
        referral.owner = next(iter(able), None)


@_effect("accept")
def accept(doing: Doing) -> None:
    doing.case.referral.accepted_at = doing.now


@_effect("employer_leads")
def employer_leads(doing: Doing) -> None:
    if doing.answers.get("next_review"):
        doing.clock.choose("next_review", doing.answers["next_review"])


@_effect("plan_meeting")
def plan_meeting(doing: Doing) -> None:
    """Planned again, it is the same meeting on another day."""
    day, section_47 = doing.answers["meets_on"], bool(doing.answers["section_47"])
    if section_47:
        _is_the_same_day(doing, day)
    meeting = _planned(doing.case)
    if meeting is None:
        meeting = Meeting(referral=doing.case.referral, kind="planning")
        doing.case.meetings.append(meeting)
    meeting.planned_for, meeting.section_47 = day, section_47
    meeting.save()
    doing.clock.choose("planned_meeting", day)
    running = doing.clock.runs("section_47")
    if section_47 and not running:
        doing.clock.start("section_47")
    if not section_47:
        doing.clock.cease(*running)


def _is_the_same_day(doing: Doing, day: date) -> None:
    """With section 47; what is planned when nobody works has until the next working day."""
    today, latest = london_date(doing.now), doing.clock.same_day()
    if day <= latest:
        return
    if latest == today:
        raise Refused("With a section 47 enquiry the meeting is today.", field="meets_on")
    last = short_date(latest, doing.now)
    raise Refused(
        f"With a section 47 enquiry the meeting is today or, at the latest, on {last}.", field="meets_on"
    )


def _planned(case: Case) -> Meeting | None:
    return next((m for m in case.meetings if m.kind == "planning" and m.held_on is None), None)


@_effect("hold_meeting")
def hold_meeting(doing: Doing) -> None:
    """The one that was planned; or one that was held before anybody planned it here."""
    meeting = _planned(doing.case)
    if meeting is None:
        section_47 = bool(doing.answers.get("section_47"))
        meeting = Meeting(referral=doing.case.referral, kind="planning", section_47=section_47)
        doing.case.meetings.append(meeting)
    meeting.held_on = doing.answers["held_on"]
    meeting.save()
    _attend(doing, meeting)
    doing.clock.meet("hold_meeting", on=meeting.held_on)


def _attend(doing: Doing, meeting: Meeting) -> None:
    asked = [
        Attendee(referral=doing.case.referral, meeting=meeting, who=who, came=came)
        for name, came in (("attendees", True), ("absent", False))
        for who in doing.answers.get(name) or []
    ]
    doing.case.attendees += Attendee.objects.bulk_create(asked)


@_effect("hold_review")
def hold_review(doing: Doing) -> None:
    meeting = Meeting(referral=doing.case.referral, kind="review", held_on=doing.answers["held_on"])
    meeting.save()
    doing.case.meetings.append(meeting)
    _attend(doing, meeting)
    doing.clock.meet("hold_review", on=meeting.held_on)
    doing.clock.choose("next_review", doing.answers["next_review"])


@_effect("add_strand")
def add_strand(doing: Doing) -> None:
    case, kind = doing.case, doing.answers["strand_kind"]
    employer = None
    if kind == EMPLOYMENT:
        if not doing.answers.get("employer"):
            raise Refused(
                "Choose which employer's strand it is. Add the employer first if need be.", field="employer"
            )
        employer = doing.one("employer", case.employers, "Choose an employer of this referral.")
    if any(s.kind == kind and s.employer_id == (employer and employer.pk) for s in case.strands):
        raise Refused("This strand is there already.", field="strand_kind")
    strand = Strand(
        referral=case.referral,
        kind=kind,
        employer=employer,
        state=STRAND_STATES[kind][0],
        opened_on=london_date(doing.now),
    )
    strand.save()
    case.strands.append(strand)


@_effect("move_strand")
def move_strand(doing: Doing) -> None:
    strand = doing.one("strand", doing.case.strands, "Choose a strand of this referral.")
    state = doing.answers["strand_state"]
    if state not in strand.states:
        raise Refused("This strand can't become that. Choose where it stands now.", field="strand_state")
    strand.state = state
    strand.concluded_on = london_date(doing.now) if state == CONCLUDED else None
    strand.save()


@_effect("record_outcome")
def record_outcome(doing: Doing) -> None:
    """No outcome while a strand is open, save with a reason."""
    if any(s.is_open for s in doing.case.strands) and not doing.text("why_now").strip():
        raise Refused("A strand is still open. Say why the outcome can't wait, or wait.", field="why_now")
    allegation = doing.one("allegation", doing.case.allegations, "Choose an allegation of this referral.")
    allegation.outcome, allegation.outcome_at = doing.answers["outcome"], doing.now
    allegation.save()


@_effect("determine")
def determine(doing: Doing) -> None:
    """What was substantiated, or led to removal, brings the DBS and regulator duties."""
    referral = doing.case.referral
    referral.removed = bool(doing.answers["removed"])
    referral.determined_at = doing.now
    referral.duties_needed = referral.removed or any(
        a.outcome == "substantiated" for a in doing.case.allegations
    )
    doing.clock.cease("first_review", "next_review")


@_effect("start_duties")
def start_duties(doing: Doing) -> None:
    if doing.case.referral.duties_needed:
        doing.clock.start("duties")


@_effect("answer_dbs")
def answer_dbs(doing: Doing) -> None:
    referral, answer = doing.case.referral, doing.answers["dbs_answer"]
    if answer == "referred" and not doing.answers.get("dbs_on"):
        raise Refused("Say on which day the DBS was told.", field="dbs_on")
    if answer != "referred" and not doing.text("reasons").strip():
        raise Refused("Say why, or what you decided about a referral of your own.", field="reasons")
    referral.dbs_answer = answer
    referral.dbs_on = doing.answers.get("dbs_on") if answer == "referred" else None


@_effect("answer_regulator")
def answer_regulator(doing: Doing) -> None:
    referral, answer = doing.case.referral, doing.answers["regulator_answer"]
    if answer == "told" and doing.answers["regulator"] == "none":
        raise Refused("Choose which regulator was told.", field="regulator")
    if answer == "told" and not doing.answers.get("regulator_on"):
        raise Refused("Say on which day the regulator was told.", field="regulator_on")
    if answer != "told" and not doing.text("reasons").strip():
        raise Refused("Say why no regulator needs to be told.", field="reasons")
    referral.regulator, referral.regulator_answer = doing.answers["regulator"], answer
    referral.regulator_on = doing.answers.get("regulator_on") if answer == "told" else None


@_effect("reopen")
def reopen(doing: Doing) -> None:
    """A new episode: what was decided stands in the chronology, and is asked again where it is needed."""
    referral = doing.case.referral
    referral.episode += 1
    referral.ended_at = referral.determined_at = None
    referral.removed, referral.duties_needed = None, False
    referral.dbs_answer = referral.regulator = referral.regulator_answer = ""
    referral.dbs_on = referral.regulator_on = None
    doing.clock.start("contact", at=doing.answers["aware_again"])


@_effect("record_threshold")
def record_threshold(doing: Doing) -> None:
    referral = doing.case.referral
    referral.limbs = list(doing.answers["limbs"])
    referral.transferable_risk = bool(doing.answers.get("transferable_risk"))


KNEW = ("employer_aware", "police_aware")


@_effect("record_times")
def record_times(doing: Doing) -> None:
    referral = doing.case.referral
    for name in KNEW:
        if doing.answers.get(name):
            referral.note_when(name, doing.answers[name])
    for name in ("police_as", "late_reason"):
        if doing.answers.get(name):
            setattr(referral, name, doing.answers[name])
    referral.told_in_time = doing.clock.told_in_time()


ADULT = ("adult_name", "adult_role", "sector", "posts")


@_effect("record_adult")
def record_adult(doing: Doing) -> None:
    referral = doing.case.referral
    for name in ADULT:
        if doing.answers.get(name):
            setattr(referral, name, doing.answers[name])
    if doing.answers.get("adult_born"):
        referral.adult_born = doing.answers["adult_born"].isoformat()
    if doing.answers.get("agency_worker") is not None:
        referral.agency_worker = doing.answers["agency_worker"]


@_effect("add_child")
def add_child(doing: Doing) -> None:
    born = doing.answers.get("child_born")
    child = Child(
        referral=doing.case.referral, name=doing.text("child_name"), born=born.isoformat() if born else ""
    )
    child.save()
    doing.case.children.append(child)


@_effect("add_employer")
def add_employer(doing: Doing) -> None:
    employer = Employer(
        referral=doing.case.referral,
        name=doing.text("employer_name"),
        sector=doing.answers["sector"],
        contact=doing.text("employer_contact"),
        phone=doing.text("employer_phone"),
        is_agency=bool(doing.answers.get("is_agency")),
    )
    employer.save()
    doing.case.employers.append(employer)


@_effect("set_lead_employer")
def set_lead_employer(doing: Doing) -> None:
    leader = doing.one("employer", doing.case.employers, "Choose an employer of this referral.")
    for employer in doing.case.employers:
        if employer.leads and employer is not leader:
            employer.leads = False
            employer.save()
    leader.leads = True
    leader.save()


@_effect("add_allegation")
def add_allegation(doing: Doing) -> None:
    allegation = Allegation(
        referral=doing.case.referral,
        nature=doing.answers["nature"],
        what=doing.text("what"),
        non_recent=bool(doing.answers.get("non_recent")),
    )
    allegation.save()
    doing.case.allegations.append(allegation)
    doing.entry_codes["allegation"] = allegation.pk


@_effect("write_letter")
def write_letter(doing: Doing) -> None:
    letter = Letter(
        referral=doing.case.referral, to=doing.answers["letter_to"], sent_on=doing.answers["sent_on"]
    )
    letter.save()
    doing.case.letters.append(letter)
    doing.clock.start("step:write_letter", subject=letter.pk, about=letter.to)


@_effect("answer_letter")
def answer_letter(doing: Doing) -> None:
    waiting = [letter for letter in doing.case.letters if letter.answered_on is None]
    letter = doing.one("letter", waiting, "Choose a letter that waits for an answer.")
    if doing.answers["answered_on"] < letter.sent_on:
        raise Refused("The answer can't come before the letter was sent.", field="answered_on")
    letter.answered_on = doing.answers["answered_on"]
    letter.save()
    doing.clock.meet("answer_letter", subject=letter.pk, on=letter.answered_on)


@_effect("add_action")
def add_action(doing: Doing) -> None:
    action = Action(
        referral=doing.case.referral,
        what=doing.text("what"),
        owner=doing.text("owner"),
        due=doing.answers["due_on"],
    )
    action.save()
    doing.case.actions.append(action)
    doing.clock.choose("action", action.due, subject=action.pk)


@_effect("complete_action")
def complete_action(doing: Doing) -> None:
    undone = [action for action in doing.case.actions if action.done_on is None]
    action = doing.one("action", undone, "Choose an action that is not done.")
    action.done_on = doing.answers["done_on"]
    action.save()
    doing.clock.meet("complete_action", subject=action.pk, on=action.done_on)


@_effect("welfare_contact")
def welfare_contact(doing: Doing) -> None:
    doing.clock.meet("welfare_contact", about=doing.answers["welfare_of"])


@_effect("ask_referrer")
def ask_referrer(doing: Doing) -> None:
    question = Question(referral=doing.case.referral, text=doing.text("what"))
    question.save()
    doing.case.questions.append(question)
    doing.clock.start("step:ask_referrer", subject=question.pk)


@_effect("answer_question")
def answer_question(doing: Doing) -> None:
    waiting = [question for question in doing.case.questions if question.answered_at is None]
    question = doing.one("question", waiting, "Choose a question that waits for an answer.")
    question.answered_at = doing.now
    question.save()
    doing.clock.meet("answer_question", subject=question.pk)
    add_information(doing)


@_effect("explain_late")
def explain_late(doing: Doing) -> None:
    doing.case.referral.late_reason = doing.text("late_reason")
    add_information(doing)


@_effect("add_information")
def add_information(doing: Doing) -> None:
    if not doing.case.referral.news:
        doing.clock.start("news")
    doing.case.referral.news = True


@_effect("read_news")
def read_news(doing: Doing) -> None:
    doing.case.referral.news = False


@_effect("record_followed")
def record_followed(doing: Doing) -> None:
    doing.case.referral.followed = {name: doing.answers[name] for name in CHECKLIST}


@_effect("allocate")
def allocate(doing: Doing) -> None:
    members = {str(m.user.pk): m.user for m in doing.case.may_take_it()}
    chosen = members.get(str(doing.answers["member"]))
    if chosen is None:
        raise Refused("Choose somebody of the LADO team.", field="member")
    doing.case.referral.owner = chosen
    doing.entry_codes["member"] = chosen.pk
    doing.told.append(chosen)


@_effect("let_support_read")
def let_support_read(doing: Doing) -> None:
    members = {str(m.user.pk): m.user for m in doing.case.may_take_it() if not m.decides}
    chosen = members.get(str(doing.answers["support_member"]))
    if chosen is None:
        raise Refused("Choose somebody of LADO support.", field="support_member")
    if doing.answers["until"] > london_date(doing.now + LONGEST_GRANT):
        raise Refused("At most 90 days. It can be given again.", field="until")
    grant = Grant(
        referral=doing.case.referral,
        user=chosen,
        since=doing.now,
        given_by=doing.by,
        until=doing.answers["until"],
    )
    grant.save()
    doing.case.grants.append(grant)
    doing.entry_codes |= {"member": chosen.pk, "grant": grant.pk}
    doing.told.append(chosen)


@_effect("end_support_reading")
def end_support_reading(doing: Doing) -> None:
    grant = doing.one("grant", doing.case.support_reads(), "Choose whose reading ends.")
    grant.ended_at, grant.ended_by = doing.now, doing.by
    grant.save()
    doing.entry_codes["member"] = grant.user_id


@_effect("declare_conflict")
def declare_conflict(doing: Doing) -> None:
    if doing.by is not None:
        why = known_reason(doing.answers["conflict_reason"], field="conflict_reason")
        keep_out(doing.case, doing.by, why, by=doing.by, now=doing.now).save()


@_effect("name_conflict")
def name_conflict(doing: Doing) -> None:
    """Of a colleague; somebody who decides is left."""
    case = doing.case
    colleagues = {str(m.user.pk): m.user for m in case.may_take_it() if m.user != doing.by}
    chosen = colleagues.get(str(doing.answers["colleague"]))
    if chosen is None:
        raise Refused("Choose a colleague of the LADO team.", field="colleague")
    if not any(m.decides and m.user != chosen for m in case.may_take_it()):
        raise Refused(
            "Nobody else of the LADO team could decide. Transfer it to a neighbouring LADO.",
            field="colleague",
        )
    why = known_reason(doing.answers["conflict_reason"], field="conflict_reason")
    keep_out(case, chosen, why, by=doing.by, now=doing.now).save()
    doing.entry_codes["member"] = chosen.pk


@_effect("lift_conflict")
def lift_conflict(doing: Doing) -> None:
    conflict = doing.one("kept_out", doing.case.kept_out(), "Choose who is let back in.")
    if doing.by is None or not conflict.lift(by=doing.by, now=doing.now):
        raise Refused("Choose who is let back in.", field="kept_out")
    doing.entry_codes["member"] = conflict.user_id


def keep_out(case: Case, user: User, why: ConflictReason, *, by: User | None, now: datetime) -> Conflict:
    """This person loses sight of the referral; what they held goes to a colleague. Not stored yet."""
    conflict = Conflict(referral=case.referral, user=user, reason=why, named_by=by, since=now)
    case.conflicts.append(conflict)
    if case.referral.owner_id in (None, user.pk):
        case.referral.owner = next((m.user for m in case.may_take_it() if m.decides), None)
    return conflict


@_effect("ask_head")
def ask_head(doing: Doing) -> None:
    doing.case.referral.head_asked = True


@_effect("head_answered")
def head_answered(doing: Doing) -> None:
    doing.case.referral.head_asked = False
