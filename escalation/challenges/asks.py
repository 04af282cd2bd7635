"""What steps ask: each answer's kind, vocabulary and words. Forms, the API and the services read it here."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    TEXT = "text"  # several lines, kept as words
    LINE = "line"  # one line, kept as words
    CHOICE = "choice"  # one code of a vocabulary
    CHOICES = "choices"  # several codes of a vocabulary
    YES_NO = "yes_no"
    NUMBER = "number"
    RATING = "rating"  # from 1 to 5
    DATE = "date"  # today or before
    FUTURE_DATE = "future_date"
    MOMENT = "moment"  # date and time, now or before
    PARTY = "party"  # a responding setting of this challenge
    PARTIES = "parties"
    LATER_STAGE = "later_stage"
    EARLIER_STAGE = "earlier_stage"
    PERSON = "person"  # somebody of the actor's own setting
    ACTION = "action"  # an open action of the actor's setting
    ACTIONS = "actions"  # new actions: what, owner (a party), due
    ENTRY = "entry"  # an entry one may read
    REFERENCE = "reference"  # another challenge one may see
    AUDIENCE = "audience"


@dataclass(frozen=True)
class Ask:
    """One answer. `missing` is the sentence shown where a needed answer is empty."""

    name: str
    kind: Kind
    label: str
    missing: str
    hint: str = ""
    vocabulary: str = ""


NOBODY_ACTING = "I tried, and nobody is acting."
"""What a raise says under `acting` where a child was in danger and nobody acted."""


TOLD_BY = "told_by"
TOLD_BY_LABEL = "Who told you this, and how?"
TOLD_BY_HINT = "Their job and the way, such as “duty manager, by phone” or “their form of 3 May”. No names."
"""Asked of the business unit, where it writes down what a service outside the log says."""


def _asks(*asks: Ask) -> dict[str, Ask]:
    return {ask.name: ask for ask in asks}


ASKS = _asks(
    Ask("what", Kind.TEXT, "What would you like to say?", "Write what you want to say", "No names."),
    Ask("note", Kind.TEXT, "Anything to add?", "Write your note", "No names."),
    Ask("party", Kind.PARTY, "With which service?", "Choose the service you spoke to"),
    Ask(
        "spoke_to",
        Kind.LINE,
        "Who did you speak to?",
        "Say who you spoke to",
        'Their job, such as "duty social worker".',
    ),
    Ask("called_at", Kind.MOMENT, "When did you speak?", "Say when you spoke"),
    Ask(
        "their_pointer",
        Kind.LINE,
        "The number of the service that was asked",
        "Give the number of the service that was asked",
        "The child's number in that service's own system. No name or date of birth.",
    ),
    Ask("answer", Kind.CHOICE, "Your answer", "Choose your answer", vocabulary="answer"),
    Ask("acted_on", Kind.DATE, "When?", "Say when you acted"),
    Ask(
        "still_asking",
        Kind.PARTIES,
        "Who still needs to answer?",
        "Choose at least one service",
        "A service that agreed stays agreed. The others are asked afresh.",
    ),
    Ask(
        "to_stage",
        Kind.LATER_STAGE,
        "Which stage should look?",
        "Choose a stage",
        "The next stage, unless there is a reason to skip one.",
    ),
    Ask(
        "skip_reason",
        Kind.CHOICE,
        "Why skip a stage?",
        "Say why a stage is skipped",
        vocabulary="skip_reason",
    ),
    Ask("outcome", Kind.CHOICE, "What is the outcome?", "Choose the outcome", vocabulary="outcome"),
    Ask("reasons", Kind.TEXT, "What are the reasons?", "Give the reasons", "No names."),
    Ask(
        "impact",
        Kind.CHOICE,
        "What does it change for the child?",
        "Choose what it changes for the child",
        vocabulary="impact",
    ),
    Ask(
        "feedback",
        Kind.TEXT,
        "What should the person who raised it hear?",
        "Write what the person who raised it should hear",
        '"You said this, and this happened."',
    ),
    Ask(
        "on_record",
        Kind.DATE,
        "When did you put this on the child's record in your own system?",
        "Say when it went on the child's record",
    ),
    Ask(
        "actions",
        Kind.ACTIONS,
        "What will be done, by whom, and by when?",
        "Give each action an owner and a date",
    ),
    Ask(
        "review_on",
        Kind.FUTURE_DATE,
        "When will the difference be reviewed?",
        "Say when the agreed difference will be reviewed",
    ),
    Ask("action", Kind.ACTION, "Which action is done?", "Choose the action that is done"),
    Ask("done_on", Kind.DATE, "When was it done?", "Say when it was done"),
    Ask(
        "safe_meanwhile", Kind.TEXT, "How is the child safe meanwhile?", "Say how the child is safe meanwhile"
    ),
    Ask(
        "hold_until",
        Kind.FUTURE_DATE,
        "Until when?",
        "Say until when",
        "At most 10 working days. It then starts again by itself.",
    ),
    Ask(
        "hold_reason",
        Kind.CHOICE,
        "Why does the clock stop?",
        "Choose the reason why the clock stops",
        vocabulary="hold_reason",
    ),
    Ask("to_earlier_stage", Kind.EARLIER_STAGE, "Which stage should it go back to?", "Choose a stage"),
    Ask(
        "withdrawal_reason",
        Kind.CHOICE,
        "Why?",
        "Choose a reason",
        "Only the person who raised it and the business unit see the reason. Everybody else sees “withdrawn”.",
        vocabulary="withdrawal_reason",
    ),
    Ask(
        "chair", Kind.LINE, "Who chairs the panel?", "Say who chairs the panel", "Their job and organisation."
    ),
    Ask("meets_on", Kind.FUTURE_DATE, "When does it meet?", "Say when the panel meets"),
    Ask(
        "raising_answers_too",
        Kind.YES_NO,
        "Does an action fall to the side that raised it?",
        "Say if the side that raised it must answer too",
    ),
    Ask(
        "recommendation_answer",
        Kind.CHOICE,
        "Your answer",
        "Choose your answer",
        vocabulary="recommendation_answer",
    ),
    Ask("issue", Kind.CHOICE, "What kind of issue is it?", "Choose the kind of issue", vocabulary="issue"),
    Ask(
        "other_issues",
        Kind.CHOICES,
        "Other issues in it",
        "Choose other issues",
        vocabulary="issue",
    ),
    Ask("scope", Kind.CHOICE, "Who is it about?", "Choose who it is about", vocabulary="scope"),
    Ask("sibling_count", Kind.NUMBER, "How many children?", "Say how many children"),
    Ask(
        "child_status",
        Kind.CHOICE,
        "What help does the child have now?",
        "Choose the child's status",
        vocabulary="child_status",
    ),
    Ask(
        "evidence",
        Kind.TEXT,
        "What evidence do you rely on?",
        "Say what evidence you rely on",
        "Chronology, assessment, threshold document. No names.",
    ),
    Ask(
        "interpreter_considered",
        Kind.YES_NO,
        "Did you think about an interpreter or communication need?",
        "Say if you thought about an interpreter",
    ),
    Ask(
        "supervisor_consulted",
        Kind.YES_NO,
        "Did you talk it through with a supervisor?",
        "Say if you talked to a supervisor",
    ),
    Ask("person", Kind.PERSON, "Who should take it?", "Choose who should take it"),
    Ask("to_area", Kind.LINE, "Which area?", "Say which area it is offered to"),
    Ask("void_reason", Kind.CHOICE, "Why is it void?", "Choose why it is void", vocabulary="void_reason"),
    Ask(
        "first_reference",
        Kind.REFERENCE,
        "Which challenge came first?",
        "Give the reference of the first challenge",
        "Such as K7M 4QX9.",
    ),
    Ask("method", Kind.CHOICE, "How?", "Choose how", vocabulary="method"),
    Ask(
        "happened_at",
        Kind.MOMENT,
        "When did it happen?",
        "Say when it happened",
        "Leave this empty if it is now.",
    ),
    Ask(TOLD_BY, Kind.LINE, TOLD_BY_LABEL, "Say who told you", TOLD_BY_HINT),
    Ask("respected", Kind.RATING, "Was it respectful?", "Say if it was respectful"),
    Ask("felt_heard", Kind.RATING, "Did you feel heard?", "Say if you felt heard"),
    Ask(
        "treated_worse",
        Kind.YES_NO,
        "Were you treated any worse because you raised this?",
        "Say if you were treated any worse",
        "At work, by anybody. Only you and the business unit can read your answer.",
    ),
    Ask(
        "learning_themes",
        Kind.CHOICES,
        "What can be learnt from it?",
        "Choose at least one",
        "Choose all that apply.",
        vocabulary="learning_theme",
    ),
    Ask(
        "sent_to",
        Kind.CHOICE,
        "Where is it sent?",
        "Choose where it is sent",
        "The business unit takes it there. Nobody there sees this challenge.",
        vocabulary="sent_to",
    ),
    Ask("audience", Kind.AUDIENCE, "Who can read it?", "Choose who can read it"),
    Ask("corrects", Kind.ENTRY, "Which entry is wrong?", "Choose the entry"),
)

LABELS: dict[tuple[str, str], str] = {
    ("reply", "what"): "Say what you did, or your decision and your reasons",
    ("ask_question", "what"): "Your question",
    ("answer_question", "what"): "Your answer to their question",
    ("escalate", "what"): "What should the next level look at?",
    ("ask_own_lead", "what"): "What would you like your lead to do?",
    ("decline_to_move_up", "what"): "Why would you not take it further?",
    ("not_settled", "what"): "What is still not safe?",
    ("complete_action", "what"): "What was done?",
    ("propose_hold", "what"): "Why is a pause needed?",
    ("decline_proposal", "what"): "Why not?",
    ("set_hold", "what"): "Say more about the reason",
    ("end_hold", "what"): "Why does the clock start again?",
    ("propose_return", "what"): "Why should it go back?",
    ("recommend", "what"): "What does the panel recommend?",
    ("decide", "what"): "What did the partners decide?",
    ("send_form_back", "what"): "What is missing?",
    ("offer_transfer", "what"): "Why is it offered?",
    ("cancel_transfer", "what"): "Why is it taken back?",
    ("reopen", "what"): "Why is it opened again?",
    ("add_note", "what"): "What is new?",
    ("correct", "what"): "What is right?",
}

SOMETIMES_NEEDED = frozenset(("party", "to_stage", "skip_reason", "actions", "review_on", "sibling_count"))
"""Where a row of the step table does not need them, another answer can: the step's effect then asks for them."""


def label_of(step: str, name: str) -> str:
    """The words above an answer on a step's page."""
    return LABELS.get((step, name), ASKS[name].label)


WORDS = frozenset(
    name for name, ask in ASKS.items() if ask.kind in (Kind.TEXT, Kind.LINE) and name != "their_pointer"
)
"""Answers kept as words of the entry; their_pointer is kept with the party."""

CODED = frozenset(
    name
    for name, ask in ASKS.items()
    if ask.kind
    in (Kind.CHOICE, Kind.CHOICES, Kind.YES_NO, Kind.NUMBER, Kind.RATING, Kind.DATE, Kind.FUTURE_DATE)
)
"""Answers kept as codes of the entry."""
