"""PLOVER contexts of a happening, by words near those that name it, and modes that its means give away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from dateline.events.scene import Scene
from dateline.language.analysis import Stretch
from dateline.records import Span
from dateline.tables import read_rows

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ContextWords:
    """contexts: words -> PLOVER context. modes: words for a means -> type and mode that it gives away."""

    contexts: Mapping[tuple[str, ...], str]
    modes: Mapping[tuple[str, ...], tuple[str, str]]


def load_context_words() -> ContextWords:
    """Read `contexts.tsv` and `means.tsv`."""
    return ContextWords(
        {tuple(words.split()): context for words, context in read_rows("dateline.events", "contexts.tsv", columns=2)},
        {
            tuple(words.split()): (kind, mode)
            for words, kind, mode in read_rows("dateline.events", "means.tsv", columns=3)
        },
    )


@dataclass(frozen=True, slots=True)
class Context:
    """One context with the words that speak for it."""

    name: str
    span: Span


def contexts_of(scene: Scene, words: Sequence[int], known: ContextWords) -> tuple[Context, ...]:
    """The contexts that words of the sentences naming a happening speak for, each with the first such words."""
    tokens = scene.analysis.tokens
    found: dict[str, Context] = {}
    for sentence in dict.fromkeys(tokens[word].sentence for word in words):
        stretch = scene.analysis.sentences[sentence]
        for part, name in _matches(scene, stretch, known.contexts):
            found.setdefault(name, Context(name, scene.analysis.span(part)))
    return tuple(found.values())


def mode_of_means(scene: Scene, parts: Sequence[Stretch], kind: str, known: ContextWords) -> tuple[str, Span] | None:
    """The mode of an event of a type that the words for its means give away, with those words."""
    for part in parts:
        for stretch, (type_, mode) in _matches(scene, part, known.modes):
            if type_ == kind:
                return mode, scene.analysis.span(stretch)
    return None


def _matches(scene: Scene, stretch: Stretch, table: Mapping[tuple[str, ...], T]) -> Iterator[tuple[Stretch, T]]:
    """Words of a stretch that a table knows, singular or plural."""
    tokens = scene.analysis.tokens
    words = [tokens[at].text.lower() for at in range(stretch.first, stretch.last)]
    for at in range(len(words)):
        for length in (3, 2, 1):
            key = tuple(words[at : at + length])
            for form in (key, (*key[:-1], key[-1].removesuffix("s")) if key else key):
                if len(key) == length and form in table:
                    yield Stretch(stretch.first + at, stretch.first + at + length), table[form]
                    break
            else:
                continue
            break
