"""What somebody typed, read back from a request that could not be done, so that it is never lost."""

import re
from collections.abc import Mapping

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

NOT_WORDS = ("csrfmiddlewaretoken", "next", "owner")  # the last is a seal, see late.py
SECRET = ("password", "token", "secret", "otp")
LONG_ENOUGH = 20  # shorter, and without a space, a value is most likely a code and no words
CODE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # a chosen service, a draft's key

Kept = Mapping[str, str]


def typed_words(request: HttpRequest) -> dict[str, str]:
    """The free text of a form post: label -> text. Never a password; empty if the post cannot be read."""
    return {
        _label(name): text
        for name, values in _post(request).lists()
        if name not in NOT_WORDS and not _secret(name)
        for text in values
        if " " in text.strip()
        or "\n" in text.strip()
        or (len(text) > LONG_ENOUGH and not CODE.fullmatch(text))
    }


def resendable(request: HttpRequest) -> list[tuple[str, str]]:
    """Every name and value of a post whose origin has been checked, to send it again with one click.

    Empty unless CsrfViewMiddleware let this request through: a page of ours must not offer to send
    what another site wrote. Empty too where a secret is part of it.
    """
    typed = [(name, texts) for name, texts in _post(request).lists() if name != "csrfmiddlewaretoken"]
    if not getattr(request, "csrf_processing_done", False) or any(_secret(name) for name, _ in typed):
        return []
    return [(name, text) for name, texts in typed for text in texts]


def _post(request: HttpRequest) -> QueryDict:
    try:
        return request.POST
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError, UnicodeError):
        return QueryDict()


def _secret(name: str) -> bool:
    return any(word in name.lower() for word in SECRET)


def _label(name: str) -> str:
    return name.rsplit("-", 1)[-1].replace("_", " ").capitalize()
