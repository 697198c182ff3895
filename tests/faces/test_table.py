"""The table can be read by any spreadsheet, and cannot do anything in one."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from dateline.faces import table
from dateline.pipeline import StoryReading

TEXT = 'Mayor denies “toll”\nThe mayor, 61, denied\nthat a "toll" is planned.\nCritics say it is.\n'


def _read(reading: StoryReading) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.header() + table.rows(reading))))


def test_a_claim_is_a_row_with_its_words(make_reading: Callable[..., StoryReading]) -> None:
    claim = {"source": "The mayor, 61", "cue": "denied", "content": 'that a "toll" is planned', "act": "deny"}
    (row,) = _read(make_reading(TEXT, claim))
    assert row["source"] == "The mayor, 61"
    assert row["act"] == "deny"
    assert row["content"] == 'that a "toll" is planned'
    assert row["headline"] == "Mayor denies “toll”"
    assert TEXT[int(row["content_start"]) : int(row["content_end"])] == row["content"]


def test_a_denial_carries_the_words_it_answers(make_reading: Callable[..., StoryReading]) -> None:
    said = {"source": "Critics", "cue": "say", "content": "it is"}
    denied = {"source": "The mayor", "cue": "denied", "content": "toll", "act": "deny", "answers": 0}
    first, second = _read(make_reading(TEXT, said, denied))
    assert second["answers"] == first["claim_id"]
    assert second["answers_content"] == "it is"


def test_line_breaks_within_words_are_closed_up(make_reading: Callable[..., StoryReading]) -> None:
    (row,) = _read(make_reading(TEXT, {"content": "denied\nthat"}))
    assert row["content"] == "denied that"


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")'])
def test_words_are_never_a_formula(words: str, make_reading: Callable[..., StoryReading]) -> None:
    (row,) = _read(make_reading(f"Headline\n{words}\n", {"content": words}))
    assert row["content"] == f"'{words}"


def test_the_header_names_every_column(make_reading: Callable[..., StoryReading]) -> None:
    (row,) = _read(make_reading(TEXT, {"content": "toll"}))
    assert tuple(row) == table.COLUMNS
    assert None not in row.values()
