"""The Escalation Policy: open for everybody to read, and made anew by two people of the business unit."""

from django.urls import path

from .views import reading

urlpatterns = [
    path("policy/", reading.policy, name="policy"),
    path("policy/<int:number>/", reading.version, name="policy-version"),
    path("policy/<int:number>/changes/", reading.changed, name="policy-changes"),
    path("policy/of/<uuid:uuid>/", reading.of_challenge, name="policy-of-challenge"),
]

RULES = {
    "policy": "open",
    "policy-version": "open",
    "policy-changes": "open",
    "policy-of-challenge": "policy of a challenge",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
