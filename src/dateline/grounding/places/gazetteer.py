"""The gazetteer: one file, mapped into memory and searched where it lies. README.md describes its bytes.

    gazetteer = open_gazetteer()
    for candidate in gazetteer.find("Khatlon"):
        print(gazetteer.place(candidate.row))

Nothing is parsed at the start: names are found by binary search over blocks, numbers are columns of numpy.
"""

from __future__ import annotations

import json
import math
import mmap
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from dateline.errors import InstallationError
from dateline.grounding.places.names import distance_of, key_of, skeleton_of
from dateline.records import Place

MAGIC = b"DATELGAZ"
VERSION = 1
PREAMBLE = 24  # magic, version, length of the header, CRC-32 of the header, length of the file
KEYS_PER_BLOCK = 16
NAMES_PER_BLOCK = 64
ROW_BITS = 24  # of a posting; the name kind lies above them
NAME_KINDS = ("main", "alternate", "skeleton")
SOURCES = ("geonames", "wof", "naturalearth", "dateline")
NO_PARENT = 0xFFFF
COLUMNS = {
    "latitude": "<i4", "longitude": "<i4", "population": "<u4", "number": "<u4", "source": "u1", "country": "u1",
    "feature": "u1", "renown": "u1", "admin1": "<u2", "admin2": "<u2",
}  # fmt: skip
DEGREES = 1e-5  # what one unit of latitude and longitude stands for


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that a name may stand for. row: its line in the gazetteer. kind: how the name is known there."""

    row: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """One country. row, capital: its own line among the places and that of its capital, if known."""

    alpha2: str
    alpha3: str
    name: str
    row: int
    capital: int | None
    neighbours: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gazetteer:
    """An opened gazetteer. Read-only; safe to share between threads and, as it is reopened there, between processes."""

    path: str
    about: dict[str, Any] = field(repr=False)
    countries: tuple[Country, ...] = field(repr=False)
    features: tuple[str, ...] = field(repr=False)
    columns: dict[str, np.ndarray] = field(repr=False)
    radii: dict[int, int] = field(repr=False)  # row of a region -> km
    alternates: dict[int, tuple[str, ...]] = field(repr=False)  # names of countries and of what our own tables name
    admin1: np.ndarray = field(repr=False)  # number in the column -> row of the ADM1
    admin2: np.ndarray = field(repr=False)
    _bytes: mmap.mmap = field(repr=False)
    _keys: int = field(repr=False)
    _names: int = field(repr=False)
    _key_blocks: np.ndarray = field(repr=False)
    _name_blocks: np.ndarray = field(repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return open_gazetteer, (Path(self.path),)

    def __len__(self) -> int:
        return len(self.columns["latitude"])

    def find(self, name: str) -> tuple[Candidate, ...]:
        """The places with this name, capitals and accents aside, in the gazetteer's order; () if there are none."""
        return self._find_key(key_of(name))

    def find_similar(self, name: str) -> tuple[Candidate, ...]:
        """The places whose main name sounds the same and is written with few other letters ("Shurabad", "Shurobod")."""
        key = key_of(name)
        bones = skeleton_of(key)
        if bones is None or len(key) < 5:
            return ()
        limit = 1 if len(key) < 8 else 2
        return tuple(
            each
            for each in self._find_key(bones)
            if distance_of(key, key_of(self.name(each.row)), limit=limit) <= limit
        )

    def name(self, row: int) -> str:
        """The name of a place as it is shown."""
        return self._name_block(row // NAMES_PER_BLOCK)[row % NAMES_PER_BLOCK]

    def place(self, row: int) -> Place:
        """A place as a record."""
        column = {name: values[row] for name, values in self.columns.items()}
        admin1, admin2 = int(column["admin1"]), int(column["admin2"])
        return Place(
            id=f"{SOURCES[column['source']]}:{column['number']}",
            name=self.name(row),
            latitude=round(float(column["latitude"]) * DEGREES, 5),
            longitude=round(float(column["longitude"]) * DEGREES, 5),
            country=self.countries[int(column["country"])].alpha3,
            admin1=None if admin1 == NO_PARENT else self.name(int(self.admin1[admin1])),
            admin2=None if admin2 == NO_PARENT else self.name(int(self.admin2[admin2])),
            feature_code=self.features[column["feature"]] or None,
        )

    def country_of(self, row: int) -> Country:
        return self.countries[int(self.columns["country"][row])]

    def feature_of(self, row: int) -> str:
        return self.features[int(self.columns["feature"][row])]

    def point_of(self, row: int) -> tuple[float, float]:
        """Latitude and longitude in degrees."""
        return float(self.columns["latitude"][row]) * DEGREES, float(self.columns["longitude"][row]) * DEGREES

    def radius_of(self, row: int) -> int | None:
        """How far a region reaches from its point, in km, where the gazetteer says so."""
        return self.radii.get(row)

    def _find_key(self, key: str) -> tuple[Candidate, ...]:
        if not key:
            return ()
        wanted = key.encode()
        first, last = 0, len(self._key_blocks) - 1
        while first < last:  # the last block whose first key is not after the wanted one
            middle = (first + last + 1) // 2
            if self._first_key(middle) <= wanted:
                first = middle
            else:
                last = middle - 1
        for found, postings in self._key_block(first):
            if found == wanted:
                rows = np.frombuffer(postings, "<u4").tolist()
                return tuple(Candidate(each & ((1 << ROW_BITS) - 1), NAME_KINDS[each >> ROW_BITS]) for each in rows)
            if found > wanted:
                break
        return ()

    def _first_key(self, block: int) -> bytes:
        at = self._keys + int(self._key_blocks[block])
        return self._bytes[at + 2 : at + 2 + self._bytes[at + 1]]

    def _key_block(self, block: int) -> Iterator[tuple[bytes, bytes]]:
        """Keys with their postings: letters shared with the one before, letters of its own, count, postings."""
        at = self._keys + int(self._key_blocks[block])
        end = self._keys + int(self._key_blocks[block + 1]) if block + 1 < len(self._key_blocks) else self._names
        key = b""
        for _ in range(KEYS_PER_BLOCK):
            if at >= end:
                return
            shared, own = self._bytes[at], self._bytes[at + 1]
            key = key[:shared] + self._bytes[at + 2 : at + 2 + own]
            at += 2 + own
            count = self._bytes[at]
            if count < 255:
                at += 1
            else:
                count = int.from_bytes(self._bytes[at + 1 : at + 4], "little")
                at += 4
            yield key, self._bytes[at : at + 4 * count]
            at += 4 * count

    def _name_block(self, block: int) -> list[str]:
        start = self._names + int(self._name_blocks[block])
        end = self._names + int(self._name_blocks[block + 1])
        return zlib.decompress(self._bytes[start:end]).decode().split("\n")


def open_gazetteer(path: Path | None = None) -> Gazetteer:
    """Open a gazetteer; None for the one in the package. Takes some milliseconds.

    Raises InstallationError where the file is missing, damaged or of another version.
    """
    shipped = path is None
    path = Path(str(resources.files(__package__) / "data" / "gazetteer.bin")) if path is None else path
    try:
        with path.open("rb") as stream:
            content = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as fault:  # an empty file cannot be mapped
        raise _unusable(path, "it cannot be read", shipped=shipped) from fault
    if content[:8] != MAGIC:
        raise _unusable(path, "it is no gazetteer of Dateline", shipped=shipped)
    version, length, checksum, size = np.frombuffer(content[8:PREAMBLE], "<u4").tolist()
    if version != VERSION:
        raise _unusable(path, f"it has version {version}, this Dateline reads version {VERSION}", shipped=shipped)
    header = content[PREAMBLE : PREAMBLE + length]
    if size != len(content) or zlib.crc32(header) != checksum:
        raise _unusable(path, "it is damaged or cut off", shipped=shipped)
    about = json.loads(header)
    sections = {
        name: np.frombuffer(content, kind, count=count, offset=PREAMBLE + length + start)
        for name, kind, start, count in about.pop("sections")
    }
    at = PREAMBLE + length
    return Gazetteer(
        path=str(path),
        countries=tuple(
            Country(alpha2=two, alpha3=three, name=name, row=row, capital=capital, neighbours=tuple(near))
            for two, three, name, row, capital, near in about.pop("countries")
        ),
        features=tuple(about.pop("features")),
        columns={name: sections[name] for name in COLUMNS},
        radii={int(row): km for row, km in about.pop("radii")},
        alternates={int(row): tuple(names) for row, names in about.pop("alternates")},
        admin1=sections["admin1_rows"],
        admin2=sections["admin2_rows"],
        _bytes=content,
        _keys=at + about.pop("keys"),
        _names=at + about.pop("names"),
        _key_blocks=sections["key_blocks"],
        _name_blocks=sections["name_blocks"],
        about=about,
    )


def km_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance between two points given in degrees."""
    north, east = math.radians(other[0] - one[0]), math.radians(other[1] - one[1])
    chord = math.sin(north / 2) ** 2
    chord += math.cos(math.radians(one[0])) * math.cos(math.radians(other[0])) * math.sin(east / 2) ** 2
    return 12742 * math.asin(math.sqrt(min(1.0, chord)))


def _unusable(path: Path, reason: str, *, shipped: bool) -> InstallationError:
    return InstallationError(
        f"the gazetteer cannot be used: {reason}",
        location=str(path),
        remedy="Install Dateline again: pip install --force-reinstall dateline"
        if shipped
        else "Name a file that `dateline gazetteer import` wrote.",
    )
