"""Properties that hold for any text whatever."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.reading import Lexicons, Reading, find_stories, load_lexicons, receive_text
from dateline.reading.datelines import find_dateline
from dateline.reading.formats.text import decode_text
from dateline.reading.timestamps import find_stamps, parse_moment

LEXICONS = load_lexicons()
LINES = st.sampled_from(
    [
        "KARACHI: ", "KABUL (Reuters) - ", "(CNN) -- ", "By Ada Lane",
        "Updated 28 November 2025", "Short Url", "---", "• ",
        "“", "”", "‘", "NATURAL OUTCOME’", "Rebels seize the northern town as troops withdraw",
        "Story highlights ",
        "The minister said on Monday that the talks had failed and that no date was set for more.",
        "he said:",
        "A soldier stands guard. The army denied on Friday that it had taken part in the raid on the town. (AFP/File)",
        "Jane Doe/Getty Images", "Copyright © 2025 ", "\x00",
        "\ufeff", "\u2028", "\r\n", "\r", "\n", "\n\n", "\n\n\n", "\t", "\xa0",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(st.one_of(LINES, st.text(max_size=20)), max_size=40).map("".join))
BLANK = (
    " \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u2002\u2003\u2009"
    "\u200b\u200e\u200f\u2028\u2029\u202f\u2060\u3000\ufeff\x00"
)


@settings(max_examples=400, deadline=None)
@given(
    text=TEXTS,
    container=st.sampled_from(["text", "record", "page"]),
    split=st.sampled_from(["auto", "never", "marker"]),
)
def test_sections_hold_every_word_in_order(text: str, container: str, split: str) -> None:
    received = replace(receive_text(text), container=container)  # type: ignore[arg-type]
    reading = find_stories(received, lexicons=LEXICONS, split=split)  # type: ignore[arg-type]
    end = 0
    for section in reading.sections:
        assert end <= section.span.start < section.span.end
        assert not reading.document.text[end : section.span.start].strip(BLANK)
        end = section.span.end
    assert not reading.document.text[end:].strip(BLANK)
    check_stories(reading)


def check_stories(reading: Reading) -> None:
    text = reading.document.text
    for story in reading.stories:
        heads = [span for span in (story.headline, story.dateline) if span]
        for span in (*heads, *story.summary, *story.body):
            assert 0 <= span.start < span.end <= len(text)
            assert text[span.start : span.end] == text[span.start : span.end].strip()
        assert list(story.body) == sorted(story.body)
    assert len({story.id for story in reading.stories}) == len(reading.stories)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_text_or_a_problem(data: bytes) -> None:
    decoded = decode_text(data, "file")
    assert decoded.text is not None or decoded.problems


@settings(max_examples=200, deadline=None)
@given(line=st.one_of(st.text(max_size=80), LINES))
def test_lines_are_read_without_fail(line: str) -> None:
    find_stamps(line)
    parse_moment(line)
    find_dateline(line, 0, len(line), lexicons=LEXICONS)


@pytest.mark.parametrize(
    "piece", ["A: ", "(", "By Ada Lane and ", "12:00 28 November 2025 ", "- ", '"', "A" * 9, "Abc, Def "]
)
def test_long_hostile_lines_take_linear_time(piece: str, lexicons: Lexicons) -> None:
    import time

    before = time.process_time()
    find_stories(receive_text(piece * (2**20 // len(piece))), lexicons=lexicons)
    assert time.process_time() - before < 3
