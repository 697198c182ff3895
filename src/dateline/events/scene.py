"""What is known of a story while its happenings are read: words, who and what may take part, who says what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from dateline.events.quantities import NumberWords, Quantity, find_quantities
from dateline.language.analysis import Analysis, Happenings, Stretch
from dateline.records import Actor, ActorRef, Claim, Id, Mention, Place, PlaceRef, Span, TimeRef, make_id

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]
Kind = Literal["actor", "place", "time", "instrument"]
# speech acts that judge what they name; who praises or condemns a deed takes it for granted
_JUDGING = frozenset(("condemn", "support", "express"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The records that the stages before this one took from the story.

    governments: country code -> its government, which a country's name may stand for where the story lets it take part.
    """

    mentions: tuple[Mention, ...] = ()
    actors: tuple[Actor, ...] = ()
    actor_refs: tuple[ActorRef, ...] = ()
    places: tuple[Place, ...] = ()
    place_refs: tuple[PlaceRef, ...] = ()
    times: tuple[TimeRef, ...] = ()
    claims: tuple[Claim, ...] = ()
    governments: Mapping[str, Actor] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """One mention of a participant. words: its tokens. head: the token that stands for it. mention: id, if it is
    one."""

    words: Stretch
    head: int
    mention: Id | None


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody, some place, some time or some means that may have a part in a happening, with all its mentions.

    key: id of the actor or place, of the mention for a time, the place in the text for a means.
    label: an actor's kind, a place's precision, how fine a time is: what tells participants of one kind apart.
    sector: an actor's. country: a place's. time: the reading of a time.
    """

    key: Id
    kind: Kind
    marks: tuple[Mark, ...]
    label: str = ""
    sector: str = ""
    country: str = ""
    time: TimeRef | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """One story. telling: token -> claims whose content it stands in, outermost first; asserting: those of them that
    say it rather than take it for granted. lent: mentions of countries that may stand for their governments, by id.
    """

    analysis: Analysis
    happenings: Happenings
    reading: Reading
    participants: tuple[Participant, ...]
    quantities: tuple[Quantity, ...]
    telling: tuple[tuple[int, ...], ...]
    asserting: tuple[tuple[int, ...], ...]
    speakers: frozenset[Id]
    lent: Mapping[Id, Mention]

    def sentence(self, token: int) -> int:
        """Number of the sentence of a token."""
        return self.analysis.tokens[token].sentence


def set_scene(analysis: Analysis, happenings: Happenings, reading: Reading, numbers: NumberWords) -> Scene:
    """Gather who and what may take part, and see which words stand in whose claims."""
    telling = _telling(analysis, reading.claims)
    marks = _marks(analysis, reading.mentions)
    lent = dict(_countries_that_may_act(analysis, reading, marks))
    return Scene(
        analysis,
        happenings,
        reading,
        tuple(_participants(analysis, reading, marks, lent)),
        find_quantities(analysis.tokens, numbers),
        telling,
        _asserting(analysis, reading.claims, telling),
        frozenset(ref.actor_id for claim in reading.claims for ref in claim.source_actors),
        {mark.mention: mention for mark, _, mention in lent.values() if mark.mention},
    )


def _countries_that_may_act(
    analysis: Analysis, reading: Reading, marks: Mapping[Id, Mark]
) -> Iterator[tuple[Id, tuple[Mark, Actor, Mention]]]:
    """Mentions of countries that no actor's mention covers: "sent arms to Pakistan", "a request of Yemen's".

    The name of a country inside somebody's name or description ("the Yemeni minister") is not another actor, but for
    one that is joined to it ("Jordan and Britain").
    """
    taken: set[int] = set()
    for ref in reading.actor_refs:
        mark = marks.get(ref.mention_id)
        if mark is not None:
            within = range(mark.words.first, mark.words.last)
            taken.update(at for at in within if at == mark.head or analysis.tokens[at].deprel != "conj")
    countries = {place.id: place.country for place in reading.places}
    mentions = {mention.id: mention for mention in reading.mentions}
    for place in reading.place_refs:
        mark, government = marks.get(place.mention_id), reading.governments.get(countries.get(place.place_id, ""))
        if mark is None or government is None or place.exactness != "country" or mark.head in taken:
            continue
        named = mentions[place.mention_id]
        id_ = make_id("mention", named.story_id, "actor", named.span.start, named.span.end)
        lent = replace(named, id=id_, kind="actor", chain=None)
        yield place.mention_id, (replace(mark, mention=id_), government, lent)


def _participants(
    analysis: Analysis,
    reading: Reading,
    marks: Mapping[Id, Mark],
    lent: Mapping[Id, tuple[Mark, Actor, Mention]],
) -> list[Participant]:
    known: dict[Id, Actor] = {government.id: government for _, government, _ in lent.values()}
    known |= {actor.id: actor for actor in reading.actors}
    found: list[Participant] = []
    chains: dict[Id, list[Mark]] = {}
    for ref in reading.actor_refs:
        if ref.mention_id in marks:
            chains.setdefault(ref.actor_id, []).append(marks[ref.mention_id])
    for mark, government, _ in lent.values():
        chains.setdefault(government.id, []).append(mark)
    found += [
        Participant(
            key, "actor", tuple(sorted(chain, key=lambda mark: mark.head)), known[key].kind, known[key].sector or ""
        )
        for key, chain in chains.items()
    ]
    places: dict[Id, list[Mark]] = {}
    exact: dict[Id, str] = {}
    for place in reading.place_refs:
        if place.mention_id in marks:
            places.setdefault(place.place_id, []).append(marks[place.mention_id])
            exact[place.place_id] = place.exactness or ""
    lands = {place.id: place.country for place in reading.places}
    found += [
        Participant(key, "place", tuple(chain), exact[key], country=lands.get(key, "")) for key, chain in places.items()
    ]
    for time in reading.times:
        if time.mention_id is not None and time.mention_id in marks:
            found.append(Participant(time.mention_id, "time", (marks[time.mention_id],), _fineness(time), time=time))
    for phrase in analysis.phrases:
        if phrase.type == "weapon" and analysis.tokens[phrase.head].upos in ("NOUN", "PROPN", "NUM"):
            found.append(Participant(f"token:{phrase.head}", "instrument", (Mark(phrase.tokens, phrase.head, None),)))
    return found


def _fineness(time: TimeRef) -> str:
    if time.earliest is None or time.latest is None:
        return "open"
    days = (time.latest - time.earliest).days
    return "day" if days < 2 else "month" if days < 32 else "year"


def _marks(analysis: Analysis, mentions: Sequence[Mention]) -> dict[Id, Mark]:
    starts = {token.span.start: number for number, token in enumerate(analysis.tokens)}
    ends = {token.span.end: number + 1 for number, token in enumerate(analysis.tokens)}
    marks = {}
    for mention in mentions:
        first, last = starts.get(mention.span.start), ends.get(mention.span.end)
        head = starts.get(mention.head.start)
        if first is not None and last is not None and first < last:
            marks[mention.id] = Mark(Stretch(first, last), head if head is not None else last - 1, mention.id)
    return marks


def _telling(analysis: Analysis, claims: Sequence[Claim]) -> tuple[tuple[int, ...], ...]:
    """For each token, the claims whose content covers it, widest first."""
    covers: list[list[tuple[int, int]]] = [[] for _ in analysis.tokens]
    starts = np.array([token.span.start for token in analysis.tokens])
    for number, claim in enumerate(claims):
        width = sum(part.end - part.start for part in claim.content)
        for part in claim.content:
            first, last = np.searchsorted(starts, [part.start, part.end])
            for position in range(int(first), int(last)):
                covers[position].append((-width, number))
    return tuple(tuple(dict.fromkeys(number for _, number in sorted(cover))) for cover in covers)


def _asserting(
    analysis: Analysis, claims: Sequence[Claim], telling: Sequence[tuple[int, ...]]
) -> tuple[tuple[int, ...], ...]:
    granted = {number for number, claim in enumerate(claims) if _takes_for_granted(analysis, claim)}
    return tuple(tuple(number for number in told if number not in granted) for told in telling)


def _takes_for_granted(analysis: Analysis, claim: Claim) -> bool:
    """Whether a claim names what it is about instead of saying that it was so: "condemned the killing of three men"."""
    if claim.act not in _JUDGING or claim.quotation == "direct":
        return False
    inside = [
        number
        for number, token in enumerate(analysis.tokens)
        if any(part.start <= token.span.start < part.end for part in claim.content)
    ]
    tokens, own = analysis.tokens, set(inside)
    tops = (tokens[at] for at in inside if tokens[at].head not in own or tokens[at].head == at)
    top = next((token for token in tops if token.upos != "PUNCT"), None)
    return top is not None and top.upos in ("NOUN", "PROPN")


def overlaps(one: Span, other: Span) -> bool:
    """Whether two spans share a code point."""
    return one.start < other.end and other.start < one.end
