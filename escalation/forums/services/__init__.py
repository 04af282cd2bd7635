"""The only writer of forums: each verb in one transaction, with its event and its mails."""

from .coming import come, come_not
from .door import add_at_the_door, count
from .planning import NewSitting, cancel, change, close, invite, plan

__all__ = [
    "NewSitting",
    "add_at_the_door",
    "cancel",
    "change",
    "close",
    "come",
    "come_not",
    "count",
    "invite",
    "plan",
]
