"""Words as Universal Dependencies cuts them, and the signs that go with them."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.language.words import SIGNS, load_abbreviations, quote_states, signs, split_words, word_pattern
from dateline.records import Span

PATTERN = word_pattern(load_abbreviations())
CASES = [
    line.split("\t")
    for line in (Path(__file__).parent.parent / "cases/language/words.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("text", "words"), CASES)
def test_text_is_cut_into_these_words(text: str, words: str) -> None:
    found = split_words(text, Span(0, len(text)), PATTERN)
    assert [text[w.start : w.end] for w in found] == words.split(" ")


@given(st.text(max_size=300))
def test_every_visible_character_is_in_exactly_one_word(text: str) -> None:
    found = split_words(text, Span(0, len(text)), PATTERN)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    covered = {i for w in found for i in range(w.start, w.end)}
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)
    assert all(text[w.start : w.end].strip() for w in found)


@given(st.text(min_size=1, max_size=80), st.integers(0, 80), st.integers(0, 80))
def test_words_stay_inside_the_span_asked_for(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    assert all(start <= w.start < w.end <= end for w in split_words(text, Span(start, end), PATTERN))


@given(st.lists(st.sampled_from(["“", "”", '"', "said", "Khan", "3", ",", "``", "''"]), max_size=40))
def test_every_word_has_a_sign_the_network_knows(words: list[str]) -> None:
    assert all(1 <= sign < SIGNS for sign in signs(words, [0] * len(words)))


def test_a_quotation_left_open_ends_with_its_paragraph() -> None:
    assert quote_states(["“", "We", "won", "He", "left"], [0, 0, 0, 1, 1]) == [2, 1, 1, 0, 0]
