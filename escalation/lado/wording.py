"""The words of the LADO's pages: what is due, what it is about, where it stands, what has happened."""

from collections.abc import Mapping
from datetime import date, datetime

from core.machine import Step
from core.web.components import Act, Clock, LogEntry, State, TurnCard
from core.web.dates import clock_time, long_date, nearby_day, short_date, short_day
from escalation.lado.asks import CHECKLIST
from escalation.lado.case import Member
from escalation.lado.facts import Facts
from escalation.lado.models import Allegation, Deadline, Letter, Referral, Strand
from escalation.lado.queries.viewing import EntryView, View
from escalation.lado.road import hindrances
from escalation.lado.workflow import EARLIER_LOG, NOT_STEPS, STEP, Status
from escalation.policy.clock import Reckoning, months_after
from escalation.policy.lado import LadoPolicy
from escalation.policy.words import capital, london_date

NO_NAME = "Name not known yet"
SEES = "Only the LADO team. Not their support, for what people said, unless you let them."
SEES_ABROAD = "Only you, the neighbouring LADO. Nobody of the LADO team here."
SEATS = {
    "lado": "LADO",
    "deputy_lado": "deputy LADO",
    "lado_support": "LADO support",
    "neighbour_lado": "neighbouring LADO",
    "referrer": "the referrer",
    EARLIER_LOG: "from the earlier log",
}
WAYS = {
    "call": "A contact came by phone",
    "form": "A referral came by the form",
    "copy": "A sealed copy of a challenge came",
    "import": "Brought over from the log before",
}
S = Status
ON: Mapping[str, tuple[str, ...]] = {
    S.CONTACT: ("accept", "record_threshold", "give_advice", "below_threshold", "transfer"),
    S.REOPENED: ("accept", "record_threshold", "give_advice", "below_threshold", "transfer"),
    S.ACCEPTED: ("start_evaluation",),
    S.EVALUATION: ("plan_meeting", "employer_leads", "hold_meeting", "no_further_role"),
    S.EMPLOYER_LED: ("hold_review", "open_strands", "plan_meeting", "hold_meeting", "no_further_role"),
    S.MEETING_PLANNED: ("hold_meeting", "plan_meeting", "employer_leads"),
    S.MEETING_HELD: ("open_strands", "no_further_role"),
    S.STRANDS_OPEN: ("move_strand", "hold_review", "record_outcome", "determine"),
    S.STRANDS_CONCLUDED: ("record_outcome", "determine"),
    S.OUTCOME: ("start_duties",),
    S.DUTIES: ("answer_dbs", "answer_regulator", "close"),
}
"""What leads on from where a referral stands, the likeliest first."""
ENDS_ASIDE = ("give_advice", "below_threshold", "transfer", "no_further_role")
"""Ends that are no outcome: never the one thing to do, unless they mend what stands in the way."""
DO_WHAT_IS_DUE = (
    "hold_review",
    "welfare_contact",
    "read_news",
    "answer_letter",
    "complete_action",
    "head_answered",
)
"""Steps that do just what a clock asks for, and nothing else: first among all while that clock is."""


def next_step(referral: Referral) -> str:
    """What is due next, as the list says it."""
    if not referral.next_name:
        return "Nothing is due"
    label = referral.policy.clock(referral.next_name).label
    about = referral.policy.label("letter_to", referral.next_about) if referral.next_about else ""
    return f"{label} to {about}" if about else label


def due_state(referral: Referral, now: datetime) -> State | None:
    """Late, or due today; None for what has time."""
    if referral.next_due is None or referral.overdue_from is None:
        return None
    if referral.overdue_from < now:
        return State("late", due(referral, now))
    if london_date(referral.next_due) == london_date(now):
        by = _due(referral.policy, referral.next_name, referral.next_due)
        return State("due", f"Today, {clock_time(by)}" if isinstance(by, datetime) else "Today")
    return None


def due(referral: Referral, now: datetime) -> str:
    """By when something is due, for a list; "" where nothing is."""
    if referral.next_due is None:
        return ""
    return short_date(_due(referral.policy, referral.next_name, referral.next_due), now=now)


def _due(policy: LadoPolicy, clock: str, due: datetime) -> date:
    """As it is said: a day that people chose has no time."""
    return london_date(due) if policy.clock(clock).quantity is None else due


def born(iso: str) -> str:
    """A date of birth as people read it: 3 May 1984."""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"


def adult(referral: Referral) -> str:
    return referral.adult_name or NO_NAME


def who_has_it(referral: Referral) -> str:
    """Of a contact about the LADO, their manager or a director: who has it now, and whom to call; else ""."""
    if not referral.about_lado:
        return ""
    holder = referral.owner.full_name if referral.owner else ""
    if referral.handed_over_at:
        return f" {holder}, the neighbouring LADO, has it. Nobody here can see it."
    meanwhile = f"Until they take it, {holder} has it." if holder else "Nobody here may have it until then."
    number = referral.policy.neighbour
    return f" Call the {number.label[0].lower()}{number.label[1:]} now: {number.number}. {meanwhile}"


def post(referral: Referral) -> str:
    """ "Teaching assistant or support, primary school"; "" where nothing is known."""
    policy = referral.policy
    role = policy.label("role", referral.adult_role) if referral.adult_role else ""
    sector = policy.label("sector", referral.sector) if referral.sector else ""
    return ", ".join(part for part in (role, sector.lower() if role else sector) if part)


def where(referral: Referral, strands: list[Strand]) -> str:
    """Where it stands; with its open strands while they run."""
    label = str(Status(referral.status).label)
    running = [referral.policy.label("strand", s.kind).lower() for s in strands if s.is_open]
    return (
        f"{label}: {', '.join(dict.fromkeys(running))}"
        if referral.status == S.STRANDS_OPEN and running
        else label
    )


def member(one: Member) -> str:
    away = " (away)" if one.away else ""
    return f"{one.user.full_name}, {SEATS[one.kind]}{away}"


def name(view: View, user_id: int) -> str:
    """Somebody of the team by their number."""
    known = (m.user.full_name for m in view.case.team if m.user.pk == user_id)
    return next(known, "Somebody who has left the team")


def allegation(view: View, one: Allegation) -> str:
    number = [a.pk for a in view.case.allegations].index(one.pk) + 1
    nature = view.case.policy.label("nature", one.nature) if one.nature else "kind not known"
    outcome = view.case.policy.label("outcome", one.outcome) if one.outcome else "no outcome yet"
    return f"{number}: {nature}, {outcome.lower()}"


def strand(view: View, one: Strand) -> str:
    return f"{strand_name(view, one)}: {view.case.policy.label('strand_state', one.state).lower()}"


def strand_name(view: View, one: Strand) -> str:
    """Whose strand it is."""
    if one.employer_id:
        return next(e.name for e in view.case.employers if e.pk == one.employer_id)
    return view.case.policy.label("strand", one.kind)


def letter(view: View, one: Letter) -> str:
    return f"To {view.case.policy.label('letter_to', one.to)}, {short_day(one.sent_on, now=view.now)}"


def line(view: View, entry: EntryView) -> str:
    return f"{short_date(entry.occurred_at, now=view.now)}: {happened(entry)}"


def happened(entry: EntryView) -> str:
    """What a line of the chronology says in bold."""
    if entry.step == "contact":
        return WAYS[str(entry.codes.get("way", "call"))]
    return NOT_STEPS.get(entry.step) or STEP[entry.step].past


def chronology(view: View) -> list[LogEntry]:
    return [
        LogEntry(
            when=_when(entry),
            what=_with_codes(view, entry),
            who=_who(entry),
            recorded=_recorded(entry, view.now),
            text="\n".join(entry.words.values()),
            anchor=f"entry-{entry.id}",
            link=Act("What it corrects", f"#entry-{entry.corrects}") if entry.corrects else None,
        )
        for entry in view.entries
    ]


def _when(entry: EntryView) -> date:
    """Of an earlier log's line only the day is known."""
    told_before = entry.seat == EARLIER_LOG and entry.occurred_at != entry.recorded_at
    return london_date(entry.occurred_at) if told_before else entry.occurred_at


def _who(entry: EntryView) -> str:
    """Whoever brought an earlier log in did none of what it tells."""
    name = "" if entry.seat == EARLIER_LOG and entry.occurred_at != entry.recorded_at else entry.who
    return ", ".join(part for part in (name, SEATS.get(entry.seat, "")) if part)


CODES = ("outcome", "strand_state", "dbs_answer", "regulator_answer", "letter_to", "no_role_reason")


def _with_codes(view: View, entry: EntryView) -> str:
    """What happened; to which strand, allegation, employer or colleague; and what it became."""
    labels = (view.case.policy.label(name, str(entry.codes[name])) for name in CODES if name in entry.codes)
    said = [f"{label[0].lower()}{label[1:]}" for label in labels]
    about = _about(view, entry)
    line = f"{happened(entry)} ({about})" if about else happened(entry)
    return f"{line}: {', '.join(said)}" if said else line


def _about(view: View, entry: EntryView) -> str:
    """The strand, allegation, employer or colleague that a line is about."""
    case, codes = view.case, entry.codes
    if "strand" in codes:
        return next((strand_name(view, s) for s in case.strands if s.pk == codes["strand"]), "")
    if "allegation" in codes:
        return next(
            (f"allegation {n}" for n, a in enumerate(case.allegations, 1) if a.pk == codes["allegation"]), ""
        )
    if "member" in codes:
        return next((m.user.full_name for m in case.team if m.user.pk == codes["member"]), "")
    if "employer" in codes:
        return next((e.name for e in case.employers if e.pk == codes["employer"]), "")
    return case.policy.label("strand", str(codes["strand_kind"])) if "strand_kind" in codes else ""


def _recorded(entry: EntryView, now: datetime) -> str:
    if (entry.recorded_at - entry.occurred_at).total_seconds() < 60:
        return ""
    return short_date(entry.recorded_at, now=now)


def told(view: View) -> State | None:
    """Was the LADO told in time? None where nobody has said yet when the employer knew."""
    referral = view.referral
    if referral.told_in_time is None:
        return None
    return State("done", "Told in time") if referral.told_in_time else State("late", "Told late")


def told_words(view: View) -> str:
    referral = view.referral
    times = {"employer_aware": "The employer found out", "police_aware": "The police knew"}
    given = ((who, referral.when(name)) for name, who in times.items())
    known = [f"{who} on {short_date(when, now=view.now)}." for who, when in given if when]
    told_at = referral.when("told_at") or referral.told_at
    said = f"The LADO was told on {short_date(told_at, now=view.now)}."
    return " ".join([*known, said] if known else [said, "Not known yet when the employer found out."])


def turn(view: View) -> TurnCard:
    """What to do next, by when what is due, and what else leads on from here."""
    referral = view.referral
    first = _first(view)
    button, links = _acts(view)
    late = referral.overdue_from is not None and referral.overdue_from < view.now
    state = (
        State("late", "Overdue")
        if late
        else State("turn" if first else "done", where(referral, view.case.strands))
    )
    near = nearby_day(first.due, now=view.now) if first else ""
    by = _due(view.case.policy, first.name, first.due) if first else None
    when = f"{long_date(by)}{f' ({near})' if near else ''}" if by else ""
    return TurnCard(
        state=state,
        heading=next_step(referral) if button is None or _does(view, button, first) else STEP[button].label,
        before=_before(view, button, first),
        when=when,
        after=f"It is with {referral.owner.full_name}." if referral.owner else "Nobody has it yet.",
        tone="late" if late else "mine",
        button=act(view, button) if button else None,
        links=[act(view, name) for name in links],
        sees=SEES_ABROAD if referral.handed_over_at else SEES,
        sees_url="#read",
        clock=_clock(view, first),
    )


def _first(view: View) -> Deadline | None:
    """The clock that is due first."""
    return min(view.case.open_deadlines(), key=lambda d: (d.due, d.pk), default=None)


def _does(view: View, step: str, clock: Deadline | None) -> bool:
    """Whether a step does just what is due."""
    return clock is not None and step in view.case.policy.clock(clock.name).met_by


def _before(view: View, button: str | None, clock: Deadline | None) -> str:
    """What leads up to the day: which clock's it is, where the heading does not say that already."""
    if clock is None:
        return ""
    if button is None or _does(view, button, clock):
        return "By"
    label = next_step(view.referral)
    return f"{label} By" if label.endswith("?") else f"{label} by"


def _acts(view: View) -> tuple[str | None, list[str]]:
    """The step that takes it forward, or None; and what else leads on, an end last."""
    names, mends = _leading(view)
    aside = [name for name in names if name in ENDS_ASIDE and name not in mends]
    forward = [name for name in names if name not in aside]
    again = ["reopen"] if view.offers("reopen") else []
    return (forward[0] if forward else None), [*forward[1:], *aside, *again]


def _leading(view: View) -> tuple[list[str], set[str]]:
    """What does what is due, then what leads on; or what mends what stands in their way, told apart too.

    Nothing is pressed upon who looks at one that has ended.
    """
    first = _first(view)
    met_by = view.case.policy.clock(first.name).met_by if first else ()
    due = [name for name in met_by if name in DO_WHAT_IS_DUE]
    names: list[str] = []
    mends: set[str] = set()
    for name in (*due, *ON.get(view.referral.status, ())):
        mending = [] if view.offers(name) else _mending(view, name)
        mends.update(mending)
        names += mending or [name]
    return list(dict.fromkeys(name for name in names if view.offers(name))), mends


def _mending(view: View, name: str, *, asked: frozenset[str] = frozenset()) -> list[str]:
    """The steps of this reader's that lead to another that can't be taken yet."""
    found = []
    for each in hindrances(STEP[name], view.facts):
        found += _able(view, each.mended_by, asked | {name})
    return list(dict.fromkeys(found))


def _able(view: View, names: tuple[str, ...], asked: frozenset[str]) -> list[str]:
    """Those that can be taken now, or what mends that they can't."""
    found = []
    for name in names:
        if view.offers(name):
            found.append(name)
        elif name not in asked:
            found += _mending(view, name, asked=asked)
    return list(dict.fromkeys(found))


def _clock(view: View, deadline: Deadline | None) -> Clock | None:
    if deadline is None:
        return None
    clock = view.case.policy.clock(deadline.name)
    if "chosen" in deadline.basis:
        return Clock("A day that was agreed", "You chose this day.")
    counted = Reckoning.from_basis(deadline.basis)
    if counted.at_once:
        later = london_date(deadline.due) != london_date(deadline.started)
        said = "It began out of hours, so it is due on the next working day." if later else "Until 5pm."
        return Clock("The same day", f"{said} {clock.standing}.")
    words = capital(counted.words(view.now, sent="from"))
    return Clock(counted.quantity_words().capitalize(), f"{words}. {clock.standing}.")


def clocks(view: View) -> list[tuple[State, str]]:
    """Every clock that runs: what, by when, and whether the time is a law's or local."""
    rows = []
    for deadline in sorted(view.case.open_deadlines(), key=lambda d: d.due):
        clock = view.case.policy.clock(deadline.name)
        about = view.case.policy.label("letter_to", deadline.about) if deadline.about else ""
        label = f"{clock.label} to {about}" if about else clock.label
        kind = "late" if deadline.overdue_from < view.now else "wait"
        by = short_date(_due(view.case.policy, deadline.name, deadline.due), now=view.now)
        rows.append((State(kind, label), f"By {by}. {clock.standing}."))
    return rows


def blocked(view: View) -> list[tuple[str, list[tuple[str, list[Act]]]]]:
    """What would lead on from here and can't be done yet: all that stands in its way."""
    steps = [STEP[name] for name in ON.get(view.referral.status, ())]
    found = [(step.label, in_the_way(view, step)) for step in steps if step.who & view.facts.parts]
    return [(label, ways) for label, ways in found if ways]


def in_the_way(view: View, step: Step[Facts]) -> list[tuple[str, list[Act]]]:
    """Each thing that stands in a step's way, with the links to what mends it."""
    return [
        (each.sentence, [act(view, name) for name in _able(view, each.mended_by, frozenset({step.name}))])
        for each in hindrances(step, view.facts)
    ]


def act(view: View, name: str, words: str = "") -> Act:
    """A step as a button or a link."""
    return Act(words or STEP[name].label, f"{view.url}{name}/")


def others(view: View) -> list[Act]:
    """Everything else that this reader can do here."""
    shown = {*_leading(view)[0], "reopen"}
    return [act(view, step.name) for step in view.steps if step.name not in shown]


def targets(view: View) -> list[str]:
    """How long it has taken, beside the policy's lines."""
    referral = view.referral
    day = london_date(referral.told_at)
    ended = london_date(referral.determined_at) if referral.determined_at else None
    rows = []
    for target in view.case.policy.targets:
        until = months_after(day, target.months)
        line = f" ({target.percent} % should)" if target.percent else ""
        month = "month" if target.months == 1 else "months"
        if ended:
            said = "done" if ended <= until else "took longer"
        else:
            said = f"until {short_day(until, now=view.now)}" if until >= london_date(view.now) else "passed"
        rows.append(f"{target.months} {month}{line}: {said}")
    return rows


def followed(view: View) -> list[tuple[str, str]]:
    """The seven questions of local policy, with their answers."""
    given = view.referral.followed
    return [
        (words, view.case.policy.label("followed", given[name])) for name, words in CHECKLIST.items() if given
    ]
