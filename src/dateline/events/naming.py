"""Which words name happenings, and which of them name the same one.

Pairs of words are weighed by a small network (the core's odds, what is written here), then grouped by average linkage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dateline.events.perceptron import Perceptron
from dateline.events.scene import Floats, Indices, Scene
from dateline.language.tags import EVENT_ROLES, EVENT_TYPES

NAMING = frozenset(("NOUN", "VERB", "PROPN", "ADJ", "X", "ADV", "NUM", "AUX", "PRON"))
_DEFINITE = frozenset(("the", "this", "that", "these", "those"))
_SHARED = [EVENT_ROLES.index(role) for role in ("actor", "recipient", "place")]
LEAST = 0.35  # words less likely to name a happening are not looked at


@dataclass(frozen=True, slots=True)
class Happening:
    """Words that name one happening. words: tokens in text order. chances: of each, that it names a happening.

    types: *Shape:* (EVENT_TYPES,), chance of each type, the first meaning none. sure: chance that a reader notes it.
    """

    words: tuple[int, ...]
    chances: tuple[float, ...]
    types: Floats
    sure: float = 0.0

    @property
    def plainest(self) -> int:
        """The word that names it most plainly."""
        return self.words[int(np.argmax(self.chances))]


def naming_words(scene: Scene, least: float = LEAST) -> tuple[Indices, Floats]:
    """Tokens that may name a happening, in text order, and how likely each does."""
    chance = 1 - scene.happenings.types[:, 0]
    tokens = scene.analysis.tokens
    rows = np.array([row for row in np.flatnonzero(chance >= least).tolist() if tokens[row].upos in NAMING], np.intp)
    return rows, chance[rows]


@dataclass(frozen=True, slots=True)
class Views:
    """What is known of words that may name happenings; rows, and columns of square arrays, as in `words`.

    odds: that a word names the happening of an earlier one. types: (words, EVENT_TYPES). kin, stems, same: how far the
    types of two words agree, whether they begin alike, whether they are the same. alike: (words, words, roles), how far
    their likely actors, recipients and places are the same, 0 to 1. sentences, paragraphs, nouns, verbs, definite:
    (words,).
    """

    words: Indices
    odds: Floats
    types: Floats
    kin: Floats
    stems: Floats
    same: Floats
    alike: Floats
    sentences: Indices
    paragraphs: Indices
    nouns: Floats
    verbs: Floats
    definite: Floats


def views_of(scene: Scene, words: Indices) -> Views:
    """Look at every word that may name a happening, and at who takes part by each."""
    tokens = [scene.analysis.tokens[int(word)] for word in words]
    types = scene.happenings.types[words]
    length = np.maximum(np.linalg.norm(types[:, 1:], axis=1, keepdims=True), 1e-3)
    directions = types[:, 1:] / length
    forms = [token.text.lower() for token in tokens]
    return Views(
        words=words,
        odds=np.clip(scene.happenings.sameness(words), -8, 8),
        types=types,
        kin=(directions @ directions.T).astype(np.float32),
        stems=_equal([form[:5] for form in forms]),
        same=_equal(forms),
        alike=_alike(scene, words),
        sentences=np.array([token.sentence for token in tokens], np.intp),
        paragraphs=np.array([token.paragraph for token in tokens], np.intp),
        nouns=np.array([token.upos == "NOUN" for token in tokens], np.float32),
        verbs=np.array([token.upos == "VERB" for token in tokens], np.float32),
        definite=np.array([_is_definite(scene, int(word)) for word in words], np.float32),
    )


def _equal(forms: Sequence[str]) -> Floats:
    numbers = np.array([sorted(set(forms)).index(form) for form in forms], np.intp)
    equal: Floats = (numbers[:, None] == numbers[None, :]).astype(np.float32)
    return equal


def _is_definite(scene: Scene, word: int) -> bool:
    tokens = scene.analysis.tokens
    return any(tokens[at].head == word and tokens[at].text.lower() in _DEFINITE for at in range(max(0, word - 4), word))


def _alike(scene: Scene, words: Indices) -> Floats:
    acting = [one for one in scene.participants if one.kind in ("actor", "place")]
    if not acting:
        return np.zeros((len(words), len(words), len(_SHARED)), np.float32)
    heads = np.array([mark.head for one in acting for mark in one.marks], np.intp)
    starts = np.cumsum([0, *(len(one.marks) for one in acting[:-1])], dtype=np.intp)
    here = np.array([scene.sentence(int(word)) for word in words])
    away = np.abs(here[:, None] - np.array([scene.sentence(int(head)) for head in heads]))
    odds = np.where((away <= 2)[:, :, None], scene.happenings.parts(words, heads)[:, :, _SHARED], -9.0)
    chances = 1 / (1 + np.exp(-np.maximum.reduceat(odds, starts, 1)))  # (words, participants, roles)
    length = np.maximum(np.linalg.norm(chances, axis=1, keepdims=True), 0.15)  # nobody likely: like nobody
    even = (chances / length).transpose(2, 0, 1)
    alike: Floats = (even @ even.transpose(0, 2, 1)).transpose(1, 2, 0).astype(np.float32)
    return alike


def join(views: Views, judge: Perceptron, least: float) -> list[list[int]]:
    """Rows that name one happening each, in the order of their first words.

    The two groups that are likeliest one are joined as long as the mean chance of their pairs is at least `least`
    (average linkage: one lucky pair must not chain two happenings together).
    """
    count = len(views.words)
    chances = np.zeros((count, count), np.float32)
    later, earlier = np.tril_indices(count, -1)
    if count > 1:
        chances[later, earlier] = judge.chances(pair_facts(views, later, earlier))[:, 0]
    mean = np.maximum(chances, chances.T).astype(np.float64)
    np.fill_diagonal(mean, -1)
    groups: list[list[int]] = [[row] for row in range(count)]
    for _ in range(count - 1):
        one, other = sorted(divmod(int(mean.argmax()), count))
        if mean[one, other] < least:
            break
        weights = len(groups[one]), len(groups[other])
        joined = (weights[0] * mean[one] + weights[1] * mean[other]) / sum(weights)
        joined[mean[one] < 0] = joined[mean[other] < 0] = -1  # itself, and what was joined before
        mean[one], mean[:, one] = joined, joined
        mean[other], mean[:, other] = -1, -1
        groups[one] = sorted(groups[one] + groups[other])
        groups[other] = []
    return sorted(group for group in groups if group)


def pair_facts(views: Views, later: Indices, earlier: Indices) -> Floats:
    """*Shape:* (pairs, features): what speaks for and against two words' naming one happening."""
    away = np.abs(views.sentences[later] - views.sentences[earlier])
    opened = (views.paragraphs[earlier] == 0).astype(np.float32)
    columns = [
        views.odds[later, earlier],
        views.kin[later, earlier],
        views.stems[later, earlier],
        views.same[later, earlier],
        views.nouns[later] * views.nouns[earlier],
        views.verbs[later] * views.verbs[earlier],
        views.nouns[later],
        views.nouns[earlier],
        np.minimum(away, 12) / 4,
        (away == 0).astype(np.float32),
        (away == 1).astype(np.float32),
        opened,
        opened * (views.paragraphs[later] < 3),
        views.definite[later],
        views.types[later, 1:].sum(1),
        views.types[earlier, 1:].sum(1),
        *views.alike[later, earlier].T,
        *(views.types[later, 1:] * views.types[earlier, 1:]).T,
    ]
    return np.stack(columns, 1).astype(np.float32)


def happening(scene: Scene, words: Indices, chances: Floats, group: Sequence[int]) -> Happening:
    """The happening that some of the words name; each word's view of the type counts as much as it is sure."""
    rows = words[list(group)]
    weights = chances[list(group)]
    types = (scene.happenings.types[rows] * weights[:, None]).sum(0) / weights.sum()
    return Happening(tuple(rows.tolist()), tuple(float(one) for one in weights), types.astype(np.float32))


def group_facts(scene: Scene, one: Happening) -> Floats:
    """What tells whether a group of words names a happening that a reader would note."""
    tokens = scene.analysis.tokens
    chances = np.array(one.chances)
    types = one.types[1:] / max(float(one.types[1:].sum()), 1e-6)
    first = tokens[one.words[0]]
    best = tokens[one.plainest]
    return np.array(
        [
            _logit(chances.max()),
            _logit(chances.mean()),
            _logit(1 - np.prod(1 - chances)),
            np.log(len(chances)),
            float(types.max()),
            float(first.paragraph == 0),
            min(first.sentence, 20) / 10,
            float(best.upos == "VERB"),
            float(best.upos == "NOUN"),
            float(all(scene.telling[word] for word in one.words)),
            *(float(types[number]) for number in range(len(EVENT_TYPES) - 1)),
        ],
        np.float32,
    )


def _logit(chance: float) -> float:
    chance = min(max(float(chance), 1e-4), 1 - 1e-4)
    return float(np.log(chance / (1 - chance)))
