"""Incidents: the same happening across outlets and updates, with every account kept.

    prepared = [prepare(records, text, knowledge=knowledge) for records, text in stories]
    for dossier in merge(prepared, knowledge=knowledge).dossiers:
        print(dossier.id, dossier.accounts.counts, dossier.disagreements)

`candidates` says which stories to compare, `similarity` how likely two are about the same, `clusters` makes
groups of that, `copies` tells which texts are not independent, `accounts` keeps who says what. What comes out
depends on the stories alone, never on their order.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dateline.incidents.accounts import Accounts, Telling, gather_accounts, stances_once
from dateline.incidents.clusters import Gathering, Group, Link, Ruling
from dateline.incidents.copies import Copy, Text, find_copies, origins, text_of
from dateline.incidents.lineage import where_now
from dateline.incidents.portraits import StoryPortrait, portray
from dateline.incidents.similarity import Judges, load_judges
from dateline.incidents.words import Frequencies, load_frequencies
from dateline.records import Event, Id, Incident, StoryRecords, make_id

__all__ = [
    "Accounts",
    "Copy",
    "Dossier",
    "Gathering",
    "Knowledge",
    "Link",
    "Merged",
    "Prepared",
    "Ruling",
    "load_knowledge",
    "merge",
    "prepare",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier(Incident):
    """An incident with its accounts.

    leading: the stories whose main happening it is, those among them, too, in which no event of it was found.
    story_ids: all that tell it. accounts: who says what of it. links: why each event but the first is part of it.
    """

    leading: tuple[Id, ...]
    story_ids: tuple[Id, ...]
    accounts: Accounts
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """All incidents of some stories.

    dossiers: that which most stories lead with first. copies: which stories share words. origins: for each story the
    one whose text it is. now: for each previous incident those that hold its events now, the one with most of them
    first: itself alone where nothing changed, two where it was split, none where its stories are gone.
    """

    dossiers: tuple[Dossier, ...]
    copies: tuple[Copy, ...]
    origins: Mapping[Id, Id]
    now: Mapping[Id, tuple[Id, ...]]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What incidents need besides the stories: counts of words, learned weights. Read-only."""

    frequencies: Frequencies
    judges: Judges


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """One story, ready to be merged: the records that accounts are made of, what is compared of it, its text as
    shingles. Holds no text, so that many stories fit into memory.
    """

    records: StoryRecords
    portrait: StoryPortrait
    text: Text


def load_knowledge() -> Knowledge:
    """Load the shipped counts and weights. Raises InstallationError where they are missing or damaged."""
    return Knowledge(load_frequencies(), load_judges())


def prepare(records: StoryRecords, text: str, *, knowledge: Knowledge) -> Prepared:
    """Gather what is compared of one story. text: of its document; "" where it is not at hand: its records speak
    alone.
    """
    return Prepared(
        records=replace(records, mentions=(), actor_refs=(), places=(), place_refs=(), times=(), problems=()),
        portrait=portray(records, text, frequencies=knowledge.frequencies),
        text=text_of(records.story, text),
    )


def merge(
    stories: Iterable[Prepared],
    *,
    knowledge: Knowledge,
    previous: Iterable[Incident] = (),
    rulings: Iterable[Ruling] = (),
) -> Merged:
    """Find which events of which stories are one happening, and keep every account of it.

    previous: incidents of an earlier run over some of these stories; see `Merged.now`. rulings: people's word on
    which events are one. Nothing is ever merged for good: without a story, or with a ruling more, another run gives
    what it would have given from the beginning.
    """
    known = {each.records.story.id: each for each in stories}  # a story that comes twice counts once
    gathering = Gathering(knowledge.judges, rulings)
    for name in sorted(known):
        gathering.add(known[name].portrait)
    groups = gathering.groups()
    texts = [known[name].text for name in sorted(known)]
    copies = find_copies(texts)
    whose = _with_known_copies(origins(texts, copies), known)
    told_by = {event.id: (event, each.records) for each in known.values() for event in each.records.events}
    names = {group: _name(group, told_by) for group in groups}
    now = where_now(previous, {name: group.events for group, name in names.items()})
    dossiers = [_dossier(name, group, told_by, whose, now) for group, name in names.items()]
    dossiers.sort(key=lambda each: (-len(each.leading), -len(each.story_ids), each.id))
    return Merged(dossiers=tuple(dossiers), copies=copies, origins=whose, now=now)


def _name(group: Group, told_by: Mapping[Id, tuple[Event, StoryRecords]]) -> Id:
    """An incident is named by its earliest report, so that later ones leave the name as it is."""
    return make_id("incident", min(group.events, key=lambda each: _age(*told_by[each])))


def _with_known_copies(whose: dict[Id, Id], known: Mapping[Id, Prepared]) -> dict[Id, Id]:
    """Stories that are marked as copies already are copies, whatever their words."""
    marked = {name: each.records.story.copy_of for name, each in known.items()}
    return {name: whose.get(marked[name] or name, whose[name]) for name in whose}


def _dossier(
    name: Id,
    group: Group,
    told_by: Mapping[Id, tuple[Event, StoryRecords]],
    whose: Mapping[Id, Id],
    now: Mapping[Id, tuple[Id, ...]],
) -> Dossier:
    tellings = [
        Telling(event=event, records=records, text=whose[records.story.id])
        for event, records in (told_by[each] for each in group.events)
    ]
    accounts = gather_accounts(tellings)
    earliest, latest = _days(accounts)
    return Dossier(
        id=name,
        event_ids=group.events,
        claim_ids=tuple(sorted({each for telling in tellings for each in _claims_of(telling.event)})),
        type=accounts.of("type")[0].value,
        earliest=earliest,
        latest=latest,
        place_id=_place(tellings),
        stances=stances_once(tellings),
        disagreements=accounts.disagreements,
        supersedes=tuple(sorted(old for old, new in now.items() if new[:1] == (name,) and old != name)),
        leading=group.leading,
        story_ids=tuple(sorted({*group.leading, *(telling.records.story.id for telling in tellings)})),
        accounts=accounts,
        links=group.links,
    )


def _age(event: Event, records: StoryRecords) -> tuple[dt.date, Id]:
    """Which report came first: by the story's day, undated ones last."""
    moment = records.story.published_at or records.story.updated_at
    day = moment.date() if isinstance(moment, dt.datetime) else moment
    return day or dt.date.max, event.id


def _claims_of(event: Event) -> set[Id]:
    """The claims that say something of an event."""
    found = [stance.claim_id for stance in event.stances]
    found += [toll.claim_id for toll in event.tolls]
    found += [evidence.claim_id for evidence in event.evidence]
    return {each for each in found if each is not None}


def _days(accounts: Accounts) -> tuple[dt.date | None, dt.date | None]:
    """The days that most independent texts give; the shortest time of those that equally many give."""
    given: list[tuple[int, int, dt.date, dt.date]] = []
    for each in accounts.of("time"):
        earliest, latest = map(dt.date.fromisoformat, each.value.split("/"))
        given.append((-each.texts, (latest - earliest).days, earliest, latest))
    return min(given)[2:] if given else (None, None)


def _place(tellings: Sequence[Telling]) -> Id | None:
    """The place that most independent texts give; the most exact one of those that equally many give."""
    radius: dict[Id, int] = {}
    texts: Counter[Id] = Counter()
    for place, _ in {(ref.place_id, each.text) for each in tellings for ref in each.event.places}:
        texts[place] += 1
    for each in tellings:
        for ref in each.event.places:
            radius[ref.place_id] = min(radius.get(ref.place_id, 10_000), ref.radius_km or 10_000)
    return min(texts, key=lambda place: (-texts[place], radius[place], place), default=None)
