"""Records as rows of the tables, and rows as records again: `records_from(rows_of(records)) == records`.

The rules are at the top of `schema.py`. What is worked out for people to ask by is written here and never read back.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

from dateline.records import (
    Actor,
    ActorRef,
    Casualties,
    Claim,
    Count,
    Document,
    Event,
    Evidence,
    Id,
    Incident,
    Mention,
    Outlet,
    Place,
    PlaceRef,
    Problem,
    Span,
    Stance,
    Story,
    StoryRecords,
    TimeRef,
    Toll,
)
from dateline.standing import standing
from dateline.store import derived

Row = dict[str, Any]
Rows = dict[str, list[Row]]  # by the name of the table
Record = TypeVar("Record")

# The tables that hold the parts of a story, in the order in which they are written: what is named comes first.
PARTS = (
    "mentions", "actors", "places", "times", "claims", "events",
    "actor_refs", "place_refs", "tolls", "stances", "evidence", "problems",
)  # fmt: skip
ACTOR_FIELDS = {"claims": ("source_actors", "about", "addressees"), "events": ("actors", "recipients")}


def rows_of(records: StoryRecords, *, run: Id, kept_at: dt.datetime) -> Rows:
    """Every row of one story, by table. `run` is who read it: the id of a `Run`."""
    story = records.story
    rows: Rows = {"stories": [_story_row(story) | {"digest": digest_of(records)}]}
    rows["mentions"] = [_mention_row(mention) | {"position": n} for n, mention in enumerate(records.mentions)]
    rows["actors"] = [_simple(actor) | {"position": n} for n, actor in enumerate(records.actors)]
    rows["places"] = [_simple(place) | {"position": n} for n, place in enumerate(records.places)]
    rows["times"] = [_time_columns(time, "") | {"position": n} for n, time in enumerate(records.times)]
    rows["claims"] = [_claim_row(claim, story) for claim in records.claims]
    rows["events"] = [_event_row(event, records.claims, story) for event in records.events]
    rows["actor_refs"] = [row for owner, field, refs in _actor_refs(records) for row in _ref_rows(refs, owner, field)]
    rows["place_refs"] = [row for owner, field, refs in _place_refs(records) for row in _ref_rows(refs, owner, field)]
    rows["tolls"] = [row for event in records.events for row in _toll_rows(event)]
    rows["stances"] = [row for event in records.events for row in _stance_rows(event)]
    rows["evidence"] = [{"owner_id": owner, "items": _items(pieces)} for owner, pieces in _evidence(records) if pieces]
    rows["problems"] = [
        problem_row(problem, position=n, story_id=story.id, document_id=story.document_id, kept_at=kept_at)
        for n, problem in enumerate(records.problems)
    ]
    for row in rows["stories"]:
        row["run_id"] = run
    for table in PARTS:
        for row in rows[table]:
            row["story_id"] = story.id
            row["run_id"] = run
    return rows


def records_from(story: Mapping[str, Any], parts: Mapping[str, Sequence[Mapping[str, Any]]]) -> StoryRecords:
    """One story of its row and the rows of its parts, each table in the order of `position` (or `number`)."""
    evidence = {row["owner_id"]: _pieces(row["items"]) for row in parts["evidence"]}
    mentions = tuple(_mention(row) for row in parts["mentions"])
    actor_refs = _refs_by_owner(parts["actor_refs"], lambda row, _: _actor_ref(row))
    place_refs = _refs_by_owner(parts["place_refs"], lambda row, name: _place_ref(row, evidence.get(name, ())))
    tolls, stances = _by(parts["tolls"], "event_id"), _by(parts["stances"], "event_id")
    by_id = {mention.id: mention for mention in mentions}
    name = story["id"]
    return StoryRecords(
        story=_story(story, evidence.get(name, ())),
        mentions=mentions,
        actors=tuple(_actor(row, evidence.get(row["id"], ())) for row in parts["actors"]),
        actor_refs=actor_refs.get((name, "actor_refs"), ()),
        places=tuple(_record(Place, row) for row in parts["places"]),
        place_refs=place_refs.get((name, "place_refs"), ()),
        times=tuple(time for row in parts["times"] if (time := _time(row, "")) is not None),
        claims=tuple(_claim(row, actor_refs, evidence.get(row["id"], ())) for row in parts["claims"]),
        events=tuple(
            _event(
                row, actor_refs, place_refs, by_id, tolls[row["id"]], stances[row["id"]], evidence.get(row["id"], ())
            )
            for row in parts["events"]
        ),
        problems=tuple(_record(Problem, row) for row in parts["problems"]),
    )


def digest_of(records: StoryRecords) -> str:
    """SHA-256 over every field of every record: equal records have equal digests, on any machine."""
    return hashlib.sha256(json.dumps(plain(records), separators=(",", ":")).encode()).hexdigest()


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()


def plain(value: Any) -> Any:
    """A record as dictionaries and lists; days and times as ISO 8601 text."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, Mapping):  # a value of a correction, as JSON has it
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, dt.date):
        return value.isoformat()
    # Not `fields(type(value))`: a story that still carries its document (pipeline.StoryReading) has the same records.
    kind = StoryRecords if isinstance(value, StoryRecords) else type(value)
    return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(kind)}


# ---------------------------------------------------------------- documents, outlets, problems, incidents


def document_row(document: Document, *, address: str, story_count: int, kept_at: dt.datetime) -> Row:
    return _simple(document) | {
        "address": address,
        "digest": text_digest(document.text),
        "story_count": story_count,
        "kept_at": kept_at,
    }


def document_from(row: Mapping[str, Any]) -> Document:
    return _record(Document, row)


def outlet_row(outlet: Outlet) -> Row:
    return _simple(outlet)


def outlet_from(row: Mapping[str, Any]) -> Outlet:
    return _record(Outlet, row)


def actor_from(row: Mapping[str, Any]) -> Actor:
    """An actor without its evidence, which is its story's."""
    return _record(Actor, row)


def place_from(row: Mapping[str, Any]) -> Place:
    return _record(Place, row)


def problem_row(
    problem: Problem, *, position: int, story_id: Id | None, document_id: Id | None, kept_at: dt.datetime
) -> Row:
    identity = [story_id, document_id, position if story_id else None, problem.location, problem.message]
    return _simple(problem) | {
        "id": "problem:" + hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:16],
        "position": position,
        "story_id": story_id,
        "document_id": document_id,
        "kept_at": kept_at,
    }


def problem_from(row: Mapping[str, Any]) -> Problem:
    return _record(Problem, row)


def incident_row(incident: Incident, *, kept_at: dt.datetime) -> Row:
    names = ("id", "type", "earliest", "latest", "place_id")
    return {name: getattr(incident, name) for name in names} | {
        "stances": plain(incident.stances),
        "disagreements": list(incident.disagreements),
        "supersedes": list(incident.supersedes),
        "superseded_by": None,
        "kept_at": kept_at,
    }


def incident_from(row: Mapping[str, Any], *, event_ids: Iterable[Id], claim_ids: Iterable[Id]) -> Incident:
    return Incident(
        id=row["id"],
        event_ids=tuple(event_ids),
        claim_ids=tuple(claim_ids),
        type=row["type"],
        earliest=row["earliest"],
        latest=row["latest"],
        place_id=row["place_id"],
        stances=tuple(Stance(**(each | {"chain": tuple(each["chain"])})) for each in row["stances"]),
        disagreements=tuple(row["disagreements"]),
        supersedes=tuple(row["supersedes"]),
    )


# ---------------------------------------------------------------- record to row


def _story_row(story: Story) -> Row:
    names = ("id", "document_id", "outlet_id", "published_at", "updated_at", "agency", "copy_of", "supersedes")
    return {name: getattr(story, name) for name in names} | {
        **_span_columns(story.headline, "headline"),
        **_span_columns(story.dateline, "dateline"),
        "summary": _pairs(story.summary),
        "body": _pairs(story.body),
        "published_on": derived.story_day(story),
    }


def _mention_row(mention: Mention) -> Row:
    return {name: getattr(mention, name) for name in ("id", "kind", "form", "chain")} | {
        **_span_columns(mention.span, "span"),
        **_span_columns(mention.head, "head"),
    }


def _claim_row(claim: Claim, story: Story) -> Row:
    names = ("id", "act", "quotation", "polarity", "medium", "within", "answers")
    return {name: getattr(claim, name) for name in names} | {
        **{role: _pairs(getattr(claim, role)) for role in ("source", "cue", "content")},
        **_time_columns(claim.said_at, "said_at"),
        "day": derived.claim_day(claim, story),
    }


def _event_row(event: Event, claims: Iterable[Claim], story: Story) -> Row:
    return {
        "id": event.id,
        "type": event.type,
        "status": event.status,
        "standing": standing(event, claims),
        **_span_columns(event.trigger, "trigger"),
        "other_mentions": _pairs(event.other_mentions),
        "modes": list(event.modes),
        "contexts": list(event.contexts),
        **_time_columns(event.time, "time"),
        "instruments": [mention.id for mention in event.instruments],
        "casualties": plain(event.casualties),
        "day": derived.event_day(event, story),
        "killed": derived.killed(event),
    }


def _actor_refs(records: StoryRecords) -> Iterator[tuple[Id, str, Sequence[ActorRef]]]:
    """Every ActorRef there is: whose it is, in which field."""
    yield records.story.id, "actor_refs", records.actor_refs
    for table, fields in ACTOR_FIELDS.items():
        for owner in getattr(records, table):
            for field in fields:
                yield owner.id, field, getattr(owner, field)


def _place_refs(records: StoryRecords) -> Iterator[tuple[Id, str, Sequence[PlaceRef]]]:
    yield records.story.id, "place_refs", records.place_refs
    for event in records.events:
        yield event.id, "places", event.places


def _ref_rows(refs: Sequence[ActorRef] | Sequence[PlaceRef], owner: Id, field: str) -> Iterator[Row]:
    for position, ref in enumerate(refs):
        yield _simple(ref) | {"owner_id": owner, "field": field, "position": position}


def _toll_rows(event: Event) -> Iterator[Row]:
    for position, toll in enumerate(event.tolls):
        yield {
            "event_id": event.id,
            "position": position,
            "harm": toll.harm,
            **_simple(toll.count),
            **_span_columns(toll.span, "span"),
            "claim_id": toll.claim_id,
        }


def _stance_rows(event: Event) -> Iterator[Row]:
    for position, stance in enumerate(event.stances):
        yield _simple(stance) | {
            "event_id": event.id,
            "position": position,
            "voice": stance.chain[-1] if stance.chain else None,
        }


def _evidence(records: StoryRecords) -> Iterator[tuple[str, Sequence[Evidence]]]:
    yield records.story.id, records.story.evidence
    for owners in (records.actors, records.claims, records.events):
        for owner in owners:
            yield owner.id, owner.evidence
    for name, field, refs in _place_refs(records):
        for position, ref in enumerate(refs):
            yield _ref_name(name, field, position), ref.evidence


def _ref_name(owner: Id, field: str, position: int) -> str:
    """A PlaceRef has no id of its own."""
    return f"{owner}.{field}[{position}]"


def _items(pieces: Iterable[Evidence]) -> list[list[Any]]:
    return [[each.field, _pairs(each.spans), each.method, each.claim_id, each.confidence] for each in pieces]


def _simple(record: Any) -> Row:
    """The fields of a record that are columns as they are; evidence has a table of its own."""
    return {
        field.name: list(value) if isinstance(value := getattr(record, field.name), tuple) else value
        for field in dataclasses.fields(record)
        if field.name != "evidence"
    }


def _span_columns(span: Span | None, name: str) -> Row:
    return {f"{name}_start": span.start if span else None, f"{name}_end": span.end if span else None}


def _time_columns(time: TimeRef | None, name: str) -> Row:
    prefix = f"{name}_" if name else ""
    return {f"{prefix}{field.name}": getattr(time, field.name, None) for field in dataclasses.fields(TimeRef)}


def _pairs(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


# ---------------------------------------------------------------- row to record


def _story(row: Mapping[str, Any], evidence: tuple[Evidence, ...]) -> Story:
    names = ("id", "document_id", "outlet_id", "published_at", "updated_at", "agency", "copy_of", "supersedes")
    return Story(
        **{name: row[name] for name in names},
        headline=_span(row, "headline"),
        dateline=_span(row, "dateline"),
        summary=_spans(row["summary"]),
        body=_spans(row["body"]),
        evidence=evidence,
    )


def _mention(row: Mapping[str, Any]) -> Mention:
    return Mention(
        **{name: row[name] for name in ("id", "story_id", "kind", "form", "chain")},
        span=Span(row["span_start"], row["span_end"]),
        head=Span(row["head_start"], row["head_end"]),
    )


def _actor(row: Mapping[str, Any], evidence: tuple[Evidence, ...]) -> Actor:
    return dataclasses.replace(_record(Actor, row), evidence=evidence)


def _actor_ref(row: Mapping[str, Any]) -> ActorRef:
    return _record(ActorRef, row)


def _place_ref(row: Mapping[str, Any], evidence: tuple[Evidence, ...]) -> PlaceRef:
    return dataclasses.replace(_record(PlaceRef, row), evidence=evidence)


def _claim(
    row: Mapping[str, Any], refs: Mapping[tuple[Id, str], tuple[ActorRef, ...]], evidence: tuple[Evidence, ...]
) -> Claim:
    names = ("id", "story_id", "act", "quotation", "polarity", "medium", "within", "answers")
    return Claim(
        **{name: row[name] for name in names},
        source=_spans(row["source"]),
        cue=_spans(row["cue"]),
        content=_spans(row["content"]),
        source_actors=refs.get((row["id"], "source_actors"), ()),
        about=refs.get((row["id"], "about"), ()),
        addressees=refs.get((row["id"], "addressees"), ()),
        said_at=_time(row, "said_at"),
        evidence=evidence,
    )


def _event(
    row: Mapping[str, Any],
    actor_refs: Mapping[tuple[Id, str], tuple[ActorRef, ...]],
    place_refs: Mapping[tuple[Id, str], tuple[PlaceRef, ...]],
    mentions: Mapping[Id, Mention],
    tolls: Iterable[Mapping[str, Any]],
    stances: Iterable[Mapping[str, Any]],
    evidence: tuple[Evidence, ...],
) -> Event:
    return Event(
        **{name: row[name] for name in ("id", "story_id", "type", "status")},
        trigger=Span(row["trigger_start"], row["trigger_end"]),
        other_mentions=_spans(row["other_mentions"]),
        modes=tuple(row["modes"]),
        contexts=tuple(row["contexts"]),
        actors=actor_refs.get((row["id"], "actors"), ()),
        recipients=actor_refs.get((row["id"], "recipients"), ()),
        places=place_refs.get((row["id"], "places"), ()),
        time=_time(row, "time"),
        instruments=tuple(mentions[name] for name in row["instruments"]),
        casualties=_casualties(row["casualties"]),
        tolls=tuple(_toll(each) for each in tolls),
        stances=tuple(_record(Stance, each) for each in stances),
        evidence=evidence,
    )


def _toll(row: Mapping[str, Any]) -> Toll:
    return Toll(harm=row["harm"], count=_record(Count, row), span=_span(row, "span"), claim_id=row["claim_id"])


def _casualties(numbers: Mapping[str, Any] | None) -> Casualties | None:
    if numbers is None:
        return None
    return Casualties(**{harm: Count(**count) if count else None for harm, count in numbers.items()})


def _pieces(items: Iterable[Sequence[Any]]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(field=field, spans=_spans(spans), method=method, claim_id=claim_id, confidence=confidence)
        for field, spans, method, claim_id, confidence in items
    )


def _record(kind: type[Record], row: Mapping[str, Any]) -> Record:
    """A record whose fields are columns as they are. Lists become tuples again."""
    columns = ((name, row[name]) for name in _columns_of(cast(type, kind)))
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in columns})


@functools.cache
def _columns_of(kind: type) -> tuple[str, ...]:
    """Asked for every record that is loaded, and slow to work out."""
    return tuple(field.name for field in dataclasses.fields(kind) if field.name != "evidence")


def _span(row: Mapping[str, Any], name: str) -> Span | None:
    start, end = row[f"{name}_start"], row[f"{name}_end"]
    return None if start is None or end is None else Span(start, end)


def _spans(pairs: Iterable[Sequence[int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in pairs)


def _time(row: Mapping[str, Any], name: str) -> TimeRef | None:
    """A time from its columns; one without a value is none at all."""
    prefix = f"{name}_" if name else ""
    if row[f"{prefix}value"] is None:
        return None
    return TimeRef(**{field.name: row[f"{prefix}{field.name}"] for field in dataclasses.fields(TimeRef)})


def _by(rows: Iterable[Mapping[str, Any]], column: str) -> dict[str, list[Mapping[str, Any]]]:
    groups: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


def _refs_by_owner(rows: Iterable[Mapping[str, Any]], make: Any) -> dict[tuple[Id, str], tuple[Any, ...]]:
    """References by the record and the field that they stand in. make: the reference of (row, its name)."""
    groups: dict[tuple[Id, str], list[Any]] = defaultdict(list)
    for row in rows:
        name = _ref_name(row["owner_id"], row["field"], row["position"])
        groups[row["owner_id"], row["field"]].append(make(row, name))
    return {key: tuple(group) for key, group in groups.items()}
