"""docs/workflow.md, written from the step table and the policy files, so that it cannot drift from them."""

from collections.abc import Iterable

from core.machine import Step
from escalation.challenges import workflow as w
from escalation.challenges.asks import label_of
from escalation.challenges.facts import Facts
from escalation.challenges.workflow import STEPS, WHO_WORDS, Status, Who
from escalation.policy.describing import (
    OWNER_WORDS,
    UNIT_PART_WORDS,
    counted_from,
    fast_words,
    met_by,
    time_words,
)
from escalation.policy.document import Policy
from escalation.policy.stages import Milestone, Stage

LABELS = {step.name: step.label for step in STEPS}
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
        f"| {s.number} {s.name} | {s.long_name} | {'needed' if s.formal else 'no'} "
        f"| {UNIT_PART_WORDS[s.unit]} |"
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
    rows += [
        f"| {m.label} (`{m.name}`) | {OWNER_WORDS[m.owed_by]} | {time_words(m)} "
        f"| {fast_words(m)} | {counted_from(policy, stage, m, LABELS)} | {met_by(policy, m, LABELS)} |"
        for m in milestones
    ]
    return rows
