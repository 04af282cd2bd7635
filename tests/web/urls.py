"""Addresses where things go wrong on purpose, in front of the log's own middleware."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from core.web import errors, forms

PAGE = """{% extends "base.html" %}{% block title %}Your worry{% endblock %}
{% block content %}<h1>Your worry</h1><form method="post">{% csrf_token %}{{ form }}</form>{% endblock %}"""

handler400 = "core.web.errors.bad_request"
handler403 = "core.web.errors.forbidden"
handler404 = "core.web.errors.not_found"
handler500 = "core.web.errors.server_error"


class WorryForm(forms.Form):
    """One question."""

    worry = forms.PlainText(label="I am worried that…")
    when = forms.DayField(label="When?", required=False)


@login_not_required
def page(request: HttpRequest) -> HttpResponse:
    """A form page as the log writes them."""
    form = WorryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return HttpResponse(f"kept {len(form.cleaned_data['worry'])}", content_type="text/plain")
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form}, request))


@login_not_required
def wrong(request: HttpRequest, kind: str) -> HttpResponse:
    """Whatever `kind` says goes wrong."""
    if kind == "conflict":
        kept = {"What you did": request.POST.get("worry", "")}
        happened = (
            "While you were writing, the duty social worker sent an answer: Wed 30 December 2026, 11:05am."
        )
        return errors.conflict(
            request, kept=kept, see_url="/see/", add_url="/add/", happened=happened, draft_days=30
        )
    raise {
        "gone": Http404("secret words"),
        "forbidden": PermissionDenied("secret words"),
        "suspicious": SuspiciousOperation("secret words"),
        "locked": OperationalError("database is locked: secret words"),
        "bug": RuntimeError("secret words"),
    }[kind]


def closed(request: HttpRequest) -> HttpResponse:
    """Only for those who have signed in."""
    return HttpResponse("in")


urlpatterns = [
    path("page/", page),
    path("wrong/<str:kind>/", wrong),
    path("api/wrong/<str:kind>/", wrong),
    path("closed/", closed),
]
