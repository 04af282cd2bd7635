"""From a message to a mail: plain text and HTML, a link, and no detail of anything."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from core.outbox.models import AbstractMessage
from core.outbox.notices import Notice, notice_of

HEADERS = {
    # Asks other systems not to answer: "out of office" mails would go to nobody.
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "All",
}


def compose(message: AbstractMessage) -> EmailMultiAlternatives:
    """The mail of a message; the same bytes each time, but for the day on which it goes.

    Raises KeyError for a kind of which nothing is known.
    """
    notice = notice_of(message.kind)
    words = {
        "notice": notice,
        "link": settings.SITE_URL + message.path,
        "partnership": settings.PARTNERSHIP_NAME,
        "figures": _figures(message, notice),
        "code": notice.code(message.id) if notice.code else "",
    }
    mail = EmailMultiAlternatives(
        subject=notice.subject,
        body=render_to_string("emails/notice.txt", words),
        to=[message.to.email],
        headers={"Message-ID": message.message_id, **HEADERS},
    )
    mail.attach_alternative(render_to_string("emails/notice.html", words), "text/html")
    return mail


def _figures(message: AbstractMessage, notice: Notice) -> list[tuple[str, int]]:
    """What there is any of, in the notice's own words: nothing else that is stored is ever mailed."""
    return [
        (words, int(message.figures.get(name) or 0))
        for name, words in notice.figures.items()
        if message.figures.get(name)
    ]
