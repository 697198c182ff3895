"""Copies of one text are one independent text; stories that only share a quotation are not copies."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.incidents.copies import Text, containment, find_copies, origins, text_of
from dateline.records import Span, Story

WORDS = (
    "harbour market guard trader blast bridge council water price governor speaker league coast island ferry boat "
    "night morning police fire smoke wall street school teacher union strike wage engine driver signal tower"
).split()


def prose(seed: int, words: int = 120) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choice(WORDS) for _ in range(words))


def text(name: str, words: str, *, outlet: str = "", agency: str | None = None, day: str | None = "2025-11-28") -> Text:
    story = Story(
        id=name,
        document_id=name,
        outlet_id=outlet or f"{name}.example",
        headline=None,
        dateline=None,
        body=(Span(0, len(words)),),
        published_at=dt.date.fromisoformat(day) if day else None,
        agency=agency,
    )
    return text_of(story, words)


WIRE = prose(0)
HALF = " ".join(WIRE.split()[:60])
FIFTH = " ".join(WIRE.split()[:45])


@pytest.mark.parametrize(
    ("other", "credited", "independent"),
    [
        (WIRE, False, 1),
        (f"{prose(1, 30)} {WIRE} {prose(2, 30)}", False, 1),  # a copy inside a longer story
        (HALF, False, 1),  # cut at the end
        (f"{HALF} {prose(3, 60)}", False, 2),
        (f"{FIFTH} {prose(3, 90)}", True, 1),  # less of it, but both credit the agency
        (f"{FIFTH} {prose(3, 90)}", False, 2),
        (prose(4), True, 2),  # the agency's credit alone makes no copy
        (f"{prose(5)} {' '.join(WIRE.split()[20:34])}", True, 2),  # the same statement quoted
    ],
)
def test_how_many_independent_texts(other: str, credited: bool, independent: int) -> None:
    agency = "AFP" if credited else None
    texts = [text("a", WIRE, agency=agency), text("b", other, agency=agency)]
    assert len(set(origins(texts, find_copies(texts)).values())) == independent


def test_a_partial_overlap_is_told_by_its_degree() -> None:
    (copy,) = find_copies([text("a", WIRE), text("b", f"{FIFTH} {prose(3, 75)}")])
    assert 0.2 <= copy.containment < 0.5
    assert not copy.credited


def test_forty_copies_are_one_text() -> None:
    texts = [text("wire", WIRE, day="2025-11-27")]
    texts += [text(f"copy{each}", f"{prose(100 + each, 20)} {WIRE}") for each in range(40)]
    assert set(origins(texts, find_copies(texts)).values()) == {"wire"}


def test_a_passage_that_two_papers_put_in_joins_no_two_texts() -> None:
    passage, other = prose(50, 60), prose(60)
    texts = [text(f"a{each}", WIRE, agency="AFP") for each in range(4)]
    texts += [text(f"b{each}", other, agency="AFP") for each in range(4)]
    texts += [text("a9", f"{passage} {WIRE}", agency="AFP"), text("b9", f"{passage} {other}", agency="AFP")]
    assert len(set(origins(texts, find_copies(texts)).values())) == 2


def test_the_earliest_is_the_origin_and_an_undated_one_never() -> None:
    texts = [text("a", WIRE, day=None), text("b", WIRE, day="2025-11-28"), text("c", WIRE, day="2025-11-27")]
    assert set(origins(texts, find_copies(texts)).values()) == {"c"}


def test_the_furniture_of_an_outlet_makes_no_copies() -> None:
    some, much = prose(8, 60), prose(9, 200)
    texts = [text(f"s{each}", f"{prose(each)} {some}", outlet="north.example") for each in range(10, 14)]
    assert find_copies(texts) == ()
    days = ("2025-08-01", "2025-09-01", "2025-10-01", "2025-11-01")
    texts = [text(f"s{day}", f"{prose(n)} {much}", outlet="north.example", day=day) for n, day in enumerate(days, 20)]
    assert find_copies(texts) == ()
    # Three versions of one story have much in common, too, and none of it is furniture.
    versions = [text(f"v{each}", f"{WIRE} {prose(each, 20)}", outlet="north.example") for each in range(20, 23)]
    assert len(set(origins(versions, find_copies(versions)).values())) == 1


def test_a_notice_of_two_lines_is_never_a_copy() -> None:
    words = " ".join(WIRE.split()[:15])
    assert find_copies([text("a", words), text("b", words)]) == ()


@given(
    parts=st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=3), min_size=1, max_size=6),
    seed=st.integers(0, 99),
)
def test_the_order_of_texts_does_not_matter(parts: list[list[int]], seed: int) -> None:
    texts = [text(f"t{n}", " ".join(prose(part, 40) for part in those)) for n, those in enumerate(parts)]
    shuffled = list(texts)
    random.Random(seed).shuffle(shuffled)
    found = find_copies(texts)
    assert find_copies(shuffled) == found
    assert origins(shuffled, reversed(found)) == origins(texts, found)


@given(one=st.integers(0, 9), other=st.integers(0, 9))
def test_containment_is_symmetric_and_whole_for_the_same(one: int, other: int) -> None:
    first, second = text("a", prose(one)).shingles, text("b", prose(other)).shingles
    assert containment(first, second) == containment(second, first)
    assert containment(first, first) == 1.0
