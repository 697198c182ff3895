"""Writes the table of holidays that move through the year: Islamic, Hebrew, Chinese and Orthodox ones.

usage: python -m training.prepare.moving_holidays > src/dateline/grounding/times/data/moving_holidays.tsv

Sources: the tabular Islamic calendar (civil epoch), and the Hebrew calendar as in Reingold and Dershowitz, Calendrical
Calculations; new moons after Meeus, Astronomical Algorithms, chapter 49, largest terms; Julian Easter after Meeus,
chapter 8.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator

YEARS = range(1980, 2051)
_UNIX = dt.date(1970, 1, 1)
_UNIX_JULIAN_DAY = 2440588

# name, month, day, days it lasts; a sighting may move the first by one day either way
ISLAMIC = (
    ("ashura", 1, 10, 1), ("ashoura", 1, 10, 1), ("arbaeen", 2, 20, 1), ("eid al-fitr", 10, 1, 3),
    ("eid ul-fitr", 10, 1, 3), ("eid al-adha", 12, 10, 4), ("eid ul-adha", 12, 10, 4), ("eid al-azha", 12, 10, 4),
)  # fmt: skip
# name, days after Rosh Hashanah, days it lasts; each begins on the evening before
AFTER_NEW_YEAR = (("rosh hashanah", 0, 2), ("yom kippur", 9, 1), ("sukkot", 14, 7))
AFTER_PASSOVER = (("purim", -30, 1), ("passover", 0, 8), ("shavuot", 50, 2))
CHINESE = ("chinese new year", "lunar new year", "tet", "spring festival")


def main() -> None:
    print("name\tyear\tvalue\tfirst\tlast")
    rows = [*islamic_rows(), *hebrew_rows(), *chinese_rows(), *orthodox_rows()]
    for name, year, value, first, last in sorted(rows):
        print(name, year, value, first, last, sep="\t")


Row = tuple[str, int, str, dt.date, dt.date]


def islamic_rows() -> Iterator[Row]:
    """A festival can fall twice in one of our years; the earlier one is kept."""
    seen: set[tuple[str, int]] = set()
    for hijri in range(1399, 1476):
        rows = [(name, islamic_day(hijri, month, day), length) for name, month, day, length in ISLAMIC]
        for name, day, length in rows:
            if day.year in YEARS and (name, day.year) not in seen:
                seen.add((name, day.year))
                yield name, day.year, str(day), day - dt.timedelta(1), day + dt.timedelta(length)
        first, last = islamic_day(hijri, 9, 1), islamic_day(hijri, 10, 1) - dt.timedelta(1)
        if first.year in YEARS and ("ramadan", first.year) not in seen:
            seen.add(("ramadan", first.year))
            yield "ramadan", first.year, f"{first}/{last}", first - dt.timedelta(1), last + dt.timedelta(1)


def islamic_day(year: int, month: int, day: int) -> dt.date:
    julian_day = (11 * year + 3) // 30 + 354 * year + 30 * month - (month - 1) // 2 + day + 1948440 - 385
    return _UNIX + dt.timedelta(julian_day - _UNIX_JULIAN_DAY)


def hebrew_rows() -> Iterator[Row]:
    for year in YEARS:
        new_year, next_year = hebrew_new_year(year + 3761), hebrew_new_year(year + 3762)
        passover = new_year - dt.timedelta(163)
        long_autumn = (next_year - new_year).days % 10 == 5  # 355 or 385 days: Heshvan has 30
        days = [(name, new_year + dt.timedelta(shift), length) for name, shift, length in AFTER_NEW_YEAR]
        days += [(name, passover + dt.timedelta(shift), length) for name, shift, length in AFTER_PASSOVER]
        days += [(name, new_year + dt.timedelta(83 + long_autumn), 8) for name in ("hanukkah", "chanukah")]
        for name, day, length in days:
            yield name, year, str(day), day - dt.timedelta(1), day + dt.timedelta(length - 1)


def hebrew_new_year(year: int) -> dt.date:
    """Rosh Hashanah. Example: 5784 gives 16 September 2023."""
    lengths = [_hebrew_days(year + shift) for shift in (-1, 0, 1)]
    correction = 2 if lengths[2] - lengths[1] == 356 else 1 if lengths[1] - lengths[0] == 382 else 0
    return dt.date(1, 1, 1) + dt.timedelta(_hebrew_days(year) + correction - 1373427 - 1)


def _hebrew_days(year: int) -> int:
    months = (235 * year - 234) // 19
    parts = 12084 + 13753 * months
    day = 29 * months + parts // 25920
    return day + 1 if (3 * (day + 1)) % 7 < 3 else day


def chinese_rows() -> Iterator[Row]:
    for year in YEARS:
        day = chinese_new_year(year)
        for name in CHINESE:
            yield name, year, str(day), day, day + dt.timedelta(14 if name == "spring festival" else 2)


def chinese_new_year(year: int) -> dt.date:
    """The first new moon, by the clock of Beijing, from 21 January on; true of every year from 1980 to 2050."""
    lunation = math.floor((year - 2000) * 12.3685) - 1
    days = (new_moon(lunation + step) for step in range(5))
    return next(day for day in days if day >= dt.date(year, 1, 21))


def new_moon(lunation: int) -> dt.date:
    """The day, in Beijing, of a new moon counted from that of 6 January 2000."""
    t = lunation / 1236.85
    julian_day = 2451550.09766 + 29.530588861 * lunation + 0.00015437 * t * t
    sun = math.radians(2.5534 + 29.10535670 * lunation)
    moon = math.radians(201.5643 + 385.81693528 * lunation + 0.0107582 * t * t)
    latitude = math.radians(160.7108 + 390.67050284 * lunation - 0.0016118 * t * t)
    julian_day += (
        -0.40720 * math.sin(moon)
        + 0.17241 * math.sin(sun)
        + 0.01608 * math.sin(2 * moon)
        + 0.01039 * math.sin(2 * latitude)
        + 0.00739 * math.sin(moon - sun)
        - 0.00514 * math.sin(moon + sun)
        + 0.00208 * math.sin(2 * sun)
        - 0.00111 * math.sin(moon - 2 * latitude)
        - 0.00057 * math.sin(moon + 2 * latitude)
    )
    # Civil days begin at midnight; dynamical time runs about 70 seconds ahead.
    beijing = julian_day + 0.5 + 8 / 24 - 70 / 86400
    return _UNIX + dt.timedelta(math.floor(beijing) - _UNIX_JULIAN_DAY)


def orthodox_rows() -> Iterator[Row]:
    for year in YEARS:
        day = orthodox_easter(year)
        yield "orthodox easter", year, str(day), day, day


def orthodox_easter(year: int) -> dt.date:
    a, b, c = year % 4, year % 7, year % 19
    d = (19 * c + 15) % 30
    e = (2 * a + 4 * b - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    return dt.date(year, month, day + 1) + dt.timedelta(13)  # the Julian calendar is 13 days behind until 2099


if __name__ == "__main__":
    main()
