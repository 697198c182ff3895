"""Every file in `inputs/` has the outcome that `expected.txt` states: stories, or a problem, never an exception."""

from __future__ import annotations

from pathlib import Path

import pytest

from dateline.reading import Lexicons, Received, find_stories, load_lexicons, read_documents
from dateline.records import Problem

INPUTS = Path(__file__).parent / "inputs"
TABLE = Path(__file__).parent / "expected.txt"
ROWS = [line.split(" | ") for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def lexicons() -> Lexicons:
    return load_lexicons()


@pytest.mark.parametrize(("name", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_hostile_input_has_a_clear_outcome(name: str, expected: str, lexicons: Lexicons) -> None:
    found = [outcome(each, lexicons) for each in read_documents([str(INPUTS / name)])]
    outcomes = expected.split(" ; ")
    assert len(found) == len(outcomes), found
    for said, wanted in zip(found, outcomes, strict=True):
        assert said.startswith(wanted)


def outcome(each: Received | Problem, lexicons: Lexicons) -> str:
    if isinstance(each, Problem):
        assert each.location
        return f"! {each.message}"
    reading = find_stories(each, lexicons=lexicons)
    problem = f" + {reading.problems[0].message}" if reading.problems else ""
    return f"{len(reading.stories)}{problem}"


def test_every_input_is_in_the_table() -> None:
    assert {path.name for path in INPUTS.iterdir()} == {row[0] for row in ROWS}
