"""What `events` loads once: the small networks that assemble happenings, number words, harm words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import numpy as np

from dateline.errors import InstallationError
from dateline.events.casualties import HarmWords
from dateline.events.contexts import ContextWords, load_context_words
from dateline.events.perceptron import Perceptron, read_perceptron
from dateline.events.quantities import NumberWords, load_number_words
from dateline.tables import read_rows

JUDGES = ("same", "noted", "actor", "place", "time", "instrument", "toll", "outlet", "source")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Least chances, chosen on the training stories by folds, and how the tree paths are numbered."""

    word: float = 0.35
    same: float = 0.3  # mean chance of the pairs of two groups
    noted: float = 0.5
    actor: float = 0.5
    recipient: float = 0.5
    place: float = 0.5
    time: float = 0.5
    instrument: float = 0.5
    toll: float = 0.5
    outlet: float = 0.5
    asserts: float = 0.5  # where the outlet does not assert it
    seconds: float = 0.5  # where the outlet does
    surer: float = 0.0  # added to the log odds told of an event: heads that saw all stories beat those of the folds


@dataclass(frozen=True, slots=True)
class EventModel:
    """Everything that `find_events` needs besides the story. Read-only."""

    judges: Mapping[str, Perceptron]
    paths: Mapping[str, int]
    thresholds: Thresholds
    numbers: NumberWords
    harms: HarmWords
    contexts: ContextWords
    parts: frozenset[str]  # nouns for having a part in a happening


def load_event_model() -> EventModel:
    """Load the shipped model.

    Raises InstallationError where a file is missing or damaged.
    """
    home = resources.files("dateline.events").joinpath("data")
    try:
        with resources.as_file(home.joinpath("assembly.npz")) as path, np.load(path) as stored:
            arrays = {name: stored[name] for name in stored.files}
        settings = json.loads(home.joinpath("assembly.json").read_text("utf-8"))
        judges = {name: read_perceptron(arrays, name) for name in JUDGES}
    except (OSError, ValueError, KeyError) as error:
        raise InstallationError(
            f"The model for events cannot be loaded: {error}", location=str(home), remedy="Install dateline again."
        ) from error
    return EventModel(
        judges,
        {name: number for number, name in enumerate(settings["paths"])},
        Thresholds(**settings["thresholds"]),
        load_number_words(),
        load_harm_words(),
        load_context_words(),
        load_part_words(),
    )


def load_harm_words() -> HarmWords:
    """Read `harms.tsv`."""
    rows = list(read_rows("dateline.events", "harms.tsv", columns=3))
    return HarmWords({stem: harm for stem, harm, _ in rows}, frozenset(stem for stem, _, alone in rows if alone))


def load_part_words() -> frozenset[str]:
    """Read `parts.tsv`."""
    return frozenset(word for (word,) in read_rows("dateline.events", "parts.tsv", columns=1))
