"""A challenge that was begun and not sent: go on with it, or throw it away."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from escalation.access.standing import request_standing
from escalation.challenges.forms.raising import first_words
from escalation.challenges.models import Draft
from escalation.challenges.views.raising import no_seat, user_of

UNSENT_SHOWN = 10


@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Go on with a challenge that was not sent, or start one. Writes nothing: page 1's first post does."""
    if not request_standing(request).settings:
        return no_seat(request)
    drafts = list(Draft.objects.filter(owner=user_of(request))[:UNSENT_SHOWN])
    fresh = reverse("challenges:raise_who", args=[uuid4()])
    if not drafts:
        return redirect(fresh)
    rows = [(each, _words_of(each)) for each in drafts]
    return render(request, "challenges/raise.html", {"drafts": rows, "fresh": fresh})


@require_http_methods(["GET", "HEAD", "POST"])
def throw_away(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Throw one's own draft away, once one has said so twice; a second click is no error."""
    draft = Draft.objects.filter(uuid=uuid, owner=user_of(request)).first()
    if request.method == "POST":
        if draft is not None:
            draft.delete()
        messages.success(request, "The draft is thrown away. Nobody had read it.")
        return redirect("challenges:list")
    if draft is None:
        raise Http404
    return render(request, "challenges/raise_throw_away.html", {"draft": draft, "words": _words_of(draft)})


def _words_of(draft: Draft) -> str:
    """By what its writer knows a draft again."""
    return first_words(draft.words.get("label") or draft.words.get("decision", ""))
