"""One record of a store as people read it, with everything that belongs to it: what `dateline show` prints."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dateline.errors import UsageError
from dateline.faces import answers
from dateline.faces.happenings import event_lines
from dateline.faces.screen import LineNumbers, Style, claim_lines, flat, story_head, story_page
from dateline.pipeline.asking import reading_of
from dateline.records import Actor, Event, Id, Span

if TYPE_CHECKING:
    from dateline.pipeline import StoryReading
    from dateline.store import Correction, Store, StoredStory

SHOWN = 10  # events or claims of an actor under each heading


def page(store: Store, name: str, *, style: Style, as_read: bool = False) -> Iterator[str]:
    """The lines of a page about what is called so. Raises UsageError where that is nothing, or several things."""
    found = store.named(name)
    if not found:
        if not store.actors(name):
            raise UsageError(
                f"there is nothing called {name!r}",
                location=store.where,
                remedy="Give an id as `dateline search` shows it, the beginning of one, or the name of an actor.",
            )
        return _actor_page(store, name, style=style)
    if len(found) > 1:
        names = ", ".join(each for _, each in found[:8])
        raise UsageError(f"{name!r} may be {names}", location=store.where, remedy="Give more of the id.")
    ((kind, identity),) = found
    match kind:
        case "story":
            return _story_page(store, identity, style=style, as_read=as_read)
        case "event":
            return _event_page(store, identity, style=style, as_read=as_read)
        case "claim":
            return _claim_page(store, identity, style=style, as_read=as_read)
        case "incident":
            return _incident_page(store, identity, style=style)
    return _actor_page(store, identity, style=style)


# ---------------------------------------------------------------- a story


def _story_page(store: Store, name: Id, *, style: Style, as_read: bool) -> Iterator[str]:
    stored = store.story(name)
    records = stored.records if as_read else store.effective(name)
    reading = reading_of(stored, records)
    yield from story_page(reading, style=style).rstrip("\n").split("\n")
    yield ""
    yield _title("Its text", style)
    for span in (*reading.story.summary, *reading.story.body):
        yield ""
        yield from _wrapped(flat(reading, (span,)), style)
    yield from _versions(store, stored, style)
    yield from _corrections(stored.corrections, style)


def _versions(store: Store, stored: StoredStory, style: Style) -> Iterator[str]:
    story = stored.records.story
    if not (story.supersedes or stored.superseded_by):
        return
    yield ""
    yield _title("Versions", style)
    if story.supersedes:
        yield f"  the version before: {story.supersedes}"
        told = [each for each in store.changes(story_id=story.id) if each.change != "kept"]
        yield from ("    " + line for line in answers.change_table(told, style=replace(style, width=style.width - 4)))
    if stored.superseded_by:
        yield f"  there is a newer version: {stored.superseded_by}"


# ---------------------------------------------------------------- an event


def _event_page(store: Store, name: Id, *, style: Style, as_read: bool) -> Iterator[str]:
    (found,) = store.events_of([name], as_read=as_read)
    event, reading = found.record, reading_of(found.stored, found.records)
    lines = LineNumbers(reading.document.text)
    yield from event_lines(replace(reading, events=(event,)), style, flat, lines.place)
    yield ""
    yield _title("In the words of the story", style)
    for span in _paragraphs(reading, event):
        yield ""
        yield from _wrapped(flat(reading, (span,)), style)
    told = [claim for claim in reading.claims if claim.id in _voices(event)]
    if told:
        yield ""
        yield _title("Whose words those are", style)
        for claim in told:
            yield ""
            yield "  " + style.paint(flat(reading, claim.source) or "(nobody is named)", "1")
            yield from claim_lines(claim, reading, lines, style)
    yield ""
    yield _title("The story", style)
    yield from ("  " + line for line in story_head(reading, replace(style, width=style.width - 2)))
    yield f"  {reading.story.id}"
    if found.stored.superseded_by:
        yield f"  there is a newer version: {found.stored.superseded_by}"
    yield from _corrections((each for each in found.stored.corrections if each.target_id == name), style)


def _paragraphs(reading: StoryReading, event: Event) -> list[Span]:
    """The parts of the story that name the event."""
    named = (event.trigger, *event.other_mentions)
    story = reading.story
    parts = [part for part in (story.headline, *story.summary, *story.body) if part]
    around = [part for part in parts if any(part.start < span.end and span.start < part.end for span in named)]
    return around or [event.trigger]


def _voices(event: Event) -> set[Id | None]:
    return {stance.claim_id for stance in event.stances} | {toll.claim_id for toll in event.tolls} - {None}


# ---------------------------------------------------------------- a claim


def _claim_page(store: Store, name: Id, *, style: Style, as_read: bool) -> Iterator[str]:
    (found,) = store.claims_of([name], as_read=as_read)
    claim, reading = found.record, reading_of(found.stored, found.records)
    lines = LineNumbers(reading.document.text)
    groups = (
        ("", [claim]),
        ("It answers", [each for each in reading.claims if each.id == claim.answers]),
        ("Answers to it", [each for each in reading.claims if each.answers == claim.id]),
        ("It is told in", [each for each in reading.claims if each.id == claim.within]),
        ("Told in it", [each for each in reading.claims if each.within == claim.id]),
    )
    for title, claims in groups:
        if claims and title:
            yield ""
            yield _title(title, style)
        for each in claims:
            yield "  " + style.paint(_speaker(reading, each), "1")
            yield from claim_lines(each, reading, lines, style)
    about = [event for event in reading.events if claim.id in _voices(event)]
    if about:
        yield ""
        yield _title("It speaks of", style)
        yield from event_lines(replace(reading, events=tuple(about)), style, flat, lines.place)
    yield ""
    yield _title("The story", style)
    yield from ("  " + line for line in story_head(reading, replace(style, width=style.width - 2)))
    yield f"  {reading.story.id}"
    yield from _corrections((each for each in found.stored.corrections if each.target_id == name), style)


def _speaker(reading: StoryReading, claim: Any) -> str:
    names = {actor.id: actor.name for actor in reading.actors}
    known = dict.fromkeys(names[ref.actor_id] for ref in claim.source_actors if ref.actor_id in names)
    return "; ".join(known) or flat(reading, claim.source) or "(nobody is named)"


# ---------------------------------------------------------------- an actor


def _actor_page(store: Store, name: str, *, style: Style) -> Iterator[str]:
    from dateline.store import Query

    actors = store.actors(name)
    yield style.paint(_joined(dict.fromkeys(actor.name for actor in actors)), "1")
    aliases = dict.fromkeys(alias for actor in actors for alias in actor.aliases)
    if aliases:
        yield from _wrapped("also " + _joined(aliases, 20), style)
    yield from _wrapped(_joined(dict.fromkeys(map(_described, actors))), style)
    yield from _wrapped(_joined([actor.id for actor in actors], 3), style)
    events, claims = Query(actor=name, limit=SHOWN), Query(limit=SHOWN)
    inner = replace(style, width=style.width - 2)
    for title, query in (
        ("What it does", replace(events, role="actor")),
        ("What is done to it", replace(events, role="recipient")),
    ):
        count = store.count(query)
        yield from _part(title, count, answers.event_table(store.events(query), style=inner), style)
    for title, query in (
        ("What it says", replace(claims, by=name)),
        ("What is said about it", replace(claims, about=name)),
    ):
        count = store.count(query, of="claims")
        yield from _part(title, count, answers.claim_table(store.claims(query), style=inner), style)


def _described(actor: Actor) -> str:
    codes = " ".join(filter(None, (actor.country, actor.sector)))
    return f"{actor.kind}, {codes}" if codes else actor.kind


def _joined(names: Iterable[str], most: int = 8) -> str:
    known = list(names)
    more = f" and {len(known) - most:,} more" if len(known) > most else ""
    return "; ".join(known[:most]) + more


def _part(title: str, count: int, lines: Iterator[str], style: Style) -> Iterator[str]:
    if not count:
        return
    yield ""
    yield _title(f"{title} ({min(count, SHOWN):,} of {count:,})" if count > SHOWN else f"{title} ({count:,})", style)
    yield from ("  " + line for line in lines)


# ---------------------------------------------------------------- an incident


def _incident_page(store: Store, name: Id, *, style: Style) -> Iterator[str]:
    incident = store.incident(name)
    days = " to ".join(dict.fromkeys(str(day) for day in (incident.earliest, incident.latest) if day))
    yield style.paint(f"{incident.type}  {days}", "1")
    yield f"  {incident.id}"
    if incident.disagreements:
        yield from _wrapped("the accounts differ in: " + ", ".join(incident.disagreements), style)
    inner = replace(style, width=style.width - 2)
    events = store.events_of(incident.event_ids)
    yield from _part("As reported", len(events), answers.event_table(events, style=inner), style)
    claims = store.claims_of(incident.claim_ids)
    yield from _part("What is said about it", len(claims), answers.claim_table(claims, style=inner), style)


# ---------------------------------------------------------------- lines


def _corrections(corrections: Iterable[Correction], style: Style) -> Iterator[str]:
    known = list(corrections)
    if not known:
        return
    yield ""
    yield _title("Corrections", style)
    for each in known:
        what = f"{each.field} is {each.value!r}" if each.action == "change" else each.action
        what = f"undoes {each.undoes}" if each.action == "undo" else what
        reason = f": {each.reason}" if each.reason else ""
        yield from _wrapped(f"{each.number}  {each.made_at:%Y-%m-%d} {each.editor}  {what}{reason}", style)


def _title(words: str, style: Style) -> str:
    return "  " + style.paint(words, "1;4" if style.colour else "")


def _wrapped(words: str, style: Style) -> Iterator[str]:
    for line in textwrap.wrap(words, style.width - 2, break_on_hyphens=False):
        yield "  " + line
