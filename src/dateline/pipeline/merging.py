"""From stories to incidents: the only step that sees many stories. Behind `dateline incidents` and `dateline.merge`.

Stories are taken one at a time, with their text, from wherever they are kept; of each only what is compared stays.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dateline import incidents, reading
from dateline.pipeline.config import Config
from dateline.pipeline.verification import SavedStory
from dateline.records import Id, Incident, Place, Problem, StoryRecords

if TYPE_CHECKING:
    from dateline.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedStories:
    """The incidents of saved stories.

    locations: of each story's document. places: those that the stories name. problems: lines that were no story,
    texts that were not at hand.
    """

    merged: incidents.Merged
    locations: Mapping[Id, str]
    places: Mapping[Id, Place]
    problems: tuple[Problem, ...]


def merge_stories(
    stories: Iterable[tuple[StoryRecords, str]],
    *,
    previous: Iterable[Incident] = (),
    rulings: Iterable[incidents.Ruling] = (),
) -> incidents.Merged:
    """Merge stories, each with its document's text; "" where that is not at hand: then its records speak alone.

    previous: incidents as they were kept before; `Merged.now` says what became of each. rulings: people's word on
    which events are one.
    """
    knowledge = incidents.load_knowledge()
    prepared = (incidents.prepare(records, text, knowledge=knowledge) for records, text in stories)
    return incidents.merge(prepared, knowledge=knowledge, previous=previous, rulings=rulings)


def merge_saved(saved: Iterable[SavedStory | Problem], *, texts: Iterable[str] = ()) -> MergedStories:
    """Merge stories as `dateline read` saved them. texts: inputs that hold their texts, where these have moved.

    Saved records hold offsets, not words, so the texts are opened again where the records say that they lie. A story
    whose text is not there is merged by its records alone: worse, and told in `problems`.
    """
    knowledge = incidents.load_knowledge()
    library = _Library(texts)
    prepared: list[incidents.Prepared] = []
    locations: dict[Id, str] = {}
    places: dict[Id, Place] = {}
    problems: list[Problem] = []
    for each in saved:
        if isinstance(each, Problem):
            problems.append(each)
            continue
        prepared.append(incidents.prepare(each.records, library.text_of(each), knowledge=knowledge))
        locations[each.records.story.id] = each.document_location
        places.update((place.id, place) for place in each.records.places)
    return MergedStories(
        merged=incidents.merge(prepared, knowledge=knowledge),
        locations=locations,
        places=places,
        problems=(*problems, *library.problems()),
    )


def merge_store(store: Store) -> MergedStories:
    """Merge the stories of a store, the latest version of each as people corrected it, and keep the incidents there.

    Incidents that were kept before and hold the same events, or what newer versions made of them, are replaced or
    superseded. Raises StoreError where the store fails; it keeps all of the new incidents or none.
    """
    from dateline.store import corrected

    locations: dict[Id, str] = {}
    places: dict[Id, Place] = {}

    def stories() -> Iterator[tuple[StoryRecords, str]]:
        for stored in store.stories():
            locations[stored.records.story.id] = stored.document.location
            places.update((place.id, place) for place in stored.records.places)
            yield corrected(stored), stored.document.text

    renewed = {
        each.earlier_id: each.later_id
        for each in store.changes()
        if each.kind == "event" and each.earlier_id is not None and each.later_id is not None
    }
    previous = [replace(each, event_ids=_renewed(each.event_ids, renewed)) for each in store.incidents()]
    merged = merge_stories(stories(), previous=previous)
    store.keep_incidents(merged.dossiers)
    return MergedStories(merged=merged, locations=locations, places=places, problems=())


def _renewed(event_ids: Iterable[Id], renewed: Mapping[Id, Id]) -> tuple[Id, ...]:
    """Events as the newest version of their story has them."""
    found = []
    for event_id in event_ids:
        seen = {event_id}
        while event_id in renewed and renewed[event_id] not in seen:
            event_id = renewed[event_id]
            seen.add(event_id)
        found.append(event_id)
    return tuple(found)


class _Library:
    """The texts of saved stories, opened when the first story of a file asks for its text."""

    def __init__(self, inputs: Iterable[str]) -> None:
        self._texts: dict[Id, str] = {}
        self._opened: set[str] = set()
        self._missing: dict[str, None] = {}
        self._inputs = tuple(inputs)
        for each in self._inputs:
            self._open(each)

    def text_of(self, story: SavedStory) -> str:
        """The text of a story's document; "" where it is not there, or another one is."""
        file = _file_of(story.document_location)
        if not self._inputs and file not in self._opened and os.path.exists(file):
            self._open(file)
        if story.document_id not in self._texts:
            self._missing[file] = None
        return self._texts.get(story.document_id, "")

    def problems(self) -> list[Problem]:
        return [
            Problem(
                location=location,
                message="the text that was read is not there; its stories are compared without their words",
                remedy="Name the inputs that were read with --texts, or read them again.",
            )
            for location in self._missing
        ]

    def _open(self, file: str) -> None:
        self._opened.add(file)
        for received in reading.read_documents([file], limits=Config().limits):
            if not isinstance(received, Problem):
                self._texts[received.document.id] = received.document.text


def _file_of(location: str) -> str:
    """The file of a document: "news.jsonl" of "news.jsonl#7"."""
    return location if os.path.exists(location) else location.rsplit("#", 1)[0]
