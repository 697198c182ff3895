"""Who may be answering whom: which pairs are looked at, and that the fast sums are the plain ones."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from dateline.claims.answers import Party, candidates, reply_odds
from dateline.language.analysis import ACTS, ReplyScorer

SAYING = Party(
    act="say", scores={act: float(act == "say") for act in ACTS}, rejects=False, headline=False, body=True, paragraph=0,
    start=0, cue=frozenset({"say"}), readings=(), source=frozenset(), content=frozenset(), content_length=0,
    before=frozenset(), explicit=False, negated=False, pairs=frozenset(), stems=(), quoted=(), inside=None,
    anaphoric=False, replies=None,
)  # fmt: skip
DENYING = dataclasses.replace(
    SAYING, act="deny", scores={act: float(act == "deny") for act in ACTS}, cue=frozenset({"deny"})
)


def scorer(seed: int) -> ReplyScorer:
    numbers = np.random.default_rng(seed).normal(size=9)
    return ReplyScorer(tuple(numbers[:4]), tuple(numbers[4:8]), float(numbers[8]))


def test_odds_of_many_pairs_are_the_odds_of_each_pair() -> None:
    parties = [dataclasses.replace(SAYING, replies=scorer(seed)) for seed in range(5)]
    for one, party in enumerate(parties):
        for other, found in zip(range(1, 5), reply_odds(parties).of(one, range(1, 5)), strict=True):
            replies, answered = party.replies, parties[other].replies
            assert replies is not None
            assert answered is not None
            assert found == pytest.approx(replies.odds(answered), abs=1e-5)


def test_a_claim_the_core_did_not_see_has_low_odds_both_ways() -> None:
    odds = reply_odds([dataclasses.replace(SAYING, replies=scorer(1)), SAYING])
    assert odds.of(0, range(1, 2))[0] == odds.of(1, range(1))[0] < -3


def test_plain_information_answers_nobody() -> None:
    parties = [SAYING] * 3
    assert candidates(parties, 1, reply_odds(parties)) == {}


def test_a_denial_looks_at_what_stands_near_it() -> None:
    parties = [SAYING] * 10 + [DENYING] + [SAYING] * 10
    found = candidates(parties, 10, reply_odds(parties))
    assert {6, 7, 8, 9, 11, 12} <= set(found)
    assert 10 not in found


def test_a_likely_answer_is_looked_at_however_far_it_stands() -> None:
    likely = ReplyScorer((0.0,), (3.0,), 0.0)
    parties = [SAYING] * 20 + [dataclasses.replace(DENYING, replies=ReplyScorer((1.0,), (0.0,), 0.0))]
    parties[2] = dataclasses.replace(SAYING, replies=likely)
    assert candidates(parties, 20, reply_odds(parties))[2] == pytest.approx(3)


def test_claims_very_far_apart_are_no_pair() -> None:
    parties = [SAYING] * 300 + [DENYING]
    assert min(candidates(parties, 300, reply_odds(parties))) > 100


def test_nobody_answers_himself() -> None:
    parties = [
        dataclasses.replace(SAYING, source=frozenset({"mayor", "orel"})),
        dataclasses.replace(SAYING, source=frozenset({"kell"})),
        dataclasses.replace(DENYING, source=frozenset({"orel"})),
    ]
    assert set(candidates(parties, 2, reply_odds(parties))) == {1}


def test_a_story_without_claims_has_no_odds() -> None:
    assert len(reply_odds([]).none) == 0
