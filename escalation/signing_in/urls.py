"""The second step of signing in, how one signs in, and what to do when the second step is lost."""

from django.urls import path

from . import views

urlpatterns = [
    path("second-step/", views.second_step, name="second-factor"),
    path("second-step/set-up/", views.set_up, name="set-up-factor"),
    path("second-step/set-up/picture/", views.picture, name="factor-picture"),
    path("second-step/lost/", views.lost, name="lost-factors"),
    path("second-step/lost/<uuid:uuid>/", views.decide, name="lost-factor"),
    path("how-you-sign-in/", views.how, name="how-you-sign-in"),
    path("how-you-sign-in/printed-codes/", views.printed, name="printed-codes"),
    path("how-you-sign-in/no-app/", views.no_app, name="no-app"),
]

RULES = {
    "second-factor": "own second step",
    "set-up-factor": "own second step",
    "factor-picture": "own picture of a code",
    "how-you-sign-in": "own way in",
    "printed-codes": "own second step",
    "no-app": "own second step",
    "lost-factors": "lost second steps",
    "lost-factor": "deciding on a lost second step",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
