"""A real SMTP server on this machine, which can be told to misbehave as mail servers do."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message as Mail
from email.parser import BytesParser
from email.policy import default
from itertools import repeat
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

GOOD = "good"
NO_SUCH_PERSON = "550 5.1.1 nobody of that name"
BUSY = "451 4.3.0 try again later"
REFUSED_DATA = "554 5.6.0 not this one"
HANG = "hang"
DROP_AFTER_DATA = "drop after DATA"
DROP_BEFORE_DATA = "drop before DATA"


@dataclass
class MailServer:
    """`moods`: how each mail is met, in turn; the last one stays. `received`: what was taken in."""

    moods: Iterator[str] = field(default_factory=lambda: repeat(GOOD))
    received: list[Mail] = field(default_factory=list)
    tried: int = 0
    port: int = 0
    mood: str = GOOD

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tried += 1
        self.mood = next(self.moods)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mood in (NO_SUCH_PERSON, BUSY):
            return self.mood
        if self.mood == DROP_BEFORE_DATA:
            _hang_up(server)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.mood == HANG:
            await asyncio.sleep(3600)
        if self.mood == REFUSED_DATA:
            return self.mood
        self.received.append(BytesParser(policy=default).parsebytes(envelope.content or b""))  # type: ignore[arg-type]
        if self.mood == DROP_AFTER_DATA:
            _hang_up(server)
        return "250 OK"

    def ids(self) -> list[str]:
        """The Message-ID of each mail that was taken in."""
        return [str(mail["Message-ID"]) for mail in self.received]


@contextmanager
def running(server: MailServer, *, port: int = 0) -> Iterator[MailServer]:
    """`server` answering on this machine, on a free port or on the one it had before."""
    controller: Any = Controller(server, hostname="127.0.0.1", port=port or _free_port())
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.stop()


def _hang_up(server: SMTP) -> None:
    """Without a word, as a line that breaks."""
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
