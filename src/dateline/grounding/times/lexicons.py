"""What the stage knows of words of time. The tables lie in `data/`, each with a card; they are read once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from dateline.errors import InstallationError
from dateline.grounding.times.grammar import Grammar, write_grammar


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLexicons:
    """The tables of `grounding/times/data` and the patterns made of them. Read-only, keys in lower case.

    units: singular or plural -> TIMEX3 letters. numbers: word -> digits or X. fixed: words -> value, first, last day.
    """

    months: dict[str, int]
    weekdays: dict[str, int]
    units: dict[str, str]
    numbers: dict[str, str]
    seasons: dict[str, str]
    parts_of_day: dict[str, str]
    holidays: dict[str, str]
    fixed: dict[str, tuple[str, str, str]]
    references: dict[str, str]
    frequencies: dict[str, str]
    grammar: Grammar


def load_time_lexicons() -> TimeLexicons:
    """Read the tables that ship with the package and compile the patterns.

    Raises InstallationError when one is missing or damaged.
    """
    units = {name: code for row in _rows("units.tsv", columns=3) for name, code in ((row[0], row[1]), (row[2], row[1]))}
    months = {name: int(number) for name, number in _pairs("months.tsv")}
    weekdays = {name: int(number) for name, number in _pairs("weekdays.tsv")}
    numbers = dict(_pairs("numbers.tsv"))
    seasons = {name: code for name, code, _ in _rows("seasons.tsv", columns=3)}
    parts = dict(_pairs("parts_of_day.tsv"))
    holidays = dict(_pairs("holidays.tsv"))
    fixed = {words: (value, first, last) for words, value, first, last in _rows("fixed.tsv", columns=4)}
    references = dict(_pairs("references.tsv"))
    frequencies = dict(_pairs("frequencies.tsv"))
    return TimeLexicons(
        months=months,
        weekdays=weekdays,
        units=units,
        numbers=numbers,
        seasons=seasons,
        parts_of_day=parts,
        holidays=holidays,
        fixed=fixed,
        references=references,
        frequencies=frequencies,
        grammar=write_grammar(
            months=months,
            weekdays=weekdays,
            units=units,
            numbers=numbers,
            seasons=seasons,
            parts=parts,
            holidays=holidays,
            fixed=fixed,
            references=references,
            frequencies=frequencies,
            future_cues=[row[0] for row in _rows("future_cues.tsv", columns=1)],
            not_years=[row[0] for row in _rows("not_years.tsv", columns=1)],
        ),
    )


def _pairs(name: str) -> Iterator[tuple[str, str]]:
    """The rows of a table of two columns."""
    return ((row[0], row[1]) for row in _rows(name, columns=2))


def _rows(name: str, *, columns: int) -> Iterator[tuple[str, ...]]:
    """The rows of a table below the line that names its columns."""
    try:
        text = resources.files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise InstallationError(f"the table {name} of grounding/times cannot be read", location=name) from fault
    for line in text.splitlines()[1:]:
        cells = tuple(line.split("\t"))
        if len(cells) != columns:
            raise InstallationError(f"a row of {name} has {len(cells)} columns, not {columns}: {line}", location=name)
        yield cells
