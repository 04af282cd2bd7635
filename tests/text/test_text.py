"""Free text: what is kept is what was typed, what cannot be kept is refused."""

import pytest
from django import forms
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import models
from pytest_django import Settings

from core.text import ErasableTextField, digest_of, storable

FIELD = ErasableTextField()
KEPT = ["", "plain", "Zoë 🦋", "‏שלום", "=1+1", "<script>", "a\r\nb\tc", "x" * 1_000_000]
REFUSED = ["a\x00b", "\ud800", "ok\udfff"]


@pytest.mark.parametrize("text", KEPT, ids=range(len(KEPT)))
def test_text_is_kept_as_typed(text: str) -> None:
    storable(text)
    assert FIELD.get_prep_value(text) == text


@pytest.mark.parametrize("text", REFUSED, ids=range(len(REFUSED)))
def test_text_that_no_database_keeps_is_refused(text: str) -> None:
    for refuse in (storable, FIELD.get_prep_value, FIELD.run_validators):
        with pytest.raises(ValidationError):
            refuse(text)


def test_a_form_refuses_it_in_words() -> None:
    form_field = FIELD.formfield()
    assert isinstance(form_field, forms.CharField)
    assert isinstance(form_field.widget, forms.Textarea)
    with pytest.raises(ValidationError):
        form_field.clean("a\x00b")


def test_migrations_know_the_field_by_its_own_name() -> None:
    assert FIELD.deconstruct()[1] == "core.text.fields.ErasableTextField"
    assert isinstance(FIELD, models.TextField)


def test_a_digest_is_stable_keyed_and_tells_texts_apart(settings: Settings) -> None:
    settings.AUDIT_KEY = "one"
    texts = [("",), (), ("ab", "c"), ("a", "bc"), ("abc",), ("Abc",), ("Zoë",)]
    digests = [digest_of(*text) for text in texts]
    assert len(set(digests)) == len(texts)
    assert all(len(digest) == 64 for digest in digests)
    assert digests == [digest_of(*text) for text in texts]
    settings.AUDIT_KEY = "two"
    assert digest_of("abc") not in digests


def test_no_digest_without_a_key(settings: Settings) -> None:
    settings.AUDIT_KEY = ""
    with pytest.raises(ImproperlyConfigured):
        digest_of("text")
