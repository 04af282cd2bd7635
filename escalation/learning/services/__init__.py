"""The only writer of learning: each verb in one transaction, with its event and its mails."""

from .acts import NewAction, NewDecision, act, end_action, minute, remind_of_actions
from .points import NewPoint, approve, propose, rewrite, send_back, take_back, write

__all__ = [
    "NewAction",
    "NewDecision",
    "NewPoint",
    "act",
    "approve",
    "end_action",
    "minute",
    "propose",
    "remind_of_actions",
    "rewrite",
    "send_back",
    "take_back",
    "write",
]
