"""PLOVER events as JSON lines and as GeoJSON, every one with its words and its voices."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from typing import Any

from dateline.exports.coding import Coded, Party, Voice, code, source_words
from dateline.exports.ontology import Ontology
from dateline.exports.story import ExportStory, words_at
from dateline.records import Count, Id, Span


def plover_lines(story: ExportStory, ontology: Ontology, only: Container[Id] | None = None) -> Iterator[str]:
    """One line for each event of a story, without line breaks. only: as in `coding.code`."""
    for one in code(story, ontology, only):
        yield json.dumps(plover_row(story, one, ontology), ensure_ascii=False, separators=(",", ":"))


def plover_row(story: ExportStory, one: Coded, ontology: Ontology) -> dict[str, Any]:
    """One event as a dictionary; docs/reference/exports.md tells its fields."""
    known = ontology.types.get(one.type)
    return {
        "location": story.document.location,
        "id": one.id,
        "story": story.story.id,
        "event": one.type,
        "mode": one.mode,
        "modes": list(one.modes),
        "contexts": list(one.contexts),
        "quad": known.quad if known else None,
        "score": ontology.score(one.type, one.mode),
        "actor": [_party(party) for party in one.actors],
        "recipient": [_party(party) for party in one.recipients],
        "date": one.date.isoformat() if one.date else None,
        "earliest": one.earliest.isoformat() if one.earliest else None,
        "latest": one.latest.isoformat() if one.latest else None,
        "place": _place(one),
        "instruments": list(one.instruments),
        "tolls": [
            {
                "harm": toll.harm, **_count(toll.count),
                "spans": [_span(toll.span)] if toll.span else [],
                "voice": source_words(story, toll.claim_id) or None,
            }
            for toll in one.tolls
        ],
        "status": one.status,
        "standing": one.standing,
        "asserted_by": [_voice(voice) for voice in one.asserted_by],
        "denied_by": [_voice(voice) for voice in one.denied_by],
        "verbal": one.verbal,
        "text": words_at(story, one.trigger[:1]),
        "spans": [_span(span) for span in one.trigger],
        "outlet": story.story.outlet_id,
        "published_at": story.story.published_at.isoformat() if story.story.published_at else None,
    }  # fmt: skip


def feature(story: ExportStory, one: Coded, ontology: Ontology) -> dict[str, Any] | None:
    """One event as a GeoJSON feature (RFC 7946, longitude first); None where it has no place."""
    if one.place is None:
        return None
    place = one.place[0]
    return {
        "type": "Feature",
        "id": one.id,
        "geometry": {"type": "Point", "coordinates": [place.longitude, place.latitude]},
        "properties": plover_row(story, one, ontology),
    }


def features(story: ExportStory, ontology: Ontology, only: Container[Id] | None = None) -> Iterator[str | None]:
    """The features of a story, each as text; None for an event without a place. only: as in `coding.code`."""
    for one in code(story, ontology, only):
        found = feature(story, one, ontology)
        yield None if found is None else json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _party(party: Party) -> dict[str, Any]:
    return {
        "code": party.code,
        "sector": party.sector,
        "text": party.text,
        "name": party.name,
        "spans": [_span(span) for span in party.spans],
    }


def _place(one: Coded) -> dict[str, Any] | None:
    if one.place is None:
        return None
    place, ref = one.place
    return {
        "id": place.id,
        "name": place.name,
        "country": place.country,
        "admin1": place.admin1,
        "admin2": place.admin2,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "relation": ref.relation,
        "precision": ref.precision,
        "radius_km": ref.radius_km,
    }


def _voice(voice: Voice) -> dict[str, Any]:
    return {"name": voice.name, "id": voice.id, "of": voice.field, "says": voice.says}


def _count(count: Count) -> dict[str, Any]:
    return {"best": count.best, "low": count.low, "high": count.high}


def _span(span: Span) -> list[int]:
    return [span.start, span.end]
