"""One story as JSON-LD: schema.org's NewsArticle, Claim and Event, W3C Web Annotation selectors, PROV for what made it.

The context stands in every graph, so that nothing has to be fetched to read one. Ids are `urn:dateline:` with the id
of the record behind it.
"""

from __future__ import annotations

import json
from collections.abc import Container, Sequence
from typing import Any
from urllib.parse import quote

from dateline.exports.coding import Coded, code, source_words
from dateline.exports.ontology import Ontology
from dateline.exports.story import ExportStory, words_at
from dateline.records import Actor, Claim, Id, Place, Span, Toll

_AROUND = 32  # characters of context on either side of a quoted selector
CONTEXT: dict[str, Any] = {
    "@vocab": "https://schema.org/",
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "dl": "urn:dateline:",
}
_MAKER = "dl:dateline"
_GEONAMES = "https://sws.geonames.org/"


def jsonld_line(story: ExportStory, ontology: Ontology, only: Container[Id] | None = None) -> str:
    """The graph of one story on one line."""
    return json.dumps(graph(story, ontology, only), ensure_ascii=False, separators=(",", ":"))


def graph(story: ExportStory, ontology: Ontology, only: Container[Id] | None = None) -> dict[str, Any]:
    """The story, its actors, claims and events, each claim and event annotating its words.

    only: the ids of the events that are wanted; all claims stay, for they are what others rest on.
    """
    article = _iri(story.story.id)
    nodes: list[dict[str, Any]] = [
        {"@id": _MAKER, "@type": "prov:SoftwareAgent", "name": "Dateline"},
        _article(story, article),
    ]
    nodes += [_actor(actor) for actor in story.actors]
    nodes += [_claim(story, claim, article) for claim in story.claims]
    nodes += [_event(story, one, article) for one in code(story, ontology, only) if not one.verbal]
    return {"@context": CONTEXT, "@graph": nodes}


def _article(story: ExportStory, article: str) -> dict[str, Any]:
    known = story.story
    return _filled(
        {
            "@id": article,
            "@type": "NewsArticle",
            "headline": words_at(story, (known.headline,)) if known.headline else None,
            "datePublished": known.published_at.isoformat() if known.published_at else None,
            "dateModified": known.updated_at.isoformat() if known.updated_at else None,
            "dateline": words_at(story, (known.dateline,)) if known.dateline else None,
            "publisher": {"@type": "NewsMediaOrganization", "name": story.outlet.name, "@id": _iri(story.outlet.id)}
            if story.outlet
            else None,
            "url": story.document.location,
        }
    )


def _actor(actor: Actor) -> dict[str, Any]:
    kind = {"person": "Person", "government": "GovernmentOrganization"}.get(actor.kind, "Organization")
    same = {"@id": f"http://www.wikidata.org/entity/{quote(actor.wikidata)}"} if actor.wikidata else None
    return _filled(
        {
            "@id": _iri(actor.id),
            "@type": kind,
            "name": actor.name,
            "alternateName": list(actor.aliases) or None,
            "sameAs": same,
            "dl:country": actor.country,
            "dl:sector": actor.sector,
        }
    )


def _claim(story: ExportStory, claim: Claim, article: str) -> dict[str, Any]:
    return _filled(
        {
            "@id": _iri(claim.id),
            "@type": "Claim",
            "text": words_at(story, claim.content),
            "author": [{"@id": _iri(ref.actor_id)} for ref in claim.source_actors] or None,
            "about": [{"@id": _iri(ref.actor_id)} for ref in claim.about] or None,
            "appearance": {"@id": article},
            "dl:act": claim.act,
            "dl:polarity": claim.polarity,
            "dl:addressee": [{"@id": _iri(ref.actor_id)} for ref in claim.addressees] or None,
            "dl:answers": {"@id": _iri(claim.answers)} if claim.answers else None,
            "oa:hasTarget": _targets(story, (*claim.source, *claim.cue, *claim.content), article),
            **_made_from(article),
        }
    )


def _event(story: ExportStory, one: Coded, article: str) -> dict[str, Any]:
    place = one.place[0] if one.place else None
    return _filled(
        {
            "@id": _iri(one.id),
            "@type": "Event",
            "name": words_at(story, one.trigger[:1]),
            "dl:type": one.type,
            "dl:mode": one.mode,
            "dl:status": one.status,
            "dl:standing": one.standing,
            "performer": [{"@id": _iri(party.id)} for party in one.actors] or None,
            "dl:recipient": [{"@id": _iri(party.id)} for party in one.recipients] or None,
            "startDate": one.earliest.isoformat() if one.earliest else None,
            "endDate": one.latest.isoformat() if one.latest else None,
            "location": _place(place) if place else None,
            "dl:toll": [_toll(story, toll) for toll in one.tolls] or None,
            "dl:assertedBy": [{"@id": _iri(voice.id)} for voice in one.asserted_by] or None,
            "dl:deniedBy": [{"@id": _iri(voice.id)} for voice in one.denied_by] or None,
            "oa:hasTarget": _targets(story, one.trigger, article),
            **_made_from(article),
        }
    )


def _place(place: Place) -> dict[str, Any]:
    number = place.id.removeprefix("geonames:")
    return _filled(
        {
            "@type": "Place",
            "@id": _iri(place.id),
            "name": place.name,
            "sameAs": {"@id": f"{_GEONAMES}{number}/"} if number != place.id and number.isdigit() else None,
            "dl:country": place.country,
            "geo": {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude},
        }
    )


def _toll(story: ExportStory, toll: Toll) -> dict[str, Any]:
    """A number with its voice; no voice where it is the outlet's own."""
    return _filled(
        {
            "dl:harm": toll.harm,
            "dl:best": toll.count.best,
            "dl:low": toll.count.low,
            "dl:high": toll.count.high,
            "dl:voice": source_words(story, toll.claim_id) or None,
            "dl:claim": {"@id": _iri(toll.claim_id)} if toll.claim_id else None,
        }
    )


def _made_from(article: str) -> dict[str, Any]:
    return {"prov:wasDerivedFrom": {"@id": article}, "prov:wasAttributedTo": {"@id": _MAKER}}


def _targets(story: ExportStory, spans: Sequence[Span], article: str) -> list[dict[str, Any]]:
    text = story.document.text
    return [
        {
            "oa:hasSource": {"@id": article},
            "oa:hasSelector": [
                {"@type": "oa:TextPositionSelector", "oa:start": span.start, "oa:end": span.end},
                {
                    "@type": "oa:TextQuoteSelector",
                    "oa:exact": text[span.start : span.end],
                    "oa:prefix": text[max(0, span.start - _AROUND) : span.start],
                    "oa:suffix": text[span.end : span.end + _AROUND],
                },
            ],
        }
        for span in spans
    ]


def _iri(name: str) -> str:
    """An id as an IRI: what an IRI may not hold (blanks, quotation marks in an outlet's name) is escaped."""
    return f"dl:{quote(name, safe=':', errors='replace')}"


def _filled(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value is not None}
