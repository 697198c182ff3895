"""Country, sector and kind of an actor, from the register, its own words and what the story says around it.

Each is a choice among candidates by a log-linear score over the features written here, fitted by
`training/actors/fit_codes.py`; the winner's probability is the confidence, and the feature that told most for it
names the evidence.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dateline.grounding.actors.describing import Description
from dateline.grounding.actors.lexicons import ActorLexicons, State, normal
from dateline.grounding.actors.register import Period
from dateline.language.analysis import ACTOR_KINDS, SECTORS, Analysis

Floats = npt.NDArray[np.float32]

# PLOVER's codes for actors of no one state
NOT_STATES = frozenset(("UNO", "EUR", "IGO", "NGO", "MNC"))
_LEAST = -2.0
# what the choices are made by, in the order of the fitted weights
SECTOR_SIGNS = (
    "network", "register", "title", "noun of a person", "noun of a body", "noun beside the register",
    "modifier of a soft noun", "modifier of a hard noun", "former", "state that acts", "people of a state",
    "body inside", "nameless", "no word known", "person of the register", "network beside the register",
    "body of the register inside, soft noun", "body of the register inside, hard noun", "soft noun",
    "lent by a modifier", "network beside a hard noun",
)  # fmt: skip
KIND_SIGNS = (
    "network", "register", "tagged person", "tagged organization", "government if tagged organization",
    "tagged group", "noun", "state that acts", "named person", "nameless person", "nameless group",
    "pronouns alone",
)  # fmt: skip
COUNTRY_SIGNS = (
    "register", "own name", "own people", "behind the head", "body inside", "possessor", "named before",
    "named after", "share", "largest share", "in the lead", "dateline", "outlet", "outlet of a person",
    "outlet that is named", "none", "none told", "none in the register", "body of the register inside", "sentence",
    "paragraph", "sentence if untold", "share if untold", "order of naming", "first named if untold", "first told",
)  # fmt: skip
# a choice less probable than these is not made: a country; a sector that no word speaks for; one that charges somebody
_DOUBT = 0.4
_CHARGES = frozenset(("REB", "CRM", "UAF", "PRM"))
_CHARGE = 0.8
_GUESS = 0.3
# told by what somebody does; the others by how somebody stands to a state, or charge somebody
_OCCUPATIONS = frozenset(
    ("GOV", "MIL", "COP", "JUD", "LEG", "SPY", "BUS", "LAB", "MED", "JRN", "EDU", "REL", "NGO", "REF", "AGR")
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A state, its people or its seat named in the story. country: ISO 3166-1 alpha-3. how: name, people, capital,
    place."""

    token: int
    country: str
    how: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What the story as a whole tells of countries. shares: of each country among all sightings. lead: in the first
    paragraphs.

    home: country of the outlet, "" if unknown. day: what periods of the register are chosen by.
    sentence_of, paragraph_of: of each token.
    """

    sightings: tuple[Sighting, ...]
    shares: Mapping[str, float]
    lead: frozenset[str]
    dateline: str
    home: str
    day: dt.date | None
    sentence_of: tuple[int, ...]
    paragraph_of: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """One actor before it is coded. mentions: its descriptions. entry: its row of the register at the story's day.

    inside: codes (country, sector) of the actors named inside its mentions ("State Department official") by mentions
    of their own;
    embedded: the same from the register alone.
    owners: countries of the possessors of its mentions ("Russia's army", "its army").
    sectors, kinds: mean scores of the language core over its mentions, one per `SECTORS` and `ACTOR_KINDS`.
    """

    mentions: tuple[Description, ...]
    entry: Period | None
    entry_kind: str
    inside: tuple[tuple[str, str], ...]
    embedded: tuple[tuple[str, str], ...]
    owners: tuple[str, ...]
    sectors: Floats
    kinds: Floats


def see(analysis: Analysis, lexicons: ActorLexicons, places: Mapping[int, str]) -> tuple[Sighting, ...]:
    """Every naming of a state, its people or its capital, in text order. places: country by first token of resolved
    places."""
    found: list[Sighting] = []
    position, tokens = 0, analysis.tokens
    persons = {
        token
        for phrase in analysis.phrases
        if phrase.type == "person"
        for token in range(phrase.tokens.first, phrase.tokens.last)
    }
    while position < len(tokens):
        step = 1
        if tokens[position].text[:1].isupper():
            # "Finn Jensen" is a name, "Russian President ..." an adjective
            forename = position in persons and tokens[position].upos == "PROPN"
            for length in range(min(5, len(tokens) - position), 0, -1):
                text = " ".join(token.text for token in tokens[position : position + length])
                hit = _state(text, lexicons)
                if hit is not None and not (forename and hit[1] == "people"):
                    found.append(Sighting(position, hit[0].code, hit[1]))
                    step = length
                    break
            else:
                if position in places:
                    found.append(Sighting(position, places[position], "place"))
        position += step
    return tuple(found)


def _state(text: str, lexicons: ActorLexicons) -> tuple[State, str] | None:
    words = normal(text).removeprefix("the ")
    if words == "us" and text not in ("US", "U.S.", "U.S"):
        return None
    for table, how in ((lexicons.names, "name"), (lexicons.people, "people"), (lexicons.capitals, "capital")):
        if words in table:
            return lexicons.states[table[words]], how
    if words in lexicons.seats:
        return lexicons.states[lexicons.seats[words][0]], "capital"
    return None


def set_scene(
    analysis: Analysis, sightings: Sequence[Sighting], *, dateline: str, home: str, day: dt.date | None
) -> Setting:
    """Count what the sightings of a story say as a whole."""
    counts = Counter(sighting.country for sighting in sightings)
    total = sum(counts.values())
    lead = frozenset(s.country for s in sightings if analysis.tokens[s.token].paragraph <= 1)
    shares = {country: count / total for country, count in counts.items()}
    return Setting(
        tuple(sightings),
        shares,
        lead,
        dateline,
        home,
        day,
        tuple(token.sentence for token in analysis.tokens),
        tuple(token.paragraph for token in analysis.tokens),
    )


# ---------------------------------------------------------------- sector


def sector_rows(profile: Profile) -> Floats:
    """*Shape:* (sectors, `SECTOR_SIGNS`): what speaks for each sector."""
    rows = np.zeros((len(SECTORS), len(SECTOR_SIGNS)), np.float32)
    place = {code: number for number, code in enumerate(SECTORS)}

    def mark(code: str, sign: str) -> None:
        if code in place:
            rows[place[code], SECTOR_SIGNS.index(sign)] = 1

    known = profile.entry is not None
    # the network is very sure of some names that it takes for others, so it has a bounded say
    named = [one for one in profile.mentions if one.form != "pronoun"]
    nouns = [one.lead.noun for one in named if one.lead is not None and one.lead.noun is not None]
    hard = any(not noun.soft for noun in nouns) or any(one.lent for one in named)
    network = f"network beside {'the register' if known else 'a hard noun'}" if known or hard else "network"
    rows[:, SECTOR_SIGNS.index(network)] = np.maximum(profile.sectors, _LEAST)
    if profile.entry is not None:
        mark(profile.entry.sector, "register")
        if profile.entry_kind == "person":
            mark(profile.entry.sector, "person of the register")
    for one in named:
        person = one.type == "person"
        for title in one.titles:
            if title.title is not None and title is not one.lead and title.title.sector:
                mark(title.title.sector, "title")
        lead = one.lead.noun if one.lead is not None else None
        if lead is not None and lead.sector and not (lead.soft and one.lent):
            mark(lead.sector, "soft noun" if lead.soft else f"noun of a {'person' if person else 'body'}")
            if known:
                mark(lead.sector, "noun beside the register")
        if lead is not None and lead.soft:
            for sector in one.lent:
                mark(sector, "lent by a modifier")
        for noun in one.nouns:
            if noun is not one.lead and noun.noun is not None and noun.noun.sector:
                soft = lead is None or lead.soft
                mark(noun.noun.sector, f"modifier of a {'soft' if soft else 'hard'} noun")
        if one.former and person:
            mark("ELI", "former")
        if not one.lead and one.nations and one.type == "organization":
            mark("GOV", "state that acts")
        if not one.lead and one.nations and one.type == "group":
            mark("CVL", "people of a state")
    for _, sector in profile.inside:
        mark(sector, "body inside")
    for _, sector in profile.embedded:
        mark(sector, f"body of the register inside, {'hard' if hard else 'soft'} noun")
    if not named:
        mark("", "nameless")
    if not known and not any(one.nouns or one.titles for one in named):
        mark("", "no word known")
    return rows


# ---------------------------------------------------------------- kind


def kind_rows(profile: Profile) -> Floats:
    """*Shape:* (kinds, `KIND_SIGNS`): what speaks for each kind."""
    rows = np.zeros((len(ACTOR_KINDS), len(KIND_SIGNS)), np.float32)
    rows[:, 0] = np.maximum(profile.kinds, _LEAST)

    def mark(kind: str, sign: str, weight: float = 1.0) -> None:
        rows[ACTOR_KINDS.index(kind), KIND_SIGNS.index(sign)] = weight

    if profile.entry_kind:
        mark(profile.entry_kind, "register")
    named = [one for one in profile.mentions if one.form != "pronoun"]
    types = Counter(one.type for one in named)
    total = max(1, sum(types.values()))
    for type_ in ("person", "organization", "group"):
        mark(type_, f"tagged {type_}", types[type_] / total)
    mark("government", "government if tagged organization", types["organization"] / total)
    for one in named:
        if one.lead is not None and one.lead.noun is not None:
            several = one.lead.noun.kind == "person" and one.lead.noun.plural
            mark("group" if several else one.lead.noun.kind, "noun")
        if not one.lead and one.nations and one.type == "organization":
            mark("government", "state that acts")
        if one.type == "person" and one.name:
            mark("person", "named person")
    if not any(one.name for one in named):
        mark("unnamed", "nameless person", float(types["person"] > 0))
        mark("unnamed", "nameless group", float(types["group"] > 0))
    if not named:
        mark("unnamed", "pronouns alone")
    return rows


# ---------------------------------------------------------------- country


def country_rows(profile: Profile, setting: Setting) -> tuple[tuple[str, ...], Floats]:
    """Candidate countries, "" for none the last, and *Shape:* (candidates, `COUNTRY_SIGNS`)."""
    entry = profile.entry.country if profile.entry is not None else ""
    own = _own_nations(profile)
    inside = [country for country, _ in profile.inside if country not in ("", *NOT_STATES)]
    embedded = [country for country, _ in profile.embedded if country not in ("", *NOT_STATES)]
    owners = [country for country in profile.owners if country not in NOT_STATES]
    told = list(dict.fromkeys([*([entry] if entry else []), *own, *inside, *embedded, *owners]))
    around = [*setting.shares, *([setting.home] if setting.home else [])]
    if any(one.elsewhere for one in profile.mentions):
        around = []  # "its Asian allies", "other countries"
    names = tuple(dict.fromkeys([*told, *around]))
    sentence, paragraph = _around(profile, setting)
    before, after = _nearest(profile, setting)
    order = list(dict.fromkeys(sighting.country for sighting in setting.sightings))
    person = any(one.type == "person" for one in profile.mentions if one.form != "pronoun")
    top = max(setting.shares.values(), default=0.0)
    rows = np.zeros((len(names) + 1, len(COUNTRY_SIGNS)), np.float32)
    for number, name in enumerate(names):
        share, near = setting.shares.get(name, 0.0), sentence.get(name, 0.0)
        at_home = name == setting.home
        signs: dict[str, float] = {
            "register": name == entry,
            "own name": own.get(name) == "name",
            "own people": own.get(name) == "people",
            "behind the head": own.get(name) == "after",
            "body inside": name in inside,
            "possessor": name in owners,
            "named before": name == before,
            "named after": name == after,
            "share": share,
            "largest share": share == top > 0,
            "in the lead": name in setting.lead,
            "dateline": name == setting.dateline,
            "outlet": at_home,
            "outlet of a person": at_home and person,
            "outlet that is named": at_home and share > 0,
            "body of the register inside": name in embedded,
            "sentence": near,
            "paragraph": paragraph.get(name, 0.0),
            "sentence if untold": 0.0 if told else near,
            "share if untold": 0.0 if told else share,
            "order of naming": 1 / (1 + (order.index(name) if name in order else 99)),
            "first named if untold": not told and order[:1] == [name],
            "first told": told[:1] == [name],
        }
        rows[number] = [signs.get(sign, 0.0) for sign in COUNTRY_SIGNS]
    rows[-1, COUNTRY_SIGNS.index("none")] = 1
    rows[-1, COUNTRY_SIGNS.index("none told")] = not told
    rows[-1, COUNTRY_SIGNS.index("none in the register")] = profile.entry is not None and not entry
    return (*names, ""), rows


def _own_nations(profile: Profile) -> dict[str, str]:
    """Countries named in the actor's own mentions: as a noun or adjective before the head, or behind it."""
    found: dict[str, str] = {}
    for one in profile.mentions:
        for nation in one.nations:
            how = "after" if nation.first > one.head else ("name" if one.type == "organization" else "people")
            found.setdefault(nation.country, how)
    return found


def _nearest(profile: Profile, setting: Setting) -> tuple[str, str]:
    """The country last named before the actor's first mention, and the first named after it."""
    first = min(one.first for one in profile.mentions)
    before = [s.country for s in setting.sightings if s.token < first]
    after = [s.country for s in setting.sightings if s.token >= first]
    return before[-1] if before else "", after[0] if after else ""


def _around(profile: Profile, setting: Setting) -> tuple[dict[str, float], dict[str, float]]:
    """Of the countries sighted in the sentences, and in the paragraphs, of an actor's mentions the share of each."""
    sentences = {setting.sentence_of[one.head] for one in profile.mentions}
    paragraphs = {setting.paragraph_of[one.head] for one in profile.mentions}
    near = Counter(s.country for s in setting.sightings if setting.sentence_of[s.token] in sentences)
    wider = Counter(s.country for s in setting.sightings if setting.paragraph_of[s.token] in paragraphs)
    return (
        {country: count / near.total() for country, count in near.items()},
        {country: count / wider.total() for country, count in wider.items()},
    )


# ---------------------------------------------------------------- choice


@dataclass(frozen=True, slots=True)
class Coder:
    """Fitted weights: of the features of sector, kind and country; a bias for each sector and kind."""

    sector: Floats
    sector_bias: Floats
    kind: Floats
    kind_bias: Floats
    country: Floats


@dataclass(frozen=True, slots=True)
class Coding:
    """What an actor was coded as, with the probability of each choice."""

    country: str
    sector: str
    kind: str
    country_confidence: float
    sector_confidence: float
    kind_confidence: float


def code(profile: Profile, setting: Setting, coder: Coder) -> Coding:
    """Choose sector, kind and country.

    What the register says of an actor stands, whatever the story's words suggest; so does an occupation that the nouns
    of its mentions agree on (a doctor, a farmer), for the network hardly saw some of them in training.
    """
    known = profile.entry
    sector, sector_belief = _choose_sector(sector_rows(profile) @ coder.sector + coder.sector_bias, profile)
    told = (known.sector if known is not None else "") or _occupation(profile)
    if not told and sector_belief < _GUESS and not _has_words(profile):
        sector, sector_belief = 0, 1 - sector_belief
    kind, kind_belief = _choose(kind_rows(profile) @ coder.kind + coder.kind_bias)
    names, rows = country_rows(profile, setting)
    country, country_belief = _choose(rows @ coder.country)
    return Coding(
        country=known.country if known else names[country] if country_belief >= _DOUBT else "",
        sector=told or SECTORS[sector],
        kind=ACTOR_KINDS[kind],
        country_confidence=1.0 if known else country_belief,
        sector_confidence=1.0 if told else sector_belief,
        kind_confidence=kind_belief,
    )


def _has_words(profile: Profile) -> bool:
    """Whether any word of an actor's mentions, or a body named in them, speaks for a sector."""
    return bool(profile.inside or profile.embedded) or any(
        one.nouns or one.titles or one.nations for one in profile.mentions
    )


def _occupation(profile: Profile) -> str:
    """The sector that the leading nouns of an actor's mentions agree on, where it is an occupation; else ""."""
    nouns = [one.lead.noun for one in profile.mentions if one.lead is not None and one.lead.noun is not None]
    sectors = {noun.sector for noun in nouns if not noun.soft}
    former = any(one.former for one in profile.mentions)
    return sectors.pop() if len(sectors) == 1 and sectors <= _OCCUPATIONS and not former else ""


def _choose_sector(scores: Floats, profile: Profile) -> tuple[int, float]:
    """The likeliest sector; one that charges somebody with arms or crime only where a noun of the mentions says so, or
    where it is likelier than not."""
    best, belief = _choose(scores)
    said = {one.lead.noun.sector for one in profile.mentions if one.lead is not None and one.lead.noun is not None}
    if SECTORS[best] in _CHARGES - said and belief < _CHARGE:
        lawful = np.array([-np.inf if name in _CHARGES else score for name, score in zip(SECTORS, scores, strict=True)])
        best = int(lawful.argmax())
        belief = float(np.exp(scores[best] - scores.max()) / np.exp(scores - scores.max()).sum())
    return best, belief


def _choose(scores: Floats) -> tuple[int, float]:
    best = int(scores.argmax())
    return best, float(1 / np.exp(scores - scores[best]).sum())
