"""The command line: `dateline read`, `explain`, `about`, `gazetteer`; others are in `keeping` and `merging`.

It asks the pipeline and prints; it decides nothing.

What is heavy is imported inside the command that needs it, so that `dateline --help` and `dateline explain` are
there at once.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dateline.errors import DatelineError, UsageError
from dateline.faces import asking, keeping, merging, renewing, watch
from dateline.faces.terminal import (
    ALL_READ,
    FAILED,
    INTERRUPTED,
    READER_GONE,
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
    from dateline.faces.writers import Writer
    from dateline.pipeline import StoryReading

app = typer.Typer(
    help="Read news stories: who says, denies, accuses, urges what, each claim pinned to its words.",
    epilog="Start with: dateline read story.txt",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


gazetteer_app = typer.Typer(
    help="Look names of places up, or use a larger gazetteer.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(gazetteer_app, name="gazetteer")


class Format(StrEnum):
    """The forms of output."""

    text = "text"
    jsonl = "jsonl"
    json = "json"
    csv = "csv"


class Export(StrEnum):
    """The forms of the field that events are written in."""

    plover = "plover"
    polecat = "polecat"
    cameo = "cameo"
    gdelt = "gdelt"
    acled = "acled"
    geojson = "geojson"
    jsonld = "jsonld"


class TableFormat(StrEnum):
    """The forms of a table."""

    text = "text"
    json = "json"


def main() -> None:
    """Run the command line. Every failure ends in a sentence and a status, never in a traceback."""
    for library in ("OMP", "OPENBLAS", "MKL"):  # read by numpy when it is imported: its idle threads would only spin
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    try:
        app(prog_name="dateline")
    except UsageError as error:
        say(f"dateline: {error}")
        sys.exit(2)
    except DatelineError as error:
        say(f"dateline: {error}")
        sys.exit(FAILED)
    except OSError as error:
        say(f"dateline: {error.strerror or error}" + (f": {error.filename}" if error.filename else ""))
        sys.exit(FAILED)
    except Exception as fault:  # the last door: whatever comes here is a fault of ours
        if os.environ.get("DATELINE_TRACEBACK"):
            raise
        say(
            f"dateline: a fault in Dateline itself: {type(fault).__name__}: {fault}\n"
            "Please report it with the command and its input. DATELINE_TRACEBACK=1 shows where it happened."
        )
        sys.exit(FAILED)


@app.command()
def read(
    files: Annotated[list[str], inputs_argument()],
    form: Annotated[
        Format | None,
        typer.Option(
            "--format",
            "-f",
            help="text: for people. jsonl: a story per line. json: one array. csv: a claim per row. "
            "Without it: by the ending of --out; else text on a terminal and jsonl elsewhere.",
        ),
    ] = None,
    to: Annotated[
        Export | None,
        typer.Option(
            "--to",
            help="Events for other programs, in place of --format: plover and jsonld (lines of JSON), geojson, "
            "cameo and acled (comma-separated), polecat and gdelt (tab-separated).",
        ),
    ] = None,
    split: Annotated[Split, split_option()] = Split.auto,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file.", dir_okay=False)] = None,
    words: Annotated[bool, typer.Option("--words", help="In jsonl and json: the words of each claim, too.")] = False,
    gazetteer: Annotated[Path | None, gazetteer_option()] = None,
    actors: Annotated[list[Path] | None, actors_option()] = None,
) -> None:
    """Read stories and show who says what.

    \b
    Examples:
      dateline read story.txt
      dateline read pages/ --out claims.csv
      dateline read 'news/*.jsonl.gz' --format jsonl > stories.jsonl
      dateline read - < story.txt
      dateline read news/ --to plover > events.jsonl

    \b
    Exit status:
      0    every input gave at least one story
      1    no story could be read, or a named file does not exist
      2    the command was called wrongly
      3    some inputs gave no story (each is named), the others were read
      130  stopped by Ctrl-C; everything written so far is complete
    """
    from dateline import load
    from dateline.faces.progress import Progress
    from dateline.pipeline import Config, count_inputs, read_inputs

    if to is not None and (form is not None or words):
        raise UsageError(
            "--to writes events in a form of its own; --format and --words do not go with it",
            remedy="Leave out --to, or the other.",
        )
    resources = load(gazetteer=gazetteer, actors=actors or ())
    config = Config(split=split.value)
    stdin = sys.stdin.buffer if "-" in files else None
    tally = _Tally()
    printing = out is None and sys.stdout.isatty()  # then the stories themselves show how far it is
    try:
        with (
            _writer(form, out, to=to, words=words, tally=tally) as writer,
            Progress(wanted=not printing, total=count_inputs(files)) as progress,
        ):
            for outcome in read_inputs(files, resources, config=config, stdin=stdin):
                tally.add(outcome)
                if isinstance(outcome, Problem):
                    writer.problem(outcome)
                else:
                    writer.story(outcome)
                progress.show(inputs=tally.inputs, stories=tally.stories, claims=tally.claims)
    except KeyboardInterrupt:
        kept = f" They are in {out}.part." if out and tally.stories else ""
        say(f"\ndateline: stopped; {counted(tally.stories, 'story had', 'stories had')} been read.{kept}")
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        # Python flushes standard output once more as it ends: give it somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(READER_GONE) from None
    if out or writer.is_silent:
        say(f"dateline: {tally.summary()}" + (f", written to {out}" if out else ""))
    raise typer.Exit(tally.status())


@app.command()
def explain(
    term: Annotated[
        list[str] | None, typer.Argument(metavar="[TERM]", help="For example: deny, mixed, ASSAULT, visit.")
    ] = None,
) -> None:
    """Say what an act, a form of quotation or a PLOVER event type means; without TERM, list them.

    \b
    Examples:
      dateline explain deny
      dateline explain ASSAULT
      dateline explain ASSAULT drone
    """
    from dateline.faces import terms

    typer.echo(terms.explain(" ".join(term)) if term else terms.overview())


@app.command()
def about() -> None:
    """Show versions, what the language model was trained on, and how accurate it was when measured."""
    from dateline.faces.about import page
    from dateline.pipeline.installation import describe_installation

    typer.echo(page(describe_installation()))


keeping.register(app)
merging.register(app)
asking.register(app)
renewing.register(app)
watch.register(app)


@gazetteer_app.command("find")
def gazetteer_find(
    name: Annotated[list[str], typer.Argument(metavar="NAME", help="A name as a story would write it.")],
    country: Annotated[
        str | None, typer.Option("--country", "-c", help="Only there: two or three letters of ISO 3166.")
    ] = None,
    form: Annotated[
        TableFormat, typer.Option("--format", "-f", help="text: a table for people. json: one array.")
    ] = TableFormat.text,
    most: Annotated[int, typer.Option("--most", "-n", min=1, help="At most so many rows.")] = 20,
    gazetteer: Annotated[Path | None, gazetteer_option()] = None,
) -> None:
    """Show the places that a name may stand for, the best known first.

    \b
    Examples:
      dateline gazetteer find Springfield
      dateline gazetteer find "Shamsiddin Shohin" --format json

    \b
    Exit status:
      0  at least one place
      1  none
    """
    from dateline.faces import placetable
    from dateline.pipeline.gazetteers import find_name

    wanted = " ".join(name)
    found = find_name(wanted, gazetteer=gazetteer, country=country)
    shown = found[:most]
    if form is TableFormat.json:
        typer.echo(placetable.as_json(shown))
    elif found:
        typer.echo(placetable.as_text(shown))
        if len(found) > len(shown):
            say(f"dateline: {len(found) - len(shown):,} more; --most shows them, --country narrows them down.")
    if not found:
        say(f"dateline: the gazetteer has no place called {wanted!r}" + (f" in {country}" if country else "") + ".")
        raise typer.Exit(FAILED)


@gazetteer_app.command("import")
def gazetteer_import(
    source: Annotated[
        Path,
        typer.Argument(metavar="FILE.zip", help="A dump of GeoNames, .zip or .txt.", exists=True, dir_okay=False),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Write the gazetteer to this file.", dir_okay=False)] = Path(
        "gazetteer.bin"
    ),
) -> None:
    """Make a gazetteer of a dump of GeoNames, for villages that the shipped one lacks.

    \b
    Download allCountries.zip (or one country, such as PK.zip) from https://download.geonames.org/export/dump/ first:
    Dateline itself fetches nothing. A million rows take about a minute and a half and 60 MB of disk; so the whole
    world should take a quarter of an hour, a gigabyte of memory and 500 MB.

    \b
    Example:
      dateline gazetteer import allCountries.zip --out world.bin
      dateline read story.txt --gazetteer world.bin
    """
    from dateline.pipeline.gazetteers import build_gazetteer

    def show(rows: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{rows:,} rows ...", end="", file=sys.stderr, flush=True)

    result = build_gazetteer(source, out, show=show)
    odd = f", {counted(result.odd, 'row')} could not be read" if result.odd else ""
    say(f"dateline: {counted(result.places, 'place')} of {counted(result.rows, 'row')}{odd}, written to {out}")
    say(f"Use it with: dateline read ... --gazetteer {out}, or set DATELINE_GAZETTEER={out}")


@dataclass(slots=True)
class _Tally:
    """What was read so far; the only thing here that changes."""

    stories: int = 0
    claims: int = 0
    events: int = 0
    problems: int = 0
    unread: int = 0
    _seen: set[str] = field(default_factory=set)

    def add(self, outcome: StoryReading | Problem) -> None:
        if isinstance(outcome, Problem):
            self.unread += 1
            self.problems += 1
            self._seen.add(outcome.location.split("#")[0])
        else:
            self.stories += 1
            self.claims += len(outcome.claims)
            self.events += len(outcome.events)
            self.problems += len(outcome.problems)
            self._seen.add(outcome.document.location.split("#")[0])

    @property
    def inputs(self) -> int:
        return len(self._seen)

    def status(self) -> int:
        if self.stories == 0:
            return FAILED
        return SOME_UNREAD if self.unread else ALL_READ

    def summary(self) -> str:
        parts = [
            counted(self.stories, "story", "stories"),
            counted(self.events, "event"),
            counted(self.claims, "claim"),
        ]
        if self.problems:
            parts.append(counted(self.problems, "problem"))
        return ", ".join(parts)


@contextlib.contextmanager
def _writer(
    form: Format | None, out: Path | None, *, to: Export | None, words: bool, tally: _Tally
) -> Iterator[Writer]:
    """The writer for a form of output, ended properly also when the run is stopped."""
    from dateline.faces import writers
    from dateline.faces.output import file_output, standard_output
    from dateline.faces.screen import Style

    form = form or _form_for(out)
    chosen = to or form
    with file_output(out) if out else standard_output() as output:
        writer: Writer
        match chosen:
            case Export():
                writer = writers.ExportWriter(output, say, chosen.value)
            case Format.text:
                colour = out is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
                writer = writers.TextWriter(output, Style(width=width(), colour=colour))
            case Format.jsonl:
                writer = writers.JsonLinesWriter(output, say, words=words)
            case Format.json:
                writer = writers.JsonWriter(output, say, words=words)
            case Format.csv:
                writer = writers.CsvWriter(output, say)
        try:
            yield writer
        except KeyboardInterrupt:
            writer.end(f"Stopped: {tally.summary()}.")
            raise
        writer.end(tally.summary().capitalize() + ".")


def _form_for(out: Path | None) -> Format:
    """What the ending of --out says; without --out text for people and JSON lines for programs."""
    if out is None:
        return Format.text if sys.stdout.isatty() else Format.jsonl
    endings = {".txt": Format.text, ".jsonl": Format.jsonl, ".ndjson": Format.jsonl} | {
        f".{form.value}": form for form in (Format.json, Format.csv)
    }
    return endings.get(out.suffix.lower(), Format.jsonl)
