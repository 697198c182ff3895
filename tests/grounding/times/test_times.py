"""Time expressions: the table of cases, the calendar, and what must be true of any text."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.grounding import FoundTimes, load_time_lexicons, resolve_times
from dateline.grounding.times import calendar
from dateline.records import Document, Mention, Span, Story

if TYPE_CHECKING:
    from dateline.pipeline import Resources

CASES = Path(__file__).parents[2] / "cases" / "grounding" / "times.txt"
LEXICONS = load_time_lexicons()


def read(
    text: str, published: dt.date | None, *, updated: dt.date | None = None, mentions: tuple[Mention, ...] = ()
) -> FoundTimes:
    document = Document(id="document:1", text=text, location="test", media_type="text/plain")
    story = Story(
        id="story:1", document_id="document:1", outlet_id=None, headline=None, dateline=None,
        body=(Span(0, len(text)),), published_at=published, updated_at=updated,
    )  # fmt: skip
    return resolve_times(document, story, mentions, lexicons=LEXICONS)


def cases() -> list[object]:
    rows = [line.split(" | ") for line in CASES.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return [
        pytest.param(row[:5], id=row[1], marks=[pytest.mark.xfail(reason=row[5], strict=True)] if len(row) > 5 else [])
        for row in rows
    ]


@pytest.mark.parametrize("row", cases())
def test_expression_means_what_the_table_says(row: list[str]) -> None:
    date, sentence, *expected = row
    text = sentence.replace("[[", "").replace("]]", "")
    found = read(text, None if date == "-" else dt.date.fromisoformat(date))
    words = [text[each.span.start : each.span.end] for each in found.mentions]
    got = [[ref.value, str(ref.earliest or "-"), str(ref.latest or "-")] for ref in found.times]
    if not expected:
        assert words == []
    else:
        assert words == [sentence.partition("[[")[2].partition("]]")[0]]
        assert got == [expected]


def test_a_day_earlier_is_counted_from_the_day_told_before() -> None:
    found = read("He spoke on Friday. A day earlier he had refused.", dt.date(2025, 12, 6))
    assert [ref.value for ref in found.times] == ["2025-12-05", "2025-12-04"]
    assert found.times[1].anchor == found.times[0].mention_id


def test_a_story_that_contradicts_itself_keeps_both_values() -> None:
    found = read("He spoke on Friday. His talk on Thursday was long.", dt.date(2025, 12, 6))
    assert [ref.value for ref in found.times] == ["2025-12-05", "2025-12-04"]


def test_the_date_of_an_update_anchors_where_no_other_is_known() -> None:
    found = read("It rained on Thursday.", None, updated=dt.date(2025, 11, 28))
    assert (found.times[0].value, found.times[0].anchor) == ("2025-11-27", "updated_at")


def test_an_undated_story_gives_a_problem_only_where_a_date_was_needed() -> None:
    assert read("It rained on Thursday.", None).problems
    assert not read("It rained on 3 May 2024.", None).problems


def test_a_mention_of_the_tagger_is_not_doubled() -> None:
    tagged = Mention(id="mention:1", story_id="story:1", span=Span(10, 21), head=Span(13, 21), kind="time")
    found = read("It rained on Thursday.", dt.date(2025, 11, 28), mentions=(tagged,))
    assert len(found.mentions) == 1
    assert found.mentions[0].id == found.times[0].mention_id


def test_a_distance_from_a_dated_event_is_counted_from_it() -> None:
    found = read("Rebels took the hill five days after the Sept. 11 attack.", dt.date(2025, 11, 28))
    assert [ref.value for ref in found.times] == ["2025-09-16", "2025-09-11"]


def test_the_following_day_is_counted_from_a_day_of_an_earlier_paragraph() -> None:
    found = read("It began on Tuesday.\nThe following day it spread.", dt.date(2025, 11, 28))
    assert [ref.value for ref in found.times] == ["2025-11-25", "2025-11-26"]


def test_a_time_of_day_takes_the_day_told_before() -> None:
    found = read("He left on Tuesday. By noon he was home.", dt.date(2025, 11, 28))
    assert [ref.value for ref in found.times] == ["2025-11-25", "2025-11-25T12:00"]


def test_a_talk_told_on_two_days_gives_a_problem_and_keeps_both() -> None:
    text = "Kell spoke to journalists on Friday.\nA rival said his press talk on Thursday was a disgrace."
    found = read(text, dt.date(2025, 12, 6))
    assert [ref.value for ref in found.times] == ["2025-12-05", "2025-12-04"]
    assert ["two days" in problem.message for problem in found.problems] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "Kell spoke to journalists on Friday. His press talk on Friday was long.",
        "Kell spoke to journalists on Friday. In his news conference on Thursday, the governor had said the same.",
        "Kell spoke to journalists on Friday. The bridge had fallen on Thursday.",
    ],
)
def test_different_talks_are_no_contradiction(text: str) -> None:
    assert not read(text, dt.date(2025, 12, 6)).problems


@pytest.mark.parametrize(
    ("name", "year", "value"),
    [
        ("chinese new year", 2020, "2020-01-25"),
        ("chinese new year", 2023, "2023-01-22"),
        ("chinese new year", 2034, "2034-02-19"),
        ("eid al-fitr", 2024, "2024-04-10"),
        ("rosh hashanah", 2023, "2023-09-16"),
        ("passover", 2024, "2024-04-23"),
        ("hanukkah", 2023, "2023-12-08"),
        ("orthodox easter", 2021, "2021-05-02"),
    ],
)
def test_holidays_of_other_calendars_fall_on_the_known_days(name: str, year: int, value: str) -> None:
    assert LEXICONS.holiday(name, year) == value


def test_every_context_word_is_lower_case_and_asked_for_once() -> None:
    for name, words in LEXICONS.grammar.contexts.items():
        assert words, name
        assert all(word == word.lower() for word in words), name


HOSTILE = ["a ", "1 ", "12:", "20", "the ", "may ", "May 3 ", "past ", "twenty-", "a year earlier ", "(", "' ", "\n"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_pattern_takes_more_than_linear_time(piece: str) -> None:
    """64 KiB of one piece: a quadratic pattern would need minutes, a linear one a fraction of a second."""
    text = piece * ((1 << 16) // len(piece))
    patterns = [pattern for _, pattern in LEXICONS.grammar.shapes]
    slowest = 0.0
    for pattern in patterns:
        started = time.process_time()
        for _ in pattern.finditer(text):
            pass
        slowest = max(slowest, time.process_time() - started)
    assert slowest < 1


@pytest.mark.parametrize(("year", "day"), [(2024, "2024-03-31"), (2025, "2025-04-20"), (2000, "2000-04-23")])
def test_easter_falls_on_the_known_sundays(year: int, day: str) -> None:
    assert str(calendar.easter(year)) == day


def test_a_verb_says_that_a_month_is_past(resources: Resources) -> None:
    from dateline.pipeline import StoryReading, read_text

    sentences = {"The dam broke in May.": "2024-05", "He is willing to testify in May.": "2025-05"}
    for sentence, value in sentences.items():
        (story,) = read_text(f"A dam and a vote\n\nPublished March 29, 2025\n\n{sentence}\n", resources)
        assert isinstance(story, StoryReading)
        assert value in [found.value for found in story.times]


def test_months_are_shifted_across_the_year() -> None:
    assert calendar.shift_month(2025, 11, 2) == (2026, 1)
    assert calendar.shift_month(2025, 1, -1) == (2024, 12)


def test_impossible_values_cover_no_days() -> None:
    assert calendar.days_of("2025-02-30") == (None, None)
    assert calendar.days_of("0000") == (None, None)


PIECES = [
    *LEXICONS.months,
    *LEXICONS.weekdays,
    *LEXICONS.units,
    *LEXICONS.numbers,
    *LEXICONS.references,
    "May",
    "March",
]
PIECES += [
    "last",
    "next",
    "ago",
    "later",
    "early",
    "on",
    "since",
    "31",
    "30",
    "2024",
    "1999",
    "quarter",
    "Monday",
    "end of",
    ",",
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=30).map(" ".join)


@given(text=TEXTS, published=st.none() | st.dates())
def test_any_text_gives_spans_inside_it_and_days_in_order(text: str, published: dt.date | None) -> None:
    found = read(text, published)
    end = 0
    for mention in found.mentions:
        assert end <= mention.span.start < mention.span.end <= len(text)
        end = mention.span.end
    for ref in found.times:
        assert ref.earliest is None or ref.latest is None or ref.earliest <= ref.latest
    assert {ref.mention_id for ref in found.times} == {mention.id for mention in found.mentions}
