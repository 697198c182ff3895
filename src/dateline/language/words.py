"""Splits text into words the way Universal Dependencies does, and says what the uncased encoder cannot see of them.

Clitics are words ("does|n't", "Pakistan|'s"), hyphens and punctuation marks stand alone, "U.S." and "Gen." are one
word. Training and reading share this module, so a change here calls for new weights.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from importlib import resources

from dateline.records import Span

SHAPES = 8
QUOTE_STATES = 3
# the encoder's second input: 0 for no word, then a word's shape and state of quotation, then kinds of paragraph marks
PARAGRAPH_SIGNS = tuple(1 + SHAPES * QUOTE_STATES + kind for kind in range(3))
SIGNS = 1 + SHAPES * QUOTE_STATES + 3
_OPENING = "“«„"
_CLOSING = "”»"


def load_abbreviations() -> tuple[str, ...]:
    """The abbreviations whose full stop belongs to the word."""
    text = resources.files("dateline.language").joinpath("data/abbreviations.txt").read_text("utf-8")
    return tuple(text.split())


def word_pattern(abbreviations: Iterable[str]) -> re.Pattern[str]:
    """The pattern that finds one word after another; compile it once and pass it to `split_words`."""
    known = "|".join(re.escape(word) for word in sorted(abbreviations, key=len, reverse=True))
    return re.compile(
        r"https?://[^\s“”\"]+|www\.[^\s“”\"]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
        r"|[@#]\w+"
        rf"|\b(?:{known})(?!\w)"
        r"|\b(?:[^\W\d_]\.){2,}"
        r"|\b[A-Z]\.(?=\s+[A-Z])"
        r"|\d+(?:[.,:]\d+)*(?:st|nd|rd|th|s|k|m|bn|km|am|pm)?\b"
        r"|\w+?(?=n['’]t\b)|n['’]t\b|['’](?:s|re|ve|ll|d|m)\b"
        r"|\w+|\.\.\.+|--+|``|''|\S",
    )


def split_words(text: str, span: Span, pattern: re.Pattern[str]) -> list[Span]:
    """The words of `text` inside `span`, in order; every character that is not white space is in one of them.

    >>> text = "Gen. Munir doesn't."
    >>> [text[w.start:w.end] for w in split_words(text, Span(0, len(text)), word_pattern(["Gen."]))]
    ['Gen.', 'Munir', 'does', "n't", '.']
    """
    return [Span(*match.span()) for match in pattern.finditer(text, span.start, span.end)]


@functools.lru_cache(maxsize=16_384)
def shape(word: str) -> int:
    """What case and character classes say of a word: 1 lower, 2 Title, 3 UPPER, 4 miXed, 5 digits, 6 marks, 7 other.

    >>> [shape(w) for w in ("army", "Khan", "PTI", "McCain", "2025", "“", "دبئي")]
    [1, 2, 3, 4, 5, 6, 7]
    """
    if any(character.isdigit() for character in word):
        return 5
    if not any(character.isalnum() for character in word):
        return 6
    if word.islower():
        return 1
    if word.isupper():
        return 2 if len(word.strip(".")) == 1 else 3
    if word[0].isupper() and word[1:].islower():
        return 2
    return 4 if any(character.isupper() for character in word) else 7


def quote_states(words: Sequence[str], paragraph: Sequence[int]) -> list[int]:
    """For each word: 0 outside quotation marks, 1 inside, 2 a quotation mark; each paragraph starts outside.

    Only double marks count (an apostrophe and a closing single mark look the same). A straight mark opens where
    none is open and closes otherwise; an unclosed quotation runs to the paragraph's end.

    >>> quote_states(['"', 'We', 'won', '"', 'he', 'said'], [0] * 6)
    [2, 1, 1, 2, 0, 0]
    """
    states, inside, current = [], False, -1
    for word, at in zip(words, paragraph, strict=True):
        if at != current:
            inside, current = False, at
        if word in _OPENING or word == "``":
            inside = True
            states.append(2)
        elif word in _CLOSING or word == "''":
            inside = False
            states.append(2)
        elif word == '"':
            inside = not inside
            states.append(2)
        else:
            states.append(1 if inside else 0)
    return states


def signs(words: Sequence[str], paragraph: Sequence[int]) -> list[int]:
    """The encoder's second input, one number a word: shape and state of quotation together, from 1."""
    return [
        1 + (kind if kind < SHAPES else 0) * QUOTE_STATES + state
        for kind, state in zip(map(shape, words), quote_states(words, paragraph), strict=True)
    ]
