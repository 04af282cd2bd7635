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

    def __init__(
        self,
        known: Mapping[str, Iterable[str]],
        *,
        what: str,
        labels: Mapping[str, str] | None = None,
        lacking: str = "",
    ) -> None:
        """`known`: each word of ours with its spellings; `what`: what one is called, such as "outcome".

        `labels`: what people read for a word that is a code. `lacking`: a sentence that says where a word
        comes from that is missing here.
        """
        self.what, self.lacking = what, lacking
        self._labels = dict(labels or {})
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
        known = dict.fromkeys(self.words, ())
        terms = Terms(known, what=self.what, labels=self._labels, lacking=self.lacking)
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
            return f" Did you mean “{self.named(self._by_spelling[close[0]])}”?"
        if not self.words:
            return " There are none yet."
        return f" There are: {self.listed()}." if len(self.words) <= MOST_LISTED else ""

    def listed(self) -> str:
        """Every word of ours, as a mapping names it and as people read it."""
        return ", ".join(map(self.named, self.words))

    def named(self, word: str) -> str:
        """A code with what people read for it: "agreed_difference (Agreed difference)"."""
        label = self._labels.get(word, "")
        return f"{word} ({label})" if plain(label) not in ("", plain(word)) else word
