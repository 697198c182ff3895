"""Where one pasted story ends and the next begins.

Each line that could be a headline is weighed by what stands around it: the same line again below the share buttons, a
time stamp, byline or dateline before the first paragraph, blank lines, the credits that end the story above, names
that the story above never mentioned. The weights are a logistic model (`data/boundary_weights.tsv`, with its card),
so the sum is a log-odds and can be compared with a threshold.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dateline.reading.lines import Look, looks_like_names
from dateline.reading.received import Container, Split

_CAPITALISED = re.compile(r"\b[A-Z][\w’'-]{2,}")
_AHEAD = 10  # lines in which a repeated headline, a stamp or the first paragraph must follow

# Log-odds of being a boundary, before the container is known; fitted by benchmarks/quality/reading/fit_boundaries.py.
WEIGHTS: dict[str, float] = {
    "bias": -7.0,
    "repeated": 9.0,
    "stamped": 3.5,
    "signed": 2.5,
    "datelined": 4.0,
    "wide_gap": 2.5,
    "marker": 6.0,
    "after_tail": 1.5,
    "long": 1.0,
    "short": -2.0,
    "titled": 0.7,
    "novel": 2.5,
    "bodies": 0.5,
}
_SURE = {"text": 0.0, "record": 4.0, "page": 6.0}  # split from here
_UNSURE = 2.0  # a split this close to the threshold, on either side, is mentioned


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """A place where a story may begin. look: index of its first line. sure: far from the threshold."""

    look: int
    split: bool
    sure: bool


def find_boundaries(looks: Sequence[Look], *, container: Container, split: Split) -> tuple[Boundary, ...]:
    """Say at which lines a further story begins; the first story's own beginning is not among them."""
    if split == "never":
        return ()
    markers = [
        Boundary(look=index + 1, split=True, sure=True)
        for index, look in enumerate(looks[:-1])
        if look.marker and index and not looks[index + 1].marker
    ]
    if split == "marker":
        return tuple(markers)
    boundaries = []
    start = 0
    for index in range(1, len(looks)):
        features = boundary_features(looks, index, start=start)
        if features is None:
            continue
        margin = sum(WEIGHTS[name] * value for name, value in features.items()) - _SURE[container]
        if margin >= 0:
            boundaries.append(Boundary(look=index, split=True, sure=margin >= _UNSURE))
            start = index
        elif margin >= -_UNSURE:
            boundaries.append(Boundary(look=index, split=False, sure=False))
    return tuple(boundaries)


def boundary_features(looks: Sequence[Look], index: int, *, start: int) -> dict[str, float] | None:
    """Describe the line at `index` as the possible headline of a new story; None if it cannot be one.

    start: index of the first line of the story it would end.
    """
    look = looks[index]
    if not look.headline or look.words < 3 or looks_like_names(look.unit.text):
        return None
    before = [earlier for earlier in looks[start:index] if earlier.prose]
    if len(before) < 2 or any(earlier.key == look.key for earlier in looks[start:index]):
        return None
    ahead = looks[index + 1 : index + 1 + _AHEAD]
    lead = next((step for step, later in enumerate(ahead) if later.prose), None)
    if lead is None:
        return None
    header = ahead[:lead]
    repeated = next((step for step, later in enumerate(ahead) if later.key == look.key and later.headline), None)
    first = ahead[lead]
    previous = looks[index - 1]
    gaps = sorted(earlier.unit.gap for earlier in looks[start + 1 : index])
    typical = gaps[len(gaps) // 2] if gaps else 1
    words = look.unit.text.split()
    return {
        "bias": 1.0,
        "repeated": float(repeated is not None and look.words >= 4 and repeated <= lead + 2),
        "stamped": float(any(later.stamps for later in header)),
        "signed": float(any(later.byline for later in header)),
        "datelined": float(first.dateline is not None),
        "wide_gap": float(look.unit.gap >= 2 and look.unit.gap > typical),
        "marker": float(previous.marker),
        "after_tail": float(previous.furniture in ("furniture", "byline") or bool(previous.stamps)),
        "long": float(look.words >= 6),
        "short": float(look.words <= 4),
        "titled": float(sum(word[0].isupper() for word in words) >= 0.7 * len(words)),
        "novel": _novelty(looks, start, index, lead),
        "bodies": float(sum(later.prose for later in ahead) >= 2),
    }


def _novelty(looks: Sequence[Look], start: int, index: int, lead: int) -> float:
    """The share of the capitalised words in the headline and the first paragraph that the story above never used."""
    new = {word for part in (looks[index], looks[index + 1 + lead]) for word in _CAPITALISED.findall(part.unit.text)}
    if not new:
        return 0.5
    known = {word for earlier in looks[start:index] for word in _CAPITALISED.findall(earlier.unit.text)}
    return len(new - known) / len(new)


def probability(margin: float) -> float:
    """The probability that belongs to a log-odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, margin))))
