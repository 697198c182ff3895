"""The command that finds the same happening across stories: `dateline incidents`."""

from __future__ import annotations

import contextlib
import itertools
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer

from dateline.errors import InputError, UsageError

# Exit statuses, documented in docs/reference/cli.md
FAILED = 1
SOME_UNREAD = 3


class IncidentFormat(StrEnum):
    """The forms of incidents."""

    table = "table"
    jsonl = "jsonl"


def register(app: typer.Typer) -> None:
    """Make this command one of the application."""
    app.command()(incidents)


def _lines_of(file: str) -> TextIO:
    try:
        return open(file, encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise InputError(f"cannot be opened: {error.strerror}", location=file) from error


def incidents(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="STORE|FILE.jsonl",
            help="A store, or what `dateline read --format jsonl` wrote; several files are taken together.",
        ),
    ],
    form: Annotated[
        IncidentFormat | None,
        typer.Option(
            "--format",
            "-f",
            help="table: for people. jsonl: an incident per line, with every account. "
            "Without it: table on a terminal, jsonl elsewhere.",
        ),
    ] = None,
    texts: Annotated[
        list[str] | None,
        typer.Option(
            "--texts",
            "-t",
            metavar="INPUT",
            help="What was read then, where it has moved since; may be given repeatedly.",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file.", dir_okay=False)] = None,
) -> None:
    """Find the same happening across stories, with every account of it kept.

    The incidents of a store are kept in it, in place of those found before. For files the texts that were read are
    opened again: incidents are told by words, too.

    \b
    Examples:
      dateline incidents news.db
      dateline read news/ --format jsonl --out stories.jsonl
      dateline incidents stories.jsonl
      dateline incidents monday.jsonl tuesday.jsonl --format jsonl > incidents.jsonl

    \b
    Exit status:
      0  every story was merged
      1  no story could be merged
      2  the command was called wrongly
      3  some lines were no stories, or some texts are not there (each is named)
    """
    from dateline.faces import dossiers, jsonlines, screen
    from dateline.faces.output import file_output, standard_output
    from dateline.pipeline import merge_saved, merge_store
    from dateline.store import is_store, open_store

    if any(is_store(file) for file in files):
        if len(files) > 1 or texts:
            raise UsageError("a store is merged by itself, with its own texts", remedy="Name it alone.")
        with open_store(files[0]) as store:
            told = merge_store(store)
    else:
        with contextlib.ExitStack() as opened:
            saved = [jsonlines.from_lines(opened.enter_context(_lines_of(file)), location=file) for file in files]
            told = merge_saved(itertools.chain.from_iterable(saved), texts=texts or ())
    for_people = out is None and sys.stdout.isatty()
    with file_output(out) if out else standard_output() as output:
        if (form or (IncidentFormat.table if for_people else IncidentFormat.jsonl)) is IncidentFormat.table:
            output.write(dossiers.table(told))
        else:
            for line in dossiers.lines(told):
                output.write(line + "\n")
    for problem in told.problems:
        typer.echo(screen.problem_text(problem, width=screen.WIDEST), err=True)
    typer.echo(dossiers.summary(told) + (f", written to {out}" if out else ""), err=True)
    if not told.locations:
        raise typer.Exit(FAILED)
    raise typer.Exit(SOME_UNREAD if told.problems else 0)
