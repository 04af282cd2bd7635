"""Reports over the API: what is published, for everybody who has a key.

It is sent as it was stored. No address reads a case.
"""

from http import HTTPStatus
from typing import Any, Protocol

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.conditions import IF_NONE_MATCH, is_unchanged
from core.api.deprecated import HEADERS, Deprecated, midnight
from core.api.schema import problems
from escalation.access.standing import request_standing
from escalation.accounts.authentication import KeyOpens
from escalation.accounts.scopes import Scope
from escalation.policy.clock import LONDON
from escalation.policy.quarters import Quarter
from escalation.reporting import api_examples as told
from escalation.reporting.files import ALL_TABLES, CSV, CSVM, ON_PAPER, PDF, WORKBOOK, XLSX, ZIP
from escalation.reporting.models import DOCUMENT, Release, Subject, number_of
from escalation.reporting.queries import published_file
from escalation.reporting.releases import no_figures, quarter_named, quarterly_totals
from escalation.reporting.running import SUMS
from escalation.reporting.serializers import QuarterlyTotalsSerializer

QUARTER = OpenApiParameter(
    "quarter",
    {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-Q[1-4]$"},
    OpenApiParameter.PATH,
    description="Such as 2026-27-Q1, which is April to June 2026.",
    examples=[OpenApiExample("April to June 2026", value="2026-27-Q1")],
)
TABLE = OpenApiParameter(
    "code",
    {"type": "string", "pattern": "^[a-z0-9_]+$"},
    OpenApiParameter.PATH,
    description="The code of a table of the release.",
    examples=[OpenApiExample("How many were opened", value="opened")],
)
OVER = OpenApiParameter(
    "over",
    {"type": "string", "enum": [each.name for each in SUMS]},
    OpenApiParameter.PATH,
    description="The quarters of the financial year up to this one, or the last four.",
    examples=[OpenApiExample(each.title, value=each.name) for each in SUMS],
)
SUBJECT = OpenApiParameter(
    "subject",
    {"type": "string", "enum": list(Subject.values), "default": Subject.CHALLENGES.value},
    description="What is counted.",
)
SEEN = OpenApiParameter(
    IF_NONE_MATCH,
    str,
    OpenApiParameter.HEADER,
    description="The ETag that you have: if it is still the same edition, the answer is 304, empty.",
)
ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    description="Of these bytes and no others: it changes with an edition, and not otherwise.",
    response=[HTTPStatus.OK, HTTPStatus.NOT_MODIFIED],
)


def _file(first_bytes: str) -> OpenApiResponse:
    """A file of bytes, with how one of its kind begins."""
    example = OpenApiExample("Its first bytes", value=first_bytes)
    return OpenApiResponse({"type": "string", "format": "binary"}, "The file.", [example])


ZIPPED, PRINTED = _file("PK\u0003\u0004"), _file("%PDF-1.7")
UNCHANGED = {304: OpenApiResponse(description="It is still what you have.")}


class ReadsReports(BasePermission):
    """The partnership's business unit, and systems with a key of their own, as ever."""

    message = "These figures are for the partnership's business unit and its systems."

    def has_permission(self, request: Request, view: APIView) -> bool:
        standing = request_standing(request)
        return standing.is_service or standing.in_business_unit


class QuarterlyReport(Deprecated):
    """GET /api/v1/reports/quarterly/?quarter=2026-27-Q1"""

    scope = Scope.REPORTS
    permission_classes = [IsAuthenticated, KeyOpens, ReadsReports]
    deprecated_since = midnight(2026, 11, 24)
    sunset = midnight(2028, 1, 1)
    successor = "/api/v1/reports/"

    @extend_schema(
        operation_id="quarterly_report",
        summary="Totals of a published quarter",
        description="Read the release instead: it has the ranges, all tables and an ETag. This address is "
        "kept for programs that were written for it. `opened` and `closed` are the release's totals, below "
        "10 in words; `open` is not published. For the business unit and its systems.",
        parameters=[
            OpenApiParameter(
                "quarter",
                {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-Q[1-4]$"},
                required=True,
                description="Such as 2026-27-Q1, which is April to June 2026.",
                examples=[OpenApiExample("April to June 2026", value="2026-27-Q1")],
            ),
            *HEADERS,
        ],
        responses={200: QuarterlyTotalsSerializer, **problems(400, 404)},
        tags=["Reports"],
        deprecated=True,
    )
    def get(self, request: Request) -> Response:
        quarter = asked_quarter(request.query_params.get("quarter", ""))
        found = quarterly_totals(quarter)
        if found is None:
            raise NoFigures(_why_not(quarter, whole=True))
        return Response(QuarterlyTotalsSerializer(found).data)


class Releases(APIView):
    """GET /api/v1/reports/"""

    scope = Scope.REPORTS

    @extend_schema(
        operation_id="releases_list",
        summary="Published releases",
        description="Every release that was published, the newest first, with its address. A withdrawn one "
        "stays in its place, and says so.",
        responses={200: OpenApiResponse(told.LIST_SHAPE, examples=[told.LIST]), **problems()},
        tags=["Reports"],
    )
    def get(self, request: Request) -> Response:
        releases = Release.objects.published()
        return Response({"releases": [_listed(each, request) for each in releases]})


def _listed(release: Release, request: Request) -> dict[str, Any]:
    place = f"{release.quarter}/?subject={release.subject}"
    published = release.publish_at.astimezone(LONDON).date()
    return {
        "quarter": release.quarter,
        "label": release.period.label,
        "subject": release.subject,
        "title": release.get_subject_display(),
        "state": release.state,
        "edition": release.edition,
        "published": published.isoformat(),
        "url": request.build_absolute_uri(f"/api/v1/reports/{place}"),
    }


class StoredCSV(JSONRenderer):
    """So that a caller can ask for CSV: what is stored is that already, and a problem is told in JSON."""

    media_type, format = CSV, "csv"


class StoredDescription(JSONRenderer):
    """The same for the description of a CSV's columns."""

    media_type, format = CSVM, "csvm"


class NoFigures(NotFound):
    """404 with a sentence that is the same whatever the reason."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.members = {"detail": sentence}


class Stored(APIView):
    """One stored file of a release, as it was stored; with 304 for who has it."""

    scope = Scope.REPORTS

    def sent(self, request: Request, quarter: str, name: str) -> HttpResponse:
        """Raises NoFigures: whatever the reason, no figures are available."""
        subject = request.query_params.get("subject", Subject.CHALLENGES.value)
        if subject not in Subject.values:
            raise ValidationError({"subject": [f"Choose one of: {', '.join(Subject.values)}."]})
        period = asked_quarter(quarter)
        file = published_file(subject, number_of(period), name)
        if file is None:
            raise NoFigures(_why_not(period, name == DOCUMENT))
        return as_stored(file, request)


class StoredFile(Protocol):
    """A row that keeps a file: its bytes, what they are, and a tag of theirs."""

    content: Any
    media_type: str
    etag: str


def as_stored(file: StoredFile, request: Request) -> HttpResponse:
    """The bytes as they were stored; 304 for who has them."""
    headers = {"ETag": f'"{file.etag}"', "Cache-Control": "private, max-age=60"}
    if is_unchanged(request, headers["ETag"]):
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    kind = f"{file.media_type}; charset=utf-8" if file.media_type.startswith("text/") else file.media_type
    return HttpResponse(bytes(file.content), content_type=kind, headers=headers)


def asked_quarter(text: str) -> Quarter:
    """The quarter that an address names. Raises ValidationError."""
    try:
        return quarter_named(text)
    except ValueError as error:
        raise ValidationError({"quarter": [str(error)]}) from error


def _why_not(quarter: Quarter, whole: bool) -> str:
    today = timezone.localdate(timezone=LONDON)
    if whole or today <= quarter.end:
        return no_figures(quarter, today=today)
    return f"No such table is available for {quarter}. The release says which there are."


class ReleaseOfQuarter(Stored):
    """GET /api/v1/reports/2026-27-Q1/"""

    @extend_schema(
        operation_id="releases_read",
        summary="A quarter's release",
        description="All tables that were published after a quarter: each figure, where the true one lies, "
        "year to date and the last four quarters where the table is quarterly, definitions, symbols and how "
        "figures are rounded. Figures never change; a withdrawal makes a new edition, in which they are [x].",
        parameters=[QUARTER, SUBJECT, SEEN, ETAG],
        responses={
            200: OpenApiResponse(told.RELEASE_SHAPE, examples=[told.RELEASE]),
            **UNCHANGED,
            **problems(400, 404),
        },
        tags=["Reports"],
    )
    def get(self, request: Request, quarter: str) -> HttpResponse:
        return self.sent(request, quarter, DOCUMENT)


class TableOfQuarter(Stored):
    """GET /api/v1/reports/2026-27-Q1/tables/opened/"""

    @extend_schema(
        operation_id="releases_table",
        summary="One table of a release",
        description="As in the release, by itself, with the same definitions, symbols and note on rounding.",
        parameters=[QUARTER, TABLE, SUBJECT, SEEN, ETAG],
        responses={
            200: OpenApiResponse(told.TABLE_SHAPE, examples=[told.TABLE]),
            **UNCHANGED,
            **problems(400, 404),
        },
        tags=["Reports"],
    )
    def get(self, request: Request, quarter: str, code: str) -> HttpResponse:
        return self.sent(request, quarter, f"tables/{code}.json")


class TableAsCSV(Stored):
    """GET /api/v1/reports/2026-27-Q1/tables/opened.csv"""

    renderer_classes = [StoredCSV, JSONRenderer]

    @extend_schema(
        operation_id="releases_table_csv",
        summary="One table of a release, as CSV",
        description="One figure a row. What its columns mean is at the same address with “-metadata.json” "
        "after it (CSV on the Web).",
        parameters=[QUARTER, TABLE, SUBJECT, SEEN, ETAG],
        responses={
            (200, CSV): OpenApiResponse({"type": "string"}, examples=[told.CSV]),
            **UNCHANGED,
            **problems(400, 404),
        },
        tags=["Reports"],
    )
    def get(self, request: Request, quarter: str, code: str) -> HttpResponse:
        return self.sent(request, quarter, f"tables/{code}.csv")


class CSVDescribed(Stored):
    """GET /api/v1/reports/2026-27-Q1/tables/opened.csv-metadata.json"""

    renderer_classes = [StoredDescription, JSONRenderer]

    @extend_schema(
        operation_id="releases_table_metadata",
        summary="What the columns of a table's CSV mean",
        description="By the W3C's CSV on the Web.",
        parameters=[QUARTER, TABLE, SUBJECT, SEEN, ETAG],
        responses={
            (200, CSVM): OpenApiResponse({"type": "object"}, examples=[told.METADATA]),
            **UNCHANGED,
            **problems(400, 404),
        },
        tags=["Reports"],
    )
    def get(self, request: Request, quarter: str, code: str) -> HttpResponse:
        return self.sent(request, quarter, f"tables/{code}.csv-metadata.json")


class StoredWorkbook(JSONRenderer):
    """So that a caller can ask for a spreadsheet: it is stored; a problem is told in JSON."""

    media_type, format = XLSX, "xlsx"


class Spreadsheet(Stored):
    """GET /api/v1/reports/2026-27-Q1/release.xlsx"""

    renderer_classes = [StoredWorkbook, JSONRenderer]

    @extend_schema(
        operation_id="releases_spreadsheet",
        summary="A quarter's release as a spreadsheet",
        description="Cover, contents, notes, and one table a sheet.",
        parameters=[QUARTER, SUBJECT, SEEN, ETAG],
        responses={(200, XLSX): ZIPPED, **UNCHANGED, **problems(400, 404)},
        tags=["Reports"],
    )
    def get(self, request: Request, quarter: str) -> HttpResponse:
        return self.sent(request, quarter, WORKBOOK)


class StoredPDF(JSONRenderer):
    """The same for the release on paper."""

    media_type, format = PDF, "pdf"


class OnPaper(Stored):
    """GET /api/v1/reports/2026-27-Q1/release.pdf"""

    renderer_classes = [StoredPDF, JSONRenderer]

    @extend_schema(
        operation_id="releases_pdf",
        summary="A quarter's release to print",
        description="All tables with definitions, notes and symbols. Tagged, to be read aloud (PDF/UA).",
        parameters=[QUARTER, SUBJECT, SEEN, ETAG],
        responses={(200, PDF): PRINTED, **UNCHANGED, **problems(400, 404)},
        tags=["Reports"],
    )
    def get(self, request: Request, quarter: str) -> HttpResponse:
        return self.sent(request, quarter, ON_PAPER)


class StoredArchive(JSONRenderer):
    """The same for the archive of all tables."""

    media_type, format = ZIP, "zip"


class AllTables(Stored):
    """GET /api/v1/reports/2026-27-Q1/tables.zip"""

    renderer_classes = [StoredArchive, JSONRenderer]

    @extend_schema(
        operation_id="releases_tables",
        summary="All tables of a release as CSV, in one archive",
        description="Each with the description of its columns (CSV on the Web).",
        parameters=[QUARTER, SUBJECT, SEEN, ETAG],
        responses={(200, ZIP): ZIPPED, **UNCHANGED, **problems(400, 404)},
        tags=["Reports"],
    )
    def get(self, request: Request, quarter: str) -> HttpResponse:
        return self.sent(request, quarter, ALL_TABLES)


class SumOfQuarters(Stored):
    """GET /api/v1/reports/2026-27-Q3/year-to-date/"""

    @extend_schema(
        operation_id="sums_read",
        summary="Year to date, or the last four quarters",
        description="The quarterly tables of a release, in which each figure adds up what was published for "
        "several quarters, with the range of the true one. Nothing is counted for it. Where one of the "
        "quarters is not shown, the sum is [x].",
        parameters=[QUARTER, OVER, SUBJECT, SEEN, ETAG],
        responses={
            200: OpenApiResponse(told.SUM_SHAPE, examples=[told.SUM]),
            **UNCHANGED,
            **problems(400, 404),
        },
        tags=["Reports"],
    )
    def get(self, request: Request, quarter: str, over: str) -> HttpResponse:
        return self.sent(request, quarter, f"{over}.json")


class TableOfSum(Stored):
    """GET /api/v1/reports/2026-27-Q3/year-to-date/tables/opened/"""

    @extend_schema(
        operation_id="sums_table",
        summary="One table of a year to date, or of the last four quarters",
        description="By itself, with the same definitions, symbols and note on rounding.",
        parameters=[QUARTER, OVER, TABLE, SUBJECT, SEEN, ETAG],
        responses={
            200: OpenApiResponse(told.SUM_TABLE_SHAPE, examples=[told.SUM_TABLE]),
            **UNCHANGED,
            **problems(400, 404),
        },
        tags=["Reports"],
    )
    def get(self, request: Request, quarter: str, over: str, code: str) -> HttpResponse:
        return self.sent(request, quarter, f"{over}/tables/{code}.json")


class TableOfSumAsCSV(Stored):
    """GET /api/v1/reports/2026-27-Q3/year-to-date/tables/opened.csv"""

    renderer_classes = [StoredCSV, JSONRenderer]

    @extend_schema(
        operation_id="sums_table_csv",
        summary="One table of a year to date, or of the last four quarters, as CSV",
        description="One figure a row. What its columns mean is at the same address with “-metadata.json” "
        "after it (CSV on the Web).",
        parameters=[QUARTER, OVER, TABLE, SUBJECT, SEEN, ETAG],
        responses={
            (200, CSV): OpenApiResponse({"type": "string"}, examples=[told.CSV]),
            **UNCHANGED,
            **problems(400, 404),
        },
        tags=["Reports"],
    )
    def get(self, request: Request, quarter: str, over: str, code: str) -> HttpResponse:
        return self.sent(request, quarter, f"{over}/tables/{code}.csv")


class CSVOfSumDescribed(Stored):
    """GET /api/v1/reports/2026-27-Q3/year-to-date/tables/opened.csv-metadata.json"""

    renderer_classes = [StoredDescription, JSONRenderer]

    @extend_schema(
        operation_id="sums_table_metadata",
        summary="What the columns of such a table's CSV mean",
        description="By the W3C's CSV on the Web.",
        parameters=[QUARTER, OVER, TABLE, SUBJECT, SEEN, ETAG],
        responses={
            (200, CSVM): OpenApiResponse({"type": "object"}, examples=[told.METADATA]),
            **UNCHANGED,
            **problems(400, 404),
        },
        tags=["Reports"],
    )
    def get(self, request: Request, quarter: str, over: str, code: str) -> HttpResponse:
        return self.sent(request, quarter, f"{over}/tables/{code}.csv-metadata.json")
