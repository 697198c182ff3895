"""Packs the words of a story into windows that the encoder reads, and says which words each window answers for.

A window holds whole paragraphs where they fit and starts with some words of what came before, because a "he" or an
"it" needs them. Measured for the int8 encoder: windows of 128-256 word pieces are fastest; at 512 half the gain
is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LIMIT = 190  # word pieces of a window, paragraph marks included, [CLS] and [SEP] not
CONTEXT = 40  # at most so many of them repeat what came before


@dataclass(frozen=True, slots=True)
class Window:
    """Words `context`..`last` are read, words `first`..`last` are answered for (`context` <= `first` < `last`)."""

    context: int
    first: int
    last: int


def pack(
    pieces: Sequence[int], paragraph: Sequence[int], *, limit: int = LIMIT, context: int = CONTEXT
) -> list[Window]:
    """Cover all words with windows, each word answered for exactly once.

    pieces: word pieces of each word. paragraph: paragraph number of each word, not decreasing.

    >>> pack([1] * 6, [0, 0, 1, 1, 2, 2], limit=6, context=0)
    [Window(context=0, first=0, last=4), Window(context=4, first=4, last=6)]
    """
    windows: list[Window] = []
    first = 0
    while first < len(pieces):
        start = _context_start(pieces, paragraph, first, context) if first else 0
        used = _cost(pieces, paragraph, start, first)
        last, break_at = first, first
        while last < len(pieces):
            opens = last == start or paragraph[last] != paragraph[last - 1]
            if opens and last > first:
                break_at = last
            used += pieces[last] + (1 if opens else 0)
            if used > limit and last > first:
                break
            last += 1
        if last < len(pieces) and break_at > first:
            last = break_at
        windows.append(Window(start, first, last))
        first = last
    return windows


def _context_start(pieces: Sequence[int], paragraph: Sequence[int], first: int, context: int) -> int:
    start, used = first, 0
    while start > 0 and used + pieces[start - 1] + 1 <= context:
        start -= 1
        used += pieces[start] + (1 if start == 0 or paragraph[start] != paragraph[start - 1] else 0)
    return start


def _cost(pieces: Sequence[int], paragraph: Sequence[int], start: int, end: int) -> int:
    """Pieces of words `start`..`end`, with one mark for each paragraph that begins among them or is cut by `start`."""
    return sum(pieces[i] + (1 if i == start or paragraph[i] != paragraph[i - 1] else 0) for i in range(start, end))
