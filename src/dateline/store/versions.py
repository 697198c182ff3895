"""A story whose words changed at the same address is a new version: what became of each event and claim.

Only words of the story count, headline, summary and body. What a page has around them ("Read more", another
advertisement) makes no version; neither does another line break or space.

Two stories at one address need not be versions of each other: a page of the latest news has another story every day. A
version shares at least a fifth of its runs of three words with the one before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from dateline.records import ActorRef, Claim, Count, Document, Event, Id, Span, StoryRecords
from dateline.standing import standing
from dateline.store.kept import Change

SAME_STORY = 0.2  # of the shorter one's runs of three words. Chosen, not tuned: rewritten leads share far more
SAME_CLAIM = 0.5  # of the different words of two contents
AROUND = 120  # characters on either side of a trigger that tell which happening it names ...
SAME_AROUND = 0.25  # ... and how many of the different words there two versions share

_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|ref_src", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_NOT_AN_ADDRESS = re.compile(r"(?!https?://)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """A story with the text it stands in."""

    document: Document
    records: StoryRecords

    def words(self, spans: Iterable[Span | None]) -> str:
        """The words at some spans, with single spaces."""
        pieces = (self.document.text[span.start : span.end] for span in spans if span)
        return " ".join(" ".join(pieces).split())


def canonical(address: str) -> str:
    """An address without what does not tell pages apart: scheme, "www.", fragment, tracking. A path stays as it is.

    >>> canonical("http://www.Lantern.example/a?utm_source=x&id=7#top")
    'https://lantern.example/a?id=7'
    """
    if _NOT_AN_ADDRESS.match(address):
        return address
    try:
        parts = urlsplit(address)
    except ValueError:  # "http://[": not an address after all
        return address
    query = [(name, value) for name, value in parse_qsl(parts.query, True) if not _TRACKING.fullmatch(name)]
    host = parts.netloc.lower().removeprefix("www.").removesuffix(":80").removesuffix(":443")
    return urlunsplit(("https", host, parts.path.rstrip("/"), urlencode(query), ""))


def story_words(told: Told) -> str:
    """All words of the story itself, in one line."""
    story = told.records.story
    return told.words((story.headline, *story.summary, *story.body))


def same_story(earlier: str, later: str) -> bool:
    """Whether two texts, as `story_words` gives them, are versions of one story."""
    return _overlap(_runs(earlier), _runs(later)) >= SAME_STORY


def align(earlier: Told, later: Told) -> Iterator[Change]:
    """What became of every event and claim: kept, revised field by field, withdrawn; and which are new."""
    yield from _aligned(earlier, later, "event", earlier.records.events, later.records.events, _EVENTS)
    yield from _aligned(earlier, later, "claim", earlier.records.claims, later.records.claims, _CLAIMS)


@dataclass(frozen=True, slots=True)
class _Kind:
    """likeness: of two records, from 0; at least `least` makes them one. view: the fields that can be revised."""

    likeness: Callable[[Any, Any], float]
    least: float
    portrait: Callable[[Told, Any], Any]
    view: Callable[[Told, Any], Mapping[str, Any]]


def _aligned(
    earlier: Told, later: Told, kind: Literal["event", "claim"], before: Sequence[Any], after: Sequence[Any], how: _Kind
) -> Iterator[Change]:
    ids: dict[str, Any] = {
        "story_id": later.records.story.id, "earlier_story_id": earlier.records.story.id, "kind": kind
    }  # fmt: skip
    pairs = _pairs([how.portrait(earlier, each) for each in before], [how.portrait(later, each) for each in after], how)
    for old, record in enumerate(before):
        if old not in pairs:
            yield Change(change="withdrawn", earlier_id=record.id, later_id=None, **ids)
            continue
        match = after[pairs[old]]
        was, now = how.view(earlier, record), how.view(later, match)
        revised = [field for field in was if was[field] != now[field]]
        if not revised:
            yield Change(change="kept", earlier_id=record.id, later_id=match.id, **ids)
        for field in revised:
            yield Change(
                change="revised", earlier_id=record.id, later_id=match.id,
                field=field, earlier=was[field], later=now[field], **ids,
            )  # fmt: skip
    for new in sorted(set(range(len(after))) - set(pairs.values())):
        yield Change(change="new", earlier_id=None, later_id=after[new].id, **ids)


def _pairs(before: Sequence[Any], after: Sequence[Any], how: _Kind) -> dict[int, int]:
    """Which goes with which, the likest pairs first, each once; of equals those that come first in both texts."""
    likeness = [
        (-score, old, new)
        for old, one in enumerate(before)
        for new, other in enumerate(after)
        if (score := how.likeness(one, other)) >= how.least
    ]
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, old, new in sorted(likeness):
        if old not in pairs and new not in taken:
            pairs[old] = new
            taken.add(new)
    return pairs


# ---------------------------------------------------------------- events


@dataclass(frozen=True, slots=True)
class _EventPortrait:
    type: str
    trigger: str
    around: frozenset[str]


def _event_portrait(told: Told, event: Event) -> _EventPortrait:
    span = event.trigger
    around = told.document.text[max(0, span.start - AROUND) : span.end + AROUND]
    return _EventPortrait(event.type, told.words([span]).casefold(), _bag(around))


def _event_likeness(one: _EventPortrait, other: _EventPortrait) -> float:
    """Up to 3: for the type, for the word, for the words around. One of the first two must be the same."""
    same = (one.type == other.type) + (one.trigger == other.trigger)
    around = _jaccard(one.around, other.around)
    return same + around if same and around >= SAME_AROUND else 0.0


def _event_view(told: Told, event: Event) -> dict[str, Any]:
    time = event.time
    return {
        "type": event.type,
        "status": event.status,
        "standing": standing(event, told.records.claims),
        "modes": sorted(event.modes),
        "actors": _who(told, event.actors),
        "recipients": _who(told, event.recipients),
        "places": sorted({ref.place_id for ref in event.places}),
        "time": [_day(time.earliest), _day(time.latest)] if time else None,
        **{
            harm: _number(getattr(event.casualties, harm, None))
            for harm in ("killed", "injured", "missing", "detained")
        },
    }


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _number(count: Count | None) -> int | list[int | None] | None:
    """What is reported: 5, or its bounds where they are apart: [3, None] for "at least three"."""
    if count is None:
        return None
    return count.best if count.low == count.high else [count.low, count.high]


# ---------------------------------------------------------------- claims


@dataclass(frozen=True, slots=True)
class _ClaimPortrait:
    content: frozenset[str]
    source: frozenset[str]


def _claim_portrait(told: Told, claim: Claim) -> _ClaimPortrait:
    return _ClaimPortrait(_bag(told.words(claim.content)), _bag(told.words(claim.source)))


def _claim_likeness(one: _ClaimPortrait, other: _ClaimPortrait) -> float:
    """Of what is said; who says it only settles which of two like ones it is."""
    same = _jaccard(one.content, other.content)
    return same and same + 0.1 * _jaccard(one.source, other.source)


def _claim_view(told: Told, claim: Claim) -> dict[str, Any]:
    return {
        "source": told.words(claim.source),
        "content": told.words(claim.content),
        "act": claim.act,
        "quotation": claim.quotation,
        "polarity": claim.polarity,
        "source_actors": _who(told, claim.source_actors),
        "about": _who(told, claim.about),
    }


_EVENTS = _Kind(_event_likeness, 1 + SAME_AROUND, _event_portrait, _event_view)
_CLAIMS = _Kind(_claim_likeness, SAME_CLAIM, _claim_portrait, _claim_view)

# ---------------------------------------------------------------- words


def _who(told: Told, refs: Iterable[ActorRef]) -> list[str]:
    """Actors by name: the ids of those that no register knows are other ones in every version."""
    names: dict[Id, str] = {actor.id: actor.name for actor in told.records.actors}
    return sorted({names.get(ref.actor_id, ref.actor_id) for ref in refs})


def _runs(words: str) -> frozenset[str]:
    found = _WORD.findall(words.casefold())
    return frozenset(f"{a} {b} {c}" for (a, b), (_, c) in pairwise(pairwise(found))) or frozenset(found)


def _bag(words: str) -> frozenset[str]:
    return frozenset(_WORD.findall(words.casefold()))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0
