"""Finds time expressions in a paragraph and reads each as a TIMEX3 value with the days it can mean."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dateline.grounding.times import calendar
from dateline.records import Span

if TYPE_CHECKING:
    from dateline.grounding.times.lexicons import TimeLexicons

# A date without year that lies further ahead than this is last year's unless a cue says otherwise; set by hand.
_SOON = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One expression: its words, value and days; earliest and latest as in TimeRef.

    counted: whether it was counted from another day. before: the words it was counted from; None for the story's date.
    """

    span: Span
    value: str
    earliest: dt.date | None
    latest: dt.date | None
    counted: bool = True
    before: Span | None = None


@dataclass(frozen=True, slots=True)
class _Setting:
    """What an expression is read against. anchor: the story's date. last: the day told before it, with its words."""

    text: str
    anchor: dt.date | None
    last: tuple[dt.date, Span] | None
    words: TimeLexicons


_Value = tuple[str, bool, Span | None]  # value, whether counted from an anchor, the words it was counted from


def read_expressions(text: str, start: int, end: int, *, anchor: dt.date | None, words: TimeLexicons) -> list[Reading]:
    """Every time expression of a stretch, in text order, none overlapping another."""
    matches: list[tuple[str, re.Match[str]]] = []
    taken = bytearray(end - start)
    for name, pattern in words.grammar.shapes:
        for match in pattern.finditer(text, start, end):
            if not any(taken[match.start() - start : match.end() - start]) and _is_time(name, match, words):
                taken[match.start() - start : match.end() - start] = b"\1" * (match.end() - match.start())
                matches.append((name, match))
    readings: list[Reading] = []
    last: tuple[dt.date, Span] | None = None
    for name, match in sorted(matches, key=lambda pair: pair[1].start()):
        try:
            found = _MEANINGS[name](match, _Setting(text, anchor, last, words))
        except (ValueError, OverflowError):  # 31 June, a day before the year 1
            continue
        if found is None:
            continue
        reading = _bounded(match, found, _Setting(text, anchor, last, words))
        readings.append(reading)
        if reading.earliest and reading.earliest == reading.latest:
            last = (reading.earliest, reading.span)
    return readings


def _is_time(name: str, match: re.Match[str], words: TimeLexicons) -> bool:
    """Whether the words are a time here: not "may" the verb, an age, a count, an ordinal."""
    text, group = match.string, match.groupdict()
    before = text[max(0, match.start() - 24) : match.start()]
    after = text[match.end() : match.end() + 24]
    for key in ("month", "weekday"):
        if group.get(key) and not match[key][0].isupper():
            return False
    if name == "month" and not group.get("year"):
        if len(match["month"]) <= 4 and match["month"].lower() not in ("june", "july", "may", "sept"):
            return False
        if match["month"].lower() in ("may", "march", "april", "june", "august") and not re.search(
            r"\b(?:in|since|until|by|last|next|this|of|from|to|early|late|mid|during|and|between|for|before|after|a)[ -]$",  # noqa: E501
            before + (match.group()[: match.start("month") - match.start()]),
            re.IGNORECASE,
        ):
            return False
        return not re.match(r"\s+(?:[A-Z]\.?\s|[A-Z][a-z]+ (?:said|told))", after)
    if name == "year":
        return not words.grammar.not_year.match(after)
    if name == "quarter":
        return "quarter" in match.group().lower() or bool(group.get("year") and match["nth"][0] in "Qq")
    if (
        name == "season"
        and match["season"].lower() == "fall"
        and not match["year"]
        and ((match["which"] or "").lower() not in ("last", "this", "next"))
    ):
        return False
    if name == "season" and match.group().lower() == match["season"].lower():
        return bool(re.search(r"\b(?:in|since|until|by|during)\s$", before, re.IGNORECASE))
    if name == "duration":
        aged = re.match(r"[ -]+(?:old|olds)\b|-year-old", after) or re.search(r"\baged\s$", before)
        return not aged and match["unit"].lower() not in ("second", "quarter", "quarters")
    if name == "decade":
        return len(match["decade"]) >= 4 or bool(re.search(r"\bthe\s$", before, re.IGNORECASE))
    if name == "clock":
        return bool(group["half"]) or (
            int(match["hour24"]) < 24 and bool(re.search(r"\bat\s$|UTC|GMT", before + match.group()))
        )
    return True


def _bounded(match: re.Match[str], found: _Value, setting: _Setting) -> Reading:
    """Add the days: those of the value, opened by "since", cut at the story's date by "earlier"."""
    value, counted, before = found
    earliest, latest = calendar.days_of(value)
    group = match.groupdict()
    edge = "" if re.search(r"-Q\d$", value) else (group.get("edge") or "").strip(" -").lower()
    if earliest and latest and edge and "XX" not in value:
        third = (latest - earliest) / 3
        if edge in ("early", "beginning", "start"):
            latest = earliest + third
        elif edge == "mid":
            earliest, latest = earliest + third, latest - third
        elif edge in ("late", "end"):
            earliest = latest - third
        elif edge == "earlier" and setting.anchor and earliest <= setting.anchor <= latest:
            latest = setting.anchor
        elif edge == "later" and setting.anchor and earliest <= setting.anchor <= latest:
            earliest = setting.anchor
    if value == "PAST_REF":
        latest = setting.anchor
    elif value == "FUTURE_REF":
        earliest = setting.anchor
    elif value == "PRESENT_REF":
        earliest = latest = setting.anchor
    if re.search(r"\bsince\s$", match.string[max(0, match.start() - 7) : match.start()], re.IGNORECASE):
        latest = None
    if earliest and latest and latest < earliest:
        latest = earliest
    # The full stop of "in December." is the sentence's, that of "in Dec." the month's.
    spelled_out = len(group.get("month") or "") > 4 or (group.get("month") or "").lower() in ("may", "june", "july")
    end = match.end() - (spelled_out and match.group().endswith("."))
    return Reading(
        span=Span(match.start(), end), value=value, earliest=earliest, latest=latest, counted=counted, before=before
    )


def _future(match: re.Match[str], setting: _Setting) -> bool:
    """Whether a cue in the clause before the words puts them after the story's date: "will meet on Friday"."""
    before = setting.text[max(0, match.start() - 70) : match.start()]
    if re.search(r"\b(?:by|until|till)\s(?:the\s|early\s|mid-?|late\s)?$", before, re.IGNORECASE) and not re.search(
        r"\b(?:had|was|were)\b", before
    ):
        return True
    if (
        match.groupdict().get("weekday")
        and before.endswith(" for ")
        and not setting.text.startswith(("'s", "’s"), match.end())
    ):
        return True
    clause = re.split(r"[.;:\n“”\"]|,\s(?!\d)|\b(?:said|told|says)\b", before)[-1]
    return bool(setting.words.grammar.future_cue.search(clause)) or bool(
        re.match(r"\s+(?:deadline|hearing)\b", setting.text[match.end() : match.end() + 12])
    )


def _date(match: re.Match[str], setting: _Setting) -> _Value | None:
    group = match.groupdict()
    month = int(group["month_number"]) if group.get("month_number") else setting.words.months[match["month"].lower()]
    day = int(match["day"])
    if group.get("year"):
        year, counted = int(match["year"]), False
    elif setting.anchor is None:
        dt.date(2000, month, day)  # raises where there is no such day
        return f"XXXX-{month:02d}-{day:02d}", True, None
    else:
        year, counted = setting.anchor.year, True
        ahead = (dt.date(year, month, day) - setting.anchor).days
        if _future(match, setting):
            year += ahead < 0
        elif ahead > _SOON:
            year -= 1
        elif ahead < -365 + 45:
            year += 1
    first = dt.date(year, month, day)
    if group.get("last") and day < int(match["last"]) <= 31:
        return f"{first}/{dt.date(year, month, int(match['last']))}", counted, None
    return str(first), counted, None


def _month(match: re.Match[str], setting: _Setting) -> _Value | None:
    month = setting.words.months[match["month"].lower()]
    if match.groupdict().get("year"):
        return f"{match['year']}-{month:02d}", False, None
    if setting.anchor is None:
        return f"XXXX-{month:02d}", True, None
    year = setting.anchor.year
    if re.match(r"\s+last\s+year\b", setting.text[match.end() : match.end() + 12]):
        return f"{year - 1}-{month:02d}", True, None
    if _future(match, setting) or re.search(r"next\s$", setting.text[: match.start()][-6:]):
        year += month < setting.anchor.month
    else:
        year -= month > setting.anchor.month
    return f"{year}-{month:02d}", True, None


def _quarter(match: re.Match[str], setting: _Setting) -> _Value | None:
    nth = match["nth"].lower()
    number = int(nth[1]) if nth[0] == "q" else ("first", "second", "third", "fourth").index(nth) + 1
    if match["year"]:
        return f"{match['year']}-Q{number}", False, None
    if setting.anchor is None:
        return f"XXXX-Q{number}", True, None
    return f"{setting.anchor.year - (number > (setting.anchor.month + 2) // 3)}-Q{number}", True, None


def _season(match: re.Match[str], setting: _Setting) -> _Value | None:
    code = setting.words.seasons[match["season"].lower()]
    if match["year"]:
        return f"{match['year']}-{code}", False, None
    if setting.anchor is None:
        return f"XXXX-{code}", True, None
    year, which = setting.anchor.year, (match["which"] or "").lower()
    first, _ = calendar.days_of(f"{year}-{code}")
    begun = first is not None and first <= setting.anchor
    if which == "next":
        year += begun
    elif which in ("last", "past"):
        _, end = calendar.days_of(f"{year}-{code}")
        year -= end is None or end >= setting.anchor
    elif which != "this" and not begun and not _future(match, setting):
        year -= 1
    return f"{year}-{code}", True, None


def _clock(match: re.Match[str], setting: _Setting) -> _Value | None:
    hour, minute = int(match["hour"] or match["hour24"]), int(match["minute"] or match["minute24"] or 0)
    zone = "Z" if re.search(r"UTC|GMT", match.group()) and not match["half"] else ""
    if match["half"]:
        hour = hour % 12 + (12 if match["half"][0] in "pP" else 0)
    if hour > 23 or minute > 59:
        return None
    if setting.last:
        return f"{setting.last[0]}T{hour:02d}:{minute:02d}{zone}", True, setting.last[1]
    day = str(setting.anchor) if setting.anchor else "XXXX-XX-XX"
    return f"{day}T{hour:02d}:{minute:02d}{zone}", True, None


def _weekday(match: re.Match[str], setting: _Setting) -> _Value | None:
    weekday = setting.words.weekdays[match["weekday"].lower()]
    part = setting.words.parts_of_day[match["part"].lower()] if match["part"] else ""
    if not part and (
        edge := re.search(r"\b(early|late)\s(?:on\s)?$", setting.text[: match.start()][-10:], re.IGNORECASE)
    ):
        part = "TMO" if edge[1].lower() == "early" else "TNI"
    if setting.anchor is None:
        return f"XXXX-WXX-{weekday}{part}", True, None
    which = " ".join((match["which"] or "").lower().split())
    if which == "last":
        direction = "before"
    elif which in ("next", "this coming"):
        direction = "after"
    else:
        direction = "future" if which != "this past" and _future(match, setting) else "past"
        if (
            direction == "past"
            and not which
            and calendar.weekday_near(setting.anchor, weekday, "past") == setting.anchor - dt.timedelta(6)
        ):
            # The name of tomorrow: a story is dated a day early, or looks ahead, more often than six days back.
            direction = "future"
    day = calendar.weekday_near(setting.anchor, weekday, direction)
    if match["last"]:
        end = calendar.weekday_near(day, setting.words.weekdays[match["last"].lower()], "after")
        return f"{day}/{end}", True, None
    return f"{day}{part}", True, None


def _every(match: re.Match[str], setting: _Setting) -> _Value | None:
    if match["weekday"]:
        return f"XXXX-WXX-{setting.words.weekdays[match['weekday'].lower()]}", False, None
    return _period("1", setting.words.units[match["unit"].lower()]), False, None


def _today(match: re.Match[str], setting: _Setting) -> _Value | None:
    word = match["word"].lower()
    part = setting.words.parts_of_day[match["part"].lower()] if match["part"] else ""
    part = "TNI" if word in ("tonight", "overnight") else part
    if setting.anchor is None:
        return f"XXXX-XX-XX{part}", True, None
    shift = {"yesterday": -1, "tomorrow": 1, "overnight": -1}.get(word, 0)
    return f"{setting.anchor + dt.timedelta(shift)}{part}", True, None


def _part(match: re.Match[str], setting: _Setting) -> _Value | None:
    day = str(setting.anchor) if setting.anchor else "XXXX-XX-XX"
    return day + setting.words.parts_of_day[match["part"].lower()], True, None


def _same(match: re.Match[str], setting: _Setting) -> _Value | None:
    what, which = match["what"].lower(), match["which"].lower().split()[-1]
    part = "" if what == "day" else setting.words.parts_of_day[what]
    day, before = setting.last or (setting.anchor, None)
    if day is None:
        return f"XXXX-XX-XX{part}", True, None
    shift = {"previous": -1, "following": 1, "next": 1}.get(which, 0)
    return f"{day + dt.timedelta(shift)}{part}", True, before


def _weekend(match: re.Match[str], setting: _Setting) -> _Value | None:
    if setting.anchor is None:
        return "XXXX-WXX-WE", True, None
    which, day = (match["which"] or "").lower(), setting.anchor
    if which == "next":
        day += dt.timedelta(7)
    elif (
        which in ("last", "past")
        or (which == "this" and day.isoweekday() < 3)
        or (which != "this" and day.isoweekday() < 6 and not _future(match, setting))
    ):
        day -= dt.timedelta(7)
    return f"{calendar.week_value(day)}-WE", True, None


def _shift(match: re.Match[str], setting: _Setting) -> _Value | None:
    code, way = setting.words.units[match["unit"].lower()], match["way"].lower()
    number = _number(match["number"], setting.words)
    if way == "after":
        # "a day after the vote, the king ..." names the day of what the sentence tells
        told, words = setting.last or (setting.anchor, None)
        return (
            (str(told), True, words) if told and code == "D" and number == "1" else (_period(number, code), False, None)
        )
    day, before = (setting.anchor, None) if way == "ago" or setting.last is None else setting.last
    if way == "before" and not re.match(r"[,.]", setting.text[match.end() : match.end() + 1]):
        return _period(number, code), False, None
    if number == "X":
        return ("FUTURE_REF" if way == "later" and before is None else "PAST_REF"), True, None
    if day is None:
        return _period(number, code), True, None
    count = int(number) * (1 if way == "later" else -1)
    if code == "D" or code.startswith("T"):
        if code != "D":
            return str(day), True, before
        return str(day + dt.timedelta(count)), True, before
    if code in ("W", "W2"):
        moved = day + dt.timedelta(7 * count * (2 if code == "W2" else 1))
        return (str(moved) if abs(count) == 1 else calendar.week_value(moved)), True, before
    if code in ("M", "Q"):
        year, month = calendar.shift_month(day.year, day.month, count * (3 if code == "Q" else 1))
        return f"{year:04d}-{month:02d}", True, before
    return f"{day.year + count * {'Y': 1, 'DE': 10, 'CE': 100}[code]:04d}", True, before


def _around(match: re.Match[str], setting: _Setting) -> _Value | None:
    if setting.anchor is None:
        return {"last": "PAST_REF", "this": "PRESENT_REF", "next": "FUTURE_REF"}[match["which"].lower()], True, None
    shift = {"last": -1, "this": 0, "next": 1}[match["which"].lower()]
    day, unit = setting.anchor, match["unit"].lower()
    if unit == "week":
        # On a Sunday "this week" is the one that begins, as American newsrooms count.
        return calendar.week_value(day + dt.timedelta(7 * shift + (day.isoweekday() == 7 and not match["edge"]))), True, None  # noqa: E501
    if unit == "month":
        year, month = calendar.shift_month(day.year, day.month, shift)
        return f"{year:04d}-{month:02d}", True, None
    if unit == "quarter":
        year, month = calendar.shift_month(day.year, day.month, 3 * shift)
        return f"{year:04d}-Q{(month + 2) // 3}", True, None
    if unit == "year":
        quarter = {"early": "-Q1", "late": "-Q4"}.get((match["edge"] or "").lower(), "")
        return f"{day.year + shift:04d}{quarter}", True, None
    return (f"{day.year // 10 + shift:03d}X" if unit == "decade" else f"{day.year // 100 + shift:02d}XX"), True, None


def _edge(match: re.Match[str], setting: _Setting) -> _Value | None:
    if setting.anchor is None:
        return None
    year, month = int(match["year"] or setting.anchor.year), setting.anchor.month
    if (match["unit"] or "").lower() == "month":
        return f"{year}-{month:02d}", True, None
    return f"{year}-{12 if match['edge'].lower() == 'end' else 1:02d}", True, None


def _duration(match: re.Match[str], setting: _Setting) -> _Value | None:
    return _period(_number(match["number"], setting.words), setting.words.units[match["unit"].lower()]), False, None


def _past(match: re.Match[str], setting: _Setting) -> _Value | None:
    return _period("1", setting.words.units[match["unit"].lower()]), False, None


def _vague(match: re.Match[str], setting: _Setting) -> _Value | None:
    return _period("X", setting.words.units[(match["unit"] or match["long"]).lower()]), False, None


def _decade(match: re.Match[str], setting: _Setting) -> _Value | None:
    digits = match["decade"].lstrip("'’")
    return (digits[:3] if len(digits) == 4 else f"19{digits[0]}") + "X", False, None


def _century(match: re.Match[str], setting: _Setting) -> _Value | None:
    number = int(match["century"])
    return (f"{number - 1:02d}XX", False, None) if 0 < number < 30 else None


def _fixed(match: re.Match[str], setting: _Setting) -> _Value | None:
    return setting.words.fixed[_key(match["words"])][0], False, None


def _holiday(match: re.Match[str], setting: _Setting) -> _Value | None:
    rule = setting.words.holidays[_key(match["words"])]
    if match["year"]:
        return str(calendar.holiday(int(match["year"]), rule)), False, None
    if setting.anchor is None:
        return None
    anchor = setting.anchor
    near = [calendar.holiday(anchor.year + shift, rule) for shift in (-1, 0, 1)]
    if _future(match, setting):
        return str(min(day for day in near if day >= anchor)), True, None
    return str(min(near, key=lambda day: abs((day - anchor).days))), True, None


def _reference(match: re.Match[str], setting: _Setting) -> _Value | None:
    return setting.words.references[_key(match["words"])], True, None


def _frequency(match: re.Match[str], setting: _Setting) -> _Value | None:
    return setting.words.frequencies[_key(match["words"])], False, None


def _years(match: re.Match[str], setting: _Setting) -> _Value | None:
    first, last = match["first"], match["last"]
    last = first[:2] + last if len(last) == 2 else last
    return (f"{first}/{last}", False, None) if first < last else None


def _year(match: re.Match[str], setting: _Setting) -> _Value | None:
    return match["year"], False, None


_MEANINGS: dict[str, Callable[[re.Match[str], _Setting], _Value | None]] = {
    "date": _date, "month": _month, "quarter": _quarter, "season": _season, "clock": _clock, "weekday": _weekday,
    "every": _every, "today": _today, "part": _part, "same": _same, "weekend": _weekend, "shift": _shift,
    "around": _around, "edge": _edge, "duration": _duration, "past": _past, "decade": _decade, "century": _century,
    "fixed": _fixed, "holiday": _holiday, "reference": _reference, "vague": _vague, "frequency": _frequency,
    "years": _years, "year": _year,
}  # fmt: skip


def _number(words: str, lexicons: TimeLexicons) -> str:
    """Digits of a number, "X" where it is left open. Example: "twenty-five" gives "25"."""
    key = _key(words)
    if key in lexicons.numbers:
        return lexicons.numbers[key]
    if "-" in key:
        tens, _, ones = key.partition("-")
        return str(int(lexicons.numbers[tens]) + int(lexicons.numbers.get(ones, "0").replace("X", "0")))
    return str(int(key))


def _period(number: str, code: str) -> str:
    """A TIMEX3 duration. Example: "3" and "D" give "P3D"; ten years to the decade, a hundred to the century."""
    factor = {"W2": 2, "DE": 10, "CE": 100}.get(code, 1)
    if number == "X":
        return {"W2": "PXW"}.get(code, f"PTX{code[1:]}" if code.startswith("T") else f"PX{code}")
    if code.startswith("T"):
        return f"PT{number}{code[1:]}"
    return f"P{int(number) * factor}{ {'W2': 'W', 'DE': 'Y', 'CE': 'Y'}.get(code, code) }"


def _key(words: str) -> str:
    return " ".join(words.lower().replace("’", "'").split())
