"""Which words name happenings, and which of them name the same one.

Words are taken in text order; each joins the happening named before to which it most likely belongs, or begins a new
one (mention-pair odds of the core, and what is written here, weighed by a small network fitted on annotated stories).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dateline.events.perceptron import Perceptron
from dateline.events.scene import Floats, Indices, Scene
from dateline.language.tags import EVENT_ROLES, EVENT_TYPES

NAMING = frozenset(("NOUN", "VERB", "PROPN", "ADJ", "X", "ADV", "NUM", "AUX", "PRON"))
_SHARED = [EVENT_ROLES.index(role) for role in ("actor", "recipient", "place")]
LEAST = 0.12  # words less likely to name a happening are not looked at


@dataclass(frozen=True, slots=True)
class Happening:
    """Words that name one happening. words: tokens in text order. chances: of each, that it names a happening.

    types: *Shape:* (EVENT_TYPES,), chance of each type, the first meaning none.
    """

    words: tuple[int, ...]
    chances: tuple[float, ...]
    types: Floats

    @property
    def plainest(self) -> int:
        """The word that names it most plainly."""
        return self.words[int(np.argmax(self.chances))]


def naming_words(scene: Scene, least: float = LEAST) -> tuple[Indices, Floats]:
    """Tokens that may name a happening, in text order, and how likely each does."""
    chance = 1 - scene.happenings.types[:, 0]
    tokens = scene.analysis.tokens
    rows = np.array(
        [row for row in np.flatnonzero(chance >= least).tolist() if tokens[row].upos in NAMING], np.intp
    )
    return rows, chance[rows]


@dataclass(frozen=True, slots=True)
class Views:
    """What is known of words that may name happenings, rows as in `words`.

    odds: *Shape:* (words, words), that a word names the happening of an earlier one. types: (words, EVENT_TYPES).
    alike: (words, words, roles), how far their likely actors, recipients and places are the same, 0 to 1.
    """

    words: Indices
    odds: Floats
    types: Floats
    alike: Floats


def views_of(scene: Scene, words: Indices) -> Views:
    """Look at every word that may name a happening, and at who takes part by each."""
    return Views(words, scene.happenings.sameness(words), scene.happenings.types[words], _alike(scene, words))


def _alike(scene: Scene, words: Indices) -> Floats:
    marks = [(number, mark.head) for number, one in enumerate(scene.participants) for mark in one.marks if one.kind in ("actor", "place")]
    if not marks:
        return np.zeros((len(words), len(words), len(_SHARED)), np.float32)
    heads = np.array([head for _, head in marks], np.intp)
    owners = np.array([number for number, _ in marks])
    starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]])
    away = np.abs(
        np.array([scene.sentence(int(word)) for word in words])[:, None] - np.array([scene.sentence(int(head)) for head in heads])
    )
    odds = np.where((away <= 2)[:, :, None], scene.happenings.parts(words, heads)[:, :, _SHARED], -9.0)
    chances = 1 / (1 + np.exp(-np.maximum.reduceat(odds, starts, 1)))  # (words, participants, roles)
    length = np.maximum(np.linalg.norm(chances, axis=1, keepdims=True), 0.15)  # nobody likely: like nobody
    alike: Floats = np.einsum("wpr,vpr->wvr", chances / length, chances / length).astype(np.float32)
    return alike


def join(scene: Scene, views: Views, judge: Perceptron, least: float) -> list[list[int]]:
    """Rows that name one happening each, happenings in the order of their first words. least: odds from which to join."""
    groups: list[list[int]] = []
    for row in range(len(views.words)):
        if groups:
            answers = judge.odds(np.stack([pair_facts(scene, views, row, group) for group in groups]))[:, 0]
            best = int(answers.argmax())
            if answers[best] > least:
                groups[best].append(row)
                continue
        groups.append([row])
    return groups


def pair_facts(scene: Scene, views: Views, row: int, group: Sequence[int]) -> Floats:
    """What speaks for and against a word's naming the happening of a group of words before it."""
    words, odds, types = views.words, views.odds, views.types
    alike = views.alike[row, group].max(0)
    tokens = scene.analysis.tokens
    mine = tokens[words[row]]
    theirs = [tokens[words[one]] for one in group]
    score = odds[row, group]
    same = types[row, 1:] @ types[group, 1:].T / np.maximum(
        np.linalg.norm(types[row, 1:]) * np.linalg.norm(types[group, 1:], axis=1), 1e-6
    )
    stem = _stem(mine.text)
    near = min(abs(mine.sentence - other.sentence) for other in theirs)
    definite = any(
        tokens[at].head == words[row] and tokens[at].text.lower() in ("the", "this", "that", "these", "those")
        for at in range(max(0, int(words[row]) - 4), int(words[row]))
    )
    return np.array(
        [
            np.clip(score.max(), -8, 8),
            np.clip(score.mean(), -8, 8),
            np.clip(score[-1], -8, 8),
            float(same.max()),
            float(same.mean()),
            float(any(_stem(other.text) == stem for other in theirs)),
            float(any(other.text.lower() == mine.text.lower() for other in theirs)),
            min(near, 12) / 4,
            float(near == 0),
            float(definite),
            float(mine.upos == "NOUN"),
            float(mine.upos == "VERB"),
            float(any(other.upos == mine.upos for other in theirs)),
            np.log1p(len(group)),
            float(theirs[0].paragraph == 0),
            float(theirs[0].paragraph == 0 and mine.paragraph < 3),
            float(mine.upos == "VERB" and any(other.upos == "NOUN" for other in theirs)),
            *(float(one) for one in alike),
            float(types[row, 1:].sum()),
            float(types[group, 1:].sum(1).max()),
        ],
        np.float32,
    )


def _stem(word: str) -> str:
    return word.lower()[:5]


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
