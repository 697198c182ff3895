"""Coding: which claims are verbal events, who takes part in them, and in which order a story's events stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dateline.exports.coding import Coded, code
from dateline.exports.ontology import Ontology
from dateline.records import Actor, ActorRef, Claim, Event, Mention, Span

if TYPE_CHECKING:
    from dateline.pipeline import StoryReading

TEXT = "Marovia condemned the raid on the League. Then Brevna urged the League to leave before Karst banned the party."
NAMES = ("Marovia", "League", "Brevna", "Karst", "party")


@pytest.fixture
def tell(make_reading: Callable[..., StoryReading]) -> Callable[..., StoryReading]:
    """A story of some claims and events over TEXT, in which every name of NAMES is an actor."""

    def _tell(claims: tuple[Claim, ...] = (), events: tuple[Event, ...] = ()) -> StoryReading:
        bare = make_reading(TEXT)
        mentions = tuple(
            Mention(id=f"m:{name}", story_id=bare.story.id, span=span(name), head=span(name), kind="actor")
            for name in NAMES
        )
        actors = tuple(Actor(id=name, name=name, kind="government") for name in NAMES)
        return replace(bare, mentions=mentions, actors=actors, claims=claims, events=events)

    return _tell


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def refs(*names: str) -> tuple[ActorRef, ...]:
    return tuple(ActorRef(actor_id=name, mention_id=f"m:{name}") for name in names)


def claim(act: Any, cue: str = "condemned", **more: Any) -> Claim:
    fields = {"source_actors": refs("Marovia"), "source": (span("Marovia"),), "content": (span("the League"),)} | more
    return Claim(id=f"c:{act}:{cue}", story_id="s", cue=(span(cue),), act=act, quotation="indirect", **fields)


def event(kind: str, trigger: str, **more: Any) -> Event:
    return Event(id=f"e:{kind}:{trigger}", story_id="s", trigger=span(trigger), type=kind, **more)


def coded(story: StoryReading, ontology: Ontology) -> list[tuple[str, str | None, str, str]]:
    return [(one.type, one.mode, names(one, "actors"), names(one, "recipients")) for one in code(story, ontology)]


def names(one: Coded, role: str) -> str:
    return " ".join(party.name for party in getattr(one, role))


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ("accuse", ("ACCUSE", "allege")),
        ("condemn", ("ACCUSE", "disapprove")),
        ("urge", ("REQUEST", None)),
        ("deny", ("REJECT", None)),
        ("reject", ("REJECT", None)),
        ("threaten", ("THREATEN", None)),
        ("warn", ("THREATEN", None)),
        ("support", ("SUPPORT", None)),
        ("promise", ("AGREE", None)),
        ("admit", ("CONCEDE", None)),
    ],
)
def test_an_act_of_speech_is_a_verbal_event(
    act: str, expected: tuple[str, str | None], tell: Callable[..., StoryReading], ontology: Ontology
) -> None:
    story = tell((claim(act, addressees=refs("League")),))
    assert coded(story, ontology) == [(*expected, "Marovia", "League")]


@pytest.mark.parametrize(
    ("act", "about", "mode"),
    [
        ("urge", event("RETREAT", "leave"), "yield"),
        ("reject", event("CONSULT", "leave"), "meet"),
        ("threaten", event("COERCE", "leave", modes=("arrest",)), "arrest"),
        ("threaten", event("COERCE", "leave"), None),
        ("urge", event("ASSAULT", "leave"), None),
        ("threaten", event("RETREAT", "banned"), None),
        ("promise", event("AID", "leave"), None),
    ],
)
def test_the_mode_of_a_demand_is_what_it_is_about(
    act: str, about: Event, mode: str | None, tell: Callable[..., StoryReading], ontology: Ontology
) -> None:
    story = tell((claim(act, "urged", source_actors=refs("Brevna"), addressees=refs("League")),), (about,))
    (verbal,) = (one for one in code(story, ontology) if one.verbal)
    assert verbal.mode == mode


@pytest.mark.parametrize("act", ["say", "express"])
def test_statements_and_opinions_are_not_coded(act: str, tell: Callable[..., StoryReading], ontology: Ontology) -> None:
    assert coded(tell((claim(act, addressees=refs("League"), about=refs("Karst")),)), ontology) == []


def test_a_warning_to_nobody_is_no_threat(tell: Callable[..., StoryReading], ontology: Ontology) -> None:
    assert coded(tell((claim("warn", about=refs("League")),)), ontology) == []


def test_a_claim_of_nobody_is_not_coded(tell: Callable[..., StoryReading], ontology: Ontology) -> None:
    assert coded(tell((claim("condemn", source_actors=()),)), ontology) == []


def test_whom_a_claim_addresses_goes_before_whom_it_is_about(
    tell: Callable[..., StoryReading], ontology: Ontology
) -> None:
    both = claim("urge", addressees=refs("Brevna"), about=refs("League"))
    assert coded(tell((both,)), ontology) == [("REQUEST", None, "Marovia", "Brevna")]


def test_a_victim_is_never_the_recipient_of_a_condemnation(
    tell: Callable[..., StoryReading], ontology: Ontology
) -> None:
    raid = event("ASSAULT", "raid", actors=refs("Karst"), recipients=refs("League"))
    assert coded(tell((claim("condemn"),), (raid,)), ontology) == [
        ("ACCUSE", "disapprove", "Marovia", ""),
        ("ASSAULT", None, "Karst", "League"),
    ]


def test_a_demand_to_nobody_named_is_towards_who_takes_part_in_what_is_demanded(
    tell: Callable[..., StoryReading], ontology: Ontology
) -> None:
    ban = event("COERCE", "banned", actors=refs("Karst"), recipients=refs("party"))
    demand = claim("urge", "urged", source_actors=refs("Brevna"))
    assert coded(tell((demand,), (ban,)), ontology)[0] == ("REQUEST", None, "Brevna", "party")


def test_no_double_coding_of_one_word(tell: Callable[..., StoryReading], ontology: Ontology) -> None:
    same = event("ACCUSE", "condemned", actors=refs("Marovia"), recipients=refs("League"))
    assert [one.id for one in code(tell((claim("condemn"),), (same,)), ontology)] == [same.id]


def test_another_mention_of_the_event_counts_for_that_too(
    tell: Callable[..., StoryReading], ontology: Ontology
) -> None:
    same = event("ACCUSE", "banned", other_mentions=(span("condemned"),))
    assert [one.id for one in code(tell((claim("condemn"),), (same,)), ontology)] == [same.id]


def test_a_word_may_name_acts_of_two_types(tell: Callable[..., StoryReading], ontology: Ontology) -> None:
    other = event("SANCTION", "condemned", actors=refs("Marovia"))
    kinds = [one.type for one in code(tell((claim("condemn"),), (other,)), ontology)]
    assert kinds == ["ACCUSE", "SANCTION"]  # of one word the claim first


def test_events_stand_in_text_order(tell: Callable[..., StoryReading], ontology: Ontology) -> None:
    events = (event("COERCE", "banned"), event("RETREAT", "leave"))
    claims = (claim("urge", "urged"), claim("condemn"))
    kinds = [one.type for one in code(tell(claims, events), ontology)]
    assert kinds == ["ACCUSE", "REQUEST", "RETREAT", "COERCE"]


def test_the_words_of_one_actor_are_gathered(tell: Callable[..., StoryReading], ontology: Ontology) -> None:
    twice = (*refs("League"), ActorRef(actor_id="League", mention_id="m:party"))
    (one,) = code(tell(events=(event("COERCE", "banned", actors=twice),)), ontology)
    (party,) = one.actors
    assert (party.text, party.spans) == ("League", (span("League"), span("party")))
