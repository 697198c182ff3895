"""The shapes of time expressions, as patterns over the words of the tables. What they mean is in `meanings`.

Every repetition is bounded, so that a pattern looks at a text once, whatever the text is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Shape = tuple[str, re.Pattern[str]]

_YEAR = r"(?:1[6-9]|20)\d\d"
_GAP = r"\s{1,3}"
_LETTERS = re.compile(r"[a-z]+")
_DIGIT = re.compile(r"\d")
_ASCII = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_SPANS = "day days week weeks month months year years decade decades century centuries quarter quarters"
_SPANS += " hour hours minute minutes night morning evening afternoon weekend period"

# What a text must hold for a shape to be tried; shapes of one table need its words. Keeps most shapes off most texts.
_NEEDS = {
    "date": "#",
    "slashes": "#",
    "fiscal": "fiscal financial fy",
    "quarter": "quarter q",
    "every": "every each",
    "today": "yesterday today tomorrow tonight overnight",
    "same": "same that previous following next day",
    "weekend": "weekend",
    "around": _SPANS,
    "edge": _SPANS,
    "past": _SPANS,
    "decade": "s",
    "century": "century",
    "nth": _SPANS,
    "ago": _SPANS,
    "vague": _SPANS + " long daylong weeklong monthlong yearlong decadeslong dayslong weekslong monthslong yearslong",
    "thing": _SPANS,
    "years": "#",
    "year": "#",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """names: what holds words of time and is none, for the text as it stands.
    shapes: (name, pattern), for text in lower case, in order of precedence: where two overlap, the earlier one holds.

    needs: name of a shape -> letters of which one must stand in a text that holds it, see `letters_of`.
    contexts: name -> its words. ends_with: name -> pattern to search in the words just before a match.
    starts_with: name -> pattern to match against the words just after it. inside: name -> pattern of any place.
    """

    names: re.Pattern[str]
    shapes: tuple[Shape, ...]
    needs: Mapping[str, frozenset[str]]
    future_cue: re.Pattern[str]
    contexts: Mapping[str, frozenset[str]]
    ends_with: Mapping[str, re.Pattern[str]]
    starts_with: Mapping[str, re.Pattern[str]]
    inside: Mapping[str, re.Pattern[str]]


def write_grammar(
    *,
    months: Iterable[str],
    weekdays: Iterable[str],
    units: Iterable[str],
    numbers: Iterable[str],
    ordinals: Iterable[str],
    seasons: Iterable[str],
    parts: Iterable[str],
    clock_words: Iterable[str],
    zones: Iterable[str],
    hedges: Iterable[str],
    holidays: Iterable[str],
    fixed: Iterable[str],
    references: Iterable[str],
    frequencies: Iterable[str],
    loose: Iterable[str],
    not_times: Iterable[str],
    future_cues: Iterable[str],
    contexts: Mapping[str, Sequence[str]],
) -> Grammar:
    """Compile the patterns, once."""
    words = _Words(
        month=any_of(months),
        weekday=any_of(weekdays),
        unit=any_of(units),
        number=any_of(numbers),
        ordinal=any_of(ordinals),
        season=any_of(seasons),
        part=any_of(parts),
        clock=any_of(clock_words),
        zone=any_of(zone.lower() for zone in zones),
        hedge=f"(?:(?:{any_of(hedges)}){_GAP})?",
    )
    listed = (
        ("frequency", rf"\b(?P<words>{any_of(frequencies)})\b"),
        ("loose", rf"\b(?P<words>{any_of(loose)})\b"),
    )
    named = (
        ("fixed", rf"(?<!\w)(?P<words>{any_of(fixed)})(?!\w)"),
        ("holiday", rf"\b(?P<words>{any_of(holidays)})(?!\w){_in_year()}"),
        ("reference", rf"\b(?P<words>{any_of(references)})\b(?!{_GAP}(?:\d|(?:{words.number}|{words.unit})\b))"),
    )
    patterns = [*named, *_dates(words), *_clocks(words), *_days(words), *_amounts(words), *listed, *_years(words)]
    return Grammar(
        # Letter by letter: "USA Today" holds no time, "in the USA today" does.
        names=re.compile(rf"(?<!\w)(?:{any_of(not_times)})(?!\w)"),
        shapes=tuple((name, re.compile(pattern)) for name, pattern in patterns),
        needs={
            "fixed": _needed(fixed),
            "holiday": _needed(holidays),
            "reference": _needed(references),
            "frequency": _needed(frequencies),
            "loose": _needed(loose),
            "month": _needed(months),
            "months": _needed(months),
            "season": _needed(seasons),
            "weekday": _needed(weekdays),
            "clock": _needed([*clock_words, "1"]),
            "part": _needed(parts),
            "daypart": _needed(parts),
            "shift": _needed(units),
            "duration": _needed(units),
            **{name: frozenset(needed.split()) for name, needed in _NEEDS.items()},
        },
        future_cue=re.compile(rf"(?<!\w)(?:{any_of(future_cues)})(?!\w)", re.IGNORECASE),
        contexts={name: frozenset(group) for name, group in contexts.items()},
        ends_with={
            name: re.compile(rf"(?<!\w)(?:{any_of(group)})[\s-]{{0,2}}$", re.IGNORECASE)
            for name, group in contexts.items()
        },
        starts_with={
            name: re.compile(rf"[\s-]{{1,2}}(?:{any_of(group)})(?!\w)", re.IGNORECASE)
            for name, group in contexts.items()
        },
        inside={
            name: re.compile(rf"(?<!\w)(?:{any_of(group)})(?!\w)", re.IGNORECASE) for name, group in contexts.items()
        },
    )


def lowered(text: str) -> str:
    """A text in lower case with every character in its place; letters that grow in lower case stay as they are."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text.translate(_ASCII)


def letters_of(text: str) -> frozenset[str]:
    """Every run of letters in a text in lower case; "#" where it holds a digit."""
    return frozenset(("#",) if _DIGIT.search(text) else ()).union(_LETTERS.findall(text))


def _needed(words: Iterable[str]) -> frozenset[str]:
    """The longest run of letters of each entry, "#" for an entry without any."""
    return frozenset(max(_LETTERS.findall(word.lower()), key=len, default="#") for word in words)


def any_of(words: Iterable[str]) -> str:
    """An alternation, longest first; a blank stands for white space, an apostrophe for either kind."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", _GAP).replace("'", "['’]") for word in ordered)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """The alternations that several shapes share."""

    month: str
    weekday: str
    unit: str
    number: str
    ordinal: str
    season: str
    part: str
    clock: str
    zone: str
    hedge: str


def _in_year() -> str:
    """ "March 3, 2024", "December last year", "the summer of next year"."""
    return (
        rf"(?:,?{_GAP}(?:(?:of|in){_GAP})?"
        rf"(?:(?P<year>{_YEAR})\b(?![-/]\d)|(?P<relative>last|this|next){_GAP}year\b))?"
    )


def _edge() -> str:
    """ "early", "the end of", before a stretch of time."""
    return (
        rf"(?:(?P<edge>early|mid|late|earlier|later"
        rf"|(?:the{_GAP})?(?:very{_GAP})?(?:beginning|start|middle|end|close)(?=[ -]of\b))"
        rf"(?:-|{_GAP})(?:(?:in|on|of|of{_GAP}the)(?:-|{_GAP}))?)?"
    )


def _dates(words: _Words) -> Iterator[tuple[str, str]]:
    """Days, months, quarters, seasons: the calendar by name and number."""
    edge = _edge()
    month = rf"(?P<month>{words.month})\b\.?"
    space = rf"(?:(?<=\.)\s{{0,3}}|{_GAP})"  # "Aug.6"
    day = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b(?![.,]\d|:\d|%)"
    weekday = rf"(?:(?:{words.weekday}),?\s(?P<open>\()?)?"
    last = r"(?:\s?(?:-|–|to|and|through)\s?(?P<last>\d{1,2})\b(?!,\d|:|%|\s?[ap]\.?m))?"
    close = r"(?(open)\)?)"
    year = _in_year()
    yield "date", r"\b(?P<year>\d{4})-(?P<month_number>\d\d)-(?P<day>\d\d)\b"
    yield "slashes", r"(?<![\w/])(?P<one>\d{1,2})/(?P<two>\d{1,2})/(?P<year>\d{4}|\d\d)(?![\w/])"
    yield "date", rf"\b{weekday}{month}{space}{day}{last}{year}{close}"
    yield "date", rf"\b{weekday}(?<![.,\d]){day}(?:{_GAP}of)?{_GAP}{month}{year}{close}"
    yield (
        "month",
        rf"\b{edge}{month},?{_GAP}(?:of{_GAP})?(?:(?P<year>{_YEAR})|(?P<relative>last|this|next){_GAP}year)\b"
        rf"(?:{_GAP}(?:to|through|until){_GAP}(?P<last>{words.month}){_GAP}(?P<last_year>{_YEAR})\b)?",
    )
    yield "fiscal", rf"\b(?:fiscal|financial){_GAP}(?:year{_GAP})?(?P<year>{_YEAR})\b|\bfy\s?(?P<short>(?:20)?\d\d)\b"
    yield (
        "quarter",
        rf"\b(?:the{_GAP})?(?:fiscal{_GAP})?(?P<nth>first|second|third|fourth|final|[1-4](?:st|nd|rd|th)|q[1-4])"
        rf"(?P<said>[ -](?:fiscal[ -])?quarter\b)?{year}",
    )
    yield (
        "season",
        rf"\b{edge}(?:(?P<which>last|this|next|past|this{_GAP}past|this{_GAP}coming|coming|the){_GAP})?"
        rf"(?P<season>{words.season})\b{year}",
    )


def _clocks(words: _Words) -> Iterator[tuple[str, str]]:
    """Times of day. Example: "3:15 p.m. EST", "0900 GMT", "noon"."""
    zone = rf"(?:\s?(?P<zone>{words.zone})\b(?:{_GAP}time\b)?)"
    aside = r"(?:\s?\((?=\d)[^()\n]{1,28}\))?"
    hedge = words.hedge
    yield (
        "clock",
        rf"\b{hedge}(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d\d))?\s?(?P<half>[ap]\.?m\b\.?)(?:,?{zone})?{aside}",
    )
    yield "clock", rf"\b{hedge}(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?![:\d]){zone}?{aside}"
    yield "clock", rf"\b(?P<hour>[0-2]\d)(?P<minute>[0-5]\d)\s?(?P<zone>gmt|utc|hours|local{_GAP}time)\b{aside}"
    yield "clock", rf"\b(?P<named>{words.clock})\b(?:{_GAP}{zone})?"


def _days(words: _Words) -> Iterator[tuple[str, str]]:
    """Days, weeks and longer told by name or from the story's day."""
    weekday = rf"(?P<weekday>{words.weekday})\b"
    part = rf"(?P<part>{words.part})\b"
    edge = _edge()
    yield (
        "every",
        rf"\b(?:every|each){_GAP}(?:single{_GAP})?(?:{weekday}|{part}|(?P<unit>{words.unit})\b)",
    )
    yield (
        "weekday",
        rf"\b{edge}(?:(?P<which>last|next|this(?:{_GAP}past|{_GAP}coming)?){_GAP})?{weekday}"
        rf"(?:{_GAP}(?:through|to){_GAP}(?P<last>{words.weekday})\b|{_GAP}{part})?",
    )
    yield "today", rf"\bthe{_GAP}day{_GAP}(?P<beyond>before{_GAP}yesterday|after{_GAP}tomorrow)\b"
    yield "today", rf"\b{edge}(?P<word>yesterday|today|tomorrow|tonight|overnight)\b(?:{_GAP}{part})?"
    yield "part", rf"\b{edge}(?P<which>this|last|that){_GAP}{part}"
    yield (
        "same",
        rf"\b(?:(?P<edge>earlier|later){_GAP})?"
        rf"(?P<which>that{_GAP}same|that{_GAP}very|that|the{_GAP}same|same|(?:the{_GAP})?(?:previous|following)"
        rf"|(?:the{_GAP})?next(?={_GAP}(?:day|night|morning|evening|afternoon)))"
        rf"{_GAP}(?P<what>day|night|morning|evening|afternoon|week|month|year)\b",
    )
    yield "same", rf"\b(?:earlier|later|late|early){_GAP}in{_GAP}(?P<which>the){_GAP}(?P<what>day)\b"
    yield (
        "same",
        rf"\b(?:the{_GAP})?(?P<which>same){_GAP}(?P<what>period|quarter|month){_GAP}(?:of{_GAP})?"
        rf"(?:(?:the{_GAP})?(?P<relative>last){_GAP}year|(?P<back>a){_GAP}year{_GAP}(?:ago|earlier|before))\b",
    )
    yield (
        "weekend",
        rf"\b{edge}(?:(?P<which>last|this|next|past|this{_GAP}past|this{_GAP}coming|coming|the){_GAP})?weekend\b",
    )
    yield (
        "edge",
        rf"\b(?:the{_GAP})?(?P<edge>beginning|start|middle|end|close)[ -]of[ -]"
        r"(?:(?P<which>the)[ -])?(?P<unit>year|month|week|decade)\b",
    )
    yield (
        "around",
        rf"\b{edge}(?P<which>last|this|next|this{_GAP}past|this{_GAP}coming){_GAP}"
        r"(?P<unit>week|month|year|quarter|decade|century)\b",
    )
    yield (
        "around",
        rf"\b(?P<edge>earlier|later|late|early){_GAP}in{_GAP}(?P<which>the){_GAP}(?P<unit>week|month|year)\b",
    )
    yield "edge", r"\b(?P<unit>year)-(?P<edge>end)\b"


def _amounts(words: _Words) -> Iterator[tuple[str, str]]:
    """Numbers of units, with or without a direction."""
    tens = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-\w{3,5}"
    number = rf"(?P<number>\d{{1,4}}(?:\.\d)?|{tens}|{words.number})"
    kind = "full|straight|consecutive|successive|more|whole|additional|long|trading|other|short"
    between = rf"(?:[ -]|{_GAP}(?:{kind}){_GAP})"
    amount = (
        rf"(?:(?P<half>half|quarter)[ -](?:an?[ -]|of{_GAP}a{_GAP})?(?P<halved>{words.unit})\b"
        rf"|{number}(?:[ -](?P<plus>and[ -]a[ -]half))?{between}"
        rf"(?P<unit>{words.unit})\b(?P<over>[ -]and[ -]a[ -]half\b)?)"
    )
    hedge, article = words.hedge, rf"(?:an?{_GAP}(?=\d|half|quarter))?"
    many = "days|weeks|months|years|decades|centuries|hours|minutes"
    way = rf"(?P<way>ago|earlier|later|before|after|from{_GAP}now|hence)\b"
    yield "vague", r"\b(?P<long>day|days|week|weeks|month|months|year|years|decade|decades)-?long\b"
    yield "shift", rf"\b{hedge}{article}{amount}{_GAP}{way}"
    yield (
        "duration",
        rf"\b(?P<window>(?:the{_GAP}|these{_GAP})?(?:past|last|next|first|coming|previous|final|recent|preceding))"
        rf"{_GAP}{amount}",
    )
    yield (
        "duration",
        rf"\b(?:the{_GAP})?(?P<window>past|last|first|next){_GAP}(?:(?:many|several|few|couple{_GAP}of){_GAP})?"
        r"(?P<open>days|weeks|months|years|decades|hours)\b",
    )
    yield "past", rf"\b(?:the{_GAP})?(?P<window>past|coming){_GAP}(?P<unit>day|week|month|year|decade|century)\b"
    yield "decade", r"(?<!\w)(?:the\s)?(?P<edge>early[ -]|mid[ -]|late[ -])?(?P<decade>(?:1[6-9]|20)\d0|['’]?[2-9]0)s\b"
    yield "century", r"\b(?P<century>\d{1,2})(?:st|nd|rd|th)[ -]century\b"
    yield (
        "nth",
        rf"\b(?:an?{_GAP}|the{_GAP})?(?P<nth>{words.ordinal}|\d{{1,3}}(?:st|nd|rd|th))[ -]"
        rf"(?P<straight>(?:straight|consecutive|successive){_GAP})?(?P<what>day|night|week|weekend|month|year)\b",
    )
    yield "duration", rf"\b{hedge}{article}{amount}"
    yield "ago", rf"\b{hedge}(?P<unit>{many}){_GAP}(?P<way>ago|back|later|earlier|after|before)\b"
    yield (
        "vague",
        rf"\b{hedge}(?P<unit>{many})(?!{_GAP}(?:old|ahead|away)\b)\b(?:{_GAP}(?:and|or){_GAP}(?P<more>{many})\b)?",
    )
    yield (
        "thing",
        rf"\b(?P<which>the(?:{_GAP}(?:entire|whole|previous|prior|preceding|following|coming|current))?)"
        rf"{_GAP}(?P<what>day|week|month|quarter|year)\b(?!{_GAP}(?:before|after)\b)",
    )
    yield "thing", rf"\bthe{_GAP}(?P<what>year|month|week|day){_GAP}(?P<which>previous|before|ahead)\b"


def _years(words: _Words) -> Iterator[tuple[str, str]]:
    """What is left when the longer shapes have taken theirs: parts of a day, months and years alone."""
    edge = _edge()
    yield (
        "daypart",
        rf"\b(?:(?P<edge>early|late|mid|pre)[ -](?:(?:at|in|into|on){_GAP})?)?(?:the{_GAP})?(?P<part>{words.part})\b",
    )
    yield "months", rf"\b(?P<month>{words.month})\b\.?{_GAP}(?:through|to){_GAP}(?P<last>{words.month})\b"
    yield "month", rf"\b(?:(?P<which>last|next|this){_GAP})?{edge}(?P<month>{words.month})\b\.?"
    yield (
        "years",
        rf"\b(?:(?:from|between){_GAP})?(?P<first>{_YEAR})(?:\s?[-–/]\s?|{_GAP}(?:to|through|until){_GAP}(?={_YEAR}\b))"
        rf"(?P<last>{_YEAR}|\d\d)\b(?![-–/])",
    )
    yield "years", rf"\bbetween{_GAP}(?P<first>{_YEAR}){_GAP}and{_GAP}(?P<last>{_YEAR})\b(?![-–/])"
    yield "year", r"(?<!\w)['’](?P<short>[5-9]\d|[0-2]\d)(?![\w'’])"
    yield "year", rf"(?<![\w$€£#.,/:–-])(?:post-|pre-)?{edge}(?P<year>{_YEAR})\b(?!,\d|\.\d|[-/:%]\d|%)"
