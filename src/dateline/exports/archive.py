"""Events of an archive as a plain table, one row each: for spreadsheets, R, pandas, DuckDB.

The columns are typed and named in one place, which is also the data dictionary that lies beside an export.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from dateline.exports.story import ExportStory, words_at
from dateline.exports.tables import write_row
from dateline.records import Actor, ActorRef, Claim, Count, Event, Id
from dateline.standing import asserted_by, denied_by, standing

Type = Literal["text", "day", "integer", "number", "flag"]


@dataclass(frozen=True, slots=True)
class Column:
    """name, what is in it, and what a cell means. An empty cell: the story does not say."""

    name: str
    type: Type
    meaning: str


COLUMNS = (
    Column("event_id", "text", "the event; the same on every run over the same text"),
    Column("story_id", "text", "the story that reports it; one happening has an event in every story about it"),
    Column("day", "day", "the day under which it counts: its first, else its last, else that of the story"),
    Column("earliest", "day", "first day it can have been"),
    Column("latest", "day", "last day it can have been"),
    Column("type", "text", "PLOVER 2.0 type, or HAZARD, CIVIC"),
    Column("modes", "text", "modes of the type, joined by '; '"),
    Column("contexts", "text", "contexts, joined by '; '"),
    Column("status", "text", "happened, ongoing, planned or hypothetical"),
    Column("standing", "text", "reported, claimed, accused, admitted, disputed or denied: whose word it is"),
    Column("asserted_by", "text", "who holds it to be so, joined by '; '; the outlet by its name or id"),
    Column("denied_by", "text", "who holds it, or a part of it, not to be so"),
    Column("actors", "text", "who did it, joined by '; '"),
    Column("actor_codes", "text", "country and sector of each actor, '?' where unknown: 'PAK MIL; ? REB'"),
    Column("recipients", "text", "to whom it was done"),
    Column("recipient_codes", "text", "country and sector of each recipient"),
    Column("place", "text", "the first place"),
    Column("place_id", "text", "its id, mostly of GeoNames"),
    Column("country", "text", "its country, ISO 3166-1 alpha-3"),
    Column("admin1", "text", "its first-level region"),
    Column("latitude", "number", "degrees, WGS 84"),
    Column("longitude", "number", "degrees, WGS 84"),
    Column("place_precision", "integer", "1 the place itself, 2 its vicinity, 3 only its region or country"),
    Column("killed", "integer", "the number shown first: the writer's, else the latest in the text"),
    Column("killed_low", "integer", "its lower bound"),
    Column("killed_high", "integer", "its upper bound"),
    Column("injured", "integer", "as killed"),
    Column("detained", "integer", "as killed"),
    Column("missing", "integer", "as killed"),
    Column("tolls", "text", "every number that the story gives, with whose it is: 'killed 3 (police)'"),
    Column("words", "text", "the words that name it most plainly"),
    Column("headline", "text", "of the story"),
    Column("outlet", "text", "who published the story"),
    Column("published", "day", "the day the story was published"),
    Column("location", "text", "where the story came from"),
    Column("corrected", "flag", "whether people have corrected it"),
)


def event_rows(
    story: ExportStory, *, only: frozenset[Id] | None = None, days: dict[Id, dt.date | None], corrected: frozenset[Id]
) -> Iterator[tuple[Any, ...]]:
    """The events of a story as rows of COLUMNS, in the order of the text.

    only: those that are wanted. days: the day of each. corrected: those that people have corrected.
    """
    for event in sorted(story.events, key=lambda each: each.trigger):
        if only is None or event.id in only:
            yield tuple(_cells(story, event, days.get(event.id), event.id in corrected).values())


def csv_header() -> str:
    return write_row([column.name for column in COLUMNS], ",")


def csv_line(row: tuple[Any, ...]) -> str:
    """A row for spreadsheets: no cell runs as a formula, none breaks its line."""
    return write_row([_plain(cell) for cell in row], ",")


def dictionary() -> str:
    """The columns explained, as a table of its own."""
    lines = [write_row(["column", "type", "meaning"], ",")]
    lines += [write_row([column.name, column.type, column.meaning], ",") for column in COLUMNS]
    return "".join(lines)


def _cells(story: ExportStory, event: Event, day: dt.date | None, corrected: bool) -> dict[str, Any]:
    actors = {actor.id: actor for actor in story.actors}
    claims = {claim.id: claim for claim in story.claims}
    place, precision = _place(story, event)
    loss = {harm: getattr(event.casualties, harm, None) for harm in ("killed", "injured", "detained", "missing")}
    published = story.story.published_at
    return {
        "event_id": event.id,
        "story_id": story.story.id,
        "day": day,
        "earliest": event.time.earliest if event.time else None,
        "latest": event.time.latest if event.time else None,
        "type": event.type,
        "modes": "; ".join(event.modes),
        "contexts": "; ".join(event.contexts),
        "status": event.status,
        "standing": standing(event, story.claims),
        "asserted_by": _voices(story, asserted_by(event), actors),
        "denied_by": _voices(story, denied_by(event), actors),
        "actors": "; ".join(each.name for each in _actors(event.actors, actors)),
        "actor_codes": "; ".join(map(_codes, _actors(event.actors, actors))),
        "recipients": "; ".join(each.name for each in _actors(event.recipients, actors)),
        "recipient_codes": "; ".join(map(_codes, _actors(event.recipients, actors))),
        "place": place.name if place else "",
        "place_id": place.id if place else "",
        "country": place.country if place else "",
        "admin1": (place.admin1 or "") if place else "",
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "place_precision": precision,
        "killed": _number(loss["killed"]),
        "killed_low": loss["killed"].low if loss["killed"] else None,
        "killed_high": loss["killed"].high if loss["killed"] else None,
        "injured": _number(loss["injured"]),
        "detained": _number(loss["detained"]),
        "missing": _number(loss["missing"]),
        "tolls": "; ".join(
            _toll(story, toll.harm, toll.count, claims.get(toll.claim_id or "")) for toll in event.tolls
        ),
        "words": words_at(story, (event.trigger,)),
        "headline": words_at(story, (story.story.headline,)) if story.story.headline else "",
        "outlet": _outlet(story),
        "published": published.date() if isinstance(published, dt.datetime) else published,
        "location": story.document.location,
        "corrected": corrected,
    }


def _actors(refs: tuple[ActorRef, ...], known: dict[Id, Actor]) -> list[Actor]:
    """Who is meant, each once."""
    return [known[name] for name in dict.fromkeys(ref.actor_id for ref in refs) if name in known]


def _codes(actor: Actor) -> str:
    return f"{actor.country or '?'} {actor.sector or '?'}"


def _place(story: ExportStory, event: Event) -> tuple[Any, int | None]:
    known = {place.id: place for place in story.places}
    return next(((known[ref.place_id], ref.precision) for ref in event.places if ref.place_id in known), (None, None))


def _number(count: Count | None) -> int | None:
    if count is None:
        return None
    return count.best if count.best is not None else count.low


def _toll(story: ExportStory, harm: str, count: Count, claim: Claim | None) -> str:
    low, high = ("?" if bound is None else bound for bound in (count.low, count.high))
    number = count.best if count.best is not None else f"{low} to {high}"
    voice = (words_at(story, claim.source) or "a source") if claim else ""
    return f"{harm} {number}" + (f" ({voice})" if voice else "")


def _voices(story: ExportStory, ids: tuple[Id, ...], actors: dict[Id, Actor]) -> str:
    return "; ".join(
        dict.fromkeys(actors[one].name if one in actors else _outlet(story) or "the outlet" for one in ids)
    )


def _outlet(story: ExportStory) -> str:
    return story.outlet.name if story.outlet else story.story.outlet_id or ""


def _plain(cell: Any) -> Any:
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return ("yes" if cell else "no") if isinstance(cell, bool) else cell
