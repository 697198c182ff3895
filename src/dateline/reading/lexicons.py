"""What reading knows by heart: outlets and agencies, site furniture, dateline places, function words of languages.

The tables lie in `data/`, each with a card. They are read once and passed in; nothing is looked up at import.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources
from typing import Literal, cast

from dateline.errors import InstallationError
from dateline.records import Outlet

FurnitureRole = Literal["furniture", "caption", "credit", "byline"]

# A line that begins like furniture but is longer than this is prose ("Watch: ..." may open a real paragraph).
_LONGEST_FURNITURE = 420


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicons:
    """The tables of `reading/data`, ready for use. Read-only.

    outlets: by registrable domain. outlet_names: casefolded name or alias -> domain. agencies: written form -> domain.
    lines: whole furniture lines, normalised by `normalize_line` -> role; openings and endings likewise, as prefixes
    and suffixes. places: casefolded names of usual dateline places. lead_words: what stands before a colon and is
    no place. function_words: language code -> its commonest words; language_names: code -> English name.
    boundary_weights: the logistic model of `boundaries`, feature -> log-odds.
    """

    outlets: dict[str, Outlet]
    outlet_names: dict[str, str]
    agencies: dict[str, str]
    lines: dict[str, FurnitureRole]
    openings: tuple[tuple[str, FurnitureRole], ...]
    endings: tuple[tuple[str, FurnitureRole], ...]
    places: frozenset[str]
    lead_words: frozenset[str]
    function_words: dict[str, frozenset[str]]
    language_names: dict[str, str]
    boundary_weights: dict[str, float]

    def furniture_role(self, line: str) -> FurnitureRole | None:
        """The role of a line that is site furniture by its words alone; None for any other line."""
        if len(line) > _LONGEST_FURNITURE:
            return None
        whole = normalize_line(line)
        if whole in self.lines:
            return self.lines[whole]
        lowered = " ".join(line.casefold().split())
        for opening, role in self.openings:
            if lowered.startswith(opening):
                # "Related: ..." may also open a paragraph of reported words.
                prose = opening.endswith(":") and (len(line) > 160 or "“" in line or '"' in line)
                return None if prose and role == "furniture" else role
        for ending, role in self.endings:
            if whole.endswith(ending):
                return role
        return None

    def outlet_named(self, name: str) -> Outlet | None:
        """The outlet of this name, alias or domain."""
        domain = self.outlet_names.get(" ".join(name.casefold().split()))
        return self.outlets.get(domain) if domain else None


def load_lexicons() -> Lexicons:
    """Read the tables that ship with the package.

    Raises InstallationError when one is missing or damaged.
    """
    outlets: dict[str, Outlet] = {}
    names: dict[str, str] = {}
    for domain, name, country, agency, aliases in _rows("outlets.tsv", columns=5):
        outlets[domain] = Outlet(id=domain, name=name, country=country or None, is_agency=agency == "yes")
        for written in (domain, name, *filter(None, aliases.split("|"))):
            names.setdefault(written.casefold(), domain)
    lines: dict[str, FurnitureRole] = {}
    openings: list[tuple[str, FurnitureRole]] = []
    endings: list[tuple[str, FurnitureRole]] = []
    for match, role, words in _rows("boilerplate.tsv", columns=3):
        known = cast(FurnitureRole, role)
        if match == "line":
            lines[words] = known
        else:
            (openings if match == "start" else endings).append((words, known))
    languages = _rows("function_words.tsv", columns=3)
    return Lexicons(
        outlets=outlets,
        outlet_names=names,
        agencies=dict(_pairs("agencies.tsv")),
        lines=lines,
        openings=tuple(openings),
        endings=tuple(endings),
        places=frozenset(place.casefold() for place, _ in _pairs("dateline_places.tsv")),
        lead_words=frozenset(word for (word,) in _rows("lead_words.tsv", columns=1)),
        function_words={code: frozenset(words.split()) for code, _, words in languages},
        language_names={code: name for code, name, _ in languages},
        boundary_weights={name: float(weight) for name, weight in _pairs("boundary_weights.tsv")},
    )


def normalize_line(line: str) -> str:
    """Make two printings of one line equal: case, spaces, quotation marks and punctuation at the ends do not count."""
    plain = line.casefold().translate(_PLAIN)
    return _EDGE.sub("", " ".join(plain.split()))


_PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u200b": None, "\ufeff": None})
_EDGE = re.compile(r"^[\W_]+|[\W_]+$")


def _pairs(name: str) -> list[tuple[str, str]]:
    return [(first, second) for first, second in _rows(name, columns=2)]


def _rows(name: str, *, columns: int) -> list[tuple[str, ...]]:
    try:
        table = (resources.files("dateline.reading") / "data" / name).read_text("utf-8")
    except OSError as error:
        raise InstallationError(
            "a table of the package is missing", location=name, remedy="Install dateline again."
        ) from error
    rows = [tuple(line.split("\t")) for line in table.splitlines() if line and not line.startswith("#")]
    for row in rows:
        if len(row) != columns:
            raise InstallationError(
                f"a table of the package is damaged: {row}", location=name, remedy="Install dateline again."
            )
    return rows
