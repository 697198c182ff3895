"""Every option of a run, with its default. Made once, at the edge; nothing deeper reads the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from dateline.errors import UsageError
from dateline.reading import Limits, Split


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """How a run is to be done.

    split: whether one document may hold several stories: "auto" looks for the places where a new story begins,
        "never" takes each document for one story, "marker" splits only at lines made for it.
    limits: how large and how slow an input may be before it is given up (sizes in bytes, times in seconds).
    model_folder: weights to use in place of the ones in the package; None for those.
    actor_files: a user's own registers of actors, whose rows replace those of the same id in the package's.
    gazetteer: a file that `dateline gazetteer import` wrote, to use in place of the one in the package; None for that.
    """

    split: Split = "auto"
    limits: Limits = field(default_factory=Limits)
    model_folder: Path | None = None
    actor_files: tuple[Path, ...] = ()
    gazetteer: Path | None = None

    def __post_init__(self) -> None:
        if self.split not in get_args(Split):
            allowed = ", ".join(get_args(Split))
            raise UsageError(f"split is {self.split!r}", location="Config.split", remedy=f"Use one of: {allowed}.")
