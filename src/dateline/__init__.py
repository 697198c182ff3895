"""Dateline reads news stories and shows what happened and who says, denies and accuses what, pinned to the words.

    import dateline

    for story in dateline.read("story.txt"):
        for claim in story.claims:
            print(story.words(claim.source), claim.act, story.words(claim.content))
        for event in story.events:
            print(event.type, story.words(event.trigger), dateline.standing(event, story.claims))

    for incident in dateline.merge(dateline.read("news/")):
        print(incident.type, incident.place_id, incident.accounts.counts)

These names are the whole public interface; everything below them may move.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dateline.errors import DatelineError, InputError, UsageError
from dateline.records import (
    Actor,
    Claim,
    Document,
    Event,
    Incident,
    Mention,
    Outlet,
    Problem,
    Span,
    Stance,
    Story,
    StoryRecords,
)
from dateline.standing import standing

if TYPE_CHECKING:
    from dateline.incidents import Dossier
    from dateline.pipeline import Resources, StoryReading

__version__ = "0.1.0"

__all__ = [
    "Actor",
    "Claim",
    "DatelineError",
    "Document",
    "Dossier",
    "Event",
    "Incident",
    "Mention",
    "Outlet",
    "Problem",
    "Resources",
    "Span",
    "Stance",
    "Story",
    "StoryReading",
    "StoryRecords",
    "explain",
    "load",
    "merge",
    "read",
    "read_story",
    "standing",
]

_LONGEST_PATH = 4096  # PATH_MAX on Linux; a longer string cannot name a file, so it is words


def read(
    path_or_text: str | os.PathLike[str],
    *,
    split: Literal["auto", "never", "marker"] = "auto",
    resources: Resources | None = None,
    on_problem: Callable[[Problem], None] | None = None,
) -> Iterator[StoryReading]:
    """Read stories from a file, a folder, a pattern or a text; give each as soon as it is done.

    path_or_text: a `pathlib.Path` is always a path. A string with a line break in it is the text itself;
        without one it is a path, a folder or a pattern such as "pages/*.html", and "-" is standard input.
    split: whether one document may hold several stories (see `dateline.pipeline.Config`).
    resources: what `dateline.load()` gave, to load the model once for many calls; None loads it here.
    on_problem: called with each Problem of an input that gave no story; by default these are logged as
        warnings. What was odd about an input that did give stories stands in the `problems` of the first of them.

    Gives `StoryRecords` that also know their document: `story.words(claim.content)` are the words themselves.
    Raises InputError when the path does not exist, InstallationError when the model cannot be loaded.
    """
    from dateline.pipeline import Config, read_inputs, read_text

    config = Config(split=split)
    if isinstance(path_or_text, str) and _is_text(path_or_text):
        outcomes = read_text(path_or_text, resources or load(), config=config)
    else:
        location = _checked_location(path_or_text)
        outcomes = read_inputs([location], resources or load(), config=config)
    return _stories(outcomes, on_problem or _log_problem)


def load(model_folder: Path | None = None, *, gazetteer: Path | None = None, actors: Iterable[Path] = ()) -> Resources:
    """Load the model, the lexicons, the gazetteer and the register once, to pass to `read` or `read_story`.

    model_folder: other weights than the shipped ones. gazetteer: other places, a file of `dateline gazetteer import`.
    actors: registers of your own; a row replaces the shipped ones of its id. Raises InputError for a row that is not
    right.
    """
    from dateline.pipeline import Config, load_resources

    return load_resources(Config(model_folder=model_folder, gazetteer=gazetteer, actor_files=tuple(actors)))


def read_story(document: Document, story: Story, resources: Resources) -> StoryRecords:
    """Take every record from one story of a document. Pure: the same arguments give equal records."""
    from dateline.pipeline import read_story as journey

    return journey(document, story, resources)


def merge(stories: Iterable[StoryRecords], *, previous: Iterable[Incident] = ()) -> tuple[Dossier, ...]:
    """Find the same happening across stories: its incidents, each with every account of it, the most told first.

    stories: what `read` gave, of any number of calls, in any order. previous: incidents of an earlier call, so
    that those that became part of others are named in `supersedes`. A `Dossier` is an `Incident` with `leading`,
    `story_ids` and `accounts`.
    """
    from dateline.pipeline import StoryReading, merge_stories

    told = ((each, each.document.text if isinstance(each, StoryReading) else "") for each in stories)
    return merge_stories(told, previous=previous).dossiers


def explain(term: str) -> str:
    """Say what an act, a form of quotation or a PLOVER code means: `explain("deny")`, `explain("ASSAULT")`.

    Raises UsageError, with the nearest known terms, for a word that is none.
    """
    from dateline.faces.terms import explain as explanation

    return explanation(term)


def _is_text(words: str) -> bool:
    return "\n" in words or "\r" in words or len(words) > _LONGEST_PATH


def _checked_location(path: str | os.PathLike[str]) -> str:
    if not isinstance(path, str | os.PathLike):
        raise UsageError(
            f"cannot read a value of type {type(path).__name__}",
            location="dateline.read",
            remedy="Give a path (str or pathlib.Path), or the words of a story as a str.",
        )
    location = os.fspath(path)
    if location.startswith(("http://", "https://")):
        raise InputError(
            "Dateline does not fetch pages", location=location, remedy="Save the page and give the file's path."
        )
    is_pattern = isinstance(path, str) and any(mark in location for mark in "*?[")
    if location != "-" and not is_pattern and not os.path.exists(location):
        raise InputError(
            "no such file or folder",
            location=location if len(location) < 200 else location[:200] + "...",
            remedy="Check the path. If these are the words of a story, end them with a line break.",
        )
    return location


def _stories(
    outcomes: Iterable[StoryReading | Problem], on_problem: Callable[[Problem], None]
) -> Iterator[StoryReading]:
    for outcome in outcomes:
        if isinstance(outcome, Problem):
            on_problem(outcome)
        else:
            yield outcome


def _log_problem(problem: Problem) -> None:
    logging.getLogger(__name__).warning("%s: %s. %s", problem.location, problem.message, problem.remedy or "")


def __getattr__(name: str) -> object:
    """`Dossier`, `Resources` and `StoryReading` come with the whole pipeline, so they are imported when first asked
    for.
    """
    if name == "Dossier":
        from dateline import incidents

        return incidents.Dossier
    if name in ("Resources", "StoryReading"):
        from dateline import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module 'dateline' has no attribute {name!r}")
