"""What people see: acts as words, quotations with their place, the claim that a denial answers, nothing dangerous."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import get_args, get_type_hints

import pytest

from dateline.faces import screen
from dateline.faces.screen import Style
from dateline.pipeline import StoryReading
from dateline.records import Claim, Problem

TEXT = """Union accuses police of shooting
The Dockers’ Union accused the police of shooting at relatives.
The police chief denied that his officers had fired.
“They had rifles,” the union said.
"""
ACCUSATION = {
    "source": "The Dockers’ Union",
    "cue": "accused",
    "content": "the police of shooting at relatives",
    "act": "accuse",
}
DENIAL = {
    "source": "The police chief",
    "cue": "denied",
    "content": "that his officers had fired",
    "act": "deny",
    "polarity": "rejects",
    "answers": 0,
}
PLAIN = Style(width=80)
COLOURED = Style(width=80, colour=True)


@pytest.fixture
def reading(make_reading: Callable[..., StoryReading]) -> StoryReading:
    return make_reading(TEXT, ACCUSATION, DENIAL)


def test_the_headline_comes_first(reading: StoryReading) -> None:
    assert screen.story_page(reading, style=PLAIN).startswith("Union accuses police of shooting\n")


def test_each_act_is_shown_by_its_word_and_its_place(reading: StoryReading) -> None:
    page = screen.story_page(reading, style=PLAIN)
    start = TEXT.index("that his officers")
    assert re.search(r"deny +that his officers had fired", page)
    assert f"line 3 [{start}-{start + len('that his officers had fired')}]" in page


def test_a_denial_shows_what_it_answers(reading: StoryReading) -> None:
    page = " ".join(screen.story_page(reading, style=PLAIN).split())
    assert "answers The Dockers’ Union (accuse, line 2): the police of shooting at relatives" in page


def test_claims_stand_under_their_speaker_in_the_order_of_the_text(make_reading: Callable[..., StoryReading]) -> None:
    later = {"source": "the union", "cue": "said", "content": "“They had rifles,”", "quotation": "direct"}
    page = screen.story_page(make_reading(TEXT, ACCUSATION, later), style=PLAIN)
    assert page.index("The Dockers’ Union") < page.index("the union\n") < page.index("“They had rifles,”")


def test_there_is_no_colour_without_a_terminal(reading: StoryReading) -> None:
    assert "\x1b" not in screen.story_page(reading, style=PLAIN)


def test_colour_changes_no_word(reading: StoryReading) -> None:
    coloured = screen.story_page(reading, style=COLOURED)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == screen.story_page(reading, style=PLAIN)


def test_every_act_has_a_colour() -> None:
    acts = get_args(get_type_hints(Claim)["act"])
    assert set(screen.ACT_COLOURS) == set(acts)


def test_a_story_cannot_command_the_terminal(make_reading: Callable[..., StoryReading]) -> None:
    text = "Mayor says \x1b[2Jhello\x07\nThe mayor said \x1b]0;owned\x07 so.\n"
    page = screen.story_page(make_reading(text, {"content": "\x1b]0;owned\x07 so"}), style=PLAIN)
    assert "\x1b" not in page
    assert "\x07" not in page


def test_a_source_that_nobody_names_is_said_to_be_so(make_reading: Callable[..., StoryReading]) -> None:
    assert "(nobody is named)" in screen.story_page(make_reading(TEXT, {"content": "rifles"}), style=PLAIN)


def test_no_line_is_wider_than_asked(reading: StoryReading) -> None:
    for width in (40, 60, 100):
        page = screen.story_page(reading, style=Style(width=width))
        assert max(map(len, page.splitlines())) <= width


def test_a_problem_says_where_what_and_what_to_do() -> None:
    problem = Problem(location="a.txt:12", message="no date was found", remedy="Give published_at.")
    page = screen.problems_page([problem], style=PLAIN)
    assert "Problems (1)" in page
    assert "a.txt:12: no date was found. Give published_at." in page


def test_no_problems_no_page() -> None:
    assert screen.problems_page([], style=PLAIN) == ""
