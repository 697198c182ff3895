"""The annotations that the language core is trained on: whole, consistent, and without a word of anybody's text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dateline.language.analysis import ACTS
from dateline.language.tags import EVENT_STATUSES, EVENT_TYPES

FILE = Path(__file__).parents[2] / "training/annotations/claims.jsonl"
FIELDS = {"id", "source", "cue", "content", "act", "polarity", "answers", "within"}
STORIES: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


def test_annotations_are_consistent() -> None:
    for story in STORIES:
        assert set(story) == {"id", "length", "digest", "fold", "claims"}, story["id"]
        assert story["fold"] in ("train", "tune"), story["id"]
        names = {claim["id"] for claim in story["claims"]}
        assert len(names) == len(story["claims"]), story["id"]
        for claim in story["claims"]:
            check_claim(claim, names - {claim["id"]}, story)


def check_claim(claim: dict[str, Any], others: set[str], story: dict[str, Any]) -> None:
    """Known labels, spans inside the text, links to claims of the same story."""
    where = (story["id"], claim["id"])
    assert set(claim) == FIELDS, where
    assert claim["act"] in ACTS, where
    assert claim["polarity"] in ("asserts", "rejects"), where
    assert claim["content"], where
    for role in ("source", "cue", "content"):
        assert all(0 <= start < end <= story["length"] for start, end in claim[role]), where
    for link in ("answers", "within"):
        assert claim[link] is None or claim[link] in others, where


def test_no_text_is_kept() -> None:
    words = {value for story in STORIES for value in (story["id"], story["digest"], story["fold"])}
    words |= {value for story in STORIES for c in story["claims"] for value in c.values() if isinstance(value, str)}
    assert max(map(len, words)) < 40


def test_stories_are_listed_once() -> None:
    assert len({story["id"] for story in STORIES}) == len(STORIES)


EVENTS: list[dict[str, Any]] = [
    json.loads(line) for line in FILE.with_name("events.jsonl").read_text("utf-8").splitlines()
]
LISTS = ("triggers", "actors", "recipients", "places", "times", "instruments")
HARMS = ("killed", "injured", "detained", "missing")


def test_annotated_events_are_consistent() -> None:
    lengths = {story["id"]: story["length"] for story in STORIES}
    assert len({story["id"] for story in EVENTS}) == len(EVENTS)
    for story in EVENTS:
        for event in story["events"]:
            where = (story["id"], event["triggers"])
            assert set(event) == {"type", "mode", "status", *LISTS, *HARMS}, where
            assert event["type"] in EVENT_TYPES[1:], where
            assert event["status"] in EVENT_STATUSES, where
            assert event["triggers"], where
            spans = [span for name in LISTS for span in event[name]]
            spans += [event[harm]["span"] for harm in HARMS if event[harm]]
            assert all(0 <= start < end <= lengths[story["id"]] for start, end in spans), where
