"""Numbers as stories give them: the table of cases, and what must be true of any words."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.events.quantities import find_quantities, load_number_words
from dateline.language.analysis import Token
from dateline.language.words import load_abbreviations, split_words, word_pattern
from dateline.records import Span

CASES = Path(__file__).parents[1] / "cases" / "events" / "quantities.txt"
WORDS = load_number_words()
PATTERN = word_pattern(load_abbreviations())


def tokens_of(text: str) -> list[Token]:
    spans = split_words(text, Span(0, len(text)), PATTERN)
    return [Token(span, text[span.start : span.end], "X", 0, "dep", 0, 0) for span in spans]


def cases() -> list[object]:
    rows = [line.split(" | ") for line in CASES.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return [
        pytest.param(row[:4], id=row[0], marks=[pytest.mark.xfail(reason=row[4], strict=True)] if len(row) > 4 else [])
        for row in rows
    ]


@pytest.mark.parametrize("row", cases())
def test_number_means_what_the_table_says(row: list[str]) -> None:
    marked, *expected = row
    text = marked.replace("[[", "").replace("]]", "")
    tokens = tokens_of(text)
    found = find_quantities(tokens, WORDS)
    said = [text[tokens[one.first].span.start : tokens[one.last - 1].span.end] for one in found]
    # the words before a range belong to it in a reader's eyes; the record's span begins with its first number
    assert [words.split()[-1] for words in said] == [marked.partition("[[")[2].partition("]]")[0].split()[-1]]
    count = found[0].count
    assert [str(value) if value is not None else "-" for value in (count.best, count.low, count.high)] == expected


@given(
    st.lists(
        st.sampled_from([*WORDS.numbers, "12", "1,300", "-", "and", "to", "of", "men", "at", "least"]), max_size=12
    )
)
def test_numbers_are_apart_and_their_bounds_in_order(words: list[str]) -> None:
    tokens = tokens_of(" ".join(words))
    found = find_quantities(tokens, WORDS)
    for before, after in itertools.pairwise(found):
        assert before.head < after.head
    for one in found:
        assert 0 <= one.first <= one.head < one.last <= len(tokens)
        low, high = one.count.low, one.count.high
        assert low is None or high is None or low <= high


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("an 18-year-old man", True),
        ("killed 22 years later", True),
        ("a 3 a.m. raid", True),
        ("40 percent", True),
        ("seven killed hours after", False),
        ("22 people", False),
    ],
)
def test_a_number_with_a_unit_counts_nobody(text: str, measures: bool) -> None:
    (found,) = find_quantities(tokens_of(text), WORDS)
    assert found.measures == measures
