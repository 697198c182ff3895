"""Pages for annotators of events: numbered units of a story's text, and the lines in which a reader writes its events.

A page is the story cut into sentences, each on a line `12| words of the sentence`. A reader answers with one line
for each event:

    ASSAULT/drone | happened | t 5:attack; 1:attack | a 6:militants | r 5:three Chinese workers | p 5:Khatlon | w
    5:Thursday | k 5:three

Fields behind the type and the status: t words for the happening (the plainest first), a actors, r recipients, p
places, w
time, k killed, j injured, d detained, m missing (`5:one of them=1` where the words are no number), i instruments.
An item is `sentence:words`, the first place in the sentence where the words stand; `5:killed#2` is the second.
"""

from __future__ import annotations

import re
from typing import Any

FIELDS = {"t": "triggers", "a": "actors", "r": "recipients", "p": "places", "w": "times", "i": "instruments"}
HARMS = {"k": "killed", "j": "injured", "d": "detained", "m": "missing"}
TYPES = frozenset(
    "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST REJECT ACCUSE THREATEN PROTEST MOBILIZE SANCTION "
    "COERCE ASSAULT HAZARD CIVIC".split()
)
STATUSES = frozenset("happened ongoing planned hypothetical denied_only".split())
_TITLE = "".join(
    rf"(?<!\b{title}\.)"
    for title in ("Mr", "Mrs", "Ms", "Dr", "St", "Gen", "Sen", "Rep", "Gov", "Col", "Lt", "Sgt", "Capt", "Jr", "vs")
)
_SENTENCE = re.compile(rf"\n+|(?<=[a-z0-9)\]”’\"'][.!?]){_TITLE}\s+(?=[A-Z“\"‘'(])|(?<=[.!?][”\"’'])\s+(?=[A-Z“\"‘'(])")


def units(text: str) -> list[tuple[int, int]]:
    """Sentences of a text, roughly, as offsets: what an annotator's line numbers count."""
    cuts = [0, *(position for match in _SENTENCE.finditer(text) for position in match.span()), len(text)]
    return [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True) if text[a:b].strip()]


def page(name: str, text: str, date: str | None) -> str:
    """The page of one story."""
    lines = [f"### {name} ({date or 'no date'})"]
    lines += [f"{number}| {' '.join(text[a:b].split())}" for number, (a, b) in enumerate(units(text), 1)]
    return "\n".join(lines)


class Unresolved(ValueError):
    """A line that does not say which words it means."""


def events(lines: list[str], text: str) -> list[dict[str, Any]]:
    """The events that the lines of one story describe, with offsets.

    Raises Unresolved with what is wrong and in which line.
    """
    sentences = units(text)
    return [_event(line, text, sentences) for line in lines if line.strip()]


def _event(line: str, text: str, sentences: list[tuple[int, int]]) -> dict[str, Any]:
    head, status, *fields = [part.strip() for part in line.split("|")]
    kind, _, mode = head.partition("/")
    if kind not in TYPES or status not in STATUSES:
        raise Unresolved(f"unknown type or status: {line}")
    event: dict[str, Any] = {"type": kind, "mode": mode or None, "status": status}
    event |= {name: [] for name in FIELDS.values()} | dict.fromkeys(HARMS.values())
    for field in fields:
        letter, _, rest = field.partition(" ")
        items = [item.strip() for item in re.split(r";\s*(?=\d+:)", rest) if item.strip()]
        if letter in FIELDS:
            event[FIELDS[letter]] += [_span(item, text, sentences, line) for item in items]
        elif letter in HARMS and len(items) == 1:
            words, _, number = items[0].partition("=")
            event[HARMS[letter]] = {
                "span": _span(words, text, sentences, line),
                "best": int(number) if number else None,
            }
        else:
            raise Unresolved(f"unknown field or several numbers in '{field}': {line}")
    if not event["triggers"]:
        raise Unresolved(f"no words for the happening: {line}")
    return event


def _span(item: str, text: str, sentences: list[tuple[int, int]], line: str) -> list[int]:
    match = re.fullmatch(r"(\d+):(.+?)(?:#(\d+))?", item)
    if match is None or not 0 < int(match[1]) <= len(sentences):
        raise Unresolved(f"not 'sentence:words' in '{item}': {line}")
    start, end = sentences[int(match[1]) - 1]
    words = r"\s+".join(map(re.escape, match[2].split()))
    found = [m.span(1) for m in re.finditer(rf"(?<!\w)({words})(?!\w)", text[start:end])]
    which = int(match[3] or 1)
    if len(found) < which:
        raise Unresolved(f"sentence {match[1]} does not hold '{match[2]}' {which} times: {line}")
    return [start + found[which - 1][0], start + found[which - 1][1]]
