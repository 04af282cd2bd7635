"""A page that asks something, shown for the first time or again."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.machine import Refused


def form_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page of `context["form"]`: 422 where something in it is wrong, else 200."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if context["form"].errors else HTTPStatus.OK
    return render(request, template, context, status=status)


@contextmanager
def refusals_at(form: Form) -> Iterator[None]:
    """What is refused inside stands at the box at fault, and the form is shown again."""
    try:
        yield
    except Refused as no:
        form.add_error(no.field, no.sentence)
