"""How hard an English text is to read: the Flesch-Kincaid grade, and the age a reader of that grade has.

Kincaid, Fishburne, Rogers, Chissom 1975 (Navy Research Branch Report 8-75). Syllables are counted as groups of vowels,
which errs by a few per cent; words of the field that nobody can avoid (physiotherapy) count like all others.
"""

from __future__ import annotations

import re


def grade(text: str) -> float:
    """The school grade (United States) at which a text is read with ease."""
    sentences = [part for part in re.split(r"[.!?:;]+\s|\n+", text) if re.search(r"[A-Za-z]", part)]
    words = re.findall(r"[A-Za-z][A-Za-z'-]*", text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def reading_age(text: str) -> float:
    """The age in years at which a text is read with ease: grade 1 begins at six, so five more than the grade."""
    return grade(text) + 5


def syllables(word: str) -> int:
    """Groups of vowels, without a silent e at the end; at least one."""
    found = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = re.search(r"[^aeiouyl]e$|[aeiouy]le$", word.lower()) is not None or word.lower().endswith("es")
    return max(1, found - silent)
