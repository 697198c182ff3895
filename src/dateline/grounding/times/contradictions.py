"""Finds a story that tells one talk on two days: "spoke to journalists on Friday", "his talk on Thursday".

Only this one kind can be told from the words: a talk to the press, and later "his press conference" on another day,
with no other such talk in between. Other contradictions are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dateline.grounding.times.lexicons import TimeLexicons
from dateline.grounding.times.meanings import Reading

# So far from its day may the talk be named; a clause is rarely longer (set by hand).
_CLAUSE = 80
_BREAK = re.compile(r"[.;:!?\n“”\"]")


def find_contradiction(text: str, readings: Sequence[Reading], words: TimeLexicons) -> tuple[Reading, Reading] | None:
    """The two readings that give different days to one talk; None where the story is at one with itself."""
    talks: list[Reading] = []
    grammar = words.grammar
    for reading in readings:
        if reading.shape not in ("weekday", "date") or reading.day is None:
            continue
        before = _BREAK.split(text[max(0, reading.span.start - _CLAUSE) : reading.span.start])[-1]
        after = _BREAK.split(text[reading.span.end : reading.span.end + _CLAUSE])[0]
        talk = grammar.ends_with["press talk day"].search(before)
        # "In his news conference on Monday" tells of a talk for the first time.
        if talk and not grammar.ends_with["introduces"].search(before[: talk.start()]):
            days = {talk.day for talk in talks}
            if len(days) == 1 and reading.day not in days:
                return talks[-1], reading
        spoke = words.contained("spoke", before)
        if spoke and (grammar.inside["to the press"].search(before) or grammar.inside["to the press"].search(after)):
            talks.append(reading)
    return None
