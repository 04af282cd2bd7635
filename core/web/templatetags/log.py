"""The log's template library: icons, state labels, dates, panels. No query, no permission.

{% load log %}
{% icon "clock" %}                                  a line icon, hidden from screen readers
{% state "late" "Overdue since yesterday, 5pm" %}   shape + word + colour
{{ due|short_date }} {{ due|long_date }} {{ due|short_day }} {{ due|clock_time }} {{ due|nearby_day }}
{{ number|tel }}                                    for href="tel:..."
{% panel "Help with wording" "hw" %} ... {% endpanel %}
{% warning %} ... {% endwarning %}
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.web import dates
from core.web.context import Link, links_for, make_site

register = template.Library()

# 24 units, stroke 2. Ours, so their markup is safe.
ICONS = {
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 2"/>',
    "turn": '<circle cx="12" cy="12" r="9"/><path d="M8 12h8m-3-3.5 3.5 3.5-3.5 3.5"/>',
    "hourglass": '<path d="M6 3h12M6 21h12M7 3c0 5 5 6 5 9s-5 4-5 9M17 3c0 5-5 6-5 9s5 4 5 9"/>',
    "triangle": '<path d="M12 3 2.5 20h19z"/><path d="M12 10v4.5m0 2.6v.2"/>',
    "tick": '<circle cx="12" cy="12" r="9"/><path d="m8 12.5 3 3 5-6.5"/>',
    "tick-only": '<path d="m5 12.5 5 5 9-11"/>',
    "download": '<path d="M12 4v11m-4.5-4 4.5 4.5 4.5-4.5M5 20h14"/>',
    "pause": '<circle cx="12" cy="12" r="9"/><path d="M10 9v6m4-6v6"/>',
    "padlock": '<rect x="5" y="11" width="14" height="9" rx="1.5"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
    "eye": (
        '<path d="M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12z"/>'
        '<circle cx="12" cy="12" r="2.8"/>'
    ),
}
STATE_ICONS = {
    "wait": "clock",
    "turn": "turn",
    "due": "hourglass",
    "late": "triangle",
    "done": "tick",
    "hold": "pause",
    "private": "padlock",
    "sealed": "padlock",
    "seen": "eye",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of `ICONS`; always beside a word, never instead of it."""
    shape = mark_safe(ICONS[name])  # noqa: S308  our own markup, above
    return format_html(
        '<svg class="cl-i" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', shape
    )


@register.simple_tag
def state(kind: str, words: str, tag: str = "p") -> SafeString:
    """A state label; `kind` is a key of `STATE_ICONS`, `tag` the element ("span" inside a sentence)."""
    element = "span" if tag == "span" else "p"
    shape = icon(STATE_ICONS[kind])
    return format_html(
        '<{0} class="cl-state cl-state--{1}">{2} <span>{3}</span></{0}>', element, kind, shape, words
    )


@register.filter
def short_date(when: date | None) -> str:
    """`Tue 29 Dec, 5pm`."""
    return dates.short_date(when, now=timezone.now()) if when else ""


@register.filter
def short_day(when: date | None) -> str:
    """`Tue 29 Dec`."""
    return dates.short_day(when, now=timezone.now()) if when else ""


@register.filter
def long_date(when: date | None) -> str:
    """`Tuesday 29 December 2026, 5pm`."""
    return dates.long_date(when) if when else ""


@register.filter
def long_day(when: date | None) -> str:
    """`Tuesday 29 December 2026`."""
    return dates.long_day(when) if when else ""


@register.filter
def clock_time(when: datetime | None) -> str:
    """`5pm`."""
    return dates.clock_time(when) if when else ""


@register.filter
def nearby_day(when: date | None) -> str:
    """`today`, `yesterday`, `tomorrow`, or nothing."""
    return dates.nearby_day(when, now=timezone.now()) if when else ""


@register.filter
def tel(number: str) -> str:
    """A phone number for a tel: address: digits and a leading plus only."""
    plus = "+" if number.strip().startswith("+") else ""
    return plus + "".join(character for character in number if character in "0123456789")


@register.simple_block_tag
def panel(content: str, heading: str, anchor: str = "") -> SafeString:
    """Help beside the task: a filled surface in the side column."""
    identity = format_html(' id="{}"', anchor) if anchor else ""
    return format_html('<section class="cl-panel"><h2{}>{}</h2>{}</section>', identity, heading, content)


@register.simple_block_tag
def warning(content: str) -> SafeString:
    """An amber box on a page: something to know, nothing that blocks."""
    return format_html('<div class="cl-warn cl-warn--page">{}</div>', content)


@register.simple_tag(takes_context=True)
def nav_links(context: dict[str, Any]) -> tuple[Link, ...]:
    """The header's links for whoever is signed in; none on a page that has no request."""
    request = context.get("request")
    if not isinstance(request, HttpRequest) or not _signed_in(context):
        return ()
    return links_for(request)


@register.simple_tag(takes_context=True)
def the_site(context: dict[str, Any]) -> Any:
    """`site` of the context processor, or the same made afresh on a page rendered without a request."""
    return context.get("site") or make_site()


def _signed_in(context: dict[str, Any]) -> bool:
    return bool(getattr(context.get("user"), "is_authenticated", False))


@register.filter
def get_item(mapping: Mapping[str, Any], key: str) -> Any:
    """A value by a key that a template cannot spell, such as `aria-invalid`."""
    return mapping.get(key)


@register.simple_tag
def errors_of(form: BaseForm) -> list[tuple[str, str]]:
    """Each error, led by its question, with the address of its control ("" for the form as a whole)."""
    found = [(str(error), "") for error in form.non_field_errors()]
    for bound in form:
        found += [(_led_by(str(bound.label), str(error)), _control_of(bound)) for error in bound.errors]
    return found


@register.filter
def holds_words(form: BaseForm) -> bool:
    """Whether somebody has written something in a form, that could be lost; codes and passwords aside."""
    written = (bound for bound in form if "data-warn" in bound.field.widget.attrs)
    return any(str(bound.value() or "").strip() for bound in written)


def _led_by(label: str, error: str) -> str:
    # Two dates on a page have the same message: the question tells them apart.
    return f"{label}{'' if label.endswith(('?', '…')) else ':'} {error}" if label else error


def _control_of(bound: BoundField) -> str:
    # A group of choices has no control of its own: its first choice is where to go.
    return f"#{bound.id_for_label or f'{bound.auto_id}_0'}"
