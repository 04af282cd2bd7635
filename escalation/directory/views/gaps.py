"""The board of gaps: where a challenge would wait for nobody, each a link to the page that mends it."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from escalation.directory.gaps import gaps
from escalation.directory.queries import staffed
from escalation.directory.views.gate import unit
from escalation.policy.words import count
from escalation.rulebook.queries import current_policy, dated


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """For the business unit alone; the same few statements however many settings there are."""
    unit(request)
    today = timezone.localdate()
    found = gaps(staffed(today), current_policy(today).policy, dated().holidays, today)
    context = {
        "heading": f"{count(len(found), 'gap')} in the directory" if found else "The directory is whole",
        "kinds": [(kind.label, list(group)) for kind, group in groupby(found, key=lambda gap: gap.kind)],
    }
    return render(request, "directory/gaps.html", context)
