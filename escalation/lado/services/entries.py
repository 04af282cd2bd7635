"""What a step leaves in the chronology."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from escalation.accounts.models import User
from escalation.lado.asks import ASKS, FROM_THE_CASE, is_words
from escalation.lado.models import Entry, Referral


def write_entry(
    referral: Referral,
    step: str,
    answers: Mapping[str, Any],
    *,
    by: User | None,
    seat: str,
    now: datetime,
    codes: Mapping[str, object],
) -> Entry:
    """The step's line in the chronology, when it happened and when it was recorded."""
    happened = answers.get("called_at") or answers.get("happened_at") or now
    entry = Entry(
        referral=referral,
        version=referral.version,
        episode=referral.episode,
        status=referral.status,
        step=step,
        actor=by,
        seat=seat,
        occurred_at=happened,
        recorded_at=now,
        codes={**codes_of(answers), **codes},
        words=words_of(answers),
        corrects=answers.get("corrects"),
    )
    entry.save(force_insert=True)
    return entry


def words_of(answers: Mapping[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in answers.items() if value and is_words(name)}


def codes_of(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _plain(value)
        for name, value in answers.items()
        if value not in (None, "", []) and not is_words(name) and ASKS[name].kind not in FROM_THE_CASE
    }


def _text(value: Any) -> str:
    return "\n".join(value) if isinstance(value, list) else str(_plain(value))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
