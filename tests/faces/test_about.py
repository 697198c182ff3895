"""The page about the installation shows what the model's card says, and bears a card with gaps."""

from __future__ import annotations

from dateline.faces.about import page
from dateline.pipeline.installation import Installation, describe_installation

VERSIONS = (("dateline", "0.1.0"), ("Python", "3.11.7"))


def test_a_full_card_is_shown() -> None:
    card = {
        "name": "core",
        "version": "1",
        "licence": "Apache-2.0",
        "trained_on": [{"name": "GUM", "licence": "CC BY 4.0", "what": "syntax"}],
        "measured": [{"what": "attribution F1", "value": 74.2, "on": "dev"}],
        "weak": ["verse"],
    }
    shown = page(Installation(versions=VERSIONS, card=card))
    for words in ("dateline 0.1.0", "Python 3.11.7", "GUM: syntax (CC BY 4.0)", "74.2  on dev", "- verse"):
        assert words in shown


def test_a_missing_card_is_said_to_be_missing() -> None:
    assert "No card" in page(Installation(versions=VERSIONS, card=None))


def test_an_empty_card_is_no_fault() -> None:
    assert page(Installation(versions=VERSIONS, card={}))


def test_this_installation_can_be_described() -> None:
    installation = describe_installation()
    assert installation.versions[0][0] == "dateline"
    assert page(installation)
