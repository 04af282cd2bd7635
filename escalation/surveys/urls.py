"""Staff surveys: opened by the business unit, answered by nobody's name."""

from django.urls import path

from .views import surveys

urlpatterns = [
    path("surveys/", surveys.surveys, name="surveys"),
    path("surveys/new/", surveys.new, name="new-survey"),
    path("survey/<str:survey>/", surveys.asked, name="survey"),
    path("survey/<str:survey>/thanks/", surveys.thanks, name="survey-thanks"),
]

RULES = {
    "surveys": "staff surveys",
    "new-survey": "opening a staff survey",
    "survey": "a staff survey",
    "survey-thanks": "after a staff survey",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
