"""The step table of a LADO referral: who may do what, when, and where it leads.

The road is that of Working Together and Keeping Children Safe in Education: a contact is answered; what
meets the threshold is evaluated, led by the employer or planned in a meeting; strands run beside each
other; each allegation has an outcome; the duties that follow are answered; only then it closes.
tests/lado/steps.csv holds the same written by hand, as a check.
"""

from enum import StrEnum

from django.db.models import TextChoices

from core.machine import Step
from escalation.lado import guards as g
from escalation.lado.facts import Facts


class Status(TextChoices):
    CONTACT = "contact", "Contact received"
    ACCEPTED = "accepted", "Accepted"
    EVALUATION = "evaluation", "Initial evaluation"
    EMPLOYER_LED = "employer_led", "Led by the employer, with oversight"
    MEETING_PLANNED = "meeting_planned", "Meeting planned"
    MEETING_HELD = "meeting_held", "Meeting held"
    STRANDS_OPEN = "strands_open", "Strands open"
    STRANDS_CONCLUDED = "strands_concluded", "Strands concluded"
    OUTCOME = "outcome", "Outcome determined"
    DUTIES = "duties", "Duties after the outcome"
    CLOSED = "closed", "Closed"
    REOPENED = "reopened", "Reopened"
    ADVICE_GIVEN = "advice_given", "Advice given"
    BELOW_THRESHOLD = "below_threshold", "Below the threshold, with the employer"
    TRANSFERRED = "transferred", "Transferred to another authority"
    NO_FURTHER_ROLE = "no_further_role", "No further LADO role"


class Who(StrEnum):
    """What a person is to a referral."""

    LADO = "lado"  # the LADO or a deputy LADO
    SUPPORT = "support"  # LADO support
    REFERRER = "referrer"  # whoever holds the receipt


WHO_WORDS: dict[str, str] = {
    Who.LADO: "the LADO or a deputy LADO",
    Who.SUPPORT: "LADO support",
    Who.REFERRER: "whoever holds the receipt number",
}

ENDED_BEFORE, STARTED_AFRESH, EARLIER_NOTES = "ended_before", "started_afresh", "earlier_notes"
NOT_STEPS: dict[str, str] = {
    ENDED_BEFORE: "Ended",
    STARTED_AFRESH: "Brought in from the earlier log, still open. Its times start again",
    EARLIER_NOTES: "The earlier log also says",
}
"""Lines of the chronology that no step writes, in words: what an import leaves."""
EARLIER_LOG = "earlier_log"
"""The seat of whoever an earlier log says did something."""

S = Status
NEW = (S.CONTACT, S.REOPENED)
LOOKING = (S.ACCEPTED, S.EVALUATION, S.EMPLOYER_LED, S.MEETING_PLANNED, S.MEETING_HELD)
STRANDS = (S.STRANDS_OPEN, S.STRANDS_CONCLUDED)
DECIDED = (S.OUTCOME, S.DUTIES)
OPEN = (*NEW, *LOOKING, *STRANDS, *DECIDED)
ENDED = (S.CLOSED, S.ADVICE_GIVEN, S.BELOW_THRESHOLD, S.TRANSFERRED, S.NO_FURTHER_ROLE)
EVERY = (*OPEN, *ENDED)
UNDECIDED = (*NEW, *LOOKING, *STRANDS)
WITH_STRANDS = (S.EVALUATION, S.EMPLOYER_LED, S.MEETING_PLANNED, S.MEETING_HELD, *STRANDS, *DECIDED)

LADO = frozenset({Who.LADO})
TEAM = frozenset({Who.LADO, Who.SUPPORT})
REFERRER = frozenset({Who.REFERRER})

STRAND_STATES: dict[str, tuple[str, ...]] = {
    "police": ("investigating", "with_prosecutors", "in_court", "concluded"),
    "social_care": ("enquiry", "assessment", "concluded"),
    "employment": ("fact_finding", "investigating", "hearing", "appeal", "concluded"),
}
"""A strand's own small table: where it begins, and what it can become. A concluded one can open again."""
CONCLUDED = "concluded"


def by_open_strands(facts: Facts) -> str:
    """Among the strands the last one concluded moves the referral, and one that opens moves it back."""
    if facts.status not in STRANDS:
        return facts.status
    return S.STRANDS_OPEN if facts.open_strands else S.STRANDS_CONCLUDED


STEPS: tuple[Step[Facts], ...] = (
    Step(
        name="give_advice",
        label="Give advice only",
        past="Advice was given",
        source=NEW,
        target=S.ADVICE_GIVEN,
        who=LADO,
        guards=(g.not_about_us,),
        asks=("what",),
        needs=("what",),
        ends_clocks=True,
        banner="The advice is recorded.",
        why="About a third of all contacts need advice only. They count as contacts, not as referrals.",
    ),
    Step(
        name="below_threshold",
        label="Return it to the employer",
        past="Below the threshold, returned to the employer",
        source=NEW,
        target=S.BELOW_THRESHOLD,
        who=LADO,
        guards=(g.not_about_us,),
        asks=("what",),
        needs=("what",),
        ends_clocks=True,
        banner="It is returned to the employer.",
        why="What does not meet the threshold is for the employer to deal with.",
    ),
    Step(
        name="transfer",
        label="Transfer it to another authority",
        past="Transferred to another authority",
        source=NEW,
        target=S.TRANSFERRED,
        who=LADO,
        asks=("to_area", "spoke_to", "called_at", "what"),
        needs=("to_area", "spoke_to", "called_at"),
        ends_clocks=True,
        banner="It is transferred.",
        why="The LADO of the area where the adult works leads. It is transferred once somebody there has taken it: who, and when.",
    ),
    Step(
        name="accept",
        label="Accept it: the threshold is met",
        past="Accepted",
        source=NEW,
        target=S.ACCEPTED,
        who=LADO,
        guards=(g.not_about_us, g.a_limb),
        asks=("what",),
        needs=("what",),
        banner="It is accepted.",
        why="Any of the four parts of the threshold is enough.",
    ),
    Step(
        name="start_evaluation",
        label="Start the initial evaluation",
        past="The initial evaluation began",
        source=(S.ACCEPTED,),
        target=S.EVALUATION,
        who=LADO,
        asks=("what",),
        needs=("what",),
        banner="The evaluation has begun.",
        why="The LADO and the employer talk it through, with the police and social care where a crime or significant harm may be in it.",
    ),
    Step(
        name="employer_leads",
        label="Let the employer lead, with oversight",
        past="The employer leads, with oversight",
        source=(S.EVALUATION, S.MEETING_PLANNED),
        target=S.EMPLOYER_LED,
        who=LADO,
        asks=("what", "next_review"),
        needs=("what",),
        banner="The employer leads. The LADO keeps an eye on it.",
        why="Where neither the police nor social care need to look, the employer looks into it and the LADO oversees.",
    ),
    Step(
        name="plan_meeting",
        label="Plan a meeting",
        past="A meeting was planned",
        source=(S.EVALUATION, S.EMPLOYER_LED, S.MEETING_PLANNED),
        target=S.MEETING_PLANNED,
        who=TEAM,
        asks=("meets_on", "section_47", "what"),
        needs=("meets_on", "section_47"),
        banner="The meeting is planned.",
        why="An allegations (ASV) meeting plans who looks at what. With section 47 it is held the same day.",
    ),
    Step(
        name="hold_meeting",
        label="Record the meeting",
        past="The meeting was held",
        source=(S.MEETING_PLANNED,),
        target=S.MEETING_HELD,
        who=LADO,
        asks=("held_on", "attendees", "absent", "what"),
        needs=("held_on", "attendees", "what"),
        banner="The meeting is recorded. Add its actions one by one.",
        why="Meetings held are the third number that is always counted, with who came.",
    ),
    Step(
        name="open_strands",
        label="Begin the strands",
        past="The strands began",
        source=(S.EMPLOYER_LED, S.MEETING_HELD),
        target=S.STRANDS_OPEN,
        who=LADO,
        guards=(g.a_strand, g.someone_leads),
        asks=("what",),
        banner="The strands run. The first review is due in four weeks.",
        why="Police, social care and each employer run beside each other. The LADO oversees; it does not investigate.",
    ),
    Step(
        name="add_strand",
        label="Add a strand",
        past="A strand was added",
        source=WITH_STRANDS[:-2],
        target=by_open_strands,
        targets=WITH_STRANDS[:-2],
        who=TEAM,
        asks=("strand_kind", "employer", "what"),
        needs=("strand_kind",),
        banner="The strand is added.",
        why="Each strand has a state of its own: the police, social care, and one for each employer.",
    ),
    Step(
        name="move_strand",
        label="Say where a strand stands",
        past="A strand moved",
        source=WITH_STRANDS,
        target=by_open_strands,
        targets=WITH_STRANDS,
        who=TEAM,
        guards=(g.a_strand,),
        asks=("strand", "strand_state", "what"),
        needs=("strand", "strand_state", "what"),
        banner="It is noted.",
        why="The last strand to conclude moves the referral on. A resignation or settlement does not end the process.",
    ),
    Step(
        name="hold_review",
        label="Record a review",
        past="A review was held",
        source=(S.EMPLOYER_LED, S.STRANDS_OPEN),
        target=None,
        who=LADO,
        asks=("held_on", "attendees", "what", "next_review"),
        needs=("held_on", "what", "next_review"),
        banner="The review is recorded, with the day of the next.",
        why="The first review is within four weeks; each names the day of the next.",
    ),
    Step(
        name="record_outcome",
        label="Give an allegation its outcome",
        past="An allegation has an outcome",
        source=STRANDS,
        target=None,
        who=LADO,
        guards=(g.an_allegation,),
        asks=("allegation", "outcome", "reasons", "why_now"),
        needs=("allegation", "outcome", "reasons"),
        banner="The outcome is recorded.",
        why="Each allegation has an outcome of its own; not while a strand is open, save with a reason.",
    ),
    Step(
        name="determine",
        label="Say that the outcome is determined",
        past="The outcome was determined",
        source=STRANDS,
        target=S.OUTCOME,
        who=LADO,
        guards=(g.an_allegation, g.every_allegation_has_an_outcome),
        asks=("removed", "what"),
        needs=("removed",),
        banner="The outcome is determined. Say next who is told.",
        why="Only once every allegation has an outcome. Whether the person was removed, or would have been, decides what must follow.",
    ),
    Step(
        name="start_duties",
        label="Tell people the outcome",
        past="People were told the outcome",
        source=(S.OUTCOME,),
        target=S.DUTIES,
        who=LADO,
        asks=("what",),
        needs=("what",),
        banner="It is noted who was told.",
        why="The adult, the employer, the child's family and the referrer hear what they may know. The duties after the outcome begin.",
    ),
    Step(
        name="answer_dbs",
        label="Answer the DBS question",
        past="The DBS question was answered",
        source=(S.DUTIES,),
        target=None,
        who=LADO,
        guards=(g.duties_needed,),
        asks=("dbs_answer", "dbs_on", "reasons"),
        needs=("dbs_answer",),
        banner="The DBS answer is recorded.",
        why="Whoever removed a person for harm, or would have, must refer them. Where the employer refuses, the LADO considers it.",
    ),
    Step(
        name="answer_regulator",
        label="Answer the regulator question",
        past="The regulator question was answered",
        source=(S.DUTIES,),
        target=None,
        who=LADO,
        guards=(g.duties_needed,),
        asks=("regulator", "regulator_answer", "regulator_on", "reasons"),
        needs=("regulator", "regulator_answer"),
        banner="The regulator answer is recorded.",
        why="The body that registers the person is told, or it is said why not.",
    ),
    Step(
        name="close",
        label="Close it",
        past="Closed",
        source=(S.DUTIES,),
        target=S.CLOSED,
        who=LADO,
        guards=(
            g.strands_have_ended,
            g.dbs_answered,
            g.regulator_answered,
            g.lateness_explained,
            g.no_open_disagreement,
        ),
        asks=("what",),
        ends_clocks=True,
        banner="It is closed.",
        why="Only when the duties after the outcome are answered.",
    ),
    Step(
        name="no_further_role",
        label="Say that the LADO has no further role",
        past="The LADO has no further role",
        source=(S.EVALUATION, S.EMPLOYER_LED, S.MEETING_HELD),
        target=S.NO_FURTHER_ROLE,
        who=LADO,
        asks=("no_role_reason", "what"),
        needs=("no_role_reason", "what"),
        ends_clocks=True,
        banner="The LADO's part has ended.",
        why="An end that is no outcome. A resignation or settlement is no reason for it.",
    ),
    Step(
        name="reopen",
        label="Reopen it",
        past="Reopened",
        source=ENDED,
        target=S.REOPENED,
        who=LADO,
        asks=("aware_again", "what"),
        needs=("aware_again", "what"),
        banner="It is open again. The clock counts from when the new information was known.",
        why="New information can reopen any end.",
    ),
    Step(
        name="record_threshold",
        label="Say which parts of the threshold it may meet",
        past="The threshold was looked at",
        source=OPEN,
        target=None,
        who=LADO,
        asks=("limbs", "transferable_risk"),
        needs=("limbs",),
        banner="The threshold is noted.",
        why="Four parts, any of which is enough. Something in the person's own life is a mark beside them.",
    ),
    Step(
        name="record_times",
        label="Say when who knew",
        past="The times were noted",
        source=OPEN,
        target=None,
        who=TEAM,
        asks=("employer_aware", "police_as", "police_aware", "late_reason"),
        banner="The times are noted.",
        why="The LADO is told within one working day. If not, the reason is kept here and never leaves.",
    ),
    Step(
        name="record_adult",
        label="Add what is known of the adult",
        past="Something was added about the adult",
        source=OPEN,
        target=None,
        who=TEAM,
        asks=("adult_name", "adult_born", "adult_role", "sector", "agency_worker", "posts"),
        banner="It is noted.",
        why="Name, date of birth and every post with children: needed to see patterns, and kept here only.",
    ),
    Step(
        name="add_child",
        label="Add a child",
        past="A child was added",
        source=OPEN,
        target=None,
        who=TEAM,
        asks=("child_name", "child_born"),
        needs=("child_name",),
        banner="The child is added.",
        why="The LADO needs to know which child, to see patterns and to tell social care.",
    ),
    Step(
        name="add_employer",
        label="Add an employer",
        past="An employer was added",
        source=OPEN,
        target=None,
        who=TEAM,
        asks=("employer_name", "sector", "employer_contact", "employer_phone", "is_agency"),
        needs=("employer_name", "sector"),
        banner="The employer is added.",
        why="Agency and school can both be employers: each has a strand of its own.",
    ),
    Step(
        name="set_lead_employer",
        label="Say which employer leads",
        past="It was agreed which employer leads",
        source=OPEN,
        target=None,
        who=LADO,
        guards=(g.several_employers,),
        asks=("employer", "what"),
        needs=("employer",),
        banner="It is noted who leads.",
        why="Where there are several employers, one of them leads.",
    ),
    Step(
        name="add_allegation",
        label="Write down an allegation",
        past="An allegation was written down",
        source=UNDECIDED,
        target=None,
        who=LADO,
        asks=("nature", "what", "non_recent"),
        needs=("nature", "what"),
        banner="The allegation is written down.",
        why="One referral may hold several allegations, each with its own outcome.",
    ),
    Step(
        name="write_letter",
        label="Note a letter that asks for an answer",
        past="A letter was sent",
        source=OPEN,
        target=None,
        who=TEAM,
        asks=("letter_to", "sent_on", "what"),
        needs=("letter_to", "sent_on", "what"),
        banner="The letter is noted. It comes up when no answer has come.",
        why="Letters without an answer are what stops most referrals.",
    ),
    Step(
        name="answer_letter",
        label="Note the answer to a letter",
        past="A letter was answered",
        source=EVERY,
        target=None,
        who=TEAM,
        guards=(g.a_letter_waits,),
        asks=("letter", "answered_on", "what"),
        needs=("letter", "answered_on"),
        banner="The answer is noted.",
        why="An answered letter is off the list.",
    ),
    Step(
        name="add_action",
        label="Add an action",
        past="An action was agreed",
        source=OPEN,
        target=None,
        who=TEAM,
        asks=("what", "owner", "due_on"),
        needs=("what", "owner", "due_on"),
        banner="The action is added.",
        why="Each action of a meeting has an owner and a day.",
    ),
    Step(
        name="complete_action",
        label="Say an action is done",
        past="An action was done",
        source=EVERY,
        target=None,
        who=TEAM,
        guards=(g.an_action_is_open,),
        asks=("action", "done_on", "what"),
        needs=("action", "done_on"),
        banner="The action is done.",
        why="An action that is done is off the list.",
    ),
    Step(
        name="welfare_contact",
        label="Note who is in touch",
        past="Somebody is in touch",
        source=OPEN,
        target=None,
        who=TEAM,
        asks=("welfare_of", "what"),
        needs=("welfare_of", "what"),
        banner="It is noted.",
        why="The adult and the child both need somebody to talk to while it goes on.",
    ),
    Step(
        name="ask_referrer",
        label="Ask the referrer a question",
        past="The referrer was asked a question",
        source=OPEN,
        target=None,
        who=TEAM,
        asks=("what",),
        needs=("what",),
        banner="The question waits for them under their receipt number.",
        why="The referrer sees the question and nothing else.",
    ),
    Step(
        name="answer_question",
        label="Answer a question",
        past="The referrer answered",
        source=EVERY,
        target=None,
        who=REFERRER,
        guards=(g.a_question_is_open,),
        asks=("question", "what"),
        needs=("question", "what"),
        banner="Your answer is sent to the LADO.",
        why="Whoever holds the receipt answers, and sees nothing else.",
    ),
    Step(
        name="add_information",
        label="Add something",
        past="The referrer added something",
        source=EVERY,
        target=None,
        who=REFERRER,
        asks=("what",),
        needs=("what",),
        banner="What you wrote is sent to the LADO.",
        why="Whoever holds the receipt can add at any time, also after an end.",
    ),
    Step(
        name="read_news",
        label="Note that you read what the referrer added",
        past="What the referrer added was read",
        source=EVERY,
        target=None,
        who=LADO,
        guards=(g.there_is_news,),
        asks=("what",),
        banner="It is noted.",
        why="What a referrer adds waits until the LADO says it was read.",
    ),
    Step(
        name="record_followed",
        label="Say if local LADO policy was followed",
        past="It was noted if policy was followed",
        source=EVERY,
        target=None,
        who=LADO,
        asks=(
            "told_in_time",
            "right_route",
            "only_basic_facts",
            "not_told_early",
            "records_shared",
            "attended",
            "duties_done",
            "what",
        ),
        needs=(
            "told_in_time",
            "right_route",
            "only_basic_facts",
            "not_told_early",
            "records_shared",
            "attended",
            "duties_done",
        ),
        banner="It is noted.",
        why="Asked of each referral, for assurance that agencies follow local policy (Section 11).",
    ),
    Step(
        name="allocate",
        label="Give it to a colleague",
        past="Given to a colleague",
        source=EVERY,
        target=None,
        who=TEAM,
        asks=("member", "what"),
        needs=("member",),
        banner="They have been told that it is theirs.",
        why="So that nothing waits with somebody who is away.",
    ),
    Step(
        name="let_support_read",
        label="Let support read the words",
        past="Support may read the words",
        source=EVERY,
        target=None,
        who=LADO,
        asks=("support_member", "until", "what"),
        needs=("support_member", "until", "what"),
        banner="They can read the words until that day.",
        why="LADO support sees no narrative unless it is granted, for a time and with a reason.",
    ),
    Step(
        name="declare_conflict",
        label="Say that I must not see this",
        past="Somebody stepped back from it",
        source=EVERY,
        target=None,
        who=TEAM,
        guards=(g.somebody_else,),
        asks=("what",),
        needs=("what",),
        banner="You can't see it any more. A colleague has it.",
        why="Whoever it concerns, or who knows them, loses sight of it at once.",
    ),
    Step(
        name="ask_head",
        label="Pass a disagreement to the head of service",
        past="A disagreement went to the head of service",
        source=EVERY,
        target=None,
        who=TEAM,
        guards=(g.head_not_asked,),
        asks=("who_disagrees", "what"),
        needs=("who_disagrees", "what"),
        banner="The head of service is asked.",
        why="Who disagrees with the LADO is heard by the LADO's head of service, inside the wall.",
    ),
    Step(
        name="head_answered",
        label="Note the head of service's answer",
        past="The head of service answered",
        source=EVERY,
        target=None,
        who=TEAM,
        guards=(g.head_asked,),
        asks=("spoke_to", "what"),
        needs=("spoke_to", "what"),
        banner="The answer is noted.",
        why="The answer stands in the record in the head of service's own words.",
    ),
    Step(
        name="add_note",
        label="Add something new",
        past="Added",
        source=EVERY,
        target=None,
        who=TEAM,
        asks=("what", "method", "happened_at"),
        needs=("what",),
        banner="Your words are added.",
        why="A call, a meeting, something new.",
    ),
    Step(
        name="correct",
        label="Correct an entry",
        past="Corrected an entry",
        source=EVERY,
        target=None,
        who=TEAM,
        asks=("corrects", "what"),
        needs=("corrects", "what"),
        banner="The correction stands beside the entry.",
        why="Corrections are additions; an entry is never edited.",
    ),
)

STEP: dict[str, Step[Facts]] = {step.name: step for step in STEPS}
