"""Is everything there that was kept, and do the indexes say the same? See `Store.check`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import sqlalchemy as sa

from dateline.records import Id
from dateline.store import rows, schema
from dateline.store.backends import Backend
from dateline.store.kept import StoredStory
from dateline.store.store import all_stories, placed_events, worded_claims, worded_story
from dateline.store.versions import Told

Indexed = TypeVar("Indexed")
# What is worked out of a record for people to ask by, by table.
DERIVED = {"stories": ("published_on",), "events": ("standing", "killed"), "stances": ("voice",)}
KEYS = {"stories": ("id",), "events": ("id",), "stances": ("event_id", "position")}


def check(
    backend: Backend, connection: sa.Connection, *, show: Callable[[int], None] | None = None
) -> Iterator[tuple[str, str]]:
    """Whatever is wrong, with where it is: the id of a story or a document; "" for the store as a whole.

    show: called with the number of stories checked so far.
    """
    for message in backend.faults(connection):
        yield message, ""
    yield from _wrong_documents(connection)
    for count, stored in enumerate(all_stories(connection), start=1):
        yield from _wrong_records(connection, stored)
        if show:
            show(count)
    for table, worded in (("stories", lambda told, numbers: [worded_story(told, numbers)]), ("claims", worded_claims)):
        for message in backend.wrong_words(connection, table, _indexed(connection, table, worded)):
            yield message, ""
    placed = _indexed(connection, "events", lambda told, numbers: placed_events(told.records, numbers))
    for message in backend.wrong_places(connection, placed):
        yield message, ""


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


def _indexed(
    connection: sa.Connection, table: str, make: Callable[[Told, dict[Id, int]], Iterable[Any]]
) -> Iterator[Any]:
    """What should be in an index, in the order of its numbers."""
    of = schema.metadata.tables[table]
    column = of.c.id if table == "stories" else of.c.story_id
    for stored in all_stories(connection):
        found = connection.execute(sa.select(of.c.id, of.c.number).where(column == stored.records.story.id))
        numbers: dict[Id, int] = {row.id: row.number for row in found}
        yield from make(Told(stored.document, stored.records), numbers)
