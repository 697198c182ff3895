"""The world register: its form, its periods, and files of a user's own."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from dateline.errors import InputError
from dateline.grounding.actors import register as subject
from dateline.grounding.actors.lexicons import load_actor_lexicons
from dateline.grounding.actors.linking import with_governments
from dateline.grounding.actors.register import COLUMNS, Register, load_register
from dateline.language.analysis import SECTORS

FILES = sorted((Path(subject.__file__).parent / "data" / "register").glob("*.tsv"))
HEADER = "\t".join(COLUMNS)


def rows() -> list[tuple[str, dict[str, str]]]:
    found = []
    for path in FILES:
        for number, line in enumerate(path.read_text("utf-8").splitlines()[1:], 2):
            found.append((f"{path.name}:{number}", dict(zip(COLUMNS, line.split("\t"), strict=True))))
    return found


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register()


def test_every_row_keeps_the_form() -> None:
    faults = []
    for place, row in rows():
        names = [row["name"], *filter(None, row["aliases"].split("|"))]
        good = (
            re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["id"])
            and row["kind"] in ("government", "organization", "group", "person")
            and row["sector"] in SECTORS
            and re.fullmatch("[A-Z]{3}|", row["country"])
            and all(re.fullmatch(r"(\d{4}(-\d\d){0,2})?", row[bound]) for bound in ("since", "until"))
            and all(name == name.strip() and "  " not in name for name in names)
            and len(set(names)) == len(names)
        )
        if not good:
            faults.append(place)
    assert not faults


def test_a_name_without_a_star_belongs_to_one_actor() -> None:
    owners: dict[str, set[str]] = {}
    for _, row in rows():
        for name in (row["name"], *filter(None, row["aliases"].split("|"))):
            if not name.endswith("*"):
                owners.setdefault(name.casefold(), set()).add(row["id"])
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_several_rows_of_one_actor_have_periods_and_one_name() -> None:
    by_id: dict[str, list[dict[str, str]]] = {}
    for _, row in rows():
        by_id.setdefault(row["id"], []).append(row)
    for id_, found in by_id.items():
        if len(found) > 1:
            assert len({row["name"] for row in found}) == 1, id_
            assert all(row["since"] or row["until"] for row in found), id_


def test_it_is_as_large_as_it_should_be(register: Register) -> None:
    assert len(register.rows) > 10_000


@pytest.mark.parametrize(
    ("day", "sector"),
    [(dt.date(2013, 1, 1), "GOV"), (dt.date(2021, 12, 20), "GOV"), (dt.date(2023, 1, 1), "ELI")],
)
def test_an_office_is_told_by_the_day(register: Register, day: dt.date, sector: str) -> None:
    (id_,) = register.named("angela merkel")
    assert register.entry(id_).at(day).sector == sector


def test_without_a_day_the_office_that_the_story_names_counts(register: Register) -> None:
    (id_,) = register.named("imran khan")
    assert register.entry(id_).at(None, frozenset({"prime", "minister"})).sector == "GOV"


def test_every_state_has_a_government() -> None:
    lexicons = load_actor_lexicons()
    register = with_governments(load_register(), lexicons)
    for state in lexicons.states:
        assert f"{state}-government" in register.rows


def test_a_row_of_the_users_replaces_the_shipped_one(tmp_path: Path) -> None:
    path = tmp_path / "own.tsv"
    path.write_text(f"{HEADER}\npak-ttp\tTTP of ours\tgroup\tPAK\tCRM\t\t\t\t\t\n", encoding="utf-8")
    assert load_register(extra=[path]).entry("pak-ttp").periods[0].sector == "CRM"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name\tid\n", "line that names its columns"),
        (f"{HEADER}\na\tA\tgroup\n", "3 columns"),
        (f"{HEADER}\na\tA\tgang\tPAK\tCRM\t\t\t\t\t\n", "kind must be"),
        (f"{HEADER}\na\tA\tgroup\tPAK\tCRM\t\t\tlast year\t\t\n", "since must be"),
        (f"{HEADER}\na\tA\tgroup\tPAK\tCRM\t\t\t2021-13-40\t\t\n", "since must be"),
        (f"{HEADER}\n\tA\tgroup\tPAK\tCRM\t\t\t\t\t\n", "must not be empty"),
    ],
)
def test_a_bad_file_is_named_with_its_line(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "own.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said) as caught:
        load_register(extra=[path])
    assert str(path) in str(caught.value.location)


def test_a_file_that_is_not_utf8_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "own.tsv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not UTF-8"):
        load_register(extra=[path])
    with pytest.raises(InputError, match="cannot be read"):
        load_register(extra=[tmp_path / "missing.tsv"])
