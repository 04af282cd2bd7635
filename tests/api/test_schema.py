"""The description of the API: whole, without warnings, and only for whoever is signed in."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from rest_framework.test import APIClient

from core.api.management.commands.openapi import FILE
from escalation.challenges.filters import WorkFilter
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
        "/api/v1/packs/",
        "/api/v1/packs/{quarter}/{standard}/",
        "/api/v1/packs/{quarter}/{standard}/pack.pdf",
        "/api/v1/packs/{quarter}/{standard}/pack.xlsx",
        "/api/v1/reports/",
        "/api/v1/reports/quarterly/",
        "/api/v1/reports/{quarter}/",
        "/api/v1/reports/{quarter}/release.pdf",
        "/api/v1/reports/{quarter}/release.xlsx",
        "/api/v1/reports/{quarter}/tables.zip",
        "/api/v1/reports/{quarter}/tables/{code}/",
        "/api/v1/reports/{quarter}/tables/{code}.csv",
        "/api/v1/reports/{quarter}/tables/{code}.csv-metadata.json",
        "/api/v1/reports/{quarter}/{over}/",
        "/api/v1/reports/{quarter}/{over}/tables/{code}/",
        "/api/v1/reports/{quarter}/{over}/tables/{code}.csv",
        "/api/v1/reports/{quarter}/{over}/tables/{code}.csv-metadata.json",
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


def examples(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], list[Any]]]:
    """Of each operation, what is sent and what can come back: its place, its schema, its examples."""
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            places = {"body": operation.get("requestBody", {}), **operation["responses"]}
            for place, each in places.items():
                for content in each.get("content", {}).values():
                    values = [example["value"] for example in content.get("examples", {}).values()]
                    yield f"{method} {path} {place}", content["schema"], values


def test_everything_sent_and_told_has_an_example_and_each_is_true(schema: dict[str, Any]) -> None:
    found = list(examples(schema))
    assert found
    assert [place for place, _, values in found if not values] == []
    for place, each, values in found:
        validator = Draft202012Validator(
            {**each, "components": schema["components"]}, format_checker=FormatChecker()
        )
        for value in values:
            assert [error.message for error in validator.iter_errors(value)] == [], place


def test_a_problem_s_example_has_its_own_status(schema: dict[str, Any]) -> None:
    for place, _, values in examples(schema):
        status = place.rsplit(" ", 1)[1]
        told = [value for value in values if isinstance(value, dict) and value.get("type") == "about:blank"]
        assert {str(problem["status"]) for problem in told} <= {status}, place


def test_the_filters_described_are_those_there_are(schema: dict[str, Any]) -> None:
    described = {each["name"] for each in schema["paths"]["/api/v1/challenges/"]["get"]["parameters"]}
    assert described == {*WorkFilter.base_filters, "status", "page"}


def test_the_written_description_is_the_served_one(schema: dict[str, Any]) -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == schema
    assert schema["openapi"].startswith("3.1.")


@pytest.mark.django_db
def test_it_is_closed() -> None:
    assert APIClient().get(SCHEMA).status_code == 401
