"""Every word that the records use is explained."""

from __future__ import annotations

from typing import get_args, get_type_hints

import pytest

import dateline
from dateline.errors import UsageError
from dateline.faces import terms
from dateline.records import Claim


@pytest.mark.parametrize(("field", "kind"), [("act", "act"), ("quotation", "quotation"), ("polarity", "polarity")])
def test_every_value_of_a_claim_is_explained_and_nothing_else(field: str, kind: str) -> None:
    values = get_args(get_type_hints(Claim)[field])
    assert [each.term for each in terms.load_terms() if each.kind == kind] == list(values)


def test_no_term_stands_twice() -> None:
    keys = [(each.kind, each.of, each.term) for each in terms.load_terms()]
    assert len(keys) == len(set(keys))


def test_every_mode_belongs_to_a_type() -> None:
    types = {each.term for each in terms.load_terms() if each.kind == "event type"}
    assert len(types) == 16 + 2  # PLOVER's, HAZARD and CIVIC
    assert {each.of for each in terms.load_terms() if each.kind == "mode"} <= types


def test_every_term_has_a_meaning_that_is_a_sentence() -> None:
    for each in terms.load_terms():
        assert each.meaning.endswith("."), each.term
        assert each.meaning[0].isupper(), each.term


@pytest.mark.parametrize("term", ["deny", "DENY", " deny ", "ASSAULT", "assault drone", "ASSAULT/drone", "mixed"])
def test_a_term_is_found_however_it_is_written(term: str) -> None:
    assert dateline.explain(term)


def test_a_mode_of_several_types_is_explained_for_each() -> None:
    explanation = dateline.explain("withdraw")
    assert "RETREAT withdraw" in explanation
    assert "SANCTION withdraw" in explanation


def test_an_unknown_term_names_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        dateline.explain("denny")
    assert caught.value.remedy == "Did you mean deny?"


def test_the_overview_names_every_term() -> None:
    overview = terms.overview()
    for each in terms.load_terms():
        assert each.term in overview
