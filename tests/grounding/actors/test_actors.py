"""Stories of a line or two, with the shipped model: who stands for whom, with which codes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

import dateline
from dateline import pipeline
from dateline.records import Actor

CASES = Path(__file__).parents[2] / "cases" / "grounding" / "actors.txt"


@dataclass(frozen=True, slots=True)
class Case:
    """One story and the lines that must hold of it."""

    name: str
    day: str
    text: str
    facts: tuple[str, ...]


def read_cases() -> list[Case]:
    text = "\n".join(line for line in CASES.read_text("utf-8").splitlines() if not line.startswith("#"))
    cases = []
    for block in text.split("== ")[1:]:
        story, _, facts = block.partition("\n--\n")
        name, day, *lines = story.splitlines()
        cases.append(Case(name, day, "\n".join(lines), tuple(filter(None, facts.splitlines()))))
    return cases


@pytest.fixture(scope="module")
def resources() -> dateline.Resources:
    return dateline.load()


@pytest.mark.parametrize("case", read_cases(), ids=lambda case: case.name)
def test_actors_are_who_they_are(case: Case, resources: dateline.Resources, tmp_path: Path) -> None:
    path = tmp_path / "story.jsonl"
    path.write_text(json.dumps({"id": "case", "text": case.text, "published_at": case.day}) + "\n", encoding="utf-8")
    config = pipeline.Config(split="never")
    (reading,) = pipeline.read_inputs([str(path)], resources, config=config)
    assert isinstance(reading, pipeline.StoryReading)
    for fact in case.facts:
        _check(fact, reading)


def _check(fact: str, reading: pipeline.StoryReading) -> None:
    for sign in (" != ", " = ", " : ", " > "):
        if sign in fact:
            left, right = fact.split(sign)
            break
    actor = _actor(left, reading)
    if sign == " = ":
        assert actor.id == _actor(right, reading).id, fact
    elif sign == " != ":
        assert actor.id != _actor(right, reading).id, fact
    elif sign == " > ":
        assert next(each.name for each in reading.actors if each.id == actor.speaks_for) == right, fact
    elif right.startswith("register:"):
        assert actor.id == right, fact
    else:
        assert f"{actor.country or '-'} {actor.sector or '-'}" == right, fact


def _actor(words: str, reading: pipeline.StoryReading) -> Actor:
    words, _, place = words.partition("#")
    mentions = {mention.id: mention for mention in reading.mentions}
    found = [ref for ref in reading.actor_refs if reading.words(mentions[ref.mention_id].span) == words]
    assert found, f"no actor behind {words!r}"
    ref = found[int(place or 1) - 1]
    return next(actor for actor in reading.actors if actor.id == ref.actor_id)


def test_a_capital_that_acts_is_metonymic(resources: dateline.Resources) -> None:
    (reading,) = dateline.read(
        "Border closed\n\nIslamabad said on Friday that it would stay closed.\n", resources=resources
    )
    mentions = {mention.id: reading.words(mention.span) for mention in reading.mentions}
    metonymic = {mentions[ref.mention_id]: ref.metonymic for ref in reading.actor_refs}
    assert metonymic["Islamabad"]


FARMERS = "The president of Kenya, Uhuru Kenyatta, met farmers in Nakuru."


def test_a_claim_names_who_made_it(resources: dateline.Resources) -> None:
    text = f"Tax on maize\n\n{FARMERS} He said he would lower the tax on maize.\n"
    (reading,) = dateline.read(text, resources=resources)
    names = {actor.id: actor.name for actor in reading.actors}
    assert ["Uhuru Kenyatta"] in [[names[ref.actor_id] for ref in claim.source_actors] for claim in reading.claims]


def test_every_tie_says_what_it_rests_on(resources: dateline.Resources) -> None:
    text = f"Tax on maize\n\n{FARMERS} Kenyatta said he would lower the tax on maize.\n"
    (reading,) = dateline.read(text, resources=resources)
    actor = next(actor for actor in reading.actors if actor.name == "Uhuru Kenyatta")
    fields = {evidence.field for evidence in actor.evidence}
    assert {"name", "kind", "country", "sector", "mentions"} <= fields
    ties = [evidence for evidence in actor.evidence if evidence.field == "mentions"]
    assert all(evidence.confidence is not None and len(evidence.spans) == 2 for evidence in ties)


def test_a_pronoun_that_nothing_fits_is_left_alone(resources: dateline.Resources) -> None:
    (reading,) = dateline.read("Rain\n\nIt rained all night, they said.\n", resources=resources)
    assert reading.actor_refs == ()


def test_own_actors_are_known_by_name(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text(
        "id\tname\tkind\tcountry\tsector\taliases\tpart_of\tsince\tuntil\trole\n"
        "zzz-harbour-guild\tHarbour Guild of Elin\torganization\tNZL\tLAB\tHarbour Guild\t\t\t\tunion\n",
        encoding="utf-8",
    )
    text = "Cranes stand still\n\nThe Harbour Guild said on Monday that its members would not work.\n"
    (reading,) = dateline.read(text, resources=dateline.load(actors=[own]))
    actor = next(actor for actor in reading.actors if actor.id == "register:zzz-harbour-guild")
    assert (actor.country, actor.sector) == ("NZL", "LAB")
