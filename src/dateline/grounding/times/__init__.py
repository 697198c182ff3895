"""Ties time expressions to the calendar: TIMEX3 values with the days they can mean.

    lexicons = load_time_lexicons()
    found = resolve_times(document, story, mentions, lexicons=lexicons)

See README.md in this folder for the sources followed and the scores.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from dateline.grounding.times.expressions import Reading, read_expressions
from dateline.grounding.times.lexicons import TimeLexicons, load_time_lexicons
from dateline.records import Document, Mention, Problem, Story, TimeRef, make_id

__all__ = ["FoundTimes", "TimeLexicons", "load_time_lexicons", "resolve_times"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTimes:
    """mentions: all of the story's; ours in place of the tagger's of kind time. times: in text order."""

    mentions: tuple[Mention, ...]
    times: tuple[TimeRef, ...]
    problems: tuple[Problem, ...]


def resolve_times(
    document: Document, story: Story, mentions: Sequence[Mention], *, lexicons: TimeLexicons
) -> FoundTimes:
    """Find the time expressions of headline, summary and body, and place each on the calendar."""
    anchor, anchor_name = _anchor(story)
    readings: list[Reading] = []
    for span in sorted({*((story.headline,) if story.headline else ()), *story.summary, *story.body}):
        start = max(span.start, readings[-1].span.end if readings else 0)
        readings += read_expressions(document.text, start, span.end, anchor=anchor, words=lexicons)
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
    kept = (each for each in mentions if each.kind != "time" or not any(_overlap(each, mine) for mine in ours))
    undated = anchor is None and any(reading.counted for reading in readings)
    return FoundTimes(
        mentions=tuple(sorted((*kept, *ours), key=lambda each: (each.span.start, -each.span.end))),
        times=times,
        problems=(_undated(story),) if undated else (),
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


def _overlap(one: Mention, other: Mention) -> bool:
    return one.span.start < other.span.end and other.span.start < one.span.end


def _undated(story: Story) -> Problem:
    start = story.body[0].start if story.body else 0
    return Problem(
        location=f"{story.document_id}:{start}",
        message="the story's date is not known, so times like “Thursday” could not be placed",
        remedy="Give the date of publication with the text, in a line of its own or as published_at.",
    )
