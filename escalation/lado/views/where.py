"""Which LADO leads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from escalation.lado.forms.where import WhereForm
from escalation.lado.views.gate import team_only


@team_only
@require_safe
def where(request: HttpRequest) -> HttpResponse:
    """Three questions and an answer; nothing is saved, so they may stand in the address."""
    form = WhereForm(request.GET) if "works" in request.GET else WhereForm()
    said = form.sentences() if form.is_bound and form.is_valid() else []
    return render(request, "lado/where.html", {"form": form, "said": said})
