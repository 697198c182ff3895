"""The journey of a story, from an input to records. Read this file first: it is the program in one screen.

    inputs --read_documents--> Document --find_stories--> Story --analyze--> Analysis, Mentions
    Story, Mentions --resolve_times--> Times    Analysis, Mentions --resolve_places--> Places
    Analysis, Mentions, Places --resolve_actors--> Actors
    Analysis, Mentions, Actors --find_claims--> Claims
    Claims, Times --date_claims--> Claims with the time they were made
    Analysis and all of these --find_events--> Events with their voices

`read_story` is a pure function of (document, story, resources): the same words give the same records, in this
process or on another machine. Everything else here hands documents to it and carries problems past it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import BinaryIO

from dateline import claims, events, grounding, language, reading
from dateline.pipeline.config import Config
from dateline.pipeline.resources import Resources
from dateline.records import Document, Outlet, Problem, Span, Story, StoryRecords

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryReading(StoryRecords):
    """The records of one story together with the document they point into.

    outlet: who published it; None where nothing in the input says so.
    """

    document: Document
    outlet: Outlet | None = None

    def words(self, spans: Span | Sequence[Span]) -> str:
        """The words at a span, or at several joined by " ... ".

        Example: `reading.words(claim.content)` gives "“We were not warned,” ... “by anybody.”"
        """
        pieces = (spans,) if isinstance(spans, Span) else spans
        return " ... ".join(self.document.text[piece.start : piece.end] for piece in pieces)


def read_inputs(
    locations: Iterable[str],
    resources: Resources,
    *,
    config: Config | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[StoryReading | Problem]:
    """Read files, folders, globs and standard input ("-"); give each story as soon as it is done.

    A `Problem` comes by itself only where an input gave no story at all. What was odd about an input that did
    give stories stands in the `problems` of the first of them, so no problem is lost and none is told twice.
    """
    config = config or Config()
    for received in reading.read_documents(locations, limits=config.limits, stdin=stdin):
        if isinstance(received, Problem):
            yield received
        else:
            yield from read_document(received, resources, config=config)


def count_inputs(locations: Iterable[str]) -> int | None:
    """How many inputs `read_inputs` will open, for a progress bar; None where folders, patterns or "-" hide it."""
    named = list(locations)
    return len(named) if all(os.path.isfile(location) for location in named) else None


def read_text(
    text: str, resources: Resources, *, location: str = "text", config: Config | None = None
) -> Iterator[StoryReading | Problem]:
    """Read words that are already in memory. `text` may hold several stories; it is kept as it is."""
    received = reading.receive_text(text, location=location)
    yield from read_document(received, resources, config=config)


def read_document(
    received: reading.Received, resources: Resources, *, config: Config | None = None
) -> Iterator[StoryReading | Problem]:
    """Find the stories in one document and read each."""
    config = config or Config()
    document = received.document
    try:
        found = reading.find_stories(received, lexicons=resources.reading, split=config.split)
    except Exception as fault:
        yield _fault(fault, document.location)
        return
    problems = found.problems
    if not found.stories:
        yield from problems or (_nothing_found(document),)
        return
    outlets = {outlet.id: outlet for outlet in found.outlets}
    for story in found.stories:
        outlet = outlets.get(story.outlet_id) if story.outlet_id else None
        records = _read_guarded(document, story, resources, outlet=outlet)
        yield StoryReading(
            document=document,
            outlet=outlet,
            **{each.name: getattr(records, each.name) for each in fields(StoryRecords) if each.name != "problems"},
            problems=(*problems, *records.problems),
        )
        problems = ()  # told once, with the document's first story


def read_story(document: Document, story: Story, resources: Resources, *, outlet: Outlet | None = None) -> StoryRecords:
    """Take every record from one story.

    outlet: who published it, where known; its country helps to tell which places and actors are meant.
    """
    analysis = language.analyze(document, story, resources.model)
    mentions = language.find_mentions(analysis)
    timed = grounding.resolve_times(document, story, mentions, lexicons=resources.times, analysis=analysis)
    placed = grounding.resolve_places(
        document, story, analysis, timed.mentions,
        gazetteer=resources.gazetteer, lexicons=resources.places, outlet=outlet,
    )  # fmt: skip
    named = grounding.resolve_actors(
        story, analysis, placed.mentions,
        knowledge=resources.actors, home=outlet.country if outlet else None, places=placed.countries(),
    )  # fmt: skip
    found = claims.find_claims(analysis, named.mentions, story, actors=named.refs, lexicons=resources.claims)
    said = grounding.date_claims(found.claims, timed.times, timed.mentions, analysis, lexicons=resources.times)
    grounded = events.Reading(
        mentions=named.mentions, actors=named.actors, actor_refs=named.refs,
        places=placed.places, place_refs=placed.place_refs, times=timed.times, claims=said,
        governments=grounding.governments_of(
            placed.countries().values(), knowledge=resources.actors, day=story.published_at or story.updated_at
        ),
    )  # fmt: skip
    happened = events.find_events(story, analysis, grounded, model=resources.events)
    return StoryRecords(
        story=story,
        mentions=(*named.mentions, *happened.mentions),
        actors=(*named.actors, *happened.actors),
        actor_refs=(*named.refs, *happened.actor_refs),
        places=placed.places,
        place_refs=placed.place_refs,
        times=timed.times,
        claims=said,
        events=happened.events,
        problems=tuple(_located(problem, document) for problem in (*found.problems, *timed.problems)),
    )


def _located(problem: Problem, document: Document) -> Problem:
    """The stages know a document by its id; people know it by its location."""
    return replace(problem, location=problem.location.replace(document.id, document.location))


def _read_guarded(document: Document, story: Story, resources: Resources, *, outlet: Outlet | None) -> StoryRecords:
    """Read one story; where that fails, keep what reading found of it, with a Problem."""
    try:
        return read_story(document, story, resources, outlet=outlet)
    except Exception as fault:
        start = story.body[0].start if story.body else 0
        return StoryRecords(story=story, problems=(_fault(fault, f"{document.location}:{start}"),))


def _fault(fault: Exception, location: str) -> Problem:
    """A fault of ours in one story, as a Problem of that story: a run of a million must not end at story seven."""
    log.debug("reading %s failed", location, exc_info=fault)
    return Problem(
        location=location,
        message=f"this story could not be read: {type(fault).__name__} in Dateline ({fault})",
        remedy="This is a fault of the program, not of your file. Please report it with the text of the story.",
    )


def _nothing_found(document: Document) -> Problem:
    return Problem(
        location=document.location,
        message="no story was found in it",
        remedy="Dateline looks for a headline and paragraphs of English prose; look at the file in an editor.",
    )
