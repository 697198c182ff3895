"""A story that was read again: its new records are a new version of it, and corrections go on to hold.

A version of the text that the same outlet publishes and a version that another model reads of the same text are kept in
the same way (`versions.py`), so whoever asks for the latest gets one of them, and the other is still there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from dateline.errors import RecordError
from dateline.records import Id, StoryRecords
from dateline.store import corrections as overlay
from dateline.store import schema, versions
from dateline.store.backends import Backend
from dateline.store.faults import explained
from dateline.store.kept import Change, Correction, Run, StoredStory
from dateline.store.store import Store, _change_row, _insert, _insert_actor_words, _insert_new, _run_row
from dateline.store.versions import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """changes: how many events and claims are new, revised or withdrawn. carried: how many corrections go on to hold.

    lost: the events and claims with corrections that have nothing in their place.
    """

    changes: int
    carried: int
    lost: tuple[Id, ...]


def renew(
    store: Store, backend: Backend, stored: StoredStory, records: StoryRecords, *, run: Run, now: dt.datetime
) -> Renewed:
    """Keep the records of a story that was read again as its new version, in one transaction."""
    if records.story.supersedes != stored.records.story.id or records.story.document_id != stored.document.id:
        raise RecordError("these are no records of this story, read again", location=store.where)
    changes = list(versions.align(Told(stored.document, stored.records), Told(stored.document, records)))
    documents, stories = schema.documents, schema.stories
    with explained(store.where), backend.writing() as connection, connection.begin():
        backend.lock(connection, stored.document.id)
        newer = sa.select(stories.c.id).where(stories.c.supersedes == stored.records.story.id)
        if connection.execute(newer).first():  # another program was faster
            return Renewed(changes=0, carried=0, lost=())
        _insert_new(connection, schema.runs, [_run_row(run, now)])
        _insert_actor_words(connection, [records])
        store.insert_story(connection, stored.document, records, run=run, now=now)
        here = documents.c.id == stored.document.id
        connection.execute(sa.update(documents).where(here).values(story_count=documents.c.story_count + 1))
        _insert(connection, schema.changes, [_change_row(each, now) for each in changes])
        names = _same_words(stored.records, records) | _places(changes)
        carried, lost = _carry(connection, stored.corrections, _places(changes), names)
    told = {(each.kind, each.earlier_id, each.later_id) for each in changes if each.change != "kept"}
    return Renewed(changes=len(told), carried=carried, lost=lost)


def _places(changes: Iterable[Change]) -> dict[Id, Id]:
    """What stands in the place of each event and claim of the version before."""
    return {each.earlier_id: each.later_id for each in changes if each.earlier_id and each.later_id}


def _same_words(before: StoryRecords, after: StoryRecords) -> dict[Id, Id]:
    """Mentions at the same words, and actors of the same name whom no register knows, of both versions."""
    spans = {(mention.span, mention.kind): mention.id for mention in after.mentions}
    names = {actor.name: actor.id for actor in after.actors}
    kept = {actor.id for actor in after.actors}
    same = {one.id: spans[one.span, one.kind] for one in before.mentions if (one.span, one.kind) in spans}
    return same | {one.id: names[one.name] for one in before.actors if one.id not in kept and one.name in names}


def _carry(
    connection: sa.Connection, said: Iterable[Correction], places: Mapping[Id, Id], names: Mapping[Id, Id]
) -> tuple[int, tuple[Id, ...]]:
    """Say again of the new records what people said of those before, under their names and days, where it counts.

    places: of events and claims. names: the ids that a value may name, and what they are called now.
    """
    table = schema.corrections
    carried = 0
    lost: list[Id] = []
    by_target: dict[Id, list[Correction]] = {}
    for each in said:
        by_target.setdefault(each.target_id, []).append(each)
    for target, made in by_target.items():
        counting = overlay.counting(made)
        if counting and target not in places:
            lost.append(target)
            continue
        for each in counting:
            value = _renamed(each.value, names)
            row = {
                "target_id": places[target], "action": each.action, "field": each.field, "value": value,
                "undoes": None, "editor": each.editor, "reason": each.reason, "made_at": each.made_at,
            }  # fmt: skip
            connection.execute(sa.insert(table), row)
            carried += 1
    return carried, tuple(lost)


def _renamed(value: object, names: Mapping[Id, Id]) -> object:
    """A value with the new ids of what it names."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, list):
        return [_renamed(each, names) for each in value]
    if isinstance(value, dict):
        return {name: _renamed(each, names) for name, each in value.items()}
    return value
