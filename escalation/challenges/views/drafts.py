"""A challenge that was begun and not sent: go on with it, or throw it away."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.chance import drawn_id
from core.machine import Refused
from escalation.access.standing import request_standing
from escalation.accounts.models import User
from escalation.challenges.forms.raising import first_words
from escalation.challenges.models import Draft
from escalation.challenges.services import draft_days
from escalation.challenges.services.holding import throw_away as discard
from escalation.challenges.views.raising import no_seat, user_of
from escalation.challenges.views.start import DANGER
from escalation.policy.clock import LONDON
from escalation.policy.words import london_date

UNSENT_SHOWN = 10


@dataclass(frozen=True)
class Unsent:
    """A draft as its writer knows it again: how it is called, how its worry begins, when it was saved, and
    whether a legal hold keeps it."""

    uuid: UUID
    name: str
    worry: str
    saved_at: datetime
    held: bool = False

    @property
    def until(self) -> date:
        """The last day on which it is sure to be there."""
        today = timezone.localdate(timezone=LONDON)
        return london_date(self.saved_at) + timedelta(days=draft_days(today) - 1)


@dataclass(frozen=True)
class Shown:
    """A draft that somebody else shows to this reader: whose it is, and since when."""

    uuid: UUID
    writer: str
    shown_at: datetime | None


def unsent_and_shown(user: User) -> tuple[list[Unsent], list[Shown]]:
    """One's own drafts, and those that others show; one statement."""
    drafts = Draft.with_holds().filter(Q(owner=user) | Q(shown_to=user, owner__is_active=True))
    found = list(drafts.select_related("owner"))
    own = [_unsent(draft) for draft in found if draft.owner_id == user.pk]
    others = [
        Shown(draft.uuid, draft.owner.full_name, draft.shown_at)
        for draft in found
        if draft.owner_id != user.pk
    ]
    return own[:UNSENT_SHOWN], others


def unsent(user: User) -> list[Unsent]:
    """One's own drafts, newest first; one statement."""
    return [_unsent(draft) for draft in Draft.with_holds().filter(owner=user)[:UNSENT_SHOWN]]


def _unsent(draft: Draft) -> Unsent:
    words = draft.words
    name = first_words(words.get("label") or words.get("decision", ""))
    return Unsent(draft.uuid, name, first_words(words.get("worry", "")), draft.saved_at, draft.held)


@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Go on with a challenge that was not sent, or start one. Writes nothing: page 1's first post does.

    What was said of a danger goes with the one that is chosen, so then a new one stands first.
    """
    if not request_standing(request).settings:
        return no_seat(request)
    drafts = unsent(user_of(request))
    fresh = reverse("challenges:raise_who", args=[drawn_id("form")])
    if not drafts:
        return redirect(fresh)
    context = {"drafts": drafts, "fresh": fresh, "danger": DANGER in request.session}
    return render(request, "challenges/raise.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def throw_away(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Throw one's own draft away, once one has said so twice; a second click is no error."""
    draft = Draft.with_holds().filter(uuid=uuid, owner=user_of(request)).first()
    if request.method == "POST":
        _thrown_away(request, draft)
        return redirect("challenges:list")
    if draft is None:
        raise Http404
    return render(request, "challenges/raise_throw_away.html", {"draft": _unsent(draft)})


def _thrown_away(request: HttpRequest, draft: Draft | None) -> None:
    try:
        if draft is not None:
            discard(draft)
    except Refused as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, "The draft is thrown away. Nobody had read it.")
