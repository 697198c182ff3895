"""Records by their ids, or by the beginnings of ids as people copy them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from dateline.errors import StoreError
from dateline.records import Event, Id, Incident, StoryRecords
from dateline.store import rows, schema
from dateline.store.kept import StoredStory
from dateline.store.queries import Found, Record, effective_records
from dateline.store.store import _load, _members, _rows

KINDS = {
    "story": schema.stories, "event": schema.events, "claim": schema.claims,
    "incident": schema.incidents, "actor": schema.actors,
}  # fmt: skip
_LAST = "\U0010ffff"


def named(connection: sa.Connection, text: str, *, most: int) -> list[tuple[str, Id]]:
    """The records whose id this is, else those whose id begins so, with or without its kind: (kind, id) each."""
    whole = list(_ids(connection, lambda column, _: column == text, most))
    if whole or not text:
        return whole
    beginnings = lambda column, kind: sa.or_(*(_begins(connection, column, each) for each in (text, f"{kind}:{text}")))  # noqa: E731
    return list(_ids(connection, beginnings, most))[:most]


def _ids(connection: sa.Connection, condition: Any, most: int) -> Iterator[tuple[str, Id]]:
    for kind, table in KINDS.items():
        found = sa.select(table.c.id).where(condition(table.c.id, kind)).distinct().order_by(table.c.id).limit(most)
        yield from ((kind, row.id) for row in connection.execute(found))


def _begins(connection: sa.Connection, column: sa.Column[Any], text: str) -> sa.ColumnElement[bool]:
    """A range, which an index can look up; PostgreSQL must be told to compare letters by their numbers."""
    compared = sa.collate(column, "C") if connection.dialect.name == "postgresql" else column
    return sa.and_(compared >= text, compared < text + _LAST)


def find_by_id(
    connection: sa.Connection, names: Sequence[Id], kind: type[Record], *, as_read: bool
) -> list[Found[Record]]:
    """Events or claims by id, in this order; what is not there is left out. A rejected one is as it was read."""
    table = schema.events if kind is Event else schema.claims
    of = {row.id: row.story_id for row in connection.execute(_of_ids(table, names))}
    stories = _rows(connection, sa.select(schema.stories).where(schema.stories.c.id.in_(sorted(set(of.values())))))
    loaded = {stored.records.story.id: stored for stored in _load(connection, stories)}
    counting = {name: each.records if as_read else effective_records(connection, each) for name, each in loaded.items()}
    found: list[Found[Record]] = []
    for name in names:
        if name in of:
            stored: StoredStory = loaded[of[name]]
            records: StoryRecords = counting[of[name]]
            both: Iterable[Any] = (
                (*records.events, *stored.records.events)
                if kind is Event
                else (*records.claims, *stored.records.claims)
            )
            record = next(each for each in both if each.id == name)
            found.append(Found(record=record, records=records, stored=stored, cursor=""))
    return found


def _of_ids(table: sa.Table, names: Sequence[Id]) -> sa.Select[Any]:
    return sa.select(table.c.id, table.c.story_id).where(table.c.id.in_(names))


def incident(connection: sa.Connection, name: Id, where: str) -> Incident:
    """One incident; of one that was merged into another, that one. Raises StoreError where there is none."""
    table = schema.incidents
    seen: set[Id] = set()
    while True:
        found = _rows(connection, sa.select(table).where(table.c.id == name))
        if not found or name in seen:
            raise StoreError(f"there is no incident {name}", location=where)
        seen.add(name)
        if found[0]["superseded_by"] is None:
            break
        name = found[0]["superseded_by"]
    events = _members(connection, schema.incident_events.c.event_id, [name])
    claims = _members(connection, schema.incident_claims.c.claim_id, [name])
    return rows.incident_from(found[0], event_ids=events[name], claim_ids=claims[name])
