"""Addresses of the reports, below /api/v1/."""

from django.urls import path

from escalation.reporting.api import QuarterlyReport

urlpatterns = [path("reports/quarterly/", QuarterlyReport.as_view(), name="api-quarterly-report")]

RULES = {
    "api-quarterly-report": "api totals",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
