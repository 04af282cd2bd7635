"""A form post that arrives after its writer's session has ended: kept through the sign-in, for them alone.

A page puts `seal(user.pk)` into its form as the hidden box `owner`. Its view lets a post without a session in
(`login_not_required`), answers it with `sign_in_first`, and asks `take_back` when the page is next opened.
"""

from collections.abc import Mapping
from typing import TypedDict

from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict

KEPT = "late_post"
"""Where the session keeps the one post that came too late."""
OWNER = "owner"
SALT = "core.web.late.owner"
NOT_KEPT = ("csrfmiddlewaretoken", OWNER, "act", "save")
SAID = "You were signed out. What you wrote is here, as you typed it."


class Late(TypedDict):
    """What waits: from which page, sealed to whom, and the boxes with everything that stood in each."""

    path: str
    owner: str
    posted: dict[str, list[str]]


def seal(user_id: int) -> str:
    """Says for whom a page was made; nobody else can make it."""
    return signing.dumps(user_id, salt=SALT)


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in and back here. What was posted waits in the session, if it bears a seal of ours."""
    owner = request.POST.get(OWNER, "") if request.method == "POST" else ""
    if _sealed_to(owner) is not None:
        posted = {
            name: [str(t) for t in texts] for name, texts in request.POST.lists() if name not in NOT_KEPT
        }
        request.session[KEPT] = Late(path=request.path, owner=owner, posted=posted)
    return redirect_to_login(request.get_full_path())


def is_waiting(request: HttpRequest) -> bool:
    """Whether something that was posted waits for its writer to sign in."""
    return KEPT in request.session


def take_back(request: HttpRequest, user_id: int) -> QueryDict | None:
    """What this person posted too late to this very page, once; what somebody else posted is dropped."""
    kept: Late | None = request.session.get(KEPT)
    if kept is None or kept["path"] != request.path:
        return None
    del request.session[KEPT]
    return _as_posted(kept["posted"]) if _sealed_to(kept["owner"]) == user_id else None


def _as_posted(boxes: Mapping[str, list[str]]) -> QueryDict:
    posted = QueryDict(mutable=True)
    for name, texts in boxes.items():
        posted.setlist(name, texts)
    return posted


def _sealed_to(token: str) -> int | None:
    """The person for whom the page was made; None where the seal is not ours."""
    try:
        return int(signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None
