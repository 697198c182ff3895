"""Numbers as a story gives them: "at least three", "dozens", "between 40 and 50", "no" become counts with their
words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dateline.language.analysis import Token
from dateline.records import Count
from dateline.tables import read_rows

Bounds = Literal["floor", "ceiling", "about", "exact"]

_DIGITS = re.compile(r"\d{1,3}(?:,\d{3}){1,4}|\d{1,12}")  # more digits count nobody
_LONGEST_MODIFIER = 3


@dataclass(frozen=True, slots=True)
class NumberWords:
    """numbers: word -> (kind, count). modifiers: words before a number -> what they make of its bounds. units: words
    after a number that counts nobody."""

    numbers: Mapping[str, tuple[str, Count]]
    modifiers: Mapping[tuple[str, ...], Bounds]
    units: frozenset[str]


def load_number_words() -> NumberWords:
    """Read `numbers.tsv`, `modifiers.tsv` and `units.tsv`."""
    numbers = {
        word: (kind, Count(best=_whole(best), low=_whole(low), high=_whole(high)))
        for word, kind, best, low, high in read_rows("dateline.events", "numbers.tsv", columns=5)
    }
    modifiers: dict[tuple[str, ...], Bounds] = {}
    for words, bounds in read_rows("dateline.events", "modifiers.tsv", columns=2):
        modifiers[tuple(words.split())] = bounds  # type: ignore[assignment]  # the table's own words
    return NumberWords(
        numbers, modifiers, frozenset(word for (word,) in read_rows("dateline.events", "units.tsv", columns=1))
    )


def _whole(cell: str) -> int | None:
    return int(cell) if cell else None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in the text. first, last: its tokens with what modifies it. head: the token of the number itself.
    measures: it is an age, a time, a length, a share or a price, and counts nobody."""

    first: int
    last: int
    head: int
    count: Count
    measures: bool = False


def find_quantities(tokens: Sequence[Token], words: NumberWords) -> tuple[Quantity, ...]:
    """Every number of a story, in text order. Years, ages and days are among them: who asks knows what it counts."""
    found: list[Quantity] = []
    position = 0
    while position < len(tokens):
        end, count = _number(tokens, position, words)
        if count is None:
            position += 1
            continue
        first, count = _modified(tokens, position, count, words)
        if found and (joined := _range(tokens, found[-1], position, end, count)):
            found[-1] = joined
        else:
            found.append(Quantity(first, end, end - 1, count, _measures(tokens, end, words)))
        position = end
    return tuple(found)


def _measures(tokens: Sequence[Token], end: int, words: NumberWords) -> bool:
    """Whether a unit follows a number, or stands in its own word: "18 years", "18-year-old"."""
    after = [token.text.lower() for token in tokens[end - 1 : end + 2]]
    parts = [part for text in after for part in text.split("-") if part]
    return len(parts) > 1 and parts[1] in words.units


def _number(tokens: Sequence[Token], first: int, words: NumberWords) -> tuple[int, Count | None]:
    """The number that begins at a token and where it ends; None where none does."""
    value, position, total = None, first, 0
    while position < len(tokens) and tokens[position].paragraph == tokens[first].paragraph:
        text = tokens[position].text.lower()
        single = _single(text, words)
        kind, count = words.numbers.get(text, ("", None))
        if single is not None and (value is None or (single < 10 <= value % 100 and value % 10 == 0)):
            value = (value or 0) + single
        elif kind == "multiplier" and (value is not None or text == "dozen"):
            times = count.best or 1 if count else 1
            total, value = (total, (value or 1) * times) if times < 1000 else ((total + (value or 0)) * times, 0)
        elif kind == "vague" and position == first and count is not None:
            if text == "no" and position + 1 < len(tokens) and tokens[position + 1].text.lower() == "one":
                return position + 2, count
            return _vague(tokens, position, count, words)
        elif (
            text == "-"
            and value is not None
            and position > first
            and position + 1 < len(tokens)
            and _single(tokens[position + 1].text.lower(), words) in range(1, 10)
        ):
            pass
        else:
            break
        position += 1
    if value is None:
        return first, None
    number = total + value
    return position, Count(best=number, low=number, high=number)


def _vague(tokens: Sequence[Token], first: int, count: Count, words: NumberWords) -> tuple[int, Count | None]:
    """ "Dozens", "several hundred", "tens of thousands": the multiplier multiplies the bounds."""
    text = [token.text.lower() for token in tokens[first : first + 3]]
    step = 2 if len(text) > 2 and text[1] == "of" and text[0] == "tens" else 1
    after = text[step] if len(text) > step else ""
    kind, times = words.numbers.get(after.removesuffix("s") if step == 2 else after, ("", None))
    if kind == "multiplier" and times is not None and times.best and text[0] not in ("no", "both"):
        low = count.low * times.best if count.low else None
        high = count.high * times.best if count.high else None
        return first + step + 1, Count(best=None, low=low, high=high)
    return first + 1, count


def _single(text: str, words: NumberWords) -> int | None:
    if _DIGITS.fullmatch(text):
        return int(text.replace(",", ""))
    kind, count = words.numbers.get(text, ("", None))
    if kind == "number" and count is not None:
        return count.best
    left, dash, right = text.partition("-")
    if dash:  # "twenty-one" may be one word
        tens, ones = words.numbers.get(left, ("", None))[1], words.numbers.get(right, ("", None))[1]
        if tens and ones and tens.best and ones.best and 20 <= tens.best < 100 and ones.best < 10:
            return tens.best + ones.best
    return None


def _modified(tokens: Sequence[Token], first: int, count: Count, words: NumberWords) -> tuple[int, Count]:
    """Where the words before a number begin that modify it, and the count as they make it."""
    for length in range(_LONGEST_MODIFIER, 0, -1):
        start = first - length
        if start < 0 or tokens[start].paragraph != tokens[first].paragraph:
            continue
        before = tuple(token.text.lower() for token in tokens[start:first])
        bounds = words.modifiers.get(before)
        if bounds == "floor":
            return start, Count(best=count.best, low=count.low, high=None)
        if bounds == "ceiling":
            return start, Count(best=count.best, low=None, high=count.high)
        if bounds is not None:
            return (start if bounds == "about" else first), count
    return first, count


def _range(tokens: Sequence[Token], before: Quantity, first: int, end: int, count: Count) -> Quantity | None:
    """ "40 to 50", "between 150 and 176" as one number with two ends."""
    if before.last != first - 1 or before.count.best is None or count.best is None or before.count.best >= count.best:
        return None
    between = tokens[first - 1].text.lower()
    opened = before.first > 0 and tokens[before.first - 1].text.lower() == "between"
    if between in ("to", "-", "–") or (between == "and" and opened):
        return Quantity(before.first, end, end - 1, Count(best=None, low=before.count.low, high=count.high))
    return None


def quantity_heads(quantities: Sequence[Quantity]) -> Iterator[int]:
    """The tokens that stand for the numbers."""
    return (one.head for one in quantities)
