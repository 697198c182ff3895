"""Arithmetic on the calendar: the days a TIMEX3 value can mean, and the days around an anchor. Knows no words."""

from __future__ import annotations

import calendar
import datetime as dt
import re

Bounds = tuple[dt.date | None, dt.date | None]

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T.{0,8})?$")
_MONTH = re.compile(r"(\d{4})-(\d\d)$")
_WEEK = re.compile(r"(\d{4})-W(\d\d)(-WE)?$")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])$")
_SEASON = re.compile(r"(\d{4})-(SP|SU|FA|WI)$")
_YEARS = re.compile(r"\d{2,4}$")
_FISCAL = re.compile(r"FY(\d{4})$")
_SEASON_MONTH = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


def days_of(value: str) -> Bounds:
    """First and last day a TIMEX3 value covers, both included; (None, None) where it is no stretch of the calendar.

    Example: "2025-11" gives 1 and 30 November, "197" 1 January 1970 and 31 December 1979, "P3D" nothing.
    """
    try:
        if "/" in value:
            first, _, last = value.partition("/")
            return days_of(first)[0], days_of(last)[1]
        if found := _DAY.match(value):
            day = dt.date(int(found[1]), int(found[2]), int(found[3]))
            return day, day
        if found := _MONTH.match(value):
            return month_days(int(found[1]), int(found[2]))
        if found := _WEEK.match(value):
            monday = dt.date.fromisocalendar(int(found[1]), int(found[2]), 1)
            return monday + dt.timedelta(5 if found[3] else 0), monday + dt.timedelta(6)
        if found := _QUARTER.match(value):
            year, month = int(found[1]), 3 * int(found[2])
            return dt.date(year, month - 2, 1), month_days(year, month)[1]
        if found := _SEASON.match(value):
            year, month = int(found[1]), _SEASON_MONTH[found[2]]
            return dt.date(year, month, 1), month_days(*shift_month(year, month, 2))[1]
        if _YEARS.match(value):  # "2021", the decade "202", the century "20"
            return dt.date(int(value.ljust(4, "0")), 1, 1), dt.date(int(value.ljust(4, "9")), 12, 31)
        if found := _FISCAL.match(value):  # begins between April of the year before and October, by country
            return dt.date(int(found[1]) - 1, 4, 1), dt.date(int(found[1]) + 1, 3, 31)
    except (ValueError, OverflowError):  # the 31st of June, the year 0, the week 53 of a short year
        pass
    return None, None


def month_days(year: int, month: int) -> tuple[dt.date, dt.date]:
    """First and last day of a month."""
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


def shift_month(year: int, month: int, months: int) -> tuple[int, int]:
    """The month so many months later. Example: (2025, 11) and 2 give (2026, 1)."""
    count = year * 12 + month - 1 + months
    return count // 12, count % 12 + 1


def week_value(day: dt.date) -> str:
    """The ISO week of a day. Example: 28 November 2025 gives "2025-W48"."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def weekday_near(anchor: dt.date, weekday: int, direction: str) -> dt.date:
    """The nearest such ISO weekday: "past" the anchor's day included, "before" and "after" not, "future" included."""
    back = (anchor.isoweekday() - weekday) % 7
    if direction == "past":
        return anchor - dt.timedelta(back)
    if direction == "before":
        return anchor - dt.timedelta(back or 7)
    if direction == "future":
        return anchor + dt.timedelta(-back % 7)
    return anchor + dt.timedelta(-back % 7 or 7)


def holiday(year: int, rule: str) -> dt.date:
    """The day of a holiday by its rule in `data/holidays.tsv`. Example: "11 4 4", the fourth Thursday of November."""
    if rule.startswith("easter"):
        return easter(year) + dt.timedelta(int(rule.split()[1]))
    if "-" in rule and " " not in rule:
        return dt.date(year, int(rule[:2]), int(rule[3:]))
    month, weekday, which = map(int, rule.split())
    first, last = month_days(year, month)
    if which < 0:
        return weekday_near(last, weekday, "past")
    return weekday_near(first, weekday, "future") + dt.timedelta(7 * (which - 1))


def easter(year: int) -> dt.date:
    """Western Easter Sunday (the anonymous Gregorian computus of 1876, as in Meeus, Astronomical Algorithms, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    r = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * r) // 433
    month = (h + r - 7 * m + 90) // 25
    return dt.date(year, month, (h + r - 7 * m + 33 * month + 19) % 32)
