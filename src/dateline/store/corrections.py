"""What people say about records, laid over them: nothing that was read is ever overwritten.

A correction accepts a claim or an event, rejects it, or changes one of its fields. It is undone by another
correction. The last word counts: of two changes of one field, and of "accept" and "reject", the later that is not
undone.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from dateline.errors import UsageError
from dateline.records import Claim, Event, Id, StoryRecords
from dateline.store.kept import Correction, StoredStory

Record = TypeVar("Record", Claim, Event)

# What makes a record the record it is, and what says why it was read so, is nobody's to change.
FIXED = ("id", "story_id", "trigger", "evidence")


@dataclass(frozen=True, slots=True)
class Effective(Generic[Record]):
    """A record as it was read and as it counts now.

    verdict: "accept" or "reject", the last that somebody said; None where nobody has said anything.
    changed: for each changed field the correction that counts.
    """

    read: Record
    counts: Record
    verdict: str | None
    changed: Mapping[str, Correction]


def effective(record: Record, corrections: Iterable[Correction]) -> Effective[Record]:
    """Lay the corrections of one record over it. Those of other records are passed over."""
    standing = _not_undone(each for each in corrections if each.target_id == record.id)
    verdict = None
    changed: dict[str, Correction] = {}
    for each in standing:
        if each.action == "change" and each.field is not None:
            changed[each.field] = each
        else:
            verdict = each.action
    values = {name: read_value(type(record), name, each.value) for name, each in changed.items()}
    return Effective(record, dataclasses.replace(record, **values), verdict, changed)


def corrected(stored: StoredStory) -> StoryRecords:
    """The records of a story as they count now: changed where somebody changed them, without the rejected ones.

    With a rejected claim goes what stands on its word alone: stances, tolls and evidence that name it. They do not
    become the writer's own word.
    """
    records = stored.records
    claims = [effective(claim, stored.corrections) for claim in records.claims]
    events = [effective(event, stored.corrections) for event in records.events]
    rejected = {each.read.id for each in claims if each.verdict == "reject"}
    return dataclasses.replace(
        records,
        claims=tuple(_without(each.counts, rejected) for each in claims if each.verdict != "reject"),
        events=tuple(_unsaid(each.counts, rejected) for each in events if each.verdict != "reject"),
    )


def check_value(kind: type[Claim] | type[Event], field: str, value: Any) -> None:
    """Raise UsageError where a field cannot be changed, or not to this value."""
    fields = [each.name for each in dataclasses.fields(kind) if each.name not in FIXED]
    if field not in fields:
        raise UsageError(
            f"the field {field!r} of a {kind.__name__.lower()} cannot be changed",
            remedy=f"These can: {', '.join(fields)}.",
        )
    try:
        read_value(kind, field, value)
    except ValueError as fault:
        raise UsageError(
            f"{value!r} is no value of the field {field!r} ({_first_line(fault)})",
            remedy="Give a value as the JSON of a story has it: docs/reference/json.md.",
        ) from fault


def read_value(kind: type[Claim] | type[Event], field: str, value: Any) -> Any:
    """A value of JSON as the field of a record has it. Raises ValueError where it is none."""
    from pydantic import TypeAdapter  # slow to import, and most stories have no corrections

    return TypeAdapter(typing.get_type_hints(kind)[field]).validate_python(value)


def _not_undone(corrections: Iterable[Correction]) -> list[Correction]:
    """Those that count, in order. Undoing an undoing brings the first back."""
    ordered = sorted(corrections, key=lambda each: each.number)
    undone: set[int | None] = set()
    for each in reversed(ordered):  # whoever undoes comes later
        if each.action == "undo" and each.number not in undone:
            undone.add(each.undoes)
    return [each for each in ordered if each.action != "undo" and each.number not in undone]


def _without(claim: Claim, rejected: set[Id]) -> Claim:
    return dataclasses.replace(
        claim,
        within=None if claim.within in rejected else claim.within,
        answers=None if claim.answers in rejected else claim.answers,
    )


def _unsaid(event: Event, rejected: set[Id]) -> Event:
    return dataclasses.replace(
        event,
        tolls=tuple(each for each in event.tolls if each.claim_id not in rejected),
        stances=tuple(each for each in event.stances if each.claim_id not in rejected),
        evidence=tuple(each for each in event.evidence if each.claim_id not in rejected),
    )


def _first_line(fault: ValueError) -> str:
    lines = str(fault).splitlines()
    return lines[2].strip() if len(lines) > 2 else str(fault)
