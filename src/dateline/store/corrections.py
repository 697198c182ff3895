"""What people say about records, laid over them: nothing that was read is ever overwritten.

A correction accepts a claim, an event or an incident, rejects it, changes a field of a claim or an event, merges
incidents or splits one. It is undone by another correction. The last word counts: of two changes of one field, and of
"accept" and "reject", the later that is not undone.
"""

from __future__ import annotations

import dataclasses
import functools
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from dateline.errors import UsageError
from dateline.records import Claim, Event, Id, Incident, StoryRecords, make_id
from dateline.store.kept import Correction, Grouping, StoredStory

if TYPE_CHECKING:
    from pydantic import TypeAdapter

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
    standing = counting(each for each in corrections if each.target_id == record.id)
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


def regrouped(incidents: Iterable[Incident], corrections: Iterable[Correction]) -> tuple[Grouping, ...]:
    """The incidents that people merged or split, as they count now; those that nobody touched are not among them.

    incidents: as they were found, at least all that a merger names or whose members a split names. Mergers and splits
    apply in the order in which they were made. A split holds for its members wherever they are: also where the
    incidents have been found anew since.
    """
    groups = {each.id: _Group([each.id], [*each.event_ids], [*each.claim_ids]) for each in incidents}
    merged_into: dict[Id, Id] = {}
    touched: dict[Id, None] = {}
    for each in counting(corrections):
        if each.action == "merge":
            target = _followed(merged_into, each.target_id)
            for other in (_followed(merged_into, name) for name in each.value):
                if target in groups and other in groups and other != target:
                    groups[target].take(groups.pop(other))
                    merged_into[other] = target
                    touched[target] = None
        elif each.action == "split":
            for name, group in list(groups.items()):
                if (apart := group.without(set(each.value))) is not None:
                    own = make_id("incident", *sorted((*apart.events, *apart.claims)))
                    groups[own] = apart
                    touched |= {name: None, own: None}
    return tuple(
        Grouping(
            id=name,
            event_ids=tuple(groups[name].events),
            claim_ids=tuple(groups[name].claims),
            incident_ids=tuple(groups[name].incidents),
        )
        for name in touched
        if name in groups
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
    return _adapter(kind.__name__, field).validate_python(value)


@functools.cache
def _adapter(kind: str, field: str) -> TypeAdapter[Any]:
    """What reads a field of "Claim" or "Event"; made once, for making it takes longer than a thousand readings."""
    from pydantic import TypeAdapter  # slow to import, and most stories have no corrections

    of = {each.__name__: each for each in (Claim, Event)}[kind]
    return TypeAdapter(typing.get_type_hints(of)[field])


def counting(corrections: Iterable[Correction]) -> list[Correction]:
    """Those that count, in order. Undoing an undoing brings the first back."""
    ordered = sorted(corrections, key=lambda each: each.number)
    undone: set[int | None] = set()
    for each in reversed(ordered):  # whoever undoes comes later
        if each.action == "undo" and each.number not in undone:
            undone.add(each.undoes)
    return [each for each in ordered if each.action != "undo" and each.number not in undone]


@dataclass(slots=True)
class _Group:
    """An incident's members while they are being regrouped."""

    incidents: list[Id]
    events: list[Id]
    claims: list[Id]

    def take(self, other: _Group) -> None:
        self.incidents += (each for each in other.incidents if each not in self.incidents)
        self.events += (each for each in other.events if each not in self.events)
        self.claims += (each for each in other.claims if each not in self.claims)

    def without(self, members: set[Id]) -> _Group | None:
        """Take members out, into a group of their own; None where that would leave nothing, or take nothing."""
        events = [each for each in self.events if each in members]
        claims = [each for each in self.claims if each in members]
        if not (events or claims) or len(events) + len(claims) == len(self.events) + len(self.claims):
            return None
        self.events = [each for each in self.events if each not in members]
        self.claims = [each for each in self.claims if each not in members]
        return _Group(list(self.incidents), events, claims)


def _followed(merged_into: Mapping[Id, Id], name: Id) -> Id:
    while name in merged_into:
        name = merged_into[name]
    return name


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
