"""Sentence ends, parts of speech and dependency arcs from the heads' outputs.

Arcs are scored as in Dozat and Manning (2017), a word against every word of its sentence, itself standing for the
root; the best single-rooted tree is found by Chu-Liu/Edmonds once the root is settled.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dateline.language.chains import Floats, Integers

LONGEST = 250  # words of a sentence


def find_sentences(scores: Floats, paragraphs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sentences as (first, last) words. scores: (words,) logits that a word ends one; a paragraph's end always does.

    A list or a log without a full stop is cut every `LONGEST` words: trees are cubic in the length at worst.
    """
    ends = scores > 0
    sentences: list[tuple[int, int]] = []
    for first, last in paragraphs:
        start = first
        for position in range(first, last):
            if ends[position] or position == last - 1 or position - start == LONGEST - 1:
                sentences.append((start, position + 1))
                start = position + 1
    return sentences


def find_heads(arc_from: Floats, arc_to: Floats, bias: Floats, sentences: Sequence[tuple[int, int]]) -> Integers:
    """The governor of each word, a word of its own sentence; the sentence's root governs itself.

    arc_from, arc_to: (words, size), a word as dependent and as governor. bias: score by bucket of distance.
    """
    heads = np.arange(len(arc_from))
    scale = np.float32(1 / np.sqrt(arc_from.shape[1]))
    longest = max((last - first for first, last in sentences), default=1)
    places = np.arange(longest)
    distance = bias[distance_bucket(places[None, :] - places[:, None])]
    for first, last in sentences:
        size = last - first
        scores = arc_from[first:last] @ arc_to[first:last].T * scale + distance[:size, :size]
        heads[first:last] = first + best_tree(scores)
    return heads


def best_tree(scores: Floats) -> Integers:
    """A tree over (words, words) scores of dependent (row) to governor (column), the diagonal being the root.

    >>> best_tree(np.array([[1.0, 9, 0], [0, 5, 0], [0, 8, 7]], np.float32)).tolist()
    [1, 1, 1]
    """
    size = len(scores)
    heads = scores.argmax(1)
    own = np.arange(size)
    roots = np.flatnonzero(heads == own)
    scores = scores.copy()
    if len(roots) != 1:
        candidates = roots if len(roots) else own
        others = np.where(np.eye(size, dtype=bool), -np.inf, scores).max(1) if size > 1 else np.zeros(1)
        root = int(candidates[np.argmax((np.diag(scores) - others)[candidates])])
    else:
        root = int(roots[0])
    scores[own, own] = -np.inf
    return _best_arborescence(scores, root)


def _best_arborescence(scores: Floats, root: int) -> Integers:
    """Chu-Liu/Edmonds: the best tree below `root`. A cycle of best choices becomes one word, and is undone after."""
    heads: Integers = scores.argmax(1)
    heads[root] = root
    cycle = _find_cycle(heads, root)
    if not cycle:
        return heads
    inside = np.array(cycle)
    outside = np.setdiff1d(np.arange(len(scores)), inside)
    size = len(outside)
    kept = scores[inside, heads[inside]]
    entering = scores[np.ix_(inside, outside)] - kept[:, None]  # what it costs to hang the cycle on an outside word
    leaving = scores[np.ix_(outside, inside)]
    smaller = np.full((size + 1, size + 1), -np.inf, np.float32)
    smaller[:size, :size] = scores[np.ix_(outside, outside)]
    smaller[:size, size] = leaving.max(1)
    smaller[size, :size] = entering.max(0)
    below = _best_arborescence(smaller, int(np.flatnonzero(outside == root)[0]))
    for number, word in enumerate(outside):
        if word != root:
            heads[word] = inside[leaving[number].argmax()] if below[number] == size else outside[below[number]]
    door = int(entering[:, below[size]].argmax())
    heads[inside[door]] = outside[below[size]]
    return heads


def _find_cycle(heads: Integers, root: int) -> list[int]:
    state = [0] * len(heads)
    state[root] = 2
    for start in range(len(heads)):
        path = []
        at = start
        while state[at] == 0:
            state[at] = 1
            path.append(at)
            at = int(heads[at])
        if state[at] == 1:
            return path[path.index(at) :]
        for word in path:
            state[word] = 2
    return []


def find_relations(
    relation_from: Floats, relation_to: Floats, heads: Integers, weight: Floats, bias: Floats
) -> Integers:
    """Each word's relation to its governor. relation_from, relation_to: (words, size); weight: (size, relations)."""
    hidden = np.maximum(relation_from + relation_to[heads], 0)
    best: Integers = (hidden @ weight + bias).argmax(1)
    return best


def distance_bucket(distance: Integers) -> Integers:
    """Signed distance in words to one of 26 buckets: exact to 4, then by doubling, the sign kept apart.

    >>> distance_bucket(np.array([0, 3, 4, 9, -1, -300])).tolist()
    [0, 3, 4, 5, 14, 23]
    """
    size = np.abs(distance)
    far = np.minimum(4 + np.floor(np.log2(np.maximum(size, 4) / 4)).astype(np.int64), 12)
    bucket = np.where(size < 5, size, far)
    return np.where(distance < 0, bucket + 13, bucket)
