"""Cuts a text into lines and paragraphs, and says what each looks like by itself, before its neighbours are known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from dateline.reading.datelines import Dateline, find_dateline
from dateline.reading.lexicons import FurnitureRole, Lexicons, normalize_line
from dateline.reading.timestamps import Stamp, find_stamps
from dateline.records import Span

_LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_BLANK = " \t\xa0\u3000\u200b\u200e\u200f\ufeff\x00\x1c\x1d\x1e\x1f\u2002\u2003\u2009\u202f\u2060"
_MARKER = re.compile(r"(?:[-=_*~#+–—•]\s?){3,}|<{3,}|>{3,}")
_BULLET = re.compile(r"(?:[•·●▪■◦‣⁃⦁►▶–—*]|-(?!-)|\d{1,2}[.)])[ \t\xa0]+(?=\S)")
_SENTENCE_END = re.compile(r"[.?!…][\"”'’)\]]*$")
_BYLINE = re.compile(
    r"(?:by|BY|By)[ \xa0:]+"
    r"(?P<name>(?:[Tt]he )?[A-Z][\w.'’-]+(?:(?:,? | and |, and | & )[A-Z][\w.'’-]*){0,12})(?P<rest>.*)"
)
_SUPPLIERS = (
    "AFP|AP|Reuters|REUTERS|EPA|Getty Images|Getty|Xinhua|Shutterstock|iStock|Alamy|Anadolu|Bloomberg|Landov|Corbis"
)
_PICTURES = (
    r"[Ff]ile(?: [Pp]hoto| [Pp]icture)?|FILE|Photo|PHOTO|Images|[Pp]hoto by [^()]+|Supplied|Handout|Screengrab"
    r"|Wikimedia(?: Commons)?|[Ss]ocial [Mm]edia"
)
_CREDIT_END = re.compile(
    r"[(\[](?:[^()\[\]\n]{0,60}[ /|:])?"
    rf"(?:{_SUPPLIERS}|{_PICTURES}|via [A-Z][\w ]+)(?:[ /|,][^()\[\]\n]{{0,60}})?[)\]]\.?$"
)
_WORD_OF_NAME = r"[A-ZÀ-ÖØ-Þ][\w.'’-]*"
_CREDIT_PIPE = re.compile(
    r"[|©] ?[\w .'’-]{2,50}(?:/[\w .'’-]{2,40}){1,3}$"
    rf"|(?:{_WORD_OF_NAME} ){{0,3}}{_WORD_OF_NAME}(?:/| via )"
    rf"(?:{_SUPPLIERS}|Staff)(?: Photo)?(?:[/ ]{_WORD_OF_NAME}){{0,2}}\.?$"
)
_GIVEN = r"[A-ZÀ-ÖØ-Þ][\w'’-]+"
_PARTICLE = r"[A-ZÀ-ÖØ-Þ]\.|de|van|von|bin|al|el|der|la|Al|El"
_NAMES = re.compile(
    rf"{_GIVEN}(?: (?:{_PARTICLE}|{_GIVEN})){{1,3}}(?:(?:,| and|,? &) {_GIVEN}(?: [A-Z][\w.'’-]+){{1,2}}){{0,3}}"
)
_LONGEST_HEADLINE = 200
_HARD_WRAP = (40, 90)  # typewriter and mail line lengths


@dataclass(frozen=True, slots=True)
class Unit:
    """One line, or one paragraph that was wrapped over several lines, without the white space around it.

    gap: blank lines before it. line: number of its first line, from 0.
    """

    start: int
    end: int
    text: str
    gap: int
    line: int


@dataclass(frozen=True, slots=True)
class Look:
    """What a unit is by its own words.

    key: its words as compared with other lines; two printings of one headline have the same key.
    bullet: where its words begin after a bullet, None without one. sentence: whether it ends as sentences end.
    headline: whether it could head a story. titled: whether it could if it ended without its full stop.
    """

    unit: Unit
    key: str
    words: int
    marker: bool
    furniture: FurnitureRole | None
    stamps: tuple[Stamp, ...] | None
    byline: bool
    caption: bool
    credit: Span | None
    bullet: int | None
    dateline: Dateline | None
    sentence: bool
    introduces: bool
    quoted: bool
    headline: bool
    titled: bool

    @property
    def prose(self) -> bool:
        """Whether this is a paragraph that could be nothing but the body of a story."""
        plain = not (self.marker or self.furniture or self.stamps or self.byline or self.caption)
        return plain and (self.words >= 25 or self.dateline is not None or (self.sentence and self.words >= 12))


def cut_units(text: str) -> tuple[Unit, ...]:
    """Cut a text at its line ends, and put lines that were wrapped at a fixed width together again."""
    lines = _lines(text)
    return tuple(_joined(text, lines) if _is_hard_wrapped(lines) else lines)


def look_at(text: str, unit: Unit, *, lexicons: Lexicons) -> Look:
    """Judge one unit by its own words."""
    line = unit.text
    short = len(line) <= _LONGEST_HEADLINE
    words = line.count(" ") + 1 if not short else len(line.split())
    marker = short and bool(_MARKER.fullmatch(line))
    bullet = _BULLET.match(line) if not marker else None
    furniture = None if marker else lexicons.furniture_role(line)
    stamps = find_stamps(line) if short and not marker and any(map(str.isdigit, line)) else None
    credit = _photo_credit(unit) if len(line) <= 700 else None
    sentence = bool(_SENTENCE_END.search(line[-6:]))
    introduces = line.endswith(":")
    quoted = line[0] in "\"“‘'«"
    byline = short and not stamps and _is_byline(line)
    plain = short and not (marker or furniture or stamps or byline or bullet or introduces)
    return Look(
        unit=unit,
        key=normalize_line(line) if short else "",
        words=words,
        marker=marker,
        furniture=furniture,
        stamps=stamps,
        byline=byline,
        caption=furniture == "caption" or credit is not None,
        credit=credit,
        bullet=unit.start + bullet.end() if bullet else None,
        dateline=None
        if marker or furniture or stamps
        else find_dateline(text, unit.start, unit.end, lexicons=lexicons),
        sentence=sentence,
        introduces=introduces,
        quoted=quoted,
        headline=plain and credit is None and 2 <= words <= 28 and _reads_as_headline(line, sentence),
        titled=plain and credit is None and 4 <= words <= 28,
    )


def looks_like_names(line: str) -> bool:
    """Whether a line is nothing but one to four persons' names: "Jane Q. Doe", "Ann Li and Omar el-Sayed"."""
    return len(line) <= 90 and bool(_NAMES.fullmatch(line)) and not line.isupper()


def _lines(text: str) -> list[Unit]:
    units: list[Unit] = []
    gap = position = number = 0
    ends = [*((match.start(), match.end()) for match in _LINE_END.finditer(text)), (len(text), len(text))]
    for end, following in ends:
        line = text[position:end]
        stripped = line.strip(_BLANK)
        if stripped:
            start = position + len(line) - len(line.lstrip(_BLANK))
            units.append(Unit(start, start + len(stripped), stripped, gap, number))
            gap = 0
        else:
            gap += 1
        position, number = following, number + 1
    return units


def _is_hard_wrapped(lines: list[Unit]) -> bool:
    """Whether the lines of a text are not its paragraphs: many run on, all are about as long as a screen is wide."""
    inner = [first for first, second in pairwise(lines) if second.gap == 0]
    if len(inner) < 6 or len(inner) < len(lines) * 0.4:
        return False
    longest = sorted(len(line.text) for line in lines)[int(len(lines) * 0.98)]
    if longest > _HARD_WRAP[1]:
        return False
    full = [line for line in inner if len(line.text) >= max(_HARD_WRAP[0], longest * 0.75)]
    running_on = [line for line in full if not _SENTENCE_END.search(line.text)]
    return len(full) >= len(inner) * 0.6 and len(running_on) >= len(full) * 0.5


def _joined(text: str, lines: list[Unit]) -> list[Unit]:
    longest = max(len(line.text) for line in lines)
    paragraphs: list[Unit] = []
    open_before = False
    for line in lines:
        if line.gap == 0 and open_before and paragraphs and not _BULLET.match(line.text):
            first = paragraphs[-1]
            paragraphs[-1] = Unit(first.start, line.end, text[first.start : line.end], first.gap, first.line)
        else:
            paragraphs.append(line)
        # A line that stops well short of the width, at a sentence end, closes its paragraph; so does a stamp.
        open_before = len(line.text) >= longest * 0.6 and not find_stamps(line.text)
    return paragraphs


def _is_byline(line: str) -> bool:
    found = _BYLINE.fullmatch(line)
    if not found or len(line) > 140 or (_SENTENCE_END.search(line) and len(line.split()) > 8):
        return False
    name, rest = found["name"], found["rest"].strip(" ,|-–—·•/")
    names = [word for word in re.split(r"[ ,&]+", name) if word and word.casefold() not in ("and", "the")]
    if not all(word[0].isupper() for word in names):
        return False
    # What follows the name is an outlet, a desk, a place or a date: no verb, so few small words.
    small = [word for word in rest.split() if word[0].islower() and word not in ("in", "of", "for", "and", "at", "the")]
    return (
        len(small) <= 1 and len(names) >= 1 and (len(names) > 1 or not rest or bool(find_stamps(rest)) or "," in line)
    )


def _photo_credit(unit: Unit) -> Span | None:
    """The photo credit at the end of a caption: "(AFP/File)", "| Jane Doe/AP", "Jane Doe/Getty Images"."""
    found = _CREDIT_END.search(unit.text) or _CREDIT_PIPE.search(unit.text)
    if not found:
        return None
    return Span(unit.start + found.start(), unit.start + len(unit.text))


def _reads_as_headline(line: str, sentence: bool) -> bool:
    """Whether a short line could head a story: it does not end as sentences end, and begins as lines begin."""
    if not (line[0].isupper() or line[0].isdigit() or line[0] in "\"“‘'«¿$£€#"):
        return False
    if sentence and not re.search(r"[?!…][\"”'’)\]]*$|\b(?:[A-Z]\.){2,}$", line):
        return False
    return not line.endswith((",", ";")) and any(map(str.islower, line)) | (len(line) > 20)
