"""Every address there is, and the rule of docs/permissions.csv under which it stands.

Each urls.py says it beside its addresses: RULES = {name of an address: its rule}.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """`route` as the URLconf writes it, its name, and the rule it declares ("" where it declares none)."""

    route: str
    name: str
    rule: str

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/")


def addresses() -> list[Address]:
    """All of the URLconf, and one of our static files, which stand for the rest of them."""
    resolver = get_resolver()
    static = f"{settings.STATIC_URL.strip('/')}/css/log.css"
    rule = _rules(resolver.urlconf_module).get("static", "")
    return [*_walk(resolver.url_patterns, "", {}), Address(static, "static", rule)]


def _walk(
    patterns: "list[URLPattern | URLResolver]", before: str, rules: dict[str, str]
) -> Iterator[Address]:
    for pattern in patterns:
        route, name = (
            before + str(pattern.pattern),
            pattern.name or "" if isinstance(pattern, URLPattern) else "",
        )
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route, _rules(pattern.urlconf_module))
        else:
            yield Address(route, name, rules.get(name, ""))


def _rules(module: Any) -> dict[str, str]:
    return dict(getattr(module, "RULES", {})) if isinstance(module, ModuleType) else {}
