"""Loads what the stage knows: cue words, media words, and the small models for acts and answers."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Literal, cast

import numpy as np
import numpy.typing as npt

from dateline.errors import InstallationError
from dateline.language.analysis import ACTS
from dateline.records import Span

Act = Literal[
    "say", "accuse", "condemn", "deny", "reject", "urge", "warn", "threaten", "promise", "support", "admit", "express"
]
Weights = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class CueEntry:
    """One reading of one cue expression, a line of `data/cues.tsv`.

    rest: the words after the first, as they stand. sure: whether it settles the act alone.
    rejects: whether the source holds the content to be not so.
    """

    cue: str
    rest: tuple[str, ...]
    act: Act
    sure: bool
    rejects: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A cue entry found in the words of a cue: word positions from `first` to before `last`."""

    entry: CueEntry
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A linear scorer over hashed features.

    weights: *Shape:* (buckets, classes). bias: *Shape:* (classes,). mixing: named scalars fitted with it.
    """

    weights: Weights
    bias: Weights
    mixing: Mapping[str, float]

    def scores(self, buckets: Mapping[int, float]) -> Weights:
        """Sum of the weights of these features. *Shape:* (classes,)."""
        if not buckets:
            return self.bias
        index = np.fromiter(buckets.keys(), dtype=np.int64, count=len(buckets))
        value = np.fromiter(buckets.values(), dtype=np.float32, count=len(buckets))
        return cast(Weights, self.bias + value @ self.weights[index])


@dataclass(frozen=True, slots=True)
class Lexicons:
    """Everything read from `data/`, read-only after loading.

    cues: entries by the form of their first word. media: (pattern, medium) in order of precedence.
    content: groups of content words, each "act/name" with its pattern.
    labels: what stands before a colon and names a kind of text, nobody who speaks.
    """

    cues: Mapping[str, tuple[CueEntry, ...]]
    media: tuple[tuple[re.Pattern[str], str], ...]
    content: tuple[tuple[str, re.Pattern[str]], ...]
    labels: frozenset[str]
    acts: LinearModel
    answers: LinearModel


def load_lexicons() -> Lexicons:
    """Read the lexicons and models that ship with the package.

    Raises InstallationError when one is missing or damaged.
    """
    try:
        return Lexicons(
            cues=read_cues(),
            media=_read_media(),
            content=read_content(),
            labels=frozenset(row["label"] for row in _rows("labels.tsv")),
            acts=_read_model("acts"),
            answers=_read_model("answers"),
        )
    except (OSError, KeyError, ValueError) as error:
        raise InstallationError(
            f"the lexicons of dateline.claims cannot be read: {error}",
            location="dateline/claims/data",
            remedy="Install the package again: pip install --force-reinstall dateline",
        ) from error


def read_cue(words: Sequence[str], cues: Mapping[str, tuple[CueEntry, ...]]) -> tuple[Reading, ...]:
    """Every reading of a cue's words (lower case), longest expressions first and none inside a longer one.

    Example: ("issued", "a", "statement", "condemning") gives readings of "statement" and "condemn".
    """
    found = [
        Reading(entry, first, last)
        for first, word in enumerate(words)
        for entry in cues.get(word, ())
        if (last := _match_rest(words, first + 1, entry.rest)) is not None
    ]
    found.sort(key=lambda reading: (-len(reading.entry.rest), reading.first))
    kept: list[Reading] = []
    for reading in found:
        inside = any(
            len(other.entry.rest) > len(reading.entry.rest)
            and other.first <= reading.first
            and reading.last <= other.last
            for other in kept
        )
        if not inside:
            kept.append(reading)
    return tuple(kept)


def words_of(text: str, spans: Sequence[Span]) -> tuple[str, ...]:
    """The words of some spans in lower case; "’s" and "n't" as words of their own, a colon counts as a word."""
    return tuple(
        match.group().replace("’", "'")
        for span in spans
        for match in _CUE_WORD.finditer(text[span.start : span.end].lower())
    )


_CUE_WORD = re.compile(r"n['’]t\b|['’](?:s|re|ve|d|ll|m)\b|\w+?(?=n['’]t\b)|[\w-]+|:")
_GAP = 2  # words that may stand inside an expression: "made a public plea"


def _match_rest(words: Sequence[str], start: int, rest: Sequence[str]) -> int | None:
    position = start
    for word in rest:
        within = words[position : position + _GAP + 1]
        if word not in within:
            return None
        position += within.index(word) + 1
    return position


def read_cues() -> dict[str, tuple[CueEntry, ...]]:
    entries: dict[str, list[CueEntry]] = {}
    for row in _rows("cues.tsv"):
        first, *rest = row["cue"].split(" ")
        if row["act"] not in ACTS:
            raise ValueError(f"cues.tsv: unknown act {row['act']!r} of {row['cue']!r}")
        entry = CueEntry(
            cue=row["cue"],
            rest=tuple(rest),
            act=cast(Act, row["act"]),
            sure=row["weight"] == "sure",
            rejects=row["polarity"] == "rejects",
        )
        for form in _forms(first, row["kind"], row["forms"]):
            entries.setdefault(form, []).append(entry)
    return {form: tuple(found) for form, found in entries.items()}


def _forms(word: str, kind: str, irregular: str) -> set[str]:
    """Inflected forms. Too many do no harm: what is no word is never met."""
    if kind == "fixed":
        return {word}
    forms = {word, *irregular.split()}
    if kind == "noun":
        return forms | {word + "s", word[:-1] + "ies" if word.endswith("y") else word + "es"}
    if word.endswith("e"):
        return forms | {word + "s", word + "d", word[:-1] + "ing"}
    if word.endswith("y") and word[-2:-1] not in "aeou":
        return forms | {word[:-1] + "ies", word[:-1] + "ied", word + "ing"}
    return forms | {word + "s", word + "es", word + "ed", word + "ing"}


def _read_media() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rf"\b(?:{row['pattern']})\b", re.IGNORECASE), row["medium"]) for row in _rows("media.tsv"))


def read_content() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The groups of `data/content.tsv`."""
    return tuple((row["group"], re.compile(rf"(?<![\w'])(?:{row['pattern']})(?!\w)")) for row in _rows("content.tsv"))


def _read_model(name: str) -> LinearModel:
    """Weights are stored as int8 with one scale for each class."""
    with np.load(io.BytesIO(_bytes(f"{name}.npz")), allow_pickle=False) as stored:
        weights = stored["weights"].astype(np.float32) * stored["scales"].astype(np.float32)
        mixing = json.loads(str(stored["mixing"]))
        return LinearModel(weights=weights, bias=stored["bias"].astype(np.float32), mixing=mixing)


def _rows(name: str) -> Iterator[dict[str, str]]:
    lines = [line for line in _bytes(name).decode().splitlines() if line and not line.startswith("#")]
    yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def _bytes(name: str) -> bytes:
    return (resources.files("dateline.claims") / "data" / name).read_bytes()
