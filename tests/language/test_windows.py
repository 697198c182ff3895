"""Windows cover every word once, within the limit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dateline.language.windows import pack


@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(0, 1)), max_size=300), st.integers(15, 60), st.integers(0, 12)
)
def test_every_word_is_answered_for_exactly_once_and_windows_keep_to_the_limit(
    rows: list[tuple[int, int]], limit: int, context: int
) -> None:
    pieces = [size for size, _ in rows]
    paragraph, number = [], 0
    for _, opens in rows:
        number += opens
        paragraph.append(number)
    windows = pack(pieces, paragraph, limit=limit, context=context)
    assert [i for w in windows for i in range(w.first, w.last)] == list(range(len(pieces)))
    for window in windows:
        assert window.context <= window.first
        marks = sum(i == window.context or paragraph[i] != paragraph[i - 1] for i in range(window.context, window.last))
        size = sum(pieces[window.context : window.last]) + marks
        assert size <= limit or window.last - window.first == 1


def test_a_window_ends_with_a_paragraph_where_one_fits() -> None:
    windows = pack([1] * 10, [0, 0, 0, 0, 1, 1, 1, 2, 2, 2], limit=10, context=0)
    assert [(w.first, w.last) for w in windows] == [(0, 7), (7, 10)]
