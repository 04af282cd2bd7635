"""How old a reader has to be for a text: Flesch-Kincaid grade and five, as English schools count.

The syllables are counted from the vowels; that is rough for one word and good enough for a sentence.
"""

import re

WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
SENTENCE_ENDS = re.compile(r"[.?!:;…]+(?:[\s”’\"]|$)")
VOWELS = re.compile(r"[aeiouy]+")
SILENT_END = re.compile(
    r"(?:[^laeiouy]e|[^td]ed|[^cgsxz]es)$"
)  # make, asked, gives; not little, needed, cases


def syllables(word: str) -> int:
    """At least one. "asked" has one, "needed" two, "little" two."""
    plain = re.sub(r"['’-]", "", word.lower())
    groups = len(VOWELS.findall(plain))
    return max(1, groups - (1 if SILENT_END.search(plain) else 0))


def reading_age(text: str, *, known: frozenset[str] = frozenset()) -> float:
    """In years; `known` words, in small letters, count as two syllables at most: readers use them daily."""
    words = WORD.findall(text)
    if not words:
        return 0.0
    sentences = max(1, len(SENTENCE_ENDS.findall(text)))
    spoken = sum(min(syllables(word), 2) if word.lower() in known else syllables(word) for word in words)
    grade = 0.39 * len(words) / sentences + 11.8 * spoken / len(words) - 15.59
    return grade + 5
