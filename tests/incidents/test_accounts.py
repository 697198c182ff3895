"""Who says what of an incident: three counts, views, disagreements; cases in tests/cases/incidents/accounts.txt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dateline.incidents.accounts import Accounts, Telling, gather_accounts, number, stances_once
from dateline.records import Count

from .conftest import make_story

CASES = Path(__file__).parent.parent / "cases" / "incidents" / "accounts.txt"


def cases() -> Iterator[Any]:
    paragraphs = CASES.read_text(encoding="utf-8").split("\n\n")
    for paragraph in paragraphs:
        lines = [line for line in paragraph.splitlines() if line and not line.startswith("#")]
        if lines:
            expected = tuple(part.strip() for part in lines[0].removeprefix("=").split("|"))
            yield pytest.param(lines[1:], *expected, id=" / ".join(lines)[:90])


def tellings(lines: list[str]) -> list[Telling]:
    return [telling(*(part.strip() for part in line.split("|"))) for line in lines]


def telling(outlet: str, copy_of: str, so: str, not_so: str, blames: str, killed: str) -> Telling:
    event = {
        "words": "blast",
        "so": names(so),
        "not so": names(not_so),
        "blames": [tuple(each.split(" > ")) for each in listed(blames)],
        "killed": [(int(each.split()[0]), *names(each.split(maxsplit=1)[1])) for each in listed(killed)],
    }
    records, _ = make_story(outlet, "Blast", "A blast.", event)
    return Telling(event=records.events[0], records=records, text=f"story:{outlet if copy_of == '-' else copy_of}")


def listed(words: str) -> list[str]:
    return [] if words == "-" else [each.strip() for each in words.split(",")]


def names(words: str) -> list[str]:
    return ["" if each == "outlet" else each for each in listed(words)]


@pytest.mark.parametrize(("lines", "backing", "counts", "disagreements"), tuple(cases()))
def test_accounts_of(lines: list[str], backing: str, counts: str, disagreements: str) -> None:
    accounts = gather_accounts(tellings(lines))
    found = accounts.counts
    assert (accounts.backing or "none") == backing
    assert f"{found.outlets} {found.texts} {found.sources}" == counts
    assert (", ".join(accounts.disagreements) or "-") == disagreements


def two() -> Accounts:
    return gather_accounts(
        tellings(["north | - | outlet | - | - | 3 Ada Lind", "south | - | outlet | - | - | 5 outlet"])
    )


def test_every_value_keeps_its_voices() -> None:
    said = {(each.value, voice.source) for each in two().of("killed") for voice in each.voices}
    assert said == {("3", "ada lind"), ("5", None)}


def test_tolls_are_in_the_order_of_days() -> None:
    first, _ = make_story("late", "Blast", "A blast.", {"words": "blast", "killed": ((5, ""),)}, day="2025-11-29")
    second, _ = make_story("early", "Blast", "A blast.", {"words": "blast", "killed": ((3, ""),)}, day="2025-11-27")
    told = [Telling(event=each.events[0], records=each, text=each.story.id) for each in (first, second)]
    assert [(str(point.day), point.count.best) for point in gather_accounts(told).tolls] == [
        ("2025-11-27", 3),
        ("2025-11-29", 5),
    ]


def test_a_copy_repeats_no_stance() -> None:
    told = tellings(["north | - | outlet, Ada Lind | - | - | -", "south | north | outlet, Ada Lind | - | - | -"])
    assert stances_once(told) == told[0].event.stances


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (Count(best=5), "5"),
        (Count(best=5, low=5, high=5), "5"),
        (Count(best=None, low=24, high=99), "24 to 99"),
        (Count(best=3, low=3), "3 or more"),
        (Count(best=30, high=30), "up to 30"),
    ],
)
def test_numbers_as_they_are_shown(count: Count, shown: str) -> None:
    assert number(count) == shown


@pytest.mark.parametrize(
    ("other", "disagreements"),
    [
        (("2025-11-27", "2025-11-27"), ()),
        (("2025-11-26", "2025-11-30"), ()),
        (("2025-11-28", "2025-11-28"), ("time",)),
    ],
)
def test_days_disagree_where_they_do_not_meet(other: tuple[str, str], disagreements: tuple[str, ...]) -> None:
    days = {"a": ("2025-11-27", "2025-11-27"), "b": other}
    stories = [
        make_story(name, "Blast", "A blast.", {"words": "blast", "days": those})[0] for name, those in days.items()
    ]
    told = [Telling(event=each.events[0], records=each, text=each.story.id) for each in stories]
    assert gather_accounts(told).disagreements == disagreements
