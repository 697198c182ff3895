"""A whole store as lines, and back: `restore(lines(store))` makes a store whose lines are equal.

Each line is a dictionary of one kind:

    {"archive": 1}                                    the first
    {"document": {...}, "outlet": ..., "run": {...}, "story": {...}, "mentions": [...] ..., "corrections": [...],
     "changes": [...]}                                a story, as `dateline read --format jsonl` writes it, and what a
                                                      store knows besides: its document has its text
    {"document": {...}}                               a document without stories
    {"incident": {...}}
    {"grouping": [...]}                               what people merged and split, in order
    {"problem": {...}, ...}                           a problem of an input that gave no story

Records are as they were read; what people have said about them stands beside them. Indexes are made anew.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from dateline.errors import RecordError
from dateline.records import Document, Id, Incident, Outlet, Problem, StoryRecords
from dateline.store import queries, rows, schema
from dateline.store.backends import Backend
from dateline.store.faults import explained
from dateline.store.kept import Correction, Run, StoredStory
from dateline.store.query import Query
from dateline.store.store import (
    BATCH,
    _batches,
    _insert,
    _insert_actor_words,
    _insert_new,
    _load,
    _members,
    _rows,
    _streamed,
)

if TYPE_CHECKING:
    from dateline.store.store import Store

FORM = 1
AT_ONCE = 200  # lines in one transaction
_CHANGE = ("story_id", "earlier_story_id", "kind", "change", "earlier_id", "later_id", "field", "earlier_value",
           "later_value")  # fmt: skip
_SAID = ("target_id", "action", "field", "value", "editor", "reason", "made_at")


def lines(backend: Backend, connection: sa.Connection, query: Query | None) -> Iterator[dict[str, Any]]:
    """Everything in a store, or the stories with events that meet a query."""
    yield {"archive": FORM}
    if query is not None:
        found = queries.find_stories(backend, connection, dataclasses.replace(query, as_read=True), claims=None)
        for batch in _batches((each.stored for each in found), BATCH):
            yield from _story_lines(connection, batch)
        return
    table = schema.stories
    for batch in _batches(_streamed(connection, sa.select(table).order_by(table.c.number)), BATCH):
        yield from _story_lines(connection, _load(connection, batch))
    yield from _bare_documents(connection)
    yield from _incidents(connection)
    yield from _groupings(connection)
    yield from _problems(connection)


def restore(store: Store, backend: Backend, given: Iterable[Mapping[str, Any]]) -> int:
    """Keep lines, some in one transaction."""
    new = start = 0
    lines = iter(given)
    while batch := list(islice(lines, AT_ONCE)):
        with explained(store.where), backend.writing() as connection, connection.begin():
            backend.lock(connection, "an archive")
            for number, line in enumerate(batch, start=start + 1):
                try:
                    new += _restore(store, connection, line)
                except (KeyError, TypeError, ValueError, AttributeError) as fault:
                    raise RecordError(
                        f"line {number} is none of an archive ({type(fault).__name__}: {fault})",
                        location=store.where,
                        remedy="Write it again with: dateline export STORE --to jsonl. The lines before it were kept.",
                    ) from fault
        start += len(batch)
    return new


# ---------------------------------------------------------------- a store as lines


def _story_lines(connection: sa.Connection, batch: Sequence[StoredStory]) -> Iterator[dict[str, Any]]:
    names = [stored.records.story.id for stored in batch]
    documents = _by(connection, schema.documents, "id", {stored.document.id for stored in batch})
    runs = _by(connection, schema.runs, "id", {stored.run_id for stored in batch})
    changes = _by(connection, schema.changes, "story_id", names)
    for stored in batch:
        (document,), (run,) = documents[stored.document.id], runs[stored.run_id]
        yield (
            {"document": _document(stored.document, document), "outlet": rows.plain(stored.outlet), "run": _run(run)}
            | rows.plain(stored.records)
            | {
                "corrections": _corrections(stored.corrections),
                "changes": [
                    {name: row[name] for name in _CHANGE if name != "story_id"}
                    | {"kept_at": rows.plain(row["kept_at"])}
                    for row in changes.get(stored.records.story.id, ())
                ],
            }
        )


def _document(document: Document, row: Mapping[str, Any]) -> dict[str, Any]:
    return rows.plain(document) | {"address": row["address"], "kept_at": rows.plain(row["kept_at"])}  # type: ignore[no-any-return]


def _run(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("model", "version", "configuration")
    return {name: row[name] for name in names} | {"first_used_at": rows.plain(row["first_used_at"])}


def _corrections(corrections: Sequence[Correction]) -> list[dict[str, Any]]:
    """Corrections of one story in order. undoes: which of them, counted from 0; their numbers are the store's own."""
    places = {each.number: place for place, each in enumerate(corrections)}
    return [
        {name: rows.plain(getattr(each, name)) for name in _SAID if name != "value"}
        | {"value": each.value, "undoes": None if each.undoes is None else places[each.undoes]}
        for each in corrections
    ]


def _bare_documents(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    table = schema.documents
    told = sa.exists().where(schema.stories.c.document_id == table.c.id)
    for row in _streamed(connection, sa.select(table).where(~told).order_by(table.c.kept_at, table.c.id)):
        yield {"document": _document(rows.document_from(row), row)}


def _incidents(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    table = schema.incidents
    for batch in _batches(_streamed(connection, sa.select(table).order_by(table.c.number)), BATCH):
        names = [row["id"] for row in batch]
        events = _members(connection, schema.incident_events.c.event_id, names)
        claims = _members(connection, schema.incident_claims.c.claim_id, names)
        for row in batch:
            incident = rows.incident_from(row, event_ids=events[row["id"]], claim_ids=claims[row["id"]])
            yield {"incident": rows.plain(incident) | {"superseded_by": row["superseded_by"]}}


def _groupings(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """Corrections of incidents: one line, for they apply in the order in which they were made."""
    table = schema.corrections
    targets = sa.select(table.c.target_id).where(table.c.action.in_(("merge", "split")))
    found = sa.select(table).where(table.c.target_id.in_(targets)).order_by(table.c.number)
    made = [Correction(**row) for row in _rows(connection, found)]
    if made:
        yield {"grouping": _corrections(made)}


def _problems(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    table, runs = schema.problems, schema.runs
    found = sa.select(table, *(runs.c[name] for name in ("model", "version", "configuration", "first_used_at")))
    found = found.join(runs, runs.c.id == table.c.run_id).where(table.c.story_id.is_(None)).order_by(table.c.id)
    for row in _streamed(connection, found):
        yield {
            "problem": rows.plain(rows.problem_from(row)),
            "document_id": row["document_id"],
            "position": row["position"],
            "run": _run(row),
            "kept_at": rows.plain(row["kept_at"]),
        }


def _by(
    connection: sa.Connection, table: sa.Table, column: str, names: Iterable[Id]
) -> dict[Id, list[Mapping[str, Any]]]:
    found: dict[Id, list[Mapping[str, Any]]] = {}
    order = [table.c.number] if "number" in table.c else []
    for row in _rows(connection, sa.select(table).where(table.c[column].in_(sorted(names))).order_by(*order)):
        found.setdefault(row[column], []).append(row)
    return found


# ---------------------------------------------------------------- lines as a store


def _restore(store: Store, connection: sa.Connection, line: Mapping[str, Any]) -> bool:
    """Keep one line; whether it was new."""
    if "archive" in line:
        if line["archive"] != FORM:
            raise ValueError(f"this is form {line['archive']} of an archive, known is {FORM}")
        return False
    if "incident" in line:
        return _restore_incident(connection, line["incident"])
    if "grouping" in line:
        return _restore_groupings(connection, line["grouping"])
    if "problem" in line:
        return _restore_problem(connection, line)
    new = _restore_document(connection, line["document"])
    return _restore_story(store, connection, line) or new if "story" in line else new


def _restore_document(connection: sa.Connection, plain: Mapping[str, Any]) -> bool:
    document = build(Document, plain)
    row = rows.document_row(document, address=plain["address"], story_count=0, kept_at=_moment(plain["kept_at"]))
    return _insert_new(connection, schema.documents, [row]) > 0


def _restore_story(store: Store, connection: sa.Connection, line: Mapping[str, Any]) -> bool:
    records = build(StoryRecords, line)
    stories, documents = schema.stories, schema.documents
    if connection.execute(sa.select(stories.c.number).where(stories.c.id == records.story.id)).first():
        return False
    run = _restore_run(connection, line["run"])
    if line["outlet"] is not None:
        _insert_new(connection, schema.outlets, [rows.outlet_row(build(Outlet, line["outlet"]))])
    _insert_actor_words(connection, [records])
    store.insert_story(
        connection, build(Document, line["document"]), records, run=run, now=_moment(line["document"]["kept_at"])
    )
    here = documents.c.id == records.story.document_id
    connection.execute(sa.update(documents).where(here).values(story_count=documents.c.story_count + 1))
    _restore_corrections(connection, line["corrections"])
    earlier = {change["earlier_story_id"] for change in line["changes"]}
    there = set(connection.execute(sa.select(stories.c.id).where(stories.c.id.in_(earlier))).scalars())
    made = [
        change | {"story_id": records.story.id, "kept_at": _moment(change["kept_at"])}
        for change in line["changes"]
        if change["earlier_story_id"]
        in there  # of an archive with only some of the stories the version before may lack
    ]
    _insert(connection, schema.changes, made)
    return True


def _restore_run(connection: sa.Connection, plain: Mapping[str, Any]) -> Run:
    run = Run(model=plain["model"], version=plain["version"], configuration=plain["configuration"])
    row = {"id": run.id, **plain, "first_used_at": _moment(plain["first_used_at"])}
    _insert_new(connection, schema.runs, [row])
    return run


def _restore_corrections(connection: sa.Connection, said: Sequence[Mapping[str, Any]]) -> None:
    table = schema.corrections
    numbers: list[int] = []
    for each in said:
        undoes = None if each["undoes"] is None else numbers[each["undoes"]]
        row = {**each, "undoes": undoes, "made_at": _moment(each["made_at"])}
        numbers.append(connection.execute(sa.insert(table).returning(table.c.number), row).scalar_one())


def _restore_groupings(connection: sa.Connection, said: Sequence[Mapping[str, Any]]) -> bool:
    """Only into a store without any: those of two stores have no common order."""
    table = schema.corrections
    there = sa.select(table.c.number).where(table.c.action.in_(("merge", "split"))).limit(1)
    if connection.execute(there).first():
        return False
    _restore_corrections(connection, said)
    return True


def _restore_incident(connection: sa.Connection, plain: Mapping[str, Any]) -> bool:
    incident = build(Incident, plain)
    row = rows.incident_row(incident, kept_at=dt.datetime.now(dt.UTC).replace(microsecond=0))
    if not _insert_new(connection, schema.incidents, [row | {"superseded_by": plain["superseded_by"]}]):
        return False
    for table, column, ids in (
        (schema.incident_events, "event_id", incident.event_ids),
        (schema.incident_claims, "claim_id", incident.claim_ids),
    ):
        made = [{"incident_id": incident.id, "position": place, column: each} for place, each in enumerate(ids)]
        _insert(connection, table, made)
    return True


def _restore_problem(connection: sa.Connection, line: Mapping[str, Any]) -> bool:
    row = rows.problem_row(
        build(Problem, line["problem"]),
        position=line["position"], story_id=None, document_id=line["document_id"], kept_at=_moment(line["kept_at"]),
    )  # fmt: skip
    run = _restore_run(connection, line["run"])
    return _insert_new(connection, schema.problems, [row | {"run_id": run.id}]) > 0


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


# ---------------------------------------------------------------- records


def build(kind: Any, plain: Any) -> Any:
    """A record of what `rows.plain` made of it. Raises ValueError, KeyError or TypeError for what no record is.

    Not pydantic's: that refuses the lone surrogates that texts from JSON may hold.
    """
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType or origin is typing.Union:
        return None if plain is None and type(None) in arguments else _one_of(arguments, plain)
    if origin is typing.Literal:
        if plain not in arguments:
            raise ValueError(f"{plain!r} is none of {', '.join(map(str, arguments))}")
        return plain
    if origin is tuple:
        return tuple(build(arguments[0], each) for each in plain)
    if dataclasses.is_dataclass(kind):
        fields = _fields(typing.cast(type, kind))
        return kind(**{name: build(of, plain[name]) for name, of in fields.items()})  # type: ignore[operator]
    if kind is dt.date or kind is dt.datetime:
        return dt.datetime.fromisoformat(plain) if "T" in plain else dt.date.fromisoformat(plain)
    if kind is float and isinstance(plain, int):
        return float(plain)
    if type(plain) is not kind:
        raise ValueError(f"{plain!r} is no {kind.__name__}")
    return plain


def _one_of(kinds: Sequence[Any], plain: Any) -> Any:
    """Of the unions in records one part at most is more than None, but for `date | datetime`, which is one text."""
    (kind, *_) = [each for each in kinds if each is not type(None)]
    return build(kind, plain)


@cache
def _fields(kind: type) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}
