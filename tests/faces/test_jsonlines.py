"""A story survives being written as a line and read back; a line that is no story is named, not fatal."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from dateline import records
from dateline.faces import jsonlines
from dateline.pipeline import StoryReading
from dateline.pipeline.verification import SavedStory
from dateline.records import Document, Evidence, Problem, Span, StoryRecords

TEXT = "Mayor denies toll\nThe mayor denied it. “No toll,” she said, “is planned.”\n"

spans = st.builds(Span, start=st.integers(0, 10**6), end=st.integers(0, 10**6))
st.register_type_strategy(Span, spans)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(dt.datetime, st.datetimes(timezones=st.just(dt.UTC), min_value=dt.datetime(1900, 1, 1)))
# No lone surrogates: they cannot stand in UTF-8, and reading replaces them before anything else sees them.
st.register_type_strategy(str, st.text(st.characters(exclude_categories=["Cs"]), max_size=8))
pieces = st.lists(spans, max_size=2).map(tuple)
claims = st.builds(records.Claim, source=pieces, cue=pieces, content=pieces, evidence=st.just(()))
all_records = st.builds(
    StoryRecords,
    story=st.builds(
        records.Story,
        body=pieces,
        summary=pieces,
        evidence=st.lists(st.builds(Evidence, spans=pieces), max_size=2).map(tuple),
    ),
    mentions=st.lists(st.builds(records.Mention), max_size=2).map(tuple),
    actors=st.lists(st.builds(records.Actor), max_size=2).map(tuple),
    actor_refs=st.lists(st.builds(records.ActorRef), max_size=2).map(tuple),
    places=st.lists(st.builds(records.Place), max_size=1).map(tuple),
    place_refs=st.lists(st.builds(records.PlaceRef), max_size=1).map(tuple),
    times=st.lists(st.builds(records.TimeRef), max_size=1).map(tuple),
    claims=st.lists(claims, max_size=2).map(tuple),
    events=st.just(()),
    problems=st.lists(st.builds(Problem), max_size=2).map(tuple),
)


@given(made=all_records)
def test_any_records_come_back_equal(made: StoryRecords) -> None:
    line = jsonlines.to_line(_with_document(made))
    assert "\n" not in line
    (back,) = jsonlines.from_lines([line], location="saved.jsonl")
    assert isinstance(back, SavedStory), back
    assert back.records == made


@given(made=all_records)
def test_the_writer_agrees_with_pydantic(made: StoryRecords) -> None:
    theirs = json.loads(TypeAdapter(StoryRecords).dump_json(made).replace(b'Z"', b'+00:00"'))
    ours = json.loads(jsonlines.to_line(_with_document(made)))
    assert {key: ours[key] for key in theirs} == theirs or _only_times_differ(ours, theirs)


def test_a_line_names_its_document(make_reading: Callable[..., StoryReading]) -> None:
    line = json.loads(jsonlines.to_line(make_reading(TEXT, location="news.jsonl#7")))
    assert set(line["document"]) == {"id", "location", "media_type"}
    assert line["document"]["location"] == "news.jsonl#7"
    assert line["story"]["headline"] == {"start": 0, "end": 17}


def test_words_are_added_on_request(make_reading: Callable[..., StoryReading]) -> None:
    reading = make_reading(TEXT, {"source": "she", "cue": "said", "content": ["“No toll,”", "“is planned.”"]})
    (claim,) = json.loads(jsonlines.to_line(reading, words=True))["claims"]
    assert claim["words"] == {"source": ["she"], "cue": ["said"], "content": ["“No toll,”", "“is planned.”"]}
    (claim,) = json.loads(jsonlines.to_line(reading))["claims"]
    assert "words" not in claim


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "JSONDecodeError"),
        ("[]", "StoryRecords"),
        ('{"story": {}}', "story.id"),
        ("17", "StoryRecords"),
        ("[" * 100_000, "RecursionError"),
    ],
)
def test_a_line_that_is_no_story_is_a_problem(line: str, said: str) -> None:
    (problem,) = jsonlines.from_lines(["", line], location="saved.jsonl")
    assert isinstance(problem, Problem)
    assert problem.location == "saved.jsonl#2"
    assert problem.remedy
    assert said in problem.message or "line" in problem.message


def _with_document(made: StoryRecords) -> StoryReading:
    document = Document(id="document:0", text="", location="x", media_type="text/plain")
    return StoryReading(document=document, **{name: getattr(made, name) for name in StoryRecords.__dataclass_fields__})


def _only_times_differ(ours: object, theirs: object) -> bool:
    """pydantic writes UTC as "Z" and drops zero fractions; the same moment all the same."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return all(_only_times_differ(ours[key], theirs[key]) for key in theirs)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(_only_times_differ, ours, theirs))
    if ours != theirs and isinstance(ours, str) and isinstance(theirs, str):
        return dt.datetime.fromisoformat(ours) == dt.datetime.fromisoformat(theirs)
    return ours == theirs
