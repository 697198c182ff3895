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
from dateline.store.query import EARTH_KM, Box, Circle, Phrase, Wanted

FIRST, LAST = dt.date.min.toordinal(), dt.date.max.toordinal()
# Words as SQLite's FTS5 has them: the same stems, and no word is too common to be found. The parser sees only letters
# and digits, see derived.words_in.
SEARCH = "dateline_words"
TABLES = (
    f"CREATE TEXT SEARCH DICTIONARY {SEARCH} (TEMPLATE = snowball, LANGUAGE = porter)",
    f'CREATE TEXT SEARCH CONFIGURATION {SEARCH} (PARSER = "default")',
    f"ALTER TEXT SEARCH CONFIGURATION {SEARCH} "
    f"ADD MAPPING FOR asciiword, word, numword, int, uint, sfloat WITH {SEARCH}",
    "CREATE TABLE story_words (number bigint PRIMARY KEY REFERENCES stories (number), words tsvector NOT NULL)",
    "CREATE TABLE claim_words (number bigint PRIMARY KEY REFERENCES claims (number), words tsvector NOT NULL)",
    "CREATE TABLE event_words (number bigint PRIMARY KEY REFERENCES events (number), words tsvector NOT NULL)",
    "CREATE TABLE event_places (event bigint REFERENCES events (number), position integer, at point NOT NULL, "
    "days daterange NOT NULL, precision integer NOT NULL, PRIMARY KEY (event, position))",  # at: longitude, latitude
    "CREATE INDEX ix_story_words_words ON story_words USING gin (words)",
    "CREATE INDEX ix_claim_words_words ON claim_words USING gin (words)",
    "CREATE INDEX ix_event_words_words ON event_words USING gin (words)",
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
        self.days: sa.TableClause | None = None
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
                sa.text(f"INSERT INTO {_words_of(table)} VALUES (:number, to_tsvector('{SEARCH}', :words))"),
                [{"number": row.number, "words": row.words} for row in rows],
            )

    def with_words(self, table: str, wanted: Wanted) -> sa.Select[tuple[int]]:
        index = sa.table(_words_of(table), sa.column("number", sa.BigInteger), sa.column("words"))
        asked = sa.func.to_tsquery(sa.literal_column(f"'{SEARCH}'::regconfig"), _expression(wanted))
        return sa.select(index.c.number).where(index.c.words.op("@@")(asked))

    def in_area(self, area: Circle | Box, since: dt.date | None, until: dt.date | None) -> sa.Select[tuple[int]]:
        tree = sa.table("event_places", *map(sa.column, ("event", "at", "days", "precision")))
        longitude, latitude = sa.literal_column("at[0]", sa.Double), sa.literal_column("at[1]", sa.Double)
        inside = [
            sa.and_(
                tree.c.at.op("<@")(
                    sa.func.box(sa.func.point(box.west, box.south), sa.func.point(box.east, box.north))
                ),
                # PostgreSQL's own comparison of points forgives a millionth of a degree.
                longitude.between(box.west, box.east), latitude.between(box.south, box.north),
            )
            for box in area.boxes()
        ]  # fmt: skip
        found = sa.select(tree.c.event).where(sa.or_(*inside))
        if since is not None or until is not None:
            days = sa.func.daterange(sa.cast(since, sa.Date), sa.cast(until, sa.Date), "[]")
            found = found.where(tree.c.days.op("&&")(days))
        if isinstance(area, Circle):
            found = found.where(tree.c.precision < 3, _km(area, latitude, longitude) <= area.km)
        return found

    def start_of(self, day: sa.ColumnElement[Any], letters: int) -> sa.ColumnElement[str]:
        return sa.func.to_char(day, "YYYY-MM-DD"[:letters], type_=sa.Text())

    def index_places(self, connection: sa.Connection, rows: Sequence[Placed]) -> None:
        if rows:
            connection.execute(
                sa.text(
                    "INSERT INTO event_places VALUES "
                    "(:event, :position, point(:longitude, :latitude), "
                    "daterange(CAST(:first AS date), CAST(:last AS date), '[]'), :precision)"
                ),
                [
                    {
                        "event": row.event,
                        "position": row.position,
                        "latitude": row.latitude,
                        "precision": row.precision,
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
        same = sa.text(f"SELECT words = to_tsvector('{SEARCH}', :words) FROM {kept} WHERE number = :number")
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
                "upper(days) - 1 AS last, precision FROM event_places ORDER BY event, position"
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
    return {"stories": "story_words", "claims": "claim_words", "events": "event_words"}[table]


def _expression(wanted: Wanted) -> str:
    """In the language of to_tsquery, where every word stands in quotation marks and so means nothing but itself."""
    groups = (" | ".join(map(_phrase, group)) for group in wanted.groups)
    return " & ".join(f"({group})" for group in groups) + "".join(f" & !({_phrase(one)})" for one in wanted.without)


def _phrase(phrase: Phrase) -> str:
    return " <-> ".join(f"'{word}'" for word in phrase.words) + (":*" if phrase.open else "")


def _km(area: Circle, latitude: sa.ColumnElement[float], longitude: sa.ColumnElement[float]) -> sa.ColumnElement[float]:
    """`query.km_between` of the middle and a point, step by step."""
    function = sa.func
    one, other = function.radians(sa.literal(area.latitude, sa.Double)), function.radians(latitude)
    half: sa.ColumnElement[Any] = function.power(function.sin((other - one) / 2), 2)
    apart = function.radians(longitude - sa.literal(area.longitude, sa.Double)) / 2
    half = half + function.cos(one) * function.cos(other) * function.power(function.sin(apart), 2)
    return 2 * EARTH_KM * function.asin(function.least(1.0, function.sqrt(half)))


def _placed(row: Any) -> Placed:
    return Placed(
        event=row.event,
        position=row.position,
        latitude=row.latitude,
        longitude=row.longitude,
        first=row.first.toordinal() if row.first else FIRST,
        last=row.last.toordinal() if row.last else LAST,
        precision=row.precision,
    )
