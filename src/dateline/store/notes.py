"""What an outlet itself says about its changes: "An earlier version of this story wrongly said that ...".

Such a note is a line of the document, within the story or around it. What was wrong and what is right are found where
the note says so in one of the usual ways; a note that says it otherwise is still a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import cast

from dateline.records import Id, Span, Story
from dateline.store.kept import CorrectionNote, NoteKind
from dateline.tables import read_rows

LONGEST = 1500  # characters of a line: a longer one is a paragraph of something else

_ERROR = r"(?:(?:incorrectly|wrongly|mistakenly|erroneously|inaccurately) )"
_SAID = r"(?:said|stated|reported|gave|identified|named|described|referred to|put|misstated|misidentified|misspelled)"
_WRONG = (
    re.compile(rf"\b{_ERROR}{_SAID}(?: that)? (?P<words>[^.;]+)"),
    re.compile(rf"\b(?:version|story|article|report)s?\b[^.;]*? {_SAID} {_ERROR}?(?:that )?(?P<words>[^.;]+)"),
)
_NOT = re.compile(r"\b(?:is|was|were|are|on|in|by) (?P<right>[^.;,]{1,80}), (?:and )?not (?P<wrong>[^.;]{1,80})")
_RIGHT = (
    re.compile(r"\bshould (?:have (?:said|read|stated|been)|say|read|be)(?: that)? (?P<words>[^.;]+)"),
    re.compile(r"\bto (?:show|say|reflect|state|clarify|make clear|correct the fact)(?: that)? (?P<words>[^.;]+)"),
    re.compile(r"\bthe correct [\w ]{2,30}? (?:is|was|are|were) (?P<words>[^.;]+)"),
    re.compile(r"(?:^|[.;] )(?:in fact|in reality),? (?P<words>[^.;]+)"),
)
_QUOTES = str.maketrans("‘’“”", "''\"\"")


def find_notes(text: str, stories: Sequence[Story]) -> Iterator[CorrectionNote]:
    """The notes in the text of a document, in order, each of the story it stands in or behind.

    stories: all of the document, in order. Without any there are no notes.
    """
    starts = [min((span.start for span in _spans(story)), default=0) for story in stories]
    for start, end in _lines(text):
        # Of the same length as the line, whatever the letters: positions in it are positions in the text.
        line = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text[start:end])
        line = line.translate(_QUOTES)
        kind = _kind_of(line)
        if kind is None or not stories:
            continue
        behind = [story for story, first in zip(stories, starts, strict=True) if first < end]
        wrong, right = _what_was_wrong(line)
        yield CorrectionNote(
            story_id=(behind or list(stories))[-1 if behind else 0].id,
            kind=kind,
            span=Span(start, end),
            wrong=_at(wrong, start),
            right=_at(right, start),
        )


def notes_of(text: str, stories: Sequence[Story], story_id: Id) -> tuple[CorrectionNote, ...]:
    return tuple(each for each in find_notes(text, stories) if each.story_id == story_id)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^\s][^\n\r\u2028]*", text):
        end = match.start() + len(match.group().rstrip())
        if end - match.start() <= LONGEST:
            yield match.start(), end


def _kind_of(line: str) -> NoteKind | None:
    """Of the patterns that fit, the kind of the first in the table."""
    return next((kind for kind, pattern in _patterns() if pattern.search(line)), None)


@cache
def _patterns() -> tuple[tuple[NoteKind, re.Pattern[str]], ...]:
    rows = read_rows("dateline.store", "correction-notes.tsv", columns=3)
    return tuple((cast(NoteKind, kind), re.compile(pattern)) for kind, pattern, _ in rows)


def _what_was_wrong(line: str) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """Where the line holds what was wrong and what is right."""
    wrong = next((match.span("words") for pattern in _WRONG if (match := pattern.search(line))), None)
    right = next((match.span("words") for pattern in _RIGHT if (match := pattern.search(line))), None)
    opposed = _NOT.search(line)
    if opposed and not (wrong or right):
        return opposed.span("wrong"), opposed.span("right")
    return wrong, right


def _at(place: tuple[int, int] | None, start: int) -> Span | None:
    return Span(start + place[0], start + place[1]) if place else None


def _spans(story: Story) -> Iterator[Span]:
    yield from (span for span in (story.headline, story.dateline, *story.summary, *story.body) if span)
