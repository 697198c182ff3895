"""Turns GeoNames' own dump (allCountries.zip, or a country's file) into a gazetteer file.

The dump is a table of 19 columns without a header: https://download.geonames.org/export/dump/readme.txt. Countries,
regions and names of our own are taken from the shipped gazetteer's tables, so that both answer alike.
"""

from __future__ import annotations

import dataclasses
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dateline.errors import InputError
from dateline.grounding.places.gazetteer import SOURCES, Gazetteer
from dateline.grounding.places.packing import Entry, Packer

_COLUMNS = 19
# What a story names: administration, settlements, waters, regions and parks, islands and mountains; of the buildings
# and roads only what war and travel name. The rest (streams, farms, hotels: five million) would only be confused.
_CLASSES = "APL"
_CODES = {
    "AIRP", "AIRB", "AIRF", "DAM", "PRT", "PS", "PRN", "INSM", "PASS", "BDGQ", "CSTM", "CMP", "CMPRF",
    "STM", "LK", "SEA", "OCN", "GULF", "BAY", "STRT", "CHN", "CNL", "RSV", "WAD", "HBR",
    "ISL", "ISLS", "MT", "MTS", "VAL", "PEN", "CAPE", "DSRT", "PLAT", "DLTA", "OAS",
}  # fmt: skip
_GONE = ("PPLQ", "PPLW", "PPLH", "ADM1H", "ADM2H", "ADM3H", "ADM4H", "ADMDH", "PCLH")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How much was read: rows of the dump, places kept, rows that could not be read."""

    rows: int
    places: int
    odd: int


def import_geonames(
    source: Path, out: Path, *, shipped: Gazetteer, show: Callable[[int], None] | None = None
) -> Imported:
    """Read a dump (.zip or .txt) and write a gazetteer. show: told the number of rows from time to time.

    Raises InputError where the file is no dump of GeoNames.
    """
    packer = Packer(
        [(each.alpha2, each.alpha3, each.name, each.neighbours) for each in shipped.countries if each.alpha2]
    )
    try:
        result = _fill(packer, source, _Told(shipped), show)
        licences = ["GeoNames (https://www.geonames.org), CC BY 4.0", *shipped.about["licences"]]
        packer.write(out, about={"licences": licences})
    finally:
        packer.discard()
    return result


def _fill(packer: Packer, source: Path, told: _Told, show: Callable[[int], None] | None) -> Imported:
    rows = odd = places = 0
    for line in _lines(source):
        rows += 1
        cells = line.rstrip("\r\n").split("\t")
        if rows == 1 and len(cells) != _COLUMNS:
            raise InputError(
                f"this is no dump of GeoNames: its first row has {len(cells)} columns, not {_COLUMNS}",
                location=str(source),
                remedy="Take allCountries.zip or a country's file from https://download.geonames.org/export/dump/.",
            )
        if show and rows % 100_000 == 0:
            show(rows)
        entry = _entry(cells)
        if entry is None:
            odd += 1
        elif _is_wanted(cells[6], cells[7]):
            _add(packer, told.completed(entry))
            places += 1
    if not rows:
        raise InputError("the file is empty", location=str(source))
    for entry in told.remaining():
        _add(packer, entry)
        places += 1
    return Imported(rows=rows, places=places, odd=odd)


class _Told:
    """Places with names of our own in the shipped gazetteer: countries, regions, borders, whatever was renamed."""

    def __init__(self, shipped: Gazetteer) -> None:
        self._shipped = shipped
        column = shipped.columns
        self._rows = {
            (SOURCES[column["source"][row]], int(column["number"][row])): row for row in sorted(shipped.alternates)
        }

    def completed(self, entry: Entry) -> Entry:
        """An entry of the dump with our names for it, radius and renown."""
        row = self._rows.pop((entry.source, entry.number), None)
        if row is None:
            return entry
        shipped = self._shipped
        return dataclasses.replace(
            entry,
            name=shipped.name(row),
            alternates=(entry.name, *entry.alternates),
            equals=shipped.alternates[row],
            renown=max(entry.renown, int(shipped.columns["renown"][row])),
            radius=shipped.radius_of(row) or 0,
            told=True,
        )

    def remaining(self) -> Iterator[Entry]:
        """What the dump did not have."""
        shipped = self._shipped
        for (source, number), row in self._rows.items():
            latitude, longitude = shipped.point_of(row)
            yield Entry(
                number=number, source=source, name=shipped.name(row), latitude=latitude, longitude=longitude,
                country=shipped.country_of(row).alpha2, feature=shipped.feature_of(row),
                population=int(shipped.columns["population"][row]), equals=shipped.alternates[row],
                renown=int(shipped.columns["renown"][row]), radius=shipped.radius_of(row) or 0, told=True,
            )  # fmt: skip


def _lines(source: Path) -> Iterator[str]:
    """The lines of a text file, or of the first text in a zip file that is no readme."""
    try:
        if not zipfile.is_zipfile(source):
            with source.open(encoding="utf-8") as stream:
                yield from stream
            return
        with zipfile.ZipFile(source) as archive:
            names = [name for name in archive.namelist() if name.endswith(".txt") and "readme" not in name.lower()]
            if not names:
                raise InputError("there is no .txt in it", location=str(source))
            with archive.open(names[0]) as packed, io.TextIOWrapper(packed, encoding="utf-8") as stream:
                yield from stream
    except (OSError, UnicodeDecodeError, zipfile.BadZipFile) as fault:
        raise InputError(f"it cannot be read ({fault})", location=str(source)) from fault


def _is_wanted(kind: str, code: str) -> bool:
    return (kind in _CLASSES or code in _CODES) and code not in _GONE


def _entry(cells: list[str]) -> Entry | None:
    """A row as an entry; None where it cannot be read."""
    if len(cells) != _COLUMNS:
        return None
    number, name, ascii_name, others = cells[:4]
    country, admin1, admin2 = cells[8], cells[10], cells[11]
    try:
        alternates = [each for each in (ascii_name, *others.split(",")) if len(each) > 2]
        return Entry(
            number=int(number), source="geonames", name=name, latitude=float(cells[4]), longitude=float(cells[5]),
            country=country, feature=cells[7], alternates=alternates, population=int(cells[14] or 0),
            renown=min(255, len(alternates)), admin1=f"{country}.{admin1}" if admin1 not in ("", "00") else None,
            admin2=f"{country}.{admin1}.{admin2}" if admin2 else None,
        )  # fmt: skip
    except ValueError:
        return None


def _add(packer: Packer, entry: Entry) -> None:
    is_country = entry.feature.startswith("PCL") and entry.country not in packer.known
    parent = {"ADM1": entry.admin1, "ADM2": entry.admin2}.get(entry.feature)
    packer.add(entry, parent=parent, is_country=is_country)
