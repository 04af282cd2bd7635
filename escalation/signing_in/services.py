"""The only writer of second factors, their resets, and codes that go out by mail.

Each function is one act, all or nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from core.audit.chain import append_in_turn
from core.outbox.models import WAITING
from core.sessions.models import Session
from escalation.accounts.comings import By, record_failure
from escalation.accounts.events import How
from escalation.accounts.models import Event, User, plain_email
from escalation.accounts.queries import is_system, knows_domain
from escalation.accounts.services import Refused
from escalation.accounts.sign_in import WINDOW, account_digest

from .codes import as_kept, mailed_code, matching, moment_of, printed_codes
from .events import (
    ADDED,
    APPROVED,
    ASKED,
    CHAIN,
    CODE_USED,
    CODES,
    LINKED,
    PASSWORD_CHANGED,
    REFUSED,
    TAKEN_AWAY,
    record,
)
from .models import FactorReset, Letter, MailedCode, Newcomer
from .notifications import ask_deciders, send_code, tell_of_change, tell_of_reset
from .passkeys import used_key
from .queries import APP, PASSKEY, PRINTED, app_of, deciders_of, has_factor, may_ask_for, may_decide, may_end

MOST_MAILS = 5
"""Codes that go to one address in a quarter of an hour."""
MOST_TRIES = 5
MAILED_FOR = timedelta(minutes=10)
NEWCOMER_FOR, NEWCOMER_AT_MOST = timedelta(days=1), timedelta(days=14)
MOST_NEWCOMERS = 200
"""To so many addresses that the log does not know a code goes in a quarter of an hour, and no more: a whole
training day can ask, and nobody can make the log write to everybody."""


@transaction.atomic
def set_up_app(*, user: User, secret: str, code: str, how: How, session_key: str | None = None) -> bool:
    """Their app is `secret` (base32) from now on, in place of an earlier one; False where the code is wrong.

    Every other session of theirs ends.
    """
    counter = matching(secret, code, now=how.at, used=None)
    if counter is None:
        return False
    _lock(user)
    for old in Authenticator.objects.filter(user=user, type=APP):
        _take_away(old, by=user, how=how)
    row = Authenticator.objects.create(
        user=user,
        type=APP,
        data={"secret": encrypt(secret)},
        created_at=how.at,
        last_used_at=moment_of(counter),
    )
    record(row, ADDED, by=user, how=how)
    _changed(user, how=how, session_key=session_key)
    return True


@transaction.atomic
def use_app_code(*, user: User, typed: str, now: datetime) -> bool:
    """Whether this is their app's code, and a later one than was ever used: each works once."""
    row = Authenticator.objects.select_for_update().filter(user=user, type=APP).first()
    if row is None:
        return False
    counter = matching(decrypt(row.data["secret"]), typed, now=now, used=row.last_used_at)
    if counter is None:
        return False
    row.last_used_at = moment_of(counter)
    row.save(update_fields=["last_used_at"])
    return True


@transaction.atomic
def add_passkey(
    *, user: User, name: str, answer: Mapping[str, Any], how: How, session_key: str | None
) -> Authenticator:
    """A key that has just answered what it was asked; every other session of theirs ends."""
    _lock(user)
    data = {"name": name, "credential": dict(answer)}
    row = Authenticator.objects.create(user=user, type=PASSKEY, data=data, created_at=how.at)
    record(row, ADDED, by=user, how=how)
    _changed(user, how=how, session_key=session_key)
    return row


@transaction.atomic
def use_passkey(*, user: User, answer: Any, now: datetime) -> bool:
    """Whether one of their keys has signed what it was asked."""
    row = used_key(user, answer)
    if row is None:
        return False
    row.last_used_at = now
    row.save(update_fields=["last_used_at"])
    return True


@transaction.atomic
def end_factor(*, factor: Authenticator, user: User, how: How, session_key: str | None) -> None:
    """They do without this one; with the last one printed codes go too."""
    _lock(user)
    if not may_end(user, factor, today=timezone.localdate(how.at)):
        raise Refused("Your seat asks for a second step, and this is your only one.")
    _take_away(factor, by=user, how=how)
    if not has_factor(user):
        for row in Authenticator.objects.filter(user=user):
            _take_away(row, by=user, how=how)
    _changed(user, how=how, session_key=session_key)


@transaction.atomic
def print_codes(*, user: User, how: How) -> list[str]:
    """Ten new codes, shown once; those printed before stop working."""
    _lock(user)
    for old in Authenticator.objects.filter(user=user, type=PRINTED):
        _take_away(old, by=user, how=how)
    codes = list(printed_codes())
    hashes = {number: make_password(letters) for number, letters in map(as_kept, codes)}
    row = Authenticator.objects.create(user=user, type=PRINTED, data={"hashes": hashes}, created_at=how.at)
    record(row, CODES, by=user, how=how)
    return codes


@transaction.atomic
def use_printed_code(*, user: User, typed: str, how: How) -> bool:
    """Whether this is one of their printed codes that was not used yet; it is used now. One slow hash."""
    number, letters = as_kept(typed)
    row = Authenticator.objects.select_for_update().filter(user=user, type=PRINTED).first()
    kept = row.data["hashes"].get(number) if row else None
    if not check_password(letters, kept or make_password(None)) or row is None:
        return False
    del row.data["hashes"][number]
    row.last_used_at = how.at
    row.save(update_fields=["data", "last_used_at"])
    record(row, CODE_USED, by=user, how=how)
    return True


@transaction.atomic
def ask_for_reset(*, user: User, sure: str, by: User, how: How) -> FactorReset:
    """Somebody has lost their second factor: a second person has to say yes. Asking twice is asking once."""
    if not may_ask_for(by, user):
        raise Refused("You can ask this for people of your own service.")
    if not has_factor(user):
        raise Refused("They have nothing to lose: they set up a second step when they next sign in.")
    _lock(user)
    found = FactorReset.objects.waiting(how.at).filter(user=user).first()
    if found is not None:
        return found
    reset = FactorReset.objects.create(user=user, sure=sure, asked_by=by, asked_at=how.at)
    record(reset, ASKED, by=by, how=how)
    ask_deciders(deciders_of(reset), now=how.at)
    return reset


@transaction.atomic
def decide_reset(*, reset: FactorReset, approved: bool, by: User, how: How) -> FactorReset:
    """The second person's word. With a yes every factor and session of that person ends."""
    found = FactorReset.objects.select_for_update(of=("self",)).get(pk=reset.pk)
    if not may_decide(by, found):
        raise Refused("Somebody else has to decide this: not who asked, and not who has lost it.")
    if found.decided_at is not None:
        return found
    found.decided_by, found.decided_at, found.approved = by, how.at, approved
    found.save(update_fields=["decided_by", "decided_at", "approved"])
    record(found, APPROVED if approved else REFUSED, by=by, how=how)
    if approved:
        take_all_away(user=found.user, by=by, how=how)
    return found


@transaction.atomic
def take_all_away(*, user: User, by: User | None, how: How) -> int:
    """End every factor and session of somebody; returns how many factors there were."""
    rows = list(Authenticator.objects.select_for_update().filter(user=user).order_by("pk"))
    if not rows:
        return 0
    for row in rows:
        _take_away(row, by=by, how=how)
    Session.objects.filter(user=user).delete()
    tell_of_reset(user, now=how.at)
    return len(rows)


@transaction.atomic
def change_password(*, user: User, new: str, how: How) -> None:
    """For whoever has proved who they are. All sessions end: the caller keeps the one that asks."""
    user.set_password(new)
    user.save(update_fields=["password"])
    append_in_turn(
        Event,
        chain=CHAIN,
        at=how.at,
        actor=user,
        seat=how.seat,
        act=PASSWORD_CHANGED,
        object=f"person:{user.pk}",
        codes={},
        request_id=how.request_id,
    )
    Session.objects.filter(user=user).delete()
    tell_of_change(user, now=how.at)


def secret_of_app(user: User) -> str:
    """What their app knows, in base32; "" where they have none. For demos and tests alone."""
    row = app_of(user)
    return str(decrypt(row.data["secret"])) if row else ""


def _take_away(row: Authenticator, *, by: User | None, how: How) -> None:
    record(row, TAKEN_AWAY, by=by, how=how)
    row.delete()


def _changed(user: User, *, how: How, session_key: str | None) -> None:
    Session.objects.filter(user=user).exclude(session_key=session_key).delete()
    tell_of_change(user, now=how.at)


def _lock(user: User) -> None:
    """Two browsers that set up at once come one after the other."""
    User.objects.select_for_update().get(pk=user.pk)


@transaction.atomic
def mail_code(*, email: str, browser: str, now: datetime) -> MailedCode | None:
    """Send a code to whoever has this address, or to a newcomer whose domain an organisation has.

    The same is written where nobody has it, save the mail itself, and as many statements are asked for an
    account as for a newcomer. None where too many were asked for. `browser`: as in accounts.sign_in, counts
    apart.
    """
    account = account_digest(email, f"{browser} by mail")
    MailedCode.objects.filter(asked_at__lte=now - WINDOW).delete()
    if MailedCode.objects.filter(account=account).count() >= MOST_MAILS:
        return None
    row = MailedCode(account=account, asked_at=now)
    to = _whom(email, now)
    if isinstance(to, Newcomer):
        row.newcomer = to
    else:
        row.user = to
    row.message = send_code(to, now=now) if to else None
    row.save()
    return row


def _whom(email: str, now: datetime) -> User | Newcomer | None:
    """Who has this address, or may get to have it. Whoever has left, and a system, get no mail."""
    email = plain_email(email)
    user = User.objects.filter(email=email).first()
    known, asked = knows_domain(email), Newcomer.objects.filter(asked_at__gt=now - WINDOW).count()
    if user is not None:
        return user if user.is_active and not is_system(user) else None
    return Newcomer.objects.create(email=email, asked_at=now) if known and asked < MOST_NEWCOMERS else None


@transaction.atomic
def use_mailed_code(*, asked: int, typed: str, now: datetime) -> User | Newcomer | None:
    """Whose code this is; each works once, for ten minutes, and ends with the fifth mistake.

    `asked`: the row of the asking, which only the browser knows in which it was.
    """
    found = MailedCode.objects.select_for_update(of=("self",)).select_related("user", "newcomer")
    row = found.filter(pk=asked).first()
    if row is None or row.used_at or row.tries >= MOST_TRIES or now - row.asked_at > MAILED_FOR:
        return None
    code = "".join(typed.split())
    expected = mailed_code(row.message) if row.message else ""
    if not code.isascii() or not expected or not constant_time_compare(code, expected):
        MailedCode.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
        waits = row.tries + 1 >= MOST_TRIES
        record_failure(row.account, By.MAIL, waits=waits, whose=row.user, at=now)
        return None
    row.used_at = now
    row.save(update_fields=["used_at"])
    if row.newcomer is not None:
        # Somebody may have given them a seat since they asked.
        row.user = User.objects.filter(email=row.newcomer.email).first()
    return _still_there(row.user) if row.user else row.newcomer


def _still_there(user: User) -> User | None:
    return user if user.is_active else None


@transaction.atomic
def forget_newcomers(*, now: datetime) -> None:
    """A day after a mail went, or where none can go any more, nothing is kept of whom it went to."""
    waiting = Letter.objects.filter(WAITING, to=OuterRef("pk"))
    done = Newcomer.objects.filter(~Exists(waiting), asked_at__lte=now - NEWCOMER_FOR)
    done.delete()
    Newcomer.objects.filter(asked_at__lte=now - NEWCOMER_AT_MOST).delete()


@transaction.atomic
def known_by(*, provider: str, subject: str, email: str, domains: Sequence[str], how: How) -> User | None:
    """Whom an organisation's provider has sent: whoever it sent under this name before, or at the first time
    whoever has the address, if it is of one of the provider's own domains. None where the log knows nobody.

    An address that somebody else had there before opens nothing: a person has one name there, and keeps it.
    """
    linked = SocialAccount.objects.filter(provider=provider, uid=subject).select_related("user").first()
    if linked is not None:
        return linked.user if linked.user.is_active else None
    user = User.objects.filter(email=plain_email(email), is_active=True).first()
    if user is None or is_system(user) or plain_email(email).rpartition("@")[2] not in domains:
        return None
    _lock(user)
    if SocialAccount.objects.filter(provider=provider, user=user).exists():
        return None
    row = SocialAccount.objects.create(provider=provider, uid=subject, user=user, extra_data={})
    record(row, LINKED, by=user, how=how)
    tell_of_change(user, now=how.at)
    return user
