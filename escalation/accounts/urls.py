"""Where people sign in and out."""

from django.urls import path

from . import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
]

RULES = {
    "sign-in": "open form",
    "sign-out": "leave",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
