"""docs/workflow-lado.md, written from the LADO's step table and working times, so that it cannot drift."""

from core.machine import Step
from escalation.lado.asks import label_of
from escalation.lado.facts import Facts
from escalation.lado.workflow import (
    ENDED,
    OPEN,
    STEPS,
    STRAND_STATES,
    WHO_WORDS,
    Status,
    Who,
    by_open_strands,
)
from escalation.policy.clock import UNIT_WORDS
from escalation.policy.lado import LadoClock, LadoPolicy
from escalation.policy.words import count

HEAD = """# How a LADO referral moves

`manage.py lado_workflow_docs` writes this page from the step table (escalation/lado/workflow.py) and the
working times (escalation/policy/lado_policies). Change those, never this page.

Only the LADO team sees any of it. The words for their work are in [guide-lado.md](guide-lado.md).
"""
FUNCTIONS: dict[object, str] = {
    None: "as before",
    by_open_strands: "“Strands concluded” with the last, “Strands open” while one is; elsewhere as before",
}


def workflow_page(policy: LadoPolicy) -> str:
    """The whole page as Markdown."""
    return "\n".join([HEAD, *_road(), *_strands(policy), *_each_step(), *_clocks(policy)]).rstrip() + "\n"


def _road() -> list[str]:
    lines = [
        "## The road",
        "",
        "Steps that change no status are not drawn.",
        "",
        "```mermaid",
        "stateDiagram-v2",
    ]
    lines += [f"    {status.value}: {status.label}" for status in Status]
    lines += ["    [*] --> contact: Take a contact"]
    moving = [step for step in STEPS if isinstance(step.target, str)]
    lines += [
        f"    {s} --> {step.target}: {step.label}" for step in moving for s in step.source if s != step.target
    ]
    lines += ["    strands_open --> strands_concluded: the last strand concludes"]
    return [*lines, "    strands_concluded --> strands_open: a strand opens", "```", ""]


def _strands(policy: LadoPolicy) -> list[str]:
    rows = ["## Strands", "", "| Strand | It begins with | It can become |", "|---|---|---|"]
    for kind, states in STRAND_STATES.items():
        first, *others = [policy.label("strand_state", state) for state in states]
        rows.append(f"| {policy.label('strand', kind)} | {first} | {', '.join(others)} |")
    return [*rows, "", "A concluded strand can open again.", ""]


def _each_step() -> list[str]:
    lines = ["## Each step", "", "Answers in *italics* may be left out.", ""]
    for step in STEPS:
        lines += [
            f'<a id="{step.name}"></a>',
            f"### {step.label}",
            "",
            step.why,
            "",
            f"- Who: {'; '.join(words for who, words in WHO_WORDS.items() if Who(who) in step.who)}",
            f"- When it is: {_sources(step)}",
            f"- Then it is: {_target(step)}",
            *_asked(step),
            "",
        ]
    return lines


def _asked(step: Step[Facts]) -> list[str]:
    needed = [label_of(step.name, name) for name in step.asks if name in step.needs]
    others = [f"*{label_of(step.name, name)}*" for name in step.asks if name not in step.needs]
    return [f"- It asks: {' · '.join([*needed, *others])}"] if step.asks else []


def _sources(step: Step[Facts]) -> str:
    whole = {
        frozenset(Status.values): "anything",
        frozenset(OPEN): "anything open",
        frozenset(ENDED): "any end",
    }
    return whole.get(frozenset(step.source)) or ", ".join(f"“{Status(s).label}”" for s in step.source)


def _target(step: Step[Facts]) -> str:
    return f"“{Status(step.target).label}”" if isinstance(step.target, str) else FUNCTIONS[step.target]


def _clocks(policy: LadoPolicy) -> list[str]:
    rows = [
        f"## Clocks: {policy.title}, version {policy.version}",
        "",
        "| What | Time | Where it comes from |",
        "|---|---|---|",
        *(f"| {clock.label} | {_time(clock)} | {clock.standing} |" for clock in policy.clocks),
        "",
        "From being told to an outcome:",
        "",
    ]
    for target in policy.targets:
        line = f": {target.percent} % should be done" if target.percent else ""
        rows.append(f"- within {count(target.months, 'month')}{line}")
    return [*rows, "", "To be confirmed by MSCP:", "", *(f"- {words}" for words in policy.to_be_confirmed)]


def _time(clock: LadoClock) -> str:
    if clock.quantity is None:
        return "a day that people choose"
    if clock.quantity == 0:
        return "the same day; out of hours, the next working day"
    return count(clock.quantity, UNIT_WORDS[clock.unit])
