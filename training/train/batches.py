"""Cuts examples into windows and windows into batches; one batch comes from one corpus."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from dateline.language.pieces import PARAGRAPH_PIECES, Pieces
from dateline.language.windows import pack
from dateline.language.words import PARAGRAPH_SIGNS
from training.prepare.examples import NULL, Example

MASK = 103  # [MASK] in BERT's vocabulary


@dataclass(slots=True)
class Piece:
    """A window of one example: words `context`..`last`, of which `first`..`last` carry labels."""

    example: Example
    context: int
    first: int
    last: int
    ids: list[int]
    signs: list[int]
    words: list[int]  # position of the first piece of each word


@dataclass(slots=True)
class Batch:
    """Tensors of one step. `pieces` are kept for labels that are not arrays (claims)."""

    windows: list[Piece]
    ids: Tensor
    signs: Tensor
    mask: Tensor
    words: Tensor
    counts: list[int]


def cut(example: Example, pieces: Pieces, rng: random.Random, *, treebank: bool, blank: float = 0.0) -> list[Piece]:
    """Random windows over one example: whole sentences of a treebank, else whole paragraphs where they fit."""
    sizes = [len(pieces.of(word)) for word in example.words]
    limit = rng.choice((126, 158, 190, 190))
    context = 0 if treebank else rng.choice((0, 20, 40, 40))
    group = example.paragraph
    if treebank and example.sentence_end is not None:
        group = np.concatenate([[0], np.cumsum(example.sentence_end)[:-1]]).tolist()
    out = []
    for window in pack(sizes, group, limit=limit, context=context):
        if window.last - window.first < 2:
            continue
        out.append(encode(example, window.context, window.first, window.last, pieces, rng, blank))
    return out


def encode(
    example: Example, context: int, first: int, last: int, pieces: Pieces, rng: random.Random | None, blank: float = 0.0
) -> Piece:
    """Word pieces of a window, with a mark before each paragraph that says what it is.

    blank: this share of the words is hidden behind a mask, so that what surrounds them has to be used.
    """
    ids, signs, words = [pieces.first], [0], []
    for position in range(context, last):
        paragraph = example.paragraph[position]
        if position == context or paragraph != example.paragraph[position - 1]:
            kind = example.kind[paragraph]
            if rng is not None and kind and rng.random() < 0.15:
                kind = 0
            ids.append(PARAGRAPH_PIECES[kind])
            signs.append(PARAGRAPH_SIGNS[kind])
        words.append(len(ids))
        found = pieces.of(example.words[position])
        if blank and rng is not None and rng.random() < blank:
            found = [MASK] * len(found)
        ids += found
        signs += [int(example.signs[position])] * len(found)
    return Piece(example, context, first, last, [*ids, pieces.last], [*signs, 0], words)


def batches(windows: Sequence[Piece], size: int, rng: random.Random) -> Iterator[Batch]:
    """Batches of about `size` word pieces, windows of like length together, in random order."""
    order = sorted(windows, key=lambda w: len(w.ids) + rng.random() * 30)
    groups, group, longest = [], [], 0
    for window in order:
        longest = max(longest, len(window.ids))
        if group and longest * (len(group) + 1) > size:
            groups.append(group)
            group, longest = [], len(window.ids)
        group.append(window)
    if group:
        groups.append(group)
    rng.shuffle(groups)
    for group in groups:
        yield collate(group)


def collate(group: list[Piece]) -> Batch:
    """Pad a group of windows."""
    length = max(len(w.ids) for w in group)
    count = max(len(w.words) for w in group)
    ids = torch.zeros(len(group), length, dtype=torch.long)
    signs = torch.zeros(len(group), length, dtype=torch.long)
    mask = torch.full((len(group), 1, 1, length), -1e4)
    words = torch.zeros(len(group), count, dtype=torch.long)
    for row, window in enumerate(group):
        size = len(window.ids)
        ids[row, :size] = torch.tensor(window.ids)
        signs[row, :size] = torch.tensor(window.signs)
        mask[row, ..., :size] = 0
        words[row, : len(window.words)] = torch.tensor(window.words)
    return Batch(group, ids, signs, mask, words, [len(w.words) for w in group])


def labels(batch: Batch, array: str, fill: int = -1) -> Tensor:
    """An example array as (batch, words), masked outside each window's own words."""
    out = torch.full(batch.words.shape, fill, dtype=torch.long)
    for row, window in enumerate(batch.windows):
        values = getattr(window.example, array)
        if values is not None:
            out[row, window.first - window.context : window.last - window.context] = torch.as_tensor(
                values[window.first : window.last]
            )
    return out


def link_targets(batch: Batch, link: int) -> Tensor:
    """Multi-hot targets (batch, words, words + 1) of one kind of link; rows without a target are all zero."""
    count = batch.words.shape[1]
    cells: list[tuple[int, int, int]] = []
    for row, window in enumerate(batch.windows):
        if not window.example.links:
            continue
        known = window.example.links[link]
        for word in range(window.first, window.last):
            for target in known.get(word, ()):
                if target == NULL:
                    cells.append((row, word - window.context, count))
                elif window.context <= target < window.last:
                    cells.append((row, word - window.context, target - window.context))
    out = torch.zeros(len(batch.windows), count, count + 1)
    if cells:
        out[tuple(torch.tensor(cells).T)] = 1
    return out
