"""A store read again: the reading before stays, corrections go on to hold, doing it twice does nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dateline.pipeline.keeping import add
from dateline.pipeline.rereading import reread
from dateline.records import Event, Span
from dateline.store import Run, Store, open_store

STORY = """Dockers’ Union accuses police of shooting at relatives

PORT ELIN: The Dockers’ Union accused the harbour police of shooting at relatives who were trying to get past a cordon.
Police chief Andor Kell denied that his officers had fired at anyone. Gunmen killed three guards at the north gate.
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """One story, kept as if an older version of Dateline had read it and seen one event fewer."""
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    with open_store(tmp_path / "now.db", create=True) as now:
        list(add([str(path)], now))
        (stored,) = now.stories()
    assert len(stored.records.events) > 1
    older = open_store(tmp_path / "older.db", create=True)
    seen = replace(stored.records, events=stored.records.events[:-1])
    older.keep(stored.document, [seen], run=Run(model="older", version="0", configuration={}))
    return older


def test_reading_again_makes_a_version_and_keeps_the_one_before(store: Store) -> None:
    (before,) = store.stories()
    (told,) = reread(store)
    assert told.outcome == "renewed"
    (now,) = store.stories()
    assert now.records.story.id == told.story_id != before.records.story.id
    assert now.records.story.supersedes == before.records.story.id
    assert store.records_of(before.records.story.id) == before.records
    assert len(now.records.events) == len(before.records.events) + 1
    changes = list(store.changes(story_id=told.story_id))
    assert [each.change for each in changes if each.kind == "event"].count("new") == 1
    assert all(each.change in ("kept", "new") for each in changes)
    assert store.count() == len(now.records.events)
    assert list(store.check()) == []


def test_reading_again_twice_does_nothing(store: Store) -> None:
    list(reread(store))
    counts = store.counts()
    assert [each.outcome for each in reread(store)] == ["same"]
    assert store.counts() == counts


def test_corrections_go_on_to_hold(store: Store) -> None:
    (before,) = store.stories()
    first, *_ = before.records.events
    store.change(first.id, "type", "SANCTION", editor="ann", reason="it was a verdict")
    undone = store.reject(first.id, editor="ann")
    store.undo(undone.number, editor="bob")
    (told,) = reread(store)
    assert (told.carried, told.lost) == (1, ())
    (found,) = (each for each in store.events() if each.record.type == "SANCTION")
    assert found.record.story_id == told.story_id
    assert found.record.trigger == first.trigger
    (said,) = store.corrections(found.record.id)
    assert (said.editor, said.reason) == ("ann", "it was a verdict")


def test_a_correction_of_what_is_found_no_more_is_told(store: Store) -> None:
    (before,) = store.stories()
    text = before.document.text
    start = text.index("PORT ELIN")
    odd = Event(id="event:odd", story_id=before.records.story.id, trigger=Span(start, start + 4), type="PROTEST")
    with open_store(Path(store.where).with_name("odd.db"), create=True) as other:
        records = replace(before.records, events=(odd,))
        other.keep(before.document, [records], run=Run(model="odd", version="0", configuration={}))
        other.accept(odd.id, editor="ann")
        (told,) = reread(other)
        assert told.lost == (odd.id,)
        assert other.corrections(odd.id)
