"""The only writer of assurance: each verb in one transaction, with its event, trail and mails."""

from .asking import NewRequest, ask
from .packing import begin_pack, comment, offer_pack, send_pack_back, sign_pack, write_pack
from .reminding import remind_of_requests
from .stepping import ClauseSaid, take

__all__ = [
    "ClauseSaid",
    "NewRequest",
    "ask",
    "begin_pack",
    "comment",
    "offer_pack",
    "remind_of_requests",
    "send_pack_back",
    "sign_pack",
    "take",
    "write_pack",
]
