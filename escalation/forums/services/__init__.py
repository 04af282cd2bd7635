"""The only writer of forums: each verb in one transaction, with its event and its mails."""

from .coming import come, come_not
from .door import add_at_the_door, count
from .planning import NewSitting, cancel, change, close, invite, plan
from .topics import NewVignette, approve, propose, put_on, rewrite, send_back, take_back, write

__all__ = [
    "NewSitting",
    "NewVignette",
    "add_at_the_door",
    "approve",
    "cancel",
    "change",
    "close",
    "come",
    "come_not",
    "count",
    "invite",
    "plan",
    "propose",
    "put_on",
    "rewrite",
    "send_back",
    "take_back",
    "write",
]
