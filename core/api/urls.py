"""Addresses of the API that belong to no app, below /api/v1/."""

from django.urls import path

from core.api.schema import Schema

urlpatterns = [path("schema/", Schema.as_view(), name="api-schema")]

RULES = {
    "api-schema": "api description",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
