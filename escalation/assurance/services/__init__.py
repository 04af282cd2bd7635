"""The only writer of assurance: each verb in one transaction, with its event, trail and mails."""

from .asking import NewRequest, ask
from .packing import begin_pack, comment, offer_pack, send_pack_back, sign_pack, write_pack
from .rating_oneself import rate_oneself
from .reminding import remind_of_requests
from .sampling import (
    Reader,
    agree,
    answer_case,
    draw_sample,
    end_sample,
    propose_finding,
    send_finding_back,
)
from .stepping import ClauseSaid, take

__all__ = [
    "ClauseSaid",
    "NewRequest",
    "Reader",
    "agree",
    "answer_case",
    "ask",
    "begin_pack",
    "comment",
    "draw_sample",
    "end_sample",
    "offer_pack",
    "propose_finding",
    "rate_oneself",
    "remind_of_requests",
    "send_finding_back",
    "send_pack_back",
    "sign_pack",
    "take",
    "write_pack",
]
