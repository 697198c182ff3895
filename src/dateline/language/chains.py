"""Best tag sequences and tag probabilities of linear chains, many paragraphs at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]


def rows_of(paragraphs: Sequence[tuple[int, int]]) -> tuple[Integers, npt.NDArray[np.bool_]]:
    """Word indices of each paragraph as a padded matrix (paragraphs, longest), and which cells are words."""
    longest = max(last - first for first, last in paragraphs)
    steps = np.arange(longest)
    first = np.array([p[0] for p in paragraphs])[:, None]
    length = np.array([p[1] - p[0] for p in paragraphs])[:, None]
    inside = steps[None, :] < length
    return np.where(inside, first + steps[None, :], 0), inside


def best_paths(emissions: Floats, inside: npt.NDArray[np.bool_], transitions: Floats, starts: Floats) -> Integers:
    """Viterbi. emissions: (rows, length, tags); inside: (rows, length). Returns tags (rows, length), 0 where padded.

    transitions: (tags, tags) from row to column; starts: (tags,).
    """
    rows, length, tags = emissions.shape
    score = emissions[:, 0] + starts
    back = np.zeros((length, rows, tags), np.int64)
    stay = np.arange(tags)
    for step in range(1, length):
        grown = score[:, :, None] + transitions
        best = grown.argmax(1)
        alive = inside[:, step, None]
        back[step] = np.where(alive, best, stay)
        score = np.where(alive, np.take_along_axis(grown, best[:, None, :], 1)[:, 0] + emissions[:, step], score)
    out = np.zeros((rows, length), np.int64)
    current = score.argmax(1)
    for step in range(length - 1, -1, -1):
        out[:, step] = current
        current = back[step][np.arange(rows), current]
    return np.where(inside, out, 0)


def tag_probabilities(emissions: Floats, inside: npt.NDArray[np.bool_], transitions: Floats, starts: Floats) -> Floats:
    """Posterior probability of each tag at each word (forward-backward): (rows, length, tags)."""
    rows, length, tags = emissions.shape
    potential = np.exp(emissions - emissions.max(-1, keepdims=True))
    step_to = np.exp(transitions)
    forward = np.empty((length, rows, tags), np.float32)
    value = potential[:, 0] * np.exp(starts)
    forward[0] = value / value.sum(1, keepdims=True)
    for step in range(1, length):
        value = (forward[step - 1] @ step_to) * potential[:, step]
        value /= value.sum(1, keepdims=True)
        forward[step] = np.where(inside[:, step, None], value, forward[step - 1])
    backward = np.ones((rows, tags), np.float32)
    out = np.empty((length, rows, tags), np.float32)
    out[-1] = forward[-1]
    for step in range(length - 2, -1, -1):
        value = (backward * potential[:, step + 1]) @ step_to.T
        value /= value.sum(1, keepdims=True)
        backward = np.where(inside[:, step + 1, None], value, backward)
        both = forward[step] * backward
        out[step] = both / both.sum(1, keepdims=True)
    return out.transpose(1, 0, 2)


def spans_of(tags: Sequence[int], kinds: int) -> list[tuple[int, int, int]]:
    """Spans in a sequence of tags O=0, B=1+2k, I=2+2k: (kind k, first, last). An I that continues nothing begins.

    >>> spans_of([0, 1, 2, 3, 0, 2], 2)
    [(0, 1, 3), (1, 3, 4), (0, 5, 6)]
    """
    spans: list[tuple[int, int, int]] = []
    kind, start = -1, 0
    for position, tag in enumerate([*tags, 0]):
        here = (tag - 1) // 2 if tag else -1
        if kind >= 0 and (here != kind or tag % 2 == 1):
            spans.append((kind, start, position))
            kind = -1
        if here >= 0 and kind < 0:
            kind, start = here, position
    assert all(span[0] < kinds for span in spans)
    return spans
