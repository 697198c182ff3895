"""The commands that ask a store: `dateline search`, `claims`, `show`, `changes`, `export`, `import`."""

from __future__ import annotations

import inspect
import os
import sys
import typing
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dateline.errors import UsageError
from dateline.faces.terminal import ALL_READ, FAILED, INTERRUPTED, READER_GONE, counted, gazetteer_option, say

if TYPE_CHECKING:
    from dateline.faces.screen import Style
    from dateline.store import Query, Store

WIDEST_TABLE = 200  # characters: a table is read across, not down


class Form(StrEnum):
    """How answers are written."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"


class To(StrEnum):
    """The forms of an export."""

    plover = "plover"
    polecat = "polecat"
    cameo = "cameo"
    gdelt = "gdelt"
    acled = "acled"
    geojson = "geojson"
    jsonld = "jsonld"
    csv = "csv"
    parquet = "parquet"
    jsonl = "jsonl"


class Order(StrEnum):
    """What comes first."""

    newest = "newest"
    oldest = "oldest"
    deadliest = "deadliest"
    arrival = "arrival"


class Role(StrEnum):
    """As what an actor takes part."""

    either = "either"
    actor = "actor"
    recipient = "recipient"


def register(app: typer.Typer) -> None:
    """Make these commands of the application."""
    for command in (search, claims, show, changes, export):
        app.command()(command)
    app.command("import")(import_)


# ---------------------------------------------------------------- what they share

StoreArgument = Annotated[str, typer.Argument(metavar="STORE", help="A file, or the address of a database.")]
FormOption = Annotated[
    Form | None,
    typer.Option(
        "--format",
        "-f",
        help="table: for people. jsonl: a line each. csv: for spreadsheets. Without it: by the ending of --out; else "
        "table on a terminal and jsonl elsewhere.",
    ),
]
OutOption = Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file.", dir_okay=False)]
MostOption = Annotated[int, typer.Option("--most", "-n", min=1, help="At most so many; --all for every one.")]
AllOption = Annotated[bool, typer.Option("--all", help="Every one, however many there are.")]
CountOption = Annotated[bool, typer.Option("--count", help="Only say how many there are.")]
AsReadOption = Annotated[bool, typer.Option("--as-read", help="As they were read, without what people corrected.")]
Many = list[str] | None


def _event_filters(
    words: Annotated[
        str | None,
        typer.Argument(
            metavar="[WORDS]",
            help='In the paragraph that names it, or a name of who or where. "in quotation marks": side by side; OR; '
            "-without; begin*.",
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="From this day on: 2025-11-27, 2025-11 or 2025.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Up to this day, it included.")] = None,
    near: Annotated[
        str | None,
        typer.Option(metavar="PLACE", help="In this country, or within --km of this town or LATITUDE,LONGITUDE."),
    ] = None,
    km: Annotated[float | None, typer.Option(metavar="KM", help="How far around --near; 50 of a town.")] = None,
    box: Annotated[str | None, typer.Option(metavar="S,W,N,E", help="Between these degrees.")] = None,
    place: Annotated[Many, typer.Option(metavar="PLACE", help="At a place of this name or id.")] = None,
    country: Annotated[
        Many, typer.Option(metavar="COUNTRY", help="At a place there: a name, or three letters.")
    ] = None,
    kind: Annotated[
        Many, typer.Option("--type", "-t", metavar="TYPE", help="A PLOVER type: ASSAULT, PROTEST ...")
    ] = None,
    mode: Annotated[Many, typer.Option(metavar="MODE", help="A mode of a type: drone, arrest ...")] = None,
    context: Annotated[Many, typer.Option(metavar="CONTEXT", help="A PLOVER context: terrorism ...")] = None,
    actor: Annotated[
        str | None,
        typer.Option("--actor", "-a", metavar="NAME", help="Who takes part: a name, a country code (PAK), an id."),
    ] = None,
    role: Annotated[Role, typer.Option(help="As what --actor takes part.")] = Role.either,
    status: Annotated[
        Many, typer.Option(metavar="STATUS", help="happened, ongoing, planned, hypothetical; or as --standing.")
    ] = None,
    standing: Annotated[
        Many, typer.Option(metavar="STANDING", help="reported, claimed, accused, admitted, disputed, denied.")
    ] = None,
    act: Annotated[
        Many, typer.Option(metavar="ACT", help="That a claim of this act speaks of: deny, admit ...")
    ] = None,
    outlet: Annotated[Many, typer.Option(metavar="OUTLET", help="Reported by this outlet: its name or domain.")] = None,
    min_killed: Annotated[int | None, typer.Option(metavar="N", help="With so many dead or more.")] = None,
    versions: Annotated[
        bool, typer.Option("--all-versions", help="Also in stories that have a newer version.")
    ] = False,
    gazetteer: Annotated[Path | None, gazetteer_option()] = None,
) -> Query:
    """The query that these options ask. One option given several times takes any of its values."""
    from dateline.pipeline.asking import box_of, country_code, place_ids, where_is
    from dateline.store import Query
    from dateline.store.query import read_day

    if km is not None and near is None:
        raise UsageError("--km says how far around --near", remedy="Give --near PLACE.")
    circle, inside = where_is(near, km=km, gazetteer=gazetteer) if near else (None, None)
    countries = tuple(country_code(each, gazetteer=gazetteer) for each in country or ())
    if inside and countries:
        raise UsageError("--near a country and --country are two countries", remedy="Leave one out.")
    # People say "disputed" of the status of an event, and no word is both.
    told = set(status or ())
    known = {"happened", "ongoing", "planned", "hypothetical"}
    return Query(
        words=words,
        since=read_day(since) if since else None,
        until=read_day(until, last=True) if until else None,
        near=circle,
        box=box_of(box) if box else None,
        countries=(inside,) if inside else countries,
        places=tuple(name for each in place or () for name in place_ids(each, gazetteer=gazetteer)),
        types=tuple(each.upper() for each in kind or ()),
        modes=tuple(mode or ()),
        contexts=tuple(context or ()),
        actor=actor,
        role=role.value,
        statuses=tuple(sorted(told & known)),
        standings=(*(standing or ()), *sorted(told - known)),
        acts=tuple(act or ()),
        outlets=tuple(outlet or ()),
        min_killed=min_killed,
        versions="all" if versions else "latest",
    )


def _claim_filters(
    words: Annotated[
        str | None,
        typer.Argument(metavar="[WORDS]", help='In what is said. "side by side"; OR; -without; begin*.'),
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who says it: a name, a country code, an id.")] = None,
    about: Annotated[str | None, typer.Option(metavar="NAME", help="Whom it is about.")] = None,
    actor: Annotated[str | None, typer.Option("--actor", "-a", metavar="NAME", help="Either, or to whom.")] = None,
    act: Annotated[Many, typer.Option(metavar="ACT", help="say, accuse, deny, urge ...: dateline explain.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="From this day on: 2025-11-27, 2025-11 or 2025.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Up to this day, it included.")] = None,
    outlet: Annotated[Many, typer.Option(metavar="OUTLET", help="Reported by this outlet: its name or domain.")] = None,
    versions: Annotated[
        bool, typer.Option("--all-versions", help="Also in stories that have a newer version.")
    ] = False,
) -> Query:
    """The query that these options ask."""
    from dateline.store import Query
    from dateline.store.query import read_day

    return Query(
        words=words,
        by=by,
        about=about,
        actor=actor,
        acts=tuple(act or ()),
        since=read_day(since) if since else None,
        until=read_day(until, last=True) if until else None,
        outlets=tuple(outlet or ()),
        versions="all" if versions else "latest",
    )


def _asking(filters: Callable[..., Query]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of `filters` in place of its parameter `query`, which they make."""

    def decorated(command: Callable[..., None]) -> Callable[..., None]:
        asked, own = (_parameters(function) for function in (filters, command))

        @wraps(command)
        def run(**options: Any) -> None:
            query = filters(**{name: options.pop(name) for name in asked})
            command(query=query, **options)

        merged = {"store": own.pop("store"), **asked, **{name: own[name] for name in own if name != "query"}}
        run.__signature__ = inspect.Signature(list(merged.values()))  # type: ignore[attr-defined]
        run.__annotations__ = {name: parameter.annotation for name, parameter in merged.items()}
        return run

    return decorated


def _parameters(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """The parameters of a function by name, with what typer is to know of them; all by keyword."""
    # Query is there for type checkers only: importing the store would make `dateline --help` wait.
    hints = typing.get_type_hints(function, localns={"Query": object}, include_extras=True)
    return {
        name: parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in inspect.signature(function).parameters.items()
    }


# ---------------------------------------------------------------- commands


@_asking(_event_filters)
def search(
    store: StoreArgument,
    query: Query,
    order: Annotated[
        Order, typer.Option(help="newest or oldest day first, most killed first, or last kept first.")
    ] = Order.newest,
    most: MostOption = 20,
    every: AllOption = False,
    after: Annotated[
        str | None, typer.Option(metavar="CURSOR", help="Go on behind the event with this cursor (see jsonl).")
    ] = None,
    only_count: CountOption = False,
    as_read: AsReadOption = False,
    form: FormOption = None,
    out: OutOption = None,
) -> None:
    """Find events in a store: what happened, who did it to whom, where, when, and whose word that is.

    \b
    Examples:
      dateline search news.db "drone attack" --since 2025-11 --near Tajikistan
      dateline search news.db --type ASSAULT --actor Taliban --status disputed
      dateline search news.db '"border crossing" -closed' --near Peshawar --km 80
      dateline search news.db --country Sudan --order deadliest --format csv --all --out sudan.csv
      dateline search news.db --type PROTEST --since 2025 --count

    \b
    Exit status:
      0  at least one event
      1  none, or the store failed
      2  the command was called wrongly
    """
    from dataclasses import replace

    from dateline.exports import load_ontology
    from dateline.faces import answers
    from dateline.store import open_store

    query = replace(query, order=order.value, as_read=as_read, limit=None if every else most, cursor=after)
    with open_store(store) as opened:
        if only_count:
            typer.echo(opened.count(query))
            return
        tally = _Tally()
        found = tally.of(opened.events(query))
        chosen = _form(form, out)
        pieces: Iterable[str]
        match chosen:
            case Form.table:
                pieces = _ended(answers.event_table(found, style=_style(out)))
            case Form.jsonl:
                pieces = answers.event_lines(found, load_ontology())
            case Form.csv:
                pieces = answers.event_csv(found)
        _write(pieces, out)
        _tell(tally.count, opened, query, "event", chosen)


@_asking(_claim_filters)
def claims(
    store: StoreArgument,
    query: Query,
    order: Annotated[
        Order, typer.Option(help="newest or oldest day first, or last kept first (arrival).")
    ] = Order.newest,
    most: MostOption = 20,
    every: AllOption = False,
    after: Annotated[
        str | None, typer.Option(metavar="CURSOR", help="Go on behind the claim with this cursor (see jsonl).")
    ] = None,
    only_count: CountOption = False,
    as_read: AsReadOption = False,
    form: FormOption = None,
    out: OutOption = None,
) -> None:
    """Find claims in a store: who says, denies, accuses, urges what.

    \b
    Examples:
      dateline claims news.db --by Taliban --act deny
      dateline claims news.db "ceasefire" --about Israel --since 2025-10
      dateline claims news.db --by "Dana Orel" --all --format csv --out orel.csv

    \b
    Exit status:
      0  at least one claim
      1  none, or the store failed
      2  the command was called wrongly
    """
    from dataclasses import replace

    from dateline.faces import answers
    from dateline.store import open_store

    query = replace(query, order=order.value, as_read=as_read, limit=None if every else most, cursor=after)
    with open_store(store) as opened:
        if only_count:
            typer.echo(opened.count(query, of="claims"))
            return
        tally = _Tally()
        found = tally.of(opened.claims(query))
        chosen = _form(form, out)
        pieces: Iterable[str]
        match chosen:
            case Form.table:
                pieces = _ended(answers.claim_table(found, style=_style(out)))
            case Form.jsonl:
                pieces = answers.claim_lines(found)
            case Form.csv:
                pieces = answers.claim_csv(found)
        _write(pieces, out)
        _tell(tally.count, opened, query, "claim", chosen)


def show(
    store: StoreArgument,
    name: Annotated[
        list[str],
        typer.Argument(
            metavar="STORY|EVENT|CLAIM|ACTOR|INCIDENT", help="An id or the beginning of one; of an actor also a name."
        ),
    ],
    as_read: AsReadOption = False,
) -> None:
    """Show one record with everything that belongs to it.

    A story with its events and claims; an event with every voice and its words; a claim with what it answers and what
    answers it; an actor with its names, what it did and what was done to it, what it says and what is said about it; an
    incident with the events in it.

    \b
    Examples:
      dateline show news.db event:4f1d
      dateline show news.db Taliban
    """
    from dateline.faces import pages
    from dateline.store import open_store

    with open_store(store) as opened:
        for line in pages.page(opened, " ".join(name), style=_style(None, widest=100), as_read=as_read):
            typer.echo(line)


def changes(
    store: StoreArgument,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="What was kept from this day on: 2025-11-27, 2025-11 or 2025.")
    ] = None,
    story: Annotated[str | None, typer.Option(metavar="STORY", help="Only of the version with this id.")] = None,
    kept: Annotated[bool, typer.Option("--kept", help="Also what stayed as it was.")] = False,
    form: FormOption = None,
    out: OutOption = None,
) -> None:
    """Show what new versions of stories changed: events and claims that are new, revised or withdrawn.

    \b
    Examples:
      dateline changes news.db --since 2025-11-20
      dateline changes news.db --format csv --out changes.csv
    """
    import datetime as dt

    from dateline.faces import answers
    from dateline.store import open_store
    from dateline.store.query import read_day

    moment = dt.datetime.combine(read_day(since), dt.time(), dt.UTC) if since else None
    with open_store(store) as opened:
        tally = _Tally()
        every = opened.changes(since=moment, story_id=story)
        found = tally.of(each for each in every if kept or each.change != "kept")
        chosen = _form(form, out)
        pieces: Iterable[str]
        match chosen:
            case Form.table:
                pieces = _ended(answers.change_table(found, style=_style(out)))
            case Form.jsonl:
                pieces = answers.change_lines(found)
            case Form.csv:
                pieces = answers.change_csv(found)
        _write(pieces, out)
        if out or chosen is Form.table:
            say(f"dateline: {counted(tally.count, 'change')}" + (f", written to {out}" if out else ""))


@_asking(_event_filters)
def export(
    store: StoreArgument,
    query: Query,
    to: Annotated[
        To,
        typer.Option(
            "--to",
            help="The forms of `read --to`; csv: a plain table; parquet: the same by month, a folder; "
            "jsonl: whole stories with texts, versions and corrections, for `dateline import`.",
        ),
    ],
    as_read: AsReadOption = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write to this file; for parquet to this new folder.")
    ] = None,
) -> None:
    """Write every event that meets some conditions, in a form for other programs.

    The conditions are those of `dateline search`; without any it is the whole archive. Events are written as they
    count, with the corrections of people. Acts of speech (accusations, demands ...) come with them in the forms that
    have such events.

    \b
    Examples:
      dateline export news.db --to plover --out events.jsonl
      dateline export news.db --to acled --country Sudan --since 2025 --out sudan.csv
      dateline export news.db --to parquet --out events/
      dateline export news.db --to jsonl --out archive.jsonl
    """
    from dataclasses import replace

    from dateline import exports
    from dateline.pipeline import asking
    from dateline.store import open_store

    query = replace(query, as_read=as_read)
    with open_store(store) as opened:
        if to is To.parquet:
            if out is None:
                raise UsageError("parquet is a folder of files", remedy="Name it: --out FOLDER.")
            number = asking.write_parquet(opened, query, out)
            say(f"dateline: {counted(number, 'event')}, written to {out}")
            return
        if to is To.jsonl:
            number = _write(asking.archive_lines(opened, query), out)
            say(f"dateline: {counted(number, 'line')}" + (f", written to {out}" if out else ""))
            return
        if to is To.csv:
            number = _write(asking.csv_pieces(opened, query), out) - 1
            say(f"dateline: {counted(number, 'event')}" + (f", written to {out}" if out else ""))
            return
        form = exports.Export(to.value, exports.load_ontology())
        _write(asking.export_pieces(opened, form, query), out)
    what = "story" if to is To.jsonld else "event or act of speech"
    many = "stories" if to is To.jsonld else "events and acts of speech"
    say(f"dateline: {counted(form.written, what, many)}" + (f", written to {out}" if out else ""))
    if form.left_out:
        say(f"dateline: {form.left_out:,} left out: {to.value} holds {exports.HELD[to.value]}")


def import_(
    file: Annotated[
        str,
        typer.Argument(metavar="ARCHIVE.jsonl", help="What `dateline export --to jsonl` wrote; - for standard input."),
    ],
    to: Annotated[
        str, typer.Option("--to", metavar="STORE", help="A file, made when it is not there yet; or an address.")
    ],
) -> None:
    """Keep the stories of an archive in a store: texts, records, versions, corrections, as they were.

    Nothing is read again. What is there already stays as it is; a run that was stopped is taken up by running it again.

    \b
    Example:
      dateline export news.db --to jsonl --out archive.jsonl
      dateline import archive.jsonl --to postgresql://ann@localhost/news
    """
    from dateline.faces.progress import Steps
    from dateline.pipeline.asking import read_archive
    from dateline.store import open_store

    with (
        open(file, encoding="utf-8") if file != "-" else sys.stdin as lines,
        open_store(to, create=True) as opened,
        Steps("importing", total=None) as steps,
    ):
        number = opened.restore(read_archive(lines, location=file, show=steps.show))
        counts = opened.counts()
    stories = counted(counts.stories, "story", "stories")
    say(f"dateline: {counted(number, 'line')} new; {to} has {stories} and {counted(counts.events, 'event')}")


# ---------------------------------------------------------------- writing


def _form(form: Form | None, out: Path | None) -> Form:
    """What is asked for, else what the ending of --out says, else what fits where it goes."""
    if form is not None:
        return form
    if out is None:
        return Form.table if sys.stdout.isatty() else Form.jsonl
    return {".csv": Form.csv, ".txt": Form.table}.get(out.suffix.lower(), Form.jsonl)


def _style(out: Path | None, *, widest: int = WIDEST_TABLE) -> Style:
    import shutil

    from dateline.faces.screen import Style

    colour = out is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return Style(width=max(40, min(widest, shutil.get_terminal_size().columns)), colour=colour)


class _Tally:
    """Counts what passes by."""

    def __init__(self) -> None:
        self.count = 0

    def of(self, records: Iterable[Any]) -> Iterator[Any]:
        for each in records:
            self.count += 1
            yield each


def _ended(lines: Iterable[str]) -> Iterator[str]:
    return (line + "\n" for line in lines)


def _write(pieces: Iterable[str], out: Path | None) -> int:
    """Write pieces as they come; how many there were. Whatever interrupts it, what is written are whole pieces."""
    from dateline.faces.output import file_output, standard_output

    count = 0
    try:
        with file_output(out) if out else standard_output() as output:
            for piece in pieces:
                if piece:
                    output.write(piece)
                    count += 1
    except KeyboardInterrupt:
        say("\ndateline: stopped." + (f" What was written is in {out}.part." if out else ""))
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        # Python flushes standard output once more as it ends: give it somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(READER_GONE) from None
    return count


def _tell(shown: int, store: Store, query: Query, what: str, form: Form) -> None:
    """Say on standard error how many there are, and set the status."""
    from dataclasses import replace

    if query.limit is not None and shown == query.limit:
        of: Any = "claims" if what == "claim" else "events"
        total = store.count(replace(query, limit=None, cursor=None), of=of)
        more = "; --most or --all shows more" if total > shown else ""
        say(f"dateline: {shown:,} of {counted(total, what)}{more}")
    elif shown or form is Form.table:
        say(f"dateline: {counted(shown, what)}")
    else:
        say(f"dateline: no {what}")
    raise typer.Exit(ALL_READ if shown else FAILED)
