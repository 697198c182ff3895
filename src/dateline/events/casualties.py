"""How many were killed, injured, detained or went missing in a happening, and whose number that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dateline.events.naming import Happening
from dateline.events.participation import path_between
from dateline.events.perceptron import Perceptron
from dateline.events.quantities import Quantity
from dateline.events.scene import Floats, Participant, Scene
from dateline.language.analysis import Stretch
from dateline.language.tags import EVENT_ROLES, EVENT_TYPES
from dateline.records import Casualties, Count, Span, Toll

HARMS = ("killed", "injured", "missing", "detained")
_COLUMNS = [EVENT_ROLES.index(harm) for harm in HARMS]
_WITHIN = (0, 1, 3)
_YEARS = range(1900, 2101)
_SUFFERS = frozenset(("obj", "nsubj:pass", "nmod:of", "nmod:poss"))
# types of happenings that kill, hurt or take people; the dead of an election or a visit are another happening's
_HARMFUL = frozenset(("ASSAULT", "HAZARD", "COERCE", "PROTEST", "MOBILIZE", "SANCTION"))
_PERSON = frozenset(("person", "group", "organization"))


@dataclass(frozen=True, slots=True)
class HarmWords:
    """Stems of words that name a harm: "kill" -> killed. alone: those that a single victim without a number suffers."""

    stems: Mapping[str, str]
    alone: frozenset[str]

    def harm(self, word: str) -> str | None:
        """The harm that a word names, None if none: the longest stem that it begins with decides."""
        lower = word.lower()
        for length in range(len(lower), 2, -1):
            if lower[:length] in self.stems:
                return self.stems[lower[:length]]
        return None


Harms = Sequence[str | None]  # of each token of a story the harm that it names


def harms_named(scene: Scene, words: HarmWords) -> Harms:
    """The harm that each token names; the same for all happenings of a story."""
    return [words.harm(token.text) for token in scene.analysis.tokens]


def toll_facts(scene: Scene, one: Happening, harms: Harms, paths: Mapping[str, int]) -> Floats:
    """*Shape:* (quantities, features): what tells whether each number of the story counts who was hurt in a
    happening."""
    tokens = scene.analysis.tokens
    heads = np.array([quantity.head for quantity in scene.quantities], np.intp)
    odds = np.clip(scene.happenings.parts(np.array(one.words, np.intp), heads), -9.0, 7.0)[:, :, _COLUMNS]
    sentences = np.array([tokens[head].sentence for head in heads])
    away = np.abs(np.array([tokens[word].sentence for word in one.words])[:, None] - sentences[None, :])
    blocks = [np.where((away <= limit)[:, :, None], odds, -9.0).max(0) for limit in _WITHIN]
    best = np.where(away == 0, odds.max(2), -np.inf)
    types = one.types[1:] / max(float(one.types[1:].sum()), 1e-6)
    standing = {
        at
        for phrase in scene.analysis.phrases
        if phrase.type in _PERSON
        for at in range(phrase.tokens.first, phrase.tokens.last)
    }
    own = {harms[word] for word in one.words}
    rows = []
    for number, quantity in enumerate(scene.quantities):
        token = tokens[quantity.head]
        counted = token.head if token.head != quantity.head else quantity.head
        near = set(harms[_around(scene, quantity)])
        path = np.zeros(len(paths) + 1)
        if np.isfinite(best[:, number]).any():
            name = path_between(tokens, one.words[int(best[:, number].argmax())], quantity.head)
            path[paths.get(name, len(paths))] = 1
        value = quantity.count.best
        rows.append(
            [
                float(away[:, number].min() == 0),
                float(away[:, number].min() == 1),
                float(away[:, number].min() > 3),
                float(counted in standing or quantity.head in standing),
                float(quantity.first != quantity.head),
                float(value is not None and value in _YEARS and token.text.isdigit()),
                float(value is None),
                float(value == 1),
                float(value == 0),
                float(token.upos == "NUM"),
                float(token.deprel == "nummod"),
                float(tokens[counted].upos in ("NOUN", "PROPN")),
                *(float(harm in near) for harm in HARMS),
                *(float(harm in own) for harm in HARMS),
                *path,
            ]
        )
    return np.concatenate(
        [*blocks, np.array(rows, np.float32), np.tile(types[: len(EVENT_TYPES) - 1], (len(rows), 1))],
        1,
        dtype=np.float32,
    )


def _around(scene: Scene, quantity: Quantity) -> slice:
    stretch = scene.analysis.sentences[scene.analysis.tokens[quantity.head].sentence]
    return slice(max(stretch.first, quantity.first - 8), min(stretch.last, quantity.last + 10))


def _sentence(scene: Scene, quantity: Quantity) -> slice:
    stretch = scene.analysis.sentences[scene.analysis.tokens[quantity.head].sentence]
    return slice(stretch.first, stretch.last)


@dataclass(frozen=True, slots=True)
class Number:
    """One number that belongs to a happening. chance: how likely it does."""

    harm: str
    quantity: Quantity
    chance: float


def find_numbers(
    scene: Scene,
    happenings: Sequence[Happening],
    judge: Perceptron,
    words: HarmWords,
    paths: Mapping[str, int],
    least: float,
) -> list[list[Number]]:
    """The numbers of each happening, in text order: each number of the story goes to the one that it fits best."""
    found: list[list[Number]] = [[] for _ in happenings]
    if not scene.quantities or not happenings:
        return found
    harms = harms_named(scene, words)
    chances = np.stack([judge.chances(toll_facts(scene, one, harms, paths)) for one in happenings])
    chances[[EVENT_TYPES[1 + int(one.types[1:].argmax())] not in _HARMFUL for one in happenings]] = 0
    for number, quantity in enumerate(scene.quantities):
        said = set(harms[_sentence(scene, quantity)])
        chances[:, number, [harm not in said for harm in HARMS]] = 0  # a number counts the dead where a word says so
        which, harm = divmod(int(chances[:, number].argmax()), len(HARMS))
        if chances[which, number, harm] >= least:
            found[which].append(Number(HARMS[harm], quantity, float(chances[which, number, harm])))
    return found


def tolls_of(scene: Scene, numbers: Sequence[Number]) -> tuple[Toll, ...]:
    """The numbers of one happening as records, each with the claim in whose content it stands."""
    found = []
    for number in numbers:
        claims = scene.asserting[number.quantity.head]
        found.append(
            Toll(
                harm=number.harm,  # type: ignore[arg-type]  # HARMS holds the record's own words
                count=number.quantity.count,
                span=_span(scene, number.quantity),
                claim_id=scene.reading.claims[claims[-1]].id if claims else None,
            )
        )
    return tuple(found)


def single_victim(scene: Scene, one: Happening, words: HarmWords, numbers: Sequence[Number]) -> tuple[Toll, ...]:
    """One single person who suffers a word that means death, hurt or detention counts as one, without a number word."""
    tokens = scene.analysis.tokens
    said = {number.harm for number in numbers}
    found: dict[str, list[tuple[Participant, int]]] = {}
    for word in one.words:
        harm = words.harm(tokens[word].text)
        if harm is None or harm not in words.alone or harm in said:
            continue
        found.setdefault(harm, []).extend((victim, word) for victim in _sufferers(scene, word))
    tolls = []
    for harm, victims in found.items():
        if len({victim.key for victim, _ in victims}) == 1 and victims[0][0].label == "person":
            claims = scene.asserting[victims[0][1]]
            claim = scene.reading.claims[claims[-1]].id if claims else None
            tolls.append(Toll(harm=harm, count=Count(best=1, low=1, high=1), span=None, claim_id=claim))  # type: ignore[arg-type]
    return tuple(tolls)


def _sufferers(scene: Scene, word: int) -> Iterator[Participant]:
    """Who hangs on a word as the one to whom it happens: object, subject of a passive or of dying, "the killing of"."""
    tokens = scene.analysis.tokens
    ways = _SUFFERS | ({"nsubj"} if tokens[word].text.lower().startswith(("die", "dying", "perish")) else set())
    for participant in scene.participants:
        if participant.kind == "actor" and any(
            tokens[mark.head].sentence == tokens[word].sentence and path_between(tokens, word, mark.head) in ways
            for mark in participant.marks
        ):
            yield participant


def casualties_of(tolls: Sequence[Toll]) -> Casualties | None:
    """The numbers that a reader is shown first: the writer's own where there is one, else the latest in the text.

    A number below half of the greatest of its voices is a part of it ("18 people, seven of them on Friday"), not a
    later count; an exact number goes before "dozens".
    """
    shown: dict[str, Count] = {}
    for harm in HARMS:
        given = [toll for toll in tolls if toll.harm == harm]
        own = [toll for toll in given if toll.claim_id is None]
        if given:
            shown[harm] = _latest(own or given)
    return Casualties(**shown) if shown else None


def _latest(tolls: Sequence[Toll]) -> Count:
    exact = [toll.count for toll in tolls if toll.count.best is not None]
    if not exact:
        return tolls[-1].count
    most = max(count.best or 0 for count in exact)
    return next(count for count in reversed(exact) if 2 * (count.best or 0) >= most)


def _span(scene: Scene, quantity: Quantity) -> Span:
    return scene.analysis.span(Stretch(quantity.first, quantity.last))
