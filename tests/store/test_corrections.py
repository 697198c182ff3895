"""What people say is laid over what was read: accept, reject, change, undo; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dateline.errors import UsageError
from dateline.records import Casualties, Count
from dateline.store import Run, Store, corrected, effective

Make = Callable[..., Any]


@pytest.fixture
def made(store: Store, make_story: Make, run: Run) -> Any:
    made = make_story()
    store.keep(made.document, [made.records], run=run)
    return made


def test_a_changed_field_counts_and_the_read_one_stays(store: Store, made: Any) -> None:
    (event,) = made.records.events
    store.change(event.id, "casualties", Casualties(killed=Count(best=4)), editor="ann", reason="the hospital's list")
    store.change(event.id, "modes", ["bomb"], editor="ben")
    (stored,) = store.stories()
    assert stored.records == made.records
    told = effective(event, stored.corrections)
    assert told.counts.casualties == Casualties(killed=Count(best=4))
    assert told.counts.modes == ("bomb",)
    assert told.read == event
    assert {name: each.editor for name, each in told.changed.items()} == {"casualties": "ann", "modes": "ben"}
    assert corrected(stored).events == (told.counts,)


def test_the_last_word_counts_and_undoing_brings_the_one_before_back(store: Store, made: Any) -> None:
    (event,) = made.records.events

    def type_now() -> str:
        return effective(event, store.corrections(event.id)).counts.type

    store.change(event.id, "type", "PROTEST", editor="ann")
    second = store.change(event.id, "type", "MOBILIZE", editor="ben")
    assert type_now() == "MOBILIZE"
    undone = store.undo(second.number, editor="ann", reason="no")
    assert type_now() == "PROTEST"
    store.undo(undone.number, editor="ben", reason="yes")
    assert type_now() == "MOBILIZE"
    assert [each.action for each in store.corrections()] == ["change", "change", "undo", "undo"]
    assert all(each.made_at.tzinfo for each in store.corrections())


def test_what_is_rejected_is_left_out_with_what_stands_on_its_word(store: Store, made: Any) -> None:
    denial = made.records.claims[1]
    rejected = store.reject(denial.id, editor="ann", reason="said of another attack")
    (stored,) = store.stories()
    records = corrected(stored)
    assert records.claims == made.records.claims[:1]
    assert [each.claim_id for each in records.events[0].stances] == [made.records.claims[0].id]
    store.undo(rejected.number, editor="ann")
    (stored,) = store.stories()
    assert corrected(stored) == made.records


def test_an_acceptance_is_a_verdict(store: Store, made: Any) -> None:
    (event,) = made.records.events
    assert effective(event, store.corrections(event.id)).verdict is None
    store.accept(event.id, editor="ann")
    assert effective(event, store.corrections(event.id)).verdict == "accept"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("id", "event:0", "cannot be changed"),
        ("trigger", [0, 1], "cannot be changed"),
        ("colour", "red", "cannot be changed"),
        ("status", "soon", "is no value"),
        ("casualties", "three", "is no value"),
    ],
)
def test_what_cannot_be_is_refused(store: Store, made: Any, field: str, value: Any, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        store.change(made.records.events[0].id, field, value, editor="ann")
    assert store.corrections() == []


def test_only_what_is_there_can_be_corrected(store: Store, made: Any) -> None:
    with pytest.raises(UsageError, match="no claim or event"):
        store.reject("event:0", editor="ann")
    with pytest.raises(UsageError, match="no correction 7"):
        store.undo(7, editor="ann")
