"""The directory as everybody reads it: all settings, and the page of one."""

from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.web.asking import form_page
from escalation.accounts.groups import SettingGroup
from escalation.directory.forms import DetailsForm
from escalation.directory.queries import kinds_to_give, may_keep, places
from escalation.directory.services import describe
from escalation.directory.views.gate import kept, place_of, reader
from escalation.directory.wording import closure_row, groups_of, row_of
from escalation.rulebook.queries import current_policy


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Who acts for which service today; `?q=` narrows it. Three statements, however many there are."""
    standing, today = reader(request), timezone.localdate()
    asked = request.GET.get("q", "").strip()
    words = asked.casefold().split()
    rows = [row_of(each, today) for each in places(today)]
    rows = [row for row in rows if _matches(words, f"{row.setting.name} {row.setting.organisation.name}")]
    context = {
        "asked": asked,
        "groups": [
            (SettingGroup(group).label, list(members))
            for group, members in groupby(rows, key=lambda row: row.setting.group)
        ],
        "mine": [row for row in rows if may_keep(standing, row.setting)],
        "is_unit": standing.in_business_unit,
    }
    return render(request, "directory/directory.html", context)


def _matches(words: list[str], name: str) -> bool:
    return all(word in name.casefold() for word in words)


@require_safe
def setting(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Who holds which seat, who covers in which order, who is away, and when it is shut."""
    standing, today = reader(request), timezone.localdate()
    found = place_of(uuid)
    keeps = may_keep(standing, found.setting)
    policy = current_policy(today).policy
    kinds = kinds_to_give(standing) if keeps else ()
    context = {
        "setting": found.setting,
        "keeps": keeps,
        "groups": groups_of(found, policy, today, may_give=kinds),
        "closures": [closure_row(each, today) for each in found.closures],
        "row": row_of(found, today),
    }
    return render(request, "directory/setting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Its phone number; for the unit also whether it is outside the log, and its organisation's domains."""
    here = kept(request, uuid)
    found = here.place.setting
    form = DetailsForm(
        request.POST if request.method == "POST" else None,
        whole=here.keeper.standing.in_business_unit,
        initial={
            "phone": found.phone,
            "outside": found.outside,
            "domains": found.organisation.email_domain,
        },
    )
    if form.is_valid():
        said = form.cleaned_data
        describe(
            found,
            phone=said["phone"],
            outside=said.get("outside", found.outside),
            domains=said.get("domains"),
            by=here.keeper,
        )
        messages.success(request, "It is changed.")
        return redirect("directory-setting", uuid=uuid)
    return form_page(request, "directory/details.html", {"setting": found, "form": form})
