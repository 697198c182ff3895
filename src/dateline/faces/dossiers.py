"""Incidents as lines of JSON for programs and as a table for people."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

from dateline.faces.jsonlines import plain_of
from dateline.pipeline import MergedStories
from dateline.records import Incident

_COLUMNS = ("stories", "texts", "sources", "backing", "type", "days", "place", "killed", "differ in", "leads in")


def lines(told: MergedStories) -> Iterator[str]:
    """One line per incident: the fields of `Incident`, then what its stories say.

    "leading": locations of the stories whose leading event it holds; "stories": of all that tell it. "counts": outlets,
    independent texts, named sources. "backing": corroborated, disputed, denied, single-source or null. "reported": for
    each field its values with their voices. "tolls": every number by day. "links": why each event is part of it.
    """
    for dossier in told.merged.dossiers:
        accounts = dossier.accounts
        line: dict[str, Any] = {
            field.name: plain_of(getattr(dossier, field.name)) for field in dataclasses.fields(Incident)
        }
        line |= {
            "leading": [told.locations[each] for each in dossier.leading],
            "stories": [told.locations[each] for each in dossier.story_ids],
            "counts": plain_of(accounts.counts),
            "backing": accounts.backing,
            "reported": plain_of(accounts.reported),
            "tolls": plain_of(accounts.tolls),
            "links": plain_of(dossier.links),
        }
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def table(told: MergedStories) -> str:
    """The incidents that more than one story tells, or that a story leads with, as columns; the most told first."""
    rows = [_COLUMNS]
    for dossier in told.merged.dossiers:
        if not dossier.leading and len(dossier.story_ids) < 2:
            continue
        accounts = dossier.accounts
        place = told.places.get(dossier.place_id or "")
        days = sorted({str(day) for day in (dossier.earliest, dossier.latest) if day is not None})
        rows.append(
            (
                str(len(dossier.story_ids)),
                str(accounts.counts.texts),
                str(accounts.counts.sources),
                accounts.backing or "",
                dossier.type,
                " to ".join(days),
                place.name if place else "",
                " / ".join(each.value for each in accounts.of("killed")),
                ", ".join(dossier.disagreements),
                _short([told.locations[each] for each in dossier.leading]),
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    aligned = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(aligned) + "\n"


def summary(told: MergedStories) -> str:
    """What was merged, in one line: how many stories, incidents, incidents of several stories."""
    several = sum(1 for dossier in told.merged.dossiers if len(dossier.story_ids) > 1)
    return (
        f"dateline: {len(told.locations):,} stories, {len(told.merged.dossiers):,} incidents, {several:,} of them told "
        "by several stories"
    )


def _short(locations: list[str]) -> str:
    """The first locations, without their folders."""
    names = [each.rsplit("/", 1)[-1] for each in locations]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
