"""Tables: what goes into the cells of each, and that no cell does harm in a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.exports import Export
from dateline.exports.ontology import Ontology
from dateline.exports.tables import delimiter_of, safe, write_row
from dateline.records import Actor, Casualties, Count, TimeRef, Toll

if TYPE_CHECKING:
    from dateline.pipeline import StoryReading


def table(story: StoryReading, form: str, ontology: Ontology) -> list[dict[str, str]]:
    export = Export(form, ontology)
    text = export.opening + "".join(export.story(story))
    return list(csv.DictReader(text.splitlines(), delimiter=delimiter_of(form)))


def changed(story: StoryReading, **fields: Any) -> StoryReading:
    """The story with its event changed."""
    (event,) = story.events
    return replace(story, events=(replace(event, **fields),))


def with_sectors(story: StoryReading, **sectors: str) -> StoryReading:
    actors: tuple[Actor, ...] = tuple(
        replace(one, sector=sectors.get(one.id.lower(), one.sector)) for one in story.actors
    )
    return replace(story, actors=actors)


# ---------------------------------------------------------------- POLECAT


def test_polecat_names_both_sides(story: StoryReading, ontology: Ontology) -> None:
    row = table(story, "polecat", ontology)[0]
    assert row["Event Type"] == "ASSAULT"
    assert row["Event Mode"] == "firearms"
    assert row["Quad Code"] == "MATERIAL CONFLICT"
    assert (row["Actor Name"], row["Actor Country"], row["Primary Actor Sector"]) == ("gunmen", "None", "UAF")
    assert (row["Recipient Name"], row["Recipient Country"], row["Recipient Name Raw"]) == (
        "guards",
        "PEL",
        "three guards",
    )
    assert (row["Placename"], row["Raw Placename"], row["Country"]) == ("Port Elin", "Port Elin on", "PEL")
    assert (row["Event Date"], row["Publication Date"], row["Source"]) == (
        "2026-03-02",
        "2026-03-03",
        "The Harbour Post",
    )


@pytest.mark.parametrize(("feature", "city"), [("PPLA", "Port Elin"), ("PCLI", ""), ("ADM1", ""), (None, "")])
def test_polecats_city_is_a_populated_place(
    feature: str | None, city: str, story: StoryReading, ontology: Ontology
) -> None:
    (place,) = story.places
    row = table(replace(story, places=(replace(place, feature_code=feature),)), "polecat", ontology)[0]
    assert (row["City"], row["Placename"], row["Feature Type"]) == (city, "Port Elin", feature or "")


# ---------------------------------------------------------------- CAMEO and GDELT


def test_what_cameo_has_no_code_for_is_left_out(story: StoryReading, ontology: Ontology) -> None:
    export = Export("cameo", ontology)
    assert [line.split(",")[7] for line in export.story(changed(story, type="HAZARD", modes=()))] == ["111"]
    assert (export.written, export.left_out) == (1, 1)


def test_a_context_makes_the_code_more_particular(story: StoryReading, ontology: Ontology) -> None:
    march = changed(story, type="PROTEST", modes=("demo",), contexts=("rights_freedoms",))
    row = table(march, "gdelt", ontology)[0]
    assert (row["EventCode"], row["EventBaseCode"], row["EventRootCode"]) == ("1413", "141", "14")
    assert (row["QuadClass"], row["GoldsteinScale"]) == ("4", "-6.5")


def test_a_fraction_of_a_year_is_counted_in_months_of_thirty_days(story: StoryReading, ontology: Ontology) -> None:
    day = dt.date(2021, 3, 23)
    dated = changed(story, time=TimeRef(mention_id=None, value="2021-03-23", earliest=day, latest=day))
    row = table(dated, "gdelt", ontology)[0]
    assert (row["SQLDATE"], row["MonthYear"], row["Year"], row["FractionDate"]) == (
        "20210323",
        "202103",
        "2021",
        "2021.2274",
    )


@pytest.mark.parametrize(
    ("published", "added"),
    [
        (dt.date(2026, 3, 3), "20260303000000"),
        (dt.datetime(2026, 3, 3, 17, 5, 9, tzinfo=dt.UTC), "20260303170509"),
        (dt.date(814, 1, 2), "08140102000000"),
        (None, ""),
    ],
)
def test_the_time_of_adding_has_fourteen_digits(
    published: dt.date | None, added: str, story: StoryReading, ontology: Ontology
) -> None:
    dated = replace(story, story=replace(story.story, published_at=published))
    assert table(dated, "gdelt", ontology)[0]["DATEADDED"] == added


@pytest.mark.parametrize(
    ("country", "feature", "kind"),
    [
        ("PEL", "PPLC", "4"),
        ("PEL", "ADM1", "5"),
        ("PEL", "PCLI", "1"),
        ("PEL", None, "4"),
        ("USA", "PPL", "3"),
        ("USA", "ADM1", "2"),
        ("USA", "PCLI", "1"),
    ],
)
def test_gdelts_class_of_a_place(
    country: str, feature: str | None, kind: str, story: StoryReading, ontology: Ontology
) -> None:
    (place,) = story.places
    elsewhere = replace(story, places=(replace(place, country=country, feature_code=feature),))
    assert table(elsewhere, "gdelt", ontology)[0]["ActionGeo_Type"] == kind


# ---------------------------------------------------------------- ACLED


@pytest.mark.parametrize(
    ("kind", "mode", "sectors", "expected"),
    [
        ("ASSAULT", "firearms", {}, ("Violence against civilians", "Attack", "Political violence")),
        ("ASSAULT", "firearms", {"guards": "MIL"}, ("Battles", "Armed clash", "Political violence")),
        (
            "ASSAULT",
            "drone",
            {"guards": "MIL"},
            ("Explosions/Remote violence", "Air/drone strike", "Political violence"),
        ),
        (
            "ASSAULT",
            "crowd-control",
            {},
            (
                "Protests",
                "Excessive force against protesters",
                "Political violence; Demonstrations",
            ),
        ),
        ("PROTEST", "demo", {}, ("Protests", "Peaceful protest", "Demonstrations")),
        ("PROTEST", "riot", {}, ("Riots", "Violent demonstration", "Demonstrations")),
        ("COERCE", "arrest", {}, ("Strategic developments", "Arrests", "Strategic developments")),
    ],
)
def test_acleds_types(
    kind: str,
    mode: str,
    sectors: dict[str, str],
    expected: tuple[str, str, str],
    story: StoryReading,
    ontology: Ontology,
) -> None:
    told = with_sectors(changed(story, type=kind, modes=(mode,)), **sectors)
    (row,) = table(told, "acled", ontology)
    assert (row["event_type"], row["sub_event_type"], row["disorder_type"]) == expected


@pytest.mark.parametrize(
    ("kind", "mode", "sectors", "expected"),
    [
        # inter1, inter2, interaction in the order of ACLED's numbers, civilian_targeting
        (
            "ASSAULT",
            "firearms",
            {},
            ("Political militia", "Civilians", "Political militia-Civilians", "Civilian targeting"),
        ),
        (
            "ASSAULT",
            "firearms",
            {"guards": "GOV"},
            ("Political militia", "State forces", "State forces-Political militia", ""),
        ),
        ("ASSAULT", "firearms", {"guards": "PTY"}, ("Political militia", "", "Political militia only", "")),
        (
            "PROTEST",
            "demo",
            {"gunmen": "EDU", "guards": "GOV"},
            ("Protesters", "State forces", "State forces-Protesters", ""),
        ),
        ("PROTEST", "riot", {"guards": "CVL"}, ("Rioters", "Civilians", "Rioters-Civilians", "Civilian targeting")),
        (
            "ASSAULT",
            "crowd-control",
            {"gunmen": "COP"},
            (
                "State forces",
                "Protesters",
                "State forces-Protesters",
                "Civilian targeting",
            ),
        ),
    ],
)
def test_acleds_sides(
    kind: str,
    mode: str,
    sectors: dict[str, str],
    expected: tuple[str, str, str, str],
    story: StoryReading,
    ontology: Ontology,
) -> None:
    (row,) = table(with_sectors(changed(story, type=kind, modes=(mode,)), **sectors), "acled", ontology)
    assert (row["inter1"], row["inter2"], row["interaction"], row["civilian_targeting"]) == expected


@pytest.mark.parametrize(
    ("killed", "fatalities"),
    [
        (Count(best=3, low=3), "3"),
        (Count(best=None, low=24, high=99), "24"),
        (Count(best=None, high=30), ""),
        (Count(best=0, low=0, high=0), "0"),
        (None, ""),
    ],
)
def test_acleds_dead_are_those_shown_first_and_never_a_guess(
    killed: Count | None, fatalities: str, story: StoryReading, ontology: Ontology
) -> None:
    others = (Toll(harm="killed", count=Count(best=190), span=None),)
    (row,) = table(changed(story, casualties=Casualties(killed=killed), tolls=others), "acled", ontology)
    assert row["fatalities"] == fatalities
    assert row["Tolls"] == "killed 190"


@pytest.mark.parametrize(
    "fields", [{"status": "planned"}, {"status": "hypothetical"}, {"places": ()}, {"type": "AID"}, {"modes": ("x",)}]
)
def test_what_acled_does_not_hold_is_counted(fields: dict[str, Any], story: StoryReading, ontology: Ontology) -> None:
    export = Export("acled", ontology)
    assert list(export.story(changed(story, **fields))) == []
    assert (export.written, export.left_out) == (0, 2)  # the condemnation is talk


@pytest.mark.parametrize(
    ("earliest", "latest", "precision"),
    [
        (dt.date(2026, 3, 2), dt.date(2026, 3, 2), "1"),
        (dt.date(2026, 3, 2), dt.date(2026, 3, 9), "2"),
        (dt.date(2026, 3, 1), dt.date(2026, 3, 31), "3"),
        (None, dt.date(2026, 3, 2), "3"),
    ],
)
def test_acleds_time_precision(
    earliest: dt.date | None, latest: dt.date | None, precision: str, story: StoryReading, ontology: Ontology
) -> None:
    when = TimeRef(mention_id=None, value="", earliest=earliest, latest=latest)
    (row,) = table(changed(story, time=when), "acled", ontology)
    assert row["time_precision"] == precision


# ---------------------------------------------------------------- attribution and safety


def test_bounds_of_a_toll_are_shown_with_zero(story: StoryReading, ontology: Ontology) -> None:
    tolls = (
        Toll(harm="injured", count=Count(best=None, low=0, high=9), span=None),
        Toll(harm="missing", count=Count(best=None, high=30), span=None, claim_id="c:said"),
    )
    row = table(changed(story, tolls=tolls), "cameo", ontology)[0]
    assert row["Tolls"] == "injured 0 to 9; missing ? to 30 (the governor)"


@pytest.mark.parametrize(
    "cell", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\x00=1", "\u200b=1", "\ufeff@a", "＝1", "＋1", "－1", "＠a"]
)
def test_a_formula_in_hiding_is_found(cell: str) -> None:
    assert str(safe(cell)).startswith("'")


@pytest.mark.parametrize("cell", ["a=1", "3-4", "Port Elin", "", "1+1", "'quoted'", "“=1”"])
def test_other_words_are_left_alone(cell: str) -> None:
    assert safe(cell) == cell


@given(st.lists(st.text(), min_size=1, max_size=6), st.sampled_from("\t,"))
def test_any_row_is_one_line_that_reads_back(row: list[str], delimiter: str) -> None:
    line = write_row(row, delimiter)
    assert line.splitlines() == [line.rstrip("\n")]
    (back,) = csv.reader([line], delimiter=delimiter)
    assert back == [safe(cell) for cell in row]
    assert not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for cell in back if cell)
