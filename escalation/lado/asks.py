"""What the LADO's steps ask: each answer's kind, vocabulary and words."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    TEXT = "text"
    LINE = "line"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    DATE = "date"
    FUTURE_DATE = "future_date"
    MOMENT = "moment"
    WHEN = "when"  # a moment; the day alone where nobody knows the time
    PEOPLE = "people"  # one person a line: name, organisation
    EMPLOYER = "employer"
    ALLEGATION = "allegation"
    STRAND = "strand"
    LETTER = "letter"
    ACTION = "action"
    QUESTION = "question"
    MEMBER = "member"  # somebody of the LADO team
    SUPPORT = "support"
    COLLEAGUE = "colleague"  # of those whom it does not concern, all but oneself
    CONFLICT = "conflict"  # somebody who is kept out
    GRANT = "grant"  # somebody of support who reads the words
    WHY = "why"  # why somebody must not see it
    ENTRY = "entry"


FROM_THE_CASE = frozenset(
    (
        Kind.EMPLOYER,
        Kind.ALLEGATION,
        Kind.STRAND,
        Kind.LETTER,
        Kind.ACTION,
        Kind.QUESTION,
        Kind.MEMBER,
        Kind.SUPPORT,
        Kind.COLLEAGUE,
        Kind.CONFLICT,
        Kind.GRANT,
        Kind.ENTRY,
    )
)
"""Answers that name a row of the referral, or a person, by its number."""


@dataclass(frozen=True)
class Ask:
    """One answer. `missing` is the sentence shown where a needed answer is empty."""

    name: str
    kind: Kind
    label: str
    missing: str
    hint: str = ""
    vocabulary: str = ""


CHECKLIST: dict[str, str] = {
    "told_in_time": "Was the LADO told within one working day?",
    "right_route": "Did it come by the right route, through the designated senior manager?",
    "only_basic_facts": "Were only the basic facts found before advice, with no interviews or statements?",
    "not_told_early": "Was the adult not told before that was agreed?",
    "records_shared": "Were records shared?",
    "attended": "Did the employer come to the meeting?",
    "duties_done": "Were the DBS and regulator duties done?",
}


def _asks(*asks: Ask) -> dict[str, Ask]:
    return {ask.name: ask for ask in asks}


ASKS = _asks(
    Ask("what", Kind.TEXT, "What would you like to say?", "Write what you want to say"),
    Ask("to_area", Kind.LINE, "Which authority?", "Say which authority it goes to"),
    Ask("spoke_to", Kind.LINE, "Who did you speak to?", "Say who you spoke to"),
    Ask("called_at", Kind.MOMENT, "When did you speak?", "Say when you spoke"),
    Ask("next_review", Kind.FUTURE_DATE, "When is the next review?", "Say when the next review is"),
    Ask("meets_on", Kind.FUTURE_DATE, "When does it meet?", "Say when it meets"),
    Ask(
        "section_47",
        Kind.YES_NO,
        "Is there a section 47 enquiry?",
        "Say if there is a section 47 enquiry",
        "Then the meeting is held the same day. Out of hours: by the next working day.",
    ),
    Ask("held_on", Kind.DATE, "When was it held?", "Say when it was held"),
    Ask("attendees", Kind.PEOPLE, "Who came?", "Say who came", "One person a line: name, organisation."),
    Ask(
        "absent",
        Kind.PEOPLE,
        "Who was asked and did not come?",
        "Say who did not come",
        "One a line, or nobody.",
    ),
    Ask("strand_kind", Kind.CHOICE, "Whose strand is it?", "Choose whose strand it is", vocabulary="strand"),
    Ask("employer", Kind.EMPLOYER, "Which employer?", "Choose the employer"),
    Ask("strand", Kind.STRAND, "Which strand?", "Choose the strand"),
    Ask(
        "strand_state", Kind.CHOICE, "Where does it stand?", "Say where it stands", vocabulary="strand_state"
    ),
    Ask("allegation", Kind.ALLEGATION, "Which allegation?", "Choose the allegation"),
    Ask("outcome", Kind.CHOICE, "What is the outcome?", "Choose the outcome", vocabulary="outcome"),
    Ask("reasons", Kind.TEXT, "What are the reasons?", "Give the reasons"),
    Ask(
        "why_now",
        Kind.TEXT,
        "A strand is still open. Why can't the outcome wait?",
        "A strand is still open. Say why the outcome can't wait, or wait",
    ),
    Ask(
        "removed",
        Kind.YES_NO,
        "Was the person removed from work with children, or would they have been if they had not left?",
        "Say if the person was or would have been removed",
    ),
    Ask("dbs_answer", Kind.CHOICE, "What was done?", "Choose what was done", vocabulary="dbs_answer"),
    Ask("dbs_on", Kind.DATE, "On which day?", "Say on which day"),
    Ask("regulator", Kind.CHOICE, "Which regulator?", "Choose the regulator", vocabulary="regulator"),
    Ask(
        "regulator_answer",
        Kind.CHOICE,
        "What was done?",
        "Choose what was done",
        vocabulary="regulator_answer",
    ),
    Ask("regulator_on", Kind.DATE, "On which day?", "Say on which day"),
    Ask(
        "no_role_reason",
        Kind.CHOICE,
        "Why?",
        "Choose a reason",
        "A resignation or a settlement does not end the process.",
        vocabulary="no_role_reason",
    ),
    Ask("aware_again", Kind.MOMENT, "When was the new information known?", "Say when it was known"),
    Ask("limbs", Kind.CHOICES, "Which of these may fit?", "Choose at least one", vocabulary="limb"),
    Ask("transferable_risk", Kind.YES_NO, "Is it about the adult's own life, outside work?", "Say if it is"),
    Ask("employer_aware", Kind.WHEN, "When did the employer know?", "Say when the employer knew"),
    Ask(
        "police_as",
        Kind.CHOICE,
        "How are the police in it?",
        "Say how the police are in it",
        vocabulary="police_as",
    ),
    Ask("police_aware", Kind.WHEN, "When did the police know?", "Say when the police knew"),
    Ask(
        "late_reason",
        Kind.TEXT,
        "If the LADO was told late, why?",
        "Say why the LADO was told late",
        "It stays with the LADO team.",
    ),
    Ask("adult_name", Kind.LINE, "The adult's name", "Give the name"),
    Ask("adult_born", Kind.DATE, "The adult's date of birth", "Give the date of birth"),
    Ask("adult_role", Kind.CHOICE, "What do they do?", "Choose what they do", vocabulary="role"),
    Ask("sector", Kind.CHOICE, "Where do they work?", "Choose where they work", vocabulary="sector"),
    Ask("agency_worker", Kind.YES_NO, "Do they work through an agency, or as supply?", "Say if they do"),
    Ask(
        "posts", Kind.TEXT, "Every other post with children", "Write the posts", "Clubs and volunteering too."
    ),
    Ask("child_name", Kind.LINE, "The child's name", "Give the child's name"),
    Ask("child_born", Kind.DATE, "The child's date of birth", "Give the date of birth"),
    Ask("employer_name", Kind.LINE, "Name of the employer", "Give the employer's name"),
    Ask("employer_contact", Kind.LINE, "Who speaks for them?", "Say who speaks for them"),
    Ask("employer_phone", Kind.LINE, "Their number", "Give their number"),
    Ask("is_agency", Kind.YES_NO, "Is it an agency that sent them to another employer?", "Say if it is"),
    Ask("nature", Kind.CHOICE, "What kind is it?", "Choose what kind it is", vocabulary="nature"),
    Ask("non_recent", Kind.YES_NO, "Is it non-recent?", "Say if it is non-recent"),
    Ask("letter_to", Kind.CHOICE, "To whom?", "Choose to whom", vocabulary="letter_to"),
    Ask("sent_on", Kind.DATE, "When was it sent?", "Say when it was sent"),
    Ask("letter", Kind.LETTER, "Which letter?", "Choose the letter"),
    Ask("answered_on", Kind.DATE, "When did the answer come?", "Say when the answer came"),
    Ask("owner", Kind.LINE, "Who does it?", "Say who does it", "Their job and organisation."),
    Ask("due_on", Kind.FUTURE_DATE, "By when?", "Say by when"),
    Ask("action", Kind.ACTION, "Which action?", "Choose the action"),
    Ask("done_on", Kind.DATE, "When was it done?", "Say when it was done"),
    Ask("welfare_of", Kind.CHOICE, "With whom?", "Choose with whom", vocabulary="welfare_of"),
    Ask("question", Kind.QUESTION, "Which question?", "Choose the question"),
    *(
        Ask(name, Kind.CHOICE, words, f"Answer: {words[0].lower()}{words[1:-1]}", vocabulary="followed")
        for name, words in CHECKLIST.items()
    ),
    Ask("member", Kind.MEMBER, "To whom?", "Choose a colleague"),
    Ask("support_member", Kind.SUPPORT, "Who?", "Choose who"),
    Ask("colleague", Kind.COLLEAGUE, "Who must not see this?", "Choose a colleague"),
    Ask("conflict_reason", Kind.WHY, "Why?", "Choose the reason"),
    Ask("kept_out", Kind.CONFLICT, "Who is let back in?", "Choose who is let back in"),
    Ask("grant", Kind.GRANT, "Whose reading ends?", "Choose whose reading ends"),
    Ask("until", Kind.FUTURE_DATE, "Until which day?", "Say until which day"),
    Ask("who_disagrees", Kind.LINE, "Who disagrees?", "Say who disagrees"),
    Ask("method", Kind.CHOICE, "How?", "Choose how", vocabulary="method"),
    Ask("happened_at", Kind.MOMENT, "When did it happen?", "Say when", "Leave this empty if it is now."),
    Ask("corrects", Kind.ENTRY, "Which entry is wrong?", "Choose the entry"),
)

LABELS: dict[tuple[str, str], str] = {
    ("give_advice", "what"): "What did you advise?",
    ("below_threshold", "what"): "Why is it below the threshold, and what should the employer do?",
    ("hand_over", "what"): "Who is it about, and what does the neighbouring LADO need to know?",
    ("accept", "what"): "Why is the threshold met?",
    ("start_evaluation", "what"): "What is known so far?",
    ("employer_leads", "what"): "What will the employer do?",
    ("hold_meeting", "section_47"): "Was there a section 47 enquiry?",
    ("hold_meeting", "what"): "What was decided?",
    ("move_strand", "what"): "What has happened?",
    ("hold_review", "what"): "What was found?",
    ("start_duties", "what"): "Who was told what?",
    ("no_further_role", "what"): "Say more about the reason",
    ("reopen", "what"): "What is the new information?",
    ("add_allegation", "what"): "What is alleged?",
    ("write_letter", "what"): "What does it ask?",
    ("add_action", "what"): "What will be done?",
    ("welfare_contact", "what"): "Who is in touch, and how are they?",
    ("ask_referrer", "what"): "Your question",
    ("answer_question", "what"): "Your answer",
    ("explain_late", "late_reason"): "Why was the LADO told late?",
    ("add_information", "what"): "What would you like to add?",
    ("let_support_read", "what"): "Why do they need to read it?",
    ("end_support_reading", "what"): "Why?",
    ("declare_conflict", "what"): "What else should your colleagues know?",
    ("name_conflict", "what"): "What else should your colleagues know?",
    ("lift_conflict", "what"): "Why can they see it again?",
    ("ask_head", "what"): "What do they say?",
    ("head_answered", "what"): "What did the head of service decide?",
    ("answer_dbs", "reasons"): "Why, or what did you decide?",
    ("answer_regulator", "reasons"): "Why?",
    ("add_employer", "sector"): "What kind of employer is it?",
    ("add_note", "what"): "What is new?",
    ("correct", "what"): "What is right?",
}

SOMETIMES_NEEDED = frozenset(("employer", "why_now", "dbs_on", "reasons", "regulator_on", "late_reason"))
"""Where a row of the step table does not need them, another answer can: the step's effect then asks for them."""


def label_of(step: str, name: str) -> str:
    """The words above an answer on a step's page."""
    return LABELS.get((step, name), ASKS[name].label)


def hint_of(step: str, name: str) -> str:
    """The sentence under them; a meeting that was held needs no word on when to hold it."""
    return "" if (step, name) == ("hold_meeting", "section_47") else ASKS[name].hint


def is_words(name: str) -> bool:
    """Whether an answer is kept as words of the entry: free text, and what says who somebody is."""
    return ASKS[name].kind in (Kind.TEXT, Kind.LINE, Kind.PEOPLE) or name in ("adult_born", "child_born")
