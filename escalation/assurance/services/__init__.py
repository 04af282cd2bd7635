"""The only writer of assurance requests: each verb in one transaction, with its event, trail and mails."""

from .asking import NewRequest, ask
from .stepping import ClauseSaid, take

__all__ = ["ClauseSaid", "NewRequest", "ask", "take"]
