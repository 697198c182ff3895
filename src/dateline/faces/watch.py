"""The command that watches feeds: `dateline watch`."""

from __future__ import annotations

import contextlib
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from dateline.errors import UsageError
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
from dateline.records import Problem

if TYPE_CHECKING:
    from dateline.pipeline.watching import Round

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d)?")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def register(app: typer.Typer) -> None:
    """Make this command one of the application."""
    app.command()(watch)


def watch(
    feeds: Annotated[
        list[str],
        typer.Argument(metavar="FEED", help="Addresses of feeds (RSS, Atom), saved feeds, lists of feeds (OPML)."),
    ],
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="STORE",
            help="A file, made when it is not there yet, or postgresql://USER@HOST/DATABASE.",
        ),
    ],
    every: Annotated[
        str, typer.Option("--every", metavar="TIME", help="How often to look: 15m, 1h, 1d; not below 1m.")
    ] = "15m",
    once: Annotated[bool, typer.Option("--once", help="Look once and end, e.g. when started by cron.")] = False,
    contact: Annotated[
        str | None,
        typer.Option(
            "--contact",
            metavar="ADDRESS",
            envvar="DATELINE_CONTACT",
            help="An address or mail address of yours, sent with every request, so that outlets can reach you.",
        ),
    ] = None,
    pause: Annotated[
        float, typer.Option("--pause", metavar="SECONDS", min=0.0, help="Between two requests to one server.")
    ] = 2.0,
    memory: Annotated[
        Path | None,
        typer.Option(
            "--memory",
            metavar="FILE",
            dir_okay=False,
            help="Where to remember what was seen; without it STORE.feeds.json.",
        ),
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Ask servers of this machine and of private networks, too.")
    ] = False,
    listed: Annotated[bool, typer.Option("--list", help="Say of every page what became of it.")] = False,
    gazetteer: Annotated[Path | None, gazetteer_option()] = None,
    actors: Annotated[list[Path] | None, actors_option()] = None,
) -> None:
    """Keep the stories that feeds name, round after round; stories that change are kept as new versions.

    This is the one command that uses the network. It asks only for the feeds that you name and the pages that they
    name, one at a time, as the robots.txt of each server allows. Ctrl-C ends it after the page in hand.

    \b
    Examples:
      dateline watch https://news.example/rss.xml --to news.db
      dateline watch feeds.opml --to news.db --every 1h --contact ann@example.org
      dateline watch feeds.opml --to news.db --once

    \b
    Exit status:
      0    with --once: every feed and page was read
      1    nothing could be read, a named file does not exist, or the store failed
      2    the command was called wrongly
      3    with --once: some feeds or pages could not be read (each is named)
      130  stopped by Ctrl-C; what was kept is complete
    """
    seconds = _seconds(every)
    named_contact = {"contact": _one_line(contact)} if contact else {}
    from dateline.faces import screen
    from dateline.pipeline import Config
    from dateline.pipeline.keeping import Added
    from dateline.pipeline.watching import Manners, Round, find_feeds, memory_of
    from dateline.pipeline.watching import watch as watch_all
    from dateline.store import open_store

    manners = Manners(pause=pause, allow_private=allow_private, **named_contact)
    config = Config(gazetteer=gazetteer, actor_files=tuple(actors or ()))
    named = find_feeds(feeds)
    outcomes: Counter[str] = Counter()
    problems = read = 0
    with open_store(to, create=True) as store, _ctrl_c() as stop:
        for told in watch_all(
            named, store, memory=memory or memory_of(store.where), config=config, manners=manners,
            every=seconds, once=once, stop=stop,
        ):  # fmt: skip
            match told:
                case Round():
                    say(f"{time.strftime('%H:%M:%S')} {_line(told, outcomes)}")
                    read += told.feeds - told.failed + outcomes.total() - outcomes["unread"]
                    outcomes.clear()
                case Problem():
                    problems += 1
                    typer.echo(screen.problem_text(told, width=width()))
                case Added():
                    outcomes[told.outcome] += 1
                    problems += told.outcome == "unread"
                    for problem in told.problems:
                        typer.echo(screen.problem_text(problem, width=width()))
                    if listed:
                        print(f"{told.outcome}\t{told.location}", flush=True)
    if stop.is_set():
        raise typer.Exit(INTERRUPTED)
    raise typer.Exit(ALL_READ if not problems else SOME_UNREAD if read else FAILED)


def _line(looked: Round, outcomes: Counter[str]) -> str:
    """One round in a line: "12 feeds (9 unchanged, 1 failed), 3 pages: 2 new, 1 version; next in 14 min"."""
    odd = [f"{count} {word}" for count, word in ((looked.unchanged, "unchanged"), (looked.failed, "failed")) if count]
    feeds = counted(looked.feeds, "feed") + (f" ({', '.join(odd)})" if odd else "")
    words = f"{feeds}, {counted(looked.pages, 'page')}"
    became = {
        "new": "new",
        "version": "changed",
        "unchanged": "as before",
        "there": "there already",
        "unread": "unread",
    }
    kept = [f"{outcomes[outcome]} {word}" for outcome, word in became.items() if outcomes[outcome]]
    words += f": {', '.join(kept)}" if kept else ""
    words += f"; {looked.waiting} left for later" if looked.waiting else ""
    return words + (f"; next look in {_time(looked.next_in)}" if looked.next_in is not None else "")


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _seconds(written: str) -> float:
    found = _SPAN.fullmatch(written.strip().lower())
    if not found:
        raise UsageError(f"{written!r} is no time", location="--every", remedy="Write it as 15m, 1h or 1d.")
    return float(found[1]) * _SECONDS[found[2] or "s"]


def _one_line(contact: str) -> str:
    """What can stand in a header: nothing that would begin another."""
    if not contact.isascii() or not contact.isprintable():
        raise UsageError("a contact is one line of ASCII", location="--contact", remedy="Give a mail or web address.")
    return contact


@contextlib.contextmanager
def _ctrl_c() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets; the second interrupts at once."""
    stop = threading.Event()

    def interrupt(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        say("dateline: stopping after the page in hand; Ctrl-C once more stops at once.")

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield stop
    except KeyboardInterrupt:
        say("dateline: stopped.")
        raise typer.Exit(INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGINT, before)
