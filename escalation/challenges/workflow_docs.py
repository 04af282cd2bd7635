"""docs/workflow.md, written from the step table and the policy files, so that it cannot drift from them."""

from collections.abc import Iterable

from escalation.challenges.workflow import STEPS, Status, Who
from escalation.policy.document import Policy
from escalation.policy.stages import Milestone, Owner, Stage

WHO_WORDS: dict[str, str] = {
    Who.RAISER: "the person who raised it",
    Who.RAISING_EARLY: "the person who raised it or their lead, at stages 1 and 2",
    Who.RAISING: "the raising side's seat at the stage",
    Who.RESPONDING: "a responding side's seat at the stage",
    Who.RAISING_LEAD: "the raising setting's lead",
    Who.RESPONDING_LEAD: "a responding setting's lead",
    Who.MEMBER: "anyone of the two sides who may read the words",
    Who.UNIT: "the business unit",
    Who.UNIT_READER: "the business unit, from stage 3",
    Who.PARTNER: "a lead safeguarding partner, at the last stage",
    Who.SYSTEM: "the log itself",
}
OWNER_WORDS: dict[str, str] = {
    Owner.RESPONDING: "each service that was asked",
    Owner.RAISER: "the person who raised it",
    Owner.RAISING_LEAD: "the raising setting's lead",
    Owner.RAISING: "the raising side",
    Owner.UNIT: "the business unit",
    Owner.PARTNERS: "the lead safeguarding partners",
    Owner.BOTH: "both sides",
}
HEAD = """# How a challenge moves

This page is written by `manage.py workflow_docs` from the step table (escalation/challenges/workflow.py)
and the policy files (escalation/policy/policies). Change those, never this page.

A challenge has a **status** (whose move it is) and a **stage** (how senior the people are). The diagram
shows the statuses; the table below says who may take each step, when, and why.
"""


def workflow_page(policies: Iterable[Policy]) -> str:
    """The whole page as Markdown."""
    parts = [HEAD, _diagram(), _steps(), *(_policy(policy) for policy in policies)]
    return "\n".join(parts)


def _diagram() -> str:
    lines = ["## Statuses", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {status.value} : {status.label}" for status in Status]
    lines.append("    [*] --> awaiting_response : raise")
    lines += [
        f"    {source} --> {target} : {step.name}"
        for step in STEPS
        for source in step.source
        for target in step.leads_to
        if source != target or not callable(step.target)
    ]
    return "\n".join([*lines, "```", ""])


def _steps() -> str:
    rows = ["## Steps", "", "| step | from | to | who | it needs | why |", "|---|---|---|---|---|---|"]
    for step in STEPS:
        to = ", ".join(dict.fromkeys(_label(s) for s in step.leads_to)) or "stays"
        who = "; ".join(words for key, words in WHO_WORDS.items() if key in step.who)
        rows.append(
            f"| **{step.label}** (`{step.name}`) | {_sources(step.source)} | {to} | {who} "
            f"| {', '.join(step.needs) or 'nothing'} | {step.why} |"
        )
    return "\n".join([*rows, ""])


def _sources(sources: tuple[str, ...]) -> str:
    return "any" if set(sources) == set(Status.values) else ", ".join(_label(s) for s in sources)


def _label(status: str) -> str:
    return Status(status).label


def _policy(policy: Policy) -> str:
    rows = [
        f"## Clocks: {policy.title}, version {policy.version}",
        "",
        f"From {policy.start:%d/%m/%Y}. {policy.source}",
        "",
    ]
    for stage in policy.stages:
        rows += _stage(stage)
    return "\n".join([*rows, "### At any stage", "", *_milestones(policy.milestones), ""])


def _stage(stage: Stage) -> list[str]:
    rows = [f"### Stage {stage.number}: {stage.long_name}", ""]
    if not stage.milestones:
        return [*rows, "The policy publishes no time for this stage, so no clock runs.", ""]
    return [*rows, *_milestones(stage.milestones), ""]


def _milestones(milestones: Iterable[Milestone]) -> list[str]:
    rows = ["| clock | owed by | time | counted from | on the fast track |", "|---|---|---|---|---|"]
    for m in milestones:
        time = "no published time" if m.quantity is None else f"{m.quantity} {m.unit.replace('_', ' ')}"
        fast = "the same" if m.fast_track is None else f"{m.fast_track} hours"
        rows.append(f"| {m.label} (`{m.name}`) | {OWNER_WORDS[m.owed_by]} | {time} | {m.after} | {fast} |")
    return rows
