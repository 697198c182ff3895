"""The forms of output of `dateline read`, each fed one story or problem at a time."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from dateline import exports
from dateline.faces import jsonlines, screen, table
from dateline.faces.output import Output
from dateline.records import Problem

if TYPE_CHECKING:
    from dateline.pipeline import StoryReading

Say = Callable[[str], None]  # tells the person at the terminal something that is not output


class Writer(Protocol):
    """story: one story that was read. problem: an input that gave none. end: nothing more comes, finished or stopped.

    is_silent: whether the output itself does not say how much was read.
    """

    is_silent: bool

    def story(self, reading: StoryReading) -> None: ...

    def problem(self, problem: Problem) -> None: ...

    def end(self, summary: str) -> None: ...


class TextWriter:
    """For people: each story as soon as it is read, all problems together at the end."""

    is_silent = False

    def __init__(self, output: Output, style: screen.Style) -> None:
        self._output = output
        self._style = style
        self._problems: list[Problem] = []

    def story(self, reading: StoryReading) -> None:
        self._output.write(screen.story_page(reading, style=self._style))
        self._problems.extend(reading.problems)

    def problem(self, problem: Problem) -> None:
        self._problems.append(problem)

    def end(self, summary: str) -> None:
        self._output.write(screen.problems_page(self._problems, style=self._style) + summary + "\n")


class JsonLinesWriter:
    """One story per line, with its problems in it. Inputs without a story have no line: they are told."""

    is_silent = True

    def __init__(self, output: Output, say: Say, *, words: bool) -> None:
        self._output = output
        self._say = say
        self._words = words

    def story(self, reading: StoryReading) -> None:
        self._output.write(jsonlines.to_line(reading, words=self._words) + "\n")

    def problem(self, problem: Problem) -> None:
        self._say(_told(problem))

    def end(self, summary: str) -> None:
        pass


class JsonWriter:
    """One array of all stories, indented; closed properly also when the run is stopped."""

    is_silent = True

    def __init__(self, output: Output, say: Say, *, words: bool) -> None:
        self._output = output
        self._say = say
        self._words = words
        self._before = "[\n"

    def story(self, reading: StoryReading) -> None:
        plain = jsonlines.to_plain(reading, words=self._words)
        indented = textwrap.indent(json.dumps(plain, ensure_ascii=False, indent=2), "  ")
        self._output.write(self._before + indented)
        self._before = ",\n"

    def problem(self, problem: Problem) -> None:
        self._say(_told(problem))

    def end(self, summary: str) -> None:
        self._output.write("[]\n" if self._before == "[\n" else "\n]\n")


class CsvWriter:
    """One claim per row. A table has no room for problems: all of them are told."""

    is_silent = True

    def __init__(self, output: Output, say: Say) -> None:
        self._output = output
        self._say = say
        self._output.write(table.header())

    def story(self, reading: StoryReading) -> None:
        self._output.write(table.rows(reading))
        for problem in reading.problems:
            self.problem(problem)

    def problem(self, problem: Problem) -> None:
        self._say(_told(problem))

    def end(self, summary: str) -> None:
        pass


class ExportWriter:
    """Events in one of the forms of the field, each story as soon as it is read.

    Problems are told, and at the end how many events the form could not hold.
    """

    is_silent = True

    def __init__(self, output: Output, say: Say, form: str) -> None:
        self._output = output
        self._say = say
        self._export = exports.Export(form, exports.load_ontology())
        self._output.write(self._export.opening)

    def story(self, reading: StoryReading) -> None:
        for piece in self._export.story(reading):
            self._output.write(piece)
        for problem in reading.problems:
            self.problem(problem)

    def problem(self, problem: Problem) -> None:
        self._say(_told(problem))

    def end(self, summary: str) -> None:
        self._output.write(self._export.closing)
        missing, held = self._export.left_out, exports.HELD.get(self._export.form)
        if missing and held:
            what = f"{missing:,} of {missing + self._export.written:,} events and acts of speech"
            self._say(f"dateline: {what} left out: {self._export.form} holds {held}")


def _told(problem: Problem) -> str:
    return "dateline:" + screen.problem_text(problem, width=10_000).removeprefix(" ")
