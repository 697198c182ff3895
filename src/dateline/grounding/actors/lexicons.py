"""What the stage knows of words for actors: states, nouns, titles. The tables lie in `data/`, each with a card."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from dateline.tables import read_rows

ActorKind = Literal["person", "government", "organization", "group", "unnamed"]
Gender = Literal["m", "f", ""]


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun for somebody who can act, in one of its two numbers.

    sector: PLOVER code, empty for words that take it from what stands beside them ("spokesman", "member").
    soft: the sector gives way to what stands beside it (a "police official" is police, an "official" government).
    """

    kind: ActorKind
    sector: str
    gender: Gender
    plural: bool
    soft: bool


@dataclass(frozen=True, slots=True)
class Title:
    """A title before a name: "Mr.", "Gen.", "President"."""

    gender: Gender
    sector: str


@dataclass(frozen=True, slots=True)
class State:
    """A state or territory. code: ISO 3166-1 alpha-3. id: of its row; several rows may share a code."""

    id: str
    code: str
    name: str
    aliases: tuple[str, ...]
    capitals: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorLexicons:
    """The tables of `grounding/actors/data`. Read-only; keys are words in lower case joined by single blanks.

    institutions: words for an organ of any state -> the roles that the register may give it, best first.
    governments: those of them that stand for the government itself.
    names: what names a state itself; ambiguous ones are left out. people: adjectives and demonyms.
    elsewhere: words that say that an actor is of another country than the story's.
    modifiers: words before a noun -> the sector they lend it.
    capitals, seats: what may stand for its government, or
    for the organ whose sector is given.
    longest: words of the longest noun or title.
    """

    nouns: dict[str, Noun]
    modifiers: dict[str, str]
    elsewhere: frozenset[str]
    titles: dict[str, Title]
    states: dict[str, State]
    institutions: dict[str, tuple[str, ...]]
    governments: frozenset[str]
    names: dict[str, str]
    people: dict[str, str]
    capitals: dict[str, str]
    seats: dict[str, tuple[str, str]]
    longest: int


def load_actor_lexicons() -> ActorLexicons:
    """Read the tables that ship with the package.

    Raises InstallationError when one is missing or damaged.
    """
    nouns: dict[str, Noun] = {}
    for singular, plural, kind, sector, gender in table("nouns.tsv", columns=5):
        for words, many in ((plural, True), (singular, singular == plural)):
            nouns[words] = Noun(
                cast(ActorKind, kind),
                sector.rstrip("?"),
                cast(Gender, gender),
                many,
                not sector or sector.endswith("?"),
            )
    titles = {words: Title(cast(Gender, gender), sector) for words, gender, sector in table("titles.tsv", columns=3)}
    institutions = {words: tuple(_parts(roles)) for words, roles in table("institutions.tsv", columns=2)}
    states: dict[str, State] = {}
    names: dict[str, str] = {}
    people: dict[str, str] = {}
    capitals: dict[str, str] = {}
    seats: dict[str, tuple[str, str]] = {}
    for row in [*table("states-east.tsv", columns=11), *table("states-west.tsv", columns=11)]:
        id_, code, _, name, official, aliases, adjectives, demonyms, capital, seat, _ = row
        known = State(id_, code, name, tuple(_parts(official) + _parts(aliases)), tuple(_parts(capital)))
        states[id_] = known
        for words in (name, *known.aliases):
            if not words.endswith("*"):
                names.setdefault(normal(words), id_)
        for words in _parts(adjectives) + _parts(demonyms):
            if not words.endswith("*"):
                people.setdefault(normal(words), id_)
        for words in known.capitals:
            if not words.endswith("*"):
                capitals.setdefault(normal(words), id_)
        for pair in _parts(seat):
            words, _, sector = pair.partition("=")
            seats[normal(words)] = (id_, sector or "GOV")
    return ActorLexicons(
        nouns=nouns,
        elsewhere=frozenset(row[0] for row in table("elsewhere.tsv", columns=1)),
        modifiers=dict(cast(Iterator[tuple[str, str]], table("modifiers.tsv", columns=2))),
        titles=titles,
        states=states,
        institutions=institutions,
        governments=frozenset(words for words, roles in institutions.items() if "government" in roles),
        names=names,
        people=people,
        capitals=capitals,
        seats=seats,
        longest=max(len(words.split()) for words in (*nouns, *titles)),
    )


def normal(words: str) -> str:
    """Words as the tables key them: lower case, straight apostrophes, no full stops within, single blanks.

    >>> normal("The U.S.  Army’s")
    'the us army's'
    """
    return " ".join(words.replace("’", "'").replace(".", "").lower().split())


def normal_lines(words: list[str]) -> list[str]:
    """Many words at once, as `normal` writes each; they must hold no line break and no double blank."""
    return "\n".join(words).replace("’", "'").replace(".", "").lower().split("\n")


def table(name: str, *, columns: int) -> Iterator[tuple[str, ...]]:
    """The rows of a table in `data/` below the line that names its columns."""
    return read_rows(__package__, name, columns=columns)


def _parts(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]
