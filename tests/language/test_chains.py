"""Batched chain decoding against the obvious version: every path scored one by one."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.language.chains import best_paths, rows_of, spans_of, tag_probabilities

Floats = npt.NDArray[np.float32]


def all_paths(emissions: Floats, transitions: Floats, starts: Floats) -> dict[tuple[int, ...], float]:
    """Score of every tag sequence of one row; emissions (length, tags)."""
    length, tags = emissions.shape
    return {
        path: float(
            starts[path[0]]
            + sum(emissions[i, t] for i, t in enumerate(path))
            + sum(transitions[a, b] for a, b in itertools.pairwise(path))
        )
        for path in itertools.product(range(tags), repeat=length)
    }


@pytest.mark.parametrize("seed", range(8))
def test_batched_decoding_agrees_with_scoring_every_path(seed: int) -> None:
    random = np.random.default_rng(seed)
    blocks = [(0, 3), (3, 8), (8, 9)]
    rows, inside = rows_of(blocks)
    scores = random.normal(size=(9, 3)).astype(np.float32)
    transitions = random.normal(size=(3, 3)).astype(np.float32)
    starts = random.normal(size=3).astype(np.float32)
    paths = best_paths(scores[rows], inside, transitions, starts)
    chances = tag_probabilities(scores[rows], inside, transitions, starts)
    for row, (first, last) in enumerate(blocks):
        known = all_paths(scores[first:last], transitions, starts)
        assert tuple(paths[row, : last - first]) == max(known, key=lambda p: known[p])
        total = sum(np.exp(v) for v in known.values())
        for position, tag in itertools.product(range(last - first), range(3)):
            share = sum(np.exp(v) for path, v in known.items() if path[position] == tag) / total
            assert chances[row, position, tag] == pytest.approx(share, abs=1e-4)


@given(st.lists(st.integers(0, 6), max_size=30))
def test_spans_cover_exactly_the_tagged_words(tags: list[int]) -> None:
    spans = spans_of(tags, 3)
    covered = [i for _, first, last in spans for i in range(first, last)]
    assert covered == [i for i, tag in enumerate(tags) if tag]
    assert all((tags[i] - 1) // 2 == kind for kind, first, last in spans for i in range(first, last))
