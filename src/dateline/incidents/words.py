"""Words as incidents compare them: lower case, without plural and possessive, weighed by how few stories hold them.

Weight: (1 + ln of the times it occurs) x ln(stories / stories that hold it), the usual TF-IDF (Salton and Buckley
1988). The counts of stories are shipped (`data/frequencies.tsv`) and never learned from the stories at hand: the
weight of a word must not depend on which story came first.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dateline.errors import InstallationError
from dateline.tables import read_rows

Bag = Mapping[str, float]  # a sparse vector of length 1: word or id -> weight

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,]\d+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_TOTAL = ""  # the row of frequencies.tsv that counts all stories


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How many of `stories` stories hold each word. Words of fewer than three are not counted."""

    stories: int
    holding: Mapping[str, int]

    def weight(self, word: str) -> float:
        """How much a word tells: natural logarithm of (stories / stories with it)."""
        return math.log(self.stories / self.holding.get(word, 1))


def load_frequencies() -> Frequencies:
    """Load the shipped counts. Raises InstallationError where they are missing or damaged."""
    try:
        holding = {word: int(count) for word, count in read_rows(__package__, "frequencies.tsv", columns=2)}
        return Frequencies(holding.pop(_TOTAL), holding)
    except (ValueError, KeyError) as fault:
        raise InstallationError(
            f"the counts of words cannot be read ({fault})",
            location="frequencies.tsv",
            remedy="Install dateline again.",
        ) from fault


def words_of(text: str) -> list[str]:
    """The words of a text in order: "Two strikes hit Kabul’s port" -> ["two", "strike", "hit", "kabul", "port"]."""
    return [_stem(_POSSESSIVE.sub("", match.group()).lower()) for match in _WORD.finditer(text)]


def _stem(word: str) -> str:
    """Plural to singular, by Harman's S stemmer (1991), and numbers without their commas."""
    if word[:1].isdigit():
        return word.replace(",", "")
    if len(word) > 4 and word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def bag_of(words: Iterable[str], frequencies: Frequencies) -> Bag:
    """Words as a weighed bag of length 1."""
    return unit({word: (1 + math.log(n)) * frequencies.weight(word) for word, n in Counter(words).items()})


def unit(weights: Mapping[str, float]) -> Bag:
    """A bag scaled to length 1; what weighs nothing is left out. Sorted, so that sums are the same on any machine."""
    length = math.sqrt(math.fsum(weight * weight for weight in weights.values()))
    return {word: weights[word] / length for word in sorted(weights) if weights[word] > 0} if length > 0 else {}


def likeness(one: Bag, other: Bag) -> float:
    """Cosine of two bags of length 1, in [0, 1]. Symmetric to the last bit."""
    if len(other) < len(one):
        one, other = other, one
    return math.fsum(weight * other[word] for word, weight in one.items() if word in other)
