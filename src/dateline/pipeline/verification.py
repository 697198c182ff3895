"""Does what was saved still say what its inputs say, and what was kept what its texts say? Behind `dateline verify`.

Records hold no words of the text, only offsets into it. So a saved story is right about its words if, first, the
text it points into is the very text that was read (its document's id is a digest of it), and, second, every span
lies inside that text and the records agree with each other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from dateline import reading
from dateline.pipeline.config import Config
from dateline.records import Document, Event, Id, Problem, Span, StoryRecords

if TYPE_CHECKING:
    from dateline.store import Store, StoredStory


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedStory:
    """One story as it was written to a file by an earlier run.

    location: where it is saved, e.g. "stories.jsonl#3". document_location: where its document came from.
    words: for each claim the words saved with it, by role ("source", "cue", "content"); empty where none were saved.
    """

    location: str
    document_id: str
    document_location: str
    records: StoryRecords
    words: tuple[Mapping[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was compared, and everything that did not agree."""

    stories: int
    spans: int
    problems: tuple[Problem, ...]


def verify(
    saved: Iterable[SavedStory | Problem],
    against: Iterable[str],
    *,
    config: Config | None = None,
    stdin: BinaryIO | None = None,
) -> Verification:
    """Read the inputs again and compare every saved story with them. Holds the texts of all inputs in memory."""
    documents, problems = _documents(against, config or Config(), stdin)
    stories = spans = 0
    for each in saved:
        if isinstance(each, Problem):
            problems.append(each)
            continue
        stories += 1
        spans += sum(1 for _ in _spans_of(each.records, "story"))
        problems.extend(_faults(each, documents))
    return Verification(stories=stories, spans=spans, problems=tuple(problems))


def verify_store(store: Store, *, show: Callable[[int], None] | None = None) -> Verification:
    """Check a store against itself, for it has its texts: see `Store.check`, and every span as for a saved story.

    show: called with the number of stories looked at so far.
    """
    problems: list[Problem] = []
    stories = spans = 0

    def look(stored: StoredStory) -> None:
        nonlocal stories, spans
        saved = SavedStory(
            location=f"{store.where}: {stored.records.story.id}",
            document_id=stored.records.story.document_id,
            document_location=stored.document.location,
            records=stored.records,
        )
        stories += 1
        spans += sum(1 for _ in _spans_of(saved.records, "story"))
        problems.extend(_faults(saved, {stored.document.id: stored.document}))

    of_the_store = tuple(store.check(show=show, look=look))
    return Verification(stories=stories, spans=spans, problems=(*problems, *of_the_store))


def _documents(
    against: Iterable[str], config: Config, stdin: BinaryIO | None
) -> tuple[dict[str, Document], list[Problem]]:
    """Every document of the inputs by its id and by its location."""
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for received in reading.read_documents(against, limits=config.limits, stdin=stdin):
        if isinstance(received, Problem):
            problems.append(received)
        else:
            documents[received.document.id] = received.document
            documents[received.document.location] = received.document
    return documents, problems


def _faults(saved: SavedStory, documents: Mapping[str, Document]) -> Iterator[Problem]:
    document = documents.get(saved.document_id)
    if document is None:
        yield _unknown_document(saved, documents.get(saved.document_location))
        return
    yield from _spans_outside(saved, document)
    yield from _dangling_references(saved)
    yield from _heads_outside(saved)
    yield from _other_words(saved, document)


def _unknown_document(saved: SavedStory, namesake: Document | None) -> Problem:
    if namesake is None:
        return Problem(
            location=saved.location,
            message=f"its document '{saved.document_location}' is not among the inputs",
            remedy="Name every input that was read, after --against.",
        )
    return Problem(
        location=saved.location,
        message=f"the text of '{saved.document_location}' is not the text that was read "
        f"(it was {saved.document_id}, now it is {namesake.id})",
        remedy="The input has changed since. Read it again, or find the earlier version.",
    )


def _spans_outside(saved: SavedStory, document: Document) -> Iterator[Problem]:
    length = len(document.text)
    for path, span in _spans_of(saved.records, "story"):
        if not 0 <= span.start < span.end <= length:
            yield Problem(
                location=saved.location,
                message=f"{path} is [{span.start}, {span.end}), but the text has {length} characters",
                remedy="The saved file was altered or written by another version. Read the input again.",
            )


def _dangling_references(saved: SavedStory) -> Iterator[Problem]:
    """Ids that name a record which is not there, and records of another story."""
    records = saved.records
    mentions = {mention.id for mention in records.mentions}
    actors = {actor.id for actor in records.actors}
    claims = {claim.id for claim in records.claims}
    refs = [("actor_refs", ref) for ref in records.actor_refs]
    refs += [
        (f"claims[{index}].{field}", ref)
        for index, claim in enumerate(records.claims)
        for field in ("source_actors", "about", "addressees")
        for ref in getattr(claim, field)
    ]
    named = [(path, ref.mention_id, mentions) for path, ref in refs]
    named += [(path, ref.actor_id, actors) for path, ref in refs]
    named += [
        (f"claims[{index}].{field}", getattr(claim, field), claims)
        for index, claim in enumerate(records.claims)
        for field in ("within", "answers")
        if getattr(claim, field) is not None
    ]
    places = {place.id for place in records.places}
    named += [("place_refs", ref.mention_id, mentions) for ref in records.place_refs]
    named += [("place_refs", ref.place_id, places) for ref in records.place_refs]
    for index, event in enumerate(records.events):
        found = _named_by(event, mentions, actors, places, claims)
        named += [(f"events[{index}].{path}", name, known) for path, name, known in found]
    for path, name, known in named:
        if name not in known:
            yield _altered(saved, f"{path} names {name}, which is not in the story")
    for kind in ("mentions", "claims", "events"):
        for index, record in enumerate(getattr(records, kind)):
            if record.story_id != records.story.id:
                yield _altered(saved, f"{kind}[{index}] belongs to another story, {record.story_id}")


def _named_by(
    event: Event, mentions: set[Id], actors: set[Id], places: set[Id], claims: set[Id]
) -> Iterator[tuple[str, Id, set[Id]]]:
    """Every record that an event names: the way to it, its id, and those that there are."""
    for field in ("actors", "recipients"):
        for ref in getattr(event, field):
            yield field, ref.mention_id, mentions
            yield field, ref.actor_id, actors
    for place in event.places:
        yield "places", place.mention_id, mentions
        yield "places", place.place_id, places
    if event.time is not None and event.time.mention_id is not None:
        yield "time", event.time.mention_id, mentions
    for means in event.instruments:
        yield "instruments", means.id, mentions
    for stance in event.stances:
        for speaker in stance.chain[1:]:
            yield "stances", speaker, actors
    for field in ("tolls", "stances", "evidence"):
        for each in getattr(event, field):
            if each.claim_id is not None:
                yield field, each.claim_id, claims


def _heads_outside(saved: SavedStory) -> Iterator[Problem]:
    for index, mention in enumerate(saved.records.mentions):
        if not mention.span.start <= mention.head.start < mention.head.end <= mention.span.end:
            yield _altered(saved, f"mentions[{index}].head lies outside its mention")


def _other_words(saved: SavedStory, document: Document) -> Iterator[Problem]:
    for index, (claim, words) in enumerate(zip(saved.records.claims, saved.words, strict=False)):
        for role, pieces in words.items():
            found = tuple(document.text[span.start : span.end] for span in getattr(claim, role, ()))
            if found != tuple(pieces):
                yield Problem(
                    location=saved.location,
                    message=f"claims[{index}].{role} is saved as {list(pieces)}, but the text says {list(found)}",
                    remedy="The saved file was altered. Read the input again.",
                )


def _altered(saved: SavedStory, message: str) -> Problem:
    return Problem(location=saved.location, message=message, remedy="The saved file was altered. Read the input again.")


def _spans_of(value: Any, path: str) -> Iterator[tuple[str, Span]]:
    """Every span anywhere in a record, with the way to it: ("claims[2].content[0]", Span(…))."""
    if isinstance(value, Span):
        yield path, value
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from _spans_of(each, f"{path}[{index}]")
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            inner = field.name if isinstance(value, StoryRecords) else f"{path}.{field.name}"
            yield from _spans_of(getattr(value, field.name), inner)
