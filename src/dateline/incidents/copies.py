"""Which stories are copies: one wire text in forty newspapers is one independent text.

Two texts are compared by their shingles, eight words in a row (Broder 1997), as numbers. Containment is the share
of the shorter text's shingles that the longer one has, so a copy inside a longer story is found too. It is a
graded dependence; two stories are of one origin where it reaches a half, or a fifth where they credit the same
agency. What an outlet prints in many of its different stories (its furniture) is taken out first.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dateline.incidents.words import words_of
from dateline.records import Id, Story

Shingles = npt.NDArray[np.uint32]  # sorted, each once

LENGTH = 8  # words in a shingle
ONE_ORIGIN = 0.5  # least containment of two stories of one origin
ONE_ORIGIN_CREDITED = 0.2  # where both credit the same agency
_DEPENDENT = 0.1  # what is less is not told
_FEWEST = 12  # shingles that a text must have: of a notice of two lines nothing can be said
_FURNITURE = 3  # different stories of one outlet that hold a shingle: furniture
_SAME_STORY = 0.6  # containment of two versions of one story in one outlet
_VERSION_DAYS = 7  # days between them; what an outlet prints again after weeks is furniture, however much of it
_SAMPLED = 4  # of a long text every fourth shingle, by its number, finds the pairs
_SHORT = 200  # shingles of a text that is not sampled
_WIDESPREAD = 400  # stories that hold a shingle: it finds nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is compared of a story for copying. day: when it was published; outlet_id: by whom."""

    story_id: Id
    outlet_id: Id | None
    agency: Id | None
    day: dt.date | None
    shingles: Shingles


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Two stories that share words. of: the earlier one. containment: in the shorter, in [0, 1].

    credited: both credit the same agency.
    """

    story_id: Id
    of: Id
    containment: float
    credited: bool


def text_of(story: Story, text: str) -> Text:
    """What is compared of one story: its headline, summary and body without what the reader took for furniture."""
    spans = [*([story.headline] if story.headline else []), *story.summary, *story.body]
    words = [word for span in spans for word in words_of(text[span.start : span.end])]
    moment = story.published_at or story.updated_at
    return Text(
        story_id=story.id,
        outlet_id=story.outlet_id,
        agency=story.agency,
        day=moment.date() if isinstance(moment, dt.datetime) else moment,
        shingles=_shingles(words),
    )


def find_copies(texts: Iterable[Text]) -> tuple[Copy, ...]:
    """All pairs of stories that share a tenth of their words in a row or more, by id. Independent of the order of
    `texts`.
    """
    cleaned = _without_furniture(sorted(texts, key=lambda each: each.story_id))
    found: list[Copy] = []
    for one, other in _pairs(cleaned):
        shared = containment(one.shingles, other.shingles)
        if shared >= _DEPENDENT:
            first, second = sorted((one, other), key=_age)
            found.append(
                Copy(
                    story_id=second.story_id,
                    of=first.story_id,
                    containment=round(shared, 4),
                    credited=one.agency is not None and one.agency == other.agency,
                )
            )
    return tuple(sorted(found, key=lambda each: (each.story_id, each.of)))


def origins(texts: Iterable[Text], copies: Iterable[Copy]) -> dict[Id, Id]:
    """For every story the earliest one of its origin: itself where it is no copy.

    First what shares half of its words. Then what shares a fifth and credits the same agency, if all stories of the two
    origins share so much, in the mean: a passage that two papers alone have both put in joins no two texts.
    """
    known = {text.story_id: text for text in texts}
    pairs = [copy for copy in copies if copy.story_id in known and copy.of in known]
    half = ((copy.story_id, copy.of) for copy in pairs if copy.containment >= ONE_ORIGIN)
    first = _joined({each: each for each in known}, half, known)
    size = Counter(first.values())
    shared: dict[tuple[Id, Id], float] = defaultdict(float)
    credited: set[tuple[Id, Id]] = set()
    for copy in sorted(pairs, key=lambda each: (each.story_id, each.of)):
        one, other = sorted((first[copy.story_id], first[copy.of]))
        shared[one, other] += copy.containment
        if copy.credited and copy.containment >= ONE_ORIGIN_CREDITED:
            credited.add((one, other))
    fifth = (
        (one, other)
        for one, other in sorted(credited)
        if one != other and shared[one, other] / (size[one] * size[other]) >= ONE_ORIGIN_CREDITED
    )
    return _joined(first, fifth, known)


def _joined(origin: Mapping[Id, Id], pairs: Iterable[tuple[Id, Id]], known: Mapping[Id, Text]) -> dict[Id, Id]:
    """Origins after some pairs have become one: the earliest of all."""
    parent = dict(origin)

    def root(each: Id) -> Id:
        while parent[each] != each:
            each = parent[each]
        return each

    for one, other in pairs:
        first, second = sorted((root(one), root(other)), key=lambda each: _age(known[each]))
        parent[second] = first
    return {each: root(each) for each in parent}


def containment(one: Shingles, other: Shingles) -> float:
    """Share of the shorter text's shingles that the other has too, in [0, 1]. Symmetric."""
    least = min(one.size, other.size)
    return float(np.intersect1d(one, other, assume_unique=True).size / least) if least else 0.0


def _age(text: Text) -> tuple[bool, dt.date, bool, Id]:
    """Earliest first; undated last; of one day the agency's text before those without a credit, then by id."""
    return text.day is None, text.day or dt.date.max, text.agency is None, text.story_id


def _shingles(words: Sequence[str]) -> Shingles:
    if len(words) < LENGTH:
        return np.empty(0, np.uint32)
    numbers = (zlib.crc32(" ".join(words[at : at + LENGTH]).encode()) for at in range(len(words) - LENGTH + 1))
    return np.unique(np.fromiter(numbers, np.uint32, len(words) - LENGTH + 1))


def _without_furniture(texts: Sequence[Text]) -> list[Text]:
    """Take out of each text what at least three different stories of its outlet hold."""
    by_outlet: dict[Id, list[Text]] = defaultdict(list)
    for text in texts:
        if text.outlet_id is not None:
            by_outlet[text.outlet_id].append(text)
    furniture = {outlet: _furniture(theirs) for outlet, theirs in by_outlet.items() if len(theirs) >= _FURNITURE}
    return [_cleaned(text, furniture) for text in texts]


def _furniture(texts: Sequence[Text]) -> Shingles:
    """Shingles of at least three different stories of one outlet. Versions of one story count once: they are no
    furniture.
    """
    kept = _versions(texts)
    every = np.concatenate(kept or [np.empty(0, np.uint32)])
    numbers, counts = np.unique(every, return_counts=True)
    return numbers[counts >= _FURNITURE]


def _versions(texts: Sequence[Text]) -> list[Shingles]:
    """The shingles of each different story of an outlet, those of its versions together."""
    parent = list(range(len(texts)))
    number = {text.story_id: position for position, text in enumerate(texts)}

    def root(each: int) -> int:
        while parent[each] != each:
            each = parent[each]
        return each

    for one, other in _pairs(texts):
        if _within_days(one, other) and containment(one.shingles, other.shingles) >= _SAME_STORY:
            first, second = sorted((root(number[one.story_id]), root(number[other.story_id])))
            parent[second] = first
    together: dict[int, list[Shingles]] = defaultdict(list)
    for position, text in enumerate(texts):
        together[root(position)].append(text.shingles)
    return [np.unique(np.concatenate(shingles)) for shingles in together.values()]


def _within_days(one: Text, other: Text) -> bool:
    return one.day is None or other.day is None or abs((one.day - other.day).days) <= _VERSION_DAYS


def _cleaned(text: Text, furniture: Mapping[Id, Shingles]) -> Text:
    if text.outlet_id is None or text.outlet_id not in furniture:
        return text
    own = np.setdiff1d(text.shingles, furniture[text.outlet_id], assume_unique=True)
    return Text(
        story_id=text.story_id, outlet_id=text.outlet_id, agency=text.agency, day=text.day, shingles=own
    )  # fmt: skip


def _pairs(texts: Sequence[Text]) -> list[tuple[Text, Text]]:
    """Pairs of texts that share shingles, found by an index of them."""
    holding: dict[int, list[int]] = defaultdict(list)
    for position, text in enumerate(texts):
        if text.shingles.size >= _FEWEST:
            for number in _sample(text.shingles):
                holding[number].append(position)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for positions in holding.values():
        if 1 < len(positions) <= _WIDESPREAD:
            for at, other in enumerate(positions):
                for one in positions[:at]:
                    shared[one, other] += 1
    return [(texts[one], texts[other]) for one, other in sorted(shared)]


def _sample(shingles: Shingles) -> list[int]:
    """The shingles by which a text is found. All of a short text; of a long one those that any long text would keep."""
    kept = shingles if shingles.size < _SHORT else shingles[shingles % _SAMPLED == 0]
    return [int(number) for number in kept]
