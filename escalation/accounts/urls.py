"""Where people sign in and out, and where an administrator gives systems their keys."""

from django.urls import path

from . import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("keys/", views.keys, name="keys"),
    path("keys/new/", views.new_key, name="new-key"),
    path("keys/<uuid:uuid>/end/", views.end, name="end-key"),
]

RULES = {
    "sign-in": "open form",
    "sign-out": "leave",
    "keys": "keys of systems",
    "new-key": "giving keys",
    "end-key": "giving keys",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
