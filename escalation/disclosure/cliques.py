"""Which dimensions must be looked at together, as a tree of cliques.

A list of cases over all dimensions would have too many kinds. Statements speak of few dimensions each;
tables over the cliques of a triangulated graph, which agree where neighbours meet, are the margins of a
list over all of them (the running intersection property; Lauritzen, "Graphical Models", chapter 2).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import prod


@dataclass(frozen=True)
class Clique:
    """Dimensions, in order; `shared` with the clique it hangs on, which stands at `parent` in the tree."""

    dimensions: tuple[str, ...]
    parent: int | None
    shared: tuple[str, ...]


def tree(sizes: Mapping[str, int], together: Iterable[frozenset[str]]) -> list[Clique]:
    """Cliques such that each set in `together` lies in one; parents stand before children.

    `sizes`: how many categories each dimension has, all dimensions in order; the dimension whose clique
    would be smallest is taken out first. One clique is enough where there is nothing to tell apart.
    """
    found = _largest(_eliminate(sizes, together)) or [frozenset()]
    order = list(sizes)
    cliques: list[Clique] = []
    done: list[frozenset[str]] = []
    while found:
        # A spanning tree of greatest overlap has the running intersection property.
        links = [(len(each & other), at, each) for each in found for at, other in enumerate(done)]
        _, parent, new = (
            max(links, key=lambda link: (link[0], sorted(link[2]))) if links else (0, None, found[0])
        )
        shared = new & done[parent] if parent is not None else frozenset()
        cliques.append(
            Clique(tuple(sorted(new, key=order.index)), parent, tuple(sorted(shared, key=order.index)))
        )
        done.append(new)
        found.remove(new)
    return cliques


def _eliminate(sizes: Mapping[str, int], together: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Each dimension with those it is tied to when it is taken out; those are tied to each other then."""
    ties: dict[str, set[str]] = {code: set() for code in sizes}
    for group in together:
        for one, other in combinations(group, 2):
            ties[one].add(other)
            ties[other].add(one)
    taken = []
    while ties:
        code = min(ties, key=lambda each: (prod(sizes[tied] for tied in ties[each]) * sizes[each], each))
        near = ties.pop(code)
        taken.append(frozenset(near | {code}))
        for each in near:
            ties[each] |= near - {each}
            ties[each].discard(code)
    return taken


def _largest(groups: list[frozenset[str]]) -> list[frozenset[str]]:
    """Those that lie in no other."""
    distinct = list(dict.fromkeys(groups))
    return [each for each in distinct if not any(each < other for other in distinct)]
