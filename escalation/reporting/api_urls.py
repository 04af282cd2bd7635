"""Addresses of the reports, below /api/v1/."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from escalation.reporting import api
from escalation.reporting.running import SUMS


class Over(StringConverter):
    """Which sum is asked for, in an address."""

    regex = "|".join(each.name for each in SUMS)


register_converter(Over, "over")
TABLES = "reports/<str:quarter>/tables"
SUM = "reports/<str:quarter>/<over:over>"
urlpatterns = [
    path("reports/", api.Releases.as_view(), name="api-releases"),
    path("reports/quarterly/", api.QuarterlyReport.as_view(), name="api-quarterly-report"),
    path("reports/<str:quarter>/", api.ReleaseOfQuarter.as_view(), name="api-release"),
    path("reports/<str:quarter>/release.xlsx", api.Spreadsheet.as_view(), name="api-release-spreadsheet"),
    path("reports/<str:quarter>/release.pdf", api.OnPaper.as_view(), name="api-release-pdf"),
    path(f"{TABLES}.zip", api.AllTables.as_view(), name="api-release-tables"),
    path(f"{TABLES}/<slug:code>/", api.TableOfQuarter.as_view(), name="api-release-table"),
    path(f"{TABLES}/<slug:code>.csv", api.TableAsCSV.as_view(), name="api-release-csv"),
    path(
        f"{TABLES}/<slug:code>.csv-metadata.json", api.CSVDescribed.as_view(), name="api-release-csv-metadata"
    ),
    path(f"{SUM}/", api.SumOfQuarters.as_view(), name="api-sum"),
    path(f"{SUM}/tables/<slug:code>/", api.TableOfSum.as_view(), name="api-sum-table"),
    path(f"{SUM}/tables/<slug:code>.csv", api.TableOfSumAsCSV.as_view(), name="api-sum-csv"),
    path(
        f"{SUM}/tables/<slug:code>.csv-metadata.json",
        api.CSVOfSumDescribed.as_view(),
        name="api-sum-csv-metadata",
    ),
]

RULES = {
    "api-releases": "published figures",
    "api-quarterly-report": "api totals",
    "api-release": "published figures of a quarter",
    "api-release-spreadsheet": "published figures of a quarter",
    "api-release-pdf": "published figures of a quarter",
    "api-release-tables": "published figures of a quarter",
    "api-release-table": "published figures of a quarter",
    "api-release-csv": "published figures of a quarter",
    "api-release-csv-metadata": "published figures of a quarter",
    "api-sum": "published figures of a quarter",
    "api-sum-table": "published figures of a quarter",
    "api-sum-csv": "published figures of a quarter",
    "api-sum-csv-metadata": "published figures of a quarter",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
