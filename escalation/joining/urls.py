"""Asking to join: whoever has proved an address asks, and the setting's lead says yes or no."""

from django.urls import path

from .views import asking, deciding

urlpatterns = [
    path("join/", asking.join, name="join"),
    path("join/requests/", deciding.requests, name="join-requests"),
    path("join/requests/<uuid:uuid>/", deciding.decide, name="join-request"),
]

RULES = {
    "join": "asking to join",
    "join-requests": "who asks to join",
    "join-request": "deciding who joins",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
