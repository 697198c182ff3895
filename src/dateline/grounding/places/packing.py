"""Writes a gazetteer file from places and their names, in little memory: names are sorted in runs on disk.

packer = Packer(countries)
row = packer.add(Entry(...))
packer.write(path, about={"licences": [...]})
"""

from __future__ import annotations

import heapq
import json
import tempfile
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from dateline.grounding.places.gazetteer import (
    COLUMNS,
    DEGREES,
    KEYS_PER_BLOCK,
    MAGIC,
    NAME_KINDS,
    NAMES_PER_BLOCK,
    NO_PARENT,
    PREAMBLE,
    ROW_BITS,
    SOURCES,
    VERSION,
)
from dateline.grounding.places.names import key_of, skeleton_of

_RUN = 2_000_000  # names sorted at once: about 300 MB
_TYPES = {"<i4": "i", "<u4": "I", "<u2": "H", "u1": "B"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One place to be written.

    number, source: its id. renown: how well known it is, 0 to 255 (see README). admin1, admin2: keys under which a
    parent was announced with `Packer.add(..., parent=key)`; a parent may come later. radius: in km, 0 where not stated.
    similar: whether it is to be found by similar names, too. told: whether its `equals` are kept as they are
    written, for the importer; so for countries and whatever our own tables name.
    """

    number: int
    source: str
    name: str
    latitude: float
    longitude: float
    country: str  # ISO 3166-1 alpha-2; "" for none
    feature: str
    alternates: Sequence[str] = ()
    equals: Sequence[str] = ()  # further names as good as the main one
    population: int = 0
    renown: int = 0
    admin1: str | None = None
    admin2: str | None = None
    radius: int = 0
    similar: bool = True
    told: bool = False


@dataclass(slots=True)
class Packer:
    """Collects places. `countries`: alpha-2, alpha-3, name and neighbours' alpha-2; "" is added for no country."""

    countries: Sequence[tuple[str, str, str, Sequence[str]]]
    _columns: dict[str, array[int]] = field(init=False)
    _names: bytearray = field(default_factory=bytearray)
    _pending: list[str] = field(default_factory=list)
    _name_blocks: array[int] = field(default_factory=lambda: array("I", [0]))
    _features: dict[str, int] = field(default_factory=dict)
    _country_numbers: dict[str, int] = field(init=False)
    _country_rows: dict[str, int] = field(default_factory=dict)
    _parents: dict[str, tuple[dict[str, int], dict[str, int]]] = field(init=False)
    _capitals: dict[str, int] = field(default_factory=dict)
    _told: dict[int, list[str]] = field(default_factory=dict)
    _radii: list[tuple[int, int]] = field(default_factory=list)
    _run: list[tuple[bytes, int]] = field(default_factory=list)
    _folder: tempfile.TemporaryDirectory[str] | None = None  # made when the first run of names is full
    _runs: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._columns = {name: array(_TYPES[kind]) for name, kind in COLUMNS.items()}
        self._country_numbers = {"": 0} | {each[0]: number for number, each in enumerate(self.countries, start=1)}
        self._parents = {level: ({}, {}) for level in ("admin1", "admin2")}

    @property
    def known(self) -> frozenset[str]:
        """The alpha-2 of the countries that were added themselves."""
        return frozenset(self._country_rows)

    def add(self, entry: Entry, *, parent: str | None = None, is_country: bool = False) -> int:
        """Add a place and give its row. parent: the key under which others name it as their admin1 or admin2."""
        row = len(self._columns["latitude"])
        if row >= 1 << ROW_BITS:
            raise ValueError(f"more than {1 << ROW_BITS:,} places")
        if is_country:
            self._country_rows[entry.country] = row
        values = {
            "latitude": round(entry.latitude / DEGREES),
            "longitude": round(entry.longitude / DEGREES),
            "population": min(entry.population, 0xFFFFFFFF),
            "number": entry.number,
            "source": SOURCES.index(entry.source),
            "country": self._country_numbers.get(entry.country, 0),
            "feature": self._features.setdefault(entry.feature, len(self._features)),
            "renown": min(entry.renown, 255),
            "admin1": self._parent("admin1", entry.admin1),
            "admin2": self._parent("admin2", entry.admin2),
        }
        if entry.feature == "PPLC":
            self._capitals.setdefault(entry.country, row)
        if entry.told:
            self._told[row] = list(entry.equals)
        if entry.radius:
            self._radii.append((row, entry.radius))
        for name, value in values.items():
            self._columns[name].append(value)
        if parent is not None:
            level = "admin1" if entry.feature == "ADM1" else "admin2"
            self._parent(level, parent)
            self._parents[level][1][parent] = row
        self._add_name(entry.name)
        self._add_keys(row, entry)
        return row

    def write(self, path: Path, *, about: Mapping[str, Any]) -> None:
        """Write the file. The same places in the same order give the same bytes."""
        self._close_name_block()
        keys, key_blocks = _pack_keys(self._sorted_keys())
        arrays = {name: np.array(self._columns[name], kind) for name, kind in COLUMNS.items()}
        for level, (numbers, rows) in self._parents.items():
            # a parent that was named but never came leaves its children without one
            known = np.array([rows.get(key, -1) for key in numbers], np.int64)
            column = arrays[level]
            lost = np.isin(column, np.flatnonzero(known < 0))
            arrays[level] = np.where(lost, NO_PARENT, column).astype("<u2")
            arrays[f"{level}_rows"] = np.maximum(known, 0).astype("<u4")
        arrays["key_blocks"] = np.array(key_blocks, "<u4")
        arrays["name_blocks"] = np.array(self._name_blocks, "<u4")
        sections: list[tuple[str, str, int, int]] = []
        at = 0
        for name, values in arrays.items():
            sections.append((name, values.dtype.str.replace("|", ""), at, len(values)))
            at += -(-values.nbytes // 8) * 8
        header = json.dumps(
            {
                **about,
                "places": len(arrays["latitude"]),
                "countries": [("", "", "", 0, None, ())]
                + [(two, three, name, self._country_rows.get(two, 0), self._capitals.get(two), list(near))
                   for two, three, name, near in self.countries],
                "features": list(self._features),
                "radii": self._radii,
                "alternates": list(self._told.items()),
                "sections": sections,
                "keys": at,
                "names": at + len(keys),
            },
            ensure_ascii=False,
        ).encode()  # fmt: skip
        header += b" " * (-len(header) % 8)
        size = PREAMBLE + len(header) + at + len(keys) + len(self._names)
        with path.open("wb") as stream:
            stream.write(MAGIC + np.array([VERSION, len(header), zlib.crc32(header), size], "<u4").tobytes())
            stream.write(header)
            for values in arrays.values():
                stream.write(values.tobytes() + b"\0" * (-values.nbytes % 8))
            stream.write(keys)
            stream.write(self._names)
        self.discard()

    def discard(self) -> None:
        """Remove what lies on disk for the time being."""
        if self._folder:
            self._folder.cleanup()
            self._folder = None

    def _parent(self, level: str, key: str | None) -> int:
        numbers = self._parents[level][0]
        if key is None or (key not in numbers and len(numbers) >= NO_PARENT):
            return NO_PARENT
        return numbers.setdefault(key, len(numbers))

    def _add_name(self, name: str) -> None:
        self._pending.append(" ".join(name.split()))
        if len(self._pending) == NAMES_PER_BLOCK:
            self._close_name_block()

    def _close_name_block(self) -> None:
        if self._pending:
            self._names += zlib.compress("\n".join(self._pending).encode(), 9)
            self._name_blocks.append(len(self._names))
            self._pending = []

    def _add_keys(self, row: int, entry: Entry) -> None:
        main = key_of(entry.name)
        kinds = {key_of(name): "alternate" for name in entry.alternates}
        kinds |= {key_of(name): "main" for name in (*entry.equals, entry.name)}
        if entry.similar and (bones := skeleton_of(main)):
            kinds[bones] = "skeleton"
        for key, kind in sorted(kinds.items()):
            if 0 < len(key.encode()) < 120:
                self._run.append((key.encode(), row | NAME_KINDS.index(kind) << ROW_BITS))
        if len(self._run) >= _RUN:
            self._flush()

    def _flush(self) -> None:
        self._folder = self._folder or tempfile.TemporaryDirectory()
        path = Path(self._folder.name, f"{len(self._runs)}.run")
        with path.open("wb") as stream:
            for key, posting in sorted(self._run):
                stream.write(b"%b\t%d\n" % (key, posting))
        self._runs.append(path)
        self._run = []

    def _sorted_keys(self) -> Iterator[tuple[bytes, int]]:
        return heapq.merge(sorted(self._run), *(_read_run(path) for path in self._runs))


def _read_run(path: Path) -> Iterator[tuple[bytes, int]]:
    with path.open("rb") as stream:
        for line in stream:
            key, _, posting = line.rstrip(b"\n").rpartition(b"\t")
            yield key, int(posting)


def _pack_keys(names: Iterable[tuple[bytes, int]]) -> tuple[bytearray, array[int]]:
    """Keys in order, each with the letters it shares with the one before left out, and where each block begins."""
    packed, blocks = bytearray(), array("I")
    before, number = b"", 0
    for key, postings in _grouped(names):
        shared = 0
        if number % KEYS_PER_BLOCK == 0:
            blocks.append(len(packed))
        else:
            longest = min(len(before), len(key), 255)
            while shared < longest and before[shared] == key[shared]:
                shared += 1
        count = len(postings)
        packed += bytes([shared, len(key) - shared]) + key[shared:]
        packed += bytes([count]) if count < 255 else b"\xff" + count.to_bytes(3, "little")
        packed += np.array(postings, "<u4").tobytes()
        before, number = key, number + 1
    return packed, blocks


def _grouped(names: Iterable[tuple[bytes, int]]) -> Iterator[tuple[bytes, list[int]]]:
    key, postings = b"", list[int]()
    for each, posting in names:
        if each != key:
            if postings:
                yield key, postings
            key, postings = each, []
        postings.append(posting)
    if postings:
        yield key, postings
