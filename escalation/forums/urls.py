"""Open forums: planned by the business unit, for those who are invited."""

from django.urls import path

from .views import door, planning, sittings

urlpatterns = [
    path("forums/", sittings.forums, name="forums"),
    path("forums/new/", planning.new, name="new-forum"),
    path("forums/<uuid:uuid>/", sittings.forum, name="forum"),
    path("forums/<uuid:uuid>/come/", sittings.coming, name="come-to-forum"),
    path("forums/<uuid:uuid>/door/", door.door, name="forum-door"),
    path("forums/<uuid:uuid>/change/", planning.edit, name="change-forum"),
    path("forums/<uuid:uuid>/invite/", planning.inviting, name="invite-to-forum"),
    path("forums/<uuid:uuid>/close/", planning.closing, name="close-forum"),
    path("forums/<uuid:uuid>/cancel/", planning.cancelling, name="cancel-forum"),
]

RULES = {
    "forums": "forums",
    "forum": "a forum",
    "come-to-forum": "coming to a forum",
    "forum-door": "the door of a forum",
    "new-forum": "planning forums",
    "change-forum": "planning forums",
    "invite-to-forum": "planning forums",
    "close-forum": "planning forums",
    "cancel-forum": "planning forums",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
