"""A store written as lines and read back is the same store."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.errors import RecordError
from dateline.records import Problem, StoryRecords
from dateline.store import Query, Run, Store, open_store
from dateline.store.archive import build
from dateline.store.rows import plain

st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=30)
@given(records=st.from_type(StoryRecords))
def test_any_records_come_back_from_json(records: StoryRecords) -> None:
    line = json.dumps(plain(records))
    assert build(StoryRecords, json.loads(line)) == records


@pytest.fixture
def filled(store: Store, make_story: Callable[..., Any], run: Run) -> Store:
    """Two versions of a story, another story, corrections, one undone, problems of all kinds."""
    text = make_story().document.text
    first, second = make_story(), make_story(text.replace("three", "five"), killed=5)
    third = make_story(location="https://kestrel.example/attack")
    odd = Problem(location="x", message="nothing was found in it \ud800")
    for each in (first, second, third):
        address = "https://lantern.example/attack" if each is not third else None
        store.keep(each.document, [each.records], run=run, address=address, problems=[odd])
    store.keep_problem(Problem(location="missing.txt", message="no story"), run=run)
    event = third.records.events[0]
    undone = store.reject(event.id, editor="ann", reason="a report of another day")
    store.undo(undone.number, editor="bob")
    store.change(event.id, "type", "COERCE", editor="bob")
    return store


def test_a_store_comes_back_equal(filled: Store, tmp_path: Path) -> None:
    lines = [json.loads(json.dumps(line)) for line in filled.archive()]
    with open_store(tmp_path / "again.db", create=True) as again:
        assert again.restore(lines) == len(lines) - 1
        assert list(again.archive()) == lines
        assert list(again.check()) == []
        assert again.counts() == filled.counts()
        assert list(again.changes()) == list(filled.changes())
        assert [each.record for each in again.events()] == [each.record for each in filled.events()]


def test_restoring_again_changes_nothing(filled: Store, tmp_path: Path) -> None:
    lines = list(filled.archive())
    with open_store(tmp_path / "again.db", create=True) as again:
        again.restore(lines)
        assert again.restore(lines) == 0
        assert list(again.archive()) == lines


def test_an_archive_of_some_stories_can_be_kept(filled: Store, tmp_path: Path) -> None:
    lines = list(filled.archive(Query(min_killed=5)))
    assert len(lines) == 2
    with open_store(tmp_path / "some.db", create=True) as some:
        some.restore(lines)
        assert some.counts().stories == 1
        assert list(some.check()) == []


@pytest.mark.parametrize("line", [{}, {"archive": 99}, {"document": 5}, {"document": {"id": 7}}, {"incident": {}}])
def test_a_line_of_something_else_is_refused(line: dict[str, Any], tmp_path: Path) -> None:
    with (
        open_store(tmp_path / "news.db", create=True) as store,
        pytest.raises(RecordError, match="line 1 is none of an archive"),
    ):
        store.restore([line])
