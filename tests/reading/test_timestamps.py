"""Printed dates and times."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from dateline.reading.timestamps import find_stamps, parse_moment

CASES = Path(__file__).parents[1] / "cases" / "reading" / "timestamps.txt"


def rows() -> list[tuple[str, str]]:
    table = []
    for line in CASES.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            words, _, expected = line.rpartition(" || " if " || " in line else " | ")
            table.append((words, expected))
    return table


@pytest.mark.parametrize(("line", "expected"), rows())
def test_line_is_read_as_a_time_stamp(line: str, expected: str) -> None:
    stamps = find_stamps(line)
    said = "-" if stamps is None else ";".join(f"{s.kind}={s.value.isoformat() if s.value else '?'}" for s in stamps)
    assert said == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2025-11-28", dt.date(2025, 11, 28)),
        ("20251128", dt.date(2025, 11, 28)),
        ("2025-11-28T09:00:00Z", dt.datetime(2025, 11, 28, 9, tzinfo=dt.UTC)),
        ("2025-11-28 09:00", dt.datetime(2025, 11, 28, 9)),
        ("2025-11-28T09:00:00.123+0530", dt.datetime.fromisoformat("2025-11-28T09:00:00+05:30")),
        ("Fri, 28 Nov 2025 09:00:00 GMT", dt.datetime(2025, 11, 28, 9, tzinfo=dt.UTC)),
        ("November 28, 2025", dt.date(2025, 11, 28)),
        ("1764320400", dt.datetime(2025, 11, 28, 9, tzinfo=dt.UTC)),
        ("", None),
        ("2025", None),
        ("2025-11", None),
        ("2025-13-45", None),
        ("0001-01-01T00:00:00", None),
        ("next week", None),
        ("03/04/2025", None),
    ],
)
def test_metadata_date_is_read_one_way_or_not_at_all(written: str, expected: dt.date | None) -> None:
    assert parse_moment(written) == expected
