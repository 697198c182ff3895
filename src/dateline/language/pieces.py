"""Word pieces (WordPiece, uncased: Wu et al. 2016, as in BERT) of words, and the pieces that mark paragraphs.

Written here and not taken from a library: the one that does it brings 40 MB of downloading tools, and Dateline's words
come one by one and are looked up once.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

PARAGRAPH_PIECES = (1, 2, 3)  # [unused0], [unused1], [unused2]: body paragraph, headline, summary line
LONGEST = 12  # pieces of one word: the tail of a web address tells nothing
UNKNOWN, FIRST, LAST = "[UNK]", "[CLS]", "[SEP]"


class Pieces:
    """The vocabulary, with the pieces of each word looked up once."""

    def __init__(self, path: Path) -> None:
        """Read a vocabulary, one piece a line. Raises OSError, or KeyError where the special pieces are missing."""
        lines = path.read_text(encoding="utf-8").split("\n")
        self._vocabulary = {piece: number for number, piece in enumerate(lines) if piece}
        self._known: dict[str, tuple[int, ...]] = {}
        self._unknown = self._vocabulary[UNKNOWN]
        self.first = self._vocabulary[FIRST]
        self.last = self._vocabulary[LAST]

    def of(self, word: str) -> tuple[int, ...]:
        """Piece ids of one word; at least one, at most `LONGEST`."""
        found = self._known.get(word)
        if found is None:
            ids = [number for part in plain_parts(word[:200]) for number in self._cut(part)]
            found = tuple(ids[:LONGEST]) or (self._unknown,)
            if len(self._known) < 200_000:  # a bound on memory over a long run
                self._known[word] = found
        return found

    def _cut(self, part: str) -> list[int]:
        """Longest pieces first; a part that cannot be cut without a rest is unknown as a whole."""
        if len(part) > 100:
            return [self._unknown]
        ids: list[int] = []
        start = 0
        while start < len(part):
            mark = "##" if start else ""
            for end in range(len(part), start, -1):
                number = self._vocabulary.get(mark + part[start:end])
                if number is not None:
                    break
            else:
                return [self._unknown]
            ids.append(number)
            start = end
        return ids


def plain_parts(text: str) -> list[str]:
    """Lower case without accents, cut at white space and around every punctuation mark and ideograph, as BERT does.

    >>> plain_parts("Côte d’Ivoire's U.S.")
    ['cote', 'd', '’', 'ivoire', "'", 's', 'u', '.', 's', '.']
    """
    parts: list[str] = []
    open_part = False
    bare = "".join(c for c in unicodedata.normalize("NFD", _clean(text)) if unicodedata.category(c) != "Mn")
    for character in "".join(map(str.lower, bare)):
        if character.isspace():
            open_part = False
        elif _stands_alone(character):
            parts.append(character)
            open_part = False
        elif open_part:
            parts[-1] += character
        else:
            parts.append(character)
            open_part = True
    return parts


def _clean(text: str) -> str:
    kept = []
    for character in text:
        if character in "\t\n\r" or character.isspace():
            kept.append(" ")
        elif character != "\ufffd" and unicodedata.category(character) not in ("Cc", "Cf", "Co"):
            kept.append(f" {character} " if _is_ideograph(character) else character)
    return "".join(kept)


def _stands_alone(character: str) -> bool:
    return unicodedata.category(character).startswith("P") or character in "$+<=>^`|~"


def _is_ideograph(character: str) -> bool:
    code = ord(character)
    return (
        0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0x20000 <= code <= 0x2FA1F or 0xF900 <= code <= 0xFAFF
    )
