"""Attributions from made-up scores: which source and content goes to which cue."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import numpy.typing as npt
import pytest

from dateline.language.analysis import ACTS, Attribution
from dateline.language.attributions import Decoding, LinkScorer, act_chances, find_attributions, reply_scorer
from dateline.language.tags import LINKS, ROLE_TAGS

Floats = npt.NDArray[np.float32]

SIZE = 8  # width of a link vector: cues carry one-hot vectors, so up to eight cues can be told apart
PLAIN = Decoding(share=0.2, adopt=0.05, keep=(0.0, 0.0), free=0.6, reach=10)


def attributions(
    tags: str, links: dict[int, dict[int | None, float]], decoding: Decoding = PLAIN, layer: int = 0
) -> list[tuple[str, str, str]]:
    """Read `tags`, one letter a word (S source, Q cue, C content, lower case goes on, - none), as one paragraph.

    links: for the first word of a span, the score of each cue's first word; None for no cue. Others score -5.
    """
    count = len(tags)
    heads = empty_heads(count)
    cues = [at for at, letter in enumerate(tags) if letter == "Q"]
    for at, letter in enumerate(tags):
        name = {"S": "B-source", "s": "I-source", "Q": "B-cue", "q": "I-cue", "C": "B-content", "c": "I-content"}.get(
            letter, "O"
        )
        heads[f"roles-{layer}"][at, ROLE_TAGS.index(name)] = 9
        heads[f"roles-{1 - layer}"][at, 0] = 9
    for number, cue in enumerate(cues):
        heads["link_to"][cue, layer * SIZE + number] = np.sqrt(SIZE)
    for first, targets in links.items():
        kind = 2 * layer + (0 if tags[first] == "S" else 1)
        last = first + 1
        while last < count and tags[last] == tags[first].lower():
            last += 1
        for number, cue in enumerate(cues):
            heads["link_from"][first:last, kind * SIZE + number] = targets.get(cue, -5)
        heads["link_null"][first:last, kind] = targets.get(None, -5)
    found = find_attributions(
        heads, [(0, count)], transitions=np.zeros((2, 7, 7), np.float32), starts=np.zeros((2, 7), np.float32),
        links=LinkScorer(np.zeros((len(LINKS), 26), np.float32), SIZE), decoding=decoding,
    )  # fmt: skip
    return [words(a) for a in found]


def empty_heads(count: int) -> dict[str, Floats]:
    """Heads that say nothing about `count` words."""
    widths = {
        "roles-0": 7, "roles-1": 7, "link_from": SIZE * len(LINKS), "link_to": SIZE * 2, "link_null": len(LINKS),
        "act_cue": len(ACTS), "act_content": len(ACTS), "act_weight": 2,
        "answer_from": SIZE, "answer_to": SIZE, "answer_null": 1,
    }  # fmt: skip
    return {name: np.zeros((count, width), np.float32) for name, width in widths.items()}


def words(found: Attribution) -> tuple[str, str, str]:
    """Source, cue, content as "first-last" word numbers."""
    return tuple(  # type: ignore[return-value]
        " ".join(f"{s.first}-{s.last}" for s in part) for part in (found.source, found.cue, found.content)
    )


def test_source_and_content_go_to_the_cue_they_link_to() -> None:
    assert attributions("SsQCcc", {0: {2: 5}, 3: {2: 5}}) == [("0-2", "2-3", "3-6")]


def test_one_subject_of_two_verbs_serves_both() -> None:
    found = attributions("SQC-QC", {0: {1: 1.0, 4: 0.5}, 2: {1: 5}, 5: {4: 5}})
    assert found == [("0-1", "1-2", "2-3"), ("0-1", "4-5", "5-6")]


def test_a_cue_that_no_source_chose_takes_the_likeliest_one() -> None:
    found = attributions("SQC-QC", {0: {1: 3.0, 4: 0.5}, 2: {1: 5}, 5: {4: 5}})
    assert found[1] == ("0-1", "4-5", "5-6")


def test_a_cue_takes_no_source_that_clearly_belongs_elsewhere() -> None:
    found = attributions("SQC-QC", {0: {1: 9.0, 4: 0.0}, 2: {1: 5}, 5: {4: 5}})
    assert found[1] == ("", "4-5", "5-6")


def test_a_content_in_pieces_stays_one_claim() -> None:
    assert attributions("CcQSCc", {0: {2: 5}, 3: {2: 5}, 4: {2: 5}}) == [("3-4", "2-3", "0-2 4-6")]


def test_a_cue_out_of_reach_is_no_rival() -> None:
    tags = "SQC" + "-" * 12 + "SQC"
    links: dict[int, dict[int | None, float]] = {0: {1: 1, 16: 9}, 2: {1: 1, 16: 9}, 15: {16: 5}, 17: {16: 5}}
    assert attributions(tags, links) == [("0-1", "1-2", "2-3"), ("15-16", "16-17", "17-18")]


def test_a_content_without_a_cue_stands_alone_with_the_source_beside_it() -> None:
    assert attributions("S-Ccc", {0: {None: 5}, 2: {None: 5}}) == [("0-1", "", "2-5")]


def test_a_cue_without_content_is_no_attribution() -> None:
    assert attributions("SQ---", {0: {1: 5}}) == []


def test_a_nested_attribution_says_its_layer() -> None:
    assert attributions("SQCcc", {0: {1: 5}, 2: {1: 5}}, layer=1) == [("0-1", "1-2", "2-5")]


def test_what_is_less_probable_than_keep_is_dropped() -> None:
    strict = dataclasses.replace(PLAIN, keep=(1.1, 1.1))
    assert attributions("SQC", {0: {1: 5}, 2: {1: 5}}, strict) == []


def test_the_words_of_an_empty_story_give_nothing() -> None:
    assert attributions("---", {}) == []


def test_the_telling_word_of_a_content_decides_its_act() -> None:
    heads = empty_heads(4)
    heads["act_content"][:, ACTS.index("say")] = 1
    heads["act_content"][3, ACTS.index("accuse")] = 4
    even = act_chances(heads, np.array([0]), np.array([1, 2, 3]))
    heads["act_weight"][3, 1] = 6
    weighed = act_chances(heads, np.array([0]), np.array([1, 2, 3]))
    accuse = ACTS.index("accuse")
    assert weighed.argmax() == accuse
    assert weighed[accuse] > even[accuse]
    assert weighed.sum() == pytest.approx(1)


def test_a_content_without_a_cue_is_judged_by_its_own_words() -> None:
    heads = empty_heads(3)
    heads["act_content"][:, ACTS.index("urge")] = 3
    assert act_chances(heads, np.arange(0), np.array([1, 2])).argmax() == ACTS.index("urge")


def test_a_reply_is_scored_against_answering_nothing() -> None:
    heads = empty_heads(4)
    heads["answer_from"][0], heads["answer_to"][2], heads["answer_null"][0] = 2, 3, 1
    reply, answered = (reply_scorer(heads, np.array([at]), np.array([at + 1])) for at in (0, 2))
    assert reply.odds(answered) == pytest.approx(SIZE * 6 / math.sqrt(SIZE) - 1)
    assert answered.odds(reply) == 0
