"""Tables for a terminal of any width: one line a row where there is room, else a second line for what stands behind.

A row is never wider than the terminal; what does not fit ends in "…".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from dateline.faces.screen import Style

GAP = "  "
NARROWEST = 12  # of a column that gives way
LEAST_SHARE = 0.55  # of what the columns that give way would like to have, in one line


@dataclass(frozen=True, slots=True)
class Column:
    """title; room: characters it takes at most; gives: whether it may be narrower; behind: in a narrow terminal it
    stands in the second line."""

    title: str
    room: int
    gives: bool = False
    behind: bool = False
    right: bool = False


def lines(columns: Sequence[Column], rows: Iterable[Sequence[str]], *, style: Style) -> Iterator[str]:
    """The title and the rows as they come; nothing where there are none."""
    whole = _widths(columns, style.width)
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    rows = chain([first], rows)
    if whole is not None:
        yield style.paint(_line(columns, whole, [column.title for column in columns]), "2")
        for row in rows:
            yield _line(columns, whole, row)
        return
    front = [column for column in columns if not column.behind]
    widths = _widths(front, style.width) or [column.room for column in front]
    yield style.paint(_line(front, widths, [column.title for column in front]), "2")
    indent = " " * (widths[0] + len(GAP))
    for row in rows:
        yield _line(front, widths, [cell for cell, column in zip(row, columns, strict=True) if not column.behind])
        behind = [_flat(cell) for cell, column in zip(row, columns, strict=True) if column.behind and cell]
        if behind:
            # The last, an id, is for copying: it is shown whole, and what stands before it gives way.
            *words, name = behind
            room = style.width - len(indent) - width_of(name) - 3
            shown = f"{shortened(' · '.join(words), room)} · {name}" if words and room >= NARROWEST else name
            yield indent + style.paint(shown, "2")


def _widths(columns: Sequence[Column], width: int) -> list[int] | None:
    """How wide each column is; None where they do not fit even as narrow as they can be."""
    free = width - len(GAP) * (len(columns) - 1) - sum(column.room for column in columns if not column.gives)
    giving = [column for column in columns if column.gives]
    wanted = sum(column.room for column in giving)
    if free < NARROWEST * len(giving):
        return None
    share = min(1.0, free / wanted) if wanted else 1.0
    if share < LEAST_SHARE and any(column.behind for column in columns):
        return None  # everything in one line, and nothing of it readable
    widths = [max(NARROWEST, int(column.room * share)) if column.gives else column.room for column in columns]
    while (over := sum(widths) - free - sum(column.room for column in columns if not column.gives)) > 0:
        widest = max((place for place, column in enumerate(columns) if column.gives), key=lambda place: widths[place])
        widths[widest] -= min(over, max(1, widths[widest] - NARROWEST))
    return widths


def _line(columns: Sequence[Column], widths: Sequence[int], cells: Sequence[str]) -> str:
    parts = []
    for column, width, cell in zip(columns, widths, cells, strict=True):
        shown = shortened(_flat(cell), width)
        blanks = " " * (width - width_of(shown))
        parts.append(blanks + shown if column.right else shown + blanks)
    return GAP.join(parts).rstrip()


def shortened(words: str, room: int) -> str:
    """As much of some words as fits."""
    if width_of(words) <= room:
        return words
    while words and width_of(words) > room - 1:
        words = words[:-1]
    return words.rstrip() + "…"


def width_of(words: str) -> int:
    """How many columns of a terminal some words take: East Asian letters take two, accents of their own none."""
    if words.isascii():
        return len(words)
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in words
    )


def _flat(words: str) -> str:
    """On one line, and nothing in it that a terminal would obey."""
    return "".join(each for each in " ".join(words.split()) if each.isprintable())
