"""How a name is compared: without accents, capitals and marks; and its skeleton, for other transliterations.

Builder and lookup must agree letter by letter, so both take these functions from here.
"""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ə": "e", "ħ": "h"}
)
_DROPPED = re.compile(r"[.'’‘ʻʼʿʾ`´ʹʺ]")
_BETWEEN = re.compile(r"[^\w]+|_+")
_SHORT = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "pt": "point"}
_ARTICLE = re.compile(r"^(?:al|el|ash|as|ad|ar|an|at|az|ul) (?=\w{3})")
# What the same sound is written with in English news; longer spellings first.
_SOUNDS = (
    ("sch", "s"), ("tch", "c"), ("kh", "h"), ("gh", "g"), ("sh", "s"), ("zh", "j"), ("dzh", "j"), ("dj", "j"),
    ("ch", "c"), ("ts", "c"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("ck", "k"), ("q", "k"), ("w", "v"), ("x", "ks"),
)  # fmt: skip
_VOWELS = re.compile(r"[aeiouy]+")
_TWICE = re.compile(r"(.)\1+")
SKELETON_MARK = "~"  # before a skeleton among the keys; no plain key can begin with it


def key_of(name: str) -> str:
    """The form in which names are compared. Example: "St.-Étienne" gives "saint etienne".

    "" where no letter is left.
    """
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name)
        name = "".join(letter for letter in name if not unicodedata.combining(letter))
    name = _DROPPED.sub("", name.casefold())
    if not name.isascii():
        name = name.translate(_LETTERS)
    words = _BETWEEN.sub(" ", name).split()
    if len(words) > 1:
        if words[0] == "the":
            words = words[1:]
        words = [_SHORT.get(word, word) for word in words[:-1]] + words[-1:]
    return " ".join(words)


def skeleton_of(key: str) -> str | None:
    """The consonants of a key with one letter for each sound. Example: "shuroobod" and "shurabad" give "~srbd".

    None where too little is left to know a place by.
    """
    if not key.isascii():
        return None
    sounds = _ARTICLE.sub("", key).replace(" ", "")
    for written, sound in _SOUNDS:
        sounds = sounds.replace(written, sound)
    first = "a" if sounds[:1] in set("aeiouy") else ""
    bones = _TWICE.sub(r"\1", first + _VOWELS.sub("", sounds).removesuffix("h"))
    return SKELETON_MARK + bones if len(bones) >= 3 else None


def distance_of(one: str, other: str, *, limit: int) -> int:
    """Letters to insert, drop or change between two keys (Levenshtein); limit + 1 where there are more than `limit`."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    row = list(range(len(other) + 1))
    for index, letter in enumerate(one, start=1):
        before, row[0] = row[0], index
        for column, against in enumerate(other, start=1):
            before, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, before + (letter != against))
        if min(row) > limit:
            return limit + 1
    return row[-1]
