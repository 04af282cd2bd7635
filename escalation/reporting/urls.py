"""The business unit's pages of releases, and the pages of what is published for everybody."""

from django.urls import URLPattern, path

from escalation.reporting.views import plans, published, releases, themes

app_name = "reporting"
urlpatterns: list[URLPattern] = [
    path("releases/", releases.overview, name="releases"),
    path("releases/start/", releases.start_page, name="start"),
    path("releases/plans/", plans.plans, name="plans"),
    path("releases/plans/<uuid:uuid>/approve/", plans.approve, name="approve_plan"),
    path("releases/facts/", plans.facts, name="facts"),
    path("releases/facts/<uuid:uuid>/strike/", plans.strike, name="strike_fact"),
    path("releases/exact/", plans.exact, name="exact"),
    path("releases/<uuid:uuid>/", releases.release, name="release"),
    path("releases/<uuid:uuid>/approve/", releases.approve_page, name="approve"),
    path("releases/<uuid:uuid>/refuse/", releases.refuse_page, name="refuse"),
    path("releases/<uuid:uuid>/withdraw/", releases.withdraw_page, name="withdraw"),
    path("published/", published.published, name="published"),
    path("published/themes/", themes.themes, name="themes"),
    path("published/<str:quarter>/<str:subject>/", published.published_release, name="published_release"),
]

RULES = {
    "releases": "releases",
    "release": "releases",
    "start": "a release's steps",
    "approve": "a release's steps",
    "refuse": "a release's steps",
    "withdraw": "take a release back",
    "exact": "releases",
    "plans": "a release's steps",
    "facts": "a release's steps",
    "approve_plan": "a second person's word",
    "strike_fact": "a second person's word",
    "published": "published figures",
    "themes": "published figures",
    "published_release": "published figures of a quarter",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
