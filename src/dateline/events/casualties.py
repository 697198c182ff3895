"""How many were killed, injured, detained or went missing in a happening, and whose number that is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dateline.events.naming import Happening
from dateline.events.participation import path_between
from dateline.events.perceptron import Perceptron
from dateline.events.quantities import Quantity
from dateline.events.scene import Floats, Participant, Scene
from dateline.language.analysis import Stretch, Token
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
_PARTS_OF_NAMES = frozenset(("flat", "compound", "appos"))
_ONE_PERSON = frozenset(("he", "him", "his", "she", "her"))
_MANY = frozenset(("they", "them", "their", "people", "men", "women", "children", "police", "personnel", "cattle"))


@dataclass(frozen=True, slots=True)
class HarmWords:
    """Stems of words that name a harm: "kill" -> killed. alone: stems that a single victim without a number suffers."""

    stems: Mapping[str, str]
    alone: frozenset[str]

    def harm(self, word: str) -> str | None:
        """The harm that a word names, None if none: the longest stem that it begins with decides."""
        stem = self._stem(word)
        return None if stem is None else self.stems[stem]

    def harm_alone(self, word: str) -> str | None:
        """The harm that a word says of a single victim: of "killed" and "death", not of "casualties" and "toll"."""
        stem = self._stem(word)
        return self.stems[stem] if stem in self.alone else None

    def _stem(self, word: str) -> str | None:
        lower = word.lower()
        return next((lower[:n] for n in range(len(lower), 2, -1) if lower[:n] in self.stems), None)


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
        if quantity.measures:
            chances[:, number] = 0
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


def single_victim(
    scene: Scene,
    one: Happening,
    words: HarmWords,
    numbers: Sequence[Number],
    recipients: Sequence[Participant],
) -> tuple[Toll, ...]:
    """One single person who suffers a word that means death, hurt or detention counts as one, without a number word.

    recipients: those of the happening; where syntax shows nobody who suffers, a person who is the only one.
    """
    said = {number.harm for number in numbers}
    people = {
        at
        for phrase in scene.analysis.phrases
        if phrase.type == "person"
        for at in range(phrase.tokens.first, phrase.tokens.last)
    }
    found: dict[str, list[tuple[int, int]]] = {}
    for word in (*one.words, *_consequences(scene, one)):
        harm = _harm_alone(scene, word, words)
        if harm is not None and harm not in said:
            found.setdefault(harm, []).extend((victim, word) for victim in _sufferers(scene, word, people))
    tolls = []
    for harm, victims in found.items():
        if not victims and harm == "killed" and [each.label for each in recipients] == ["person"]:
            victims = [(mark.head, one.plainest) for mark in recipients[0].marks[:1]]
        if victims and all(_is_single(scene, victim) for victim, _ in victims) and _same_person(scene, victims):
            claims = scene.asserting[victims[0][1]]
            claim = scene.reading.claims[claims[-1]].id if claims else None
            tolls.append(Toll(harm=harm, count=Count(best=1, low=1, high=1), span=None, claim_id=claim))  # type: ignore[arg-type]
    return tuple(tolls)


def _consequences(scene: Scene, one: Happening) -> Iterator[int]:
    """Words for what a happening led to: "opened fire, killing a guard"."""
    tokens = scene.analysis.tokens
    for word in one.words:
        for place in range(word + 1, scene.analysis.sentences[tokens[word].sentence].last):
            token = tokens[place]
            if token.head == word and token.deprel == "advcl" and token.text.lower().endswith("ing"):
                yield place


def _harm_alone(scene: Scene, word: int, words: HarmWords) -> str | None:
    """The harm that a single victim suffers by a word: "killed", "shot dead"."""
    tokens = scene.analysis.tokens
    harm = words.harm_alone(tokens[word].text)
    if harm is not None:
        return harm
    after = tokens[word + 1 : word + 4]
    return "killed" if any(token.head == word and token.text.lower() == "dead" for token in after) else None


def _sufferers(scene: Scene, word: int, people: Collection[int]) -> Iterator[int]:
    """Who hangs on a word as the one to whom it happens: object, subject of a passive or of dying, "the killing of"."""
    tokens = scene.analysis.tokens
    ways = _SUFFERS | ({"nsubj"} if tokens[word].text.lower().startswith(("die", "dying", "perish")) else set())
    sentence = scene.analysis.sentences[tokens[word].sentence]
    for place in range(sentence.first, sentence.last):
        token = tokens[place]
        if place == word or token.deprel in _PARTS_OF_NAMES or not _is_somebody(token, place in people):
            continue
        if path_between(tokens, word, place) in ways:
            yield place


def _is_somebody(token: Token, marked: bool) -> bool:
    if token.upos == "PRON":
        return token.text.lower() in _ONE_PERSON | _MANY
    return token.upos in ("NOUN", "PROPN") and marked


def _is_single(scene: Scene, place: int) -> bool:
    """Whether a word stands for one person: no plural, nobody joined by "and", no number, no group."""
    tokens = scene.analysis.tokens
    token = tokens[place]
    lower = token.text.lower()
    if token.upos == "PRON":
        return lower in _ONE_PERSON
    around = (other for other in tokens[max(0, place - 8) : place + 10] if other.head == place)
    if any(other.deprel in ("conj", "nummod") and other.text.lower() != "one" for other in around):
        return False
    return token.upos == "PROPN" or not (lower in _MANY or (lower.endswith("s") and not lower.endswith("ss")))


def _same_person(scene: Scene, victims: Sequence[tuple[int, int]]) -> bool:
    """Whether several words for who suffers by one happening may be one person: "a journalist", "his", "Khashoggi".

    Two names are one person only where they were resolved to one actor.
    """
    tokens = scene.analysis.tokens
    places = {victim for victim, _ in victims}
    names = [place for place in places if tokens[place].upos == "PROPN"]
    if len(names) < 2:
        return len({tokens[place].text.lower() for place in places if tokens[place].upos == "NOUN"}) < 2
    keys = [
        {one.key for one in scene.participants if one.kind == "actor" and any(mark.head == place for mark in one.marks)}
        for place in names
    ]
    return bool(set.intersection(*keys))


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
