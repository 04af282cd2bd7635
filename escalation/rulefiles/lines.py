"""Where in a TOML text each key and each value stands.

The standard library's reader gives values without lines. This walks a text that it has already
accepted, so nothing here needs to refuse anything.
"""

import re

Path = tuple[str | int, ...]
"""The way to a value: ("stages", 1, "milestones", 0, "after")."""

BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
BARE = re.compile(r"[A-Za-z0-9_-]+")
SCALAR = re.compile(r"[^,\]}\n#]+")
STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)


def lines_of(text: str) -> dict[Path, int]:
    """The line, from 1, of each table and key of a TOML text that parses; () is line 1."""
    return _Walk(text).lines


class _Walk:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.lines: dict[Path, int] = {(): 1}
        self.counts: dict[Path, int] = {}
        table: Path = ()
        while self._more():
            table = self._header() if self._sees("[") else self._pair(table)

    def _more(self) -> bool:
        self._skip()
        return self.at < len(self.text)

    def _skip(self) -> None:
        self._take(BLANK)

    def _take(self, expression: re.Pattern[str]) -> str:
        match = expression.match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match.group()

    def _sees(self, start: str) -> bool:
        return self.text.startswith(start, self.at)

    def _mark(self, path: Path) -> None:
        self.lines.setdefault(path, self.text.count("\n", 0, self.at) + 1)

    def _header(self) -> Path:
        several = self._sees("[[")
        start = self.at
        self.at += 2 if several else 1
        keys = self._keys()
        path = self._resolve(keys if not several else keys[:-1])
        if several:
            path += (keys[-1],)
            index = self.counts.get(path, 0)
            self.counts[path] = index + 1
            path += (index,)
        after, self.at = self.at, start
        self._mark(path)
        self.at = after + (2 if several else 1)
        return path

    def _resolve(self, keys: list[str]) -> Path:
        """A header's keys, with the number of the last table where a key names several."""
        path: Path = ()
        for key in keys:
            path += (key,)
            if path in self.counts:
                path += (self.counts[path] - 1,)
        return path

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip()
            keys.append(self._string()[1:-1] or self._take(BARE))
            self._skip()
            if not self._sees("."):
                return keys
            self.at += 1

    def _string(self) -> str:
        """A quoted key or value, with its quotes; "" if there is none here."""
        return next((found for expression in STRINGS if (found := self._take(expression))), "")

    def _pair(self, table: Path) -> Path:
        start = self.at
        path = (*table, *self._keys())
        after, self.at = self.at, start
        for depth in range(len(table) + 1, len(path) + 1):
            self._mark(path[:depth])
        self.at = after + 1
        self._value(path)
        return table

    def _value(self, path: Path) -> None:
        self._skip()
        if self._sees("["):
            self._array(path)
        elif self._sees("{"):
            self._inline(path)
        elif not self._string():
            self._take(SCALAR)

    def _array(self, path: Path) -> None:
        self.at += 1
        index = 0
        while self._more() and not self._sees("]"):
            self._mark((*path, index))
            self._value((*path, index))
            self._skip()
            self.at += self._sees(",")
            index += 1
        self.at += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        while self._more() and not self._sees("}"):
            self._pair(path)
            self._skip()
            self.at += self._sees(",")
        self.at += 1
