"""Long lists of the API, 25 at a time: the same page size as on screen."""

from rest_framework.pagination import PageNumberPagination

from core.web.pagination import ROWS


class Pages(PageNumberPagination):
    """`?page=2`; the answer has count, next, previous and results. A page that does not exist is 404."""

    page_size = ROWS
