"""Which words stand in quotation marks, paragraph by paragraph."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.claims.quotations import pair_marks, quotation_form
from dateline.records import Span

CASES = Path(__file__).parent.parent / "cases/claims/quotations.txt"


def read_cases() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Name, text, and (kind, words) of each case."""
    cases = []
    for block in CASES.read_text("utf-8").split("\n=== ")[1:]:
        name, *lines = block.splitlines()
        pairs = [tuple(part.strip() for part in line.split("|", 1)) for line in lines if "|" in line]
        cases.append((name, pairs[0][1], [(kind, words) for kind, words in pairs[1:]]))
    return cases


@pytest.mark.parametrize(
    ("text", "wanted"), [case[1:] for case in read_cases()], ids=[case[0] for case in read_cases()]
)
def test_quotation_marks_are_paired(text: str, wanted: list[tuple[str, str]]) -> None:
    pairing = pair_marks(text, Span(0, len(text)))
    found = [
        ("open" if not one.closed else "inside" if one.level else "quoted", text[one.span.start : one.span.end])
        for one in pairing.quotations
    ]
    found += [("stray", text[stray.start : stray.end]) for stray in pairing.strays]
    assert found == wanted


def test_one_lost_mark_spoils_one_paragraph_only() -> None:
    text = "“Nobody called.\n“We waited,” he said."
    second = Span(text.index("\n") + 1, len(text))
    assert [text[one.inner.start : one.inner.end] for one in pair_marks(text, second).quotations] == ["We waited,"]


@pytest.mark.parametrize(
    ("content", "form"),
    [
        ("“We were not warned,”", "direct"),
        ("that “nobody” had warned them", "mixed"),
        ("that nobody had warned them", "indirect"),
    ],
)
def test_a_content_is_direct_mixed_or_indirect(content: str, form: str) -> None:
    text = f"Marlow said {content} on Monday."
    span = Span(text.index(content), text.index(content) + len(content))
    assert quotation_form(text, (span,), pair_marks(text, Span(0, len(text))).quotations) == form


def test_words_inside_somebody_elses_quotation_are_not_quoted_by_their_own_source() -> None:
    text = "“The minister told me that the dam was safe, and I believed it,” Marlow said."
    cue, content = (_span(text, words) for words in ("told", "that the dam was safe"))
    assert quotation_form(text, (content,), pair_marks(text, Span(0, len(text))).quotations, cue=(cue,)) == "indirect"


MARKS = st.text(st.sampled_from("\"'“”‘’„«»`,. aSs[(\n—"), max_size=120)


@given(MARKS)
def test_any_marks_give_quotations_inside_the_paragraph(text: str) -> None:
    paragraph = Span(len(text) // 4, len(text))
    pairing = pair_marks(text, paragraph)
    for one in pairing.quotations:
        assert paragraph.start <= one.span.start < one.inner.start <= one.inner.end <= one.span.end <= paragraph.end
    assert all(paragraph.start <= stray.start < stray.end <= paragraph.end for stray in pairing.strays)


@given(MARKS)
def test_quotations_nest_and_never_cross(text: str) -> None:
    spans = [one.span for one in pair_marks(text, Span(0, len(text))).quotations]
    for one in spans:
        for other in spans:
            assert not (one.start < other.start < one.end < other.end)


def _span(text: str, words: str) -> Span:
    return Span(text.index(words), text.index(words) + len(words))
