"""What the commands share: exit statuses, options, words to the person at the terminal."""

from __future__ import annotations

import shutil
import sys
from enum import StrEnum

import typer

# Exit statuses, documented in docs/reference/cli.md; 2, for a wrong call, is typer's own.
ALL_READ = 0
FAILED = 1
SOME_UNREAD = 3
INTERRUPTED = 130  # 128 + SIGINT, as shells count
READER_GONE = 141  # 128 + SIGPIPE: what we print to was closed, e.g. by `| head`


class Split(StrEnum):
    """Whether one input may hold several stories."""

    auto = "auto"
    never = "never"
    marker = "marker"


def gazetteer_option() -> typer.models.OptionInfo:
    """The option that several commands share."""
    option: typer.models.OptionInfo = typer.Option(
        "--gazetteer",
        metavar="FILE",
        envvar="DATELINE_GAZETTEER",
        help="Places from this file, made by `dateline gazetteer import`, in place of the shipped ones.",
        dir_okay=False,
    )
    return option


def actors_option() -> typer.models.OptionInfo:
    """The option that several commands share."""
    option: typer.models.OptionInfo = typer.Option(
        "--actors",
        metavar="FILE.tsv",
        help="Actors of your own, in the form of the world register; may be given several times.",
        dir_okay=False,
    )
    return option


def split_option() -> typer.models.OptionInfo:
    """The option that several commands share."""
    option: typer.models.OptionInfo = typer.Option(
        "--split",
        help="Several stories in one input? auto: where a new one clearly begins. marker: only at marked lines.",
    )
    return option


def inputs_argument() -> typer.models.ArgumentInfo:
    """What stories are read from."""
    argument: typer.models.ArgumentInfo = typer.Argument(
        metavar="FILE",
        help="Texts, saved pages (.html), JSON lines (.jsonl), web archives (.warc, .arc), each also as .gz; folders; "
        "quoted patterns; - for standard input.",
    )
    return argument


def width() -> int:
    from dateline.faces.screen import WIDEST

    return max(40, min(WIDEST, shutil.get_terminal_size().columns))


def counted(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def say(words: str) -> None:
    """Tell the person at the terminal, on standard error."""
    print(words, file=sys.stderr, flush=True)
