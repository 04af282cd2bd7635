"""The only writer of assurance: each verb in one transaction, with its event, trail and mails."""

from .asking import NewRequest, ask
from .packing import begin_pack, comment, offer_pack, send_pack_back, sign_pack, write_pack
from .stepping import ClauseSaid, take

__all__ = [
    "ClauseSaid",
    "NewRequest",
    "ask",
    "begin_pack",
    "comment",
    "offer_pack",
    "send_pack_back",
    "sign_pack",
    "take",
    "write_pack",
]
