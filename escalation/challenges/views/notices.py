"""How the log reaches somebody: each mail or one a day, and their due times in a calendar program."""

from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.outbox import digests
from core.web.asking import form_page
from core.web.forms import Form, Radios
from core.web.ical import Moment, calendar
from escalation.access.standing import standing_of
from escalation.accounts.models import User
from escalation.challenges.models import CalendarFeed, Challenge
from escalation.challenges.services import end_calendar, make_calendar, owner_of
from escalation.challenges.views.raising import user_of
from escalation.challenges.worklist import LIVE, Show, annotated, days, ordered
from escalation.policy.words import london_date

EACH, ONE = "each", "one"
TITLE = "Log: something is due"
MOST = 500
"""Due times in a calendar, the soonest first; a program reads it every hour."""


class NoticesForm(Form):
    """Each mail as it comes, or one a day."""

    mail = forms.ChoiceField(
        label="How often should we write to you?",
        choices=[(EACH, "Each time there is something"), (ONE, "Once a day, at 9am on working days")],
        widget=Radios(
            hints={
                EACH: "A mail for each, in working time.",
                ONE: "Only if there is something. What cannot wait still comes at once.",
            }
        ),
        error_messages={"required": "Choose how often we should write to you."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """The choice, and the way to the calendar."""
    me = user_of(request)
    chosen = ONE if digests.wants_one_mail_a_day(me) else EACH
    form = NoticesForm(request.POST if request.method == "POST" else None, initial={"mail": chosen})
    if form.is_valid():
        digests.choose(me, one_a_day=form.cleaned_data["mail"] == ONE, now=timezone.now())
        messages.success(request, "Saved.")
        return redirect("challenges:notices")
    feed = CalendarFeed.objects.filter(owner=me).first()
    return form_page(request, "challenges/notices.html", {"form": form, "feed": feed})


@require_POST
def new_calendar(request: HttpRequest) -> HttpResponse:
    """A new address, shown in the answer itself, since it is kept nowhere; the old one ends."""
    secret = make_calendar(owner=user_of(request), now=timezone.now())
    address = settings.SITE_URL + reverse("challenges:calendar") + "?" + urlencode({"key": secret})
    return render(request, "challenges/calendar.html", {"address": address})


@require_POST
def no_calendar(request: HttpRequest) -> HttpResponse:
    """The address opens nothing any more; a second click is no error."""
    end_calendar(owner=user_of(request))
    messages.success(request, "The calendar’s address is ended. It opens nothing any more.")
    return redirect("challenges:notices")


@login_not_required  # a calendar program cannot sign in: the secret in the query says whose it is
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """What is this person's turn, by when, and a link; 404 for every address that is nobody's.

    The secret is in the query, which no log line of ours has.
    """
    owner = owner_of(request.GET.get("key", ""))
    if owner is None:
        raise Http404
    text = calendar("Challenge log", _due(owner), now=timezone.now())
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


def _due(owner: User) -> list[Moment]:
    now = timezone.now()
    standing = standing_of(owner, today=london_date(now), at=now)
    known = annotated(Challenge.objects.visible_to(standing), standing, days(now))
    ours = known.filter(Show(LIVE, ours=True).condition, next_due__isnull=False)
    return [
        Moment(
            f"{each.uuid}@challenge-log", each.next_due, TITLE, settings.SITE_URL + each.get_absolute_url()
        )
        for each in ordered(ours, "due")[:MOST]
        if each.next_due
    ]
