"""Evidence packs over the API: what is signed, as it was signed, under the same key scope as releases."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.schema import problems
from escalation.access.standing import request_standing
from escalation.accounts.authentication import KeyOpens
from escalation.accounts.scopes import Scope
from escalation.assurance import api_examples as told
from escalation.assurance.models import EvidencePack, reads_packs
from escalation.assurance.pack_files import DOCUMENT, ON_PAPER, WORKBOOK
from escalation.assurance.packs import standard_in_words
from escalation.assurance.queries import pack_file
from escalation.policy.clock import LONDON
from escalation.reporting.api import (
    ETAG,
    PRINTED,
    QUARTER,
    SEEN,
    UNCHANGED,
    ZIPPED,
    StoredPDF,
    StoredWorkbook,
    as_stored,
    asked_quarter,
)
from escalation.reporting.files import PDF, XLSX
from escalation.reporting.models import number_of

NONE = "No evidence pack of this quarter and standard is signed, or its figures were taken back."
STANDARD = OpenApiParameter(
    "standard",
    {"type": "integer", "minimum": 1, "maximum": 99},
    OpenApiParameter.PATH,
    description="The number of a Section 11 standard, in the framework that the pack names.",
    examples=[OpenApiExample("Professional challenge", value=4)],
)


class ReadsPacks(BasePermission):
    """The unit, safeguarding partners, scrutineers, and systems with a key."""

    message = "Evidence packs are for the partnership’s business unit, partners, scrutineers and systems."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return reads_packs(request_standing(request))


class Packs(APIView):
    """GET /api/v1/packs/"""

    scope = Scope.REPORTS
    permission_classes = [IsAuthenticated, KeyOpens, ReadsPacks]

    @extend_schema(
        operation_id="packs_list",
        summary="Signed evidence packs",
        description="Every pack that was signed, the newest quarter first. One whose figures were taken back "
        "stays in its place, says so, and is not sent any more.",
        responses={200: OpenApiResponse(told.LIST_SHAPE, examples=[told.LIST]), **problems(403)},
        tags=["Evidence packs"],
    )
    def get(self, request: Request) -> Response:
        packs = EvidencePack.objects.signed().with_releases()
        return Response({"packs": [_listed(each, request) for each in packs]})


def _listed(pack: EvidencePack, request: Request) -> dict[str, Any]:
    assert pack.signed_at is not None  # noqa: S101 - of a signed pack
    return {
        "quarter": pack.quarter,
        "label": pack.period.label,
        "standard": pack.standard,
        "title": standard_in_words(pack),
        "edition": pack.edition,
        "state": "withdrawn" if pack.is_withdrawn else "signed",
        "signed": pack.signed_at.astimezone(LONDON).date().isoformat(),
        "digest": pack.digest,
        "url": request.build_absolute_uri(f"/api/v1/packs/{pack.quarter}/{pack.standard}/"),
    }


class StoredPack(APIView):
    """One stored file of a pack, as it was signed; with 304 for who has it."""

    scope = Scope.REPORTS
    permission_classes = [IsAuthenticated, KeyOpens, ReadsPacks]

    def sent(self, request: Request, quarter: str, standard: int, name: str) -> HttpResponse:
        """Raises NotFound, the same whatever the reason."""
        file = pack_file(number_of(asked_quarter(quarter)), standard, name)
        if file is None:
            raise NotFound(NONE)
        return as_stored(file, request)


class PackDocument(StoredPack):
    """GET /api/v1/packs/2026-27-Q1/4/"""

    @extend_schema(
        operation_id="packs_read",
        summary="An evidence pack",
        description="The standard by number, title and framework; what the business unit sees; published "
        "figures as their release has them; how organisations’ answers were rated, clause by clause; and "
        "what is not known. It was signed by a second person and never changes.",
        parameters=[QUARTER, STANDARD, SEEN, ETAG],
        responses={
            200: OpenApiResponse(told.PACK_SHAPE, examples=[told.PACK]),
            **UNCHANGED,
            **problems(400, 403, 404),
        },
        tags=["Evidence packs"],
    )
    def get(self, request: Request, quarter: str, standard: int) -> HttpResponse:
        return self.sent(request, quarter, standard, DOCUMENT)


class PackWorkbook(StoredPack):
    """GET /api/v1/packs/2026-27-Q1/4/pack.xlsx"""

    renderer_classes = [StoredWorkbook, JSONRenderer]

    @extend_schema(
        operation_id="packs_spreadsheet",
        summary="An evidence pack as a spreadsheet",
        description="Cover, what is not known, answers clause by clause, and one published table a sheet.",
        parameters=[QUARTER, STANDARD, SEEN, ETAG],
        responses={(200, XLSX): ZIPPED, **UNCHANGED, **problems(400, 403, 404)},
        tags=["Evidence packs"],
    )
    def get(self, request: Request, quarter: str, standard: int) -> HttpResponse:
        return self.sent(request, quarter, standard, WORKBOOK)


class PackOnPaper(StoredPack):
    """GET /api/v1/packs/2026-27-Q1/4/pack.pdf"""

    renderer_classes = [StoredPDF, JSONRenderer]

    @extend_schema(
        operation_id="packs_pdf",
        summary="An evidence pack to print",
        description="All of it. Tagged, to be read aloud (PDF/UA).",
        parameters=[QUARTER, STANDARD, SEEN, ETAG],
        responses={(200, PDF): PRINTED, **UNCHANGED, **problems(400, 403, 404)},
        tags=["Evidence packs"],
    )
    def get(self, request: Request, quarter: str, standard: int) -> HttpResponse:
        return self.sent(request, quarter, standard, ON_PAPER)
