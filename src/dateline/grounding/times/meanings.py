"""What each shape of `grammar` means: a TIMEX3 value, counted from the story's date or from a time told before."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from dateline.grounding.times import calendar
from dateline.records import Span

if TYPE_CHECKING:
    from dateline.grounding.times.clauses import Clauses
    from dateline.grounding.times.lexicons import TimeLexicons

# A date without year that lies further ahead than this is last year's unless a cue says otherwise; set by hand.
_SOON = 75
# A month without year that begins so soon is the next one where no verb says that it is past; set by hand.
_NEXT_MONTHS = 2
# So much text before a time is looked at for a cue; a clause is rarely longer.
_WINDOW = 70
# So many times back a reader remembers; it keeps the work on endless lists of times small (set by hand).
_MEMORY = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One expression: its words, value and days; earliest and latest as in TimeRef.

    counted: whether it was counted from another day. before: the words it was counted from; None for the story's date.
    shape: the name of its shape in `grammar`.
    """

    span: Span
    value: str
    earliest: dt.date | None
    latest: dt.date | None
    shape: str
    counted: bool = True
    before: Span | None = None

    @property
    def day(self) -> dt.date | None:
        """The day, where it means exactly one."""
        return self.earliest if self.earliest == self.latest else None


@dataclass(frozen=True, slots=True)
class Setting:
    """What an expression is read against. anchor: the story's date. told: the readings before it.

    lowered: `text` in lower case, every character in its place; matches are matches of it.
    """

    text: str
    lowered: str
    anchor: dt.date | None
    told: Sequence[Reading]
    words: TimeLexicons
    clauses: Clauses | None

    def last_day(self) -> tuple[dt.date | None, Span | None]:
        """The day told before with its words; else the story's."""
        for reading in islice(reversed(self.told), _MEMORY):
            if reading.day and reading.value != "PRESENT_REF":
                return reading.day, reading.span
        return self.anchor, None

    def last_stretch(self, pattern: str) -> Reading | None:
        """The latest reading before it whose value has this form."""
        lately = islice(reversed(self.told), _MEMORY)
        return next((reading for reading in lately if re.match(pattern, reading.value)), None)

    def before(self, match: re.Match[str], length: int = 24) -> str:
        """The text just before a match."""
        return self.text[max(0, match.start() - length) : match.start()]

    def ends_with(self, context: str, match: re.Match[str]) -> bool:
        """Whether words of this context stand just before the match."""
        return bool(self.words.grammar.ends_with[context].search(self.before(match)))

    def starts_with(self, context: str, match: re.Match[str]) -> bool:
        """Whether words of this context stand just after the match."""
        return bool(self.words.grammar.starts_with[context].match(self.text[match.end() : match.end() + 24]))

    def step(self, words: str) -> int:
        """How far the words point ahead; back where negative. Example: "last" gives -1."""
        return self.words.directions.get(words, 0)


Value = tuple[str, bool, Span | None]  # value, whether counted from an anchor, the words it was counted from


def meaning(name: str, match: re.Match[str], setting: Setting) -> Value | None:
    """The value of a match of the shape `name`; None where the words make no sense as a time.

    Raises ValueError or OverflowError for a day that no calendar has.
    """
    return _MEANINGS[name](match, setting)


def _group(match: re.Match[str], name: str) -> str:
    """A group of a match in lower case with single blanks; empty where it is not there."""
    return key_of(match.groupdict().get(name) or "")


def key_of(words: str) -> str:
    """Words as they stand in the tables."""
    return " ".join(words.lower().replace("’", "'").split())


def _future(match: re.Match[str], setting: Setting) -> bool:
    """Whether the clause puts the words after the story's date: "will meet on Friday"."""
    tense = setting.clauses.tense(_head(match)) if setting.clauses else None
    if tense == "future":
        return True
    before = setting.before(match, _WINDOW)
    sentence = re.split(r"[.;:\n“”\"]", before)[-1]
    if setting.ends_with("ends by", match) and not setting.words.contained("told as past", sentence):
        return True
    possessive = setting.text.startswith(("'s", "’s"), match.end())
    if match.groupdict().get("weekday") and before.endswith(" for ") and not possessive:
        return True
    if setting.starts_with("ahead after", match):
        return True
    clause = re.split(r",\s(?!\d)", sentence)[-1]
    clause = setting.words.after_last("clause break", clause)
    return bool(setting.words.grammar.future_cue.search(clause))


def _head(match: re.Match[str]) -> int:
    """Where the word stands that the language core attaches the time by."""
    for name in ("weekday", "month", "word", "season"):
        if match.groupdict().get(name):
            return match.start(name)
    return match.start()


def _past(match: re.Match[str], setting: Setting) -> bool:
    return setting.clauses is not None and setting.clauses.tense(_head(match)) == "past"


def _year_of(match: re.Match[str], setting: Setting) -> int | None:
    """The year that the words give: "2024", or "last year" from the story's date."""
    if year := _group(match, "year"):
        return int(year)
    relative = _group(match, "relative")
    return setting.anchor.year + setting.step(relative) if relative and setting.anchor else None


# ---------------------------------------------------------------- the calendar by name and number


def _date(match: re.Match[str], setting: Setting) -> Value | None:
    group = match.groupdict()
    month = int(group["month_number"]) if group.get("month_number") else setting.words.months[match["month"]]
    day = int(match["day"])
    counted = not group.get("year")
    year = _year_of(match, setting)
    if year is None and setting.anchor is None:
        dt.date(2000, month, day)  # raises where there is no such day
        return f"XXXX-{month:02d}-{day:02d}", True, None
    if year is None and setting.anchor is not None:
        year = setting.anchor.year
        ahead = (dt.date(year, month, day) - setting.anchor).days
        if _future(match, setting):
            year += ahead < -_SOON * 3
        elif ahead > _SOON:
            year -= 1
        elif ahead < -365 + 45 and not _past(match, setting):
            year += 1
    if year is None:
        return None
    first = dt.date(year, month, day)
    if group.get("last") and day < int(match["last"]) <= 31:
        return f"{first}/{dt.date(year, month, int(match['last']))}", counted, None
    return str(first), counted, None


def _slashes(match: re.Match[str], setting: Setting) -> Value | None:
    one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
    month, day = (two, one) if one > 12 else (one, two)
    year += 0 if year > 99 else 1900 if year > 60 else 2000
    return str(dt.date(year, month, day)), False, None


def _month(match: re.Match[str], setting: Setting) -> Value | None:
    month = setting.words.months[match["month"]]
    year = _year_of(match, setting)
    if year is not None:
        counted = not match.groupdict().get("year")
        if last := match.groupdict().get("last"):
            return f"{year}-{month:02d}/{match['last_year']}-{setting.words.months[last.lower()]:02d}", counted, None
        return f"{year}-{month:02d}", counted, None
    if setting.anchor is None:
        return f"XXXX-{month:02d}", True, None
    year, which = setting.anchor.year, _group(match, "which")
    if which == "next":
        year += month <= setting.anchor.month
    elif which == "last":
        year -= month >= setting.anchor.month
    elif which == "this":
        pass
    elif _future(match, setting) or (_is_next(month, setting.anchor) and not _past(match, setting)):
        year += month < setting.anchor.month
    else:
        year -= month > setting.anchor.month
    return f"{year}-{month:02d}", True, None


def _is_next(month: int, anchor: dt.date) -> bool:
    return 1 <= (month - anchor.month) % 12 <= _NEXT_MONTHS


def _months(match: re.Match[str], setting: Setting) -> Value | None:
    first, last = (setting.words.months[match[name].lower()] for name in ("month", "last"))
    year = setting.anchor.year if setting.anchor else None
    if year is None or first >= last:
        return None
    year -= first > (setting.anchor.month if setting.anchor else 12)
    if (last - first, first % 3) == (2, 1):
        return f"{year}-Q{(first + 2) // 3}", True, None
    return f"{year}-{first:02d}/{year}-{last:02d}", True, None


def _fiscal(match: re.Match[str], setting: Setting) -> Value | None:
    year = match["year"] or match["short"]
    return f"FY{year if len(year) == 4 else '20' + year}", False, None


def _quarter(match: re.Match[str], setting: Setting) -> Value | None:
    nth = match["nth"]
    number = 4 if nth == "final" else int(setting.words.ordinals.get(nth) or nth.strip("qstndrh"))
    year = _year_of(match, setting)
    if year is not None:
        return f"{year}-Q{number}", not match["year"], None
    if setting.anchor is None:
        return f"XXXX-Q{number}", True, None
    now = (setting.anchor.month + 2) // 3
    back = number > now or (number == now and not _future(match, setting))
    return f"{setting.anchor.year - (back and not _future(match, setting))}-Q{number}", True, None


def _season(match: re.Match[str], setting: Setting) -> Value | None:
    code = setting.words.seasons[match["season"]]
    year = _year_of(match, setting)
    if year is not None:
        return f"{year}-{code}", not match["year"], None
    if setting.anchor is None:
        return f"XXXX-{code}", True, None
    year, which = setting.anchor.year, _group(match, "which")
    first, end = calendar.days_of(f"{year}-{code}")
    begun = first is not None and first <= setting.anchor
    if which in ("next", "coming", "this coming"):
        year += begun
    elif which in ("last", "past", "this past"):
        year -= end is None or end >= setting.anchor
    elif which != "this" and not begun and not _future(match, setting):
        year -= 1
    return f"{year}-{code}", True, None


def _holiday(match: re.Match[str], setting: Setting) -> Value | None:
    name = key_of(match["words"])
    year = _year_of(match, setting)
    if year is not None:
        value = setting.words.holiday(name, year)
        return (value, not match["year"], None) if value else None
    if setting.anchor is None:
        return None
    anchor = setting.anchor
    values = [setting.words.holiday(name, anchor.year + shift) for shift in (-1, 0, 1)]
    days = [(day, value) for value in values if value and (day := calendar.days_of(value)[0])]
    if not days:
        return None
    if _future(match, setting):
        days = [(day, value) for day, value in days if day >= anchor] or days
        return min(days)[1], True, None
    near = [(day, value) for day, value in days if (day - anchor).days <= _SOON] or days
    return min(near, key=lambda each: abs((each[0] - anchor).days))[1], True, None


def _fixed(match: re.Match[str], setting: Setting) -> Value | None:
    return setting.words.fixed[key_of(match["words"])][0], False, None


# ---------------------------------------------------------------- times of day


def _clock(match: re.Match[str], setting: Setting) -> Value | None:
    group = match.groupdict()
    if name := _group(match, "named"):
        clock = setting.words.clock_words[name]
    else:
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        if half := group.get("half"):
            hour = hour % 12 + (12 if half[0] == "p" else 0)
        if hour > 24 or minute > 59:
            return None
        clock = f"{hour:02d}:{minute:02d}"
    zone = "Z" if _group(match, "zone") in ("gmt", "utc") else ""
    day, before = setting.last_day()
    return f"{day or 'XXXX-XX-XX'}T{clock}{zone}", True, before


def _part(match: re.Match[str], setting: Setting) -> Value | None:
    which, code = _group(match, "which"), setting.words.parts_of_day[_group(match, "part")]
    if which == "that":
        day, before = setting.last_day()
        return f"{day or 'XXXX-XX-XX'}{code}", True, before
    day = setting.anchor - dt.timedelta(which == "last") if setting.anchor else None
    return f"{day or 'XXXX-XX-XX'}{code}", True, None


def _daypart(match: re.Match[str], setting: Setting) -> Value | None:
    code = setting.words.parts_of_day[_group(match, "part")]
    day, before = setting.last_day()
    return f"{day or 'XXXX-XX-XX'}{code}", True, before


# ---------------------------------------------------------------- days and longer, from the story's date


def _weekday(match: re.Match[str], setting: Setting) -> Value | None:
    weekday = setting.words.weekdays[match["weekday"]]
    part = setting.words.parts_of_day[_group(match, "part")] if match["part"] else ""
    if not part:
        part = {"early": "TMO", "late": "TEV"}.get(_group(match, "edge"), "")
    if setting.anchor is None:
        return f"XXXX-WXX-{weekday}{part}", True, None
    day = calendar.weekday_near(setting.anchor, weekday, _direction(match, weekday, setting, setting.anchor))
    if match["last"]:
        end = calendar.weekday_near(day, setting.words.weekdays[match["last"]], "after")
        return f"{day}/{end}", True, None
    return f"{day}{part}", True, None


def _direction(match: re.Match[str], weekday: int, setting: Setting, anchor: dt.date) -> str:
    which = _group(match, "which")
    if which == "last":
        return "before"
    if which in ("next", "this coming"):
        return "after"
    if which == "this past":
        return "past"
    if _future(match, setting):
        return "future"
    tomorrow = calendar.weekday_near(anchor, weekday, "past") == anchor - dt.timedelta(6)
    # The name of tomorrow: a story is dated a day early, or looks ahead, more often than six days back.
    return "future" if tomorrow and not which else "past"


def _every(match: re.Match[str], setting: Setting) -> Value | None:
    if match["weekday"]:
        return f"XXXX-WXX-{setting.words.weekdays[match['weekday'].lower()]}", False, None
    if match["part"]:
        return f"XXXX-XX-XX{setting.words.parts_of_day[_group(match, 'part')]}", False, None
    return period("1", setting.words.units[match["unit"]]), False, None


def _today(match: re.Match[str], setting: Setting) -> Value | None:
    group = match.groupdict()
    if beyond := _group(match, "beyond"):
        there = setting.anchor + dt.timedelta(setting.step(beyond)) if setting.anchor else "XXXX-XX-XX"
        return str(there), True, None
    word = match["word"]
    part = setting.words.parts_of_day[_group(match, "part")] if group.get("part") else ""
    part = "TNI" if word in ("tonight", "overnight") else part
    if setting.anchor is None:
        return f"XXXX-XX-XX{part}", True, None
    if word == "overnight":
        day, before = setting.last_day()
        if before is not None and day is not None and day != setting.anchor:
            return f"{day}{part}", True, before
    return f"{setting.anchor + dt.timedelta(setting.step(word))}{part}", True, None


def _same(match: re.Match[str], setting: Setting) -> Value | None:
    what, which = _group(match, "what"), _group(match, "which").split()[-1]
    if _group(match, "relative") or _group(match, "back"):
        return _same_last_year(setting)
    shift = setting.step(which)
    day, before = setting.last_day()
    if day is None:
        return None if what in ("week", "month", "year") else (f"XXXX-XX-XX{_code(what, setting)}", True, None)
    if what == "week":
        return calendar.week_value(day + dt.timedelta(7 * shift)), True, before
    if what == "month":
        year, month = calendar.shift_month(day.year, day.month, shift)
        return f"{year:04d}-{month:02d}", True, before
    if what == "year":
        told = setting.last_stretch(r"\d{4}(?:$|-)")
        year = int(told.value[:4]) if told else day.year
        return f"{year + shift:04d}", True, told.span if told else before
    return f"{day + dt.timedelta(shift)}{_code(what, setting)}", True, before


def _same_last_year(setting: Setting) -> Value | None:
    """ "the same period last year": the month or quarter told before, a year earlier."""
    told = setting.last_stretch(r"\d{4}-(?:\d\d|Q\d)$")
    if told is None:
        return (str(setting.anchor.year - 1), True, None) if setting.anchor else None
    return f"{int(told.value[:4]) - 1:04d}{told.value[4:]}", True, told.span


def _code(what: str, setting: Setting) -> str:
    return "" if what == "day" else setting.words.parts_of_day.get(what, "")


def _weekend(match: re.Match[str], setting: Setting) -> Value | None:
    if setting.anchor is None:
        return "XXXX-WXX-WE", True, None
    which, day = _group(match, "which"), setting.anchor
    if which == "next":
        day += dt.timedelta(7)
    elif (
        which in ("last", "past", "this past")
        or (which == "this" and day.isoweekday() < 3)
        or (which not in ("this", "coming", "this coming") and day.isoweekday() < 6 and not _future(match, setting))
    ):
        day -= dt.timedelta(7)
    return f"{calendar.week_value(day)}-WE", True, None


def _around(match: re.Match[str], setting: Setting) -> Value | None:
    shift = setting.step(_group(match, "which"))
    if setting.anchor is None:
        return ("PRESENT_REF", "FUTURE_REF", "PAST_REF")[shift], True, None
    day, unit = setting.anchor, match["unit"]
    edge = _group(match, "edge").split(" ")[-1]
    if unit == "week":
        # On a Sunday "this week" is the one that begins, as American newsrooms count.
        begins = day.isoweekday() == 7 and not (shift == 0 and (edge or _past(match, setting)))
        return calendar.week_value(day + dt.timedelta(7 * shift + begins)), True, None
    if unit == "month":
        year, month = calendar.shift_month(day.year, day.month, shift)
        return f"{year:04d}-{month:02d}", True, None
    if unit == "quarter":
        year, month = calendar.shift_month(day.year, day.month, 3 * shift)
        return f"{year:04d}-Q{(month + 2) // 3}", True, None
    if unit == "year":
        quarter = {"early": "-Q1", "late": "-Q4"}.get(edge, "")
        return f"{day.year + shift:04d}{quarter}", True, None
    return (f"{day.year // 10 + shift:03d}" if unit == "decade" else f"{day.year // 100 + shift:02d}"), True, None


def _edge(match: re.Match[str], setting: Setting) -> Value | None:
    """ "the end of the year": the year itself, as TIMEX3 has it; its days are narrowed elsewhere."""
    day, unit = setting.anchor, _group(match, "unit")
    if day is None:
        return None
    values = {
        "week": calendar.week_value(day),
        "month": f"{day.year:04d}-{day.month:02d}",
        "year": f"{day.year:04d}",
        "decade": f"{day.year // 10:03d}",
    }
    return values[unit], True, None


def _nth(match: re.Match[str], setting: Setting) -> Value | None:
    """ "for a second straight day": the day, week or weekend of the story, or the day told before."""
    what = match["what"]
    day, before = setting.last_day()
    if day is None:
        return None
    if what in ("week", "weekend"):
        return calendar.week_value(day) + ("-WE" if what == "weekend" else ""), True, before
    if what == "month":
        return f"{day.year:04d}-{day.month:02d}", True, before
    if what == "year":
        nth = setting.words.ordinals.get(match["nth"]) or re.sub(r"\D", "", match["nth"])
        return period(nth, "Y"), False, None
    return f"{day}{_code(what, setting)}", True, before


def _thing(match: re.Match[str], setting: Setting) -> Value | None:
    """ "ended the day lower": the day told before, or the story's; "the previous year": counted from it."""
    what, which = match["what"], _group(match, "which").split()[-1]
    shift = setting.step(which)
    day, before = setting.last_day()
    if day is None:
        return None
    if what == "day":
        return str(day + dt.timedelta(shift)), True, before
    if what == "week":
        if not shift:
            return calendar.week_value(day), True, before
        return calendar.week_value(day + dt.timedelta(7 * shift)), True, before
    if what == "month":
        year, month = calendar.shift_month(day.year, day.month, shift)
        return f"{year:04d}-{month:02d}", True, before
    if what == "quarter":
        told = setting.last_stretch(r"\d{4}-Q\d$")
        return (told.value, True, told.span) if told and not shift else None
    told = setting.last_stretch(r"\d{4}(?:$|-)")
    return f"{(int(told.value[:4]) if told else day.year) + shift:04d}", True, told.span if told else before


# ---------------------------------------------------------------- numbers of units


# A unit in smaller ones: half a century is 50 years.
_SMALLER = {
    "CE": (100, "Y"), "DE": (10, "Y"), "Y": (12, "M"), "D": (24, "TH"), "TH": (60, "TM"), "TM": (60, "TS"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of units: "X" where the words leave the number open. Example: "two and a half years" is 2.5 of Y."""

    number: str
    code: str


def amount_of(match: re.Match[str], words: TimeLexicons) -> Amount:
    """The number and the TIMEX3 letters of the unit in a match."""
    group = match.groupdict()
    if group.get("half"):
        share = 0.5 if group["half"].lower() == "half" else 0.25
        code = words.units[group["halved"].lower()]
        if code in _SMALLER and (share * _SMALLER[code][0]).is_integer():
            return Amount(str(int(share * _SMALLER[code][0])), _SMALLER[code][1])
        return Amount(str(share), code)
    number, code = number_of(group["number"], words), words.units[group["unit"].lower()]
    if (group.get("plus") or group.get("over")) and number != "X":
        number = f"{int(float(number))}.5"
    return Amount(number, code)


def number_of(words: str, lexicons: TimeLexicons) -> str:
    """Digits of a number, "X" where it is left open. Example: "twenty-five" gives "25"."""
    key = key_of(words)
    if key in lexicons.numbers:
        return lexicons.numbers[key]
    if "-" in key:
        tens, _, ones = key.partition("-")
        return str(int(lexicons.numbers[tens]) + int(lexicons.numbers.get(ones, "0").replace("X", "0")))
    return key


def period(number: str, code: str) -> str:
    """A TIMEX3 duration. Example: "3" and "D" give "P3D"; ten years to the decade, a hundred to the century."""
    factor = {"W2": 2, "DE": 10, "CE": 100}.get(code, 1)
    if number == "X":
        return {"W2": "PXW"}.get(code, f"PTX{code[1:]}" if code.startswith("T") else f"PX{code}")
    if code.startswith("T"):
        return f"PT{number}{code[1:]}"
    scaled = float(number) * factor
    digits = str(int(scaled)) if scaled.is_integer() else str(scaled)
    return f"P{digits}{ {'W2': 'W', 'DE': 'Y', 'CE': 'Y'}.get(code, code) }"


def _shift(match: re.Match[str], setting: Setting) -> Value | None:
    amount, way = amount_of(match, setting.words), _group(match, "way")
    duration = period(amount.number, amount.code)
    if way in ("after", "before") and not re.match(r"[,.]", setting.text[match.end() : match.end() + 1]):
        # "came a day after X": the day of X, counted back from the day of what came
        if way == "after" and amount.code == "D" and (amount.number == "1" or setting.ends_with("event comes", match)):
            day, before = setting.last_day()
            return moved(day, amount, -1, before) if day else (duration, False, None)
        return duration, False, None
    backward = way in ("ago", "earlier", "before")
    day, before = (setting.anchor, None) if way in ("ago", "from now", "hence") else setting.last_day()
    if amount.number == "X":
        return ("PAST_REF" if backward or before else "FUTURE_REF"), True, None
    if way in ("earlier", "later") and amount.code in ("Y", "DE", "CE"):
        told = setting.last_stretch(r"\d{4}(?:$|-)")
        if told is not None:
            day, before = dt.date(int(told.value[:4]), 7, 1), told.span
    if day is None:
        return duration, True, None
    return moved(day, amount, -1 if backward else 1, before)


def moved(day: dt.date, amount: Amount, sign: int, before: Span | None) -> Value | None:
    """The time so much before or after a day, as coarse as its unit."""
    code, number = amount.code, float(amount.number) * sign
    if code.startswith("T"):
        return str(day), True, before
    if code == "D":
        return str(day + dt.timedelta(int(number))), True, before
    if code in ("W", "W2"):
        weeks = number * (2 if code == "W2" else 1)
        there = day + dt.timedelta(int(7 * weeks))
        return (str(there) if abs(weeks) == 1 else calendar.week_value(there)), True, before
    if code in ("M", "Q") or not number.is_integer():
        months = number * {"Q": 3, "Y": 12, "DE": 120, "CE": 1200}.get(code, 1)
        year, month = calendar.shift_month(day.year, day.month, int(months))
        return f"{year:04d}-{month:02d}", True, before
    return f"{day.year + int(number) * {'Y': 1, 'DE': 10, 'CE': 100}[code]:04d}", True, before


def _duration(match: re.Match[str], setting: Setting) -> Value | None:
    if unit := _group(match, "open"):
        return period("X", setting.words.units[unit]), False, None
    amount = amount_of(match, setting.words)
    return period(amount.number, amount.code), False, None


def _past_unit(match: re.Match[str], setting: Setting) -> Value | None:
    return period("1", setting.words.units[match["unit"]]), False, None


def _ago(match: re.Match[str], setting: Setting) -> Value | None:
    """ "years ago" is past; "hours after the blast" the day told before, or the story's."""
    if _group(match, "way") in ("ago", "back"):
        return "PAST_REF", True, None
    code = setting.words.units[_group(match, "unit")]
    day, before = setting.last_day()
    return (str(day), True, before) if day and code.startswith("T") else (period("X", code), False, None)


def _vague(match: re.Match[str], setting: Setting) -> Value | None:
    group = match.groupdict()
    if long := _group(match, "long"):
        return period("X" if long.endswith("s") else "1", setting.words.units[long]), False, None
    return period("X", setting.words.units[(group.get("more") or group["unit"]).lower()]), False, None


def _decade(match: re.Match[str], setting: Setting) -> Value | None:
    digits = match["decade"].lstrip("'’")
    return digits[:3] if len(digits) == 4 else f"19{digits[0]}", False, None


def _century(match: re.Match[str], setting: Setting) -> Value | None:
    number = int(match["century"])
    return (f"{number - 1:02d}", False, None) if 9 < number < 30 else None


# ---------------------------------------------------------------- words and numbers alone


def _reference(match: re.Match[str], setting: Setting) -> Value | None:
    return setting.words.references[key_of(match["words"])], True, None


def _loose(match: re.Match[str], setting: Setting) -> Value | None:
    return setting.words.loose[key_of(match["words"])], True, None


def _frequency(match: re.Match[str], setting: Setting) -> Value | None:
    return setting.words.frequencies[key_of(match["words"])], False, None


def _years(match: re.Match[str], setting: Setting) -> Value | None:
    first, last = match["first"], match["last"]
    last = first[:2] + last if len(last) == 2 else last
    return (f"{first}/{last}", False, None) if first < last else None


def _year(match: re.Match[str], setting: Setting) -> Value | None:
    if short := match.groupdict().get("short"):
        return f"{'20' if int(short) < 30 else '19'}{short}", False, None
    return match["year"], False, None


_MEANINGS: dict[str, Callable[[re.Match[str], Setting], Value | None]] = {
    "date": _date, "slashes": _slashes, "month": _month, "months": _months, "fiscal": _fiscal, "quarter": _quarter,
    "season": _season, "clock": _clock, "weekday": _weekday, "every": _every, "today": _today, "part": _part,
    "daypart": _daypart, "same": _same, "weekend": _weekend, "shift": _shift, "around": _around, "edge": _edge,
    "nth": _nth, "thing": _thing, "duration": _duration, "past": _past_unit, "decade": _decade, "century": _century,
    "fixed": _fixed, "holiday": _holiday, "reference": _reference, "loose": _loose, "vague": _vague, "ago": _ago,
    "frequency": _frequency, "years": _years, "year": _year,
}  # fmt: skip
