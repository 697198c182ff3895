"""Ties names of places to the gazetteer: which place is meant, how the story stands to it, how exact that is.

    gazetteer, lexicons = open_gazetteer(), load_place_lexicons()
    found = resolve_places(document, story, analysis, mentions, gazetteer=gazetteer, lexicons=lexicons)

See README.md in this folder for the sources followed, the file of the gazetteer and the scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from dateline.grounding.places import ranking
from dateline.grounding.places.context import home_of, links_of, relation_before
from dateline.grounding.places.gazetteer import Gazetteer, open_gazetteer
from dateline.grounding.places.lexicons import PlaceLexicons, load_place_lexicons
from dateline.grounding.places.precision import CODES, Precision, kind_of, precision_of
from dateline.grounding.places.toponyms import Names, Toponym, find_names
from dateline.language.analysis import Analysis
from dateline.records import Document, Evidence, Id, Mention, Outlet, Place, PlaceRef, Span, Story, make_id

__all__ = [
    "FoundPlaces",
    "Gazetteer",
    "PlaceLexicons",
    "Precision",
    "UnresolvedPlace",
    "load_place_lexicons",
    "open_gazetteer",
    "precision_of",
    "resolve_places",
]

Reason = Literal["no name", "not in the gazetteer", "several places are as likely"]
_SURE = 0.2  # below this probability the best candidate is no answer: of such answers two in three were wrong
_SAME_KM = 50  # a town, its district and its province are the same answer, as far as being sure of it goes


@dataclass(frozen=True, slots=True, kw_only=True)
class UnresolvedPlace:
    """A mention of kind place without a place, and why: it is no name ("the hospital"), its name is unknown, or too
    many places share it. candidates: what it may be, the likeliest first."""

    mention_id: Id
    reason: Reason
    candidates: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPlaces:
    """What was found in one story.

    mentions: all of the story's, ours of kind place among them. place_refs: in text order; precisions and confidences
    belong to them one by one. places: each once, in the order of their first reference.
    """

    mentions: tuple[Mention, ...]
    places: tuple[Place, ...]
    place_refs: tuple[PlaceRef, ...]
    precisions: tuple[Precision, ...]
    confidences: tuple[float, ...]
    unresolved: tuple[UnresolvedPlace, ...]

    def countries(self) -> dict[Span, str]:
        """The country of the place that words were resolved to, by their span; places of no one country are left
        out."""
        spans = {mention.id: mention.span for mention in self.mentions}
        country = {place.id: place.country for place in self.places}
        return {spans[ref.mention_id]: country[ref.place_id] for ref in self.place_refs if country[ref.place_id]}


@dataclass(frozen=True, slots=True)
class _Answer:
    row: int
    confidence: float
    others: tuple[int, ...]  # the next best rows


def resolve_places(
    document: Document,
    story: Story,
    analysis: Analysis,
    mentions: Sequence[Mention],
    *,
    gazetteer: Gazetteer,
    lexicons: PlaceLexicons,
    outlet: Outlet | None = None,
) -> FoundPlaces:
    """Find the places of headline, summary, body and dateline, and decide for each name which place it is.

    The same name is the same place throughout a story. A name that stands for a government or a team keeps its place:
    what it stands for is said by its ActorRef. Adjectives of nationality count only inside what the tagger calls a
    place.
    """
    names = find_names(analysis, story, mentions, gazetteer=gazetteer, lexicons=lexicons)
    toponyms, answers = _decide(document, names, gazetteer=gazetteer, lexicons=lexicons, outlet=outlet)
    for key in {each.key for each in toponyms if relation_before(document.text, each.span.start, lexicons) == "near"}:
        answers[key] = _town_of(answers[key], gazetteer)
    read: dict[Id, tuple[Mention, PlaceRef, Precision, float]] = {}
    unresolved = [
        UnresolvedPlace(mention_id=mention.id, reason="not in the gazetteer" if mention.form == "name" else "no name")
        for mention in names.unknown
    ]
    places: dict[int, Place] = {}
    for toponym, mention in _pinned(toponyms, story):
        answer = answers[toponym.key]
        if answer.confidence < _SURE:
            likely = tuple(gazetteer.place(row) for row in (answer.row, *answer.others))
            unresolved.append(
                UnresolvedPlace(mention_id=mention.id, reason="several places are as likely", candidates=likely)
            )
            continue
        place = places.setdefault(answer.row, gazetteer.place(answer.row))
        ref, precision = _reference(document, toponym, mention, place, lexicons, gazetteer.radius_of(answer.row))
        belief = round(answer.confidence, 3)
        why = Evidence(field="place_id", spans=(toponym.span,), method="model:places", confidence=belief)
        ref = replace(ref, exactness=precision.kind, radius_km=precision.radius_km, evidence=(why,))
        read[mention.id] = (mention, ref, precision, answer.confidence)
    refs = sorted(read.values(), key=lambda each: (each[0].span.start, -each[0].span.end))
    known = {mention.id for mention in mentions}
    ours = {mention.id: mention for _, mention in _pinned(toponyms, story) if mention.id not in known}
    return FoundPlaces(
        mentions=tuple(sorted((*mentions, *ours.values()), key=lambda each: (each.span.start, -each.span.end))),
        places=tuple({place.id: place for place in places.values()}.values()),
        place_refs=tuple(ref for _, ref, _, _ in refs),
        precisions=tuple(precision for _, _, precision, _ in refs),
        confidences=tuple(round(confidence, 3) for _, _, _, confidence in refs),
        unresolved=tuple(unresolved),
    )


def _decide(
    document: Document, names: Names, *, gazetteer: Gazetteer, lexicons: PlaceLexicons, outlet: Outlet | None
) -> tuple[list[Toponym], dict[str, _Answer]]:
    """The toponyms that are taken for places, and the answer for each name."""
    if not names.toponyms:
        return [], {}
    weights = lexicons.weights
    alpha2_of = {country.alpha3: country.alpha2 for country in gazetteer.countries}
    choices = ranking.list_choices(
        names, gazetteer=gazetteer, weights=weights["prior"], home=home_of(outlet, alpha2_of)
    )
    certain = {each.key for each in names.toponyms if is_certain(each)}
    standing = dict.fromkeys(choices.keys, 0.0) | dict.fromkeys(certain, 1.0)
    taken: list[Toponym] = []
    for toponym in names.toponyms:
        if is_certain(toponym):
            taken.append(toponym)
            continue
        odds = ranking.offer_score(ranking.offer_signs(toponym, choices, certain), weights["offer"])
        standing[toponym.key] = max(standing[toponym.key], float(1 / (1 + np.exp(-odds))))
        if odds > 0:
            taken.append(toponym)
    belief = ranking.weigh(
        choices, names, weights, standing=np.array([standing[key] for key in choices.keys]),
        links=links_of(document.text, names.toponyms, choices.keys), gazetteer=gazetteer,
    )  # fmt: skip
    answers = {}
    ends = [*choices.starts[1:].tolist(), len(choices.rows)]
    for key, start, end in zip(choices.keys, choices.starts.tolist(), ends, strict=True):
        order = (start + np.argsort(-belief[start:end], kind="stable")).tolist()
        rows = choices.rows[order].tolist()
        near = choices.vectors[order] @ choices.vectors[order[0]] > np.cos(_SAME_KM / 6371)
        answers[key] = _Answer(rows[0], min(1.0, float(belief[order] @ near)), tuple(rows[1:3]))
    return taken, answers


def _town_of(answer: _Answer, gazetteer: Gazetteer) -> _Answer:
    """Where something is said to be near a name that a province and its town share, the town is meant."""
    if not gazetteer.feature_of(answer.row).startswith("ADM"):
        return answer
    country, name = gazetteer.country_of(answer.row), gazetteer.name(answer.row)
    for row in answer.others:
        is_town = gazetteer.feature_of(row).startswith("PPL")
        if is_town and gazetteer.country_of(row) == country and gazetteer.name(row) == name:
            return _Answer(row, answer.confidence, (answer.row,))
    return answer


def is_certain(toponym: Toponym) -> bool:
    """Whether the tagger or the dateline says that these words are a place."""
    return toponym.mention is not None or "dateline" in toponym.signs


def _pinned(toponyms: Sequence[Toponym], story: Story) -> list[tuple[Toponym, Mention]]:
    """Each toponym with the mention it is read for: the tagger's for the heading name in it, else one of ours.

    "Paris, Texas" may be one mention of the tagger's; then it is read as Paris, and Texas gets a mention of its own.
    """
    heading: dict[Id, Toponym] = {}
    for each in toponyms:
        if each.mention is not None:
            best = heading.get(each.mention.id)
            if best is None or (_is_head(each, each.mention) and not _is_head(best, each.mention)):
                heading[each.mention.id] = each
    pinned = []
    for each in toponyms:
        if each.mention is not None and heading[each.mention.id] is each:
            pinned.append((each, each.mention))
        else:
            pinned.append((each, _mention(story, each.span)))
    return pinned


def _is_head(toponym: Toponym, mention: Mention) -> bool:
    return toponym.span.start <= mention.head.start < toponym.span.end


def _mention(story: Story, span: Span) -> Mention:
    return Mention(
        id=make_id("mention", story.id, "place", span.start, span.end),
        story_id=story.id,
        span=span,
        head=span,
        kind="place",
        form="name",
    )


def _reference(
    document: Document, toponym: Toponym, mention: Mention, place: Place, lexicons: PlaceLexicons, radius: int | None
) -> tuple[PlaceRef, Precision]:
    """The reference and its precision. Words of the mention besides the name ("Kabul airport") make it the vicinity."""
    start = min(mention.span.start, toponym.span.start)
    relation = relation_before(document.text, toponym.span.start, lexicons)
    if relation == "in":
        relation = relation_before(document.text, start, lexicons)
    kind, _ = kind_of(place.feature_code, lexicons)
    level = CODES[kind][0]
    more = mention.span != toponym.span and _says_more(document, toponym, mention, lexicons)
    if level == 1 and (more or relation in ("near", "across")):
        level = 2
    ref = PlaceRef(place_id=place.id, mention_id=mention.id, relation=relation, precision=level)
    return ref, precision_of(place, ref, lexicons=lexicons, radius_km=radius)


def _says_more(document: Document, toponym: Toponym, mention: Mention, lexicons: PlaceLexicons) -> bool:
    """Whether the mention names something at or around the place and not the place itself: "Kabul airport"."""
    rest = document.text[mention.span.start : toponym.span.start] + document.text[toponym.span.end : mention.span.end]
    words = {word.strip(",.'’") for word in rest.lower().split()}
    plain = {"the", "of", "city", "town", "village", "capital", "s", "", "in"}
    return bool({word for word in words if not word[:1].isupper()} - plain) and "," not in rest
