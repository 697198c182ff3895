"""What SQLite and PostgreSQL do differently, as one small interface: connections, indexes for words and places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa

if TYPE_CHECKING:
    import datetime as dt

    from dateline.store.query import Box, Circle, Wanted

# Words of one story or claim that are searchable, in characters: a tsvector holds no more than a megabyte.
MOST_WORDS = 200_000


@dataclass(frozen=True, slots=True)
class Worded:
    """A row of `stories`, `claims` or `events` by its number, with the words it can be found by."""

    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Placed:
    """An event at one of its places. latitude, longitude: degrees, WGS 84. first, last: days as ordinals, both
    included; the ends of the calendar where the time is open or not known."""

    event: int  # events.number
    position: int  # among the event's places
    latitude: float
    longitude: float
    first: int
    last: int
    precision: int  # of the PlaceRef


class Backend(Protocol):
    """One kind of database. `where`: the store as people know it, without a password."""

    where: str
    engine: sa.Engine

    def reading(self) -> sa.Connection:
        """A connection that sees the store as it is when it is first asked something."""
        ...

    def writing(self) -> sa.Connection:
        """A connection whose transaction waits until it may write."""
        ...

    def lock(self, connection: sa.Connection, address: str) -> None:
        """Keep other writers from this address until the transaction ends."""
        ...

    def index_words(self, connection: sa.Connection, table: str, rows: Sequence[Worded]) -> None:
        """Make rows of "stories", "claims" or "events" findable by their words."""
        ...

    def with_words(self, table: str, wanted: Wanted) -> sa.Select[tuple[int]]:
        """The numbers of the rows of such a table that have these words."""
        ...

    def index_places(self, connection: sa.Connection, rows: Sequence[Placed]) -> None: ...

    def in_area(self, area: Circle | Box, since: dt.date | None, until: dt.date | None) -> sa.Select[tuple[int]]:
        """The numbers of events with a place there. Days only narrow it down: the rest of the query decides."""
        ...

    def start_of(self, day: sa.ColumnElement[Any], letters: int) -> sa.ColumnElement[str]:
        """The beginning of a day as ISO 8601 writes it: 4 letters are the year, 7 the month, 10 the day."""
        ...

    # How many events of each type there are each day, kept by the database as they come: `day` ("" where unknown),
    # `type`, `events`. None where the database has no such table.
    days: sa.TableClause | None

    def faults(self, connection: sa.Connection) -> Iterator[str]:
        """What the database itself finds wrong with the file and with foreign keys."""
        ...

    def wrong_words(self, connection: sa.Connection, table: str, rows: Iterator[Worded]) -> Iterator[str]:
        """Where the full-text index does not have these words, or has others."""
        ...

    def wrong_places(self, connection: sa.Connection, rows: Iterator[Placed]) -> Iterator[str]: ...

    def backup(self, copy: Path, show: Callable[[int, int], None] | None) -> None: ...
