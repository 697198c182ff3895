"""Asking a store in the words of people, and writing what it answers in the forms of the exports.

The store knows points, countries and records; here names of places become points and countries, and records become
lines, rows and files. Everything is streamed: an archive of any size needs the memory of a few hundred stories.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dateline.errors import InputError, InstallationError, UsageError
from dateline.exports import Export
from dateline.exports.archive import COLUMNS, Column, csv_header, csv_line, dictionary, event_rows
from dateline.exports.ontology import Ontology
from dateline.pipeline.gazetteers import find_name
from dateline.pipeline.journey import StoryReading
from dateline.records import Id, Place, StoryRecords
from dateline.store import Box, Circle, Query, Store, StoredStory
from dateline.store.derived import event_day
from dateline.store.query import read_box, read_circle

if TYPE_CHECKING:
    import pyarrow as pa

AROUND_KM = 50.0  # of a town; of a region as far as the gazetteer says that it reaches
ROWS_AT_ONCE = 10_000  # of one month, that a Parquet file is written of
ROWS_IN_MEMORY = 15_000  # of all months together
_UNKNOWN = "__HIVE_DEFAULT_PARTITION__"  # how programs that read partitions write "no value"


def where_is(name: str, *, km: float | None = None, gazetteer: Path | None = None) -> tuple[Circle | None, str | None]:
    """What a place means to a query: for a country its code, for all else a circle around its point.

    name: as people write it, "Tajikistan", "Springfield, USA"; or "LATITUDE,LONGITUDE" with km. km: how far around; by
    default 50. Raises UsageError for a name that no place has.
    """
    point = _point(name)
    if point is not None:
        return Circle(*point, km or AROUND_KM), None
    place = find_place(name, gazetteer=gazetteer)
    if (place.feature_code or "").startswith("PCL") and km is None:
        return None, place.country
    return Circle(place.latitude, place.longitude, km or AROUND_KM), None


def find_place(name: str, *, gazetteer: Path | None = None) -> Place:
    """The best known place of a name; behind a comma its country. Raises UsageError where there is none."""
    town, _, country = (part.strip() for part in name.partition(","))
    there = country_code(country, gazetteer=gazetteer) if country else None
    found = find_name(town, gazetteer=gazetteer, country=there)
    if not found or found[0].kind == "similar":
        near = f" Did you mean {found[0].place.name}?" if found else ""
        raise UsageError(
            f"the gazetteer has no place called {name!r}",
            remedy=f"Look for it with: dateline gazetteer find {town!r}, or give LATITUDE,LONGITUDE.{near}",
        )
    return found[0].place


def country_code(name: str, *, gazetteer: Path | None = None) -> str:
    """A country's ISO 3166-1 alpha-3 code, of the code itself or of its name. Raises UsageError where there is none."""
    if len(name) == 3 and name.isascii() and name.isupper():
        return name
    found = find_name(name, gazetteer=gazetteer)
    country = next((each.place.country for each in found if (each.place.feature_code or "").startswith("PCL")), None)
    if country is None:
        raise UsageError(f"no country is called {name!r}", remedy="Give its name in English or three letters: TJK.")
    return country


def place_ids(name: str, *, gazetteer: Path | None = None) -> tuple[str, ...]:
    """What a place may be called in a store: the name itself and the ids of all places that have it."""
    found = find_name(name, gazetteer=gazetteer)
    return (name, *(each.place.id for each in found if each.kind != "similar"))


def box_of(text: str) -> Box:
    return read_box(text)


def _point(name: str) -> tuple[float, float] | None:
    try:
        latitude, longitude = map(float, name.split(","))
    except ValueError:
        return None
    circle = read_circle(f"{latitude},{longitude},1")
    return circle.latitude, circle.longitude


# ---------------------------------------------------------------- readings


def reading_of(stored: StoredStory, records: StoryRecords) -> StoryReading:
    """A story of a store in the form in which faces and exports take it."""
    named = {field.name: getattr(records, field.name) for field in fields(StoryRecords)}
    return StoryReading(document=stored.document, outlet=stored.outlet, **named)


def corrected_ids(stored: StoredStory, records: StoryRecords) -> frozenset[Id]:
    """The events that differ from what was read."""
    read = {event.id: event for event in stored.records.events}
    return frozenset(event.id for event in records.events if read.get(event.id) != event)


def rows_of(stored: StoredStory, records: StoryRecords, only: frozenset[Id]) -> Iterator[tuple[Any, ...]]:
    """Some events of a story as rows of the plain table."""
    days = {event.id: event_day(event, records.story) for event in records.events}
    corrected = corrected_ids(stored, records)
    return event_rows(reading_of(stored, records), only=only, days=days, corrected=corrected)


# ---------------------------------------------------------------- exports


def export_pieces(store: Store, export: Export, query: Query) -> Iterator[str]:
    """Every event that meets a query, in a form of the field, and the verbal acts that meet it; whole lines each.

    How many there were, and how many the form could not hold, stands in `export` afterwards.
    """
    yield export.opening
    for found in store.stories_with(_everything(query), claims=verbal_query(query, export.ontology)):
        reading = reading_of(found.stored, found.records)
        yield from export.story(reading, only=found.events | found.claims)
    yield export.closing


def verbal_query(query: Query, ontology: Ontology) -> Query | None:
    """The query for claims that are events in PLOVER, such as accusations; None where no such act can meet it.

    Such an act has no place, no mode and no dead; it happened, and it is reported.
    """
    if query.conditions() & {"near", "box", "places", "countries", "modes", "contexts", "min_killed"}:
        return None
    if (query.statuses and "happened" not in query.statuses) or (query.standings and "reported" not in query.standings):
        return None
    acts = tuple(
        act
        for act, (kind, _) in ontology.verbal.items()
        if (not query.types or kind in query.types) and (not query.acts or act in query.acts)
    )
    if not acts:
        return None
    return replace(_everything(query), types=(), statuses=(), standings=(), acts=acts)


def csv_pieces(store: Store, query: Query) -> Iterator[str]:
    """Every event that meets a query as a plain table: its first line, then a line each."""
    yield csv_header()
    for found in store.stories_with(_everything(query)):
        for row in rows_of(found.stored, found.records, found.events):
            yield csv_line(row)


def write_parquet(store: Store, query: Query, out: Path) -> int:
    """Every event that meets a query as Parquet, in a folder of its own, by month; how many there were.

    OUT/events/month=2025-11/part-00001.parquet, and OUT/dictionary.csv. The folder appears when it is complete.
    Raises UsageError where it exists, InstallationError without pyarrow.
    """
    pyarrow = _pyarrow()
    if out.exists():
        raise UsageError("there is such a file or folder already", location=str(out), remedy="Name a new folder.")
    part = out.with_name(out.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    (part / "dictionary.csv").write_text(dictionary(), encoding="utf-8")
    writer = _Months(pyarrow, part / "events")
    for found in store.stories_with(_everything(query)):
        for row in rows_of(found.stored, found.records, found.events):
            writer.add(row)
    writer.end()
    part.rename(out)
    return writer.count


class _Months:
    """Rows waiting for their files, by month. A file is written whole, so that none is open meanwhile."""

    def __init__(self, pyarrow: Any, folder: Path) -> None:
        self.count = 0
        self._pyarrow = pyarrow
        self._folder = folder
        self._schema = pyarrow.schema([(column.name, _type(pyarrow, column)) for column in COLUMNS])
        self._day = [column.name for column in COLUMNS].index("day")
        self._waiting: dict[str, list[Sequence[Any]]] = defaultdict(list)
        self._total = self._files = 0
        folder.mkdir()

    def add(self, row: Sequence[Any]) -> None:
        day = row[self._day]
        month = day.isoformat()[:7] if day else _UNKNOWN
        self._waiting[month].append(row)
        self._total += 1
        self.count += 1
        if len(self._waiting[month]) >= ROWS_AT_ONCE:
            self._write(month)
        elif self._total >= ROWS_IN_MEMORY:
            self._write(max(self._waiting, key=lambda each: len(self._waiting[each])))

    def end(self) -> None:
        for month in sorted(self._waiting):
            self._write(month)

    def _write(self, month: str) -> None:
        rows = self._waiting.pop(month)
        self._total -= len(rows)
        self._files += 1
        columns = zip(*rows, strict=True)
        arrays = [
            self._pyarrow.array(map(_storable, cells), type=field.type)
            for cells, field in zip(columns, self._schema, strict=True)
        ]
        folder = self._folder / f"month={month}"
        folder.mkdir(exist_ok=True)
        import pyarrow.parquet

        table: pa.Table = self._pyarrow.Table.from_arrays(arrays, schema=self._schema)
        pyarrow.parquet.write_table(table, folder / f"part-{self._files:05}.parquet", compression="zstd")


def _type(pyarrow: Any, column: Column) -> Any:
    types: Mapping[str, Any] = {
        "text": pyarrow.string(), "day": pyarrow.date32(), "integer": pyarrow.int64(),
        "number": pyarrow.float64(), "flag": pyarrow.bool_(),
    }  # fmt: skip
    return types[column.type]


def _storable(cell: Any) -> Any:
    """Parquet's text is UTF-8, and half of a surrogate pair has none."""
    return cell.encode("utf-8", "replace").decode() if isinstance(cell, str) else cell


def _pyarrow() -> Any:
    try:
        import pyarrow
    except ImportError as fault:
        raise InstallationError(
            f"Parquet needs pyarrow ({fault})", remedy="Run: pip install 'dateline[parquet]'"
        ) from fault
    return pyarrow


def _everything(query: Query) -> Query:
    """All that meets it, in the order of arrival."""
    return dataclasses.replace(query, order="arrival", limit=None, cursor=None)


def archive_lines(store: Store, query: Query) -> Iterator[str]:
    """Whole stories as lines of JSON, see `store.archive`."""
    for line in store.archive(query if query.conditions() else None):
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


def read_archive(lines: Iterable[str], *, location: str, show: Callable[[int], None]) -> Iterator[dict[str, Any]]:
    """Lines of an archive, read. show: called with how many so far. Raises InputError for one that is no JSON."""
    for number, line in enumerate(lines, start=1):
        show(number)
        try:
            plain = json.loads(line)
        except ValueError as fault:
            raise InputError(
                f"this line is no JSON ({fault})",
                location=f"{location}#{number}",
                remedy="The file is cut off or damaged. What came before it is kept.",
            ) from fault
        if not isinstance(plain, dict):
            raise InputError("this line is no record", location=f"{location}#{number}")
        yield plain
