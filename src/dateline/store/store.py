"""The store itself: what is kept, in one transaction a document, and how it is read back. Begin with `Store.keep`."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from dateline.errors import RecordError, StoreError, UsageError
from dateline.records import Actor, Claim, Document, Event, Id, Incident, Outlet, Problem, StoryRecords
from dateline.store import corrections as overlay
from dateline.store import derived, rows, schema, versions
from dateline.store.backends import Backend, Placed
from dateline.store.faults import explained
from dateline.store.kept import Change, Correction, CorrectionNote, Counts, Grouping, Kept, Run, StoredStory
from dateline.store.notes import notes_of
from dateline.store.query import Query
from dateline.store.versions import Told

if TYPE_CHECKING:
    from dateline.store.queries import By, Found, FoundStory
    from dateline.store.renewing import Renewed

BATCH = 50  # stories read at a time: some megabytes, whatever the size of the store


class Store:
    """Stories with everything that was read in them. Made by `open_store`; close it, or use it in a `with` block.

    Any number of programs may read while one writes; what they read is the last commit before they began.
    Every method raises StoreError when the database fails; nothing is half done then.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @property
    def where(self) -> str:
        """The store as people know it: a path, or an address without its password."""
        return self._backend.where

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._backend.engine.dispose()

    # ------------------------------------------------------------ keeping

    def keep(
        self,
        document: Document,
        stories: Sequence[StoryRecords],
        *,
        run: Run,
        address: str | None = None,
        outlets: Iterable[Outlet] = (),
        problems: Iterable[Problem] = (),
    ) -> Kept:
        """Keep a document with its stories: when this returns, all of it is on the disk.

        address: the address that its publisher gives it, by which its next version is known; None: its location.
        problems: those of the document itself; those of a story are in its records.
        A document that is there already changes nothing; neither does one whose stories are all there word for word.
        Raises RecordError where the records do not fit together, and then keeps nothing of them.
        """
        _check(document, stories, self.where)
        place = versions.canonical(address or document.location)
        now = _now()
        with explained(self.where), self._backend.writing() as connection, connection.begin():
            self._backend.lock(connection, place)
            if _is_kept(connection, document.id):
                return Kept(outcome="there")
            told = _tell_versions(self._latest_at(connection, place), document, stories)
            if stories and not told:
                return Kept(outcome="unchanged")
            written = _insert_new(connection, schema.runs, [_run_row(run, now)])
            written += _insert_new(connection, schema.outlets, [rows.outlet_row(each) for each in _sorted(outlets)])
            row = rows.document_row(document, address=place, story_count=len(told), kept_at=now)
            written += _insert_new(connection, schema.documents, [row])
            written += _insert_actor_words(connection, (records for records, _ in told))
            for records, earlier in told:
                written += self.insert_story(connection, document, records, run=run, now=now)
                if earlier is not None:
                    changes = versions.align(earlier, Told(document, records))
                    written += _insert(connection, schema.changes, [_change_row(each, now) for each in changes])
            written += _insert_problems(connection, problems, document_id=document.id, run=run, now=now)
        return Kept(
            outcome="version" if any(earlier for _, earlier in told) else "new",
            stories=len(told),
            claims=sum(len(records.claims) for records, _ in told),
            events=sum(len(records.events) for records, _ in told),
            rows=written,
        )

    def renew(self, stored: StoredStory, records: StoryRecords, *, run: Run) -> Renewed:
        """Keep a story that was read again, by another model or configuration, as its new version.

        The records are those of a story with an id of its own that supersedes this one, in the same document. What
        became of each event and claim is told as for any version; corrections that count go on to hold for what was
        found in the place of what they are about. Nothing happens where the story has a newer version already.
        """
        from dateline.store import renewing

        return renewing.renew(self, self._backend, stored, records, run=run, now=_now())

    def keep_problem(self, problem: Problem, *, run: Run) -> bool:
        """Keep a problem of an input that gave no document. False where it is there already."""
        now = _now()
        with explained(self.where), self._backend.writing() as connection, connection.begin():
            _insert_new(connection, schema.runs, [_run_row(run, now)])
            return _insert_problems(connection, [problem], document_id=None, run=run, now=now) > 0

    def has(self, document_id: Id) -> bool:
        """Whether this very document is kept."""
        with self._reading() as connection:
            return _is_kept(connection, document_id)

    def keep_incidents(self, incidents: Iterable[Incident]) -> int:
        """Keep incidents with their members, all in one transaction; how many there were.

        An incident whose id is kept is replaced, members and all; others stay. Those that one `supersedes` stay, too,
        and say so in `superseded_by`, so that an id that somebody has cited still leads somewhere. Events and claims
        must be kept.
        """
        now = _now()
        count = 0
        with explained(self.where), self._backend.writing() as connection, connection.begin():
            for incident in incidents:
                _replace_incident(connection, incident, now)
                count += 1
        return count

    # ------------------------------------------------------------ reading

    def counts(self) -> Counts:
        """How many of each kind there are."""
        with self._reading() as connection:
            return Counts(**{name: _count(connection, schema.metadata.tables[name]) for name in Counts.__slots__})

    def stories(self, *, after: int = 0, versions: Literal["latest", "all"] = "latest") -> Iterator[StoredStory]:
        """Stories in the order of arrival, some at a time: as the store was when the first was asked for.

        after: only stories with a greater `number`. versions: "latest" leaves out stories that have a newer version,
        which would otherwise count as another source.
        """
        with self._reading() as connection:
            yield from _stories(connection, after=after, latest=versions == "latest")

    def events(self, query: Query | None = None) -> Iterator[Found[Event]]:
        """The events that meet a query, as they count, in its order; all of them without one.

        They come some at a time, from the store as it was when the first was asked for. A page is a query with a
        `limit`; the next begins at the `cursor` of its last event. Raises UsageError for conditions of claims.
        """
        from dateline.store import queries

        with self._reading() as connection:
            yield from queries.find(self._backend, connection, query or Query(), Event)

    def claims(self, query: Query | None = None) -> Iterator[Found[Claim]]:
        """The claims that meet a query, as `events`. Raises UsageError for conditions of events."""
        from dateline.store import queries

        with self._reading() as connection:
            yield from queries.find(self._backend, connection, query or Query(), Claim)

    def stories_with(self, query: Query | None = None, *, claims: Query | None = None) -> Iterator[FoundStory]:
        """The stories with events that meet a query, or with claims that meet `claims`, in the order of arrival.

        Each comes once, with the ids of those events and claims. Order, limit and cursor do not matter.
        """
        from dateline.store import queries

        with self._reading() as connection:
            yield from queries.find_stories(self._backend, connection, query or Query(), claims=claims)

    def count(self, query: Query | None = None, *, of: Literal["events", "claims"] = "events") -> int:
        """How many events, or claims, meet a query: as many as come when they are asked for without a limit."""
        from dateline.store import queries

        with self._reading() as connection:
            return queries.count(self._backend, connection, query or Query(), Event if of == "events" else Claim)

    def histogram(self, query: Query | None = None, *, by: By = "month") -> dict[str | None, int]:
        """How many events meet a query, by year, month, day, type, status or standing, in order.

        Example: {"2025-10": 12, "2025-11": 40, None: 3}, where None are those without a day. The sum is `count`.
        """
        from dateline.store import queries

        with self._reading() as connection:
            return queries.histogram(self._backend, connection, query or Query(), by)

    def named(self, text: str, *, most: int = 20) -> list[tuple[str, Id]]:
        """The records with this id, else those whose id begins so: ("event", "event:4f1d..."), at most so many a kind.

        The kind may be left out. Actors are found by their ids; by their names `Query.actor` finds what they do.
        """
        from dateline.store import lookup

        with self._reading() as connection:
            return lookup.named(connection, text, most=most)

    def events_of(self, ids: Sequence[Id], *, as_read: bool = False) -> list[Found[Event]]:
        """Events by id, in this order. What is not there is left out; a rejected one comes as it was read."""
        from dateline.store import lookup

        with self._reading() as connection:
            return lookup.find_by_id(connection, ids, Event, as_read=as_read)

    def claims_of(self, ids: Sequence[Id], *, as_read: bool = False) -> list[Found[Claim]]:
        """Claims by id, as `events_of`."""
        from dateline.store import lookup

        with self._reading() as connection:
            return lookup.find_by_id(connection, ids, Claim, as_read=as_read)

    def incident(self, incident_id: Id) -> Incident:
        """One incident; of one that was merged into another, that one. Raises StoreError where there is none."""
        from dateline.store import lookup

        with self._reading() as connection:
            return lookup.incident(connection, incident_id, self.where)

    def effective(self, story_id: Id) -> StoryRecords:
        """The records of one story as they count, with the corrections of people."""
        from dateline.store import queries

        with self._reading() as connection:
            stored = _load(
                connection, _rows(connection, sa.select(schema.stories).where(schema.stories.c.id == story_id))
            )
            if not stored:
                raise StoreError(f"there is no story {story_id}", location=self.where)
            return queries.effective_records(connection, stored[0])

    def actors(self, name: str) -> list[Actor]:
        """The actors that a name means, as `Query.actor` has it, each as one of its stories has it."""
        from dateline.store import queries

        with self._reading() as connection:
            return queries.actors_called(connection, name)

    def story(self, story_id: Id) -> StoredStory:
        """One story. Raises StoreError where there is none of this id."""
        with self._reading() as connection:
            found = _rows(connection, sa.select(schema.stories).where(schema.stories.c.id == story_id))
            if not found:
                raise StoreError(f"there is no story {story_id}", location=self.where)
            return _load(connection, found)[0]

    def records_of(self, story_id: Id) -> StoryRecords:
        """The records of one story, equal to those that were kept. Raises StoreError where there is none of this id."""
        return self.story(story_id).records

    def notes(self, story_id: Id) -> tuple[CorrectionNote, ...]:
        """What its outlet says in a story about changes to it. Raises StoreError where there is no such story."""
        with self._reading() as connection:
            document = self.story(story_id).document
            table = schema.stories
            found = sa.select(table).where(table.c.document_id == document.id).order_by(table.c.number)
            stories = [each.records.story for each in _load(connection, _rows(connection, found))]
        return notes_of(document.text, stories, story_id)

    def incidents(self) -> Iterator[Incident]:
        """Every incident that was not merged into another, in the order of arrival."""
        table = schema.incidents
        with self._reading() as connection:
            found = sa.select(table).where(table.c.superseded_by.is_(None)).order_by(table.c.number)
            for batch in _batches(_streamed(connection, found), BATCH):
                yield from _whole_incidents(connection, batch)

    def archive(self, query: Query | None = None) -> Iterator[dict[str, Any]]:
        """Everything that is kept, in plain dictionaries that `restore` takes: see `archive.py`.

        query: only the stories with events that meet it, of each the version that does.
        """
        from dateline.store import archive

        with self._reading() as connection:
            yield from archive.lines(self._backend, connection, query)

    def restore(self, lines: Iterable[Mapping[str, Any]]) -> int:
        """Keep what `archive` gave; how many lines brought something new. What is there already stays as it is.

        Some lines are kept at a time, in one transaction each: a run that was stopped is taken up by running it again.
        Raises RecordError, with the number of the line, where one is none.
        """
        from dateline.store import archive

        return archive.restore(self, self._backend, lines)

    def problems(self) -> Iterator[Problem]:
        """Every problem, of inputs and of stories, in the order in which they were kept."""
        table = schema.problems
        with self._reading() as connection:
            found = sa.select(table).order_by(table.c.kept_at, table.c.location, table.c.story_id, table.c.position)
            for row in _streamed(connection, found):
                yield rows.problem_from(row)

    def changes(self, *, story_id: Id | None = None, since: dt.datetime | None = None) -> Iterator[Change]:
        """What new versions made of events and claims, in order. since: only what was kept then or later."""
        table = schema.changes
        found = sa.select(table).order_by(table.c.number)
        if story_id is not None:
            found = found.where(table.c.story_id == story_id)
        if since is not None:
            found = found.where(table.c.kept_at >= since.astimezone(dt.UTC))
        with self._reading() as connection:
            for row in _streamed(connection, found):
                yield Change(
                    **{name: row[name] for name in ("story_id", "earlier_story_id", "kind", "change", "field")},
                    **{name: row[name] for name in ("earlier_id", "later_id")},
                    earlier=row["earlier_value"],
                    later=row["later_value"],
                )

    # ------------------------------------------------------------ corrections by people

    def accept(self, target_id: Id, *, editor: str, reason: str = "") -> Correction:
        """Say that a claim or an event is right as it was read, or an incident as it was found."""
        return self._correct(target_id, "accept", editor=editor, reason=reason)

    def reject(self, target_id: Id, *, editor: str, reason: str = "") -> Correction:
        """Say that a claim, an event or an incident is none."""
        return self._correct(target_id, "reject", editor=editor, reason=reason)

    def change(self, target_id: Id, field: str, value: Any, *, editor: str, reason: str = "") -> Correction:
        """Say what a field of a claim or an event should be. value: a field's value, or the same as JSON has it."""
        return self._correct(target_id, "change", editor=editor, reason=reason, field=field, value=rows.plain(value))

    def merge(self, incident_id: Id, others: Sequence[Id], *, editor: str, reason: str = "") -> Correction:
        """Say that other incidents are the same happening as this one. The incidents stay as they were found."""
        return self._correct(incident_id, "merge", editor=editor, reason=reason, value=list(others))

    def split(self, incident_id: Id, members: Sequence[Id], *, editor: str, reason: str = "") -> Correction:
        """Say that some events and claims of an incident, not all, are about a happening of their own."""
        return self._correct(incident_id, "split", editor=editor, reason=reason, value=list(members))

    def regrouped(self) -> tuple[Grouping, ...]:
        """The incidents that people merged or split, as they count now: see `corrections.regrouped`."""
        said = [each for each in self.corrections() if each.action in ("merge", "split", "undo")]
        names = {name for each in said if each.action != "undo" for name in (each.target_id, *each.value)}
        with self._reading() as connection:
            return overlay.regrouped(_incidents_of(connection, names), said)

    def undo(self, number: int, *, editor: str, reason: str = "") -> Correction:
        """Take a correction back; another one says so. Undoing that one brings the first back."""
        table = schema.corrections
        with self._reading() as connection:
            target = connection.execute(sa.select(table.c.target_id).where(table.c.number == number)).scalar()
        if target is None:
            raise UsageError(f"there is no correction {number}", location=self.where)
        return self._correct(target, "undo", editor=editor, reason=reason, undoes=number)

    def corrections(self, target_id: Id | None = None) -> list[Correction]:
        """What people said, in order: about one claim or event, or about all."""
        table = schema.corrections
        found = sa.select(table).order_by(table.c.number)
        if target_id is not None:
            found = found.where(table.c.target_id == target_id)
        with self._reading() as connection:
            return [Correction(**row) for row in _rows(connection, found)]

    def _correct(
        self,
        target_id: Id,
        action: Literal["accept", "reject", "change", "merge", "split", "undo"],
        *,
        editor: str,
        reason: str,
        field: str | None = None,
        value: Any = None,
        undoes: int | None = None,
    ) -> Correction:
        row = {
            "target_id": target_id, "action": action, "field": field, "value": value,
            "undoes": undoes, "editor": editor, "reason": reason, "made_at": _now(),
        }  # fmt: skip
        with explained(self.where), self._backend.writing() as connection, connection.begin():
            kind = _kind_of(connection, target_id)
            if kind is None:
                raise UsageError(f"there is no claim, event or incident {target_id}", location=self.where)
            _check_correction(connection, kind, target_id, action, field, value)
            statement = sa.insert(schema.corrections).returning(schema.corrections.c.number)
            number = connection.execute(statement, row).scalar_one()
        return Correction(number=number, **row)

    # ------------------------------------------------------------ caring

    def check(
        self, *, show: Callable[[int], None] | None = None, look: Callable[[StoredStory], None] | None = None
    ) -> Iterator[Problem]:
        """What is wrong with the store: everything that was kept is there, and the indexes are those of the texts.

        Every text has the digest it was kept with, and so have the records of every story, all rows taken together;
        documents have as many stories as were kept; columns to ask by are what the records say; words and places are
        indexed rightly; foreign keys hold; the file is whole. Whether spans lie in their texts is for
        `pipeline.verification` to see.
        show: called with the number of stories checked so far. look: called with each of them, for checks of one's own.
        """
        from dateline.store.checks import check

        with self._reading() as connection:
            for message, location in check(self._backend, connection, show=show, look=look):
                yield Problem(
                    location=f"{self.where}: {location}" if location else self.where,
                    message=message,
                    remedy="It was altered or damaged. Go back to a backup, or add the documents to a new store.",
                )

    def backup(self, copy: Path, *, show: Callable[[int, int], None] | None = None) -> None:
        """Write a copy of the store as it is now, while others read and write.

        show: called with the pages copied and the pages there are. Raises UsageError for PostgreSQL, which has its own
        program for that.
        """
        with explained(self.where):
            self._backend.backup(copy, show)

    # ------------------------------------------------------------ inside

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        """A connection that sees the store as it is at one moment."""
        with explained(self.where), self._backend.reading() as connection:
            yield connection

    def _latest_at(self, connection: sa.Connection, address: str) -> list[Told]:
        """The stories at an address that have no newer version."""
        later = schema.stories.alias("later")
        found = (
            sa.select(schema.stories)
            .join(schema.documents, schema.documents.c.id == schema.stories.c.document_id)
            .where(schema.documents.c.address == address)
            .where(~sa.exists().where(later.c.supersedes == schema.stories.c.id))
            .order_by(schema.stories.c.number)
        )
        stored = _load(connection, _rows(connection, found))
        return [Told(each.document, each.records) for each in stored]

    def insert_story(
        self, connection: sa.Connection, document: Document, records: StoryRecords, *, run: Run, now: dt.datetime
    ) -> int:
        """Every row of a story and its entries in the indexes, in the transaction of this connection; how many rows."""
        tables = rows.rows_of(records, run=run.id, kept_at=now)
        written = sum(_insert(connection, schema.metadata.tables[name], made) for name, made in tables.items())
        numbers = {
            row.id: row.number
            for table, column in ((schema.stories, "id"), (schema.claims, "story_id"), (schema.events, "story_id"))
            for row in connection.execute(
                sa.select(table.c.id, table.c.number).where(table.c[column] == records.story.id)
            )
        }
        told = Told(document, records)
        self._backend.index_words(connection, "stories", [derived.worded_story(told, numbers)])
        self._backend.index_words(connection, "claims", derived.worded_claims(told, numbers))
        self._backend.index_words(connection, "events", derived.worded_events(told, numbers))
        self._backend.index_places(connection, placed_events(records, numbers))
        return written


# ---------------------------------------------------------------- what is searched for


def placed_events(records: StoryRecords, numbers: Mapping[Id, int]) -> list[Placed]:
    """Every event at each of its places."""
    places = {place.id: place for place in records.places}
    found = []
    for event in records.events:
        first, last = _days(event)
        for position, ref in enumerate(event.places):
            place = places[ref.place_id]
            found.append(
                Placed(numbers[event.id], position, place.latitude, place.longitude, first, last, ref.precision)
            )
    return found


def _days(event: Event) -> tuple[int, int]:
    """First and last day as ordinals; an end that is not known is that of the calendar."""
    time = event.time
    first = time.earliest if time and time.earliest else dt.date.min
    last = time.latest if time and time.latest else dt.date.max
    return min(first, last).toordinal(), max(first, last).toordinal()


# ---------------------------------------------------------------- writing


def _check(document: Document, stories: Sequence[StoryRecords], where: str) -> None:
    """Records that the tables could not give back as they came."""
    for records in stories:
        story = records.story
        mentions = {mention.id: mention for mention in records.mentions}
        named = [each.story_id for each in records.mentions]
        named += [each.story_id for each in records.claims] + [each.story_id for each in records.events]
        means = [mention for event in records.events for mention in event.instruments]
        if (
            story.document_id != document.id
            or any(name != story.id for name in named)
            or any(mentions.get(mention.id) != mention for mention in means)
        ):
            raise RecordError(
                f"the records of {story.id} name another story or a mention that is not among them",
                location=where,
                remedy="Nothing of them was kept.",
            )


def _tell_versions(
    kept: Sequence[Told], document: Document, stories: Sequence[StoryRecords]
) -> list[tuple[StoryRecords, Told | None]]:
    """The stories that are to be kept, each with the one that it is a new version of. Unchanged ones are left out."""
    if not kept:
        return [(records, None) for records in stories]
    texts = {each.records.story.id: versions.story_words(each) for each in kept}
    beside = {each.document.id: [other.records for other in kept if other.document == each.document] for each in kept}
    notes = {each.records.story.id: _notes(each.document, beside[each.document.id], each.records) for each in kept}
    left = list(kept)
    told: list[tuple[StoryRecords, Told | None]] = []
    for records in stories:
        words = versions.story_words(Told(document, records))
        noted = _notes(document, stories, records)
        same = next(
            (each for each in left if texts[name := each.records.story.id] == words and notes[name] == noted), None
        )
        if same is not None:
            left.remove(same)
            continue
        earlier = next((each for each in left if versions.same_story(texts[each.records.story.id], words)), None)
        if earlier is not None:
            left.remove(earlier)
            records = _superseding(records, earlier.records.story.id)
        told.append((records, earlier))
    return told


def _notes(document: Document, stories: Sequence[StoryRecords], records: StoryRecords) -> list[str]:
    """What the outlet says about its changes to a story, in the words of the notes."""
    found = notes_of(document.text, [each.story for each in stories], records.story.id)
    return [document.text[note.span.start : note.span.end] for note in found]


def _superseding(records: StoryRecords, earlier: Id) -> StoryRecords:
    return dataclasses.replace(records, story=dataclasses.replace(records.story, supersedes=earlier))


def _insert(connection: sa.Connection, table: sa.Table, made: Sequence[rows.Row]) -> int:
    if made:
        connection.execute(sa.insert(table), made)
    return len(made)


def _insert_new(connection: sa.Connection, table: sa.Table, made: Sequence[rows.Row]) -> int:
    """Insert rows that are not there yet, one by one, to know how many that were."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    # Counted by what comes back: not every driver knows how many rows it wrote.
    statement = insert(table).on_conflict_do_nothing().returning(*table.primary_key.columns)
    return sum(len(connection.execute(statement, row).all()) for row in made)


def _insert_actor_words(connection: sa.Connection, stories: Iterable[StoryRecords]) -> int:
    """In one order for every writer, as outlets are."""
    found = set().union(*(derived.actor_words(records.actors) for records in stories))
    made = [{"word": word, "actor_id": actor} for word, actor in sorted(found)]
    return _insert_new(connection, schema.actor_words, made)


def _insert_problems(
    connection: sa.Connection, problems: Iterable[Problem], *, document_id: Id | None, run: Run, now: dt.datetime
) -> int:
    made = [
        rows.problem_row(problem, position=n, story_id=None, document_id=document_id, kept_at=now) | {"run_id": run.id}
        for n, problem in enumerate(problems)
    ]
    return _insert_new(connection, schema.problems, made)


def _replace_incident(connection: sa.Connection, incident: Incident, now: dt.datetime) -> None:
    table = schema.incidents
    for members in (schema.incident_events, schema.incident_claims):
        connection.execute(sa.delete(members).where(members.c.incident_id == incident.id))
    row = rows.incident_row(incident, kept_at=now)
    if not _insert_new(connection, table, [row]):
        connection.execute(sa.update(table).where(table.c.id == incident.id).values(row | {"superseded_by": None}))
    for members, column, ids in (
        (schema.incident_events, "event_id", incident.event_ids),
        (schema.incident_claims, "claim_id", incident.claim_ids),
    ):
        _insert(
            connection, members, [{"incident_id": incident.id, "position": n, column: i} for n, i in enumerate(ids)]
        )
    if incident.supersedes:
        merged = sa.update(table).where(table.c.id.in_(incident.supersedes))
        connection.execute(merged.values(superseded_by=incident.id))


def _run_row(run: Run, now: dt.datetime) -> rows.Row:
    return {
        "id": run.id,
        "model": run.model,
        "version": run.version,
        "configuration": dict(sorted(run.configuration.items())),
        "first_used_at": now,
    }


def _change_row(change: Change, now: dt.datetime) -> rows.Row:
    names = ("story_id", "earlier_story_id", "kind", "change", "earlier_id", "later_id", "field")
    return {name: getattr(change, name) for name in names} | {
        "earlier_value": change.earlier,
        "later_value": change.later,
        "kept_at": now,
    }


def _sorted(outlets: Iterable[Outlet]) -> list[Outlet]:
    """In one order for every writer: two that each hold a row the other wants would wait for ever."""
    return sorted(outlets, key=lambda outlet: outlet.id)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


# ---------------------------------------------------------------- reading


def all_stories(connection: sa.Connection) -> Iterator[StoredStory]:
    """Every story of every version, some at a time."""
    return _stories(connection, after=0, latest=False)


def _stories(connection: sa.Connection, *, after: int, latest: bool) -> Iterator[StoredStory]:
    table = schema.stories
    while True:
        found = sa.select(table).where(table.c.number > after).order_by(table.c.number).limit(BATCH)
        batch = _rows(connection, found)
        if not batch:
            return
        yield from (each for each in _load(connection, batch) if not (latest and each.superseded_by))
        after = batch[-1]["number"]


def _load(connection: sa.Connection, found: Sequence[Mapping[str, Any]]) -> list[StoredStory]:
    """Whole stories of their rows: one question a table, for all of them together."""
    names = [row["id"] for row in found]
    if not names:
        return []
    parts = {table: _parts(connection, schema.metadata.tables[table], names) for table in rows.PARTS}
    documents = _by_id(connection, schema.documents, {row["document_id"] for row in found})
    outlets = _by_id(connection, schema.outlets, {row["outlet_id"] for row in found} - {None})
    versioned = sa.select(schema.stories.c.supersedes, schema.stories.c.id).where(
        schema.stories.c.supersedes.in_(names)
    )
    later = {row.supersedes: row.id for row in connection.execute(versioned)}
    said = _corrections_of(connection, parts)
    return [
        StoredStory(
            number=row["number"],
            document=rows.document_from(documents[row["document_id"]]),
            outlet=rows.outlet_from(outlets[row["outlet_id"]]) if row["outlet_id"] in outlets else None,
            records=rows.records_from(row, {table: parts[table][row["id"]] for table in rows.PARTS}),
            run_id=row["run_id"],
            kept_at=documents[row["document_id"]]["kept_at"],
            superseded_by=later.get(row["id"]),
            corrections=tuple(said[row["id"]]),
        )
        for row in found
    ]


def _parts(connection: sa.Connection, table: sa.Table, names: Sequence[Id]) -> dict[Id, list[Mapping[str, Any]]]:
    """The rows of some stories in one table, in their order, by story."""
    first = {"claims": "number", "events": "number", "tolls": "event_id", "stances": "event_id"}.get(table.name)
    if table.name in ("actor_refs", "place_refs", "evidence"):
        first = "owner_id"
    order = [table.c[name] for name in ("story_id", first, "position") if name and name in table.c]
    groups: dict[Id, list[Mapping[str, Any]]] = defaultdict(list)
    for row in _rows(connection, sa.select(table).where(table.c.story_id.in_(names)).order_by(*order)):
        groups[row["story_id"]].append(row)
    return groups


def _by_id(connection: sa.Connection, table: sa.Table, names: Iterable[Id]) -> dict[Id, Mapping[str, Any]]:
    found = _rows(connection, sa.select(table).where(table.c.id.in_(sorted(names))))
    return {row["id"]: row for row in found}


def _corrections_of(
    connection: sa.Connection, parts: Mapping[str, Mapping[Id, Sequence[Mapping[str, Any]]]]
) -> dict[Id, list[Correction]]:
    """What people said about the claims and events of some stories, by story."""
    said: dict[Id, list[Correction]] = defaultdict(list)
    table = schema.corrections
    if connection.execute(sa.select(table.c.number).limit(1)).first() is None:
        return said
    story_of = {row["id"]: name for kind in ("claims", "events") for name, made in parts[kind].items() for row in made}
    for targets in _batches(iter(story_of), 500):
        found = sa.select(table).where(table.c.target_id.in_(targets)).order_by(table.c.number)
        for row in _rows(connection, found):
            said[story_of[row["target_id"]]].append(Correction(**row))
    return said


def _members(connection: sa.Connection, column: sa.Column[Any], incidents: Sequence[Id]) -> dict[Id, list[Id]]:
    table = column.table
    found = sa.select(table.c.incident_id, column).where(table.c.incident_id.in_(incidents))
    members: dict[Id, list[Id]] = defaultdict(list)
    for incident, member in connection.execute(found.order_by(table.c.incident_id, table.c.position)):
        members[incident].append(member)
    return members


def _whole_incidents(connection: sa.Connection, found: Sequence[Mapping[str, Any]]) -> Iterator[Incident]:
    """Incidents of their rows."""
    names = [row["id"] for row in found]
    events = _members(connection, schema.incident_events.c.event_id, names)
    claims = _members(connection, schema.incident_claims.c.claim_id, names)
    for row in found:
        yield rows.incident_from(row, event_ids=events[row["id"]], claim_ids=claims[row["id"]])


def _incidents_of(connection: sa.Connection, names: Iterable[Id]) -> list[Incident]:
    """The incidents of these ids or with one of these members, but for those that were merged into another."""
    table = schema.incidents
    found: dict[Id, Incident] = {}
    for some in _batches(iter(sorted(names)), 500):
        chosen = sa.or_(
            table.c.id.in_(some),
            *(
                table.c.id.in_(sa.select(column.table.c.incident_id).where(column.in_(some)))
                for column in (schema.incident_events.c.event_id, schema.incident_claims.c.claim_id)
            ),
        )
        kept = _rows(connection, sa.select(table).where(chosen, table.c.superseded_by.is_(None)))
        found |= {each.id: each for each in _whole_incidents(connection, kept)}
    return [found[name] for name in sorted(found)]


def _check_correction(
    connection: sa.Connection, kind: Any, target_id: Id, action: str, field: str | None, value: Any
) -> None:
    """Raise UsageError for what cannot be said of this record."""
    if action in ("merge", "split") and kind is not Incident:
        raise UsageError(f"only incidents can be merged and split, and {target_id} is none")
    if action == "change" and field is not None:
        if kind is Incident:
            raise UsageError(
                "the fields of an incident follow from its members", remedy="Correct its events, or merge and split."
            )
        overlay.check_value(kind, field, value)
    if action == "merge":
        wrong = [name for name in value if name == target_id or _kind_of(connection, name) is not Incident]
        if wrong or not value:
            raise UsageError(f"{wrong[0] if wrong else 'nothing'} is no other incident to merge")
    if action == "split":
        (incident,) = _incidents_of(connection, [target_id]) or (None,)
        members = {*incident.event_ids, *incident.claim_ids} if incident else set()
        if not set(value) <= members or not value or set(value) == members:
            raise UsageError(
                f"{', '.join(sorted(set(value) - members)) or 'all or nothing'} cannot be split from {target_id}",
                remedy="Name some of its events and claims, not all.",
            )


def _kind_of(connection: sa.Connection, target_id: Id) -> type[Claim] | type[Event] | type[Incident] | None:
    kinds: tuple[tuple[sa.Table, type[Claim] | type[Event] | type[Incident]], ...] = (
        (schema.claims, Claim),
        (schema.events, Event),
        (schema.incidents, Incident),
    )
    for table, kind in kinds:
        if connection.execute(sa.select(table.c.number).where(table.c.id == target_id)).first():
            return kind
    return None


def _is_kept(connection: sa.Connection, document_id: Id) -> bool:
    table = schema.documents
    return connection.execute(sa.select(table.c.story_count).where(table.c.id == document_id)).first() is not None


def _rows(connection: sa.Connection, found: sa.Select[Any]) -> Sequence[Mapping[str, Any]]:
    # A row can be asked by column as well as by name; here it is always by name.
    return cast(Sequence[Mapping[str, Any]], connection.execute(found).mappings().all())


def _streamed(connection: sa.Connection, found: sa.Select[Any]) -> Iterator[Mapping[str, Any]]:
    """Rows as they are asked for, also from a server that would send them all at once."""
    with connection.execute(found, execution_options={"yield_per": 500}) as result:  # closed also when nobody goes on
        for row in result.mappings():
            yield cast(Mapping[str, Any], row)


def _count(connection: sa.Connection, table: sa.Table) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def _batches(items: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while batch := list(islice(items, size)):
        yield batch
