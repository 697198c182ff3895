"""When a happening was, by the words that date it and the story's own day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from dateline.events.dating import can_date, date_of
from dateline.records import Span, Story, TimeRef

DAY = dt.date(2025, 3, 4)
STORY = Story(
    id="story:1",
    document_id="document:1",
    outlet_id=None,
    headline=None,
    dateline=None,
    body=(Span(0, 10),),
    published_at=DAY,
)
SINCE = TimeRef(mention_id="mention:1", value="2015", earliest=dt.date(2015, 1, 1), latest=None)


def test_what_happened_since_a_year_happened_up_to_the_day_of_the_story() -> None:
    assert date_of(STORY, "happened", SINCE) == replace(SINCE, latest=DAY)
    assert date_of(STORY, "ongoing", SINCE) == SINCE


@pytest.mark.parametrize(
    ("status", "earliest", "latest"), [("happened", None, DAY), ("ongoing", None, DAY), ("planned", DAY, None)]
)
def test_without_words_the_day_of_the_story_bounds_it(
    status: str, earliest: dt.date | None, latest: dt.date | None
) -> None:
    found = date_of(STORY, status, None)
    assert found is not None
    assert (found.earliest, found.latest, found.mention_id) == (earliest, latest, None)


@pytest.mark.parametrize("value", ["PT2H", "P6M", "PXW"])
def test_how_long_it_took_does_not_say_when(value: str) -> None:
    assert not can_date(STORY, "happened", TimeRef(mention_id="mention:1", value=value, earliest=None, latest=None))


def test_what_happened_is_not_after_the_story_and_what_is_planned_not_before() -> None:
    tomorrow = TimeRef(mention_id="mention:1", value="2025-03-05", earliest=dt.date(2025, 3, 5), latest=None)
    yesterday = TimeRef(mention_id="mention:1", value="2025-03-03", earliest=None, latest=dt.date(2025, 3, 3))
    assert not can_date(STORY, "happened", tomorrow)
    assert can_date(STORY, "planned", tomorrow)
    assert not can_date(STORY, "planned", yesterday)
    assert can_date(replace(STORY, published_at=None), "happened", tomorrow)
