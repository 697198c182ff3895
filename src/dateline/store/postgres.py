"""A store in PostgreSQL, for many users and several writers: tsvector with GIN for words, GiST for places and days.

The database needs no extension. Tables are made in the first schema of the user's search path.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from dateline.errors import InstallationError, UsageError
from dateline.store.backends import Placed, Worded

FIRST, LAST = dt.date.min.toordinal(), dt.date.max.toordinal()
TABLES = (
    "CREATE TABLE story_words (number bigint PRIMARY KEY REFERENCES stories (number), words tsvector NOT NULL)",
    "CREATE TABLE claim_words (number bigint PRIMARY KEY REFERENCES claims (number), words tsvector NOT NULL)",
    "CREATE TABLE event_places (event bigint REFERENCES events (number), position integer, at point NOT NULL, "
    "days daterange NOT NULL, PRIMARY KEY (event, position))",  # at: longitude, latitude
    "CREATE INDEX ix_story_words_words ON story_words USING gin (words)",
    "CREATE INDEX ix_claim_words_words ON claim_words USING gin (words)",
    "CREATE INDEX ix_event_places_at_days ON event_places USING gist (at, days)",
)


class Postgres:
    """A store in a PostgreSQL database. See `backends.Backend`.

    patience: seconds to wait for another program that is writing.
    """

    def __init__(self, address: str, *, patience: float) -> None:
        try:
            url = sa.make_url(address)
        except (sa.exc.ArgumentError, ValueError) as fault:  # ValueError: of a port that is no number
            raise UsageError(
                "this is no address of a PostgreSQL database",
                location=address,
                remedy="Write postgresql://USER@HOST/DATABASE.",
            ) from fault
        self.where = url.render_as_string(hide_password=True)
        self.engine = _make_engine(url)
        sa.event.listen(self.engine, "connect", lambda connection, _: _prepare(connection, patience))

    def reading(self) -> sa.Connection:
        return self.engine.connect().execution_options(isolation_level="REPEATABLE READ")

    def writing(self) -> sa.Connection:
        return self.engine.connect()

    def lock(self, connection: sa.Connection, address: str) -> None:
        # A number of our own: not every address is text that PostgreSQL takes.
        digest = hashlib.sha256(address.encode(errors="surrogatepass")).digest()
        number = int.from_bytes(digest[:8], signed=True)
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})

    def index_words(self, connection: sa.Connection, table: str, rows: Sequence[Worded]) -> None:
        if rows:
            connection.execute(
                sa.text(f"INSERT INTO {_words_of(table)} VALUES (:number, to_tsvector('english', :words))"),
                [{"number": row.number, "words": row.words} for row in rows],
            )

    def index_places(self, connection: sa.Connection, rows: Sequence[Placed]) -> None:
        if rows:
            connection.execute(
                sa.text(
                    "INSERT INTO event_places VALUES "
                    "(:event, :position, point(:longitude, :latitude), "
                    "daterange(CAST(:first AS date), CAST(:last AS date), '[]'))"
                ),
                [
                    {
                        "event": row.event,
                        "position": row.position,
                        "latitude": row.latitude,
                        "longitude": row.longitude,
                        "first": None if row.first == FIRST else dt.date.fromordinal(row.first),
                        "last": None if row.last == LAST else dt.date.fromordinal(row.last),
                    }
                    for row in rows
                ],
            )

    def faults(self, connection: sa.Connection) -> Iterator[str]:
        """Foreign keys are not checked again: PostgreSQL holds them at every commit, unless they were switched off."""
        off = sa.text("SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND NOT convalidated")
        for (table,) in connection.execute(off):
            yield f"a foreign key of {table} is not checked"

    def wrong_words(self, connection: sa.Connection, table: str, rows: Iterator[Worded]) -> Iterator[str]:
        kept = _words_of(table)
        same = sa.text(f"SELECT words = to_tsvector('english', :words) FROM {kept} WHERE number = :number")
        count = 0
        for row in rows:
            count += 1
            if not connection.execute(same, {"number": row.number, "words": row.words}).scalar():
                yield f"the full-text index of {table} is not that of the texts: number {row.number}"
        in_index = connection.execute(sa.text(f"SELECT count(*) FROM {kept}")).scalar_one()
        if in_index != count:
            yield f"the full-text index of {table} has {in_index} rows, not {count}"

    def wrong_places(self, connection: sa.Connection, rows: Iterator[Placed]) -> Iterator[str]:
        kept = connection.execute(
            sa.text(
                "SELECT event, position, at[1] AS latitude, at[0] AS longitude, lower(days) AS first, "
                "upper(days) - 1 AS last FROM event_places ORDER BY event, position"
            )
        )
        for found, right in zip_longest(kept, rows):
            if found is None or right is None or _placed(found) != right:
                number = right.event if right else found.event
                yield f"the index of places is not that of the events: number {number}"
                break

    def backup(self, copy: Path, show: Callable[[int, int], None] | None) -> None:
        raise UsageError(
            "a store in PostgreSQL is backed up by PostgreSQL's own program",
            location=self.where,
            remedy=f"Run: pg_dump --format=custom --file={copy} {self.where}\n"
            f"It comes back with: pg_restore --dbname=NEW_DATABASE {copy}",
        )


def make_search_tables(connection: sa.Connection) -> None:
    """The indexes that are no tables of SQLAlchemy's, for the first migration."""
    for statement in TABLES:
        connection.exec_driver_sql(statement)


def _make_engine(url: sa.URL) -> sa.Engine:
    try:
        return sa.create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    except ImportError as fault:
        raise InstallationError(
            f"a store in PostgreSQL needs psycopg ({fault})", remedy="Run: pip install 'dateline[postgresql]'"
        ) from fault


def _prepare(connection: Any, patience: float) -> None:
    """What an acknowledged commit means does not hang on the server's settings."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO on")
        cursor.execute(f"SET lock_timeout TO {int(patience * 1000)}")
    connection.commit()


def _words_of(table: str) -> str:
    return {"stories": "story_words", "claims": "claim_words"}[table]


def _placed(row: Any) -> Placed:
    return Placed(
        event=row.event,
        position=row.position,
        latitude=row.latitude,
        longitude=row.longitude,
        first=row.first.toordinal() if row.first else FIRST,
        last=row.last.toordinal() if row.last else LAST,
    )
