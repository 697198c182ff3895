"""The shapes of time expressions, as patterns over the words of the tables. What they mean is in `expressions`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_YEAR = r"(?:19|20)\d\d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """shapes: (name, pattern) in order of precedence: where two overlap, the earlier one holds."""

    shapes: tuple[tuple[str, re.Pattern[str]], ...]
    future_cue: re.Pattern[str]
    not_year: re.Pattern[str]


def write_grammar(
    *,
    months: Iterable[str],
    weekdays: Iterable[str],
    units: Iterable[str],
    numbers: Iterable[str],
    seasons: Iterable[str],
    parts: Iterable[str],
    holidays: Iterable[str],
    fixed: Iterable[str],
    references: Iterable[str],
    frequencies: Iterable[str],
    future_cues: Iterable[str],
    not_years: Iterable[str],
) -> Grammar:
    """Compile the patterns, once."""
    month = f"(?P<month>{_any(months)})\\b\\.?"
    weekday = f"(?P<weekday>{_any(weekdays)})\\b"
    unit = f"(?P<unit>{_any(units)})\\b"
    number = f"(?P<number>\\d{{1,3}}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-\\w+|{_any(numbers)})"
    part = f"(?P<part>{_any(parts)})\\b"
    season = f"(?P<season>{_any(seasons)})\\b"
    year = f"(?P<year>{_YEAR})\\b"
    day = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b"
    edge = r"(?:(?P<edge>early|mid|late)[ -])?"
    clock = r"(?:(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?\s?(?P<half>[ap]\.?m\b\.?)|(?P<hour24>\d{1,2}):(?P<minute24>\d\d))"  # noqa: E501
    zone = r"(?:\s(?:GMT|UTC|ET|EST|EDT|BST|local time)\b)?"
    shapes = (
        ("fixed", rf"(?<!\w)(?P<words>{_any(fixed)})(?!\w)"),
        ("date", r"\b(?P<year>\d{4})-(?P<month_number>\d\d)-(?P<day>\d\d)\b"),
        (
            "date",
            rf"\b(?:\w+day,?\s+)?{month}\s+{day}"
            rf"(?:\s?(?:-|–|to|and|through)\s?(?P<last>\d{{1,2}})\b(?!,\d|:))?(?:,?\s+{year})?",
        ),
        ("date", rf"\b(?:\w+day,?\s+)?{day}(?:\s+of)?\s+{month}(?:,?\s+{year})?"),
        ("month", rf"\b{edge}{month},?\s+(?:of\s+)?{year}"),
        ("quarter", rf"\b(?P<nth>first|second|third|fourth|Q[1-4])(?:[ -]quarter)?(?:\s+(?:of\s+)?{year})?"),
        ("season", rf"\b{edge}(?:(?P<which>last|this|next|past|the)\s+)?{season}(?:\s+(?:of\s+)?{year})?"),
        ("clock", rf"\b{clock}{zone}"),
        ("every", rf"\b(?:every|each)\s+(?:{weekday}|{unit})"),
        (
            "weekday",
            rf"\b(?:(?P<which>last|next|this(?:\s+past|\s+coming)?)\s+)?{weekday}(?:\s+(?:and|through)\s+(?P<last>{_any(weekdays)})\b|\s+{part})?",
        ),
        ("today", rf"\b(?P<word>yesterday|today|tomorrow|tonight|overnight)\b(?:\s+{part})?"),
        ("part", rf"\bthis\s+{part}"),
        (
            "same",
            r"\b(?P<which>that|the\s+same|same|the\s+previous|the\s+following|the\s+next)\s+(?P<what>day|night|morning|evening|afternoon)\b",
        ),
        ("same", r"\b(?:earlier|later)\s+in\s+(?P<which>the)\s+(?P<what>day)\b"),
        ("weekend", r"\b(?:(?P<which>last|this|next|past|the)\s+)?weekend\b"),
        ("shift", rf"\b{number}\s+{unit}\s+(?P<way>ago|earlier|later|before|after)\b"),
        (
            "around",
            r"\b(?:(?P<edge>early|late|earlier|later)\s+)?(?P<which>last|this|next)\s+(?P<unit>week|month|year|quarter|decade|century)\b",
        ),
        ("edge", rf"\b(?P<edge>beginning|start|end)[ -]of[ -](?:(?:the[ -]|this[ -])?(?P<unit>year|month)\b|{year})"),
        ("duration", rf"\b(?:the\s+)?(?:past|last|next|first)\s+{number}\s+{unit}"),
        ("past", r"\bpast\s+(?P<unit>day|week|month|year|decade|century)\b"),
        ("decade", r"(?<!\w)(?P<edge>early[ -]|mid[ -]|late[ -])?(?P<decade>(?:19|20)\d0|['’]?[2-9]0)s\b"),
        ("century", r"\b(?P<century>\d{1,2})(?:st|nd|rd|th)[ -]century\b"),
        ("holiday", rf"\b(?P<words>{_any(holidays)})(?!\w)(?:,?\s+{year})?"),
        ("reference", rf"\b(?P<words>{_any(references)})\b"),
        ("duration", rf"\b{number}[ -]{unit}(?![ -]+old)"),
        (
            "vague",
            r"(?:(?<=\bfor )|(?<=\bin )|(?<=\bof )|(?<=\bwithin ))(?P<unit>days|weeks|months|years|decades|centuries|hours|minutes)\b|\b(?P<long>days|weeks|months|years|decades)-long\b",  # noqa: E501
        ),
        ("frequency", rf"\b(?P<words>{_any(frequencies)})\b"),
        ("month", rf"\b{edge}{month}"),
        (
            "years",
            rf"\b(?P<first>{_YEAR})(?:\s?[-–/]\s?|\s(?:and|to|through|until)\s(?={_YEAR}\b))(?P<last>{_YEAR}|\d\d)\b(?![-–/])",
        ),
        ("year", rf"(?<![\w$€£#.,/:–-]){edge}{year}(?!,\d|\.\d|[-/:%]\d|%)"),
    )
    return Grammar(
        shapes=tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in shapes),
        future_cue=re.compile(rf"(?<!\w)(?:{_any(future_cues)})(?!\w)", re.IGNORECASE),
        not_year=re.compile(rf"\s+(?:{_any(not_years)})\b", re.IGNORECASE),
    )


def _any(words: Iterable[str]) -> str:
    """An alternation, longest first; a blank stands for any white space, an apostrophe for either kind."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+").replace("'", "['’]") for word in ordered)
