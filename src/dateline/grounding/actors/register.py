"""The world register: actors that news names, by every name they go by, with their codes and when these held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from dateline.errors import InputError, InstallationError
from dateline.grounding.actors.lexicons import ActorKind, normal_lines

_FAREWELL = dt.timedelta(days=45)
COLUMNS = ("id", "name", "kind", "country", "sector", "aliases", "part_of", "since", "until", "role")
_KINDS: tuple[ActorKind, ...] = ("person", "government", "organization", "group")


@dataclass(frozen=True, slots=True)
class Period:
    """What an actor is from `since` to `until` (days, both included; None where open)."""

    country: str
    sector: str
    part_of: str
    role: str
    since: dt.date | None
    until: dt.date | None

    def distance(self, day: dt.date) -> int:
        """Days from this period to a day, 0 inside. For some weeks news speaks of who left an office by that office."""
        if self.since is not None:
            since = self.since + _FAREWELL if self.sector == "ELI" else self.since
            if day < since:
                return (since - day).days
        if self.until is not None and day > self.until:
            return (day - self.until).days
        return 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One actor of the register. periods: at least one, in the order of the file."""

    id: str
    name: str
    kind: ActorKind
    aliases: tuple[str, ...]
    periods: tuple[Period, ...]

    def at(self, day: dt.date | None, said: frozenset[str] = frozenset()) -> Period:
        """The period of a day, or the nearest. Without a day one whose office is said of it, else one in government.

        said: words that the story uses for its office ("president").
        """
        if day is not None:
            return min(self.periods, key=lambda period: period.distance(day))
        offices = [(period, set(period.role.split())) for period in self.periods]
        held = [period for period, words in offices if said & words and "former" not in words]
        ruling = [period for period in self.periods if period.sector == "GOV"]
        return (held or ruling or list(self.periods))[-1]


@dataclass(frozen=True, slots=True)
class Register:
    """rows: the lines of each actor's periods, by id; made into an `Entry` only when asked for, which keeps the start
    fast.

    sure: names that one actor has. shared: names that need support, with the ids of all who go by them. organs: for a
    country and a role the one organization that has it ("PAK", "armed forces").
    """

    rows: dict[str, list[str]]
    sure: dict[str, str]
    shared: dict[str, tuple[str, ...]]
    organs: dict[tuple[str, str], str]

    def entry(self, id_: str) -> Entry:
        """The actor of an id. Raises KeyError for an unknown one."""
        return _entry([tuple(line.split("\t")) for line in self.rows[id_]])

    def named(self, words: str) -> tuple[str, ...]:
        """Ids of the entries that go by these words (as `normal` writes them); one alone is sure."""
        if words in self.sure:
            return (self.sure[words],)
        return self.shared.get(words, ())

    def with_rows(self, rows: dict[str, list[str]]) -> Register:
        """The same with actors that no names lead to; those of an id that is known already are left out."""
        return Register({**rows, **self.rows}, self.sure, self.shared, self.organs)


def load_register(*, extra: Sequence[Path] = ()) -> Register:
    """Read the register that ships with the package, then a user's own files, whose rows replace those of the same id.

    Raises InstallationError for a damaged package, InputError with file and line for a bad row of a user's file.
    """
    rows: dict[str, list[str]] = {}
    folder = resources.files(__package__).joinpath("data", "register")
    try:
        for file in sorted(folder.iterdir(), key=lambda each: each.name):
            if file.name.endswith(".tsv"):
                for line in file.read_text(encoding="utf-8").split("\n")[1:-1]:
                    rows.setdefault(line[: line.index("\t")], []).append(line)
        shipped = _index(rows)
    except (OSError, ValueError, IndexError) as fault:
        raise InstallationError(
            f"The register of actors cannot be read: {fault}", location=str(folder), remedy="Install dateline again."
        ) from fault
    if not extra:
        return shipped
    for path in extra:
        own: dict[str, list[str]] = {}
        for number, line in _lines(_read(path), str(path)):
            _check(tuple(line.split("\t")), f"{path}:{number}")
            own.setdefault(line.partition("\t")[0], []).append(line)
        rows.update(own)
    return _index(rows)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise InputError(
            f"The file of actors cannot be read: {fault.strerror}",
            location=str(path),
            remedy="Check the path given with --actors.",
        ) from fault
    except UnicodeDecodeError as fault:
        raise InputError(
            "The file of actors is not UTF-8", location=str(path), remedy="Save it as UTF-8, tabs between columns."
        ) from fault


def _lines(text: str, name: str) -> Iterator[tuple[int, str]]:
    """Line numbers and rows. The header must name the columns."""
    lines = text.splitlines()
    if not lines or tuple(lines[0].split("\t")) != COLUMNS:
        raise InputError(
            "A register of actors must begin with a line that names its columns",
            location=f"{name}:1",
            remedy="Tabs between columns: " + " ".join(COLUMNS),
        )
    for number, line in enumerate(lines[1:], 2):
        if not line or line.startswith("#") or not line.strip():
            continue
        if line.count("\t") != len(COLUMNS) - 1:
            raise InputError(
                f"A row of a register of actors has {line.count(chr(9)) + 1} columns, not {len(COLUMNS)}",
                location=f"{name}:{number}",
                remedy="Tabs between columns: " + " ".join(COLUMNS),
            )
        yield number, line


def _check(row: tuple[str, ...], location: str) -> None:
    values = dict(zip(COLUMNS, row, strict=True))
    wrong = None
    if not values["id"] or not values["name"]:
        wrong = "id and name must not be empty"
    elif values["kind"] not in _KINDS:
        wrong = f"kind must be one of {', '.join(_KINDS)}, not “{values['kind']}”"
    else:
        for column in ("since", "until"):
            try:
                _day(values[column], last=column == "until")
            except ValueError:
                wrong = f"{column} must be a day, month or year like 2021-08-15, not “{values[column]}”"
    if wrong:
        raise InputError(f"A row of the file of actors is not right: {wrong}", location=location, remedy="Mend it.")


def _entry(rows: Sequence[tuple[str, ...]]) -> Entry:
    first = dict(zip(COLUMNS, rows[0], strict=True))
    aliases: dict[str, None] = {}
    periods: list[Period] = []
    for row in rows:
        values = dict(zip(COLUMNS, row, strict=True))
        aliases |= dict.fromkeys(alias for alias in values["aliases"].split("|") if alias)
        periods.append(
            Period(
                values["country"],
                values["sector"],
                values["part_of"],
                values["role"],
                _day(values["since"], last=False),
                _day(values["until"], last=True),
            )
        )
    kind: ActorKind = next(kind for kind in _KINDS if kind == first["kind"])
    return Entry(first["id"], first["name"], kind, tuple(aliases), tuple(periods))


def _day(cell: str, *, last: bool) -> dt.date | None:
    """First or last day of "2021", "2021-08", "2021-08-15"; None for an empty cell."""
    if not cell:
        return None
    parts = [int(part) for part in cell.split("-")]
    year, month, day = (*parts, None, None)[:3]
    assert year is not None
    if day is not None and month is not None:
        return dt.date(year, month, day)
    if not last:
        return dt.date(year, month or 1, 1)
    after = dt.date(year + (month or 12) // 12, (month or 12) % 12 + 1, 1)
    return after - dt.timedelta(days=1)


def _index(rows: dict[str, list[str]]) -> Register:
    """Names to ids. All names are made comparable in one go: one by one they took most of the program's start."""
    owners: list[str] = []
    names: list[str] = []
    organs: dict[tuple[str, str], str] = {}
    for id_, lines in rows.items():
        told = ""
        for line in lines:
            cells = line.split("\t")
            if cells[2] != "person" and cells[9] and not cells[8]:
                held = (cells[3], cells[9])
                organs[held] = "" if organs.get(held, id_) != id_ else id_
            if told == cells[5] and told:
                continue  # another period under the same names
            told = cells[5]
            found = f"{cells[1]}|{cells[5]}".rstrip("|").split("|")
            names += found
            owners += [id_] * len(found)
    plain: dict[str, str] = {}
    shared: dict[str, set[str]] = {}
    starred: list[tuple[str, str]] = []
    for name, id_ in zip(normal_lines(names), owners, strict=True):
        name = name.removeprefix("the ")
        if name.endswith("*"):
            starred.append((name[:-1], id_))
            continue
        other = plain.setdefault(name, id_)
        if other != id_:
            shared.setdefault(name, {other}).add(id_)
    for name in shared:
        del plain[name]
    for name, id_ in starred:
        if name not in plain:
            shared.setdefault(name, set()).add(id_)
    return Register(rows, plain, {name: tuple(sorted(ids)) for name, ids in shared.items()}, organs)
