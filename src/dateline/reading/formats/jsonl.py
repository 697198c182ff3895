"""JSON lines: one story a line, as {"id", "text" | "html", "title", "published_at", "modified_at", "outlet", "url"}.

Other field names in wide use are understood too (`_NAMES`); unknown fields are passed over.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from dateline.reading.formats.text import clean_surrogates
from dateline.reading.outlets import registrable_domain
from dateline.reading.received import Metadata
from dateline.reading.timestamps import parse_moment
from dateline.records import Evidence, Problem

_METHOD = "reader:json-line"
_NAMES = {
    "id": ("id", "doc_id", "uri", "guid"),
    "title": ("title", "headline"),
    "published_at": ("published_at", "date_published", "published", "datePublished", "date"),
    "updated_at": ("modified_at", "updated_at", "date_modified", "modified", "dateModified", "updated"),
    "outlet": ("outlet", "publisher", "source", "domain"),
    "url": ("url", "link"),
    "language": ("language", "lang"),
    "authors": ("authors", "author", "byline"),
    "section": ("section",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One JSON line. name: its id, or its line number where it has none; exactly one of text and html is filled."""

    name: str
    text: str | None
    html: str | None
    metadata: Metadata
    problems: tuple[Problem, ...]


def parse_line(line: str, *, location: str, number: int) -> Record | Problem:
    """Read one line of a JSON lines file. number: counted from 1; location: of the file."""
    where = f"{location}:{number}"
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Problem(
            location=where,
            message=f"this line is not JSON ({_said(error)})",
            remedy='Each line must be one object, such as {"id": "1", "text": "..."}.',
        )
    return parse_record(record, location=location, number=number)


def parse_record(record: Any, *, location: str, number: int) -> Record | Problem:
    """Read one JSON object as a story."""
    where = f"{location}:{number}"
    if not isinstance(record, dict):
        return Problem(
            location=where,
            message=f"this line is a JSON {type(record).__name__}, not an object",
            remedy='Each line must be one object, such as {"id": "1", "text": "..."}.',
        )
    name = _name(record) or str(number)
    where = f"{location}#{name}"
    text, html = record.get("text"), record.get("html")
    has_text = isinstance(text, str) and bool(text.strip())
    has_html = isinstance(html, str) and bool(html.strip())
    if not (has_text or has_html):
        return Problem(
            location=where,
            message='this line has no "text" and no "html", or they are empty',
            remedy='Put the words of the story into the field "text".',
        )
    metadata, problems = _metadata(record, where)
    return Record(
        name=name,
        text=clean_surrogates(str(text)) if has_text else None,
        html=clean_surrogates(str(html)) if not has_text else None,
        metadata=metadata,
        problems=problems,
    )


def _name(record: dict[str, Any]) -> str | None:
    for field in _NAMES["id"]:
        value = record.get(field)
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            continue
        name = clean_surrogates(str(value)).strip()[:500]
        if name:
            return " ".join(name.split())
    return None


def _metadata(record: dict[str, Any], where: str) -> tuple[Metadata, tuple[Problem, ...]]:
    problems: list[Problem] = []
    moments = {}
    for field in ("published_at", "updated_at"):
        written = _text(record, field)
        moments[field] = parse_moment(written) if written else None
        if written and moments[field] is None:
            problems.append(
                Problem(
                    location=where,
                    message=f"the {field.replace('_at', '')} date {written[:40]!r} could not be read",
                    remedy="Write dates as 2025-11-28 or 2025-11-28T09:00:00Z.",
                )
            )
    outlet, url = _text(record, "outlet"), _text(record, "url")
    domain = registrable_domain(url) if url else None
    named_domain = registrable_domain(outlet) if outlet and " " not in outlet else None
    authors = record.get("authors", record.get("author", record.get("byline")))
    people = [authors] if isinstance(authors, str) else authors if isinstance(authors, list) else []
    language = _text(record, "language")
    found = {
        "title": _text(record, "title"),
        "published_at": moments["published_at"],
        "updated_at": moments["updated_at"],
        "outlet_name": outlet if outlet and not named_domain else None,
        "outlet_domain": named_domain or domain,
        "url": url,
        "language": language[:2].lower() if language else None,
        "authors": tuple(
            clean_surrogates(person).strip() for person in people if isinstance(person, str) and person.strip()
        ),
        "section": _text(record, "section"),
    }
    evidence = tuple(Evidence(field=field, spans=(), method=_METHOD) for field, value in found.items() if value)
    return Metadata(**found, evidence=evidence), tuple(problems)  # type: ignore[arg-type]


def _text(record: dict[str, Any], field: str) -> str | None:
    for name in _NAMES[field]:
        value = record.get(name)
        if isinstance(value, bool):
            continue
        if isinstance(value, (int, float)) and field.endswith("_at"):
            value = str(int(value)) if abs(value) < 1e14 else None
        if isinstance(value, dict):  # schema.org style: {"name": "Reuters"}
            value = value.get("name")
        if isinstance(value, str) and value.strip():
            return " ".join(clean_surrogates(value).split())[:2000]
    return None


def _said(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:120]
