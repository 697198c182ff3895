"""Is everything there that was kept, and do the indexes say the same? See `Store.check`."""

from __future__ import annotations

import contextlib
import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

import sqlalchemy as sa

from dateline.records import Id
from dateline.store import derived, rows, schema
from dateline.store.backends import Backend, Worded
from dateline.store.kept import StoredStory
from dateline.store.store import all_stories, placed_events
from dateline.store.versions import Told

# What is worked out of a record for people to ask by, by table.
DERIVED = {
    "stories": ("published_on",), "claims": ("day",), "events": ("standing", "day", "killed"), "stances": ("voice",),
}  # fmt: skip
KEYS = {"stories": ("id",), "claims": ("id",), "events": ("id",), "stances": ("event_id", "position")}
WORDED: Mapping[str, Callable[[Told, dict[Id, int]], Iterable[Worded]]] = {
    "stories": lambda told, numbers: [derived.worded_story(told, numbers)],
    "claims": derived.worded_claims,
    "events": derived.worded_events,
}


def check(
    backend: Backend,
    connection: sa.Connection,
    *,
    show: Callable[[int], None] | None = None,
    look: Callable[[StoredStory], None] | None = None,
) -> Iterator[tuple[str, str]]:
    """Whatever is wrong, with where it is: the id of a story or a document; "" for the store as a whole.

    show, look: called with the number of stories checked so far, and with each story.
    """
    for message in backend.faults(connection):
        yield message, ""
    yield from _wrong_documents(connection)
    # Stories are read once. What should be in the indexes waits in files, for an index is checked as a whole.
    with contextlib.ExitStack() as opened:
        words = {table: opened.enter_context(tempfile.TemporaryFile()) for table in WORDED}
        event_places = opened.enter_context(tempfile.TemporaryFile())
        for count, stored in enumerate(all_stories(connection), start=1):
            yield from _wrong_records(connection, stored)
            yield from _wrong_names(connection, stored)
            told, numbers = Told(stored.document, stored.records), _numbers_of(connection, stored)
            with contextlib.suppress(KeyError):  # of records that name what is gone, which has just been told
                for table, worded in WORDED.items():
                    _put([*worded(told, numbers)], words[table])
                _put(placed_events(stored.records, numbers), event_places)
            if look:
                look(stored)
            if show:
                show(count)
        for table, right in words.items():
            for message in backend.wrong_words(connection, table, _taken(right)):
                yield message, ""
        for message in backend.wrong_places(connection, _taken(event_places)):
            yield message, ""


def _put(rows: Sequence[Any], file: IO[bytes]) -> None:
    pickle.dump(rows, file)


def _taken(file: IO[bytes]) -> Iterator[Any]:
    """All rows that were put into a file, in order."""
    file.seek(0)
    while True:
        try:
            yield from pickle.load(file)
        except EOFError:
            return


def _wrong_documents(connection: sa.Connection) -> Iterator[tuple[str, str]]:
    table = schema.documents
    kept = sa.select(sa.func.count()).where(schema.stories.c.document_id == table.c.id).scalar_subquery()
    found = sa.select(table.c.id, table.c.text, table.c.digest, table.c.story_count, kept.label("kept"))
    for row in connection.execute(found, execution_options={"yield_per": 50}):
        if rows.text_digest(row.text) != row.digest:
            yield "its text is not the one that was kept", row.id
        if row.kept != row.story_count:
            yield f"{row.story_count} stories of it were kept, but there are {row.kept}", row.id


def _wrong_records(connection: sa.Connection, stored: StoredStory) -> Iterator[tuple[str, str]]:
    name = stored.records.story.id
    table = schema.stories
    digest = connection.execute(sa.select(table.c.digest).where(table.c.id == name)).scalar()
    if digest != rows.digest_of(stored.records):
        yield "its records are not those that were kept", name
        return  # what is worked out from them would be wrong, too
    right = rows.rows_of(stored.records, run=stored.run_id, kept_at=stored.kept_at)
    for part, columns in DERIVED.items():
        names = (*KEYS[part], *columns)
        table = schema.metadata.tables[part]
        of_story = table.c.id if part == "stories" else table.c.story_id
        kept = connection.execute(sa.select(*(table.c[each] for each in names)).where(of_story == name))
        if set(map(tuple, kept)) != {tuple(row[each] for each in names) for row in right[part]}:
            yield f"a column of {part} to ask by ({', '.join(columns)}) is not what the record says", name


def _numbers_of(connection: sa.Connection, stored: StoredStory) -> dict[Id, int]:
    """The numbers of a story, its claims and its events, by which the indexes name them."""
    name = stored.records.story.id
    numbers: dict[Id, int] = {name: stored.number}
    for table in (schema.claims, schema.events):
        found = connection.execute(sa.select(table.c.id, table.c.number).where(table.c.story_id == name))
        numbers |= {row.id: row.number for row in found}
    return numbers


def _wrong_names(connection: sa.Connection, stored: StoredStory) -> Iterator[tuple[str, str]]:
    """Names by which actors should be found and are not. Names too many are those of stories erased since."""
    right = derived.actor_words(stored.records.actors)
    table = schema.actor_words
    ids = sorted({actor.id for actor in stored.records.actors})
    kept = connection.execute(sa.select(table.c.word, table.c.actor_id).where(table.c.actor_id.in_(ids)))
    if right - {(row.word, row.actor_id) for row in kept}:
        yield "the index of names does not have all names of its actors", stored.records.story.id
