"""One story as one line of JSON, and back.

A line holds the fields of `StoryRecords`, plus "document": {"id", "location", "media_type"} to say what the spans
point into, and "outlet", the publisher's record. Spans are {"start", "end"}, dates ISO 8601, empty tuples [].

Writing is by hand, because importing pydantic costs more than writing a story; `tests/faces/test_jsonlines.py`
holds it equal to pydantic's own output. Reading back is pydantic's, for what comes from outside must be checked.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from dateline.records import Claim, Problem, StoryRecords

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from dateline.pipeline import StoryReading
    from dateline.pipeline.verification import SavedStory


def to_line(reading: StoryReading, *, words: bool = False) -> str:
    """One story as one line, without the line break. `words` adds to each claim the words of its spans."""
    return json.dumps(to_plain(reading, words=words), ensure_ascii=False, separators=(",", ":"))


def to_plain(reading: StoryReading, *, words: bool = False) -> dict[str, Any]:
    """One story as plain dictionaries, lists, strings and numbers."""
    document = reading.document
    line: dict[str, Any] = {
        "document": {"id": document.id, "location": document.location, "media_type": document.media_type},
        "outlet": plain_of(reading.outlet),
    }
    line |= {field.name: plain_of(getattr(reading, field.name)) for field in dataclasses.fields(StoryRecords)}
    if words:
        for claim, made in zip(reading.claims, line["claims"], strict=True):
            made["words"] = _words(claim, reading)
    return line


def from_lines(lines: Iterable[str], *, location: str) -> Iterator[SavedStory | Problem]:
    """Read lines back; one that is no story gives a Problem that names its line. Blank lines are skipped."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _from_line(line, f"{location}#{number}")


def _from_line(line: str, location: str) -> SavedStory | Problem:
    from pydantic import ValidationError

    from dateline.pipeline.verification import SavedStory

    try:
        plain = json.loads(line)
        records = _adapter().validate_python(plain)
        document = plain["document"]
        claims_words = tuple(_saved_words(claim) for claim in plain.get("claims", ()))
        return SavedStory(
            location=location,
            document_id=str(document["id"]),
            document_location=str(document["location"]),
            records=records,
            words=claims_words,
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:  # a ValidationError is a ValueError
        reason = _first_fault(error) if isinstance(error, ValidationError) else f"{type(error).__name__}: {error}"
        return Problem(
            location=location,
            message=f"this line is not a story as Dateline writes it ({reason})",
            remedy="Write the file again with `dateline read INPUT... --format jsonl --out FILE`.",
        )


@functools.cache
def _adapter() -> TypeAdapter[StoryRecords]:
    from pydantic import TypeAdapter

    return TypeAdapter(StoryRecords)


def _first_fault(error: Any) -> str:
    fault = error.errors(include_url=False)[0]
    return f"{'.'.join(map(str, fault['loc'])) or 'line'}: {fault['msg']}"


def _words(claim: Claim, reading: StoryReading) -> dict[str, list[str]]:
    text = reading.document.text
    return {
        role: [text[span.start : span.end] for span in getattr(claim, role)] for role in ("source", "cue", "content")
    }


def _saved_words(claim: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {role: tuple(pieces) for role, pieces in claim.get("words", {}).items()}


def plain_of(value: Any) -> Any:
    """A record as dictionaries and lists. Dates become ISO 8601 text, tuples lists."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple):
        return [plain_of(each) for each in value]
    if isinstance(value, dt.date):  # a datetime is a date too
        return value.isoformat()
    return {name: plain_of(getattr(value, name)) for name in value.__dataclass_fields__}
