"""Notes of outlets about their own changes: found, told apart, with what was wrong and what is right."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.records import Span, Story
from dateline.store import Run, Store
from dateline.store.notes import find_notes
from dateline.tables import read_rows

ROWS = list(read_rows("dateline.store", "correction-notes.tsv", columns=3))
STORY = Story(id="story:1", document_id="document:1", outlet_id=None, headline=Span(0, 5), dateline=None)

CASES = [
    # note, kind, what was wrong, what is right
    ("An earlier version of this story incorrectly said that three people were killed.",
     "correction", "three people were killed", None),
    ("Correction: An earlier version of this article said the talks began on Monday. They began on Tuesday.",
     "correction", "the talks began on Monday", None),
    ("This story has been corrected to show that five people died, not three.",
     "correction", None, "five people died, not three"),
    ("CORRECTION: The minister’s name is Ada Lind, not Ida Lind.", "correction", "Ida Lind", "Ada Lind"),
    ("(Corrects the number of dead in paragraph 3; it should have read five)", "correction", None, "five)"),
    ("Clarification: the toll was given by the harbour police.", "clarification", None, None),
    ("This story was updated on Monday with a comment.", "update", None, None),
    ("This article has been retracted.", "retraction", None, None),
]  # fmt: skip
NONE = [
    "Corrections officers found three men in the yard: all were armed.",
    "The army updated its toll on Monday.",
    "He said an earlier version of the bill was better.",
    "The minister corrected himself: five people had died.",
]


@pytest.mark.parametrize(("note", "kind", "wrong", "right"), CASES)
def test_a_note_says_what_was_wrong(note: str, kind: str, wrong: str | None, right: str | None) -> None:
    text = f"Title\n\nGunmen came to the market.\n\n{note}\n"
    (found,) = find_notes(text, [STORY])

    def words(span: Span | None) -> str | None:
        return text[span.start : span.end] if span else None

    assert (words(found.span), found.kind) == (note, kind)
    assert (words(found.wrong), words(found.right)) == (wrong, right)


@pytest.mark.parametrize("line", NONE)
def test_what_is_no_note(line: str) -> None:
    assert list(find_notes(f"Title\n\n{line}\n", [STORY])) == []


@pytest.mark.parametrize(("kind", "pattern", "example"), ROWS)
def test_every_row_finds_its_example(kind: str, pattern: str, example: str) -> None:
    assert re.search(pattern, example.lower())


def test_the_table_is_sorted() -> None:
    assert sorted(ROWS) == ROWS


@given(st.text(max_size=200), st.sampled_from(CASES))
def test_spans_lie_in_the_text(around: str, case: tuple[str, ...]) -> None:
    text = f"{around}\n{case[0]}\n{around}"
    for note in find_notes(text, [STORY]):
        for span in (note.wrong, note.right):
            assert span is None or note.span.start <= span.start < span.end <= note.span.end <= len(text)


def test_a_note_is_of_the_story_before_it(store: Store, make_story: Callable[..., Any], run: Run) -> None:
    note = "An earlier version of this story wrongly said that three people died."
    plain = make_story()
    made = make_story(plain.document.text + f"\n{note}\n", location="https://kestrel.example/attack")
    for each in (plain, made):
        store.keep(each.document, [each.records], run=run)
    assert list(store.notes(plain.records.story.id)) == []
    (found,) = store.notes(made.records.story.id)
    assert found.kind == "correction"
    assert found.wrong is not None
    assert made.document.text[found.wrong.start : found.wrong.end] == "three people died"


def test_a_new_note_makes_a_version_though_the_story_is_the_same(
    store: Store, make_story: Callable[..., Any], run: Run
) -> None:
    old = make_story()
    store.keep(old.document, [old.records], run=run)
    text = old.document.text + "\nCorrection: the market is not the one of last year.\n"
    new = make_story(text)
    outside = tuple(span for span in new.records.story.body if not text[span.start :].startswith("Correction"))
    records = dataclasses.replace(new.records, story=dataclasses.replace(new.records.story, body=outside))
    assert store.keep(new.document, [records], run=run).outcome == "version"
    assert {each.change for each in store.changes()} == {"kept"}
