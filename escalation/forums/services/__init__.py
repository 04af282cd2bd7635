"""The only writer of forums: each verb in one transaction, with its event and its mails."""

from .coming import come, come_not
from .door import add_at_the_door, count
from .planning import NewSitting, cancel, change, close, invite, plan
from .pledges import NewPledge, end_pledge, pledge, remind_of_pledges
from .promoting import confirm_promotion, remind_of_policy
from .pulse import answer, keep_pulses
from .topics import NewVignette, approve, propose, put_on, rewrite, send_back, take_back, write

__all__ = [
    "NewPledge",
    "NewSitting",
    "NewVignette",
    "add_at_the_door",
    "answer",
    "approve",
    "cancel",
    "change",
    "close",
    "come",
    "come_not",
    "confirm_promotion",
    "count",
    "end_pledge",
    "invite",
    "keep_pulses",
    "plan",
    "pledge",
    "propose",
    "put_on",
    "remind_of_pledges",
    "remind_of_policy",
    "rewrite",
    "send_back",
    "take_back",
    "write",
]
