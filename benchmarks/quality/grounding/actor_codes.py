"""Scores country and sector of single mentions without a story: {"mention", "context", "date", "expect"} a line.

usage: python -m benchmarks.quality.grounding.actor_codes CODES.jsonl [--errors N]

The mention becomes the subject of a sentence, its context the line before, its date the story's date. Counted are the
lines
that expect a country (or expressly none) and those that expect a sector; a line that expects no actor, or a title of an
encyclopedia, is left out. Of two sectors that a line allows, either is right.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from dateline import pipeline
from dateline.records import Actor

_SENTENCE = " told reporters that work would go on."


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args()
    cases = [json.loads(line) for line in options.gold.read_text(encoding="utf-8").splitlines()]
    cases = [case for case in cases if "_none" not in case["expect"] and {"country", "code_1"} & set(case["expect"])]
    actors = read_cases(cases)
    right, count = {"country": 0, "sector": 0}, {"country": 0, "sector": 0}
    shown = 0
    for case in cases:
        expected, actor = case["expect"], actors.get(case["id"])
        found = {"country": (actor and actor.country) or "", "sector": (actor and actor.sector) or ""}
        wanted = {"country": {expected["country"]} if "country" in expected else set()}
        wanted["sector"] = {code for key in ("code_1", "code_2") if (code := expected.get(key))}
        for field, allowed in wanted.items():
            if not allowed:
                continue
            count[field] += 1
            right[field] += found[field] in allowed
            if found[field] not in allowed and shown < options.errors:
                shown += 1
                print(
                    f"{case['mention']!r} {case['context']!r} {case['date']!r} {field}: {found[field]!r}, not {allowed}"
                )
    for field in count:
        print(f"{field:<10} {100 * right[field] / max(1, count[field]):.1f} of {count[field]}")
    return 0


def read_cases(cases: list[dict[str, Any]]) -> dict[str, Actor]:
    """The actor that the product sees behind each mention, by the case's id; cases without one are missing."""
    resources = pipeline.load_resources()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "cases.jsonl")
        path.write_text("".join(json.dumps(_story(case)) + "\n" for case in cases), encoding="utf-8")
        readings = [
            each
            for each in pipeline.read_inputs([str(path)], resources, config=pipeline.Config(split="never"))
            if isinstance(each, pipeline.StoryReading)
        ]
    by_id = {case["id"]: case for case in cases}
    found = {}
    for reading in readings:
        name = reading.document.location.rsplit("#", 1)[-1]
        actor = _actor(reading, _subject(by_id[name]))
        if actor is not None:
            found[name] = actor
    return found


def _story(case: dict[str, Any]) -> dict[str, Any]:
    day = _day(case["date"]) or _day(case["context"])
    context = "" if _day(case["context"]) else case["context"]
    return {
        "id": case["id"],
        "text": f"{context}\n\n{_subject(case)}{_SENTENCE}".lstrip(),
        "published_at": day.isoformat() if day else None,
    }


def _subject(case: dict[str, Any]) -> str:
    mention: str = case["mention"].strip()
    return mention[:1].upper() + mention[1:]


def _actor(reading: pipeline.StoryReading, subject: str) -> Actor | None:
    """The actor whose mention covers most of the subject."""
    start = reading.document.text.index(subject)
    end = start + len(subject)
    spans = {each.id: each.span for each in reading.mentions}
    covered = [
        (min(spans[ref.mention_id].end, end) - max(spans[ref.mention_id].start, start), ref.actor_id)
        for ref in reading.actor_refs
    ]
    best = max(covered, default=(0, ""))
    return next((actor for actor in reading.actors if actor.id == best[1] and best[0] > 0), None)


def _day(words: str) -> dt.date | None:
    """ "2022-04-01", "12 April 2022"; nothing for "Today" and for words that are no date."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", words):
        return dt.date.fromisoformat(words)
    for form in ("%d %B %Y",):
        try:
            return dt.datetime.strptime(words, form).date()
        except ValueError:
            continue
    return dt.date(2022, 6, 1) if words.lower() == "today" else None


if __name__ == "__main__":
    sys.exit(main())
