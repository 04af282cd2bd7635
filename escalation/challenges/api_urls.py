"""Addresses of challenges for programs, below /api/v1/."""

from django.urls import path

from escalation.challenges.api import Challenges, OneChallenge, OneStep, Settings

urlpatterns = [
    path("challenges/", Challenges.as_view(), name="api-challenges"),
    path("challenges/<uuid:uuid>/", OneChallenge.as_view(), name="api-challenge"),
    path("challenges/<uuid:uuid>/steps/<slug:name>/", OneStep.as_view(), name="api-step"),
    path("settings/", Settings.as_view(), name="api-settings"),
]

RULES = {
    "api-challenges": "api list",
    "api-challenge": "api challenge",
    "api-step": "api step",
    "api-settings": "api directory",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
