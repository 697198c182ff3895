"""What a store takes and gives besides records: runs, stored stories, changes, corrections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from dateline.records import Document, Id, Outlet, Span, StoryRecords, make_id

NoteKind: TypeAlias = Literal["correction", "clarification", "update", "retraction"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Who read a story: the same weights, code and options read the same words alike.

    model: digest of the weights. version: of Dateline. configuration: the options that decide what is found.
    """

    model: str
    version: str
    configuration: Mapping[str, str]

    @property
    def id(self) -> Id:
        return make_id(
            "run", self.model, self.version, *(f"{k}={self.configuration[k]}" for k in sorted(self.configuration))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of one document.

    outcome: "new"; "version" where at least one of its stories is a new version of a kept one; "unchanged" where all of
        its stories are there word for word, and only what stands around them differs: nothing is kept then;
        "there" where this very document is there already.
    stories, claims, events: how many were kept. rows: how many rows were written, 0 for "unchanged" and "there".
    """

    outcome: Literal["new", "version", "unchanged", "there"]
    stories: int = 0
    claims: int = 0
    events: int = 0
    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many of each kind a store holds."""

    documents: int
    stories: int
    claims: int
    events: int
    incidents: int
    problems: int
    corrections: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a new version of a story made of one event or claim of the version before it.

    kind: "event" or "claim". earlier_id, later_id: None where it is new, where it is withdrawn.
    field, earlier, later: of a revised one, the field and what it was and is, as JSON would have it: words of the text,
        ids of places, numbers. A record with two revised fields gives two changes.
    """

    story_id: Id
    earlier_story_id: Id
    kind: Literal["event", "claim"]
    change: Literal["kept", "revised", "withdrawn", "new"]
    earlier_id: Id | None
    later_id: Id | None
    field: str | None = None
    earlier: Any = None
    later: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionNote:
    """What an outlet says in a story about its own changes to it.

    span: the whole note, in the document's text. wrong, right: in it, what was said before and what is so; None where
        the note does not say it in one of the usual ways.
    """

    story_id: Id
    kind: NoteKind
    span: Span
    wrong: Span | None
    right: Span | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person says about a record. Nothing is overwritten: a correction is undone by another.

    number: of its row, in the order in which they were made. target_id: a claim, an event or an incident.
    action: "accept" it as it is, "reject" it, "change" one field of a claim or an event; "merge" other incidents into
        an incident, "split" members from it; or "undo" the correction numbered `undoes`.
    value: of a change, what the field should be, as JSON would have it; of a merger the ids of the other incidents; of
        a split the ids of the events and claims that are about something else.
    """

    number: int
    target_id: Id
    action: Literal["accept", "reject", "change", "merge", "split", "undo"]
    field: str | None
    value: Any
    undoes: int | None
    editor: str
    reason: str
    made_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Which events and claims are about one happening, after what people said.

    id: of the incident that others were merged into or something was split from; of what was split off, a digest of its
        members. incident_ids: the incidents, as they were found, that its members come from.
    """

    id: Id
    event_ids: tuple[Id, ...]
    claim_ids: tuple[Id, ...]
    incident_ids: tuple[Id, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStory:
    """A story as it is kept, with the document that its spans point into.

    number: its place in the order of arrival. records: as they were read, whatever people have said since.
    corrections: what people said about its claims and events; `corrections.corrected` applies them.
    superseded_by: its next version; None for the latest.
    """

    number: int
    document: Document
    outlet: Outlet | None
    records: StoryRecords
    run_id: Id
    kept_at: dt.datetime
    superseded_by: Id | None = None
    corrections: tuple[Correction, ...] = ()
