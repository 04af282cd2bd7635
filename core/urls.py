"""The composition root: the one place of core that knows the apps, and where each is found."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("escalation.accounts.urls")),
]
