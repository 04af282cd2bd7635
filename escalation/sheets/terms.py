"""Words as people spelled them, to the ones we use."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

FEW, MOST_LISTED = 6, 25
"""So few are all named; of more than the second number none is."""


def plain(words: str) -> str:
    """Words as compared: without case, spaces and punctuation."""
    return "".join(letter for letter in words.casefold() if letter.isalnum())


class Terms:
    """The words that a field may hold, each with the spellings that mean it.

    A spelling that means two of them is left out: it has to be said which is meant.
    """

    def __init__(self, known: Mapping[str, Iterable[str]], *, what: str) -> None:
        """`known`: each word of ours with its spellings; `what`: what one is called, such as "outcome"."""
        self.what = what
        self.words = tuple(known)
        self._by_spelling: dict[str, str] = {}
        self._several: set[str] = set()
        self._asked: dict[str, str | None] = {}
        for word, spellings in known.items():
            for spelling in {plain(each) for each in (word, *spellings)} - {""}:
                self._learn(spelling, word)

    def _learn(self, spelling: str, word: str) -> None:
        if spelling in self._several:
            return
        if self._by_spelling.setdefault(spelling, word) != word:
            del self._by_spelling[spelling]
            self._several.add(spelling)

    def with_spellings(self, spellings: Mapping[str, Iterable[str]]) -> "Terms":
        """The same, and each word of ours with more spellings, which win over those known before."""
        terms = Terms(dict.fromkeys(self.words, ()), what=self.what)
        terms._by_spelling = dict(self._by_spelling)
        for word, more in spellings.items():
            terms._by_spelling.update({plain(each): word for each in more})
        terms._several = self._several - set(terms._by_spelling)
        return terms

    def find(self, text: str) -> str | None:
        """Our word for what somebody wrote; None where it is not known, or could be two."""
        if text not in self._asked:  # thousands of rows say the same few things
            self._asked[text] = self._by_spelling.get(plain(text))
        return self._asked[text]

    def means_several(self, text: str) -> bool:
        return plain(text) in self._several

    def hint(self, text: str) -> str:
        """What might have been meant: " Did you mean “Family Safeguarding Team 2”?", or what there is."""
        close = get_close_matches(plain(text), self._by_spelling, n=1, cutoff=0.75)
        if close and len(self.words) > FEW:
            return f" Did you mean “{self._by_spelling[close[0]]}”?"
        return f" There are: {', '.join(self.words)}." if len(self.words) <= MOST_LISTED else ""
