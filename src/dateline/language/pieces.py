"""Word pieces (WordPiece, uncased) of words, and the pieces that mark paragraphs."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer

PARAGRAPH_PIECES = (1, 2, 3)  # [unused0], [unused1], [unused2]: body paragraph, headline, summary line
LONGEST = 12  # pieces of one word: the tail of a web address tells nothing


class Pieces:
    """The vocabulary, with the pieces of each word looked up once."""

    def __init__(self, path: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._known: dict[str, tuple[int, ...]] = {}
        self._unknown = int(self._tokenizer.token_to_id("[UNK]"))
        self.first = int(self._tokenizer.token_to_id("[CLS]"))
        self.last = int(self._tokenizer.token_to_id("[SEP]"))

    def of(self, word: str) -> tuple[int, ...]:
        """Piece ids of one word; at least one, at most `LONGEST`."""
        found = self._known.get(word)
        if found is None:
            ids = self._tokenizer.encode(word[:200], add_special_tokens=False).ids[:LONGEST]
            found = tuple(ids) or (self._unknown,)
            if len(self._known) < 200_000:  # a bound on memory over a long run
                self._known[word] = found
        return found
