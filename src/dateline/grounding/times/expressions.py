"""Finds time expressions in paragraphs, reads each, and joins neighbours that are one time ("5 p.m. on Monday")."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dateline.grounding.times import calendar
from dateline.grounding.times.doubts import is_time
from dateline.grounding.times.grammar import letters_of, lowered
from dateline.grounding.times.meanings import Reading, Setting, Value, amount_of, key_of, meaning, moved
from dateline.records import Span

if TYPE_CHECKING:
    from dateline.grounding.times.clauses import Clauses
    from dateline.grounding.times.lexicons import TimeLexicons

_Found = tuple[str, re.Match[str]]

# What may stand between two parts of one time.
_TO_DAY = re.compile(r"\s(?:on\s)?$", re.IGNORECASE)
_TO_CLOCK = re.compile(r",?\s(?:at|around|about|by)\s(?:around\s|about\s)?$", re.IGNORECASE)
_TO_PART = re.compile(r"\s(?:of|on)\s$", re.IGNORECASE)
_TO_REST = re.compile(r"\sand\s$", re.IGNORECASE)
# "five days after the attack of Sept. 11": so far may the day stand that the words count from.
_REACH = 45
_FULL_DAY = re.compile(r"(\d{4}-\d\d-\d\d|XXXX-WXX-\d|XXXX-\d\d-\d\d)(?:T[A-Z]{2})?$")
_CLOCK = re.compile(r"(?:\d{4}-\d\d-\d\d|XXXX-XX-XX)(T\d\d:\d\dZ?)$")


def read_expressions(
    text: str,
    stretches: Iterable[Span],
    *,
    anchor: dt.date | None,
    words: TimeLexicons,
    clauses: Clauses | None = None,
) -> list[Reading]:
    """Every time expression of a story's paragraphs, in text order, none overlapping another."""
    readings: list[Reading] = []
    setting = Setting(text, lowered(text), anchor, readings, words, clauses)
    for stretch in stretches:
        found = _find(setting, Span(max(stretch.start, readings[-1].span.end if readings else 0), stretch.end))
        for place, (name, match) in enumerate(found):
            try:
                value = _from_event(name, match, found[place + 1 : place + 2], setting) or meaning(name, match, setting)
            except (ValueError, OverflowError):  # 31 June, a day before the year 1
                continue
            if value is not None:
                _append(readings, _bounded(name, match, value, setting), text, since=stretch.start)
    return readings


def _find(setting: Setting, stretch: Span) -> list[_Found]:
    """The matches that hold, in text order: an earlier shape takes its words from the later ones."""
    start, taken = stretch.start, bytearray(max(0, stretch.end - stretch.start))
    grammar, letters = setting.words.grammar, letters_of(setting.lowered[stretch.start : stretch.end])
    matches: list[_Found] = []
    for name in grammar.names.finditer(setting.text, start, stretch.end):
        taken[name.start() - start : name.end() - start] = b"\1" * (name.end() - name.start())
    for shape, pattern in grammar.shapes:
        if grammar.needs[shape].isdisjoint(letters):
            continue
        for match in pattern.finditer(setting.lowered, start, stretch.end):
            first, last = match.start() - start, match.end() - start
            if taken.find(1, first, last) < 0 and is_time(shape, match, setting):
                taken[first:last] = b"\1" * (last - first)
                matches.append((shape, match))
    return sorted(matches, key=lambda found: found[1].start())


def _from_event(name: str, match: re.Match[str], following: Sequence[_Found], setting: Setting) -> Value | None:
    """ "five days after the Sept. 11 attack": counted from the day told in the same sentence."""
    if name != "shift" or key_of(match["way"]) not in ("after", "before") or not following:
        return None
    other, event = following[0]
    between = setting.text[match.end() : event.start()]
    if other not in ("date", "fixed", "holiday") or len(between) > _REACH or re.search(r"[.;:\n“”\"]", between):
        return None
    value = meaning(other, event, setting)
    day = calendar.days_of(value[0])[0] if value else None
    amount = amount_of(match, setting.words)
    if day is None or amount.number == "X":
        return None
    return moved(day, amount, 1 if key_of(match["way"]) == "after" else -1, Span(event.start(), event.end()))


def _bounded(name: str, match: re.Match[str], found: Value, setting: Setting) -> Reading:
    """Add the days: those of the value, opened by "since", cut at the story's date by "earlier"."""
    value, counted, before = found
    earliest, latest = _narrowed(
        *calendar.days_of(value), key_of(match.groupdict().get("edge") or "").split(" ")[-1].strip("-"), setting
    )
    if re.search(r"-Q\d$", value) and name == "around":
        earliest, latest = calendar.days_of(value)
    key = key_of(match.groupdict().get("words") or "")
    if name == "fixed":
        earliest, latest = (dt.date.fromisoformat(day) for day in setting.words.fixed[key][1:])
    elif name == "holiday" and (known := setting.words.holiday_days(key, value)):
        earliest, latest = known
    if value == "PAST_REF":
        latest = setting.anchor
    elif value == "FUTURE_REF":
        earliest = setting.anchor
    elif value == "PRESENT_REF":
        earliest = latest = setting.anchor
    if setting.ends_with("opens", match):
        latest = None
    if earliest and latest and latest < earliest:
        latest = earliest
    # The full stop of "in December." is the sentence's, that of "in Dec." the month's.
    month = (match.groupdict().get("month") or "").lower()
    spelled_out = len(month) > 4 or month in ("may", "june", "july")
    end = match.end() - (spelled_out and match.group().endswith("."))
    return Reading(
        span=Span(match.start(), end), value=value, earliest=earliest, latest=latest, shape=name, counted=counted,
        before=before,
    )  # fmt: skip


def _narrowed(earliest: dt.date | None, latest: dt.date | None, edge: str, setting: Setting) -> calendar.Bounds:
    """ "early", "mid" and "late" leave a third of the days, "earlier" and "later" those before or after the story."""
    if earliest is None or latest is None or earliest == latest:
        return earliest, latest
    third = (latest - earliest) / 3
    if edge in ("early", "beginning", "start"):
        return earliest, earliest + third
    if edge in ("mid", "middle"):
        return earliest + third, latest - third
    if edge in ("late", "end", "close"):
        return latest - third, latest
    if setting.anchor and earliest <= setting.anchor <= latest:
        if edge == "earlier":
            return earliest, setting.anchor
        if edge == "later":
            return setting.anchor, latest
    return earliest, latest


def _append(readings: list[Reading], reading: Reading, text: str, *, since: int) -> None:
    """Add a reading, or make it one with the reading before it in the same paragraph."""
    joined = _joined(readings[-1], reading, text) if readings and readings[-1].span.start >= since else None
    if joined is None:
        readings.append(reading)
    else:
        readings[-1] = joined


def _joined(first: Reading, second: Reading, text: str) -> Reading | None:
    """One reading of two: "5 p.m." and "Monday", "Monday" and "5 p.m.", "the night" and "Sept. 11"."""
    between = text[first.span.end : second.span.start]
    if len(between) > 12:
        return None
    span = Span(first.span.start, second.span.end)
    clock, day = _CLOCK.match(first.value), _FULL_DAY.match(second.value)
    if clock and day and _TO_DAY.fullmatch(between):
        return replace(second, span=span, value=day[1] + clock[1], shape="clock")
    clock, day = _CLOCK.match(second.value), _FULL_DAY.match(first.value)
    if clock and day and _TO_CLOCK.fullmatch(between):
        return replace(first, span=span, value=day[1] + clock[1], shape="clock")
    if first.shape == second.shape and _TO_REST.fullmatch(between) and _follows(first, second):
        return replace(first, span=span, value=f"{first.value}/{second.value}", latest=second.latest)
    if first.shape in ("daypart", "part") and _FULL_DAY.match(second.value) and _TO_PART.fullmatch(between):
        return replace(second, span=span, value=second.value + first.value[-3:])
    if first.shape == second.shape == "duration" and _TO_REST.fullmatch(between):
        return _added(first, second, span)
    return None


def _follows(first: Reading, second: Reading) -> bool:
    """Whether two days, months or years told alike stand side by side in the calendar: "2013 and 2014"."""
    if first.latest is None or second.earliest is None or len(first.value) != len(second.value):
        return False
    return first.shape in ("weekday", "month", "year") and second.earliest - first.latest == dt.timedelta(1)


def _added(first: Reading, second: Reading, span: Span) -> Reading | None:
    """ "a year and eight months" is P1Y8M: the units fall."""
    parts = [re.fullmatch(r"P(\d+)([YMWD])", each.value) for each in (first, second)]
    if not all(parts) or "YMWD".index(first.value[-1]) >= "YMWD".index(second.value[-1]):
        return None
    return replace(first, span=span, value=first.value + second.value[1:])
