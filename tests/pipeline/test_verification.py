"""What was saved is compared with its inputs: same text, spans inside it, records that fit together."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from dateline.faces import jsonlines
from dateline.pipeline import StoryReading
from dateline.pipeline.verification import SavedStory, Verification, verify
from dateline.reading import Received, read_documents
from dateline.records import Claim, Mention, Problem, Span, Story

TEXT = """Mayor denies plan for bridge toll

PORT ELIN: The mayor of Port Elin on Monday denied that the city plans a toll on the new bridge.

“There is no toll, and there will be no toll,” Mayor Ada Lind told reporters at the town hall.

Traders accused the council of hiding the costs of the bridge from the public for two years.
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def saved(source: Path) -> SavedStory:
    """The story as a run would save it, with one mention; no model is needed for that."""
    (received,) = read_documents([str(source)])
    assert isinstance(received, Received)
    story = Story(
        id="story:1", document_id=received.document.id, outlet_id=None, headline=Span(0, 33), dateline=Span(35, 44)
    )
    mention = Mention(id="mention:1", story_id=story.id, span=Span(45, 54), head=Span(49, 54), kind="actor")
    reading = StoryReading(document=received.document, story=story, mentions=(mention,))
    (saved,) = jsonlines.from_lines([jsonlines.to_line(reading, words=True)], location="saved.jsonl")
    assert isinstance(saved, SavedStory)
    return saved


def test_a_fresh_reading_agrees(saved: SavedStory, source: Path) -> None:
    result = verify([saved], [str(source)])
    assert result.problems == ()
    assert result.stories == 1
    assert result.spans > 1


def test_a_changed_input_is_noticed(saved: SavedStory, source: Path) -> None:
    source.write_text(TEXT.replace("Ada", "Ida"), encoding="utf-8")
    assert "is not the text that was read" in _only(verify([saved], [str(source)])).message


def test_a_missing_input_is_noticed(saved: SavedStory, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text(TEXT.replace("Ada", "Ida"), encoding="utf-8")
    assert "is not among the inputs" in _only(verify([saved], [str(other)])).message


def test_a_moved_input_is_known_by_its_name_and_text(saved: SavedStory, source: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    moved = source.rename(tmp_path / "elsewhere" / source.name)
    assert verify([saved], [str(moved)]).problems == ()


def test_a_span_outside_the_text_is_noticed(saved: SavedStory, source: Path) -> None:
    claim = _claim(saved, content=(Span(5, len(TEXT) + 1),))
    result = verify([_with_claims(saved, claim)], [str(source)])
    assert any("claims[0].content[0] is [5," in problem.message for problem in result.problems)


def test_an_answer_to_nothing_is_noticed(saved: SavedStory, source: Path) -> None:
    claim = _claim(saved, answers="claim:0")
    assert "claims[0].answers names claim:0" in _only(verify([_with_claims(saved, claim)], [str(source)])).message


def test_other_words_are_noticed(saved: SavedStory, source: Path) -> None:
    claim = _claim(saved)
    altered = dataclasses.replace(_with_claims(saved, claim), words=({"cue": ("announced",)},))
    assert "is saved as ['announced']" in _only(verify([altered], [str(source)])).message


def test_a_line_that_was_no_story_is_passed_on(source: Path) -> None:
    problem = Problem(location="saved.jsonl#1", message="this line is not a story")
    assert verify([problem], [str(source)]).problems == (problem,)


def _claim(saved: SavedStory, **changes: object) -> Claim:
    plain = Claim(
        id="claim:1",
        story_id=saved.records.story.id,
        source=(),
        cue=(Span(TEXT.index("told"), TEXT.index("told") + 4),),
        content=(Span(TEXT.index("“"), TEXT.index("”") + 1),),
        act="say",
        quotation="direct",
    )
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


def _with_claims(saved: SavedStory, *claims: Claim) -> SavedStory:
    return dataclasses.replace(saved, records=dataclasses.replace(saved.records, claims=claims), words=())


def _only(result: Verification) -> Problem:
    (problem,) = result.problems
    return problem
