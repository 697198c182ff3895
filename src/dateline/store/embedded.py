"""A store in one file: SQLite in WAL mode, where readers see the last commit and never wait for the writer.

A commit is on the disk before it returns (`synchronous = FULL`). Words are indexed by FTS5 without a copy of the
text, places and days of events together in an R*Tree of three dimensions.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from dateline.errors import InstallationError, StoreError, UsageError
from dateline.store.backends import Placed, Worded
from dateline.store.query import Box, Circle, Phrase, Wanted, km_between

OLDEST_SQLITE = (3, 35, 0)  # RETURNING
TOKENIZER = "porter unicode61 remove_diacritics 2"
PAGES_AT_ONCE = 1024  # of a backup, 4 MB: in between, the writer may write
BITS = 1e-4  # an R*Tree keeps 32 bits of a degree: at 180 degrees its steps are 1.5e-5

# Shared by the migration that makes the tables and by `wrong_words`, which makes them anew to compare.
WORDS = f"fts5(words, content='', tokenize='{TOKENIZER}')"
PLACES = (
    "rtree(number, south, north, west, east, first_day, last_day, +event, +position, +latitude, +longitude, +precision)"
)
# A question for a month over all events would otherwise count a million rows.
DAYS = (
    "CREATE TABLE event_days (day TEXT NOT NULL, type TEXT NOT NULL, events INTEGER NOT NULL, "
    "PRIMARY KEY (day, type)) WITHOUT ROWID",
    "CREATE TRIGGER event_days_more AFTER INSERT ON events BEGIN "
    "INSERT INTO event_days VALUES (coalesce(new.day, ''), new.type, 1) "
    "ON CONFLICT (day, type) DO UPDATE SET events = events + 1; END",
    "CREATE TRIGGER event_days_fewer AFTER DELETE ON events BEGIN "
    "UPDATE event_days SET events = events - 1 WHERE day = coalesce(old.day, '') AND type = old.type; END",
)


_TREE = (
    "south", "north", "west", "east", "first_day", "last_day", "event", "position", "latitude", "longitude", "precision"
)  # fmt: skip


class Embedded:
    """A store in an SQLite file. See `backends.Backend`.

    patience: seconds to wait for another program that is writing.
    """

    def __init__(self, path: Path, *, patience: float) -> None:
        self.where = str(path)
        self.days: sa.TableClause | None = sa.table(
            "event_days", sa.column("day"), sa.column("type"), sa.column("events")
        )
        self._path = path
        self._patience = patience
        self.engine = sa.create_engine(
            "sqlite://",
            creator=lambda: _connect(path, patience),
            poolclass=sa.QueuePool,
        )
        sa.event.listen(self.engine, "begin", _begin)

    def set_journal(self) -> None:
        """Put the file into WAL mode, which it stays in."""
        with contextlib.closing(_connect(self._path, self._patience)) as connection:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise StoreError(
                f"SQLite cannot keep a write-ahead log here (it uses {mode!r})",
                location=self.where,
                remedy="Network drives cannot: use a local disk, or PostgreSQL.",
            )

    def reading(self) -> sa.Connection:
        return self.engine.connect()

    def writing(self) -> sa.Connection:
        return self.engine.connect().execution_options(writing=True)

    def lock(self, connection: sa.Connection, address: str) -> None:
        """Nothing to do: one writer writes at a time."""

    def index_words(self, connection: sa.Connection, table: str, rows: Sequence[Worded]) -> None:
        _insert_words(connection, _words_of(table), rows)

    def index_places(self, connection: sa.Connection, rows: Sequence[Placed]) -> None:
        if rows:
            connection.exec_driver_sql(
                "INSERT INTO event_places (south, north, west, east, first_day, last_day, "
                "event, position, latitude, longitude, precision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (row.latitude, row.latitude, row.longitude, row.longitude, row.first, row.last,
                     row.event, row.position, row.latitude, row.longitude, row.precision)
                    for row in rows
                ],
            )  # fmt: skip

    def with_words(self, table: str, wanted: Wanted) -> sa.Select[tuple[int]]:
        index = sa.table(_words_of(table), sa.column("rowid", sa.Integer))
        return sa.select(index.c.rowid).where(sa.column(index.name).op("MATCH")(_expression(wanted)))

    def in_area(self, area: Circle | Box, since: dt.date | None, until: dt.date | None) -> sa.Select[tuple[int]]:
        tree = sa.table("event_places", *map(sa.column, _TREE))
        column = tree.c
        parts = [
            sa.and_(
                column.south <= box.north, column.north >= box.south, column.west <= box.east, column.east >= box.west,
                # The tree's own bounds are rounded outwards.
                column.latitude.between(box.south, box.north), column.longitude.between(box.west, box.east),
            )
            for box in area.boxes()
        ]  # fmt: skip
        near = []
        if since is not None:
            near.append(column.last_day >= since.toordinal())
        if until is not None:
            near.append(column.first_day <= until.toordinal())
        if isinstance(area, Circle):
            distance = sa.func.km_between(area.latitude, area.longitude, column.latitude, column.longitude)
            near += [column.precision < 3, distance <= area.km]
        found = [sa.select(column.event).where(part, *near) for part in parts]
        return found[0] if len(found) == 1 else sa.select(sa.union_all(*found).subquery().c.event)

    def start_of(self, day: sa.ColumnElement[Any], letters: int) -> sa.ColumnElement[str]:
        return sa.func.substr(sa.cast(day, sa.Text), 1, letters, type_=sa.Text())

    def faults(self, connection: sa.Connection) -> Iterator[str]:
        for (words,) in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
            if words != "ok":
                yield f"the file is damaged: {words}"
        for table, _, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"a row of {table} names a row of {parent} that is not there"
        counted = "SELECT coalesce(day, ''), type, count(*) FROM events GROUP BY 1, 2"
        kept = "SELECT day, type, events FROM event_days WHERE events <> 0"
        for one, other in ((counted, kept), (kept, counted)):
            if connection.exec_driver_sql(f"{one} EXCEPT {other} LIMIT 1").first():
                yield "the numbers of events by day are not those of the events"
                break

    def wrong_words(self, connection: sa.Connection, table: str, rows: Iterator[Worded]) -> Iterator[str]:
        """Makes the index again beside the kept one and compares every word of every row with its place."""
        kept = _words_of(table)
        run = connection.exec_driver_sql
        run(f"CREATE VIRTUAL TABLE temp.again USING {WORDS}")
        try:
            while batch := list(islice(rows, 1000)):
                _insert_words(connection, "temp.again", batch)
            run(f"CREATE VIRTUAL TABLE temp.kept_words USING fts5vocab('main', '{kept}', 'instance')")
            run("CREATE VIRTUAL TABLE temp.right_words USING fts5vocab('temp', 'again', 'instance')")
            # Both are closed before the tables go, also where nobody asks for the rest.
            with (
                contextlib.closing(run("SELECT * FROM temp.kept_words")) as in_index,
                contextlib.closing(run("SELECT * FROM temp.right_words")) as in_texts,
            ):
                for found, right in zip_longest(in_index, in_texts):
                    if found != right:
                        term, number, *_ = min(row for row in (found, right) if row)
                        yield f"the full-text index of {table} is not that of the texts: number {number}, word {term!r}"
                        break  # after one word too many nothing stands beside its like
        finally:
            for name in ("kept_words", "right_words", "again"):
                run(f"DROP TABLE IF EXISTS temp.{name}")

    def wrong_places(self, connection: sa.Connection, rows: Iterator[Placed]) -> Iterator[str]:
        kept = connection.exec_driver_sql(
            "SELECT event, position, south, north, west, east, first_day, last_day, latitude, longitude, precision "
            "FROM event_places "
            "ORDER BY event, position"
        )
        for found, right in zip_longest(kept, rows):
            if found is None or right is None or not _is_at(found, right):
                number = right.event if right else found.event
                yield f"the index of places is not that of the events: number {number}"
                break

    def backup(self, copy: Path, show: Callable[[int, int], None] | None) -> None:
        """Copy the store as it is at one moment, while others read and write. Written beside, then renamed."""
        if copy.exists():
            raise UsageError("there is such a file already", location=str(copy), remedy="Name a new file.")
        partial = copy.with_name(copy.name + ".part")
        partial.unlink(missing_ok=True)
        try:
            with self.engine.connect() as connection:
                source = connection.connection.driver_connection
                assert isinstance(source, sqlite3.Connection)
                target = sqlite3.connect(partial)
                try:
                    source.backup(
                        target,
                        pages=PAGES_AT_ONCE,
                        progress=lambda _, left, total: show(total - left, total) if show else None,
                    )
                finally:
                    target.close()
            _onto_the_disk(partial)
            partial.replace(copy)
        except (OSError, sqlite3.Error) as fault:
            partial.unlink(missing_ok=True)
            raise StoreError(
                f"the copy could not be written ({fault})", location=str(copy), remedy="Check the disk and its room."
            ) from fault


def check_capabilities() -> None:
    """Raise InstallationError where Python's SQLite cannot do what a store needs."""
    version = ".".join(map(str, sqlite3.sqlite_version_info))
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise InstallationError(
            f"Python here uses SQLite {version}, a store needs {'.'.join(map(str, OLDEST_SQLITE))} or newer",
            remedy="Use another build of Python, or keep the store in PostgreSQL.",
        )
    trial = sqlite3.connect(":memory:")
    try:
        for what, table in (("FTS5", WORDS), ("R*Tree", PLACES)):
            try:
                trial.execute(f"CREATE VIRTUAL TABLE {what[0]} USING {table}")
            except sqlite3.OperationalError as fault:
                raise InstallationError(
                    f"Python here uses SQLite {version} without {what}, which a store needs ({fault})",
                    remedy="Use another build of Python, or keep the store in PostgreSQL.",
                ) from fault
    finally:
        trial.close()


def make_search_tables(connection: sa.Connection) -> None:
    """The indexes that are no tables of SQLAlchemy's, for the first migration."""
    connection.exec_driver_sql(f"CREATE VIRTUAL TABLE story_words USING {WORDS}")
    connection.exec_driver_sql(f"CREATE VIRTUAL TABLE claim_words USING {WORDS}")
    connection.exec_driver_sql(f"CREATE VIRTUAL TABLE event_words USING {WORDS}")
    for statement in DAYS:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"CREATE VIRTUAL TABLE event_places USING {PLACES}")


def _connect(path: Path, patience: float) -> sqlite3.Connection:
    # mode=rw: a wrong path must not make a new file.
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw", uri=True, timeout=patience, isolation_level=None, check_same_thread=False
    )
    for setting in ("foreign_keys = ON", "synchronous = FULL", "trusted_schema = OFF"):
        connection.execute(f"PRAGMA {setting}")
    connection.create_function("km_between", 4, km_between, deterministic=True)
    return connection


def _begin(connection: sa.Connection) -> None:
    """Python's own handling of transactions is off: a writer takes its turn at once, not at its first INSERT, where
    SQLite could not let it wait."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _words_of(table: str) -> str:
    return {"stories": "story_words", "claims": "claim_words", "events": "event_words"}[table]


def _expression(wanted: Wanted) -> str:
    """In the language of FTS5, where every word stands in quotation marks and so means nothing but itself."""
    groups = (" OR ".join(map(_phrase, group)) for group in wanted.groups)
    return " AND ".join(f"({group})" for group in groups) + "".join(f" NOT {_phrase(one)}" for one in wanted.without)


def _phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"' + ("*" if phrase.open else "")


def _insert_words(connection: sa.Connection, table: str, rows: Sequence[Worded]) -> None:
    if rows:
        statement = f"INSERT INTO {table} (rowid, words) VALUES (?, ?)"
        connection.exec_driver_sql(statement, [(row.number, row.words) for row in rows])


def _is_at(found: Any, right: Placed) -> bool:
    return (
        (found.event, found.position) == (right.event, right.position)
        and all(abs(side - right.latitude) < BITS for side in (found.south, found.north))
        and all(abs(side - right.longitude) < BITS for side in (found.west, found.east))
        and (found.first_day, found.last_day) == (right.first, right.last)
        and (found.latitude, found.longitude, found.precision) == (right.latitude, right.longitude, right.precision)
    )


def _onto_the_disk(path: Path) -> None:
    for each in (path, path.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
