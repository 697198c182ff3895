"""Datelines, agency credits and the days they print."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from dateline.reading import Lexicons, find_stories, receive_text
from dateline.reading.datelines import find_dateline, find_tail_credit, printed_day

CASES = Path(__file__).parents[1] / "cases" / "reading" / "datelines.txt"
ROWS = [line.split(" | ") for line in CASES.read_text("utf-8").splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize(("paragraph", "words", "place", "agency"), ROWS)
def test_dateline_is_told_from_speech(paragraph: str, words: str, place: str, agency: str, lexicons: Lexicons) -> None:
    found = find_dateline(paragraph, 0, len(paragraph), lexicons=lexicons)
    if found is None:
        assert (words, place, agency) == ("-", "-", "-")
        return
    assert paragraph[found.span.start : found.span.end] == words
    assert (paragraph[found.place.start : found.place.end] if found.place else "-") == place
    assert (found.agency or "-") == agency


@pytest.mark.parametrize(
    ("paragraph", "agency"),
    [
        ("The army denied it. (AFP)", "afp.com"),
        ("“We did not,” he said. — Reuters", "reuters.com"),
        ("The army denied it.", None),
        ("The army denied it (again)", None),
        ("Members of the party (PTI)", None),
    ],
)
def test_agency_credited_at_the_end(paragraph: str, agency: str | None, lexicons: Lexicons) -> None:
    found = find_tail_credit(paragraph, 0, len(paragraph), lexicons=lexicons)
    assert (found[0] if found else None) == agency


def test_day_without_a_year_is_the_one_nearest_to_the_update() -> None:
    assert printed_day((None, 12, 30), dt.date(2025, 1, 2)) == dt.date(2024, 12, 30)
    assert printed_day((2019, 1, 4), None) == dt.date(2019, 1, 4)
    assert printed_day((None, 1, 4), None) is None
    assert printed_day((None, 2, 30), dt.date(2025, 1, 2)) is None


def test_credit_in_the_dateline_names_the_agency_and_its_words(lexicons: Lexicons) -> None:
    text = "Velia rejects charge\n\nARVESTA (Reuters) - The government of Velia rejected the charge on Friday.\n"
    reading = find_stories(receive_text(text), lexicons=lexicons)
    story = reading.stories[0]
    assert story.agency == "reuters.com"
    assert "reuters.com" in {outlet.id for outlet in reading.outlets}
    (evidence,) = [each for each in story.evidence if each.field == "agency"]
    assert text[evidence.spans[0].start : evidence.spans[0].end] == "Reuters"


def test_photo_credit_names_no_agency(lexicons: Lexicons) -> None:
    text = (
        "Velia rejects the charge\n\nFarmers on the river bank near Arvesta. (AFP/File)\n\n"
        "The government of Velia on Friday rejected the charge of its neighbor that it takes water.\n"
    )
    assert find_stories(receive_text(text), lexicons=lexicons).stories[0].agency is None
