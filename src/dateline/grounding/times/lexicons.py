"""What the stage knows of words of time. The tables lie in `data/`, each with a card; they are read once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from dateline.grounding.times import calendar
from dateline.grounding.times.grammar import Grammar, write_grammar
from dateline.tables import read_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLexicons:
    """The tables of `grounding/times/data` and the patterns made of them. Read-only, keys in lower case.

    units: singular or plural -> TIMEX3 letters. numbers: word -> digits or X. fixed: words -> value, first, last day.
    holidays: name -> rule. moving: name, year -> value, first, last day, for holidays of other calendars.
    """

    months: dict[str, int]
    weekdays: dict[str, int]
    units: dict[str, str]
    numbers: dict[str, str]
    seasons: dict[str, str]
    parts_of_day: dict[str, str]
    clock_words: dict[str, str]
    ordinals: dict[str, str]
    directions: dict[str, int]
    holidays: dict[str, str]
    moving: dict[tuple[str, int], tuple[str, str, str]]
    fixed: dict[str, tuple[str, str, str]]
    references: dict[str, str]
    frequencies: dict[str, str]
    loose: dict[str, str]
    past_forms: frozenset[str]
    grammar: Grammar

    def holiday(self, name: str, year: int) -> str | None:
        """The value of a holiday in a year; None for a year outside the tables. Raises ValueError for no such day."""
        if name in self.holidays:
            return str(calendar.holiday(year, self.holidays[name]))
        found = self.moving.get((name, year))
        return found[0] if found else None

    def holiday_days(self, name: str, value: str) -> tuple[dt.date, dt.date] | None:
        """First and last day on which a moving holiday may have begun or ended; None for a fixed one."""
        found = self.moving.get((name, int(value[:4])))
        return (dt.date.fromisoformat(found[1]), dt.date.fromisoformat(found[2])) if found else None

    def contained(self, context: str, text: str) -> bool:
        """Whether a word of this context stands in a text."""
        return not self.grammar.contexts[context].isdisjoint(text.lower().split())

    def after_last(self, context: str, text: str) -> str:
        """What follows the last word of this context; the whole text where there is none."""
        words = text.split(" ")
        for place in range(len(words) - 1, -1, -1):
            if words[place].lower() in self.grammar.contexts[context]:
                return " ".join(words[place + 1 :])
        return text


def load_time_lexicons() -> TimeLexicons:
    """Read the tables that ship with the package and compile the patterns.

    Raises InstallationError when one is missing or damaged.
    """
    units = {name: code for row in _rows("units.tsv", columns=3) for name, code in ((row[0], row[1]), (row[2], row[1]))}
    months = {name: int(number) for name, number in _pairs("months.tsv")}
    weekdays = {name: int(number) for name, number in _pairs("weekdays.tsv")}
    numbers = dict(_pairs("numbers.tsv"))
    ordinals = dict(_pairs("ordinals.tsv"))
    seasons = {name: code for name, code, _ in _rows("seasons.tsv", columns=3)}
    parts = dict(_pairs("parts_of_day.tsv"))
    clock_words = dict(_pairs("clock_words.tsv"))
    holidays = dict(_pairs("holidays.tsv"))
    moving = {
        (name, int(year)): (value, first, last)
        for name, year, value, first, last in _rows("moving_holidays.tsv", columns=5)
    }
    fixed = {words: (value, first, last) for words, value, first, last in _rows("fixed.tsv", columns=4)}
    references = dict(_pairs("references.tsv"))
    frequencies = dict(_pairs("frequencies.tsv"))
    loose = dict(_pairs("loose.tsv"))
    contexts: dict[str, list[str]] = {}
    for context, words in _pairs("contexts.tsv"):
        contexts.setdefault(context, []).append(words)
    return TimeLexicons(
        months=months,
        weekdays=weekdays,
        units=units,
        numbers=numbers,
        ordinals=ordinals,
        directions={name: int(shift) for name, shift in _pairs("directions.tsv")},
        seasons=seasons,
        parts_of_day=parts,
        clock_words=clock_words,
        holidays=holidays,
        moving=moving,
        fixed=fixed,
        references=references,
        frequencies=frequencies,
        loose=loose,
        past_forms=frozenset(_list("past_forms.tsv")),
        grammar=write_grammar(
            months=months,
            weekdays=weekdays,
            units=units,
            numbers=numbers,
            ordinals=ordinals,
            seasons=seasons,
            parts=parts,
            clock_words=clock_words,
            zones=_list("zones.tsv"),
            hedges=_list("hedges.tsv"),
            holidays={*holidays, *(name for name, _ in moving)},
            fixed=fixed,
            references=references,
            frequencies=frequencies,
            loose=loose,
            not_times=_list("not_times.tsv"),
            future_cues=_list("future_cues.tsv"),
            contexts=contexts,
        ),
    )


def _list(name: str) -> list[str]:
    """The rows of a table of one column."""
    return [row[0] for row in _rows(name, columns=1)]


def _pairs(name: str) -> Iterator[tuple[str, str]]:
    """The rows of a table of two columns."""
    return ((row[0], row[1]) for row in _rows(name, columns=2))


def _rows(name: str, *, columns: int) -> Iterator[tuple[str, ...]]:
    return read_rows(__package__, name, columns=columns)
