"""Reading what is sent: JSON in UTF-8, of a size and depth that can be kept."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser


class TooLarge(APIException):
    """413: more than a page of the log would take."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = "Too much was sent at once."


class PlainJSONParser(JSONParser):
    """JSON, but no more than DATA_UPLOAD_MAX_MEMORY_SIZE, and nothing that can be neither kept nor told."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge
        try:
            parsed = super().parse(BytesIO(body), media_type, parser_context)
            # Half a character, escaped as \ud800, is JSON that no database holds and no answer can quote.
            json.dumps(parsed, ensure_ascii=False).encode()
        except RecursionError as error:
            raise ParseError("This JSON is nested too deeply.") from error
        except UnicodeEncodeError as error:
            raise ParseError("There is half a character (a lone surrogate) in this text.") from error
        return parsed
