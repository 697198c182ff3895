"""Which mentions of a story stand for the same actor: each is tied to an actor met before, or begins a new one.

Mentions are taken in text order (Luo et al. 2004, entity-mention model; Clark and Manning 2016, cluster ranking). The
learned part is a small network over the features written here and the product of two vectors per mention from the
language core. It was fitted by `training/actors/fit_antecedents.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dateline.grounding.actors.describing import Description
from dateline.language.analysis import Analysis, Token

Floats = npt.NDArray[np.float32]

CLASSES = ("person", "body", "group", "definite", "bare", "he", "she", "it", "they", "i", "we", "you", "who")
_GENERATIONS = frozenset(("jr", "sr", "ii", "iii", "iv"))


@dataclass(frozen=True, slots=True)
class Known:
    """What the world register says of a mention: id of the entry, its kind, country and sector at the story's day."""

    id: str
    kind: str
    country: str
    sector: str


@dataclass(slots=True)
class Cluster:
    """Mentions taken for one actor so far; indices into the list of descriptions."""

    members: list[int]
    names: set[tuple[str, ...]] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    leads: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    nations: set[str] = field(default_factory=set)
    genders: set[str] = field(default_factory=set)
    entries: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    sectors: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    plural: int = 0
    singular: int = 0

    def add(self, index: int, one: Description, entry: Known | None) -> None:
        """Take one more mention in."""
        self.members.append(index)
        if one.form == "pronoun":
            if one.gender:
                self.genders.add(one.gender)
            if one.pronoun == "they":
                self.plural += 1
            return
        if one.name:
            self.names.add(one.name)
        self.keys.add(one.key)
        if one.lead is not None:
            self.leads.add(singular(one.lead.words))
        self.words.update(one.words)
        self.nations.update(nation.country for nation in one.nations)
        sector, kind = said_of(one)
        self.sectors.add(sector)
        self.kinds.add(kind)
        if one.gender:
            self.genders.add(one.gender)
        if entry is not None:
            self.entries.add(entry.id)
            self.nations.add(entry.country)
            self.sectors.add(entry.sector)
            self.kinds.add(entry.kind)
        self.types.add(one.type)
        if one.plural:
            self.plural += 1
        else:
            self.singular += 1
        for told in (self.nations, self.sectors, self.kinds):
            told.discard("")


@dataclass(frozen=True, slots=True)
class Scene:
    """What the features of one story are read from. pair: (mentions, mentions), how much the core takes each row's
    mention
    for one of an earlier column's. entries: the register's actor of each mention, where one was found. sources: for
    each mention
    the mentions that are the source of a claim in whose content it stands, nearest first. quoted: inside quotation
    marks.
    """

    analysis: Analysis
    mentions: Sequence[Description]
    pair: Floats
    entries: Sequence[Known | None]
    sources: Sequence[tuple[int, ...]]
    quoted: Sequence[bool]


@dataclass(frozen=True, slots=True)
class Scorer:
    """One of the two parts of the fitted network: of a mention with a cluster, or of a mention alone.

    first: (features, hidden). shift: (classes, hidden), by the mention's class. second: (classes, hidden).
    direct: (classes, features), past the hidden layer.
    """

    first: Floats
    shift: Floats
    second: Floats
    direct: Floats

    def score(self, rows: Floats, kind: int) -> Floats:
        """rows: (candidates, features). Returns (candidates,)."""
        hidden = np.maximum(rows @ self.first + self.shift[kind], 0)
        scores: Floats = hidden @ self.second[kind] + rows @ self.direct[kind]
        return scores


@dataclass(frozen=True, slots=True)
class Ranker:
    """The fitted network: `joining` a cluster against being `alone`. caution: added to the score of the latter."""

    joining: Scorer
    alone: Scorer
    caution: float = 0.0


def singular(words: str) -> str:
    """A rough singular, the same for both numbers: "officials" and "official", "ministries" and "ministry"."""
    if words.endswith("ies"):
        return words[:-3] + "y"
    if words.endswith("men"):
        return words[:-3] + "man"
    if words.endswith("people"):
        return words[:-6] + "person"
    return words[:-1] if words.endswith("s") and not words.endswith("ss") else words


def class_of(one: Description) -> str:
    """How a mention refers, one of `CLASSES`."""
    if one.pronoun:
        return one.pronoun
    if one.form == "name" and one.name:
        return {"person": "person", "group": "group"}.get(one.type, "body")
    return "definite" if one.article in ("definite", "demonstrative", "possessive") else "bare"


def person_match(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    """How two personal names agree: "full", "part" (a surname alone), "first" (a first name alone), "conflict" or "".

    >>> person_match(("imran", "khan"), ("khan",)), person_match(("imran", "khan"), ("gohar", "ali", "khan"))
    ('part', 'conflict')
    """
    a = tuple(word for word in one if word not in _GENERATIONS)
    b = tuple(word for word in other if word not in _GENERATIONS)
    if not a or not b:
        return ""
    if a == b:
        return "full"
    if len(a) > len(b):
        a, b = b, a
    if len(a) == 1:
        if a[0] == b[-1] or (len(b) > 1 and a[0] == "-".join(b[-2:])):
            return "part"
        return "first" if a[0] in b else ""
    if a[-1] == b[-1]:
        short, long_ = a[0], b[0]
        same = short == long_ or (short[0] == long_[0] and (len(short) == 1 or len(long_) == 1))
        near = short[:3] == long_[:3] or set(a[:-1]) <= set(b[:-1])
        return "full" if same or near else "conflict"
    return "full" if len(set(a) & set(b)) >= 2 else ""


def body_match(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    """How two names of bodies agree: "full", "acronym", "part" (a shorter form) or "".

    >>> body_match(("tehrik", "taliban", "pakistan"), ("ttp",)), body_match(("islamic", "state"), ("state",))
    ('acronym', 'part')
    """
    if one == other:
        return "full"
    a, b = (one, other) if len(one) <= len(other) else (other, one)
    if not a:
        return ""
    if len(a) == 1 and len(b) > 1 and 2 <= len(a[0]) <= 6:
        content = [word for word in b if word not in ("of", "the", "and", "for", "in")]
        if a[0] in ("".join(word[0] for word in content), "".join(word[0] for word in b)):
            return "acronym"
    if set(a) <= set(b) and (a[-1] == b[-1] or a[0] == b[0]):
        return "part"
    return ""


def said_of(one: Description) -> tuple[str, str]:
    """Sector and kind that the leading noun of a mention gives its actor; several persons are a group. Empty if
    none."""
    if one.lead is None or one.lead.noun is None:
        return "", ""
    noun = one.lead.noun
    return noun.sector, "group" if noun.kind == "person" and noun.plural else noun.kind


@dataclass(frozen=True, slots=True)
class Asked:
    """A mention whose actor is looked for: what all its comparisons need, worked out once."""

    one: Description
    here: Token
    lead: str
    own: frozenset[str]
    nations: frozenset[str]
    sectors: frozenset[str]
    kinds: frozenset[str]
    entry: str | None
    odds: list[float]
    sources: tuple[int, ...]
    quoted: bool
    subject: bool
    owns: bool


def ask(scene: Scene, index: int) -> Asked:
    """Look at one mention of a story."""
    one, entry = scene.mentions[index], scene.entries[index]
    here = scene.analysis.tokens[one.head]
    sector, kind = said_of(one)
    nations = {nation.country for nation in one.nations}
    return Asked(
        one=one,
        here=here,
        lead=singular(one.lead.words) if one.lead is not None else "",
        own=frozenset(word for word in one.words if len(word) > 2),
        nations=frozenset((nations | {entry.country} if entry else nations) - {""}),
        sectors=frozenset({sector, entry.sector if entry else ""} - {""}),
        kinds=frozenset({kind, entry.kind if entry else ""} - {""}),
        entry=entry.id if entry else None,
        odds=scene.pair[index].tolist(),
        sources=scene.sources[index],
        quoted=scene.quoted[index],
        subject=here.deprel.startswith("nsubj"),
        owns=here.deprel.startswith("nmod:poss"),
    )


def features(scene: Scene, asked: Asked, cluster: Cluster, rank: int) -> list[float]:
    """What speaks for and against a mention standing for the actor of a cluster. rank: clusters met more lately."""
    one, here = asked.one, asked.here
    members, mentions = cluster.members, scene.mentions
    last = mentions[members[-1]]
    there = scene.analysis.tokens[last.head]
    sentences = here.sentence - there.sentence
    name = _name_match(one, cluster)
    recent = members[-10:]
    inside = any(
        (mentions[member].first <= one.first and one.last <= mentions[member].last)
        or (one.first <= mentions[member].first and mentions[member].last <= one.last)
        for member in recent
    )
    speaker = next((n for n, source in enumerate(asked.sources) if source in members), None)
    many = cluster.plural > cluster.singular
    same_type = one.type in cluster.types
    subject = there.deprel.startswith("nsubj")
    known = bool(cluster.entries)
    return [
        1.0,
        max([asked.odds[member] for member in recent]),
        asked.odds[recent[-1]],
        name == "full",
        name == "part",
        name == "first",
        name == "acronym",
        name == "conflict",
        not name and bool(one.name) and bool(cluster.names),
        bool(cluster.names),
        one.key in cluster.keys,
        bool(asked.lead) and asked.lead in cluster.leads,
        bool(asked.lead) and bool(cluster.leads) and asked.lead not in cluster.leads,
        len(asked.own & cluster.words) / max(1, len(asked.own)),
        bool(cluster.words) and not asked.own <= cluster.words,
        not asked.nations.isdisjoint(cluster.nations),
        bool(asked.nations) and bool(cluster.nations) and asked.nations.isdisjoint(cluster.nations),
        asked.entry in cluster.entries,
        asked.entry is not None and known and asked.entry not in cluster.entries,
        known and asked.entry is None and one.form == "nominal",
        not asked.sectors.isdisjoint(cluster.sectors),
        bool(asked.sectors) and bool(cluster.sectors) and asked.sectors.isdisjoint(cluster.sectors),
        not asked.kinds.isdisjoint(cluster.kinds),
        bool(asked.kinds) and bool(cluster.kinds) and asked.kinds.isdisjoint(cluster.kinds),
        same_type,
        bool(cluster.types) and not same_type,
        one.plural and not many and cluster.singular > 0,
        not one.plural and many,
        bool(one.gender) and one.gender in cluster.genders,
        bool(one.gender) and bool(cluster.genders) and one.gender not in cluster.genders,
        math.log1p(max(0, sentences)),
        sentences == 0,
        sentences == 1,
        math.log1p(max(0, here.paragraph - there.paragraph)),
        math.log1p(rank),
        rank == 0,
        math.log1p(len(members)),
        subject,
        asked.subject and subject,
        asked.owns and sentences == 0 and subject,
        inside,
        _apposed(scene, one, last),
        speaker == 0 and asked.quoted,
        speaker == 0 and not asked.quoted,
        speaker is not None and speaker > 0,
        last.form == "pronoun",
        bool(last.pronoun) and last.pronoun == one.pronoun,
        "person" in cluster.types,
        "organization" in cluster.types,
        "group" in cluster.types,
        not cluster.types,
        one.former,
    ]


def alone(scene: Scene, index: int, clusters: int) -> list[float]:
    """What speaks for a mention beginning an actor of its own."""
    one = scene.mentions[index]
    tokens = scene.analysis.tokens
    return [
        1.0,
        float(clusters == 0),
        math.log1p(clusters),
        float(len(one.words) > 2),
        float(len(one.words) > 5),
        float(one.plural),
        float(one.article == "indefinite"),
        float(one.article == "demonstrative"),
        float(one.article == "possessive"),
        float(one.lead is not None),
        float(bool(one.nations)),
        float(scene.quoted[index]),
        float(bool(scene.sources[index])),
        float(tokens[one.head].deprel.startswith("nsubj")),
        float(one.type == "group"),
        float(one.type == "organization"),
        float(one.speaks),
    ]


FEATURES = 52
ALONE = 17


def descriptions_before_names(scene: Scene) -> dict[int, int]:
    """Of each person's name the description right before it that it renames: "the party's secretary, Ann Lee, said"."""
    ends: dict[int, int] = {}
    found: dict[int, int] = {}
    for index, one in enumerate(scene.mentions):
        before = ends.get(one.first - 1)
        if before is not None and one.name and one.type == "person" and _renames(scene, before, one):
            found[index] = before
        ends.setdefault(one.last, index)
    return found


def _renames(scene: Scene, before: int, one: Description) -> bool:
    other, tokens = scene.mentions[before], scene.analysis.tokens
    if other.type != "person" or other.form != "nominal" or other.lead is None or other.plural:
        return False
    closed = one.last == len(tokens) or tokens[one.last].text in (",", ".") or tokens[one.last].upos in ("VERB", "AUX")
    return tokens[other.last].text == "," and closed and scene.entries[before] is None


def contradicts(one: Description, entry: Known | None, cluster: Cluster) -> bool:
    """Whether a mention cannot be the actor of a cluster: another entry of the register, the other gender, or a body of
    another state."""
    if one.gender and cluster.genders and one.gender not in cluster.genders:
        return True
    if entry is not None and cluster.entries and entry.id not in cluster.entries:
        return True
    if one.type == "person" or one.pronoun or "person" in cluster.types:
        return False
    nations = {nation.country for nation in one.nations} | ({entry.country} if entry and entry.country else set())
    return bool(nations) and bool(cluster.nations) and not nations & cluster.nations


def rank(scene: Scene, index: int, clusters: Sequence[Cluster], order: Sequence[int], ranker: Ranker) -> Floats:
    """Scores of a mention belonging to each cluster, and last of beginning anew; (clusters + 1,).

    order: for each cluster how many were met more lately.
    """
    kind = CLASSES.index(class_of(scene.mentions[index]))
    new = np.array([alone(scene, index, len(clusters))], np.float32)
    asked = ask(scene, index)
    rows = np.array([features(scene, asked, c, r) for c, r in zip(clusters, order, strict=True)], np.float32)
    joining = ranker.joining.score(rows.reshape(-1, FEATURES), kind)
    return np.concatenate([joining, ranker.alone.score(new, kind) + ranker.caution])


def _name_match(one: Description, cluster: Cluster) -> str:
    if not one.name or not cluster.names:
        return ""
    match = person_match if one.type == "person" else body_match
    found = {match(one.name, name) for name in cluster.names}
    order = ("full", "acronym", "conflict", "part", "first")
    return next((each for each in order if each in found), "")


def _apposed(scene: Scene, one: Description, other: Description) -> bool:
    """One renames the other: "Ann Lee, the mayor", "Lee is the mayor", "mayor Ann Lee" as two mentions."""
    tokens = scene.analysis.tokens
    here, there = tokens[one.head], tokens[other.head]
    if here.sentence != there.sentence:
        return False
    if here.deprel == "appos" and other.first <= here.head < other.last:
        return True
    if there.deprel.startswith("nsubj") and one.first <= there.head < one.last:
        return True
    between = tokens[other.last : one.first]
    return len(between) == 1 and between[0].text == "," and here.deprel == "appos"
