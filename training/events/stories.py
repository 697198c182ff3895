"""Stories with their events annotated, beside everything that the product reads in them before it looks for events.

    python -m training.events.stories --data ../shared/data --news training/annotations --out runs/events.pkl

A participant of an annotated event is a set of mentions. Own stories name them all; the annotated news name one, and
the product's own resolution gives the others.
"""

from __future__ import annotations

import argparse
import json
import pickle
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline import claims, grounding, language, reading
from dateline.language.analysis import Analysis
from dateline.language.mentions import head_of
from dateline.records import Document, Outlet, Span, Story, StoryRecords
from training.prepare.news import annotated_news

ROLES = ("actors", "recipients", "places", "time", "instruments")
HARMS = ("killed", "injured", "missing", "detained")

Spans = tuple[Span, ...]


@dataclass(slots=True)
class GoldEvent:
    """One annotated event. triggers: head words, as token indices, the plainest first.

    roles: role -> participants, each a set of mentions. numbers: harm -> (span or None, number or None).
    """

    triggers: list[int]
    type: str
    mode: str | None
    status: str
    roles: dict[str, list[Spans]]
    numbers: dict[str, tuple[Span | None, int | None]]
    voices: dict[str, Any] | None = None
    bounds: tuple[str | None, str | None] | None = None


@dataclass(slots=True)
class EventStory:
    """One story: what the product reads in it, and its annotated events.

    source: "own" or "news". cast_complete: whether all mentions of a participant are annotated.
    """

    id: str
    source: str
    fold: str
    document: Document
    story: Story
    outlet: Outlet | None
    analysis: Analysis
    records: StoryRecords
    events: list[GoldEvent]


class Reader:
    """The product's journey up to events, with the analysis kept."""

    def __init__(self) -> None:
        # one by one: the model for events need not exist yet
        self.reading = reading.load_lexicons()
        self.model = language.load_model()
        self.times, self.places = grounding.load_time_lexicons(), grounding.load_place_lexicons()
        self.actors, self.gazetteer = grounding.load_actor_knowledge(()), grounding.open_gazetteer(None)
        self.claims = claims.load_lexicons()

    def read(self, record: dict[str, Any]) -> Iterator[tuple[Document, Story, Outlet | None, Analysis, StoryRecords]]:
        """The stories of one record {id, text, date, outlet}."""
        fields = {"id": record["id"], "text": record["text"], "published_at": record.get("date") or None}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "story.jsonl"
            path.write_text(json.dumps(fields | {"outlet": record.get("outlet") or None}) + "\n", encoding="utf-8")
            received = [one for one in reading.read_documents([str(path)]) if isinstance(one, reading.Received)]
        for one in received:
            found = reading.find_stories(one, lexicons=self.reading, split="never")
            outlets = {outlet.id: outlet for outlet in found.outlets}
            for story in found.stories:
                outlet = outlets.get(story.outlet_id or "")
                yield one.document, story, outlet, *self._records(one.document, story, outlet)

    def _records(self, document: Document, story: Story, outlet: Outlet | None) -> tuple[Analysis, StoryRecords]:
        analysis = language.analyze(document, story, self.model)
        mentions = language.find_mentions(analysis)
        timed = grounding.resolve_times(document, story, mentions, lexicons=self.times, analysis=analysis)
        placed = grounding.resolve_places(
            document, story, analysis, timed.mentions,
            gazetteer=self.gazetteer, lexicons=self.places, outlet=outlet,
        )  # fmt: skip
        named = grounding.resolve_actors(
            story, analysis, placed.mentions,
            knowledge=self.actors, home=outlet.country if outlet else None, places=placed.countries(),
        )  # fmt: skip
        found = claims.find_claims(analysis, named.mentions, story, actors=named.refs, lexicons=self.claims)
        return analysis, StoryRecords(
            story=story,
            mentions=named.mentions,
            actors=named.actors,
            actor_refs=named.refs,
            places=placed.places,
            place_refs=placed.place_refs,
            times=timed.times,
            claims=grounding.date_claims(found.claims, timed.times, timed.mentions, analysis, lexicons=self.times),
        )


def main() -> None:
    """Parse the command line and read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--news", type=Path, help="folder of claims.jsonl and events.jsonl")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    reader = Reader()
    own = options.data / "attributed-events"
    stories = [*own_stories(own / "train.jsonl", "train", reader), *own_stories(own / "dev.jsonl", "dev", reader)]
    if options.news:
        stories += news_stories(options.news, options.data, reader)
    options.out.write_bytes(pickle.dumps(stories))
    print(f"{len(stories)} stories, {sum(len(story.events) for story in stories)} events")


def own_stories(path: Path, fold: str, reader: Reader) -> Iterator[EventStory]:
    """The attributed-events corpus."""
    for line in path.open(encoding="utf-8"):
        record = json.loads(line)
        for document, story, outlet, analysis, records in reader.read(record):
            events = [event for raw in record["events"] if (event := _own_event(raw, record, analysis))]
            yield EventStory(record["id"], "own", fold, document, story, outlet, analysis, records, events)


def _own_event(raw: dict[str, Any], record: dict[str, Any], analysis: Analysis) -> GoldEvent | None:
    actors = {actor["id"]: _spans(actor["mentions"]) for actor in record["actors"]}
    places = {place["id"]: _spans(place["mentions"]) for place in record["places"]}
    times = {time["id"]: time for time in record["times"]}
    triggers = _triggers([raw["trigger"], *raw["other_mentions"]], analysis)
    if not triggers:
        return None
    time = times.get(raw["time"]) if raw["time"] else None
    voices = {
        "outlet": "outlet" in raw["asserted_by"],
        "asserted_by": [actors[one] for one in raw["asserted_by"] if one != "outlet"],
        "denied_by": [actors[one] for one in raw["denied_by"] if one != "outlet"],
        "outlet_denies": "outlet" in raw["denied_by"],
        "blame": [
            (
                actors[one["actor"]],
                [actors[who] for who in one["asserted_by"] if who != "outlet"],
                "outlet" in one["asserted_by"],
            )
            for one in raw["blame"]
        ],
    }
    return GoldEvent(
        triggers,
        raw["type"],
        raw["mode"],
        raw["status"],
        {
            "actors": [actors[one] for one in raw["actors"]],
            "recipients": [actors[one] for one in raw["recipients"]],
            "places": [places[one["place"]] for one in raw["places"]],
            "time": [_spans(_listed(time["span"]))] if time and time.get("span") else [],
            "instruments": [(Span(*span),) for span in raw["instruments"]],
        },
        {
            harm: (Span(*_listed(raw[harm]["span"])[0]) if raw[harm].get("span") else None, raw[harm]["best"])
            for harm in HARMS
            if raw[harm]
        },
        voices,
        (raw.get("earliest") or (time or {}).get("earliest"), raw.get("latest") or (time or {}).get("latest")),
    )


def news_stories(annotations: Path, data: Path, reader: Reader) -> Iterator[EventStory]:
    """The news stories whose events were annotated."""
    events = {record["id"]: record for record in map(json.loads, (annotations / "events.jsonl").open(encoding="utf-8"))}
    for record in annotated_news(annotations / "claims.jsonl", data):
        if record["id"] not in events:
            continue
        for document, story, outlet, analysis, records in reader.read(record):
            chains = _chains(records)
            found = [event for raw in events[record["id"]]["events"] if (event := _news_event(raw, analysis, chains))]
            yield EventStory(record["id"], "news", record["fold"], document, story, outlet, analysis, records, found)


def _news_event(raw: dict[str, Any], analysis: Analysis, chains: list[Spans]) -> GoldEvent | None:
    triggers = _triggers(raw["triggers"], analysis)
    if not triggers:
        return None
    alone = {
        role: [(Span(*span),) for span in raw[name]]
        for role, name in zip(ROLES, ("actors", "recipients", "places", "times", "instruments"), strict=True)
    }
    return GoldEvent(
        triggers,
        raw["type"],
        raw["mode"],
        raw["status"],
        alone
        | {role: _once([_whole(one, chains) for one in alone[role]]) for role in ("actors", "recipients", "places")},
        {harm: (Span(*raw[harm]["span"]), raw[harm]["best"]) for harm in HARMS if raw[harm]},
    )


def _chains(records: StoryRecords) -> list[Spans]:
    """The mentions of each actor and place of the story, as the product resolves them."""
    spans = {mention.id: mention.span for mention in records.mentions}
    chains: dict[str, list[Span]] = {}
    for ref in records.actor_refs:
        chains.setdefault(ref.actor_id, []).append(spans[ref.mention_id])
    for place in records.place_refs:
        chains.setdefault(place.place_id, []).append(spans[place.mention_id])
    return [tuple(chain) for chain in chains.values()]


def _whole(participant: Spans, chains: list[Spans]) -> Spans:
    """The chain that one mention belongs to: that of the mention it overlaps best."""
    (span,) = participant
    overlaps = [(max(_share(span, other) for other in chain), chain) for chain in chains]
    best, chain = max(overlaps, key=lambda pair: pair[0], default=(0.0, ()))
    return tuple(sorted({span, *chain})) if best > 0.3 else participant


def _share(one: Span, other: Span) -> float:
    both = min(one.end, other.end) - max(one.start, other.start)
    return both / (max(one.end, other.end) - min(one.start, other.start)) if both > 0 else 0.0


def _once(participants: list[Spans]) -> list[Spans]:
    return list(dict.fromkeys(participants))


def _triggers(spans: Iterable[list[int]], analysis: Analysis) -> list[int]:
    """The head word of each span; words that reading left out are no triggers."""
    found = []
    for start, end in spans:
        inside = [n for n, token in enumerate(analysis.tokens) if token.span.start < end and start < token.span.end]
        if inside:
            found.append(head_of(analysis.tokens, inside[0], inside[-1] + 1))
    return list(dict.fromkeys(found))


def _spans(raw: Iterable[list[int]]) -> Spans:
    return tuple(Span(*span) for span in raw)


def _listed(span: Any) -> list[Any]:
    return span if isinstance(span[0], list) else [span]


if __name__ == "__main__":
    from training.events import stories as module  # so that what is pickled is not of __main__

    module.main()
