"""The pulse: one question, one minute, without signing in, and nobody can tell who answered."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.machine import Refused
from core.text.reference import normalised
from core.web.asking import form_page
from escalation.forums.forms import PulseForm
from escalation.forums.models import Pulse
from escalation.forums.services import answer


@login_not_required  # whoever came to a forum answers, with an account or without
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest, pulse: str) -> HttpResponse:
    """The question; closed before and after its time. Who is signed in is not looked at."""
    row = _found(pulse)
    form = PulseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            answer(row, form.cleaned_data["level"], now=timezone.now())
        except Refused as no:
            form.add_error(None, no.sentence)
        else:
            return redirect("pulse-thanks", pulse=row.code)
    return form_page(request, "forums/pulse.html", {"form": form, "is_open": row.is_open(timezone.now())})


@login_not_required
@require_safe
def thanks(request: HttpRequest, pulse: str) -> HttpResponse:
    """After an answer: reading it again changes nothing."""
    _found(pulse)
    return render(request, "forums/pulse_thanks.html")


def _found(code: str) -> Pulse:
    row = Pulse.objects.select_related("sitting").filter(code=normalised(code)[:8]).first()
    if row is None:
        raise Http404
    return row
