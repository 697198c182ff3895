"""Word pieces: the longest that fit come first, and every word has some."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.language.pieces import LONGEST, PARAGRAPH_PIECES, UNKNOWN, Pieces, plain_parts

LINES = (Path(__file__).parent.parent / "cases/language/pieces.txt").read_text("utf-8").splitlines()
VOCABULARY = [
    UNKNOWN,
    "[CLS]",
    "[SEP]",
    *next(line for line in LINES if line.startswith("# vocabulary: ")).removeprefix("# vocabulary: ").split(),
]
CASES = [line.split("\t") for line in LINES if line and not line.startswith("#")]
SHIPPED = Path(str(resources.files("dateline.language").joinpath("weights/vocabulary.txt")))


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Pieces:
    path = tmp_path_factory.mktemp("pieces") / "vocabulary.txt"
    path.write_text("\n".join(VOCABULARY) + "\n", encoding="utf-8")
    return Pieces(path)


@pytest.fixture(scope="module")
def shipped() -> Pieces:
    return Pieces(SHIPPED)


@pytest.mark.parametrize(("word", "expected"), CASES)
def test_word_is_cut_into_these_pieces(pieces: Pieces, word: str, expected: str) -> None:
    plain = word.encode("ascii", "backslashreplace").decode("unicode_escape") if "\\u" in word else word
    assert [VOCABULARY[number] for number in pieces.of(plain)] == expected.split(" ")


@given(word=st.text(min_size=1, max_size=300))
def test_every_word_has_a_piece_and_none_has_more_than_the_longest(shipped: Pieces, word: str) -> None:
    found = shipped.of(word)
    assert 1 <= len(found) <= LONGEST
    assert shipped.of(word) == found


@given(text=st.text(alphabet=st.characters(codec="utf-8"), max_size=100))
def test_parts_are_the_same_for_what_has_already_been_parted(text: str) -> None:
    parts = plain_parts(text)
    assert plain_parts(" ".join(parts)) == parts


def test_marks_of_paragraphs_are_pieces_that_no_word_has(shipped: Pieces) -> None:
    lines = SHIPPED.read_text("utf-8").splitlines()
    assert [lines[number] for number in PARAGRAPH_PIECES] == ["[unused0]", "[unused1]", "[unused2]"]
    assert not set(PARAGRAPH_PIECES) & set(shipped.of("[unused0]"))


def test_vocabulary_without_its_special_pieces_is_refused(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.txt").write_text("a\nb\n", encoding="utf-8")
    with pytest.raises(KeyError):
        Pieces(tmp_path / "vocabulary.txt")
