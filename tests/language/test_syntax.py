"""Trees from scores."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.language.syntax import best_tree, distance_bucket, find_sentences


def is_tree(heads: list[int]) -> bool:
    """Exactly one root, and every word reaches it."""
    if sum(i == h for i, h in enumerate(heads)) != 1:
        return False
    for start in range(len(heads)):
        at = start
        for _ in range(len(heads)):
            at = heads[at]
        if heads[at] != at:
            return False
    return True


@given(st.integers(1, 24), st.integers(0, 10_000))
@settings(max_examples=150)
def test_heads_always_form_a_tree_with_one_root(size: int, seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(size, size)).astype(np.float32)
    assert is_tree(best_tree(scores).tolist())


@pytest.mark.parametrize("seed", range(40))
def test_the_tree_is_the_best_of_all_trees_with_its_root(seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(5, 5)).astype(np.float32)
    found = best_tree(scores).tolist()

    def value(heads: Sequence[int]) -> float:
        return float(sum(scores[i, h] for i, h in enumerate(heads)))

    root = next(i for i, head in enumerate(found) if i == head)
    trees = [h for h in itertools.product(range(5), repeat=5) if h[root] == root and is_tree(list(h))]
    assert value(found) == pytest.approx(max(map(value, trees)), abs=1e-4)


def test_a_paragraph_always_ends_a_sentence() -> None:
    assert find_sentences(np.array([-1, 1, -1, -1, -1], np.float32), [(0, 4), (4, 5)]) == [(0, 2), (2, 4), (4, 5)]


@given(st.integers(-5000, 5000))
def test_distances_fall_into_known_buckets_that_grow_with_them(distance: int) -> None:
    bucket = int(distance_bucket(np.array([distance]))[0])
    assert 0 <= bucket < 26
    if distance >= 0:
        assert bucket <= int(distance_bucket(np.array([distance + 1]))[0])
