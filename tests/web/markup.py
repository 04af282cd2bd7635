"""Reads HTML as a list of elements, so that tests can ask for facts instead of comparing text."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

EMPTY = {"meta", "link", "input", "br", "path", "circle", "rect", "img", "hr"}


@dataclass
class Element:
    """A tag, its attributes, and the text inside it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    inside: list[str] = field(default_factory=list)


class Elements(HTMLParser):
    """Every element of a page in order; `unclosed` names tags that were closed out of order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Element] = []
        self.unclosed: list[str] = []
        self._open: list[Element] = []
        self.feed(html)
        self.unclosed += [element.tag for element in self._open if element.tag != "p"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(
            tag, {name: value or "" for name, value in attrs}, inside=[one.tag for one in self._open]
        )
        self.found.append(element)
        if tag not in EMPTY:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1].tag == tag:
            self._open.pop()
        elif tag not in EMPTY:
            self.unclosed.append(tag)

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str, **wanted: str) -> list[Element]:
        """Elements of that tag whose attributes are as wanted; `class_` must be among the classes."""
        return [
            one for one in self.found if one.tag == tag and all(_fits(one, *pair) for pair in wanted.items())
        ]

    def one(self, tag: str, **wanted: str) -> Element:
        """The only such element."""
        (element,) = self.all(tag, **wanted)
        return element

    def ids(self) -> list[str]:
        """Every id on the page."""
        return [one.attributes["id"] for one in self.found if "id" in one.attributes]


def _fits(element: Element, name: str, value: str) -> bool:
    if name == "class_":
        return value in element.attributes.get("class", "").split()
    return element.attributes.get(name.replace("_", "-")) == value
