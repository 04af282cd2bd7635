"""Where people sign in and out, where they see where they are signed in, and where systems get their keys."""

from django.urls import path

from . import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("in/", views.inside, name="inside"),
    path("signed-in/", views.signed_in, name="signed-in"),
    path("signed-in/still/", views.still, name="still-signed-in"),
    path("keys/", views.keys, name="keys"),
    path("keys/new/", views.new_key, name="new-key"),
    path("keys/<uuid:uuid>/end/", views.end, name="end-key"),
]

RULES = {
    "sign-in": "open form",
    "sign-out": "leave",
    "inside": "own way in",
    "signed-in": "own sessions",
    "still-signed-in": "own sessions",
    "keys": "keys of systems",
    "new-key": "giving keys",
    "end-key": "giving keys",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
