"""What the language core adds to the words of a time: whether it marks a time there, and the tense of the clause."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dateline.language.analysis import Analysis, Token

Tense = Literal["past", "future"]

# How far to climb from a time to the verb that governs it; clauses are rarely deeper (set by hand).
_STEPS = 8


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses of one story. marked: ends by starts of the core's phrases of kind time, in text order."""

    analysis: Analysis
    starts: tuple[int, ...]
    marked: tuple[tuple[int, int], ...]
    past_forms: frozenset[str]
    past_auxiliaries: frozenset[str]
    future_auxiliaries: frozenset[str]

    def marks(self, start: int, end: int) -> bool:
        """Whether the core marks a time that overlaps this stretch of text."""
        place = bisect_left(self.marked, (end, 0))
        return place > 0 and self.marked[place - 1][1] > start

    def tense(self, start: int) -> Tense | None:
        """The tense of the verb that governs the word at a place; None where no verb tells.

        Example: "will meet on Thursday" is future, "met on Thursday" past; "a meeting on Thursday" alone tells nothing.
        """
        place = self._token(start)
        if place is None:
            return None
        tokens = self.analysis.tokens
        for _ in range(_STEPS):
            token = tokens[place]
            if token.upos in ("VERB", "AUX"):
                return self._tense_of(place)
            if token.head == place:
                return self._copula(place)
            place = token.head
        return None

    def _tense_of(self, place: int) -> Tense | None:
        verb = self.analysis.tokens[place]
        helpers = {token.text.lower() for token in self._children(place) if token.deprel.startswith(("aux", "cop"))}
        if helpers & self.future_auxiliaries and "have" not in helpers:
            return "future"
        if helpers & self.past_auxiliaries or verb.text.lower() in self.past_forms:
            return "past"
        # A participle or infinitive without a helper has the time of the verb above it, which cues tell better.
        marked = any(token.text.lower() == "to" and token.deprel == "mark" for token in self._children(place))
        return "past" if verb.text.lower().endswith("ed") and not marked and not helpers else None

    def _copula(self, place: int) -> Tense | None:
        helpers = {token.text.lower() for token in self._children(place) if token.deprel.startswith(("aux", "cop"))}
        if helpers & self.future_auxiliaries:
            return "future"
        return "past" if helpers & self.past_auxiliaries else None

    def _children(self, place: int) -> list[Token]:
        sentence = self.analysis.sentences[self.analysis.tokens[place].sentence]
        # Helpers stand before their verb and near it.
        first = max(sentence.first, place - 12)
        return [token for token in self.analysis.tokens[first : place + 1] if token.head == place]

    def _token(self, start: int) -> int | None:
        place = bisect_right(self.starts, start) - 1
        if place < 0 or self.analysis.tokens[place].span.end <= start:
            return None
        return place


def read_clauses(analysis: Analysis, *, past_forms: frozenset[str], contexts: Mapping[str, frozenset[str]]) -> Clauses:
    """Prepare an analysis for questions about times."""
    spans = [analysis.span(phrase.tokens) for phrase in analysis.phrases if phrase.type == "time"]
    return Clauses(
        analysis=analysis,
        starts=tuple(token.span.start for token in analysis.tokens),
        marked=tuple(sorted((span.start, span.end) for span in spans)),
        past_forms=past_forms,
        past_auxiliaries=contexts["past auxiliary"],
        future_auxiliaries=contexts["future auxiliary"],
    )
