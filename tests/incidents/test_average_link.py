"""Average link gives what its slow, obvious form gives, whatever the order of the pairs."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.incidents.clusters import LEAST, NEVER, average_link

Odds = dict[tuple[str, str], float]
NAMES = tuple("abcdefgh")
PAIRS = tuple(itertools.combinations(NAMES, 2))


def slow_average_link(
    names: tuple[str, ...], odds: Odds, threshold: float, owner: dict[str, str]
) -> list[tuple[str, ...]]:
    """Join the two groups with the best mean of all pairs, again and again."""
    groups = [(name,) for name in names]
    while True:
        best: tuple[float, tuple[str, ...], tuple[str, ...]] | None = None
        for one, other in itertools.combinations(sorted(groups), 2):
            if {owner[each] for each in one} & {owner[each] for each in other}:
                continue
            pairs = [odds.get((min(a, b), max(a, b)), LEAST) for a in one for b in other]
            mean = sum(pairs) / len(pairs)
            if mean >= threshold and (best is None or mean > best[0] + 1e-9):
                best = (mean, one, other)
        if best is None:
            return sorted(groups)
        groups = [each for each in groups if each not in best[1:]] + [tuple(sorted(best[1] + best[2]))]


some_odds = st.dictionaries(st.sampled_from(PAIRS), st.sampled_from([-5.0, -1.0, 0.5, 1.0, 2.0, 4.0, NEVER]))
some_owners = st.fixed_dictionaries({name: st.sampled_from("uvwxyz") for name in NAMES})


@given(odds=some_odds, owner=some_owners)
def test_it_gives_what_the_slow_form_gives(odds: Odds, owner: dict[str, str]) -> None:
    fast = average_link(NAMES, odds, threshold=0.75, owner=owner)
    assert fast == slow_average_link(NAMES, odds, 0.75, owner)


@given(odds=some_odds, seed=st.integers(0, 99))
def test_the_order_of_names_and_pairs_does_not_matter(odds: Odds, seed: int) -> None:
    chance = random.Random(seed)
    names, pairs = list(NAMES), list(odds.items())
    chance.shuffle(names)
    chance.shuffle(pairs)
    assert average_link(names, dict(pairs), threshold=0.75) == average_link(NAMES, odds, threshold=0.75)


@pytest.mark.parametrize(
    ("odds", "expected"),
    [
        ({}, ["a", "b", "c"]),
        ({("a", "b"): 3.0}, ["ab", "c"]),
        # One likely pair does not pull a third in, as single link would: the mean of 3 and -6 is below 0.
        ({("a", "b"): 3.0, ("b", "c"): 2.0}, ["ab", "c"]),
        ({("a", "b"): 3.0, ("b", "c"): 2.0, ("a", "c"): 1.0}, ["abc"]),
        ({("a", "b"): 3.0, ("b", "c"): 2.0, ("a", "c"): NEVER}, ["ab", "c"]),
    ],
)
def test_groups(odds: Odds, expected: list[str]) -> None:
    assert ["".join(group) for group in average_link("abc", odds, threshold=0.0)] == expected
