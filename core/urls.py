"""The composition root: the one place of core that knows the apps, and where each is found."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("escalation.accounts.urls")),
    path("", include("escalation.signing_in.urls")),
    path("", include("escalation.directory.urls")),
    path("", include("escalation.joining.urls")),
    path("", include("escalation.challenges.urls")),
    path("", include("escalation.lado.urls")),
    path("", include("escalation.forums.urls")),
    path("", include("escalation.rulemaking.urls")),
    path("", include("escalation.learning.urls")),
    path("", include("escalation.surveys.urls")),
    path("", include("escalation.reporting.urls")),
    path("", include("escalation.assurance.urls")),
    path("api/v1/", include("core.api.urls")),
    path("api/v1/", include("escalation.challenges.api_urls")),
    path("api/v1/", include("escalation.reporting.api_urls")),
    path("api/v1/", include("escalation.assurance.api_urls")),
]

handler400 = "core.web.errors.bad_request"
handler403 = "core.web.errors.forbidden"
handler404 = "core.web.errors.not_found"
handler500 = "core.web.errors.server_error"

# Our own static files stand beside the addresses above, and are open to all.
RULES = {"static": "open"}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
