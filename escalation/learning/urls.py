"""Learning: what was learnt from challenges, who does what about it, and what changed."""

from django.urls import path

from .views import acts, board, points

urlpatterns = [
    path("learning/", board.board, name="learning"),
    path("learning/points/", points.points, name="learning-points"),
    path("learning/points/new/", points.new, name="new-learning"),
    path("learning/points/<uuid:uuid>/", points.point, name="learning-point"),
    path("learning/points/<uuid:uuid>/change/", points.edit, name="change-learning"),
    path("learning/points/<uuid:uuid>/decision/", acts.minuting, name="minute-learning"),
    path("learning/points/<uuid:uuid>/action/", acts.new, name="new-learning-action"),
    path("learning/actions/<uuid:uuid>/", acts.ending, name="learning-action"),
]

RULES = {
    "learning": "learning",
    "learning-points": "learning points",
    "new-learning": "beginning a learning point",
    "learning-point": "a learning point",
    "change-learning": "a learning point",
    "minute-learning": "minuting a sub-group",
    "new-learning-action": "minuting a sub-group",
    "learning-action": "what came of a learning action",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
