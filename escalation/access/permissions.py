"""docs/permissions.csv as lines, what is wrong with it, and the page for people that is written from it.

A line says what each kind of person gets under one rule, by one act, in some situations: "sign in", "hidden"
(as if it did not exist), "no", "-" (there is no such act), "may", or the field groups that a page shows.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from escalation.access.addresses import Address
from escalation.policy.words import join

ANY = "any"
READ, ACT = "read", "act"
NOTHING = ("sign in", "hidden", "no", "-")

PEOPLE: Mapping[str, str] = {
    "nobody": "Somebody who has not signed in",
    "raiser": "Who raised it",
    "raising_lead": "Lead of the service that raised it",
    "raising_senior": "Head of the service that raised it",
    "counterpart": "Who was asked to reply",
    "deputy": "Deputy of who was asked, while they are away",
    "responding_lead": "Lead of a service that was asked",
    "responding_senior": "Head of a service that was asked",
    "supporting_lead": "Lead of a service that supports it",
    "outsider": "Practitioner of any other service",
    "unit": "Business unit",
    "partner": "Lead safeguarding partner",
    "chair": "Chair of its panel",
    "member": "Member of its panel",
    "emergency": "Head of service elsewhere, who opened it in an emergency",
    "auditor": "Auditor",
    "scrutineer": "Independent scrutineer",
    "young_scrutineer": "Young scrutineer",
    "administrator": "System administrator",
    "service": "A system with a key for the API",
    "lado": "LADO",
    "deputy_lado": "Deputy LADO",
    "lado_support": "LADO support",
    "neighbour_lado": "Neighbouring LADO, of a record that is not about the LADO",
    "leaver": "Somebody who has left",
}
SITUATIONS: Mapping[str, str] = {
    "stage 1": "At stage 1",
    "withheld": "At stage 1, name withheld",
    "stage 2": "At stage 2",
    "stage 3": "At stage 3",
    "panel": "With the panel",
    "stage 5": "With the partners",
    "closed": "Closed at stage 1",
    "conflict": "Must not see it",
}
GROUPS: Mapping[str, str] = {
    "F0": "where it stands",
    "F1": "the words",
    "F2": "who raised it",
    "F3": "what came of it",
    "F4": "the LADO record",
    "F5": "who has read it",
}
WORDED: Mapping[str, str] = {"hidden": "–", "no": "–", "may": "yes"}


@dataclass(frozen=True)
class Line:
    """One line: under `rule`, by `act`, in each of `when`, what everybody gets; and why."""

    rule: str
    act: str
    when: tuple[str, ...]
    people: Mapping[str, str]
    why: str

    def holds(self, situation: str) -> bool:
        return ANY in self.when or situation in self.when


def read_lines(path: Path) -> list[Line]:
    """The table as it stands in the file. Raises KeyError where a column is missing."""
    with path.open(newline="", encoding="utf-8") as file:
        return [
            Line(
                row["rule"],
                row["action"],
                tuple(row["when"].split("; ")),
                {who: row[who] for who in PEOPLE},
                row["why"],
            )
            for row in csv.DictReader(file)
        ]


def faults(lines: Sequence[Line], addresses: Iterable[Address]) -> list[str]:
    """What keeps the table from saying one thing about each address, each with what to do."""
    addresses = list(addresses)
    found = [
        f"/{each.route} declares no rule. Name it in RULES of its urls.py, as docs/permissions.csv calls it."
        for each in addresses
        if not each.rule
    ]
    declared = {each.rule for each in addresses if each.rule}
    for rule in sorted(declared):
        for act in (READ, ACT):
            number = {s: sum(_is_about(line, rule, act, s) for line in lines) for s in SITUATIONS}
            found += [
                f"docs/permissions.csv has {count} lines for {rule!r}, {act}, {situation!r}: it needs one."
                for situation, count in number.items()
                if count != 1
            ]
    named = {line.rule for line in lines}
    found += [
        f"No address declares the rule {rule!r} of docs/permissions.csv." for rule in sorted(named - declared)
    ]
    unworded = sorted(named - set(RULES))
    return found + [
        f"RULES of escalation/access/permissions.py has no words for {rule!r}." for rule in unworded
    ]


def _is_about(line: Line, rule: str, act: str, situation: str) -> bool:
    return (line.rule, line.act) == (rule, act) and line.holds(situation)


RULES: Mapping[str, tuple[str, str]] = {
    "open": ("the start page, the doors, help and how we use what you write", ""),
    "open form": ("signing in, and the question after a child in danger", "signing in"),
    "leave": ("", "signing out"),
    "own sessions": ("where they are signed in themselves", "signing out elsewhere"),
    "sign-in of an organisation": ("the sign-in of their own organisation", ""),
    "own second step": ("their own second step", "taking and changing their second step"),
    "own factor": ("doing without a factor of their own", "doing without a factor of their own"),
    "own picture of a code": ("the picture of a code that they set up", ""),
    "own way in": ("how they sign in themselves", ""),
    "lost second steps": ("lost second steps", "asking for a lost second step to be taken away"),
    "deciding on a lost second step": (
        "a lost second step",
        "agreeing that a lost second step is taken away",
    ),
    "begin": ("beginning a challenge", ""),
    "form": ("the form for a new challenge", "a new challenge"),
    "draft": ("", "throwing an own draft away"),
    "show a draft": ("to whom an own draft is shown", "showing an own draft to a lead, and taking it back"),
    "read a draft": ("a draft that was shown to them", "a word about a draft that was shown to them"),
    "challenge": ("the challenge", ""),
    "api challenge": ("the challenge, by the API", ""),
    "who can see": ("who can see this", ""),
    "sent": ("what was sent", ""),
    "list": ("the list of challenges", ""),
    "api list": ("the list of challenges, by the API", "a new challenge, by the API"),
    "step": ("the forms of its steps", "its steps"),
    "api step": ("", "its steps, by the API"),
    "trail": ("what was done to a challenge and who read it", ""),
    "conflict": ("“who must not see this”", "naming who must not see it"),
    "people": ("who is kept out and let in", "letting somebody in"),
    "let back in": ("", "letting somebody back in"),
    "end a grant": ("", "ending what somebody was let in for"),
    "sealed copy": ("the form for a sealed copy to the LADO", "a sealed copy to the LADO"),
    "audit": ("the audit pages", ""),
    "emergency": ("the form for an emergency", "opening a challenge in an emergency"),
    "emergencies": ("what was opened in an emergency", ""),
    "review": ("", "a review of what was opened in an emergency"),
    "monday": ("the Monday page", ""),
    "directory": ("the directory of services, and who acts in each", ""),
    "keeping the directory": (
        "the forms of a service’s page in the directory",
        "giving and ending seats, naming deputies, leave, and when a service is shut",
    ),
    "policy of a challenge": ("where a challenge is in the policy that it keeps", ""),
    "asking to join": (
        "the page on which a newcomer, or who works in one more service, asks to join",
        "asking to join a service of their own organisation",
    ),
    "who asks to join": ("who asks to join a service whose page they keep", ""),
    "deciding who joins": ("somebody who asks to join", "saying yes or no to somebody who asks to join"),
    "reading a new policy": ("a new version of the policy as it will read, with days, and as a file", ""),
    "writing the policy": (
        "new versions of the policy while they are written",
        "writing a new version of the policy, and approving what a colleague wrote",
    ),
    "days and numbers": ("closed days, school holidays and numbers to call", ""),
    "proposing days and numbers": (
        "the forms for a change of days and numbers",
        "proposing a change of days and numbers",
    ),
    "confirming days and numbers": ("", "confirming what a colleague proposed of days and numbers"),
    "gaps in the directory": ("what is missing in the directory", ""),
    "forums": ("open forums to which they are invited, and the board of what was said and changed", ""),
    "a forum": ("the page of an open forum, and its hand-out", ""),
    "coming to a forum": ("", "signing up for an open forum, for themselves"),
    "the door of a forum": ("who comes to an open forum, in numbers", "counting who comes to an open forum"),
    "topics of forums": ("the topics for forums that they wrote; the unit all", ""),
    "beginning a topic": ("the form for a new topic", "writing a topic for forums"),
    "a topic": (
        "a topic for forums, and the form that changes it",
        "changing a topic, asking for a second person, approving, sending back and taking back",
    ),
    "policy promotion": (
        "whether their organisation has put the Escalation Policy before its staff; the unit, which have",
        "",
    ),
    "confirming a promotion": (
        "the form with which an organisation says so",
        "saying that the policy was put before staff, when, before how many, and how",
    ),
    "reminding of the policy": ("", "reminding organisations that have not said so"),
    "a pulse": ("the question of a forum, by its address", "answering it, by nobody’s name"),
    "after a pulse": ("what is said after an answer", ""),
    "what came of a pledge": ("what an organisation said it would do", "saying what came of it"),
    "planning forums": (
        "the forms with which open forums are planned",
        "planning, changing, closing and calling off open forums, inviting, and writing down pledges",
    ),
    "learning": ("the board of what was learnt from challenges, and what changed", ""),
    "learning points": ("the learning points that they wrote; the unit all", ""),
    "beginning a learning point": ("the form for a new learning point", "writing down what was learnt"),
    "a learning point": (
        "a learning point, and the form that changes it",
        "changing a learning point, asking for a second person, approving, sending back and taking back",
    ),
    "minuting a sub-group": (
        "the forms for a sub-group’s decision and for actions",
        "minuting what a sub-group decided, and writing down who does what",
    ),
    "what came of a learning action": (
        "what an organisation does about what was learnt",
        "saying what came of it",
    ),
    "assurance": ("assurance requests in their sight, and the Section 11 standards", ""),
    "an assurance request": ("an assurance request", ""),
    "answering an assurance request": (
        "the form with which their organisation answers",
        "answering for their organisation, and saying what was done",
    ),
    "asking for assurance": (
        "the form for a new assurance request",
        "asking an organisation to show something",
    ),
    "reviewing an assurance request": (
        "the forms with which an answer is reviewed",
        "rating an answer, sending it back, asking for a follow-up, closing",
    ),
    "how organisations see themselves": (
        "how organisations see themselves, beside what their staff say; for leads, their own",
        "",
    ),
    "rating one’s own organisation": (
        "the form with which their organisation says how it sees itself",
        "saying how their organisation sees itself",
    ),
    "staff surveys": ("staff surveys, and what staff of their own organisation said", ""),
    "opening a staff survey": ("the form that opens a staff survey", "opening a staff survey"),
    "a staff survey": ("the questions of a staff survey, by its address", "answering them, by nobody’s name"),
    "after a staff survey": ("what is said after a staff survey", ""),
    "dip samples": ("dip samples that they read; the unit all, and of none which challenges", ""),
    "drawing a dip sample": ("the form that draws a dip sample", "drawing a dip sample"),
    "ending a dip sample": ("the form that ends a dip sample", "ending a dip sample without a finding"),
    "a dip sample": ("a dip sample that they read, and how far it is", ""),
    "reading for a dip sample": (
        "the questions of a dip sample that they read, and the form for its finding",
        "answering them, writing the finding, sending it back",
    ),
    "agreeing to a finding": ("", "agreeing to the finding of the other reader"),
    "what dip samples found": ("what dip samples found, in words alone", ""),
    "evidence packs": ("which evidence packs there are", ""),
    "evidence packs by the API": ("which evidence packs are signed, by the API", ""),
    "an evidence pack": ("an evidence pack", ""),
    "an evidence pack by the API": ("a signed evidence pack, by the API", ""),
    "making evidence packs": (
        "the forms of an evidence pack",
        "beginning and writing an evidence pack, sending it back, signing what a colleague offered",
    ),
    "offering an evidence pack": ("", "offering an evidence pack to a colleague"),
    "commenting on an evidence pack": ("", "commenting on a signed evidence pack"),
    "somebody leaves": ("who leaves", "choosing who leaves"),
    "somebody of ours leaves": (
        "the form with which seats pass on",
        "passing on the seats of somebody who leaves, and ending their sign-in",
    ),
    "somebody of ours stays": ("", "saying that somebody stays after all"),
    "own notices": ("how often the log writes to them", "choosing how often the log writes to them"),
    "own calendar": ("", "making and ending the secret address of their calendar"),
    "calendar feed": ("", ""),
    "legal holds": ("whose drafts are kept by a legal hold", "holding drafts, and letting go of them"),
    "independent leads": ("independent leads", "naming an independent lead"),
    "tell the LADO": ("the form to tell the LADO", "telling the LADO"),
    "receipt": ("their own receipt", "adding and answering under a receipt number"),
    "lado list": ("the LADO's lists", ""),
    "lado search": ("the LADO's search", "a search of the LADO's records"),
    "lado contact": ("the form for a call to the LADO", "a call to the LADO"),
    "lado record": ("the LADO's records", ""),
    "lado samples": ("the LADO’s dip samples that they read", ""),
    "drawing a lado sample": ("the form that draws one of the LADO’s dip samples", "drawing one"),
    "a lado sample": ("one of the LADO’s dip samples that they read", ""),
    "a record of a lado sample": (
        "a record of one of the LADO’s dip samples that they read",
        "answering the questions about it",
    ),
    "the finding of a lado sample": (
        "the forms for a finding of the LADO’s dip sample",
        "writing that finding, giving it out of the wall, sending it back, ending the sample",
    ),
    "lado team": ("who is in the LADO team", ""),
    "lado seats": ("the form for a LADO seat", "giving a LADO seat"),
    "end a lado seat": ("the question before a LADO seat ends", "ending a LADO seat"),
    "lado people": ("who is kept out of a LADO record, and which support reads its words", ""),
    "lado step": ("the forms of the LADO's steps", "the LADO's steps"),
    "api description": ("the description of the API", ""),
    "api directory": ("the directory of services, by the API", ""),
    "api totals": ("the published totals of a quarter, by the API's first address for them", ""),
    "published figures": ("which releases are published", ""),
    "published figures of a quarter": ("a published release and its tables", ""),
    "releases": ("releases of figures, and exact counts", ""),
    "a release's steps": (
        "the forms of a release, release plans, and what is public elsewhere",
        "starting, approving and refusing a release; choosing a plan; registering what is public elsewhere",
    ),
    "take a release back": ("", "taking a published release back"),
    "a second person's word": ("", "approving a plan, striking what was registered"),
    "keys of systems": ("which systems have a key for the API", ""),
    "giving keys": ("the forms for a key", "giving a system a key, and ending it"),
}
"""Each rule in words for people: what can be opened, and what can be sent."""
OF_A_CHALLENGE = ("challenge", "api challenge", "step", "api step")
"""They have tables of their own."""

HEAD = """# Who can see and do what

Written by a command from [permissions.csv](permissions.csv), which people write by hand. A test signs in as
everybody below, asks for every address there is, and compares what they get with that table: no more, and no
less. Pages and the API give the same person the same.

What stands here is what each kind of person gets who is nothing else. One person may be several: they see
what any of it lets them see. Being kept out of a challenge beats everything else.
"""


def permissions_page(lines: Sequence[Line]) -> str:
    """The whole page, as Markdown."""
    return "\n".join([HEAD, *_groups(), *_challenge(lines), *_steps(lines), *_everything_else(lines)])


def _groups() -> list[str]:
    rows = [
        ("where it stands", "That there is a challenge, its number, stage, dates, services and coded issue"),
        ("the words", "The worry, answers, reasons and actions, and each side's number for the child"),
        ("who raised it", "Name, job and number"),
        ("what came of it", "Outcome and impact"),
        ("the LADO record", "Nobody outside the LADO team sees one, that there is one, or how many"),
        ("who has read it", "The read log: the auditor's alone"),
    ]
    return ["## What there is to see", "", *_table(("Called here", "What it is"), rows)]


def _challenge(lines: Sequence[Line]) -> list[str]:
    words = "Its page, and the API's answer about it, show:"
    return ["## What each sees of a challenge", "", words, "", *_by_situation(lines, "challenge", READ)]


def _steps(lines: Sequence[Line]) -> list[str]:
    words = (
        "“Add something new” stands for the steps here. Who can take which of the others, and when, is in",
        "[the workflow](workflow.md).",
    )
    return ["## Who can add to a challenge", "", *words, "", *_by_situation(lines, "step", ACT)]


def _by_situation(lines: Sequence[Line], rule: str, act: str) -> list[str]:
    """A row for each kind of person who gets something, a column for each situation."""
    cells = {who: [_line(lines, rule, act, each).people[who] for each in SITUATIONS] for who in PEOPLE}
    some = {who: row for who, row in cells.items() if not set(row) <= set(NOTHING)}
    rows = [(PEOPLE[who], *(_worded(cell) for cell in row)) for who, row in some.items()]
    others = join([_lower(title) for who, title in PEOPLE.items() if who not in some])
    return [*_table(("", *SITUATIONS.values()), rows), f"Nothing at any time: {others}.", ""]


def _everything_else(lines: Sequence[Line]) -> list[str]:
    """What everybody who has signed in has, and what else each kind of person has."""
    insiders = [who for who in PEOPLE if who not in ("nobody", "leaver", "service")]
    has = {who: {act: set(_rules(lines, who, act)) for act in (READ, ACT)} for who in PEOPLE}
    for_all = {act: set.intersection(*(has[who][act] for who in insiders)) for act in (READ, ACT)}
    parts = ["## What else there is", "", *_has("Everybody who has signed in", for_all)]
    for who, title in PEOPLE.items():
        own = {act: has[who][act] - for_all[act] for act in for_all} if who in insiders else has[who]
        parts += _has(title, own)
    return parts


def _has(title: str, rules: Mapping[str, Iterable[str]]) -> list[str]:
    """A heading, and what can be opened and sent, in the order of the table."""
    opened = [words for rule, (words, _) in RULES.items() if words and rule in rules[READ]]
    sent = [words for rule, (_, words) in RULES.items() if words and rule in rules[ACT]]
    if not opened and not sent:
        return [f"### {title}", "", "Nothing more.", ""]
    return [f"### {title}", "", *_bullets("Can open:", opened), *_bullets("Can do:", sent)]


def _bullets(title: str, items: Sequence[str]) -> list[str]:
    return [title, "", *(f"- {item}" for item in items), ""] if items else []


def _rules(lines: Sequence[Line], who: str, act: str) -> list[str]:
    """The rules under which somebody gets something in some situation, those of the tables above aside."""
    return [
        line.rule
        for line in lines
        if line.act == act and line.people[who] not in NOTHING and line.rule not in OF_A_CHALLENGE
    ]


def _line(lines: Sequence[Line], rule: str, act: str, situation: str) -> Line:
    return next(line for line in lines if _is_about(line, rule, act, situation))


def _worded(cell: str) -> str:
    groups = [GROUPS[each] for each in cell.split() if each in GROUPS]
    return ", ".join(groups) if groups else WORDED.get(cell, cell)


def _lower(title: str) -> str:
    return title if title.startswith("LADO") else title[:1].lower() + title[1:]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)] + [""]
