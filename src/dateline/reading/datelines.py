"""Datelines and agency credits: "KARACHI: ", "KABUL (Reuters) - ", "ISLAMABAD, Nov 27 (AFP) – ", "(CNN) -- ".

Forms after the AP and Reuters stylebooks: place in capitals (agencies) or as a name (sites), then a date, a credit in
brackets, and a dash or colon. A credit in brackets that stands at the head or the very end of a story is a text
credit; a photo credit stands in a caption and is never looked at here.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from dateline.reading.lexicons import Lexicons
from dateline.records import Span

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b"
_CAPITALS = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’.]*(?:[ -][A-ZÀ-ÖØ-Þ'’.]+){0,4}"  # KHAN YOUNIS, AL-TANF, U.N.
_NAME_WORD = r"(?:[A-ZÀ-ÖØ-Þ][\w'’.]*(?:-[\w'’]+)*)"
_NAME = rf"{_NAME_WORD}(?: (?:{_NAME_WORD}|of|the|de|da|do|del|la|al|el|and)){{0,5}}"
_PLACE = rf"(?P<place>{_CAPITALS}(?:/{_CAPITALS})*|{_NAME}(?:/{_NAME})?)(?P<region>(?:, (?!{_MONTH}){_NAME}){{0,2}})"
_DAY = (
    rf"(?P<day>,? (?:(?P<m1>{_MONTH})\.? (?P<d1>\d{{1,2}})|(?P<d2>\d{{1,2}}) (?P<m2>(?i:{_MONTH}))\.?)"
    r"(?:,? (?P<y>\d{4}|\d\d)\b)?)?"
)
_CREDIT = r"(?P<credit>,? ?[(\[](?P<agency>[^()\[\]\n]{2,40})[)\]])?"
# A space alone, or nothing, ends a dateline only behind a credit in brackets: "Paris (CNN) The ...".
_BARE = r" |(?=[\"“A-Z])"
_SHUT = rf"(?P<shut> ?: | ?(?:--|[–—―]) ?| - ?|- |(?(agency)(?:{_BARE})|(?(only)(?:{_BARE})|(?!))))"
_DATELINE = re.compile(rf"(?:{_PLACE}{_DAY}{_CREDIT}|\((?P<only>[^()\n]{{2,40}})\)){_SHUT}")
_SPOKEN = re.compile(r"[\"“]?(?:I|I'm|I’m|We|You|Well|Yes|No|Thank|Thanks|So|And|But|Look|Mr|Let|That|It|Good)\b")
_HEAD = 160  # a dateline is over by here
_TAIL = re.compile(r"[(\[](?P<agency>[^()\[\]\n]{2,40})[)\]]\.?\s*$|\s[–—-]{1,2} ?(?P<dashed>[A-Z][\w .]{1,30})\.?\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """The words before the first sentence of a story.

    span: the dateline with its brackets, dash or colon, without the space after it. place: the place words alone, None
    for "(CNN) --". agency: domain of the credited agency or outlet. day: month, day and year as far as printed.
    sure: whether its form alone makes it a dateline; a place and a colon, "KARACHI:", could also be a speaker in a
    transcript and is one only at the head of a story.
    """

    span: Span
    place: Span | None
    agency: str | None
    agency_span: Span | None
    day: tuple[int | None, int, int] | None
    sure: bool


def find_dateline(text: str, start: int, end: int, *, lexicons: Lexicons) -> Dateline | None:
    """Find the dateline at the head of the paragraph text[start:end].

    >>> find_dateline("KABUL (Reuters) - The army said", 0, 31, lexicons=load_lexicons()).place
    Span(start=0, end=5)
    """
    head = text[start : min(end, start + _HEAD)]
    found = _DATELINE.match(head)
    if not found:
        return None
    if found["only"]:
        return _bare_credit(found, start, lexicons)
    place, shut = found["place"], found["shut"].strip()
    credit = _agency(found["agency"], lexicons)
    if found["agency"] and not credit:
        return None
    following = head[found.end() :].lstrip()
    if (
        not following
        or end - start - found.end() < 20
        or not (following[0].isupper() or following[0] in "\"“'‘[1234567890")
    ):
        return None
    if not _is_place(
        place,
        found["region"],
        shut,
        bool(credit or found["day"]),
        following,
        lexicons,
        spaced=found["shut"][:1].isspace(),
    ):
        return None
    if not shut and not credit:
        return None
    width = len(found.group().rstrip())
    return Dateline(
        span=Span(start, start + width),
        place=Span(start + found.start("place"), start + found.end("place")),
        agency=credit,
        agency_span=Span(start + found.start("agency"), start + found.end("agency")) if credit else None,
        day=_day(found),
        sure=bool(credit or found["day"] or (shut != ":" and (place.isupper() or found["region"]))),
    )


def find_tail_credit(text: str, start: int, end: int, *, lexicons: Lexicons) -> tuple[str, Span] | None:
    """Find an agency credited at the very end of a paragraph: "... he said. (AFP)", "... he said. — Reuters"."""
    tail_start = max(start, end - 60)
    found = _TAIL.search(text[tail_start:end])
    if not found:
        return None
    name = "agency" if found["agency"] else "dashed"
    before = text[start : tail_start + found.start()].rstrip()
    agency = _agency(found[name], lexicons)
    if not agency or not before or before[-1] not in ".?!\"”'’)":
        return None
    return agency, Span(tail_start + found.start(name), tail_start + found.end(name))


def agency_named(words: str, *, lexicons: Lexicons) -> str | None:
    """The domain of the agency that a whole line names: "Reuters", "AFP", "By The Associated Press", "AP/AFP"."""
    if "," in words:
        return None  # "Jane Doe, Reuters" names a person first
    return _agency(re.sub(r"^(?:By|by|From|BY|Source:|\W+)\s*", "", words).rstrip(" .:|"), lexicons)


def printed_day(day: tuple[int | None, int, int] | None, near: dt.date | dt.datetime | None) -> dt.date | None:
    """The full date of a dateline such as "Nov 27": in its own year, or the one that puts it nearest to `near`."""
    if day is None:
        return None
    year, month, number = day
    near_day = near.date() if isinstance(near, dt.datetime) else near
    years = [year] if year else [near_day.year + step for step in (0, -1, 1)] if near_day else []
    dates = []
    for candidate in years:
        try:
            dates.append(dt.date(candidate, month, number))
        except ValueError:
            continue
    if near_day:
        return min(dates, key=lambda date: abs((date - near_day).days), default=None)
    return dates[0] if dates else None


def _bare_credit(found: re.Match[str], start: int, lexicons: Lexicons) -> Dateline | None:
    agency = _agency(found["only"], lexicons)
    outlet = lexicons.outlet_named(found["only"])
    domain = agency or (outlet.id if outlet else None)
    if not domain:
        return None
    return Dateline(
        span=Span(start, start + len(found.group().rstrip())),
        place=None,
        agency=domain,
        agency_span=Span(start + found.start("only"), start + found.end("only")),
        day=None,
        sure=True,
    )


def _agency(written: str | None, lexicons: Lexicons) -> str | None:
    """The domain for what stands in a credit: an agency, or an outlet that signs its copy so, such as "(CNN)"."""
    if not written:
        return None
    words = written.strip()
    if words in lexicons.agencies:
        return lexicons.agencies[words]
    for part in re.split(r"[/,;]| and ", words):  # "AFP/Reuters": the first one named
        if part.strip() in lexicons.agencies:
            return lexicons.agencies[part.strip()]
    outlet = lexicons.outlet_named(words)
    return outlet.id if outlet and len(words) > 2 else None


def _is_place(
    place: str, region: str, shut: str, credited: bool, following: str, lexicons: Lexicons, *, spaced: bool
) -> bool:
    lowered = place.casefold()
    first = re.split(r"[/]", lowered)[0]
    if lowered in lexicons.lead_words or first in lexicons.lead_words:
        return False
    known = first in lexicons.places or first.replace("’", "'") in lexicons.places
    if credited or known:
        return bool(known or place.isupper() or len(place.split()) <= 4)
    if place.isupper() and len(place) > 3 and len(place.split()) <= 2 and "." not in place:
        # "MUZAFFARABAD: At least four ..." but not "WALLACE: I want to ask you ..."
        if shut == ":":
            return not region and not _SPOKEN.match(following)
        return (spaced or shut != "--") and not _SPOKEN.match(following)
    # "Cuxhaven, Germany – " needs its region to be known, or the dash could belong to a sentence.
    return bool(region) and region.rsplit(", ", 1)[-1].casefold() in lexicons.places


def _day(found: re.Match[str]) -> tuple[int | None, int, int] | None:
    if not found["day"]:
        return None
    month = (found["m1"] or found["m2"])[:3].title()
    year = found["y"]
    full = (
        None if not year else int(year) if len(year) == 4 else 1900 + int(year) if int(year) > 50 else 2000 + int(year)
    )
    return full, _MONTHS.index(month) + 1, int(found["d1"] or found["d2"])
