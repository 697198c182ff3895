"""Ties time expressions to the calendar: TIMEX3 values with the days they can mean.

    lexicons = load_time_lexicons()
    found = resolve_times(document, story, mentions, lexicons=lexicons, analysis=analysis)
    claims = date_claims(claims, found.times, found.mentions, analysis, lexicons=lexicons)

See README.md in this folder for the sources followed and the scores.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from dateline.grounding.times.clauses import read_clauses
from dateline.grounding.times.contradictions import find_contradiction
from dateline.grounding.times.expressions import read_expressions
from dateline.grounding.times.lexicons import TimeLexicons, load_time_lexicons
from dateline.grounding.times.meanings import Reading
from dateline.grounding.times.saying import date_claims
from dateline.language.analysis import Analysis
from dateline.records import Document, Mention, Problem, Span, Story, TimeRef, make_id

__all__ = ["FoundTimes", "TimeLexicons", "date_claims", "load_time_lexicons", "resolve_times"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTimes:
    """mentions: all of the story's; ours in place of the tagger's of kind time. times: in text order."""

    mentions: tuple[Mention, ...]
    times: tuple[TimeRef, ...]
    problems: tuple[Problem, ...]


def resolve_times(
    document: Document,
    story: Story,
    mentions: Sequence[Mention],
    *,
    lexicons: TimeLexicons,
    analysis: Analysis | None = None,
) -> FoundTimes:
    """Find the time expressions of headline, summary and body, and place each on the calendar.

    analysis: tells the tense of clauses, and whether words like "now" or "second" are a time; without it rules decide.
    """
    anchor, anchor_name = _anchor(story)
    contexts = lexicons.grammar.contexts
    clauses = read_clauses(analysis, past_forms=lexicons.past_forms, contexts=contexts) if analysis else None
    paragraphs = sorted({*((story.headline,) if story.headline else ()), *story.summary, *story.body})
    readings = read_expressions(document.text, paragraphs, anchor=anchor, words=lexicons, clauses=clauses)
    ours = tuple(_mention(story, reading) for reading in readings)
    times = tuple(
        TimeRef(
            mention_id=mention.id,
            value=reading.value,
            earliest=reading.earliest,
            latest=reading.latest,
            anchor=_mention(story, reading, before=True).id
            if reading.before
            else anchor_name
            if reading.counted
            else None,
        )
        for mention, reading in zip(ours, readings, strict=True)
    )
    kept = (each for each in mentions if each.kind != "time" or not _meets(each.span, ours))
    undated = anchor is None and any(reading.counted for reading in readings)
    contradiction = find_contradiction(document.text, readings, lexicons)
    return FoundTimes(
        mentions=tuple(sorted((*kept, *ours), key=lambda each: (each.span.start, -each.span.end))),
        times=times,
        problems=(
            *((_undated(story),) if undated else ()),
            *((_contradiction(story, document.text, *contradiction),) if contradiction else ()),
        ),
    )


def _anchor(story: Story) -> tuple[dt.date | None, str | None]:
    """The day the story counts from, and the field it came from."""
    for name, moment in (("published_at", story.published_at), ("updated_at", story.updated_at)):
        if moment is not None:
            return (moment.date() if isinstance(moment, dt.datetime) else moment), name
    return None, None


def _mention(story: Story, reading: Reading, *, before: bool = False) -> Mention:
    span = reading.before if before and reading.before else reading.span
    return Mention(
        id=make_id("mention", story.id, "time", span.start, span.end),
        story_id=story.id,
        span=span,
        head=span,
        kind="time",
    )


def _meets(span: Span, ours: Sequence[Mention]) -> bool:
    """Whether a span overlaps one of our mentions, which stand in text order."""
    place = bisect_left(ours, span.end, key=lambda mine: mine.span.start)
    return place > 0 and ours[place - 1].span.end > span.start


def _contradiction(story: Story, text: str, one: Reading, other: Reading) -> Problem:
    words = [text[reading.span.start : reading.span.end] for reading in (one, other)]
    return Problem(
        location=f"{story.document_id}:{other.span.start}",
        message=f"the story seems to tell one talk to the press on two days: “{words[0]}” and “{words[1]}”",
        remedy="Both days are kept as they stand; see which one another account gives.",
    )


def _undated(story: Story) -> Problem:
    start = story.body[0].start if story.body else 0
    return Problem(
        location=f"{story.document_id}:{start}",
        message="the story's date is not known, so times like “Thursday” could not be placed",
        remedy="Give the date of publication with the text, in a line of its own or as published_at.",
    )
