"""Every line of the stories in `cases/reading/stories.txt` gets the role that stands before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from dateline.reading import Lexicons, find_stories, receive_text
from dateline.reading.received import Container

CASES = Path(__file__).parents[1] / "cases" / "reading" / "stories.txt"


@dataclass(frozen=True)
class Case:
    name: str
    container: Container
    text: str
    expected: tuple[tuple[str, str, int], ...]  # line, roles joined by "+", story


def read_cases() -> Iterator[Case]:
    for block in CASES.read_text("utf-8").split("\n=== ")[1:]:
        first, *lines = block.rstrip("\n").split("\n")
        name, _, container = first.partition(", ") if first.endswith((", record", ", page")) else (first, "", "")
        text: list[str] = []
        expected: list[tuple[str, str, int]] = []
        for line in lines:
            if line.lstrip().startswith("+ "):
                words = line.lstrip()[2:]
                text.append(words)
                expected[-1] = (f"{expected[-1][0]}\n{words}", *expected[-1][1:])
                continue
            roles, _, words = line.partition("|")
            words = words.removeprefix(" ")
            text.append(words)
            if roles.strip():
                role, _, story = roles.strip().partition(" ")
                expected.append((words.strip(), role, int(story or 1)))
        yield Case(name, container or "text", "\n".join(text), tuple(expected))  # type: ignore[arg-type]


@pytest.mark.parametrize("case", tuple(read_cases()), ids=lambda case: case.name.replace(" ", "_"))
def test_each_line_gets_its_role(case: Case, lexicons: Lexicons) -> None:
    received = replace(receive_text(case.text), container=case.container)
    reading = find_stories(received, lexicons=lexicons)
    found = []
    start = 0
    for line, _, _ in case.expected:
        start = case.text.index(line, start)
        end = start + len(line)
        inside = [section for section in reading.sections if start <= section.span.start and section.span.end <= end]
        roles = "+".join(section.role for section in inside)
        story = inside[0].story if inside else None
        found.append((line, roles, 0 if story is None else story + 1))
        start = end
    assert found == list(case.expected)


def test_first_body_paragraph_begins_after_the_dateline(lexicons: Lexicons) -> None:
    text = "Velia rejects charge\n\nARVESTA: The government of Velia on Friday rejected the charge of its neighbor.\n"
    story = find_stories(receive_text(text), lexicons=lexicons).stories[0]
    assert story.dateline is not None
    assert text[story.dateline.start : story.dateline.end] == "ARVESTA:"
    assert text[story.body[0].start : story.body[0].end].startswith("The government")


def test_summary_begins_after_its_bullet(lexicons: Lexicons) -> None:
    text = (
        "Velia rejects the charge\n\n • It says no water was taken\n\n"
        "The government of Velia on Friday rejected the charge of its neighbor that it takes water.\n"
    )
    story = find_stories(receive_text(text), lexicons=lexicons).stories[0]
    assert [text[span.start : span.end] for span in story.summary] == ["It says no water was taken"]
