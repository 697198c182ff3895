"""What a store answers, as people and programs read it: events, claims and changes as tables, JSON lines and CSV."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from dateline.exports.ontology import Ontology
from dateline.exports.tables import write_row
from dateline.faces import grid
from dateline.faces.grid import Column
from dateline.faces.screen import Style
from dateline.records import Actor, ActorRef, Claim, Event, Id
from dateline.standing import standing

if TYPE_CHECKING:
    from dateline.store import Change
    from dateline.store.queries import Found

EVENTS = (
    Column("DAY", 10), Column("TYPE", 20), Column("STANDING", 8), Column("KILLED", 6, right=True),
    Column("WHO → TO WHOM", 40, gives=True), Column("WORDS", 40, gives=True, behind=True),
    Column("STATUS", 12, behind=True), Column("WHERE", 18, gives=True, behind=True),
    Column("OUTLET", 16, gives=True, behind=True), Column("EVENT", 22, behind=True),
)  # fmt: skip
CLAIMS = (
    Column("DAY", 10), Column("ACT", 8), Column("WHO SAYS IT", 26, gives=True), Column("WHAT", 80, gives=True),
    Column("ABOUT", 20, gives=True, behind=True), Column("OUTLET", 18, gives=True, behind=True),
    Column("CLAIM", 22, behind=True),
)  # fmt: skip
CHANGES = (
    Column("CHANGE", 9), Column("OF", 5), Column("FIELD", 13), Column("FROM → TO", 60, gives=True),
    Column("STORY", 22, gives=True, behind=True), Column("RECORD", 22, behind=True),
)  # fmt: skip
CLAIM_COLUMNS = (
    "claim_id", "story_id", "day", "act", "polarity", "quotation", "source", "source_actors", "source_codes", "cue",
    "content", "about", "addressees", "medium", "answers", "outlet", "published", "headline", "location",
)  # fmt: skip
CHANGE_COLUMNS = (
    "story_id", "earlier_story_id", "kind", "change", "field", "earlier", "later", "earlier_id", "later_id",
)  # fmt: skip


# ---------------------------------------------------------------- tables for people


def event_table(found: Iterable[Found[Event]], *, style: Style) -> Iterator[str]:
    return grid.lines(EVENTS, (_event_cells(each) for each in found), style=style)


def claim_table(found: Iterable[Found[Claim]], *, style: Style) -> Iterator[str]:
    return grid.lines(CLAIMS, (_claim_cells(each) for each in found), style=style)


def change_table(changes: Iterable[Change], *, style: Style) -> Iterator[str]:
    return grid.lines(CHANGES, (_change_cells(each) for each in changes), style=style)


def _event_cells(found: Found[Event]) -> Sequence[str]:
    from dateline.store.derived import event_day, killed

    event, records = found.record, found.records
    places = {place.id: place for place in records.places}
    where = [f"{place.name} ({place.country})" for ref in event.places if (place := places.get(ref.place_id))]
    dead = killed(event)
    return (
        _day(event_day(event, records.story)),
        event.type + (f" {event.modes[0]}" if event.modes else ""),
        standing(event, records.claims),
        "" if dead is None else str(dead),
        " → ".join(
            filter(None, (_names(event.actors, records.actors) or "?", _names(event.recipients, records.actors)))
        ),
        _beginning(found.stored.document.text, event.trigger.start),
        "" if event.status == "happened" else event.status,
        "; ".join(dict.fromkeys(where)),
        _outlet(found),
        event.id,
    )


def _beginning(text: str, start: int) -> str:
    """What a story says from the word on that names an event, to the end of the sentence or so."""
    words = text[start : start + 80].split("\n", 1)[0]
    end = re.search(r"[.!?][”’\"]?(\s|$)", words)
    return words[: end.start()] if end else words


def _claim_cells(found: Found[Claim]) -> Sequence[str]:
    from dateline.store.derived import claim_day

    claim, records = found.record, found.records
    return (
        _day(claim_day(claim, records.story)),
        claim.act,
        _names(claim.source_actors, records.actors) or _words(found, claim.source) or "(nobody is named)",
        _words(found, claim.content),
        _names(claim.about, records.actors),
        _outlet(found),
        claim.id,
    )


def _change_cells(change: Change) -> Sequence[str]:
    was, now = (_short_value(value) for value in (change.earlier, change.later))
    return (
        change.change,
        change.kind,
        change.field or "",
        f"{was} → {now}" if change.field else "",
        change.story_id,
        change.later_id or change.earlier_id or "",
    )


def _short_value(value: Any) -> str:
    if value is None or value == []:
        return "nothing"
    return value if isinstance(value, str) else ", ".join(map(str, value)) if isinstance(value, list) else str(value)


# ---------------------------------------------------------------- lines for programs


def event_lines(found: Iterable[Found[Event]], ontology: Ontology) -> Iterator[str]:
    """Each event as `--to plover` writes it, with its day, whether people corrected it, and a cursor to go on from."""
    from dateline.exports.coding import code
    from dateline.exports.plover import plover_row
    from dateline.pipeline.asking import corrected_ids, reading_of
    from dateline.store.derived import event_day

    for each in found:
        reading = reading_of(each.stored, each.records)
        (coded,) = code(reading, ontology, {each.record.id})
        row = plover_row(reading, coded, ontology) | {
            "day": _day(event_day(each.record, each.records.story)) or None,
            "corrected": each.record.id in corrected_ids(each.stored, each.records),
            "cursor": each.cursor,
        }
        yield _line(row)


def claim_lines(found: Iterable[Found[Claim]]) -> Iterator[str]:
    """Each claim as `read --format jsonl --words` writes it, with names, story and a cursor to go on from."""
    from dateline.faces import jsonlines
    from dateline.store.derived import claim_day

    for each in found:
        claim, records = each.record, each.records
        row = jsonlines.plain_of(claim) | {
            "words": {role: _pieces(each, getattr(claim, role)) for role in ("source", "cue", "content")},
            "names": {
                field: [actor.name for actor in _actors(getattr(claim, field), records.actors)]
                for field in ("source_actors", "about", "addressees")
            },
            "day": _day(claim_day(claim, records.story)) or None,
            "outlet": records.story.outlet_id,
            "location": each.stored.document.location,
            "cursor": each.cursor,
        }
        yield _line(row)


def change_lines(changes: Iterable[Change]) -> Iterator[str]:
    for each in changes:
        yield _line({name: getattr(each, name) for name in CHANGE_COLUMNS})


# ---------------------------------------------------------------- rows for spreadsheets


def event_csv(found: Iterable[Found[Event]]) -> Iterator[str]:
    from dateline.exports.archive import csv_header, csv_line
    from dateline.pipeline.asking import rows_of

    yield csv_header()
    for each in found:
        yield from map(csv_line, rows_of(each.stored, each.records, frozenset([each.record.id])))


def claim_csv(found: Iterable[Found[Claim]]) -> Iterator[str]:
    from dateline.store.derived import claim_day

    yield write_row(CLAIM_COLUMNS, ",")
    for each in found:
        claim, records = each.record, each.records
        sources = _actors(claim.source_actors, records.actors)
        headline = records.story.headline
        yield write_row(
            (
                claim.id, claim.story_id, _day(claim_day(claim, records.story)), claim.act, claim.polarity,
                claim.quotation, _words(each, claim.source), "; ".join(actor.name for actor in sources),
                "; ".join(f"{actor.country or '?'} {actor.sector or '?'}" for actor in sources),
                _words(each, claim.cue), _words(each, claim.content), _names(claim.about, records.actors),
                _names(claim.addressees, records.actors), claim.medium, claim.answers, _outlet(each),
                _day(records.story.published_at), _words(each, (headline,)) if headline else "",
                each.stored.document.location,
            ),
            ",",
        )  # fmt: skip


def change_csv(changes: Iterable[Change]) -> Iterator[str]:
    yield write_row(CHANGE_COLUMNS, ",")
    for each in changes:
        cells = [getattr(each, name) for name in CHANGE_COLUMNS]
        yield write_row(
            [json.dumps(cell, ensure_ascii=False) if isinstance(cell, list) else cell for cell in cells], ","
        )


# ---------------------------------------------------------------- words


def _actors(refs: Iterable[ActorRef], actors: Iterable[Actor]) -> list[Actor]:
    known: dict[Id, Actor] = {actor.id: actor for actor in actors}
    return [known[name] for name in dict.fromkeys(ref.actor_id for ref in refs) if name in known]


def _names(refs: Iterable[ActorRef], actors: Iterable[Actor]) -> str:
    return "; ".join(dict.fromkeys(actor.name for actor in _actors(refs, actors)))


def _pieces(found: Found[Any], spans: Iterable[Any]) -> list[str]:
    text = found.stored.document.text
    return [text[span.start : span.end] for span in spans]


def _words(found: Found[Any], spans: Iterable[Any]) -> str:
    return " … ".join(" ".join(piece.split()) for piece in _pieces(found, spans))


def _outlet(found: Found[Any]) -> str:
    """Who published it; where nobody says, the file it came from."""
    outlet = found.stored.outlet
    return outlet.name if outlet else found.records.story.outlet_id or found.stored.document.location.rsplit("/", 1)[-1]


def _day(moment: dt.date | None) -> str:
    return "" if moment is None else (moment.date() if isinstance(moment, dt.datetime) else moment).isoformat()


def _line(row: Any) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
