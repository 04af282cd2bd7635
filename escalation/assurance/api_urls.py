"""Addresses of evidence packs, below /api/v1/."""

from django.urls import path

from escalation.assurance import api

PACK = "packs/<str:quarter>/<int:standard>"
urlpatterns = [
    path("packs/", api.Packs.as_view(), name="api-packs"),
    path(f"{PACK}/", api.PackDocument.as_view(), name="api-pack"),
    path(f"{PACK}/pack.xlsx", api.PackWorkbook.as_view(), name="api-pack-spreadsheet"),
    path(f"{PACK}/pack.pdf", api.PackOnPaper.as_view(), name="api-pack-pdf"),
]

RULES = {
    "api-packs": "evidence packs by the API",
    "api-pack": "an evidence pack by the API",
    "api-pack-spreadsheet": "an evidence pack by the API",
    "api-pack-pdf": "an evidence pack by the API",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
