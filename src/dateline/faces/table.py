"""Claims as a table: one row each, in columns that a spreadsheet or R can read without knowing the records."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dateline.records import ActorRef, Claim, Span

if TYPE_CHECKING:
    from dateline.pipeline import StoryReading

COLUMNS = (
    "story_id",
    "location",
    "outlet",
    "published",
    "headline",
    "claim_id",
    "source",
    "act",
    "cue",
    "content",
    "quotation",
    "polarity",
    "source_actors",
    "about",
    "addressees",
    "medium",
    "within",
    "answers",
    "answers_content",
    "content_start",
    "content_end",
)


def header() -> str:
    return _row(COLUMNS)


def rows(reading: StoryReading) -> str:
    """The rows of one story, each ended by a line break; "" when it has no claims."""
    return "".join(_row(cells) for cells in _cells(reading))


def _cells(reading: StoryReading) -> Iterator[Sequence[str]]:
    story = reading.story
    claims = {claim.id: claim for claim in reading.claims}
    names = {actor.id: actor.name for actor in reading.actors}
    for claim in reading.claims:
        answered = claims.get(claim.answers or "")
        first, last = _extent(claim)
        yield (
            story.id,
            reading.document.location,
            story.outlet_id or "",
            _day(story.published_at),
            _flat(reading, (story.headline,) if story.headline else ()),
            claim.id,
            _flat(reading, claim.source),
            claim.act,
            _flat(reading, claim.cue),
            _flat(reading, claim.content),
            claim.quotation,
            claim.polarity,
            _names(claim.source_actors, names),
            _names(claim.about, names),
            _names(claim.addressees, names),
            claim.medium or "",
            claim.within or "",
            claim.answers or "",
            _flat(reading, answered.content) if answered else "",
            first,
            last,
        )


def _flat(reading: StoryReading, spans: Sequence[Span]) -> str:
    """The words on one line."""
    return " ".join(reading.words(spans).split())


def _names(refs: Sequence[ActorRef], names: dict[str, str]) -> str:
    return "; ".join(dict.fromkeys(names.get(ref.actor_id, ref.actor_id) for ref in refs))


def _extent(claim: Claim) -> tuple[str, str]:
    if not claim.content:
        return "", ""
    return str(min(span.start for span in claim.content)), str(max(span.end for span in claim.content))


def _day(moment: dt.date | dt.datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _row(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([_harmless(cell) for cell in cells])
    return line.getvalue()


def _harmless(cell: str) -> str:
    """Keep spreadsheets from running words of a story as a formula (OWASP ASVS 1.2.10): a ' goes before them."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\0")) else cell
