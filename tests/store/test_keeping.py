"""Keeping: all of a document or none of it, once, with its versions; the same in either kind of database."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest

from dateline.errors import RecordError, StoreError
from dateline.records import Document, Problem, Span
from dateline.store import Change, Run, Store, open_store

Make = Callable[..., Any]


def test_adding_again_changes_nothing(store: Store, make_story: Make, run: Run) -> None:
    made = make_story()
    first = store.keep(made.document, [made.records], run=run)
    before = store.counts()
    again = store.keep(made.document, [made.records], run=run)
    assert (first.outcome, first.stories, first.claims, first.events) == ("new", 1, 2, 1)
    assert (again.outcome, again.rows) == ("there", 0)
    assert store.counts() == before
    assert store.has(made.document.id)


def test_every_row_is_counted(store: Store, make_story: Make, run: Run) -> None:
    made = make_story()
    kept = store.keep(made.document, [made.records], run=run)
    records = made.records
    parts = len(records.mentions) + len(records.actors) + len(records.claims) + len(records.events)
    assert kept.rows > parts


def test_a_fault_in_the_middle_keeps_nothing(
    store: Store, make_story: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_story()

    def fail(*_: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(store._backend, "index_places", fail)  # the last thing that is written
    with pytest.raises(RuntimeError):
        store.keep(made.document, [made.records], run=run)
    monkeypatch.undo()
    assert store.counts().documents == 0
    assert list(store.check()) == []
    assert store.keep(made.document, [made.records], run=run).outcome == "new"


def test_records_that_do_not_fit_together_are_refused_whole(store: Store, make_story: Make, run: Run) -> None:
    made = make_story()
    lost = dataclasses.replace(made.records, actors=())  # its claims and events name them
    with pytest.raises(RecordError, match="do not fit together"):
        store.keep(made.document, [lost], run=run)
    other = dataclasses.replace(made.document, id="document:other")
    with pytest.raises(RecordError, match="another story"):
        store.keep(other, [made.records], run=run)
    assert store.counts().documents == 0
    assert store.keep(made.document, [made.records], run=run).outcome == "new"


def test_a_reader_sees_one_moment_and_is_not_blocked(store: Store, place: str, make_story: Make, run: Run) -> None:
    for number in range(3):
        made = make_story(location=f"https://lantern.example/{number}")
        store.keep(made.document, [made.records], run=run)
    with open_store(place) as reader:
        stories = reader.stories()
        first = next(stories)
        late = make_story(location="https://lantern.example/late")
        store.keep(late.document, [late.records], run=run)
        assert 1 + len(list(stories)) == 3
        assert first.number < reader.counts().stories == 4


def test_a_reader_reads_while_a_writer_is_in_the_middle(
    store: Store, place: str, make_story: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_story(), make_story(location="https://lantern.example/b")
    store.keep(first.document, [first.records], run=run)
    reached, go_on = threading.Event(), threading.Event()
    index_places = store._backend.index_places

    def wait(*arguments: Any) -> None:
        reached.set()
        assert go_on.wait(20)
        index_places(*arguments)

    monkeypatch.setattr(store._backend, "index_places", wait)
    writer = threading.Thread(target=lambda: store.keep(second.document, [second.records], run=run))
    writer.start()
    try:
        assert reached.wait(20)
        with open_store(place, patience=0.1) as reader:
            assert [each.document for each in reader.stories()] == [first.document]
            assert reader.records_of(first.records.story.id) == first.records
    finally:
        go_on.set()
        writer.join()
    assert store.counts().documents == 2


def test_two_writers_keep_one_document_once(store: Store, place: str, make_story: Make, run: Run) -> None:
    made = make_story()
    outcomes = []

    def keep() -> None:
        with open_store(place) as own:
            outcomes.append(own.keep(made.document, [made.records], run=run).outcome)

    writers = [threading.Thread(target=keep) for _ in range(3)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert sorted(outcomes) == ["new", "there", "there"]


def test_stories_come_in_order_and_can_be_taken_up(store: Store, make_story: Make, run: Run) -> None:
    for number in range(52):  # more than are read at a time
        made = make_story(location=f"https://lantern.example/{number}")
        store.keep(made.document, [made.records], run=run)
    stories = list(store.stories())
    assert [each.number for each in stories] == sorted(each.number for each in stories)
    assert [each.document.location.rpartition("/")[2] for each in stories] == [str(n) for n in range(52)]
    assert len(list(store.stories(after=stories[46].number))) == 5


def test_an_unknown_story_is_said_to_be_none(store: Store) -> None:
    with pytest.raises(StoreError, match="no story story:0"):
        store.records_of("story:0")


def test_problems_are_kept_once(store: Store, make_story: Make, run: Run) -> None:
    made = make_story()
    unread = Problem(location="empty.txt", message="it is empty", remedy="Remove it.")
    assert store.keep_problem(unread, run=run)
    assert not store.keep_problem(unread, run=run)
    odd = Problem(location="page.html", message="it has no date")
    store.keep(made.document, [made.records], run=run, problems=[odd])
    assert sorted(store.problems(), key=str) == sorted([unread, odd, *made.records.problems], key=str)


def test_a_document_without_stories_is_kept_too(store: Store, run: Run) -> None:
    document = Document(id="document:1", text="Menu", location="menu.html", media_type="text/html")
    kept = store.keep(document, [], run=run, problems=[Problem(location="menu.html", message="no story in it")])
    assert (kept.outcome, kept.stories) == ("new", 0)
    assert store.has("document:1")


# ---------------------------------------------------------------- versions

FIVE = ("three", "five")


def test_a_changed_story_at_the_same_address_is_a_new_version(store: Store, make_story: Make, run: Run) -> None:
    old = make_story()
    new = make_story(old.document.text.replace(*FIVE), killed=5)
    assert store.keep(old.document, [old.records], run=run).outcome == "new"
    assert store.keep(new.document, [new.records], run=run).outcome == "version"
    (latest,) = store.stories()
    assert latest.document == new.document
    assert latest.records.story.supersedes == old.records.story.id
    assert [each.superseded_by for each in store.stories(versions="all")] == [latest.records.story.id, None]
    # Old spans still point into the old text.
    earlier = store.story(old.records.story.id)
    trigger = earlier.records.events[0].trigger
    assert earlier.document.text[trigger.start : trigger.end] == "killed"
    assert list(store.check()) == []


def test_changes_say_what_became_of_each_record(store: Store, make_story: Make, run: Run) -> None:
    old = make_story()
    text = old.document.text.replace(*FIVE).replace("“We know nothing of this attack,”", "“Ours was the first blow,”")
    new = make_story(old.document.text.replace(*FIVE), killed=5)
    assert "Ours" in text
    store.keep(old.document, [old.records], run=run)
    # The denial is gone in the new version, and with it what stands on it.
    event = dataclasses.replace(new.records.events[0], stances=new.records.events[0].stances[:1])
    records = dataclasses.replace(new.records, claims=new.records.claims[:1], events=(event,))
    store.keep(new.document, [records], run=run)
    changes = list(store.changes())
    told = {(each.kind, each.change, each.field): (each.earlier, each.later) for each in changes}
    assert told["event", "revised", "killed"] == (3, 5)
    assert told["event", "revised", "standing"] == ("disputed", "claimed")
    assert told["claim", "revised", "content"] == ("Gunmen killed three people", "Gunmen killed five people")
    assert ("claim", "withdrawn", None) in told
    assert list(store.changes(story_id=new.records.story.id)) == changes
    assert list(store.changes(since=dt.datetime.now(dt.UTC) + dt.timedelta(days=1))) == []


def test_kept_and_new_records_are_told_too(store: Store, make_story: Make, run: Run) -> None:
    old = make_story()
    text = old.document.text + "\nThe market reopened on Tuesday.\n"
    new = make_story(text)
    store.keep(old.document, [dataclasses.replace(old.records, claims=old.records.claims, events=())], run=run)
    store.keep(new.document, [new.records], run=run)
    told = [(each.kind, each.change) for each in store.changes()]
    assert told == [("event", "new"), ("claim", "kept"), ("claim", "kept")]
    assert all(isinstance(each, Change) for each in store.changes())


@pytest.mark.parametrize(
    "address",
    [
        "http://www.lantern.example/attack",
        "https://lantern.example/attack/",
        "https://LANTERN.example/attack?utm_source=mail#top",
    ],
)
def test_an_address_is_the_same_without_what_tells_no_page_apart(
    store: Store, make_story: Make, run: Run, address: str
) -> None:
    old, new = make_story(), make_story(make_story().document.text.replace(*FIVE), location=address)
    store.keep(old.document, [old.records], run=run)
    assert store.keep(new.document, [new.records], run=run).outcome == "version"


def test_furniture_makes_no_version(store: Store, make_story: Make, run: Run) -> None:
    old = make_story()
    store.keep(old.document, [old.records], run=run)
    text = old.document.text + "\nRead more: ten tips for the summer\n"
    new = make_story(text)
    body = tuple(span for span in new.records.story.body if not text[span.start :].startswith("Read more"))
    records = dataclasses.replace(new.records, story=dataclasses.replace(new.records.story, body=body))
    kept = store.keep(new.document, [records], run=run)
    assert (kept.outcome, kept.rows) == ("unchanged", 0)
    assert store.counts().documents == 1


def test_another_story_at_the_same_address_is_no_version(store: Store, make_story: Make, run: Run) -> None:
    old = make_story(location="https://lantern.example/latest")
    store.keep(old.document, [old.records], run=run)
    document = Document(
        id="document:2", text="Rain stops play at the county ground for a third day\n\nGroundsmen despair.",
        location="https://lantern.example/latest", media_type="text/html",
    )  # fmt: skip
    story = dataclasses.replace(
        old.records.story, id="story:2", document_id="document:2", headline=Span(0, 52), dateline=None, body=(),
        evidence=(),
    )  # fmt: skip
    records = type(old.records)(story=story)
    assert store.keep(document, [records], run=run).outcome == "new"
    assert len(list(store.stories())) == 2


def test_a_version_of_a_version_follows_the_latest(store: Store, make_story: Make, run: Run) -> None:
    text = make_story().document.text
    versions = [make_story(text.replace("three", word)) for word in ("three", "five")]
    versions.append(make_story(text.replace("on Monday", "late on Monday")))
    for made in versions:
        store.keep(made.document, [made.records], run=run)
    ids = [made.records.story.id for made in versions]
    assert [each.records.story.supersedes for each in store.stories(versions="all")] == [None, *ids[:2]]


# ---------------------------------------------------------------- incidents


def test_incidents_are_kept_replaced_and_followed_after_a_merger(
    store: Store, make_story: Make, make_incident: Make, run: Run
) -> None:
    one, two = make_story(), make_story(location="https://kestrel.example/attack")
    for made in (one, two):
        store.keep(made.document, [made.records], run=run)

    apart = [make_incident("incident:1", one), make_incident("incident:2", two)]
    assert store.keep_incidents(apart) == 2
    assert list(store.incidents()) == apart
    merged = make_incident("incident:1", one, two, supersedes=("incident:2",))
    store.keep_incidents([merged])
    assert list(store.incidents()) == [merged]
    with pytest.raises(RecordError):
        store.keep_incidents([dataclasses.replace(merged, event_ids=("event:nowhere",))])
    assert list(store.incidents()) == [merged]
