"""A progress line on the terminal for runs that take longer than two seconds."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import rich.progress

PATIENCE = 2.0  # seconds before anything is shown; rich is imported only then


class Progress:
    """Shows inputs done, stories, claims and the time, on standard error; nothing at all unless `wanted`.

    total: how many inputs there are; None when that cannot be known (standard input).
    """

    def __init__(self, *, wanted: bool, total: int | None) -> None:
        self._wanted = wanted and sys.stderr.isatty()
        self._total = total
        self._start = time.monotonic()
        self._bar: rich.progress.Progress | None = None
        self._task: rich.progress.TaskID | None = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def show(self, *, inputs: int, stories: int, claims: int) -> None:
        """Say how far the run is. inputs: how many were begun, the last of which may still go on."""
        elapsed = time.monotonic() - self._start
        if not self._wanted or elapsed < PATIENCE:
            return
        if not self._bar:
            self._begin()
        if self._bar and self._task is not None:
            found = f"{stories:,} stories, {claims:,} claims, {stories / elapsed:.1f} stories/s"
            self._bar.update(self._task, completed=inputs - 1, found=found)

    def _begin(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        # Of a single input nobody knows how much of it is left: the bar only moves.
        total = self._total if self._total and self._total > 1 else None
        counted = (MofNCompleteColumn(), TimeRemainingColumn()) if total else ()
        columns = (TextColumn("reading"), BarColumn(), TextColumn("{task.fields[found]}"), *counted)
        self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
        self._bar.start()
        self._task = self._bar.add_task("reading", total=total, found="")


class Steps:
    """Shows how far a single piece of work is, on standard error: `words` say what it does, e.g. "checking".

    total: how many steps there are; None where `show` will say.
    """

    def __init__(self, words: str, *, total: int | None) -> None:
        self._words = words
        self._total = total
        self._start = time.monotonic()
        self._bar: rich.progress.Progress | None = None
        self._task: rich.progress.TaskID | None = None

    def __enter__(self) -> Steps:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def show(self, done: int, total: int | None = None) -> None:
        """Say that so many steps are done."""
        if not self._bar and sys.stderr.isatty() and time.monotonic() - self._start >= PATIENCE:
            from rich.console import Console
            from rich.progress import Progress as Bar

            self._bar = Bar(console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task(self._words, total=self._total)
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=done, total=total or self._total)
