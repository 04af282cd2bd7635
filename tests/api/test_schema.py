"""The description of the API: whole, without warnings, and only for whoever is signed in."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from tests.factories import person

SCHEMA = "/api/v1/schema/"
ERRORS = {
    ("/api/v1/challenges/{uuid}/steps/{name}/", "post"): {
        "400",
        "401",
        "403",
        "404",
        "409",
        "413",
        "415",
        "422",
    },
    ("/api/v1/reports/quarterly/", "get"): {"400", "401", "403"},
}


@pytest.fixture
def schema(db: None) -> dict[str, Any]:
    client = APIClient()
    client.force_authenticate(person("Amal Idris"))
    answer = client.get(SCHEMA, HTTP_ACCEPT="application/json")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def test_it_is_described_without_a_warning() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


def test_every_address_is_described(schema: dict[str, Any]) -> None:
    assert set(schema["paths"]) == {
        "/api/v1/challenges/",
        "/api/v1/challenges/{uuid}/",
        "/api/v1/challenges/{uuid}/steps/{name}/",
        "/api/v1/reports/quarterly/",
        "/api/v1/settings/",
    }


def test_every_operation_says_what_it_does_and_what_goes_wrong(schema: dict[str, Any]) -> None:
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], path
            assert operation["description"], path
            told = {
                status
                for status, response in operation["responses"].items()
                if "application/problem+json" in response.get("content", {})
            }
            assert told >= ERRORS.get((path, method), {"401", "403"}), (path, method)


def test_what_is_sent_and_what_comes_back_has_an_example(schema: dict[str, Any]) -> None:
    raising = schema["paths"]["/api/v1/challenges/"]["post"]
    assert raising["requestBody"]["content"]["application/json"]["examples"]
    step = schema["paths"]["/api/v1/challenges/{uuid}/steps/{name}/"]["post"]
    assert step["requestBody"]["content"]["application/json"]["examples"]
    report = schema["paths"]["/api/v1/reports/quarterly/"]["get"]
    assert report["responses"]["200"]["content"]["application/json"]["examples"]


@pytest.mark.django_db
def test_it_is_closed() -> None:
    assert APIClient().get(SCHEMA).status_code == 401
