"""The journey carries every problem past the stories, once, and no single story ends a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from dateline import language
from dateline.errors import InputError, UsageError
from dateline.pipeline import Config, Resources, StoryReading, read_document, read_inputs, read_story, read_text
from dateline.reading import Received
from dateline.records import Document, Problem, make_id

STORY = """Council denies plan for bridge toll

PORT ELIN: The city council of Port Elin on Monday denied that it plans a toll on the new bridge over the river.

“There is no toll, and there will be no toll,” Mayor Ada Lind told reporters at the town hall on Monday evening.

Traders accused the council of hiding the costs of the bridge from the public for two years.
"""
GERMAN = """Stadtrat bestreitet Pläne für eine Maut auf der neuen Brücke

Der Stadtrat hat am Montag bestritten, dass er eine Maut auf der neuen Brücke über den Fluss plant.

„Es gibt keine Maut, und es wird auch keine Maut geben“, sagte die Bürgermeisterin am Abend vor dem Rathaus.

Die Händler werfen dem Rat vor, die Kosten der Brücke zwei Jahre lang vor der Öffentlichkeit verborgen zu haben.
"""


def test_a_text_gives_its_story_with_claims(resources: Resources) -> None:
    (reading,) = read_text(STORY, resources)
    assert isinstance(reading, StoryReading)
    assert reading.document.text == STORY
    assert reading.story.headline
    assert reading.words(reading.story.headline) == "Council denies plan for bridge toll"
    assert "“There is no toll, and there will be no toll,”" in [
        reading.words(claim.content) for claim in reading.claims
    ]


def test_the_same_text_gives_equal_records(resources: Resources) -> None:
    assert list(read_text(STORY, resources)) == list(read_text(STORY, resources))


def test_a_story_read_alone_equals_the_story_in_the_stream(resources: Resources) -> None:
    (reading,) = read_text(STORY, resources)
    assert isinstance(reading, StoryReading)
    alone = read_story(reading.document, reading.story, resources)
    assert alone.claims == reading.claims
    assert alone.mentions == reading.mentions


def test_an_input_without_a_story_gives_a_problem_by_itself(resources: Resources) -> None:
    outcomes = list(read_text(GERMAN, resources, location="rat.txt"))
    assert outcomes
    assert all(isinstance(outcome, Problem) for outcome in outcomes)
    assert all(outcome.location.startswith("rat.txt") for outcome in outcomes if isinstance(outcome, Problem))


def test_what_is_odd_about_a_document_stands_with_its_first_story_only(resources: Resources) -> None:
    odd = Problem(location="two.txt", message="3 bytes are not UTF-8")
    text = f"{STORY}\n\n\n{STORY.replace('bridge', 'tunnel')}"
    document = Document(id=make_id("document", text), text=text, location="two.txt", media_type="text/plain")
    received = Received(document=document, problems=(odd,))
    readings = list(read_document(received, resources))
    assert all(isinstance(reading, StoryReading) for reading in readings)
    told = [odd in reading.problems for reading in readings if isinstance(reading, StoryReading)]
    assert told.count(True) == 1
    assert told[0]


def test_one_damaged_file_does_not_end_the_run(tmp_path: Path, resources: Resources) -> None:
    damaged, sound = tmp_path / "damaged.txt", tmp_path / "sound.txt"
    damaged.write_bytes(bytes(range(256)) * 20)
    sound.write_text(STORY, encoding="utf-8")
    first, second = read_inputs([str(damaged), str(sound)], resources)
    assert isinstance(first, Problem)
    assert str(damaged) in first.location
    assert first.remedy
    assert isinstance(second, StoryReading)


def test_a_missing_file_is_said_before_anything_is_read(tmp_path: Path, resources: Resources) -> None:
    (tmp_path / "sound.txt").write_text(STORY, encoding="utf-8")
    with pytest.raises(InputError, match="no such file"):
        next(read_inputs([str(tmp_path / "sound.txt"), str(tmp_path / "missing.txt")], resources))


def test_a_fault_in_one_story_is_a_problem_of_that_story(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise IndexError("planted")

    monkeypatch.setattr(language, "analyze", fail)
    (reading,) = read_text(STORY, resources)
    assert isinstance(reading, StoryReading)
    assert reading.claims == ()
    assert "IndexError" in reading.problems[-1].message


def test_a_wrong_option_names_the_right_ones() -> None:
    with pytest.raises(UsageError, match="auto, never, marker"):
        Config(split="always")  # type: ignore[arg-type]
