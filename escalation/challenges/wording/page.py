"""What stands below the turn card: stages, both sides, outcome, actions, what happened, child, people."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from core.web.components import Act, ActionRow, LogEntry, Part, Phone, Position, StagePoint, State, WhoSees
from core.web.dates import clock_time, london_day, short_date, short_day
from escalation.challenges.asks import ASKS, NOBODY_ACTING, TOLD_BY, label_of
from escalation.challenges.models import Audience, PartyRole
from escalation.challenges.queries import CaseView, EntryView, PartyView, Reader
from escalation.challenges.wording.names import SEATS, label, named, who_acts
from escalation.challenges.wording.offers import act, step_url
from escalation.challenges.workflow import EARLIER_LOG, ENDED, ENDED_BEFORE, NOT_STEPS, OPEN, STEP, Status
from escalation.policy.document import Policy
from escalation.policy.stages import StageKind
from escalation.policy.words import capital, join

ANYONE_ELSE = "Anyone else needs a legal or safety reason, and it is logged."
WITHHELD = (
    "We will not show the name of the person who raised it to the other agency; "
    "a court or the law may still require it."
)
LATER = timedelta(minutes=5)
"""From how long after it happened "recorded" is worth saying."""

# Where it is on its way


def stages(view: CaseView) -> list[StagePoint]:
    """Every stage of the policy the challenge was opened under; those that were skipped say so."""
    seen = {entry.stage for entry in view.entries}
    return [_stage_point(view, stage.number, stage.name, stage.who, seen) for stage in view.policy.stages]


def _stage_point(view: CaseView, number: int, name: str, who: str, seen: set[int]) -> StagePoint:
    if number == view.stage:
        return StagePoint(number, name, _here(view), "here")
    if number > view.stage:
        return StagePoint(number, name, who)
    if number in seen:
        return StagePoint(number, name, who, "done")
    return StagePoint(number, name, "Skipped" if view.imported_at is None else "The earlier log does not say")


def _here(view: CaseView) -> str:
    if view.status in ENDED:
        return "It ended here"
    return "You are here, overdue" if view.is_overdue else "You are here"


# What each side says


@dataclass(frozen=True)
class Sides:
    """The child's voice, both sides, the panel's or the partners' word, and how it was settled."""

    voice: str
    raising: Position
    answers: list[Position]
    panel: list[Position] = field(default_factory=list)
    panel_answers: list[Position] = field(default_factory=list)
    outcome: Position | None = None


def sides(view: CaseView) -> Sides | None:
    """None for a reader who may not read the words."""
    if view.words is None:
        return None
    return Sides(
        voice=view.words.get("voice", ""),
        raising=_worry(view, view.words),
        answers=[_answer(view, party) for party in view.responding],
        panel=[p for p in (_panel(view), _decision(view)) if p],
        panel_answers=_panel_answers(view),
        outcome=_outcome(view),
    )


def _worry(view: CaseView, words: dict[str, str]) -> Position:
    mine = view.my_side == PartyRole.RAISING
    want = "You would like:" if mine else "Would like:"
    wanted = ". By ".join(
        w.rstrip(".") if n == 0 and words.get("want_by") else w
        for n, w in enumerate((words.get("want", ""), words.get("want_by", "")))
        if w
    )
    parts = [
        Part("", words.get("worry", "")),
        Part("About:", words.get("decision", "")),
        Part("Number in the earlier log:", words.get("earlier_reference", "")),
        Part("Seen or heard:", words.get("heard", "")),
        Part(want, wanted),
        Part("Spoken to them:", words.get("spoken", "")),
        Part("Called:", _called(words)),
        Part("Who was acting:", "" if nobody_acting(view) else words.get("acting", "")),
    ]
    heading = "What you are worried about" if mine else "What they are worried about"
    return Position(capital(view.raising.short), heading, [p for p in parts if p.text])


def _called(words: dict[str, str]) -> str:
    return ", ".join(words[name] for name in ("call_who", "call_when") if words.get(name))


def nobody_acting(view: CaseView) -> str:
    """What stands on top for all who may read the words, where a child was in danger and nobody acted."""
    words = view.words or {}
    if words.get("acting") != NOBODY_ACTING:
        return ""
    called = _called(words)
    tried = f"Tried: {called}." if called else "They had called, and say so."
    return f"When this was raised, nobody was acting for the child. {tried}"


def needed(view: CaseView) -> str:
    """By when it is needed and why, also where the policy's own time is earlier; "" where nobody said."""
    if view.needed_by is None:
        return ""
    why = (view.words or {}).get("needed_why", "").rstrip(".")
    when = f"Needed by {short_date(view.needed_by, now=view.now)}"
    return f"{when}: {why}." if why else f"{when}."


def _answer(view: CaseView, party: PartyView) -> Position:
    replies = [e for e in view.entries if e.step == "reply" and e.party == party.id and e.codes.get("answer")]
    side = capital(party.short) if len(view.responding) == 1 else party.setting
    # At a panel nobody answers the other side any more, so what was last said stands.
    if replies and (party.answer or not view.facts.is_dialogue):
        reply = replies[0]
        return Position(
            side, label(view.policy, "answer", str(reply.codes.get("answer", ""))), _reply_parts(reply)
        )
    if view.imported_at and view.status in ENDED:
        return Position(side, "The earlier log does not say", empty=True)
    parts = []
    if party.is_mine:
        parts.append(Part("", "Your words will stand here, beside theirs."))
    elif view.my_side == PartyRole.RAISING and len(view.responding) == 1:
        parts.append(Part("", "Their words will stand here, beside yours."))
    if replies:
        earlier = label(view.policy, "answer", str(replies[0].codes.get("answer", "")))
        parts = [Part(f"At stage {replies[0].stage}: {earlier}.", replies[0].words.get("what", ""))]
    return Position(side, "No answer yet", parts, empty=True)


def _reply_parts(reply: EntryView) -> list[Part]:
    acted_on = reply.codes.get("acted_on")
    when = _plain_day(acted_on) if acted_on else ""
    return [p for p in (Part("", reply.words.get("what", "")), Part("When:", when)) if p.text]


def _plain_day(iso: object) -> str:
    day = date.fromisoformat(str(iso))
    return f"{day:%a} {day.day} {day:%B} {day.year}"


def _panel(view: CaseView) -> Position | None:
    entry = next((e for e in view.entries if e.step == "recommend"), None)
    if entry is None:
        return None
    stage = next((s.long_name for s in view.policy.stages if s.number == entry.stage), "Panel")
    parts = [Part("", entry.words.get("what", "")), Part("Reasons:", entry.words.get("reasons", ""))]
    return Position(stage, "What the panel recommends", [p for p in parts if p.text])


def _decision(view: CaseView) -> Position | None:
    entry = next((e for e in view.entries if e.step == "decide"), None)
    if entry is None:
        return None
    parts = [Part("", entry.words.get("what", "")), Part("Reasons:", entry.words.get("reasons", ""))]
    return Position("Lead safeguarding partners", "What they decided", [p for p in parts if p.text])


def _panel_answers(view: CaseView) -> list[Position]:
    """Each service's answer to the recommendation; one that is still asked keeps its place."""
    facts = {p.id: p for p in view.facts.parties}
    positions = []
    for party in (view.raising, *view.responding):
        entry = next(
            (e for e in view.entries if e.step == "answer_recommendation" and e.party == party.id), None
        )
        if party.recommendation_answer and entry:
            heading = label(view.policy, "recommendation_answer", party.recommendation_answer)
            positions.append(Position(party.setting, heading, [Part("", entry.words.get("reasons", ""))]))
        elif facts[party.id].must_answer_recommendation:
            positions.append(Position(party.setting, "No answer yet", empty=True))
    return positions


def _outcome(view: CaseView) -> Position | None:
    entry = next((e for e in view.entries if e.step == "settle"), None)
    if entry is None or not view.outcome:
        return None
    who = next((p.short for p in (view.raising, *view.responding) if p.id == entry.party), "")
    parts = [
        Part("Reasons:", entry.words.get("reasons", "")),
        Part("For the child:", label(view.policy, "impact", view.impact)),
        Part("You said, this happened:", entry.words.get("feedback", "")),
    ]
    return Position(
        f"Recorded by {who}" if who else "Recorded",
        label(view.policy, "outcome", view.outcome),
        [p for p in parts if p.text],
    )


# Actions


def actions(view: CaseView) -> list[ActionRow]:
    """What was agreed, each with its owner and how it stands."""
    rows = []
    for action in view.actions:
        if action.done_on:
            state = State("done", f"Done on {short_day(action.done_on, now=view.now)}")
        elif action.due < london_day(view.now):
            state = State("late", "Overdue")
        else:
            state = State("wait", "Not done yet")
        rows.append(ActionRow(action.due, action.what, action.owner, state))
    return rows


# What has happened


def chronology(view: CaseView) -> list[LogEntry]:
    """Newest first by the order of recording; times that passed stand where they fell."""
    corrections = {e.corrects: e.id for e in reversed(view.entries) if e.corrects is not None}
    above = _shown_above(view)
    passed = sorted(_passed(view), key=lambda line: line.when)
    lines: list[LogEntry] = []
    for entry in reversed(view.entries):
        while passed and _moment(passed[0].when) <= entry.recorded_at:
            lines.append(passed.pop(0))
        lines.append(_line(view, entry, corrections, entry.id in above))
    return [*lines, *passed][::-1]


def _moment(when: date) -> datetime:
    assert isinstance(when, datetime)  # noqa: S101  the lines of passed times are made below, with moments
    return when


def _passed(view: CaseView) -> Iterator[LogEntry]:
    """The times to answer that went by: silence is a fact of the chronology too."""
    for deadline in view.passed:
        answers = view.policy.stage(deadline.stage).answer_clocks
        if deadline.party_id is None or deadline.name not in {m.name for m in answers}:
            continue
        party = next((p.short for p in view.responding if p.id == deadline.party_id), "")
        whose = f": {party}" if party and len(view.responding) > 1 else ""
        why = "No answer yet. This alone is a reason to move up."
        yield LogEntry(deadline.overdue_from, f"The time to answer passed{whose}", why)


def _shown_above(view: CaseView) -> set[int]:
    """Entries whose words stand in full above the chronology: the latest of each kind."""
    shown = {_latest(view, "raise"), _latest(view, "recommend"), _latest(view, "decide")}
    if view.outcome:
        shown.add(_latest(view, "settle"))
    for party in (view.raising, *view.responding):
        if party.answer:
            shown.add(_latest(view, "reply", party))
        if party.recommendation_answer:
            shown.add(_latest(view, "answer_recommendation", party))
    return {pk for pk in shown if pk is not None}


def _latest(view: CaseView, step: str, party: PartyView | None = None) -> int | None:
    return next(
        (e.id for e in view.entries if e.step == step and (party is None or e.party == party.id)), None
    )


def _line(view: CaseView, entry: EntryView, corrections: dict[int, int], above: bool) -> LogEntry:
    return LogEntry(
        when=_when(entry),
        what=what_happened(view, entry),
        who=_who(view, entry),
        recorded=_recorded(entry, view.now),
        audience=_audience(view, entry) if entry.narrower else "",
        text=_outcome_alone(view, entry) if above else _text(entry),
        link=_link(entry, corrections),
        anchor=f"entry-{entry.id}",
    )


def _outcome_alone(view: CaseView, entry: EntryView) -> str:
    """For who may know what came of it and reads none of the words, so that nothing stands above."""
    if view.reads_words or not view.outcome or entry.step != "settle":
        return ""
    codes = (("outcome", view.outcome), ("impact", view.impact))
    return ". ".join(label(view.policy, vocabulary, code) for vocabulary, code in codes if code) + "."


def _when(entry: EntryView) -> date:
    """An earlier log tells days, and no time of day."""
    told = entry.seat == EARLIER_LOG and entry.occurred_at != entry.recorded_at
    return london_day(entry.occurred_at) if told else entry.occurred_at


def what_happened(view: CaseView, entry: EntryView) -> str:
    """An entry in one line: "Social care answered: we have acted"."""
    short = next((capital(p.short) for p in (view.raising, *view.responding) if p.id == entry.party), "")
    if entry.step == "raise":
        return "Challenge raised"
    if entry.step in ANSWERS and entry.codes.get(ANSWERS[entry.step]):
        vocabulary = ANSWERS[entry.step]
        answer = _lower(label(view.policy, vocabulary, str(entry.codes[vocabulary])))
        return f"{short} answered{'' if entry.step == 'reply' else ' the recommendation'}: {answer}"
    if entry.step in ("withdraw", ENDED_BEFORE) and entry.audience == Audience.RAISER_AND_UNIT:
        reason = label(view.policy, "withdrawal_reason", str(entry.codes.get("withdrawal_reason", "")))
        return f"Why it was withdrawn: {_lower(reason)}"
    if entry.step == "match" and len(view.responding) > 1:
        return _matched(view, entry)
    if entry.step in FROM_CODES and entry.codes:
        return FROM_CODES[entry.step](view.policy, entry.codes)
    if entry.step == "add_note":
        return f"{short or 'The business unit'} added something new"
    past = STEP[entry.step].past if entry.step in STEP else NOT_STEPS[entry.step]
    if entry.step == "set_hold" and entry.codes.get("pending"):
        past += ". What was proposed has ended"
    return f"{short} {_lower(past)}" if entry.step in OWN_DOING and short else past


def _matched(view: CaseView, entry: EntryView) -> str:
    whom = next((p.short for p in view.responding if p.id == entry.codes.get("party")), "")
    return f"Agreed which child it is, with {whom}" if whom else "Agreed which child it is"


FROM_CODES: Mapping[str, Callable[[Policy, Mapping[str, object]], str]] = {
    "put_on_record": lambda _, codes: f"Put on the child's record on {_plain_day(codes['on_record'])}",
    "give_pulse": lambda _, codes: (
        f"How it went: respectful, {codes.get('respected')} of 5; felt heard, {codes.get('felt_heard')} of 5"
    ),
    "say_treated": lambda _, codes: (
        f"Treated any worse since: {'yes' if codes.get('treated_worse') else 'no'}"
    ),
    "say_learning": lambda policy, codes: f"What can be learnt: {learnt(policy, codes)}",
    "suggest_learning": lambda policy, codes: f"Suggested to learn: {learnt(policy, codes)}",
}
"""Steps whose line says what was answered, for those who may read it."""
ANSWERS = {"reply": "answer", "answer_recommendation": "recommendation_answer"}
OWN_DOING = (
    "ask_question",
    "answer_question",
    "escalate",
    "propose_hold",
    "agree_hold",
    "decline_proposal",
    "propose_return",
    "agree_return",
)
"""Steps whose line names the service that took it."""


def learnt(policy: Policy, codes: Mapping[str, object]) -> str:
    """ "sharing information and recording. Sent to: QA sub-group" """
    chosen = codes.get("learning_themes")
    themes = chosen if isinstance(chosen, list) else []
    told = join([_lower(label(policy, "learning_theme", str(each))) for each in themes])
    sent = str(codes.get("sent_to", NOWHERE))
    return told if sent == NOWHERE else f"{told}. Sent to: {label(policy, 'sent_to', sent)}"


NOWHERE = "none"
"""The code of "sent to" where it is sent nowhere."""


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:] if words[:2] != "I " else words


def _who(view: CaseView, entry: EntryView) -> str:
    """Who by seat, where, how; for a service outside the log the business unit wrote it down."""
    person = capital(entry.who) if entry.who else SEATS.get(entry.seat, "")
    setting = entry.setting if entry.setting and entry.seat not in ("unit", "system") else ""
    if setting and entry.outside:
        person, setting = "Written down by the business unit", f"for {setting}"
    method = label(view.policy, "method", str(entry.codes["method"])) if entry.codes.get("method") else ""
    spoke = f"Spoke to {entry.words['spoke_to']}" if entry.words.get("spoke_to") else ""
    told = f"Told by {entry.words[TOLD_BY]}" if entry.words.get(TOLD_BY) else ""
    parts = ", ".join(p for p in (person, setting) if p)
    return ". ".join(p for p in (parts, told, method, spoke) if p) + ("." if parts else "")


def _recorded(entry: EntryView, now: datetime) -> str:
    if entry.recorded_at - entry.occurred_at < LATER:
        return ""
    same_day = london_day(entry.recorded_at) == london_day(entry.occurred_at)
    return clock_time(entry.recorded_at) if same_day else short_date(entry.recorded_at, now=now)


def _audience(view: CaseView, entry: EntryView) -> str:
    mine = next((p for p in (view.raising, *view.responding) if p.is_mine), None)
    if entry.audience == Audience.OWN_SETTING and (mine is None or mine.id != entry.party):
        return f"Only {entry.setting} and the unit" if entry.setting else "Only the unit"
    if entry.audience == Audience.RAISER_AND_UNIT and "raiser" in view.parts:
        return "Only you and the unit"
    if entry.audience == Audience.WRITER_AND_UNIT and "unit" not in view.parts:
        return "Only you and the unit"
    return Audience(entry.audience).label


NOT_TEXT = ("spoke_to", "call_who", "call_when", TOLD_BY)


def _text(entry: EntryView) -> str:
    """The words of an entry; each but the first kind with the question that it answers."""
    pieces = []
    for name, words in entry.words.items():
        if name in NOT_TEXT:
            continue
        question = "" if name in ("what", "note") or name not in ASKS else f"{label_of(entry.step, name)} "
        pieces.append((name != "what", f"{question}{words}"))
    return "\n".join(words for _, words in sorted(pieces, key=lambda piece: piece[0]))


def _link(entry: EntryView, corrections: dict[int, int]) -> Act | None:
    if entry.id in corrections:
        return Act("A later entry corrects this", f"#entry-{corrections[entry.id]}")
    return Act("See the entry that this corrects", f"#entry-{entry.corrects}") if entry.corrects else None


# The child and the people


@dataclass(frozen=True)
class Child:
    """Who it is about, without a name: lines to read, whether both agree, and each side's own record."""

    lines: list[str]
    numbers: list[str]
    agreed: list[State]
    records: list[State]
    remind: Act | None


def child(view: CaseView) -> Child:
    """What this reader may know of the child."""
    return Child(_child_lines(view), _numbers(view), _agreed(view), _records(view), _reminder(view))


def _child_lines(view: CaseView) -> list[str]:
    if view.no_single_child:
        return ["No single child."]
    scope = (
        label(view.policy, "scope", view.scope) if view.scope and view.scope != "one_child" else "One child"
    )
    age = label(view.policy, "age_band", view.age_band)
    aged = f"{scope}, aged {age}." if age[:1].isdigit() else f"{scope}. Age: {_lower(age)}."
    return (
        [aged, f"{label(view.policy, 'child_status', view.child_status)}."] if view.child_status else [aged]
    )


def _numbers(view: CaseView) -> list[str]:
    if not view.reads_words or view.no_single_child:
        return []
    ours = "Your number" if view.raising.is_mine else "Their number"
    lines = (
        [f"{ours if view.my_side else capital(view.raising.short)}: {view.our_pointer}"]
        if view.our_pointer
        else []
    )
    for party in view.responding:
        if not party.pointer:
            continue
        one = len(view.responding) == 1 and view.my_side
        whose = "Our number" if party.is_mine else "Their number" if one else capital(party.short)
        lines.append(f"{whose}: {party.pointer}")
    return lines if not view.my_side or view.raising.is_mine else lines[::-1]


def _agreed(view: CaseView) -> list[State]:
    if view.no_single_child:
        return []
    if all(p.matched_at for p in view.responding):
        return [State("done", "Both sides agree which child")]
    if any(p.is_mine and p.matched_at for p in view.responding):
        return [State("done", "You and the service that asked agree which child")]
    waiting = [p.short for p in view.responding if not p.matched_at]
    late = any(
        "match" in view.policy.milestone(d.stage, d.name).steps and d.overdue_from < view.now
        for d in view.deadlines
    )
    leads = bool(view.parts & {"raising_lead", "responding_lead"})
    words = (
        f"Not agreed yet which child, with {join(waiting)}"
        if view.my_side == PartyRole.RAISING
        else "Not agreed yet which child"
    )
    return [State("late" if late and leads else "wait", words)]


def _records(view: CaseView) -> list[State]:
    if view.no_single_child or not view.reads_words:
        return []
    done = [p for p in (view.raising, *view.responding) if p.on_record]
    return [
        State("done", f"On {p.short}'s own record: {short_day(p.on_record, now=view.now)}")
        for p in done
        if p.on_record
    ]


def _reminder(view: CaseView) -> Act | None:
    mine = next((p for p in (view.raising, *view.responding) if p.is_mine), None)
    if mine is None or mine.on_record or not view.offers("put_on_record"):
        return None
    return act(view, "put_on_record")


def who_sees(view: CaseView, readers: Sequence[Reader]) -> WhoSees:
    """The list that the card's strip leads to."""
    names = (
        [_reader(reader) for reader in readers if reader.name or reader.seat == "raiser"]
        if view.reads_words
        else []
    )
    auditor = "The auditor sees the dates and the stage, not the words."
    unit = (
        "The business unit can read it too."
        if view.unit_reads
        else "The business unit and the auditor see the dates and the stage, not the words."
    )
    notes = [unit] if not view.unit_reads else [unit, auditor]
    if view.supporting:
        leads = join([p.short for p in view.supporting])
        notes.append(f"The leads of {leads}, who support this, see the dates and the stage.")
    if view.name_withheld and view.my_side == PartyRole.RAISING:
        notes.append(WITHHELD)
    if not view.reads_words:
        notes.insert(0, "You see the dates and the stage, not the words or who can read them.")
    return WhoSees(names, " ".join([*notes, ANYONE_ELSE]))


def _reader(reader: Reader) -> str:
    job = f", {reader.job}" if reader.job else ""
    if not reader.name:
        return f"The person who raised it{job}, {reader.short}"
    return f"{reader.name}{job}" + (f", covering for {reader.covers}" if reader.covers else "")


def phones(view: CaseView, readers: Sequence[Reader]) -> list[Phone]:
    """The numbers of the other side: of who acts there today, with when it is best to call."""
    if view.my_side == PartyRole.RAISING:
        numbers = [_phone(party, who_acts(party, view, readers)) for party in view.responding]
        return [phone for phone in numbers if phone.number]
    words = view.words or {}
    if view.raiser is not None:
        number = words.get("callback") or view.raiser.phone or view.raising.phone
        best = words.get("best_times") or view.raiser.best_times
        who = f"{view.raiser.name}, {view.raiser.job}" if view.raiser.job else view.raiser.name
        return [Phone(who, number, f"Best: {best}" if best else "")] if number else []
    return [Phone(capital(view.raising.short), view.raising.phone)] if view.raising.phone else []


def callback(view: CaseView) -> str:
    """For the side that asked: on which number they will be called; "" for all others."""
    words = view.words or {}
    number = words.get("callback") or (view.raiser.phone if view.raiser else "")
    if view.my_side != PartyRole.RAISING or not number:
        return ""
    best = words.get("best_times") or (view.raiser.best_times if view.raiser else "")
    return f"They will call you on {number}{f', best {_lower(best)}' if best else ''}."


def _phone(party: PartyView, person: Reader | None) -> Phone:
    if person is None or not person.phone:
        return Phone(capital(party.short), party.phone)
    best = f"Best: {person.best_times}" if person.best_times else ""
    return Phone(f"{capital(party.short)}: {named(person)}", person.phone, best)


def other_steps(view: CaseView, shown: Iterable[str]) -> list[Act]:
    """Everything else this reader can do, as a quiet list; what the card offers already is not repeated."""
    taken = set(shown)
    return [act(view, step.name) for step in view.steps if step_url(view, step.name) not in taken]


def panel_heading(view: CaseView) -> str:
    """ "What the panel says", or the partners'."""
    return (
        "What the partners decided"
        if view.facts.stage.kind is StageKind.DECISION
        else "What the panel recommends"
    )


def is_open(view: CaseView) -> bool:
    """Not yet at one of its last exits."""
    return Status(view.status) in OPEN
