"""Whatever the text: no fault, every span inside it, every reference to a record that is there, the same ids twice.

`make robustness` runs this with 20,000 texts; the ordinary tests with a few.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dateline.faces import jsonlines, screen, table
from dateline.pipeline import Resources, StoryReading, load_resources, read_text
from dateline.records import Problem, Span, StoryRecords

# Pieces of which odd stories are made: whole sentences, quotation marks that do not close, layout, furniture, noise.
PIECES = [
    "The minister said on Monday that the bridge would be closed.",
    "“We were not warned,” Ada Lind told reporters, “by anybody.”",
    "Police denied the accusation.",
    "He said: “This is the first paragraph.",
    "“It goes on here without an end.",
    "‘Not a threat,’ party responds",
    "Both deny the allegations",
    "PORT ELIN: Hundreds marched",
    "(AFP/File)",
    "KARST, March 12 (BNA) - ",
    "Short Url",
    "Updated 28 November 2025",
    "Follow",
    "  • Bullet that says ‘no’",
    "Read more: something else",
    "’ '' \" “ ” « »",
    "[sic] [the army’s] (its) {x}",
    "said said said",
    "“”",
    "…",
    "Mr. Lind, the U.S. envoy of St. Brigid’s, said no. 7 a.m.",
    "🚢🚢 said “🚢”",
    "e\u0301 \u202e\u200b\ufeff\u00a0\u2028",
    "\x00\x07\x1b[2J",
    "=1+1",
    "A" * 300,
    "word " * 200,
]
BREAKS = ["\n\n", "\n", " ", "", "\r\n", "\r", "\n\n\n\n", "\t", "\x0b", "\x85"]

texts = st.one_of(
    st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(BREAKS)), max_size=25).map(
        lambda pairs: "".join(piece + gap for piece, gap in pairs)
    ),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=40)), max_size=12).map("\n\n".join),
    st.text(max_size=400),
)


@functools.cache
def _resources() -> Resources:
    """Not a fixture: hypothesis writes out every argument of a failing test, and these are megabytes."""
    return load_resources()


@given(text=texts)
def test_any_text_goes_through_the_whole_journey(text: str) -> None:
    resources = _resources()
    outcomes = list(read_text(text, resources))
    assert outcomes, "neither a story nor a problem"
    for outcome in outcomes:
        if isinstance(outcome, Problem):
            _check_no_fault(outcome)
        else:
            _check(outcome, text)
    assert list(read_text(text, resources)) == outcomes


def _check(reading: StoryReading, text: str) -> None:
    assert reading.document.text == text
    for problem in reading.problems:
        _check_no_fault(problem)
    for span in _spans(reading):
        assert 0 <= span.start < span.end <= len(text)
    _check_references(reading)
    _check_faces(reading)


def _check_no_fault(problem: Problem) -> None:
    """The journey turns an exception into a Problem, so that users' runs go on; here it must still be seen."""
    assert problem.message
    assert "fault of the program" not in (problem.remedy or ""), problem.message


def _check_references(reading: StoryReading) -> None:
    mentions = {mention.id for mention in reading.mentions}
    actors = {actor.id for actor in reading.actors}
    claims = {claim.id for claim in reading.claims}
    assert len(claims) == len(reading.claims), "two claims of one id"
    assert len(mentions) == len(reading.mentions), "two mentions of one id"
    for claim in reading.claims:
        assert claim.content or claim.cue
        assert {claim.within, claim.answers} - {None} <= claims
        assert claim.id not in (claim.within, claim.answers)
        for ref in (*claim.source_actors, *claim.about, *claim.addressees):
            assert ref.mention_id in mentions
            assert ref.actor_id in actors


def _check_faces(reading: StoryReading) -> None:
    assert "\x1b" not in screen.story_page(reading, style=screen.Style())
    assert table.rows(reading).count("\n") >= len(reading.claims)
    (back,) = jsonlines.from_lines([jsonlines.to_line(reading)], location="saved")
    assert not isinstance(back, Problem)
    assert back.records == StoryRecords(
        **{field.name: getattr(reading, field.name) for field in dataclasses.fields(StoryRecords)}
    )


def _spans(value: Any) -> Iterator[Span]:
    if isinstance(value, Span):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _spans(each)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _spans(getattr(value, field.name))
