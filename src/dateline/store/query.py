"""What somebody asks a store for: one value for Python, the command line and HTTP.

    query = Query(words='drone "border crossing"', since=date(2025, 11, 1), types=("ASSAULT",), standings=("disputed",))
    Query.from_params(query.to_params()) == query

A query is a value: it knows no store. `queries.py` asks one.
"""

from __future__ import annotations

import calendar
import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from dateline.errors import UsageError
from dateline.records import Claim, Event
from dateline.standing import Standing
from dateline.store.derived import words_in

Order = Literal["newest", "oldest", "deadliest", "arrival"]
Role = Literal["either", "actor", "recipient"]
Versions = Literal["latest", "all"]

EARTH_KM = 6371.0088  # mean radius
_KM_A_DEGREE = EARTH_KM * math.pi / 180


# ---------------------------------------------------------------- where


@dataclass(frozen=True, slots=True)
class Circle:
    """All that lies within `km` kilometres of a point. latitude, longitude: degrees, WGS 84."""

    latitude: float
    longitude: float
    km: float

    def __post_init__(self) -> None:
        _check_point(self.latitude, self.longitude)
        if not 0 < self.km < 20_100:
            raise UsageError(
                f"{self.km} km is no distance on the Earth", remedy="Give more than 0 and less than 20,100."
            )

    def holds(self, latitude: float, longitude: float) -> bool:
        return km_between(self.latitude, self.longitude, latitude, longitude) <= self.km

    def boxes(self) -> tuple[Box, ...]:
        """One box or two around it: a circle over a pole reaches all longitudes, one over 180 degrees both ends."""
        high = self.km / _KM_A_DEGREE + 1e-6
        south, north = max(-90.0, self.latitude - high), min(90.0, self.latitude + high)
        if south == -90 or north == 90:
            return (Box(south, -180, north, 180),)
        reach = math.sin(min(math.pi / 2, math.radians(high))) / math.cos(math.radians(self.latitude))
        wide = math.degrees(math.asin(min(1.0, reach))) + 1e-6
        if reach >= 1 or wide >= 180:
            return (Box(south, -180, north, 180),)
        return Box(south, _wrapped(self.longitude - wide), north, _wrapped(self.longitude + wide)).boxes()


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees, WGS 84, bounds included. A box whose west is greater than its east reaches over 180 degrees."""

    south: float
    west: float
    north: float
    east: float

    def __post_init__(self) -> None:
        _check_point(self.south, self.west)
        _check_point(self.north, self.east)
        if self.south > self.north:
            raise UsageError(
                f"the south of a box ({self.south}) lies north of its north ({self.north})",
                remedy="Give south, west, north, east.",
            )

    def holds(self, latitude: float, longitude: float) -> bool:
        return any(box.south <= latitude <= box.north and box.west <= longitude <= box.east for box in self.boxes())

    def boxes(self) -> tuple[Box, ...]:
        """Itself, or its two parts on either side of 180 degrees."""
        if self.west <= self.east:
            return (self,)
        return Box(self.south, self.west, self.north, 180), Box(self.south, -180, self.north, self.east)


def km_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Kilometres along the great circle (haversine)."""
    one, other = math.radians(latitude), math.radians(other_latitude)
    half = math.sin((other - one) / 2) ** 2
    half += math.cos(one) * math.cos(other) * math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def _wrapped(longitude: float) -> float:
    return (longitude + 180) % 360 - 180


def _check_point(latitude: float, longitude: float) -> None:
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise UsageError(
            f"{latitude}, {longitude} is no point on the Earth",
            remedy="Give the latitude, -90 to 90, before the longitude, -180 to 180.",
        )


# ---------------------------------------------------------------- words


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side, as `derived.words_in` gives them. open: the last may go on: "bomb*"."""

    words: tuple[str, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What words are asked for: of every group at least one phrase, and none of `without`."""

    groups: tuple[tuple[Phrase, ...], ...]
    without: tuple[Phrase, ...] = ()


_TERM = re.compile(r'(?P<no>-?)(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<plain>[^\s"]+))')


def parse_words(text: str) -> Wanted:
    """What a person types into a search field. Any text at all means something, or nothing; none is an error.

    All words must occur. "border crossing" in quotation marks is a phrase, OR between two terms takes either, a
    hyphen before a term excludes it, a star after it takes longer words, too. Everything else is words.
    """
    text = text.replace("“", '"').replace("”", '"')
    groups: list[list[Phrase]] = []
    without: list[Phrase] = []
    either = False
    for term in _TERM.finditer(text):
        if term["plain"] == "OR" and not term["no"] and groups:
            either = True
            continue
        words = tuple(words_in(term["phrase"] if term["plain"] is None else term["plain"]))
        if not words:
            continue
        phrase = Phrase(words, open=term["plain"] is not None and term["plain"].endswith("*"))
        if term["no"]:
            without.append(phrase)
        elif either:
            groups[-1].append(phrase)
        else:
            groups.append([phrase])
        either = False
    return Wanted(tuple(map(tuple, groups)), tuple(without))


# ---------------------------------------------------------------- the query


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Conditions that must all hold; of the values of one condition at least one.

    words: see `parse_words`. For events the words of the paragraphs that name them and of who and what takes part; for
        claims their content.
    since, until: days, both included. Events and claims count under one day: the first on which it can have been; the
        last where only that is known; the story's where it does not say.
    near: a circle; places that are only known to be in a region or a country do not count. box: any place counts.
    places: ids or names of places. countries: of places, ISO 3166-1 alpha-3.
    types, modes, contexts, statuses, standings: as in `Event`, and `standing.standing`.
    actor: who takes part. The id of an actor, a country code in capitals, or a name: of all whose name or alias it is;
        where nobody has this name, of all in whose names all of its words occur ("Khan"). role: as what.
        In a claim who says it counts as its actor, whom it is about or addressed to as its recipient.
    by, about: of claims, found as `actor` is: who says it, whom it is about.
    outlets: ids (domains) or names.
    acts: of claims; of events, what a claim that holds them to be so or not does.
    min_killed: the number shown first, the least where there are only bounds.
    versions: "latest" leaves out stories that have a newer version. as_read: without the corrections of people.
    order: newest or oldest day first, most killed first, or last kept first. Whatever has no day or number comes last.
    limit: at most so many. cursor: go on behind the record that gave it; the rest of the query must be the same.
    """

    words: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    near: Circle | None = None
    box: Box | None = None
    places: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    standings: tuple[str, ...] = ()
    actor: str | None = None
    role: Role = "either"
    by: str | None = None
    about: str | None = None
    outlets: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    min_killed: int | None = None
    versions: Versions = "latest"
    as_read: bool = False
    order: Order = "newest"
    limit: int | None = None
    cursor: str | None = None

    def __post_init__(self) -> None:
        for name, known in _KNOWN.items():
            value = getattr(self, name)
            for each in value if isinstance(value, tuple) else (value,):
                if each not in known:
                    raise UsageError(
                        f"{each!r} is no {_PARAMETERS.get(name, name)}", remedy=f"Known are {', '.join(known)}."
                    )
        if self.limit is not None and self.limit < 1:
            raise UsageError(f"a limit of {self.limit} asks for nothing", remedy="Give 1 or more, or none.")
        if self.since and self.until and self.since > self.until:
            raise UsageError(f"since {self.since} is later than until {self.until}", remedy="Exchange them.")
        if self.words is not None and not parse_words(self.words).groups:
            raise UsageError(
                f"there is no word to look for in {self.words!r}", remedy="Give at least one that must occur."
            )
        for name in ("actor", "by", "about"):
            value = getattr(self, name)
            if value is not None and not words_in(value):
                raise UsageError(f"{name}: {value!r} is no name", remedy="Give letters or digits.")
        if self.cursor is not None:
            read_cursor(self.cursor, self.order)

    def to_params(self) -> tuple[tuple[str, str], ...]:
        """As parameters of an address: name and value, in order; several values of one condition one by one."""
        found: list[tuple[str, str]] = []
        for field in fields(self):
            value, name = getattr(self, field.name), _PARAMETERS.get(field.name, field.name)
            if value == field.default:
                continue
            if isinstance(value, Circle | Box):
                found.append((name, ",".join(repr(getattr(value, each.name)) for each in fields(value))))
            elif isinstance(value, tuple):
                found += [(name, each) for each in value]
            else:
                found.append((name, str(int(value)) if isinstance(value, bool) else str(value)))
        return tuple(found)

    @classmethod
    def from_params(cls, params: Iterable[tuple[str, str]] | Mapping[str, str]) -> Query:
        """The query of `to_params`. Raises UsageError for what is no parameter, and for a value that means nothing."""
        pairs = params.items() if isinstance(params, Mapping) else params
        names = {_PARAMETERS.get(field.name, field.name): field.name for field in fields(cls)}
        values: dict[str, Any] = {}
        for name, text in pairs:
            if name not in names:
                raise UsageError(f"a query has no parameter {name!r}", remedy=f"Known are {', '.join(names)}.")
            field = names[name]
            if field in _MANY:
                values[field] = (*values.get(field, ()), text)
            elif field in values:
                raise UsageError(f"the parameter {name!r} is given twice", remedy="Leave one out.")
            else:
                values[field] = _READERS.get(field, str)(text)
        return cls(**values)

    def conditions(self) -> frozenset[str]:
        """The fields that narrow the result down."""
        how = ("role", "versions", "as_read", "order", "limit", "cursor")
        return frozenset(
            field.name for field in fields(self) if field.name not in how and getattr(self, field.name) != field.default
        )


_MANY = frozenset(("places", "countries", "types", "modes", "contexts", "statuses", "standings", "outlets", "acts"))
# How a condition of several values is called where one is given.
_PARAMETERS: Mapping[str, str] = {
    "places": "place", "countries": "country", "types": "type", "modes": "mode", "contexts": "context",
    "statuses": "status", "standings": "standing", "outlets": "outlet", "acts": "act",
}  # fmt: skip
_KNOWN: Mapping[str, tuple[str, ...]] = {
    "statuses": ("happened", "ongoing", "planned", "hypothetical"),
    "standings": get_args(Standing),
    "acts": (
        "say", "accuse", "condemn", "deny", "reject", "urge", "warn", "threaten", "promise", "support", "admit",
        "express",
    ),
    "role": get_args(Role),
    "versions": get_args(Versions),
    "order": get_args(Order),
}  # fmt: skip
EVENTS_ONLY = frozenset(
    ("near", "box", "places", "countries", "types", "modes", "contexts", "statuses", "standings", "min_killed")
)
CLAIMS_ONLY = frozenset(("by", "about"))


def check_kind(query: Query, kind: type[Event] | type[Claim]) -> None:
    """Raise UsageError for conditions that these records cannot meet."""
    wrong = query.conditions() & (EVENTS_ONLY if kind is Claim else CLAIMS_ONLY)
    if kind is Claim and query.order == "deadliest":
        wrong |= {"order"}
    if wrong:
        names = ", ".join(sorted(_PARAMETERS.get(name, name) for name in wrong))
        raise UsageError(f"{kind.__name__.lower()}s are not asked for by {names}", remedy="Leave that out.")


# ---------------------------------------------------------------- values


def read_day(text: str, *, last: bool = False) -> dt.date:
    """A day: "2025-11-27"; the first of "2025-11" or "2025", or the last of it."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", text.strip())
    try:
        if match is None:
            raise ValueError
        year, month, day = int(match[1]), match[2], match[3]
        whole = int(month or (12 if last else 1))
        return dt.date(year, whole, int(day or (calendar.monthrange(year, whole)[1] if last else 1)))
    except ValueError:
        raise UsageError(
            f"{text!r} is no day", remedy="Write year, month and day, 2025-11-27, or less: 2025-11, 2025."
        ) from None


def read_circle(text: str) -> Circle:
    """A circle of its latitude, longitude and kilometres: "34.01,71.58,50"."""
    return Circle(*_numbers(text, 3, "a latitude, a longitude and kilometres: 34.01,71.58,50"))


def read_box(text: str) -> Box:
    """A box of its south, west, north and east: "36,67,41,75"."""
    return Box(*_numbers(text, 4, "south, west, north and east: 36,67,41,75"))


def _numbers(text: str, count: int, words: str) -> list[float]:
    try:
        numbers = [float(each) for each in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != count or not all(map(math.isfinite, numbers)):
        raise UsageError(f"{text!r} is no place", remedy=f"Give {words}.")
    return numbers


def _read_number(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", text):
        raise UsageError(f"{text!r} is no number", remedy="Give it in digits.")
    return int(text)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "since": read_day,
    "until": lambda text: read_day(text, last=True),
    "near": read_circle,
    "box": read_box,
    "min_killed": _read_number,
    "limit": _read_number,
    "as_read": lambda text: text not in ("0", "false", "no", ""),
}


Key = dt.date | int | None


def write_cursor(order: Order, key: Key, number: int) -> str:
    """Where a record stands in an order: "newest:2025-11-27:1234"."""
    return f"{order}:{'' if key is None else key}:{number}"


def read_cursor(cursor: str, order: Order) -> tuple[Key, int]:
    """The key and the number of a record. Raises UsageError for what is no cursor, or one of another order."""
    told, _, rest = cursor.partition(":")
    key, _, number = rest.partition(":")
    if told == order and re.fullmatch(r"\d{1,18}", number):
        if not key:
            return None, int(number)
        if order in ("newest", "oldest") and re.fullmatch(r"\d{4}-\d\d-\d\d", key):
            return read_day(key), int(number)
        if order == "deadliest" and re.fullmatch(r"-?\d{1,18}", key):
            return int(key), int(number)
    raise UsageError(
        f"{cursor!r} is no cursor of a query in the order {order!r}",
        remedy="Give the one that came with the last record, and the same query.",
    )
