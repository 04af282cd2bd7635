"""A business unit of three, and what they do to a policy, by real requests."""

import re
from copy import deepcopy
from dataclasses import dataclass
from html import unescape
from typing import Any
from uuid import uuid4

from django.test import Client

from escalation.accounts.models import User
from escalation.rulebook.models import PolicyVersion
from escalation.rulemaking.models import PolicyDraft
from tests.factories import person

DRAFTS = "/policy/drafts/"
BOX = re.compile(
    r'<(?:input|textarea|select|option)\b[^>]*?\bname="(?P<name>[^"]+)"(?P<rest>[^>]*)>', re.DOTALL
)


@dataclass
class Unit:
    """Ruth and Sam write and approve; Tess is a third person."""

    ruth: User
    sam: User
    tess: User


def unit() -> Unit:
    names = ("Ruth Ames", "Sam Ode", "Tess Lee")
    return Unit(*(person(name, role="business_unit") for name in names))


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def read(user: User, path: str) -> str:
    answer = client_of(user).get(path)
    assert answer.status_code == 200, (path, answer)
    return text(answer)


def begun(by: User, base: PolicyVersion) -> PolicyDraft:
    answer = client_of(by).post(DRAFTS, {"key": str(uuid4()), "base": str(base.pk)}, follow=True)
    assert answer.status_code == 200, text(answer)
    return PolicyDraft.objects.latest("pk")


def form_at(by: User, path: str) -> dict[str, Any]:
    """What a browser would send back from a page as it stands: the form's own first answers."""
    answer = client_of(by).get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    form = answer.context["form"]
    found: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if value in (None, False, ""):
            continue
        shown = form.fields[name].widget.format_value(value) if not isinstance(value, list | bool) else value
        found[name] = (
            "on"
            if value is True
            else shown[0]
            if isinstance(shown, list) and not isinstance(value, list)
            else shown
        )
    return found


def keep(by: User, path: str, **changes: Any) -> Any:
    """Open a page, change some boxes, and send it."""
    data = deepcopy(form_at(by, path))
    for name, value in changes.items():
        data[name] = value
    return client_of(by).post(path, {n: v for n, v in data.items() if v is not None}, follow=True)


def press(by: User, draft: PolicyDraft, act: str, **said: str) -> str:
    draft.refresh_from_db()
    data = {"act": act, "seen": str(draft.version), **said}
    return text(client_of(by).post(draft.get_absolute_url(), data, follow=True))


def approved(unit: Unit, draft: PolicyDraft) -> PolicyVersion:
    """Offered by Ruth, approved by Sam."""
    assert "It waits for a colleague" in press(unit.ruth, draft, "offer")
    assert "It is approved." in press(unit.sam, draft, "approve")
    draft.refresh_from_db()
    assert draft.made is not None
    return draft.made
