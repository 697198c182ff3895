"""Single victims that no number word counts: the table of cases, read by the product."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from dateline.pipeline import Resources

CASES = Path(__file__).parents[1] / "cases" / "events" / "victims.txt"


def cases() -> list[object]:
    rows = [line.split("|") for line in CASES.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return [
        pytest.param(
            *(cell.strip() for cell in row[:2]),
            id=row[0].strip(),
            marks=[pytest.mark.xfail(reason=row[2].strip(), strict=True)] if len(row) > 2 else [],
        )
        for row in rows
    ]


@pytest.mark.parametrize(("sentence", "counted"), cases())
def test_victims_are_counted_as_the_table_says(sentence: str, counted: str, resources: Resources) -> None:
    from dateline.pipeline import StoryReading, read_text

    (story,) = read_text(f"Unrest in the south\n\nKABUL, March 4, 2025 (Coast News) - {sentence}\n", resources)
    assert isinstance(story, StoryReading)
    found = {f"{toll.harm} {toll.count.best}" for event in story.events for toll in event.tolls}
    assert found == ({counted} if counted else set())
