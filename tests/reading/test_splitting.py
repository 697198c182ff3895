"""One pasted text, several stories; one story, never two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dateline.reading import Lexicons, Reading, Split, find_stories, receive_text

DAM = """Ministers of two river states meet in Arvesta over dam

Ministers of the two states met on Thursday in Arvesta for the first time since the dam was closed.

Oren accuses its neighbor Velia of taking a third of the water. Velia denies the charge.

The ministers will meet again on Monday, a spokesman said.
"""
QUAKE = """Earthquake in northern Tarmin kills nine, governor says

An earthquake shook the north of Tarmin on Friday and killed nine people, Governor Ida Moss said.

Rescuers were still looking for survivors in the town of Kell, according to her spokeswoman.

Nobody had warned them, villagers told reporters.
"""


def read(text: str, lexicons: Lexicons, *, split: Split = "auto", container: str = "text") -> Reading:
    return find_stories(replace(receive_text(text), container=container), lexicons=lexicons, split=split)  # type: ignore[arg-type]


def headlines(reading: Reading) -> list[str]:
    text = reading.document.text
    return [text[s.headline.start : s.headline.end] if s.headline else "" for s in reading.stories]


@pytest.mark.parametrize(
    "between", ["\n\n", "\n\n---\n\n", "\n\n\n\n"], ids=["two blank lines", "rule", "four blank lines"]
)
def test_two_pasted_stories_are_told_apart(between: str, lexicons: Lexicons) -> None:
    reading = read(DAM + between + QUAKE, lexicons)
    assert headlines(reading) == [DAM.split("\n")[0], QUAKE.split("\n")[0]]


def test_byline_and_date_tell_stories_apart(lexicons: Lexicons) -> None:
    dated = QUAKE.replace("says\n", "says\n\nBy Ada Lane\n4 May 2024\n", 1)
    assert len(read(f"{DAM}\n{dated}", lexicons).stories) == 2


def test_split_never_reads_one_story(lexicons: Lexicons) -> None:
    assert len(read(f"{DAM}\n\n---\n\n{QUAKE}", lexicons, split="never").stories) == 1


@pytest.mark.parametrize("marker", ["---", "***", "=====", "- - -", "____"])
def test_split_at_markers_alone(marker: str, lexicons: Lexicons) -> None:
    text = f"{DAM}\n\n\n{QUAKE}\n{marker}\n{DAM}"
    assert len(read(text, lexicons, split="marker").stories) == 2


def test_json_line_is_one_story_unless_the_text_says_otherwise_clearly(lexicons: Lexicons) -> None:
    assert len(read(f"{DAM}\n{QUAKE}", lexicons, container="record").stories) == 1
    clear = [f"{story.split(chr(10))[0]}\n\nUpdated 3 May 2024\nFollow\n\n{story}" for story in (DAM, QUAKE)]
    assert len(read("\n\n".join(clear), lexicons, container="record").stories) == 2


def test_uncertain_boundary_is_a_problem_with_a_remedy(lexicons: Lexicons) -> None:
    text = f"{DAM}\n---\n\n" + QUAKE.split("\n", 2)[2]
    reading = read(text, lexicons)
    assert any("second story" in problem.message and problem.remedy for problem in reading.problems)


def test_repeated_headline_is_one_headline(lexicons: Lexicons) -> None:
    first = DAM.split("\n")[0]
    reading = read(f"{first}\n\nShort Url\nFollow\n\n{DAM}", lexicons)
    assert len(reading.stories) == 1
    assert [section.role for section in reading.sections if section.role == "headline"] == ["headline"]
    assert reading.stories[0].headline is not None
    assert reading.stories[0].headline.start == 0


def test_foreign_story_is_left_out_and_the_english_one_read(lexicons: Lexicons) -> None:
    french = (
        "La grève des ferries entre dans sa deuxième semaine\n\n"
        "Les dockers ont rejeté lundi une offre de la direction du port, en affirmant qu'elle ne couvrait pas "
        "le coût de la vie.\n\n"
        "La direction du port a démenti avoir rompu les négociations avec les syndicats de la région.\n"
    )
    reading = read(f"{DAM}\n\n---\n\n{french}", lexicons, split="marker")
    assert headlines(reading) == [DAM.split("\n")[0]]
    assert any("French" in problem.message for problem in reading.problems)


def test_ids_depend_on_the_words_alone(lexicons: Lexicons) -> None:
    first, second = (read(f"{DAM}\n\n{QUAKE}", lexicons) for _ in range(2))
    assert [story.id for story in first.stories] == [story.id for story in second.stories]
    assert len({story.id for story in first.stories}) == 2


def test_crosshead_over_the_last_paragraph_begins_no_story(lexicons: Lexicons) -> None:
    crosshead = "‘Not a matter of pride’\n\nVillagers near the border said it was not a matter of pride but of bread.\n"
    headline = QUAKE.split("\n")[0]
    text = f"{DAM}\n{crosshead}\nShare this story\n\n{headline}\n\nUpdated 4 May 2024\nFollow\n\n{QUAKE}"
    assert headlines(read(text, lexicons)) == [DAM.split("\n")[0], headline]
