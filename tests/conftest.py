"""What every test may use: hypothesis profiles, the examples folder, stories made by hand, the loaded resources."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from dateline.records import Claim, Document, Span, Story, make_id

if TYPE_CHECKING:
    from dateline.pipeline import Resources, StoryReading

hypothesis.settings.register_profile("quick", max_examples=60, deadline=None, derandomize=True)
hypothesis.settings.register_profile(
    "robustness",
    max_examples=20_000,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large],
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the whole project."""
    return ROOT


@pytest.fixture(scope="session")
def examples() -> Path:
    return ROOT / "examples"


@pytest.fixture(scope="session")
def resources() -> Resources:
    """The shipped model and lexicons, loaded once for all tests that need them."""
    from dateline.pipeline import load_resources

    return load_resources()


@pytest.fixture(scope="session")
def make_reading() -> Callable[..., StoryReading]:
    """Make a story by hand: its text, and each claim by the words of its parts."""
    return _make_reading


def _make_reading(text: str, *claims: dict[str, Any], location: str = "story.txt", **more: Any) -> StoryReading:
    """Each claim is {"source": words, "cue": words, "content": words or several, "act": ..., "answers": index}."""
    from dateline.pipeline import StoryReading

    document = Document(id=make_id("document", text), text=text, location=location, media_type="text/plain")
    headline = Span(0, len(text.split("\n")[0]))
    story = Story(
        id=make_id("story", document.id, 0),
        document_id=document.id,
        outlet_id=None,
        headline=headline,
        dateline=None,
        body=(Span(min(headline.end + 1, len(text)), len(text)),),
    )
    made: list[Claim] = []
    for each in claims:
        fields = dict(each)
        for role in ("source", "cue", "content"):
            fields[role] = _spans(text, fields.get(role, ()))
        for reference in ("answers", "within"):
            if reference in fields:
                fields[reference] = made[fields[reference]].id
        fields.setdefault("act", "say")
        fields.setdefault("quotation", "indirect")
        identity = make_id("claim", story.id, fields["source"], fields["cue"], fields["content"])
        made.append(Claim(id=identity, story_id=story.id, **fields))
    return StoryReading(document=document, story=story, claims=tuple(made), **more)


def _spans(text: str, words: str | list[str] | tuple[str, ...]) -> tuple[Span, ...]:
    pieces = [words] if isinstance(words, str) else words
    return tuple(Span(text.index(piece), text.index(piece) + len(piece)) for piece in pieces)
