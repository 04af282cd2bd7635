"""Answers sent as JSON, put as the boxes of a form would have sent them.

So the same form checks what people type on a page and what programs send, and there is one rule.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from core.web.dates import LONDON
from core.web.forms import MomentInput


def plain(answers: Mapping[str, Any]) -> QueryDict:
    """The form data of a form whose every answer is one box."""
    return boxes({}, answers)


def boxes(fields: Mapping[str, forms.Field], answers: Mapping[str, Any]) -> QueryDict:
    """The form data for these answers; a moment is "2026-12-29T14:20:00Z", a day "2026-12-29".

    A moment without a zone is London's. What is no moment is passed on as it is: the form says so.
    """
    data = QueryDict(mutable=True)
    for name, value in answers.items():
        field = fields.get(name)
        if field is not None and isinstance(field.widget, MomentInput):
            data.update(_moment(name, value))
        else:
            data.setlist(name, list(_typed(value)))
    return data


def _moment(name: str, value: Any) -> dict[str, str]:
    try:
        moment = parse_datetime(str(value))
    except ValueError:
        moment = None
    if moment is None:
        return {f"{name}_day": _text(value)}
    local = moment.replace(tzinfo=LONDON) if moment.tzinfo is None else _in_london(moment)
    return {f"{name}_day": local.date().isoformat(), f"{name}_time": f"{local:%H:%M}"}


def _in_london(moment: datetime) -> datetime:
    try:
        return moment.astimezone(LONDON)
    except OverflowError:
        return moment


def _typed(value: Any) -> Iterable[str]:
    values = value if isinstance(value, list) else [value]
    return (_text(each) for each in values if each is not None)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
