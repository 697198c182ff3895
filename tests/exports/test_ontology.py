"""The tables: whole, consistent with each other, and looked up from the particular to the general."""

from __future__ import annotations

import typing

import pytest

from dateline.exports.ontology import Ontology
from dateline.records import Claim
from dateline.tables import read_rows

QUADS = {"verbal cooperation": 1, "material cooperation": 2, "verbal conflict": 3, "material conflict": 4}


@pytest.mark.parametrize(
    ("kind", "mode", "contexts", "code"),
    [
        ("PROTEST", "demo", ("rights_freedoms",), "1413"),  # mode and context
        ("PROTEST", "demo", ("gender", "rights_freedoms"), "1413"),  # whichever context is known
        ("PROTEST", "demo", ("gender",), "141"),  # the mode
        ("AID", None, ("economic",), "071"),  # the context
        ("AID", "unheard-of", ("economic",), "071"),
        ("AID", None, (), "070"),  # the type
        ("RETREAT", "withdraw", (), "0874"),
        ("RETREAT", "disarm", (), "0873"),
        ("SUPPORT", None, ("diplomatic",), "050"),  # not recognition, though that is diplomatic as well
        ("SANCTION", "convict", (), "116"),
        ("HAZARD", None, (), None),
        ("CIVIC", "election", (), None),
    ],
)
def test_a_cameo_code_is_of_the_row_with_most_in_common(
    kind: str, mode: str | None, contexts: tuple[str, ...], code: str | None, ontology: Ontology
) -> None:
    assert ontology.cameo_code(kind, mode, contexts) == code


def test_every_mode_has_a_cameo_code_of_its_own_row(ontology: Ontology) -> None:
    modes = [(kind, mode) for kind, mode, _ in read_rows("dateline.exports", "modes.tsv", columns=3)]
    assert len(modes) == len(set(modes)) == 67
    assert {(kind, mode, "") for kind, mode in modes} <= set(ontology.cameo)


def test_the_table_of_cameo_has_no_row_twice() -> None:
    rows = [row[:3] for row in read_rows("dateline.exports", "cameo.tsv", columns=5)]
    assert len(rows) == len(set(rows))


def test_types_have_scores_and_quad_classes_of_the_manual(ontology: Ontology) -> None:
    assert len(ontology.types) == 16
    assert all(QUADS[row.quad_name] == row.quad and -10 <= row.score <= 10 for row in ontology.types.values())
    assert ontology.types["ACCUSE"].score == -3  # printed without its minus
    assert ontology.score("ASSAULT", "drone") == -9.5
    assert ontology.score("PROTEST", "vandalize") == ontology.types["PROTEST"].score  # not published
    assert ontology.score("HAZARD", None) is None


def test_quad_classes_of_cameo_follow_the_roots(ontology: Ontology) -> None:
    for code, row in ontology.codes.items():
        root = int(code[:2])
        assert row.quad == (1 if root <= 5 else 2 if root <= 8 else 3 if root <= 13 else 4), code
        assert -10 <= row.goldstein <= 10


def test_verbal_types_are_read_off_acts_that_exist(ontology: Ontology) -> None:
    acts = typing.get_args(typing.get_type_hints(Claim)["act"])
    assert set(ontology.verbal) == set(acts) - {"say", "express"}


def test_modes_of_verbal_types_are_plovers(ontology: Ontology) -> None:
    modes = {(kind, mode) for kind, mode, _ in read_rows("dateline.exports", "modes.tsv", columns=3)}
    for (kind, about, about_mode), mode in ontology.verbal_modes.items():
        assert (kind, mode) in modes
        assert about in {*ontology.types, "CIVIC"}
        assert not about_mode or (about, about_mode) in modes


def test_classes_of_actors_are_acleds(ontology: Ontology) -> None:
    assert [row.number for row in ontology.classes.values()] == list(range(1, 9))
    assert set(ontology.inter.values()) <= set(ontology.classes)
    sides = {side for row in ontology.acled.values() for side in (row.actor, row.recipient)} - {None}
    assert sides == {"Protesters", "Rioters"}


def test_acleds_sub_types_belong_to_one_type(ontology: Ontology) -> None:
    by_sub = {row.sub_event: row.event for row in ontology.acled.values()}
    assert all(by_sub[row.sub_event] == row.event for row in ontology.acled.values())
    assert set(by_sub.values()) == {
        "Battles", "Explosions/Remote violence", "Protests", "Riots", "Strategic developments",
        "Violence against civilians",
    }  # fmt: skip


def test_column_lists_are_whole(ontology: Ontology) -> None:
    assert {name: len(columns) for name, columns in ontology.columns.items()} == {
        "polecat": 40,
        "gdelt": 61,
        "acled": 31,
    }
    assert all(len(set(columns)) == len(columns) for columns in ontology.columns.values())
