"""When a setting is shut, such as in the school holidays, and who acts for it then."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.machine import Refused
from core.web.asking import form_page
from escalation.directory.forms import ShutForm
from escalation.directory.queries import people_to_choose
from escalation.directory.services import end_closure, shut
from escalation.directory.views.gate import Kept, kept


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say when it is shut, and who acts for it."""
    here = kept(request, uuid)
    form = ShutForm(
        request.POST if request.method == "POST" else None,
        people=people_to_choose(here.keeper.standing, here.place.setting),
    )
    if form.is_valid() and _shut(here, form):
        messages.success(request, f"{form.picked('cover')} acts for {here.place.setting.name} then.")
        return redirect("directory-setting", uuid=uuid)
    return form_page(request, "directory/shut.html", {"setting": here.place.setting, "form": form})


def _shut(here: Kept, form: ShutForm) -> bool:
    said = form.cleaned_data
    try:
        shut(
            here.place.setting,
            name=said["name"],
            first=said["first"],
            last=said["last"],
            cover=form.picked("cover"),
            by=here.keeper,
        )
    except Refused as no:
        form.add_error(None, no.sentence)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """Asks, then takes it back: whoever covers stops at once."""
    here = kept(request, uuid)
    closure = next((each for each in here.place.closures if each.pk == number), None)
    if closure is None:
        raise Http404
    if request.method == "POST":
        end_closure(closure, by=here.keeper)
        messages.success(request, f"{here.place.setting.name} is not shut for {closure.name} any more.")
        return redirect("directory-setting", uuid=uuid)
    context = {"setting": here.place.setting, "closure": closure}
    return render(request, "directory/end_shut.html", context)
