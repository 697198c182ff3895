"""When a happening was: the time expression that dates it, or what the story's own date says where there is none."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from dateline.records import Story, TimeRef

_LENGTH = re.compile(r"P[T\dX]")  # TIMEX3 durations: "PT2H", "P6M", "PXW"


def date_of(story: Story, status: str, words: TimeRef | None) -> TimeRef | None:
    """The time of a happening: that of the words that date it, with the bound of the story's day where they leave
    all open, and where what has happened "since 2015" would end in the future."""
    bounds = bounds_of_story(story, status)
    if words is None:
        return bounds
    if bounds is None or words.latest is not None or (words.earliest is not None and status != "happened"):
        return words
    return replace(words, earliest=words.earliest or bounds.earliest, latest=bounds.latest)


def can_date(story: Story, status: str, time: TimeRef) -> bool:
    """Whether a time can date a happening: what happened is not after the story's day, what is planned not before.

    How long something took, "a two-hour meeting", says nothing of when.
    """
    if _LENGTH.match(time.value):
        return False
    day = _day(story)
    if day is None:
        return True
    if status in ("happened", "ongoing"):
        return time.earliest is None or time.earliest <= day
    return time.latest is None or time.latest >= day or status != "planned"


def bounds_of_story(story: Story, status: str) -> TimeRef | None:
    """What the day of the story says of a happening that no words date: it was before it, or will be after.

    None where the story has no date, or nothing can be said.
    """
    day = _day(story)
    if day is None:
        return None
    if status in ("happened", "ongoing"):
        return TimeRef(mention_id=None, value="PAST_REF", earliest=None, latest=day, anchor="published_at")
    return TimeRef(mention_id=None, value="FUTURE_REF", earliest=day, latest=None, anchor="published_at")


def _day(story: Story) -> dt.date | None:
    moment = story.published_at
    return moment.date() if isinstance(moment, dt.datetime) else moment
