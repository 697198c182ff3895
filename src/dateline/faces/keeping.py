"""The commands that fill and look after a store: `dateline add`, `verify`, `backup`, `upgrade`."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dateline.errors import UsageError
from dateline.faces.terminal import (
    ALL_READ,
    FAILED,
    INTERRUPTED,
    SOME_UNREAD,
    Split,
    actors_option,
    counted,
    gazetteer_option,
    inputs_argument,
    say,
    split_option,
    width,
)
from dateline.records import Problem

if TYPE_CHECKING:
    from dateline.pipeline.keeping import Added
    from dateline.pipeline.verification import Verification


def register(app: typer.Typer) -> None:
    """Make these commands of the application."""
    for command in (add, verify, backup, upgrade):
        app.command()(command)


def add(
    files: Annotated[list[str], inputs_argument()],
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="STORE",
            help="A file, made when it is not there yet, or postgresql://USER@HOST/DATABASE.",
        ),
    ],
    workers: Annotated[
        int, typer.Option("--workers", "-w", min=1, help="Read in so many processes; each takes one core.")
    ] = 1,
    split: Annotated[Split, split_option()] = Split.auto,
    listed: Annotated[
        bool, typer.Option("--list", help="Say of every document what became of it, as soon as it is on the disk.")
    ] = False,
    gazetteer: Annotated[Path | None, gazetteer_option()] = None,
    actors: Annotated[list[Path] | None, actors_option()] = None,
) -> None:
    """Read stories and keep them in a store. What is there already is not read again.

    A document is kept with all that was read in it, or not at all. A run that was stopped, however that came about, is
    taken up by running it again.

    \b
    Examples:
      dateline add pages/ --to news.db
      dateline add 'news/*.jsonl.gz' --to news.db --workers 4
      dateline add pages/ --to postgresql://ann@localhost/news

    \b
    Exit status:
      0    every input is in the store
      1    nothing could be read, a named file does not exist, or the store failed
      2    the command was called wrongly
      3    some inputs gave no story (each is named), the others are in the store
      130  stopped by Ctrl-C; what was kept is complete
    """
    from dateline.faces import screen
    from dateline.faces.progress import Progress
    from dateline.pipeline import Config, count_inputs
    from dateline.pipeline.keeping import add as keep_all
    from dateline.store import open_store

    config = Config(split=split.value, gazetteer=gazetteer, actor_files=tuple(actors or ()))
    stdin = sys.stdin.buffer if "-" in files else None
    tally = _Kept()
    try:
        with (
            open_store(to, create=True) as store,
            Progress(wanted=not listed, total=count_inputs(files)) as progress,
        ):
            for added in keep_all(files, store, config=config, workers=workers, stdin=stdin):
                tally.add(added)
                if listed:
                    print(f"{added.outcome}\t{added.location}", flush=True)
                progress.show(inputs=tally.inputs, stories=tally.stories, claims=tally.claims)
    except KeyboardInterrupt:
        say(f"\ndateline: stopped. {tally.summary()}. Run the same command again to go on.")
        raise typer.Exit(INTERRUPTED) from None
    for problem in tally.problems:
        typer.echo(screen.problem_text(problem, width=width()))
    typer.echo(f"{tally.summary()}.")
    raise typer.Exit(tally.status())


def verify(
    file: Annotated[
        str,
        typer.Argument(metavar="STORE|FILE.jsonl", help="A store, or what `dateline read --format jsonl` wrote."),
    ],
    against: Annotated[
        list[str] | None,
        typer.Option("--against", "-a", metavar="INPUT", help="For FILE.jsonl: what was read then; may be repeated."),
    ] = None,
    more: Annotated[list[str] | None, typer.Argument(metavar="[INPUT...]", help="Further inputs.")] = None,
) -> None:
    """Check that what was saved or kept still says what its texts say.

    A store has its texts: every row that was kept is there and as it was, every span lies inside its text, records fit
    together, the indexes for words and places are right, the file is whole.

    Of a file of JSON lines the inputs are read again: every text is the one that was read then, every span lies inside
    it, and the saved records fit together.

    \b
    Examples:
      dateline verify news.db
      dateline verify stories.jsonl --against pages/

    \b
    Exit status:
      0  everything agrees
      1  nothing could be checked
      2  the command was called wrongly
      3  something does not agree (each case is named)
    """
    from dateline.faces import screen
    from dateline.store import is_store

    inputs = [*(against or []), *(more or [])]
    if is_store(file):
        if inputs:
            raise UsageError("a store is checked against its own texts", remedy="Leave out --against.")
        result = _verify_store(file)
    else:
        result = _verify_lines(file, inputs)
    for problem in result.problems:
        typer.echo(screen.problem_text(problem, width=width()))
    checked = f"{counted(result.stories, 'story', 'stories')} with {counted(result.spans, 'span')}"
    if not result.problems and result.stories:
        typer.echo(f"{checked}: everything agrees.")
        raise typer.Exit(ALL_READ)
    typer.echo(f"{checked}: {counted(len(result.problems), 'problem')}.")
    raise typer.Exit(SOME_UNREAD if result.stories else FAILED)


def _verify_store(where: str) -> Verification:
    from dateline.faces.progress import Steps
    from dateline.pipeline.verification import verify_store
    from dateline.store import open_store

    with open_store(where) as store, Steps("checking", total=store.counts().stories) as steps:
        return verify_store(store, show=steps.show)


def _verify_lines(file: str, inputs: list[str]) -> Verification:
    from dateline.faces import jsonlines
    from dateline.pipeline.verification import verify as compare

    if not inputs:
        raise UsageError(
            "a file of JSON lines is checked against its inputs",
            location=file,
            remedy=f"Name them: dateline verify {file} --against INPUT",
        )
    with open(file, encoding="utf-8", errors="surrogateescape") as lines:
        saved = jsonlines.from_lines(lines, location=file)
        return compare(saved, inputs, stdin=sys.stdin.buffer if "-" in inputs else None)


def backup(
    store: Annotated[str, typer.Argument(metavar="STORE", help="The file of a store.")],
    copy: Annotated[Path, typer.Argument(metavar="COPY", help="A new file.", dir_okay=False)],
) -> None:
    """Copy a store as it is now, while others read and write. The copy is a store itself.

    For a store in PostgreSQL it says which program does that.

    \b
    Example:
      dateline backup news.db /backups/news-2026-03-12.db
    """
    from dateline.faces.progress import Steps
    from dateline.store import open_store

    with open_store(store) as opened, Steps("copying", total=None) as steps:
        opened.backup(copy, show=lambda done, total: steps.show(done, total))
        counts = opened.counts()
    say(f"dateline: {counted(counts.stories, 'story', 'stories')}, copied to {copy}")


def upgrade(
    store: Annotated[str, typer.Argument(metavar="STORE", help="A file, or the address of a database.")],
) -> None:
    """Bring the tables of a store that an older Dateline made up to date. Make a backup first.

    \b
    Example:
      dateline backup news.db news-before.db
      dateline upgrade news.db
    """
    from dateline.store import upgrade_store

    say(f"dateline: {store}: {'brought' if upgrade_store(store) else 'is'} up to date")


@dataclass(slots=True)
class _Kept:
    """What `add` has kept so far."""

    outcomes: Counter[str] = field(default_factory=Counter)
    stories: int = 0
    claims: int = 0
    events: int = 0
    problems: list[Problem] = field(default_factory=list)
    storyless: int = 0  # inputs that gave no story, whether or not a document could be made of them
    _seen: set[str] = field(default_factory=set)

    def add(self, added: Added) -> None:
        self.outcomes[added.outcome] += 1
        self.storyless += added.outcome == "unread" or (added.outcome == "new" and not added.stories)
        self.stories += added.stories
        self.claims += added.claims
        self.events += added.events
        self.problems.extend(added.problems)
        self._seen.add(added.location.split("#")[0])

    @property
    def inputs(self) -> int:
        return len(self._seen)

    def status(self) -> int:
        if not self.storyless:
            return ALL_READ
        return SOME_UNREAD if self.outcomes.total() > self.storyless else FAILED

    def summary(self) -> str:
        """What is new, then what is not: "3 documents, 3 stories, 41 claims, 12 events new; 7 already there"."""
        versions, there = self.outcomes["version"], self.outcomes["there"] + self.outcomes["unchanged"]
        new = [
            counted(self.outcomes["new"] + versions, "document"),
            counted(self.stories, "story", "stories"),
            counted(self.claims, "claim"),
            counted(self.events, "event"),
        ]
        parts = [f"{', '.join(new)} new", f"{there:,} already there"]
        if versions:
            parts.insert(1, f"{counted(versions, 'document')} of them with new versions of stories")
        if self.problems:
            parts.append(counted(len(self.problems), "problem"))
        return "; ".join(parts)
