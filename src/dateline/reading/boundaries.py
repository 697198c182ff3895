"""Where one pasted story ends and the next begins.

Each line that could be a headline is weighed by what stands around it: the same line again below the share buttons, a
time stamp, byline or dateline before the first paragraph, blank lines, the credits that end the story above, names
that the story above never mentioned. The weights are a logistic model (`data/boundary_weights.tsv`, with its card),
so the sum is a log-odds and can be compared with a threshold.
"""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dateline.reading.lines import Look, looks_like_names
from dateline.reading.received import Container, Split

_CAPITALISED = re.compile(r"\b[A-Z][\w’'-]{2,}")
_CONTENT = re.compile(r"[^\W\d_]{4,}")
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_AHEAD = 10  # lines in which a repeated headline, a stamp or the first paragraph must follow

_SURE = {"text": 0.75, "record": 5.0, "page": 8.0}  # split from here
_UNSURE = 2.0  # a split this close to the threshold, on either side, is mentioned


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """A place where a story may begin. look: index of its first line. sure: far from the threshold."""

    look: int
    split: bool
    sure: bool


def find_boundaries(
    looks: Sequence[Look], *, container: Container, split: Split, weights: Mapping[str, float]
) -> tuple[Boundary, ...]:
    """Say at which lines a further story begins; the first story's own beginning is not among them."""
    if split == "never" or not looks:
        return ()
    if split == "marker":
        return tuple(
            Boundary(look=index + 1, split=True, sure=True)
            for index, look in enumerate(looks[:-1])
            if look.marker and index and not looks[index + 1].marker
        )
    boundaries: list[Boundary] = []
    above = Above()
    above.add(looks[0])
    for index in range(1, len(looks)):
        boundary = _boundary(looks, index, above, container, weights)
        if boundary and boundary.split and not boundary.sure and _yields(looks, index, above, container, weights):
            boundary = None
        if boundary:
            boundaries.append(boundary)
            if boundary.split:
                above = Above()
        above.add(looks[index])
    return tuple(boundaries)


@dataclass(slots=True)
class Above:
    """What has been seen of the story that a boundary would end."""

    lines: int = 0
    prose: int = 0
    wide_gaps: int = 0
    keys: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def add(self, look: Look) -> None:
        self.lines += 1
        self.prose += look.prose
        self.wide_gaps += look.unit.gap >= 2
        self.keys.add(look.key)
        self.names.update(_CAPITALISED.findall(look.unit.text))


def _boundary(
    looks: Sequence[Look], index: int, above: Above, container: Container, weights: Mapping[str, float]
) -> Boundary | None:
    features = boundary_features(looks, index, above)
    if features is None:
        return _without_headline(looks, index, above) if container == "text" else None
    margin = weigh(features, weights)
    if margin < _SURE[container] - _UNSURE or margin < _best_below(looks, index, above, weights):
        return None  # an ordinary line, or the last line of the story above, just over the headline
    margin -= _SURE[container]
    return Boundary(look=index, split=margin >= 0, sure=margin >= _UNSURE)


def weigh(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The log-odds that a line with these features begins a story."""
    return sum(weights.get(name, 0.0) * value for name, value in features.items())


def _best_below(looks: Sequence[Look], index: int, above: Above, weights: Mapping[str, float]) -> float:
    """The best log-odds among the lines between this one and the first paragraph after it."""
    best = -math.inf
    for below in range(index + 1, min(len(looks), index + _AHEAD)):
        if looks[below].prose or looks[below].key == looks[index].key:
            break
        features = boundary_features(looks, below, above)
        best = best if features is None else max(best, weigh(features, weights))
    return best


def _yields(
    looks: Sequence[Look], index: int, above: Above, container: Container, weights: Mapping[str, float]
) -> bool:
    """Whether an unsure beginning is a crosshead over the last paragraph of the story above.

    It is if a sure beginning follows before the new story would have the two paragraphs that a story needs.
    """
    further = copy.deepcopy(above)
    prose = 0
    for below in range(index + 1, min(len(looks), index + 2 * _AHEAD)):
        further.add(looks[below - 1])
        boundary = _boundary(looks, below, further, container, weights)
        if boundary and boundary.split and boundary.sure:
            return prose > 0
        prose += looks[below].prose
        if prose >= 2:
            return False
    return False


def _without_headline(looks: Sequence[Look], index: int, above: Above) -> Boundary | None:
    """A credited dateline below a wide gap, or prose below a rule: perhaps a story without a headline."""
    look, previous = looks[index], looks[index - 1]
    if above.prose < 2 or not look.prose:
        return None
    credited = look.dateline is not None and look.dateline.agency is not None
    if credited and ((look.unit.gap >= 2 and above.wide_gaps * 2 <= above.lines) or previous.marker):
        return Boundary(look=index, split=True, sure=False)
    ruled = previous.marker and set(previous.unit.text) <= set("-= ") and len(previous.unit.text) >= 3
    return Boundary(look=index, split=False, sure=False) if ruled else None


def boundary_features(looks: Sequence[Look], index: int, above: Above) -> dict[str, float] | None:
    """Describe the line at `index` as the possible headline of a new story; None if it cannot be one.

    above: what was seen of the story that it would end.
    """
    look = looks[index]
    if look.words < 3 or not (look.headline or look.titled) or above.prose < 2 or look.key in above.keys:
        return None
    ahead = looks[index + 1 : index + 1 + _AHEAD]
    repeated = next((step for step, later in enumerate(ahead) if later.key == look.key and look.words >= 4), None)
    after = -1 if repeated is None else repeated
    lead = next((step for step, later in enumerate(ahead) if later.prose and step > after), None)
    if lead is None or not (look.headline or repeated is not None) or looks_like_names(look.unit.text):
        return None
    header, first, previous = ahead[:lead], ahead[lead], looks[index - 1]
    words = look.unit.text.split()
    below = "\n".join(later.unit.text for later in ahead[lead : lead + 2])
    return {
        "bias": 1.0,
        "repeated": float(repeated is not None),
        "stamped": float(any(later.stamps for later in header)),
        "signed": float(any(later.byline for later in header)),
        "buttons": float(any(later.furniture == "furniture" for later in header)),
        "datelined": float(first.dateline is not None),
        "weekday": float(_WEEKDAY.search(first.unit.text) is not None),
        "gap": float(look.unit.gap >= 2 and above.wide_gaps * 2 <= above.lines),
        "marker": float(previous.marker),
        "after_tail": float(previous.furniture in ("furniture", "byline") or bool(previous.stamps)),
        "length": min(look.words, 12) / 12,
        "short": float(look.words <= 4),
        "capitalised": sum(word[0].isupper() for word in words) / len(words),
        "colon": float(":" in look.unit.text),
        "question": float(look.unit.text.endswith("?")),
        "novel": _novelty(f"{look.unit.text}\n{first.unit.text}", above),
        "echoed": _echo(look.unit.text, below),
        "near_lead": float(lead == 0),
        "bodies": float(sum(later.prose for later in ahead) >= 2),
    }


def _novelty(words: str, above: Above) -> float:
    """The share of capitalised words that the story above never used: another story has other names."""
    names = set(_CAPITALISED.findall(words))
    return len(names - above.names) / len(names) if names else 0.5


def _echo(headline: str, below: str) -> float:
    """The share of a headline's longer words used again in the two paragraphs below: a lead retells its headline."""
    content = {word.casefold()[:6] for word in _CONTENT.findall(headline)}
    used = {word.casefold()[:6] for word in _CONTENT.findall(below)}
    return len(content & used) / len(content) if content else 0.0
