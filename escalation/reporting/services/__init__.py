"""The one door for every change to a release, its plan and the register of outside facts.

Pages, the API, the command and the worker all call these; nothing else writes.
"""

from escalation.reporting.services.facts import NewFact, register_fact, strike_fact
from escalation.reporting.services.making import make, work
from escalation.reporting.services.planning import approve_plan, choose_plan
from escalation.reporting.services.releasing import approve, refuse, start, start_for_command, withdraw

__all__ = [
    "NewFact",
    "approve",
    "approve_plan",
    "choose_plan",
    "make",
    "refuse",
    "register_fact",
    "start",
    "start_for_command",
    "strike_fact",
    "withdraw",
    "work",
]
