"""A row's facts: the digest of a secret does not hang on the order in which a database gives its parts."""

from core.audit.state import _coded


def test_a_secret_with_names_has_one_digest_in_whatever_order() -> None:
    one, other = {"voice": "yes", "on_time": "no"}, {"on_time": "no", "voice": "yes"}
    assert _coded(one, secret=True) == _coded(other, secret=True)
    assert _coded(one, secret=True) != _coded({"voice": "no", "on_time": "no"}, secret=True)
    assert _coded({}, secret=True) == ""
    assert _coded(one, secret=False) == one
