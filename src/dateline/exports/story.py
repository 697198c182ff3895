"""What the writers of this folder are given: one story with its document and outlet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from dateline.records import (
    Actor,
    ActorRef,
    Claim,
    Document,
    Event,
    Mention,
    Outlet,
    Place,
    PlaceRef,
    Span,
    Story,
    TimeRef,
)


class ExportStory(Protocol):
    """The records of one story; `pipeline.StoryReading` is one."""

    @property
    def document(self) -> Document: ...
    @property
    def outlet(self) -> Outlet | None: ...
    @property
    def story(self) -> Story: ...
    @property
    def mentions(self) -> tuple[Mention, ...]: ...
    @property
    def actors(self) -> tuple[Actor, ...]: ...
    @property
    def actor_refs(self) -> tuple[ActorRef, ...]: ...
    @property
    def places(self) -> tuple[Place, ...]: ...
    @property
    def place_refs(self) -> tuple[PlaceRef, ...]: ...
    @property
    def times(self) -> tuple[TimeRef, ...]: ...
    @property
    def claims(self) -> tuple[Claim, ...]: ...
    @property
    def events(self) -> tuple[Event, ...]: ...


def words_at(story: ExportStory, spans: Sequence[Span]) -> str:
    """The words at some spans on one line, several joined by " ... "."""
    text = story.document.text
    return " ... ".join(" ".join(text[span.start : span.end].split()) for span in spans)
