"""Slows down guessing: after ten failures for one address in fifteen minutes, it has to wait.

An address that nobody has counts the same as one that somebody has, so the answer tells nothing. A browser
in which that person has signed in before counts apart: a stranger's guesses keep nobody out of their own.

`enter` is the one door: whatever somebody has proved, a password or a code from a mail, they are signed in
only once their second factor is given too, where they need or have one. Until then they are nobody.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import BoundedSemaphore

from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from core.sessions.browsers import digest_of, in_words, is_known
from core.sessions.limits import begin
from core.sessions.middleware import JUST_SIGNED_IN
from core.web.numbered import request_id

from .comings import By, record_failure, record_sign_in
from .groups import LADO_KINDS
from .models import SignInFailure, User, plain_email
from .queries import factors_of, needs_second_factor

MOST_FAILURES = 10
WINDOW = timedelta(minutes=15)
IDLE, LADO_IDLE = 15 * 60, 10 * 60
AT_ONCE = 2
"""Passwords that one process checks at a time. It is slow on purpose, and its other threads serve pages."""
HALF_IN = "half_in"
"""Where the session keeps who has proved one thing and has to prove another."""
HALF_WAY = timedelta(minutes=10)
ONE_PROOF = "one_proof"
"""What the session of somebody holds who needed no second factor when they signed in."""
PROVED, SAID_AGAIN = "proved_at", "said_again_at"
"""Where the session keeps when its person last proved who they are, and when inside, by a code."""
BACKEND = "django.contrib.auth.backends.ModelBackend"
_checking = BoundedSemaphore(AT_ONCE)


def must_wait(email: str, *, now: datetime, browser: str = "") -> bool:
    """Has this address failed too often of late? Asked before any password is hashed."""
    recent = SignInFailure.objects.filter(account=account_digest(email, browser), at__gt=now - WINDOW)
    return recent.count() >= MOST_FAILURES


@transaction.atomic
def note_failure(
    email: str,
    by: By,
    *,
    now: datetime,
    browser: str = "",
    whose: User | None = None,
    request: HttpRequest | None = None,
) -> None:
    """Count one failure, write it into the trail, and drop those of anybody that no longer count.

    `whose`: where it is known without the address. The one after which it has to wait says so in the trail.
    """
    SignInFailure.objects.filter(at__lte=now - WINDOW).delete()
    SignInFailure.objects.create(account=account_digest(email, browser), at=now)
    record_failure(
        account_digest(email, ""),
        by,
        waits=must_wait(email, now=now, browser=browser),
        whose=whose,
        at=now,
        request_id=request_id(request) if request else "",
    )


def forget_failures(email: str, *, browser: str = "") -> None:
    """The right password was given: start again from none."""
    SignInFailure.objects.filter(account=account_digest(email, browser)).delete()


def own_browser(request: HttpRequest | None, email: str) -> str:
    """What tells a browser apart in which the person of this address has signed in before; else ""."""
    if request is None or not is_known(request, plain_email(email)):
        return ""
    return digest_of(request)


@contextmanager
def turn_to_check() -> Iterator[bool]:
    """Whether a password may be checked now; not while so many others are that pages would have to wait."""
    free = _checking.acquire(blocking=False)
    try:
        yield free
    finally:
        if free:
            _checking.release()


def enter(request: HttpRequest, user: User, by: By, *, now: datetime, wanted: str) -> bool:
    """Sign somebody in who has proved one thing; False where a second factor has to follow.

    `wanted`: the address of ours where they want to be.
    """
    if not needs_second_factor(user, today=timezone.localdate(now)) and not factors_of(user).exists():
        sign_in(request, user, [by], now=now)
        return True
    request.session.cycle_key()
    _half_way(request, user, by, now=now, wanted=wanted)
    return False


def _half_way(request: HttpRequest, user: User, by: By, *, now: datetime, wanted: str) -> None:
    request.session[HALF_IN] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": now.timestamp(),
        "wanted": wanted,
        "by": by,
    }


def proved_one_thing(request: HttpRequest) -> bool:
    """Whether one proof let them in, and no second one was given."""
    return ONE_PROOF in request.session


def back_to_half_way(request: HttpRequest, user: User, *, now: datetime) -> None:
    """Somebody who was in by one proof has to give a second: they are nobody until then, in a new session."""
    wanted = request.get_full_path() if request.method == "GET" else settings.LOGIN_REDIRECT_URL
    _half_way(request, user, By.SESSION, now=now, wanted=wanted)


@transaction.atomic
def sign_in(request: HttpRequest, user: User, by: Sequence[By], *, now: datetime) -> None:
    """Somebody has proved all that they have to. The session has a new key from here on.

    `by`: what they have just proved; who was half in has proved one thing before.
    """
    before = request.session.pop(HALF_IN, {})
    login(request, user, backend=BACKEND)
    first = [before["by"]] if "by" in before else []
    if len(first) + len(by) == 1:
        request.session[ONE_PROOF] = True
    record_sign_in(user, [*first, *by], at=now, request_id=request_id(request))


def proved(request: HttpRequest, *, now: datetime) -> None:
    """Somebody has proved who they are."""
    request.session[PROVED] = now.timestamp()


def said_again(request: HttpRequest, *, now: datetime) -> None:
    """Somebody who is signed in has said once more, by a code, who they are."""
    proved(request, now=now)
    request.session[SAID_AGAIN] = now.timestamp()


def half_in(request: HttpRequest, *, now: datetime) -> tuple[User, str] | None:
    """Who has to give their second factor, and where they want to be; nobody after ten minutes, nor once
    their seats, their password or their place in the log have changed."""
    kept = request.session.get(HALF_IN)
    if not kept or now.timestamp() - kept["at"] > HALF_WAY.total_seconds():
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), kept["hash"]):
        return None
    return user, kept["wanted"]


def proved_lately(request: HttpRequest, *, now: datetime) -> bool:
    """Whether they have proved who they are a few minutes ago: so for them a sensitive act needs no more."""
    return _lately(request, PROVED, now)


def said_lately(request: HttpRequest, *, now: datetime) -> bool:
    """Whether they have said by a code who they are, once they were signed in."""
    return _lately(request, SAID_AGAIN, now)


def _lately(request: HttpRequest, what: str, now: datetime) -> bool:
    return bool(now.timestamp() - request.session.get(what, 0) <= HALF_WAY.total_seconds())


def start_again(request: HttpRequest) -> None:
    """Forget who is half in."""
    request.session.pop(HALF_IN, None)


def begin_session(request: HttpRequest, user: User, *, now: datetime) -> None:
    """Somebody has just signed in: from here on their time counts. Behind the LADO wall it is shorter."""
    behind_the_wall = user.seats.filter(kind__in=LADO_KINDS).exists()
    begin(
        request.session,
        now=now,
        idle=LADO_IDLE if behind_the_wall else IDLE,
        device=in_words(request.META.get("HTTP_USER_AGENT", "")),
    )
    proved(request, now=now)
    setattr(request, JUST_SIGNED_IN, user)


def account_digest(email: str, browser: str) -> str:
    """A keyed hash: people type all sorts into the wrong box, and none of it is kept."""
    counted = f"{plain_email(email)} {browser}".strip()
    return salted_hmac("escalation.accounts.sign_in", counted, algorithm="sha256").hexdigest()
