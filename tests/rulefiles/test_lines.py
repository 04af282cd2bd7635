"""The line of every key, in texts that use all of TOML's ways to write one."""

import tomllib
from collections.abc import Iterator
from pathlib import Path as FilePath

import pytest

import escalation
from escalation.rulefiles.lines import Path, lines_of

PACKAGE = FilePath(escalation.__file__).parent


def paths(value: object, path: Path = ()) -> Iterator[Path]:
    """Every key of a parsed text."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield (*path, key)
            yield from paths(each, (*path, key))
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from paths(each, (*path, index))


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.toml")), ids=lambda file: file.name)
def test_every_key_of_the_shipped_files_stands_where_it_says(file: FilePath) -> None:
    text = file.read_text(encoding="utf-8")
    lines, found = text.splitlines(), lines_of(text)
    for path in paths(tomllib.loads(text)):
        if path in found:
            assert str(path[-1]) in lines[found[path] - 1]
        else:
            assert (*path, 0) in found, f"{path} is nowhere"


TEXT = '''
a = 1 # [not.a.table]
"b c".d = "x = 1"
e = """
[no.table]
f = 2 \\""" still
"""
g = [
  # a comment with ]
  "one", 'two',
  { h = "", i = [ {j = 1}, {j = 2} ] },
]
[t.u]
k = \'\'\'
it"s
\'\'\'
[[t.v]]
l = 2026-01-01
[[t.v]]
  [[t.v.w]]
  m = true
  [t.v.x]
  n = "\\\\"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("a",), 2),
        (("b c", "d"), 3),
        (("e",), 4),
        (("g",), 8),
        (("g", 1), 10),
        (("g", 2, "h"), 11),
        (("g", 2, "i", 1, "j"), 11),
        (("t", "u"), 13),
        (("t", "u", "k"), 14),
        (("t", "v", 0, "l"), 18),
        (("t", "v", 1), 19),
        (("t", "v", 1, "w", 0, "m"), 21),
        (("t", "v", 1, "x", "n"), 23),
    ],
)
def test_lines_in_a_difficult_text(path: Path, line: int) -> None:
    tomllib.loads(TEXT)
    assert lines_of(TEXT)[path] == line
