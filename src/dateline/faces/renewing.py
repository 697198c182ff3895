"""The command that reads a store again: `dateline reread`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from dateline.faces.terminal import (
    ALL_READ,
    FAILED,
    INTERRUPTED,
    SOME_UNREAD,
    actors_option,
    counted,
    gazetteer_option,
    say,
    width,
)


def register(app: typer.Typer) -> None:
    """Make this command of the application."""
    app.command()(reread)


def reread(
    store: Annotated[str, typer.Argument(metavar="STORE", help="A file, or the address of a database.")],
    gazetteer: Annotated[Path | None, gazetteer_option()] = None,
    actors: Annotated[list[Path] | None, actors_option()] = None,
) -> None:
    """Read the texts of a store again, with the model, version and options of now.

    Stories that were read so already are left alone. Of the others the new reading is a new version: what was read
    before stays, `dateline changes` tells what became of it, and corrections go on to hold. Make a backup first.

    \b
    Example:
      dateline backup news.db before.db
      dateline reread news.db
      dateline changes news.db --since 2026-03-12

    \b
    Exit status:
      0    every story is as this version reads it
      1    no story could be read
      3    some stories could not be read again (each is named) and stay as they were
      130  stopped by Ctrl-C; run it again to go on
    """
    from dateline.faces import screen
    from dateline.faces.progress import Steps
    from dateline.pipeline import Config
    from dateline.pipeline.rereading import reread as read_again
    from dateline.store import open_store

    outcomes: Counter[str] = Counter()
    changes = carried = 0
    try:
        with open_store(store) as opened, Steps("reading again", total=opened.counts().stories) as steps:
            for each in read_again(opened, config=Config(gazetteer=gazetteer, actor_files=tuple(actors or ()))):
                outcomes[each.outcome] += 1
                changes += each.changes
                carried += each.carried
                for name in each.lost:
                    say(f"dateline: {each.location}: {name} was corrected and is found no more; see {each.story_id}")
                if each.problem:
                    typer.echo(screen.problem_text(each.problem, width=width()))
                steps.show(outcomes.total())
    except KeyboardInterrupt:
        say(f"\ndateline: stopped; {outcomes['renewed']:,} read again. Run the same command again to go on.")
        raise typer.Exit(INTERRUPTED) from None
    summary = [
        f"{counted(outcomes['renewed'], 'story', 'stories')} read again",
        f"{counted(changes, 'event or claim', 'events and claims')} changed",
        f"{counted(carried, 'correction')} carried over",
        f"{outcomes['same']:,} as they were",
    ]
    typer.echo(", ".join(summary) + ".")
    if outcomes["unread"]:
        raise typer.Exit(SOME_UNREAD if outcomes["renewed"] + outcomes["same"] else FAILED)
    raise typer.Exit(ALL_READ)
