"""Finds quotations in a paragraph: curly, straight, single, low and TeX-style marks, nested, and with marks missing.

Pairing is done paragraph by paragraph, so that one lost mark spoils one paragraph and never the story. An opening
mark that nothing closes runs to the end of its paragraph (newspapers leave it open when the next paragraph goes on
quoting); a closing mark that nothing opened is reported and otherwise ignored; apostrophes are not marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from dateline.records import Span

QuotationForm = Literal["direct", "indirect", "mixed"]


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quoted stretch.

    span: with its marks. inner: without them. level: 0 for an outermost quotation, 1 for one inside it, and so on.
    closed: False when no closing mark was found; the quotation then runs to the end of its paragraph.
    family: "double" (“ ” " « » „ ``) or "single" (‘ ’ ' `).
    """

    span: Span
    inner: Span
    level: int
    closed: bool
    family: Literal["double", "single"]


@dataclass(frozen=True, slots=True)
class Pairing:
    """The quotations of one paragraph, outermost and earliest first, and the marks that found no partner."""

    quotations: tuple[Quotation, ...]
    strays: tuple[Span, ...]


def pair_marks(text: str, paragraph: Span) -> Pairing:
    """Pair the quotation marks of one paragraph.

    Example: '“He called it ‘a day’s work’,” she said.' gives one outer and one inner quotation; the apostrophe in
    "day’s" is no mark.
    """
    open_marks: list[_Mark] = []
    quotations: list[Quotation] = []
    strays: list[Span] = []
    for mark in _marks(text, paragraph):
        role = _role(text, paragraph, mark, open_marks)
        if role == "apostrophe":
            continue
        if role == "open":
            open_marks.append(mark)
            continue
        opener = _partner(open_marks, mark)
        if opener is None:
            strays.append(Span(mark.start, mark.end))
            continue
        # Marks opened inside and never closed are strays: the outer pair is surer than they are.
        while open_marks[-1] is not opener:
            lost = open_marks.pop()
            strays.append(Span(lost.start, lost.end))
        open_marks.pop()
        if mark.start > opener.end:
            quotations.append(_quotation(opener, Span(opener.end, mark.start), mark.end, len(open_marks), closed=True))
    for level, opener in enumerate(open_marks):
        end = _trimmed_end(text, opener.end, paragraph.end)
        # A single mark that nothing closes is more often an apostrophe of an odd kind than a quotation.
        if opener.family == "double" and end > opener.end:
            quotations.append(_quotation(opener, Span(opener.end, end), end, level, closed=False))
        strays.append(Span(opener.start, opener.end))
    quotations.sort(key=lambda quotation: (quotation.span.start, -quotation.span.end))
    return Pairing(tuple(_with_levels(quotations)), tuple(sorted(strays)))


def quotation_form(
    text: str, content: Sequence[Span], quotations: Iterable[Quotation], *, cue: Sequence[Span] = ()
) -> QuotationForm:
    """Say how a content is quoted: all of its words inside quotation marks, some of them, or none.

    A quotation that also holds the cue is somebody else's around the whole claim, and does not count.
    """
    words = [
        Span(match.start(), match.end()) for span in content for match in _WORD.finditer(text, span.start, span.end)
    ]
    mine = [
        quotation.inner
        for quotation in quotations
        if not any(holds(quotation.span, part) for part in cue) and _shows_a_mark(quotation, content)
    ]
    inside = sum(any(holds(inner, word) for inner in mine) for word in words)
    if not inside:
        return "indirect"
    return "direct" if inside == len(words) else "mixed"


def holds(outer: Span, inner: Span) -> bool:
    """Whether one span lies inside another (or is equal to it)."""
    return outer.start <= inner.start and inner.end <= outer.end


def overlaps(one: Span, other: Span) -> bool:
    """Whether two spans share a code point."""
    return one.start < other.end and other.start < one.end


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    text: str
    family: Literal["double", "single"]


_MARK = re.compile(r"``|''|,,(?=\w)|[\"“”„«»‟〝〞＂]|['‘’‚‛`‹›]")
_WORD = re.compile(r"\w+")
_DOUBLE = frozenset(["``", "''", ",,", *'"“”„«»‟〝〞＂'])
_OPENERS = frozenset(["``", ",,", *"“„«‟〝‘‚‛`‹"])
_CLOSERS = frozenset(["''", *"”»〞’›"])
_ELISION = re.compile(
    r"['‘’](?:\d\ds?\b|em\b|til\b|tis\b|twas\b|cause\b|bout\b|n['’]?\b|round\b|nuff\b)", re.IGNORECASE
)
_BEFORE_OPENING = frozenset("([{<-–—/:=>…|•*")


def _marks(text: str, paragraph: Span) -> Iterable[_Mark]:
    for match in _MARK.finditer(text, paragraph.start, paragraph.end):
        found = match.group()
        yield _Mark(match.start(), match.end(), found, "double" if found in _DOUBLE else "single")


def _role(
    text: str, paragraph: Span, mark: _Mark, open_marks: Sequence[_Mark]
) -> Literal["open", "close", "apostrophe"]:
    before = text[mark.start - 1] if mark.start > paragraph.start else " "
    after = text[mark.end] if mark.end < paragraph.end else " "
    is_open = any(opener.family == mark.family for opener in open_marks)
    if mark.family == "single" and _is_apostrophe(text, mark, before, after, is_open=is_open):
        return "apostrophe"
    if mark.text in ('"', "'", "＂"):
        return _straight_role(mark, before, after, open_marks, is_open=is_open)
    if mark.text == "''" and not is_open:
        return "open"
    if mark.text in "”’»“" and mark.text not in _OPENERS and not is_open and _looks_opening(before, after):
        return "open"  # a closing mark typed where an opening one belongs: ”Stop,” he said.
    if mark.text == "“" and is_open and (not _looks_opening(before, after) or _low_opened(open_marks)):
        return "close"  # German „ “, or an opening mark typed where a closing one belongs
    return "open" if mark.text in _OPENERS else "close"


def _is_apostrophe(text: str, mark: _Mark, before: str, after: str, *, is_open: bool) -> bool:
    if mark.text in "‚‛‹›":
        return mark.text == "‚" and (before.isalnum() or not after.isalnum())
    if before.isalnum() and after.isalnum():
        return True
    if _ELISION.match(text, mark.start) and not before.isalnum():
        return True
    if mark.text in "‘`":
        # "the ` key", "Qur‘an": an opening mark stands before a word.
        return before.isalnum() or after.isspace()
    if before.isalnum() and not is_open:
        return True  # the workers’ union; nothing was opened that this could close
    return before in "sS" and is_open and after == " " and _closes_later(text, mark)


def _closes_later(text: str, mark: _Mark) -> bool:
    """If a better closing mark for an open single quotation follows: 'the workers’ “right” to strike’, she said'."""
    rest = text[mark.end : mark.end + 300].split("\n", 1)[0]
    later = re.search(r"(?<=[\w.,!?…])['’](?!\w)", rest)
    opening = re.search(r"(?<!\w)['‘`](?=\w)", rest)
    return (
        later is not None
        and (opening is None or later.start() < opening.start())
        and rest[:1] == " "
        and (rest[later.start() - 1] in ".,!?…" or rest[later.start() - 1] != "s")
    )


def _straight_role(
    mark: _Mark, before: str, after: str, open_marks: Sequence[_Mark], *, is_open: bool
) -> Literal["open", "close", "apostrophe"]:
    opening = _looks_opening(before, after)
    if mark.family == "double":
        if not is_open:
            return "open" if opening or not after.isspace() else "close"
        inner_single = open_marks[-1].family == "single"
        # A second opening-looking mark inside an open quotation: a new quotation, the old one lost its end.
        return "open" if opening and inner_single else "close"
    if is_open and not opening:
        return "close"
    return "open" if opening else "apostrophe"


def _looks_opening(before: str, after: str) -> bool:
    return (
        (before.isspace() or before in _BEFORE_OPENING or before in "\"“‘'«")
        and not after.isspace()
        and (after.isalnum() or after in "[($€£@#…'‘\"“«.-—")
    )


def _low_opened(open_marks: Sequence[_Mark]) -> bool:
    last = next((opener for opener in reversed(open_marks) if opener.family == "double"), None)
    return last is not None and last.text in ("„", ",,")


def _partner(open_marks: Sequence[_Mark], mark: _Mark) -> _Mark | None:
    return next((opener for opener in reversed(open_marks) if opener.family == mark.family), None)


def _quotation(opener: _Mark, inner: Span, end: int, level: int, *, closed: bool) -> Quotation:
    return Quotation(Span(opener.start, end), inner, level, closed, opener.family)


def _trimmed_end(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _with_levels(quotations: Sequence[Quotation]) -> Iterable[Quotation]:
    """Levels counted again after pairing: a mark that was open while another paired may have been lost since."""
    around: list[Quotation] = []
    for quotation in quotations:
        while around and around[-1].span.end <= quotation.span.start:
            around.pop()
        yield Quotation(quotation.span, quotation.inner, len(around), quotation.closed, quotation.family)
        around.append(quotation)


def _shows_a_mark(quotation: Quotation, content: Sequence[Span]) -> bool:
    """Whether one of the marks stands inside the content or at its very edge.

    A content that lies deep inside somebody's long quotation is not itself quoted by its own source.
    """
    start, end = quotation.inner.start, quotation.inner.end
    return any(span.start <= start <= span.end or span.start <= end <= span.end for span in content)
