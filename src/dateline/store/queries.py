"""Asking a store: which events and claims meet a query, page by page or all of them, how many there are, and when.

    conditions of the query --SQL--> numbers, in order --some at a time--> whole stories --> records as they count

A database knows records as they were read. What people have said about them since is laid over its answer: rejected
records are left out, and for those that were changed in a way that matters to the query `matching.py` decides. So a
count, a histogram, a page and an export always speak of the same records.
"""

from __future__ import annotations

import dataclasses
import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, groupby
from typing import Any, Generic, Literal, TypeVar

import sqlalchemy as sa

from dateline.errors import UsageError
from dateline.records import Actor, Claim, Event, Id, StoryRecords
from dateline.standing import standing
from dateline.store import corrections as overlay
from dateline.store import derived, matching, rows, schema
from dateline.store.backends import Backend
from dateline.store.kept import Correction, StoredStory
from dateline.store.matching import Sought
from dateline.store.query import Key, Query, check_kind, parse_words, read_cursor, write_cursor
from dateline.store.store import BATCH, _batches, _load, _rows, _streamed

Record = TypeVar("Record", Event, Claim)
Kind = type[Event] | type[Claim]
By = Literal["year", "month", "day", "type", "status", "standing"]

CHUNK = 500  # numbers or ids in one question
_LETTERS = {"year": 4, "month": 7, "day": 10}  # of a day in ISO 8601


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[Record]):
    """A record that meets a query, in its story.

    record, records: as they count, with the corrections of people; as they were read where the query asks for that.
    stored: the story as it is kept. cursor: put it into the query to go on behind this record.
    """

    record: Record
    records: StoryRecords
    stored: StoredStory
    cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStory:
    """A story with at least one record that meets a query. records: all of them, as they count.

    events, claims: the ids of those that meet it.
    """

    records: StoryRecords
    stored: StoredStory
    events: frozenset[Id]
    claims: frozenset[Id]


@dataclass(frozen=True, slots=True)
class _Hit:
    """A record that meets the query. key: what the order looks at."""

    key: Key
    number: int
    story_number: int
    story_id: Id
    id: Id


def find(backend: Backend, connection: sa.Connection, query: Query, kind: type[Record]) -> Iterator[Found[Record]]:
    """The records that meet a query, in its order, some at a time."""
    asked = _Asked(backend, connection, query, kind)
    for hits in _batches(asked.hits(), BATCH):
        stories = _stories(connection, {hit.story_id for hit in hits}, query)
        for hit in hits:
            stored, records = stories[hit.story_id]
            known: Sequence[Any] = records.events if kind is Event else records.claims
            yield Found(
                record=next(each for each in known if each.id == hit.id),
                records=records,
                stored=stored,
                cursor=write_cursor(query.order, hit.key, hit.number),
            )


def find_stories(
    backend: Backend, connection: sa.Connection, query: Query, *, claims: Query | None
) -> Iterator[FoundStory]:
    """The stories with events that meet a query, or with claims that meet `claims`, in the order of arrival."""
    found: list[Iterator[tuple[int, Id, str, Id]]] = []
    for name, wanted, kind in (("events", query, Event), ("claims", claims, Claim)):
        if wanted is not None:
            hits = _Asked(backend, connection, wanted, kind).by_story()
            found.append(map(partial(_entry, name), hits))
    by_story = groupby(heapq.merge(*found), key=lambda entry: entry[:2])
    told = ((story, [(name, record) for _, _, name, record in entries]) for (_, story), entries in by_story)
    for batch in _batches(told, BATCH):
        stories = _stories(connection, {story for story, _ in batch}, query)
        for story, entries in batch:
            stored, records = stories[story]
            yield FoundStory(
                records=records,
                stored=stored,
                events=frozenset(record for name, record in entries if name == "events"),
                claims=frozenset(record for name, record in entries if name == "claims"),
            )


def _entry(name: str, hit: _Hit) -> tuple[int, Id, str, Id]:
    return hit.story_number, hit.story_id, name, hit.id


def count(backend: Backend, connection: sa.Connection, query: Query, kind: Kind) -> int:
    """How many records meet a query; its limit and cursor do not matter."""
    return _Asked(backend, connection, query, kind).count()


def histogram(backend: Backend, connection: sa.Connection, query: Query, by: By) -> dict[str | None, int]:
    """How many events meet a query, by month ("2025-11"), type ... in order; None is the last: those without a day."""
    if by not in (*_LETTERS, "type", "status", "standing"):
        raise UsageError(f"events are not counted by {by!r}", remedy="Give year, month, day, type, status or standing.")
    return _Asked(backend, connection, query, Event).histogram(by)


def meaning_of(connection: sa.Connection, name: str) -> Sought:
    """Whom a name means in this store: see `Query.actor`."""
    if connection.execute(sa.select(schema.actors.c.id).where(schema.actors.c.id == name).limit(1)).first():
        return Sought(id=name)
    whole = derived.whole_name(name)
    for word in ([name] if derived.is_code(name) else []) + [whole]:
        table = schema.actor_words
        if connection.execute(sa.select(table.c.word).where(table.c.word == word).limit(1)).first():
            return Sought(words=(word,))
    return Sought(words=tuple(word[: derived.LONGEST_WORD] for word in derived.words_in(name)))


def actors_called(connection: sa.Connection, name: str) -> list[Actor]:
    """The actors that a name means, each as one of its stories has it."""
    table = schema.actors
    found = sa.select(table).where(table.c.id.in_(actor_ids(meaning_of(connection, name)))).order_by(table.c.id)
    return list({row["id"]: rows.actor_from(row) for row in _streamed(connection, found)}.values())


def actor_ids(sought: Sought) -> sa.Select[tuple[Id]]:
    """The ids of the actors that are meant."""
    if sought.id is not None:
        return sa.select(schema.actors.c.id).where(schema.actors.c.id == sought.id)
    first, *more = sought.words
    table = schema.actor_words
    found = sa.select(table.c.actor_id).where(table.c.word == first)
    for word in more:
        also = table.alias()
        found = found.where(table.c.actor_id.in_(sa.select(also.c.actor_id).where(also.c.word == word)))
    return found


# ---------------------------------------------------------------- one question


class _Asked:
    """One query about one kind of record, put to one moment of a store."""

    def __init__(self, backend: Backend, connection: sa.Connection, query: Query, kind: Kind) -> None:
        check_kind(query, kind)
        self._backend = backend
        self._connection = connection
        self._query = query
        self._kind = kind
        self._table = schema.events if kind is Event else schema.claims
        self._sought = {
            name: meaning_of(connection, value)
            for name in ("actor", "by", "about")
            if (value := getattr(query, name)) is not None
        }
        self._fixed = list(_fixed_conditions(backend, query, self._table))
        self._read = list(_conditions(backend, query, self._table, self._sought))
        self._said = _Said(frozenset(), ()) if query.as_read else self._corrections()

    # ------------------------------------------------------------ records

    def hits(self) -> Iterator[_Hit]:
        """The records in the order of the query, behind its cursor, as many as its limit."""
        query = self._query
        start = read_cursor(query.cursor, query.order) if query.cursor else None
        rank = partial(_rank, query.order)
        said = sorted(self._said.hits, key=lambda hit: rank(hit.key, hit.number))
        if start is not None:
            said = [hit for hit in said if rank(hit.key, hit.number) > rank(*start)]
        read = (hit for hit in self._in_order(start) if hit.number not in self._said.numbers)
        merged = heapq.merge(read, said, key=lambda hit: rank(hit.key, hit.number))
        yield from merged if query.limit is None else _first(merged, query.limit)

    def by_story(self) -> Iterator[_Hit]:
        """The records by story, in the order of their arrival."""
        stories, table = schema.stories, self._table
        found = self._select().order_by(stories.c.number, table.c.number)
        read = (hit for hit in self._rows(found) if hit.number not in self._said.numbers)
        said = sorted(self._said.hits, key=lambda hit: (hit.story_number, hit.number))
        return heapq.merge(read, said, key=lambda hit: (hit.story_number, hit.number))

    def _in_order(self, start: tuple[Key, int] | None) -> Iterator[_Hit]:
        """As the database has them: first what has a key, then what has none, each by an index."""
        query, number, key = self._query, self._table.c.number, self._key()
        least = None if query.limit is None else query.limit + len(self._said.numbers)
        upwards = query.order == "oldest"
        turn = sa.asc if upwards else sa.desc
        if key is not None and (start is None or start[0] is not None):
            found = self._select().where(key.is_not(None)).order_by(turn(key), turn(number))
            if start is not None:
                # One comparison more than needed: the first lets an index begin at the right place.
                behind = key >= start[0] if upwards else key <= start[0]
                pair, here = sa.tuple_(key, number), sa.tuple_(sa.literal(start[0], key.type), sa.literal(start[1]))
                found = found.where(behind, pair > here if upwards else pair < here)
            yield from self._rows(found.limit(least))
        if key is self._table.c.day and (query.since or query.until):
            return  # what has no day is in no period
        found = self._select().order_by(turn(number))
        if key is not None:
            found = found.where(key.is_(None))
        if start is not None and (key is None or start[0] is None):
            found = found.where(number > start[1] if upwards else number < start[1])
        yield from self._rows(found.limit(least))

    def _select(self) -> sa.Select[Any]:
        table, stories, key = self._table, schema.stories, self._key()
        found = sa.select(
            (sa.null() if key is None else key).label("key"), table.c.number, stories.c.number.label("story_number"),
            table.c.story_id, table.c.id,
        )  # fmt: skip
        return found.join_from(table, stories, stories.c.id == table.c.story_id).where(*self._fixed, *self._read)

    def _rows(self, found: sa.Select[Any]) -> Iterator[_Hit]:
        return (_Hit(**row) for row in _streamed(self._connection, found))

    def _key(self) -> sa.Column[Any] | None:
        match self._query.order:
            case "newest" | "oldest":
                return self._table.c.day
            case "deadliest":
                return self._table.c.killed
        return None

    # ------------------------------------------------------------ numbers

    def count(self) -> int:
        backend, query, table = self._backend, self._query, self._table
        if self._kind is Event and backend.days is not None and query.conditions() <= _BY_DAYS:
            total = sa.select(sa.func.coalesce(sa.func.sum(backend.days.c.events), 0)).where(*self._of_days())
        else:
            total = sa.select(sa.func.count()).select_from(table).where(*self._fixed_but_versions(), *self._read)
        found = int(self._connection.execute(total).scalar_one())
        found -= int(self._connection.execute(self._superseded(sa.func.count())).scalar_one()) if self._late() else 0
        return found - sum(1 for _ in self._touched()) + len(self._said.hits)

    def histogram(self, by: By) -> dict[str | None, int]:
        backend, query, table = self._backend, self._query, self._table
        column: sa.ColumnElement[Any] = table.c.day if by in _LETTERS else table.c[by]
        if by in _LETTERS:
            column = backend.start_of(column, _LETTERS[by])
        if backend.days is not None and query.conditions() <= _BY_DAYS and by in (*_LETTERS, "type"):
            days = backend.days.c
            name = backend.start_of(days.day, _LETTERS[by]) if by in _LETTERS else days.type
            total = sa.select(name, sa.func.sum(days.events)).where(*self._of_days()).group_by(name)
        else:
            total = sa.select(column, sa.func.count()).select_from(table)
            total = total.where(*self._fixed_but_versions(), *self._read).group_by(column)
        found: Counter[str | None] = Counter()
        for name, events in self._connection.execute(total):
            found[_told(by, name)] += events
        if self._late():
            for name, events in self._connection.execute(self._superseded(column, sa.func.count()).group_by(column)):
                found[_told(by, name)] -= events
        for number in _chunks(sorted(self._touched()), CHUNK):
            for (name,) in self._connection.execute(sa.select(column).where(table.c.number.in_(number))):
                found[_told(by, name)] -= 1
        for event, records in self._said.events(self._connection, query):
            found[_named(by, event, records)] += 1
        ordered = sorted((name, events) for name, events in found.items() if name is not None and events)
        return dict(ordered) | ({None: found[None]} if found[None] else {})

    def _of_days(self) -> Iterator[sa.ColumnElement[bool]]:
        days, query = self._backend.days, self._query
        assert days is not None
        if query.types:
            yield days.c.type.in_(query.types)
        if query.since or query.until:
            yield days.c.day != ""
        if query.since:
            yield days.c.day >= query.since.isoformat()
        if query.until:
            yield days.c.day <= query.until.isoformat()

    def _late(self) -> bool:
        """Whether stories that have a newer version must be taken off what was counted: few, and found at once."""
        if self._query.versions == "all":
            return False
        return self._connection.execute(_superseded_stories().limit(1)).first() is not None

    def _superseded(self, *columns: Any) -> sa.Select[Any]:
        """Some columns of the records that meet the query, in stories that have a newer version."""
        late = self._table.c.story_id.in_(_superseded_stories())
        found = sa.select(*columns).select_from(self._table).where(late)
        return found.where(*self._fixed_but_versions(), *self._read)

    def _fixed_but_versions(self) -> list[sa.ColumnElement[bool]]:
        """To ask for every record whether its story has a newer version would take a second a million."""
        all_versions = dataclasses.replace(self._query, versions="all")
        return list(_fixed_conditions(self._backend, all_versions, self._table))

    def _touched(self) -> Iterator[int]:
        """The numbers of corrected records that meet the query as they were read: they do not count as such."""
        table = self._table
        for numbers in _chunks(sorted(self._said.numbers), CHUNK):
            found = sa.select(table.c.number).where(table.c.number.in_(numbers), *self._fixed, *self._read)
            yield from self._connection.execute(found).scalars()

    # ------------------------------------------------------------ corrections

    def _corrections(self) -> _Said:
        """What corrections change about the answer: what the database must not give, and what comes in its place."""
        said = _said_by_target(self._connection)
        if not said:
            return _Said(frozenset(), ())
        verdicts = {target: _verdict(made) for target, made in said.items()}
        gone = {target for target, (rejected, _) in verdicts.items() if rejected}
        asked = _fields_asked(self._query, self._kind)
        changed = {target for target, (_, fields) in verdicts.items() if fields & asked} - gone
        table = self._table
        numbers: set[int] = set()
        again: dict[Id, list[int]] = defaultdict(list)  # records to look at anew, by story
        for target in _found_in(self._connection, table, table.c.id, gone | changed):
            numbers.add(target.number)
            if target.id in changed:
                again[target.story_id].append(target.number)
        if self._kind is Event and asked & {"stances"}:
            # What a claim does, and whether it stands at all, is part of how events stand.
            moving = gone | {target for target, (_, fields) in verdicts.items() if "act" in fields}
            claims = schema.claims
            stories = {row.story_id for row in _found_in(self._connection, claims, claims.c.id, moving)}
            for target in _found_in(self._connection, table, table.c.story_id, stories):
                if target.id not in gone:
                    numbers.add(target.number)
                    again[target.story_id].append(target.number)
        return _Said(frozenset(numbers), tuple(self._look_again(again)))

    def _look_again(self, again: Mapping[Id, Sequence[int]]) -> Iterator[_Hit]:
        """Of some records those that meet the query as they count now."""
        table = self._table
        allowed: dict[Id, int] = {}
        for numbers in _chunks(sorted(set(chain(*again.values()))), CHUNK):
            found = sa.select(table.c.id, table.c.number).where(table.c.number.in_(numbers), *self._fixed)
            allowed |= {row.id: row.number for row in self._connection.execute(found)}
        for names in _chunks(sorted(again), BATCH):
            for stored, records in _stories(self._connection, names, self._query).values():
                known: Sequence[Event | Claim] = records.events if self._kind is Event else records.claims
                for record in known:
                    if record.id in allowed and self._meets(record, records):
                        yield _Hit(
                            key=_key_of(record, records, self._query.order),
                            number=allowed[record.id],
                            story_number=stored.number,
                            story_id=stored.records.story.id,
                            id=record.id,
                        )

    def _meets(self, record: Event | Claim, records: StoryRecords) -> bool:
        if isinstance(record, Event):
            return matching.event_meets(record, records, self._query, self._sought)
        return matching.claim_meets(record, records, self._query, self._sought)


# Conditions that a table of events by day and type can answer.
_BY_DAYS = frozenset(("types", "since", "until"))


@dataclass(frozen=True, slots=True)
class _Said:
    """numbers: of records that corrections take out of what the database answers. hits: those that they put in."""

    numbers: frozenset[int]
    hits: tuple[_Hit, ...]

    def events(self, connection: sa.Connection, query: Query) -> Iterator[tuple[Event, StoryRecords]]:
        for hits in _chunks(self.hits, BATCH):
            stories = _stories(connection, {hit.story_id for hit in hits}, query)
            for hit in hits:
                records = stories[hit.story_id][1]
                yield next(each for each in records.events if each.id == hit.id), records


def _said_by_target(connection: sa.Connection) -> dict[Id, list[Correction]]:
    said: dict[Id, list[Correction]] = defaultdict(list)
    for row in _rows(connection, sa.select(schema.corrections)):
        said[row["target_id"]].append(Correction(**row))
    return said


def _verdict(made: Iterable[Correction]) -> tuple[bool, set[str]]:
    """Whether a record is rejected, and which of its fields are changed."""
    verdict, fields = None, set()
    for each in overlay.counting(made):
        if each.action == "change" and each.field is not None:
            fields.add(each.field)
        else:
            verdict = each.action
    return verdict == "reject", fields


def _fields_asked(query: Query, kind: Kind) -> set[str]:
    """The fields of a record that decide whether it meets the query, and where it stands in the order."""
    of: Mapping[str, tuple[str, ...]] = {
        "since": ("time", "said_at"), "until": ("time", "said_at"), "near": ("places",), "box": ("places",),
        "places": ("places",), "countries": ("places",), "types": ("type",), "modes": ("modes",),
        "contexts": ("contexts",), "statuses": ("status",), "standings": ("stances", "actors"),
        "acts": ("act", "stances"), "min_killed": ("casualties",), "by": ("source_actors",), "about": ("about",),
        "actor": (*matching.ROLES["either"], *matching.SPOKEN["either"]),
    }  # fmt: skip
    fields = {field for name in query.conditions() for field in of.get(name, ())}
    # A histogram may be by any of these, so they always matter.
    fields |= {"time", "said_at", "type", "status", "stances", "actors"} if kind is Event else {"time", "said_at"}
    return fields | ({"casualties"} if query.order == "deadliest" else set())


def _key_of(record: Event | Claim, records: StoryRecords, order: str) -> Key:
    if order in ("newest", "oldest"):
        if isinstance(record, Event):
            return derived.event_day(record, records.story)
        return derived.claim_day(record, records.story)
    return derived.killed(record) if order == "deadliest" and isinstance(record, Event) else None


def _named(by: By, event: Event, records: StoryRecords) -> str | None:
    """Under what an event counts in a histogram."""
    if by in _LETTERS:
        day = derived.event_day(event, records.story)
        return day.isoformat()[: _LETTERS[by]] if day else None
    if by == "standing":
        return standing(event, records.claims)
    return event.type if by == "type" else event.status


def _told(by: By, name: str | None) -> str | None:
    """A name in a histogram as a database gives it; a table of days has "" where there is none."""
    return name or None if by in _LETTERS else name


def _rank(order: str, key: Key, number: int) -> tuple[bool, int, int]:
    """Where a record stands: the least first. What has no key comes last."""
    value = 0 if key is None else key if isinstance(key, int) else key.toordinal()
    unknown = key is None and order != "arrival"
    return (unknown, value, number) if order == "oldest" else (unknown, -value, -number)


# ---------------------------------------------------------------- conditions


def _fixed_conditions(backend: Backend, query: Query, table: sa.Table) -> Iterator[sa.ColumnElement[bool]]:
    """Those that corrections cannot change."""
    stories, outlets = schema.stories, schema.outlets
    if query.versions == "latest":
        # A list, made once: asked for every record, SQLite has been seen to look through all stories each time.
        yield table.c.story_id.not_in(_superseded_stories())
    if query.words is not None:
        yield table.c.number.in_(backend.with_words(table.name, parse_words(query.words)))
    if query.outlets:
        named = sa.select(outlets.c.id).where(outlets.c.name.in_(query.outlets))
        published = sa.or_(stories.c.outlet_id.in_(query.outlets), stories.c.outlet_id.in_(named))
        yield table.c.story_id.in_(sa.select(stories.c.id).where(published))


def _superseded_stories() -> sa.Select[tuple[Id]]:
    """The ids of stories that have a newer version."""
    table = schema.stories.alias("later")
    return sa.select(table.c.supersedes).where(table.c.supersedes.is_not(None))


def _conditions(
    backend: Backend, query: Query, table: sa.Table, sought: Mapping[str, Sought]
) -> Iterator[sa.ColumnElement[bool]]:
    """Those of records as they were read: `matching.py` in SQL."""
    if query.since is not None:
        yield table.c.day >= query.since
    if query.until is not None:
        yield table.c.day <= query.until
    yield from _event_conditions(backend, query) if table is schema.events else _claim_conditions(query)
    fields: Mapping[str, tuple[str, ...]] = {
        "actor": matching.ROLES[query.role] if table is schema.events else matching.SPOKEN[query.role],
        "by": ("source_actors",),
        "about": ("about",),
    }
    refs = schema.actor_refs
    for name, whom in sought.items():
        tied = sa.select(refs.c.owner_id).where(refs.c.field.in_(fields[name]), refs.c.actor_id.in_(actor_ids(whom)))
        yield table.c.id.in_(tied)


def _claim_conditions(query: Query) -> Iterator[sa.ColumnElement[bool]]:
    if query.acts:
        yield schema.claims.c.act.in_(query.acts)


def _event_conditions(backend: Backend, query: Query) -> Iterator[sa.ColumnElement[bool]]:
    events, stances, claims = schema.events.c, schema.stances.c, schema.claims.c
    for column, values in (
        (events.type, query.types), (events.status, query.statuses), (events.standing, query.standings)
    ):  # fmt: skip
        if values:
            yield column.in_(values)
    for column, values in ((events.modes, query.modes), (events.contexts, query.contexts)):
        if values:
            # Not LIKE, to which in SQLite capitals are small letters.
            listed = sa.type_coerce(column, sa.Text)
            yield sa.or_(*(sa.func.replace(listed, _as_listed(value), "") != listed for value in values))
    if query.min_killed is not None:
        yield events.killed >= query.min_killed
    if query.acts:
        held = sa.select(stances.event_id).join(schema.claims, claims.id == stances.claim_id)
        yield events.id.in_(held.where(claims.act.in_(query.acts)))
    for area in (query.near, query.box):
        if area is not None:
            yield events.number.in_(backend.in_area(area, query.since, query.until))
    refs, places = schema.place_refs.c, schema.places.c
    named = sa.or_(places.id.in_(query.places), places.name.in_(query.places)) if query.places else None
    there = places.country.in_(query.countries) if query.countries else None
    for condition in (named, there):
        if condition is not None:
            of_place = sa.and_(places.story_id == refs.story_id, places.id == refs.place_id)
            found = sa.select(refs.owner_id).join(schema.places, of_place)
            yield events.id.in_(found.where(refs.field == "places", condition))


def _as_listed(value: str) -> str:
    """A value as it stands in a column of JSON."""
    return str(schema.Json().process_bind_param([value], sa.engine.default.DefaultDialect()))[1:-1]


# ---------------------------------------------------------------- stories


def _stories(
    connection: sa.Connection, names: Iterable[Id], query: Query
) -> dict[Id, tuple[StoredStory, StoryRecords]]:
    """Stories by id, with their records as they count."""
    table = schema.stories
    found = _rows(connection, sa.select(table).where(table.c.id.in_(sorted(names))))
    return {
        stored.records.story.id: (stored, stored.records if query.as_read else effective_records(connection, stored))
        for stored in _load(connection, found)
    }


def effective_records(connection: sa.Connection, stored: StoredStory) -> StoryRecords:
    """The records of a story as they count now, and all that they name among them.

    A correction may name an actor or a place that this story does not have. Its record is then taken from another
    story; a reference to what no story has, or to words that are no mention of this one, is left out.
    """
    if not stored.corrections:
        return stored.records
    records = overlay.corrected(stored)
    owners: tuple[Event | Claim, ...] = (*records.events, *records.claims)
    fields = [(owner, name) for owner in owners for name in _REFS[type(owner)]]
    actors = {ref.actor_id for owner, name in fields if name != "places" for ref in getattr(owner, name)}
    places = {ref.place_id for owner, name in fields if name == "places" for ref in getattr(owner, name)}
    more_actors = actors - {actor.id for actor in records.actors}
    more_places = places - {place.id for place in records.places}
    found_actors = [rows.actor_from(row) for row in _any_of(connection, schema.actors, more_actors)]
    found_places = [rows.place_from(row) for row in _any_of(connection, schema.places, more_places)]
    records = dataclasses.replace(
        records, actors=(*records.actors, *found_actors), places=(*records.places, *found_places)
    )
    return dataclasses.replace(
        records,
        events=tuple(_only_known(event, records) for event in records.events),
        claims=tuple(_only_known(claim, records) for claim in records.claims),
    )


_REFS: Mapping[type, tuple[str, ...]] = {
    Event: ("actors", "recipients", "places"),
    Claim: ("source_actors", "about", "addressees"),
}


def _any_of(connection: sa.Connection, table: sa.Table, names: Iterable[Id]) -> list[Mapping[str, Any]]:
    """One row for each id, whichever story it is of."""
    found = _rows(connection, sa.select(table).where(table.c.id.in_(sorted(names)))) if names else []
    return list({row["id"]: row for row in found}.values())


def _only_known(owner: Record, records: StoryRecords) -> Record:
    mentions = {mention.id for mention in records.mentions}
    known: dict[str, set[Id]] = {
        "actor_id": {actor.id for actor in records.actors},
        "place_id": {place.id for place in records.places},
    }
    kept: dict[str, Any] = {}
    for name in _REFS[type(owner)]:
        of = "place_id" if name == "places" else "actor_id"
        refs = getattr(owner, name)
        kept[name] = tuple(ref for ref in refs if ref.mention_id in mentions and getattr(ref, of) in known[of])
    return dataclasses.replace(owner, **kept)


def _found_in(
    connection: sa.Connection, table: sa.Table, column: sa.Column[Any], values: Iterable[Any]
) -> Iterator[Any]:
    for some in _chunks(sorted(values), CHUNK):
        yield from connection.execute(sa.select(table.c.id, table.c.number, table.c.story_id).where(column.in_(some)))


def _chunks(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _first(hits: Iterator[_Hit], most: int) -> Iterator[_Hit]:
    for _, hit in zip(range(most), hits, strict=False):
        yield hit
