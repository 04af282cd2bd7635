"""Reports over the API, for the business unit and its systems."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.schema import problems
from escalation.access.standing import request_standing
from escalation.reporting.releases import quarter_named, quarterly_totals
from escalation.reporting.serializers import QuarterlyTotalsSerializer


class ReadsReports(BasePermission):
    """The partnership's business unit, and systems with a key of their own."""

    message = "These figures are for the partnership's business unit and its systems."

    def has_permission(self, request: Request, view: APIView) -> bool:
        standing = request_standing(request)
        return standing.is_service or standing.in_business_unit


class QuarterlyReport(APIView):
    """GET /api/v1/reports/quarterly/?quarter=2026-27-Q1"""

    permission_classes = [IsAuthenticated, ReadsReports]

    @extend_schema(
        operation_id="quarterly_report",
        summary="Totals of a quarter",
        description="How many challenges were opened and closed in a quarter of the financial year, and how "
        "many were open at its end (or now, if it has not ended). A total below 10 is not told. For the "
        "business unit and its systems; not for publication.",
        parameters=[
            OpenApiParameter(
                "quarter",
                {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-Q[1-4]$"},
                required=True,
                description="Such as 2026-27-Q1, which is April to June 2026.",
                examples=[OpenApiExample("April to June 2026", value="2026-27-Q1")],
            )
        ],
        responses={200: QuarterlyTotalsSerializer, **problems(400)},
        tags=["Reports"],
    )
    def get(self, request: Request) -> Response:
        try:
            quarter = quarter_named(request.query_params.get("quarter", ""))
        except ValueError as error:
            raise ValidationError({"quarter": [str(error)]}) from error
        report = quarterly_totals(quarter, now=timezone.now())
        return Response(QuarterlyTotalsSerializer(report).data)
