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
    with pytest.raises(UsageError, match="no claim, event or incident"):
        store.reject("event:0", editor="ann")
    with pytest.raises(UsageError, match="no correction 7"):
        store.undo(7, editor="ann")


# ---------------------------------------------------------------- incidents


@pytest.fixture
def three(store: Store, make_story: Make, make_incident: Make, run: Run) -> list[Any]:
    """Three stories, the first two in one incident."""
    mades = [make_story(location=f"https://lantern.example/{number}") for number in range(3)]
    for made in mades:
        store.keep(made.document, [made.records], run=run)
    store.keep_incidents([make_incident("incident:1", *mades[:2]), make_incident("incident:2", mades[2])])
    return mades


def events(*mades: Any) -> tuple[str, ...]:
    return tuple(made.records.events[0].id for made in mades)


def test_merged_incidents_are_one_until_that_is_undone(store: Store, three: list[Any]) -> None:
    found = list(store.incidents())
    merger = store.merge("incident:1", ["incident:2"], editor="ann", reason="the same market")
    (group,) = store.regrouped()
    assert (group.id, group.event_ids, group.incident_ids) == (
        "incident:1",
        events(*three),
        ("incident:1", "incident:2"),
    )
    assert list(store.incidents()) == found  # as they were found
    store.undo(merger.number, editor="ann")
    assert store.regrouped() == ()


def test_what_is_split_off_is_an_incident_of_its_own(store: Store, three: list[Any]) -> None:
    one, two, three_ = three
    store.split("incident:1", [events(two)[0], two.records.claims[0].id], editor="ann", reason="another market")
    rest, own = store.regrouped()
    assert (rest.id, rest.event_ids) == ("incident:1", events(one))
    assert own.event_ids == events(two)
    assert own.id not in ("incident:1", "incident:2")
    store.merge("incident:2", ["incident:1"], editor="ann")
    groups = {each.id: each for each in store.regrouped()}
    assert groups["incident:2"].event_ids == events(three_, one)
    assert groups[own.id].event_ids == events(two)


def test_mergers_and_splits_that_mean_nothing_are_refused(store: Store, three: list[Any]) -> None:
    one, two, _ = three
    everything = [*events(one, two), one.records.claims[0].id, two.records.claims[0].id]
    for wrong in (
        lambda: store.merge("incident:1", ["incident:1"], editor="ann"),
        lambda: store.merge("incident:1", [], editor="ann"),
        lambda: store.merge("incident:1", ["incident:9"], editor="ann"),
        lambda: store.merge(events(one)[0], ["incident:1"], editor="ann"),
        lambda: store.split("incident:2", events(one), editor="ann"),
        lambda: store.split("incident:1", everything, editor="ann"),
        lambda: store.change("incident:1", "type", "PROTEST", editor="ann"),
    ):
        with pytest.raises(UsageError):
            wrong()
    assert store.corrections() == []
