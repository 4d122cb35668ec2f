"""Reading age of English text, by the Flesch–Kincaid grade and a syllable count that needs no dictionary.

textstat is not used: it wants a word list from the internet at run time.
"""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(r"[.?!]+[”’]?(?:\s|$)")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")


def syllables(word: str) -> int:
    """The number of vowel groups, less a silent ending; at least one."""
    word = re.sub(r"[^a-z]", "", word.lower())
    count = len(re.findall(r"[aeiouy]+", word))
    if re.search(r"[^aeiouyl]es?$", word) and not re.search(r"([sxz]|[cs]h|[cg])es$", word):
        count -= 1
    if re.search(r"[^aeioudt]ed$", word):
        count -= 1
    return max(count, 1)


def reading_age(text: str) -> float:
    """The age in years at which a pupil reads the text with ease: Flesch–Kincaid grade plus five."""
    words = _WORD.findall(text)
    sentences = max(len([part for part in _SENTENCE_END.split(text) if part.strip()]), 1)
    grade = 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return grade + 5
