"""The pages of a challenge, from the first question to its last exit."""

from django.urls import URLPattern

app_name = "challenges"
urlpatterns: list[URLPattern] = []
