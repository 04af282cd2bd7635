"""What follows when somebody signs in: their time begins, and a mail goes out where the browser is new."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from core.outbox.notices import Notice
from core.outbox.services import queue

from .models import User
from .sign_in import begin_session

NEW_BROWSER = "new_browser"
NOTICES = (
    Notice(
        NEW_BROWSER,
        subject="You signed in on another device",
        sentence=(
            "Somebody signed in to the log as you, in a browser that you had not used before. Was it you? "
            "Then there is nothing to do. If not, sign out there, and tell whoever looks after the log."
        ),
        button="See where you are signed in",
    ),
)


def signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Called by Django's `user_logged_in`."""
    begin_session(request, user, now=timezone.now())


@transaction.atomic
def tell_of_new_browser(user: User, **_: Any) -> None:
    """The mail names no browser and no time: whoever reads it along learns nothing. It goes at once."""
    queue(to=[user], kind=NEW_BROWSER, path="/signed-in/", now=timezone.now(), urgent=True)
