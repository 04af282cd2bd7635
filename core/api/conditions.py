"""Conditional requests by RFC 9110: "only if it has changed", and "only if it is still what I saw"."""

from http import HTTPStatus
from typing import Any

from django.utils.http import parse_etags
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from core.text.digest import digest_of

IF_MATCH, IF_NONE_MATCH = "If-Match", "If-None-Match"
ANY = "*"


class PreconditionFailed(APIException):
    """412: what the caller saw is no more. `members` say what they need to decide anew."""

    status_code = HTTPStatus.PRECONDITION_FAILED

    def __init__(self, sentence: str, **members: Any) -> None:
        super().__init__(sentence)
        self.members = members


class PreconditionRequired(APIException):
    """428: the caller has to say what they saw."""

    status_code = HTTPStatus.PRECONDITION_REQUIRED


def entity_tag(version: int, shown: Any) -> str:
    """A strong tag: the version, and a digest of all that this reader is shown, such as "3-9f86d081884c7d65".

    Two readers have the same tag where they are shown the same, and one reader another tag where
    anything in it differs, be it that the time ran out or that they may read more.
    """
    return f'"{version}-{digest_of(JSONRenderer().render(shown).decode())[:16]}"'


def version_in(tag: str) -> int | None:
    """The version that a tag of ours names; None for any other tag, and for a weak one."""
    number, dash, _ = tag.removeprefix('"').partition("-")
    readable = dash and number.isascii() and number.isdecimal() and len(number) < 10
    return int(number) if readable else None


def is_unchanged(request: Request, tag: str) -> bool:
    """Whether If-None-Match says that the caller has this already: then the answer is 304."""
    known = parse_etags(request.headers.get(IF_NONE_MATCH, ""))
    return known == [ANY] or tag in {each.removeprefix("W/") for each in known}


def tags_seen(request: Request) -> list[str]:
    """The tags of If-Match; none where it is not sent. Raises ValidationError where it cannot be read.

    "*" is no answer to what was seen: it would match whatever somebody else has just done.
    """
    written = request.headers.get(IF_MATCH)
    if written is None or written.strip() == ANY:
        return []
    tags = parse_etags(written)
    if not tags:
        words = "Send the ETag of your last GET as it came, in its quotation marks."
        raise ValidationError({IF_MATCH: [words]})
    return tags
