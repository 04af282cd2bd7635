"""The first pages, open to everyone: is a child in danger, who can be asked, which door, and help.

They work without sign-in, without scripts, and while no policy is loaded (999 always stands there).
What is answered here is kept in the session until the challenge is begun, never in an address.
"""

from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from core.web.components import Phone
from escalation.challenges.forms.start import NOBODY, DangerForm
from escalation.policy import PhoneNumber, Policy, Term
from escalation.rulebook.queries import NoPolicy, current_policy, todays_numbers

DANGER = "danger"
"""Where the session keeps who is acting: danger_acting, danger_who, danger_when."""

EMERGENCY = PhoneNumber("emergency", "Danger now", "999")
FRONT_DOOR = ("front_door", "out_of_hours")
DOOR_NUMBERS = {
    "adult": ("lado", "out_of_hours"),
    "not_sure": ("business_unit",),
    "conference": ("business_unit",),
    "my_work": ("speaking_up", "speaking_up_children"),
}
"""Whom to call at a door, by the codes of the policy's numbers."""


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Is a child in danger right now? Three answers, three links."""
    return render(request, "challenges/start.html", {"phones": phones()})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def danger(request: HttpRequest) -> HttpResponse:
    """Yes: call 999. Then who is acting? Where nobody is, one goes straight on to the leads."""
    form = DangerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        request.session[DANGER] = form.answer(now=timezone.now())
        if form.cleaned_data["acting"] == NOBODY:
            messages.warning(request, _keep_calling())
            return redirect("challenges:raise")
        return redirect("challenges:doors")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "challenges/danger.html", {"form": form, "phones": phones()}, status=status)


@login_not_required
@require_safe
def unsure(request: HttpRequest) -> HttpResponse:
    """Not sure if a child is in danger: who can talk it through today."""
    return render(request, "challenges/unsure.html", {"phones": phones()})


@login_not_required
@require_safe
def doors(request: HttpRequest) -> HttpResponse:
    """Seven doors, each readable without signing in."""
    return render(request, "challenges/doors.html", {"doors": [(slug_of(door), door) for door in _doors()]})


@login_not_required
@require_safe
def door(request: HttpRequest, slug: str) -> HttpResponse:
    """Where one door leads, in plain words."""
    found = next((each for each in _doors() if slug_of(each) == slug), None)
    if found is None:
        raise Http404
    context = {"door": found, "phones": phones(), "door_phones": numbers(DOOR_NUMBERS.get(found.code, ()))}
    return render(request, "challenges/door.html", context)


@login_not_required
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    """How the log works, on one page."""
    return render(request, "challenges/help.html", {"policy": todays_policy(), "phones": phones()})


@login_not_required
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """How we use what people write."""
    return render(request, "challenges/privacy.html", {"policy": todays_policy()})


@login_not_required
@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """What works, what is not tested yet, and how to say so."""
    return render(request, "challenges/accessibility.html", {"phones": phones()})


def todays_policy() -> Policy | None:
    """Today's rules: their numbers, patterns and notes are the ones to show, whatever a case began under."""
    try:
        return current_policy(timezone.localdate()).policy
    except NoPolicy:
        return None


def phones() -> list[Phone]:
    """999 first, then today's numbers of the front door, days and nights."""
    return [_phone(EMERGENCY), *numbers(FRONT_DOOR)]


def numbers(codes: Iterable[str]) -> list[Phone]:
    """Today's numbers with these codes, in this order."""
    policy = todays_policy()
    known = todays_numbers(policy, timezone.localdate()) if policy else {}
    found = [known[code] for code in codes if code in known]
    phones = [_phone(number) for number in found]
    if any(number.to_be_confirmed for number in found):
        # Once, after the last: under each, somebody in a hurry would doubt every number.
        which = "Number" if len(found) == 1 else "Numbers"
        phones[-1] = replace(phones[-1], note=f"{which} to be confirmed by MSCP")
    return phones


def _phone(number: PhoneNumber) -> Phone:
    return Phone(", ".join(part for part in (number.label, number.hours) if part), number.number)


def _doors() -> tuple[Term, ...]:
    policy = todays_policy()
    return policy.vocabularies.get("door", ()) if policy else ()


def slug_of(door: Term) -> str:
    """A door's place in its address."""
    return door.code.replace("_", "-")


def _keep_calling() -> str:
    numbers = "; ".join(f"{phone.label}: {phone.number}" for phone in phones())
    on = "You can go on here: it starts with the leads at once. They see it when they sign in. Call them too."
    return f"Keep calling. {numbers}. {on}"
