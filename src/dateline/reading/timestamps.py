"""Dates and times as outlets print them: "Updated 28 November 2025", "Nov. 3, 2019 5:20 p.m. ET", ISO 8601, RFC 2822.

Only dates that can be read one way are read: "03/04/2025" is March in one country and April in another, so it stays
unread unless one number is above twelve. Relative stamps ("7 years ago") are stamps without a value.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["published", "updated", "bare"]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb febr", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = (
    r"(?:jan(?:uary)?|febr?(?:uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = (
    rf"(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?[ \u00a0-]+(?:of )?(?P<m1>{_MONTH})\b\.?,?[ \u00a0-]+(?P<y1>(?:19|20)\d\d)"
    rf"|(?P<m2>{_MONTH})\b\.?[ \u00a0]+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?[ \u00a0]+(?P<y2>(?:19|20)\d\d)"
    r"|(?P<y3>(?:19|20)\d\d)(?P<s3>[-/.])(?P<m3>\d{1,2})(?P=s3)(?P<d3>\d{1,2})"
    r"|(?P<a4>\d{1,2})(?P<s4>[/.])(?P<b4>\d{1,2})(?P=s4)(?P<y4>(?:19|20)\d\d)"
)
_TIME = (
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?::(?P<second>\d\d))?(?:[ \u00a0]?(?P<half>[ap])\.?m\b\.?)?"
    r"|(?P<hour12>\d{1,2})[ \u00a0]?(?P<half12>[ap])\.?m\b\.?"
)
_ZONES = {  # offsets in hours; where a name is used for several zones, the one outlets print it for
    "gmt": 0, "utc": 0, "z": 0, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "gst": 4, "pkt": 5,
    "ist": 5.5, "hkt": 8, "sgt": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "est": -5, "edt": -4, "cst": -6,
    "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
_ZONE = (
    r"(?P<zone>gmt|utc|bst|cest|cet|eest|eet|msk|gst|pkt|ist|hkt|sgt|jst|kst|aest|aedt"
    r"|est|edt|et|cst|cdt|ct|mst|mdt|mt|pst|pdt|pt)\b"
)
_THIS = r"(?:this (?:story|article|post) was )?"
_UPDATED = rf"(?P<updated>{_THIS}(?:last |originally )?(?:updated?|modified|edited|revised)(?: (?:on|at))?)"
_PUBLISHED = (
    rf"(?P<published>{_THIS}(?:first |originally )?(?:published|posted|created|issued|released|filed)(?: (?:on|at))?)"
)
_AGO = (
    r"(?P<ago>(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten) "
    r"(?:min(?:ute)?|hour|hr|day|week|month|year)s? ago|just now|yesterday|today)"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?"
_PART = re.compile(
    rf"{_UPDATED}|{_PUBLISHED}|{_AGO}|(?P<date>{_DATE})|(?P<time>{_TIME})|{_ZONE}"
    rf"|(?P<glue>{_WEEKDAY}|on\b|at\b|date\b|time\b|local time|as of|[\s,;:|/()\[\]•·–—-]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A printed time: what it is the time of, its value (None if it cannot be counted), and its place in the line."""

    kind: Kind
    value: dt.date | dt.datetime | None
    start: int
    end: int


def find_stamps(line: str) -> tuple[Stamp, ...] | None:
    """Read a line that is nothing but a time stamp; None when it holds any other word.

    >>> [stamp.value for stamp in find_stamps("Updated 28 November 2025")]
    [datetime.date(2025, 11, 28)]
    >>> find_stamps("Updated rules on 28 November 2025") is None
    True
    """
    if len(line) > 160:
        return None
    parts: list[re.Match[str]] = []
    position = 0
    while position < len(line):
        part = _PART.match(line, position)
        if not part or part.end() == position:
            return None
        parts.append(part)
        position = part.end()
    if not any(part["date"] or part["time"] or part["ago"] for part in parts):
        return None
    if all(part["time"] or part["glue"] for part in parts):
        return None  # "3:09" alone is the length of a recording
    if len(parts) == 1 and parts[0]["ago"] and " " not in parts[0]["ago"]:
        return None  # "Today" alone may be a crosshead
    return _stamps(parts)


def find_date(line: str) -> Stamp | None:
    """Find the first full date anywhere in a line ("By Jane Doe | November 28, 2025")."""
    found = re.search(_DATE, line, re.IGNORECASE)
    if not found:
        return None
    return Stamp(kind="bare", value=_day(found), start=found.start(), end=found.end())


_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?", re.IGNORECASE
)
_RFC = re.compile(
    rf"(?:{_WEEKDAY},?\s+)?(\d{{1,2}})\s+({_MONTH})\w*\s+(\d{{4}})\s+(\d\d):(\d\d)(?::(\d\d))?\s*(\S*)", re.IGNORECASE
)


def parse_moment(written: str) -> dt.date | dt.datetime | None:
    """Read a date or time from a metadata field; None when it is empty or cannot be read one way only.

    Reads ISO 8601 ("2025-11-28T09:00:00Z", "20251128"), RFC 2822, seconds since 1970 and printed dates. A year or a
    month alone is no day and is not read.
    """
    written = written.strip()
    if not written or len(written) > 100:
        return None
    iso = _ISO.fullmatch(written)
    if iso:
        return _moment(iso[1], iso[2], iso[3], iso[4], iso[5], iso[6], iso[7])
    rfc = _RFC.fullmatch(written)
    if rfc:
        month = str(_MONTHS[rfc[2].lower().rstrip(".")])
        return _moment(rfc[3], month, rfc[1], rfc[4], rfc[5], rfc[6], rfc[7])
    if re.fullmatch(r"\d{9,10}|\d{12,13}", written):
        seconds = int(written) / (1000 if len(written) > 10 else 1)
        return dt.datetime.fromtimestamp(seconds, dt.UTC)
    leading = _ISO.match(written)
    if leading and leading[4] and leading[5]:
        return _moment(*leading.groups())
    stamps = find_stamps(written) or ()
    return next((stamp.value for stamp in stamps if stamp.value), None)


def _stamps(parts: list[re.Match[str]]) -> tuple[Stamp, ...]:
    """Group the parts of a line into stamps: each word such as "Updated" opens one, and so does a second date."""
    groups: list[list[re.Match[str]]] = [[]]
    for part in parts:
        opens = part["updated"] or part["published"]
        second = part["date"] and any(earlier["date"] for earlier in groups[-1])
        if (opens and any(earlier["date"] or earlier["time"] or earlier["ago"] for earlier in groups[-1])) or second:
            groups.append([])
        groups[-1].append(part)
    return tuple(_stamp(group) for group in groups)


def _stamp(parts: list[re.Match[str]]) -> Stamp:
    kind: Kind = "bare"
    if any(part["updated"] for part in parts):
        kind = "updated"
    elif any(part["published"] for part in parts):
        kind = "published"
    date = next((part for part in parts if part["date"]), None)
    time = next((part for part in parts if part["time"]), None)
    zone = next((part["zone"] for part in parts if part["zone"]), None)
    telling = [part for part in parts if not part["glue"]]
    day = _day(date) if date else None
    value: dt.date | dt.datetime | None = day
    if day and time:
        value = _with_time(day, time, zone) or day
    return Stamp(kind=kind, value=value, start=telling[0].start(), end=telling[-1].end())


def _day(found: re.Match[str]) -> dt.date | None:
    if found["y1"]:
        year, month, day = int(found["y1"]), _MONTHS[found["m1"].lower()], int(found["d1"])
    elif found["y2"]:
        year, month, day = int(found["y2"]), _MONTHS[found["m2"].lower()], int(found["d2"])
    elif found["y3"]:
        year, month, day = int(found["y3"]), int(found["m3"]), int(found["d3"])
    else:
        year, first, second = int(found["y4"]), int(found["a4"]), int(found["b4"])
        if first > 12 >= second or (found["s4"] == "." and second <= 12):  # dots are written day first
            day, month = first, second
        elif second > 12 >= first or first == second:
            day, month = second, first
        else:
            return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _with_time(day: dt.date, time: re.Match[str], zone: str | None) -> dt.datetime | None:
    hour = int(time["hour"] or time["hour12"])
    half = (time["half"] or time["half12"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    offset = _ZONES.get((zone or "").lower())
    try:
        moment = dt.datetime.combine(day, dt.time(hour, int(time["minute"] or 0), int(time["second"] or 0)))
    except ValueError:
        return None
    return moment if offset is None else moment.replace(tzinfo=dt.timezone(dt.timedelta(hours=offset)))


def _moment(
    year: str, month: str, day: str, hour: str | None, minute: str | None, second: str | None, zone: str | None
) -> dt.date | dt.datetime | None:
    try:
        date = dt.date(int(year), int(month), int(day))
        if date.year < 1600:  # "0001-01-01" is how some software writes "unknown"
            return None
        if hour is None or minute is None:
            return date
        moment = dt.datetime.combine(date, dt.time(int(hour), int(minute), int(second or 0)))
        return moment.replace(tzinfo=_zone(zone))
    except ValueError:
        return None


def _zone(written: str | None) -> dt.tzinfo | None:
    if not written:
        return None
    offset = re.fullmatch(r"([+-])(\d\d):?(\d\d)?", written)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return dt.timezone(dt.timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    hours = _ZONES.get(written.lower())
    return None if hours is None else dt.timezone(dt.timedelta(hours=hours))
