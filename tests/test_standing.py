"""How an event stands: every step of the scale, and that denial is never lost."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.records import ActorRef, Claim, Event, Span, Stance
from dateline.standing import asserted_by, denied_by, standing

OUTLET = ("outlet",)


def claim(name: str, act: Any) -> Claim:
    return Claim(id=name, story_id="s", source=(), cue=(), content=(Span(0, 1),), act=act, quotation="indirect")


CLAIMS = (claim("said", "say"), claim("blamed", "accuse"), claim("owned", "admit"), claim("denied", "deny"))


def stance(chain: tuple[str, ...], polarity: Any = "positive", **more: Any) -> Stance:
    return Stance(chain=chain, certainty="certain", polarity=polarity, **more)


def event(*stances: Stance, actors: tuple[str, ...] = ()) -> Event:
    refs = tuple(ActorRef(actor_id=one, mention_id=f"m:{one}") for one in actors)
    return Event(id="e", story_id="s", trigger=Span(0, 1), type="ASSAULT", stances=stances, actors=refs)


@pytest.mark.parametrize(
    ("stances", "actors", "expected"),
    [
        ((), (), "reported"),
        ((stance(OUTLET),), (), "reported"),
        ((stance((*OUTLET, "a"), claim_id="said"),), (), "claimed"),
        ((stance(OUTLET), stance((*OUTLET, "a"), claim_id="said")), (), "reported"),
        ((stance((*OUTLET, "a"), claim_id="blamed"),), (), "accused"),
        ((stance(OUTLET), stance((*OUTLET, "a"), field="actors", value="b", claim_id="said")), ("b",), "accused"),
        ((stance(OUTLET), stance((*OUTLET, "b"), claim_id="owned")), ("b",), "admitted"),
        ((stance(OUTLET), stance((*OUTLET, "a"), "negative", claim_id="denied")), (), "disputed"),
        (
            (
                stance(OUTLET),
                stance((*OUTLET, "a"), field="actors", value="b", claim_id="blamed"),
                stance((*OUTLET, "b"), "negative", field="actors", value="b", claim_id="denied"),
            ),
            ("b",),
            "disputed",
        ),
        ((stance((*OUTLET, "a"), "negative", claim_id="denied"),), (), "denied"),
        ((stance(OUTLET, "negative"),), (), "denied"),
        # Who did it is the outlet's word too, whoever else says so.
        (
            (
                stance(OUTLET),
                stance(OUTLET, field="actors", value="b"),
                stance((*OUTLET, "a"), field="actors", value="b", claim_id="blamed"),
            ),
            ("b",),
            "reported",
        ),
        # One blames b, another clears c: no two hold opposites.
        (
            (
                stance(OUTLET),
                stance((*OUTLET, "a"), field="actors", value="b", claim_id="blamed"),
                stance((*OUTLET, "d"), "negative", field="actors", value="c", claim_id="denied"),
            ),
            (),
            "accused",
        ),
        # An admission counts from one who did it or is blamed for it, not from anybody.
        ((stance((*OUTLET, "z"), claim_id="owned"),), ("b",), "claimed"),
        (
            (stance(OUTLET), stance((*OUTLET, "b"), field="actors", value="b", claim_id="owned")),
            (),
            "admitted",
        ),
        # Admitting something else while denying one's part in it is no admission.
        (
            (stance(OUTLET), stance((*OUTLET, "b"), "negative", field="actors", value="b", claim_id="owned")),
            ("b",),
            "reported",
        ),
        # An admission that another denies is in dispute.
        (
            (
                stance((*OUTLET, "b"), field="actors", value="b", claim_id="owned"),
                stance((*OUTLET, "d"), "negative", field="actors", value="b", claim_id="denied"),
            ),
            ("b",),
            "disputed",
        ),
        # An accusation beside a plain statement is no mere accusation.
        ((stance((*OUTLET, "a"), claim_id="blamed"), stance((*OUTLET, "c"), claim_id="said")), (), "claimed"),
        # A denial between sources alone is a dispute as well.
        ((stance((*OUTLET, "a"), claim_id="said"), stance((*OUTLET, "d"), "negative")), (), "disputed"),
        # Nobody who knows: told by the story, held by no one.
        ((stance((*OUTLET, "a"), "unknown", claim_id="said"),), (), "reported"),
    ],
)
def test_the_scale(stances: tuple[Stance, ...], actors: tuple[str, ...], expected: str) -> None:
    assert standing(event(*stances, actors=actors), CLAIMS) == expected


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(("positive", "negative"))), min_size=1, max_size=6))
def test_a_denial_always_shows(voices: list[tuple[str, str]]) -> None:
    one = event(*(stance((*OUTLET, who), polarity) for who, polarity in voices))
    denied = any(polarity == "negative" for _, polarity in voices)
    assert (standing(one, CLAIMS) in ("denied", "disputed")) == denied
    assert set(denied_by(one)) == {who for who, polarity in voices if polarity == "negative"}
    assert set(asserted_by(one)) == {who for who, polarity in voices if polarity == "positive"}


def test_the_order_of_stances_does_not_matter() -> None:
    stances = (stance(OUTLET), stance((*OUTLET, "a"), "negative"), stance((*OUTLET, "b"), claim_id="said"))
    assert {standing(event(*order), CLAIMS) for order in itertools.permutations(stances)} == {"disputed"}


def test_the_outlet_stands_first_and_once() -> None:
    one = event(stance((*OUTLET, "a")), stance(OUTLET), stance((*OUTLET, "a", "b")), stance((*OUTLET, "a")))
    assert asserted_by(one) == ("outlet", "a", "b")
    assert denied_by(one) == ()


def test_who_denies_a_part_in_it_is_among_those_who_deny() -> None:
    one = event(stance(OUTLET), stance((*OUTLET, "b"), "negative", field="actors", value="b"))
    assert (asserted_by(one), denied_by(one)) == (("outlet",), ("b",))
