"""docs/workflow.md, written from the step table and the policy files, so that it cannot drift from them."""

from collections.abc import Iterable

from core.machine import Step
from escalation.challenges import workflow as w
from escalation.challenges.asks import label_of
from escalation.challenges.facts import Facts
from escalation.challenges.workflow import STEP, STEPS, WHO_WORDS, Status, Who
from escalation.policy.clock import Unit
from escalation.policy.document import Policy
from escalation.policy.stages import CONCERN_AROSE, STAGE_START, Milestone, Owner, Stage, UnitPart, When
from escalation.policy.words import capital

OWNER_WORDS: dict[str, str] = {
    Owner.RESPONDING: "each service that was asked",
    Owner.RAISER: "the person who raised it",
    Owner.RAISING_LEAD: "the raising setting's lead",
    Owner.RAISING: "the raising side",
    Owner.UNIT: "the business unit",
    Owner.PARTNERS: "the lead safeguarding partners",
    Owner.BOTH: "both sides",
}
WHEN_WORDS: dict[str, str] = {
    When.ALWAYS: "",
    When.AGREED: "if everybody who was asked has acted",
    When.NOT_AGREED: "if somebody who was asked has not acted",
    When.WITHOUT_FORM: "if the stage is formal and the full form is not complete",
    When.WITH_FORM: "if the stage is formal and the full form is complete",
    When.UNDER_PRESSURE: "if the reason was pressure",
    When.UNMATCHED: "if they have not yet agreed which child it is",
}
UNIT_WORDS: dict[str, str] = {
    UnitPart.COUNTED: "counts it",
    UnitPart.TOLD: "is told",
    UnitPart.CHECKS_FORM: "is told, and checks the full form",
    UnitPart.OWNS: "leads it",
}
TIME_WORDS: dict[str, str] = {
    Unit.WORKING_DAYS: "working day",
    Unit.WORKING_HOURS: "working hour",
    Unit.ELAPSED_HOURS: "hour",
    Unit.DAYS: "day",
    Unit.MONTHS: "month",
}
BESIDE = (Status.ON_HOLD, Status.WITHDRAWN, Status.TRANSFERRED, Status.VOID)
"""Statuses beside the road; a diagram with their arrows too cannot be read."""

TARGET_WORDS: dict[object, str] = {
    None: "as before",
    w.when_all_replied: "“Answered” once everybody has answered; until then as before",
    w.when_all_answered: "“The recommendation is answered” once everybody has; until then as before",
    w.when_all_agreed: "“On hold” once everybody has agreed; until then as before",
    w.by_open_actions: "“Closed”, or “Closed, actions open” while an action is not done",
    w.after_an_action: "as before; “Closed” if it was “Closed, actions open” and this was the last action",
    w.as_before_the_hold: "as it was before the pause",
}
EITHER_SIDE = "either side's seat at the stage"

HEAD = """# How a challenge moves

`manage.py workflow_docs` writes this page from the step table (escalation/challenges/workflow.py) and
the policy files (escalation/policy/policies). Change those, never this page.

A challenge has a **stage**: how senior the people are who talk. It has a **status**: what it waits for.
Each stage begins again at “Waiting for an answer”. The rules behind the steps are in [rules.md](rules.md).
"""


def workflow_page(policies: Iterable[Policy]) -> str:
    """The whole page as Markdown."""
    shown = list(policies)
    stages = [_stages(policy) for policy in shown]
    clocks = [_clocks(policy) for policy in shown]
    return "\n".join([HEAD, _road(), _beside(), _glance(), _each_step(), *stages, *clocks]).rstrip() + "\n"


# Statuses


def _road() -> str:
    told = "## The road\n\nFrom sending to closing. Steps that change no status are not drawn."
    return "\n".join([told, "", *_diagram()])


def _diagram() -> list[str]:
    """One arrow for each pair of statuses, with every step that takes it."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for source, target, step in _moves():
        if source not in BESIDE and target not in BESIDE:
            arrows.setdefault((source, target), []).append(step.label)
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {s.value}: {s.label}" for s in Status if s not in BESIDE]
    lines += ["    [*] --> awaiting_response: Raise a challenge"]
    lines += [f"    {s} --> {t}: {' / '.join(labels)}" for (s, t), labels in arrows.items()]
    return [*lines, "```", ""]


def _moves() -> list[tuple[str, str, Step[Facts]]]:
    return [
        (source, target, step)
        for step in STEPS
        for source in step.source
        for target in step.leads_to
        if source != target and _can_lead(step, source, target)
    ]


def _can_lead(step: Step[Facts], source: str, target: str) -> bool:
    """An action can be done at any time; it moves the status only where it is the last thing open."""
    last = (Status.CLOSED_ACTIONS_OPEN, Status.CLOSED)
    return step.target is not w.after_an_action or (source, target) == last


def _beside() -> str:
    rows = ["## Beside the road", "", "| It is | It gets there by | It leaves by |", "|---|---|---|"]
    for status in BESIDE:
        into = dict.fromkeys(f"“{step.label}”" for _, target, step in _moves() if target == status)
        out = dict.fromkeys(f"“{step.label}”" for source, _, step in _moves() if source == status)
        rows.append(f"| {status.label} | {', '.join(into)} | {', '.join(out) or 'nothing: it has ended'} |")
    return "\n".join([*rows, ""])


# Steps


def _glance() -> str:
    rows = ["## Every step at a glance", "", "| Step | Who | It leads to |", "|---|---|---|"]
    rows += [f"| [{s.label}](#{s.name}) | {_who(s)} | {_to(s)} |" for s in STEPS]
    return "\n".join([*rows, ""])


def _each_step() -> str:
    parts = ["## Each step", "", "Answers in *italics* may be left out.", ""]
    for step in STEPS:
        parts += [
            f'<a id="{step.name}"></a>',
            f"### {step.label}",
            "",
            step.why,
            "",
            f"- Name: `{step.name}`",
            f"- Who: {_who(step)}",
            f"- When it is: {_sources(step)}",
            f"- Then it is: {_to(step)}",
            *_asked(step),
            "",
        ]
    return "\n".join(parts)


def _asked(step: Step[Facts]) -> list[str]:
    if not step.asks:
        return []
    asked = [label_of(step.name, name) for name in step.asks if name in step.needs]
    asked += [f"*{label_of(step.name, name)}*" for name in step.asks if name not in step.needs]
    return [f"- It asks: {' · '.join(asked)}"]


def _who(step: Step[Facts]) -> str:
    words = [said for key, said in WHO_WORDS.items() if key in step.who]
    sides = [WHO_WORDS[Who.RAISING], WHO_WORDS[Who.RESPONDING]]
    if set(sides) <= set(words):
        words = [EITHER_SIDE, *(said for said in words if said not in sides)]
    return "; ".join(words)


def _sources(step: Step[Facts]) -> str:
    if set(step.source) == set(Status.values):
        return "anything"
    return ", ".join(_quoted(s) for s in step.source)


def _to(step: Step[Facts]) -> str:
    return _quoted(step.target) if isinstance(step.target, str) else TARGET_WORDS[step.target]


def _quoted(status: str) -> str:
    return f"“{Status(status).label}”"


# Policies


def _stages(policy: Policy) -> str:
    rows = [
        f"## Stages: {policy.title}",
        "",
        f"Version {policy.version}, from {policy.start:%d/%m/%Y} (`{policy.source}`).",
        "",
        "| Stage | Who talks | Full form | The business unit |",
        "|---|---|---|---|",
    ]
    rows += [
        f"| {s.number} {s.name} | {s.long_name} | {'needed' if s.formal else 'no'} | {UNIT_WORDS[s.unit]} |"
        for s in policy.stages
    ]
    unsure = [f"- {words}" for words in policy.to_be_confirmed]
    return "\n".join([*rows, "", "To be confirmed by MSCP:", "", *unsure, ""])


def _clocks(policy: Policy) -> str:
    rows = [f"## Clocks: {policy.title}", ""]
    for stage in policy.stages:
        rows += _stage(policy, stage)
    return "\n".join([*rows, "### At any stage", "", *_milestones(policy, None, policy.milestones), ""])


def _stage(policy: Policy, stage: Stage) -> list[str]:
    rows = [f"### Stage {stage.number}: {stage.name}", ""]
    if not stage.milestones:
        return [*rows, "The policy publishes no time for this stage, so no clock runs.", ""]
    return [*rows, *_milestones(policy, stage, stage.milestones), ""]


def _milestones(policy: Policy, stage: Stage | None, milestones: Iterable[Milestone]) -> list[str]:
    rows = ["| What | Who owes it | Time | Fast track | Counted from | Met by |", "|---|---|---|---|---|---|"]
    for m in milestones:
        fast = "the same" if m.fast_track is None else _counted(m.fast_track, "hour")
        met = ", ".join(f"“{STEP[name].label}”" for name in m.met_by) or "nothing"
        rows.append(
            f"| {m.label} (`{m.name}`) | {OWNER_WORDS[m.owed_by]} | {_time(m)} "
            f"| {fast} | {_begins(policy, stage, m)} | {met} |"
        )
    return rows


def _time(milestone: Milestone) -> str:
    if milestone.quantity is None:
        return "no time is published, so no clock runs"
    if milestone.quantity == 0:
        return "at once"
    return _counted(milestone.quantity, TIME_WORDS[milestone.unit])


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _begins(policy: Policy, stage: Stage | None, milestone: Milestone) -> str:
    condition = WHEN_WORDS[milestone.when]
    return ", ".join(words for words in (_event(policy, stage, milestone.after), condition) if words)


def _event(policy: Policy, stage: Stage | None, after: str) -> str:
    """What starts a clock, in words: "stage_start", "met:reply", "missed:reply" or "step:settle"."""
    kind, _, name = after.partition(":")
    if kind == "step":
        return f"the step “{STEP[name].label}”"
    if kind in ("met", "missed"):
        happened = "is done" if kind == "met" else "is late"
        return f"“{_label(policy, stage, name)}” {happened}"
    return {STAGE_START: "the start of the stage", CONCERN_AROSE: "the day the worry arose"}[after]


def _label(policy: Policy, stage: Stage | None, name: str) -> str:
    known = [*(stage.milestones if stage else ()), *policy.milestones]
    known += [m for other in policy.stages for m in other.milestones]
    return next((m.label for m in known if m.name == name), capital(name.replace("_", " ")))
