"""Incidents come out the same whatever the order of arrival; places and days that cannot be keep reports apart; tolls
never do; people's rulings stand over everything.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.incidents import Gathering, Knowledge, Merged, Ruling, load_knowledge, merge, prepare

from .conftest import Told, make_story

KNOWLEDGE = load_knowledge()
BLAST = "Blast at Port Elin fish market kills three"
BODY = (
    "PORT ELIN: A blast tore through the fish market of Port Elin on Thursday and killed three traders, the harbour "
    "police said. The Coast League, which fights for the independence of the coast, has bombed markets before. "
    "Governor Ada Lind called for calm and sent guards to the market."
)
LATER = (
    "The number of traders killed by a blast at the fish market in Port Elin rose to five, the harbour police said on "
    "Friday. Governor Ada Lind blamed the Coast League for the explosion at the market. Guards closed the harbour."
)


def merged(*told: Told, **more: Any) -> Merged:
    return merge([prepare(*each, knowledge=KNOWLEDGE) for each in told], knowledge=KNOWLEDGE, **more)


def shape(result: Merged) -> list[set[str]]:
    """The incidents as sets of stories that lead with them."""
    return sorted((set(each.leading) for each in result.dossiers if each.leading), key=min)


def blast(name: str, *, later: bool = False, **more: Any) -> Told:
    event = {"words": "blast", "type": "ASSAULT", "to": ("traders",), "place": "Port Elin", "by": ("Coast League",)}
    event |= {"killed": ((5 if later else 3, "harbour police"),), "days": ("2025-11-27", "2025-11-27")}
    event |= {key: more.pop(key) for key in tuple(more) if key in ("place", "days", "killed")}
    headline = "Port Elin market blast toll rises to five" if later else BLAST
    return make_story(name, headline, LATER if later else BODY, event, **more)


def test_two_reports_of_one_blast_are_one_incident() -> None:
    result = merged(blast("a"), blast("b", later=True, day="2025-11-29"))
    assert shape(result) == [{"story:a", "story:b"}]
    (dossier,) = result.dossiers
    assert dossier.accounts.counts.outlets == 2
    assert dossier.disagreements == ("killed",)
    assert [point.count.best for point in dossier.accounts.tolls] == [3, 5]
    (link,) = dossier.links
    assert {"type", "words", "place", "day"} <= set(link.because)


@pytest.mark.parametrize("other", [{"place": "Karst"}, {"days": ("2025-11-20", "2025-11-20")}])
def test_contradictory_place_or_day_keeps_reports_apart(other: dict[str, Any]) -> None:
    result = merged(blast("a"), blast("b", later=True, day="2025-11-29", **other))
    assert shape(result) == [{"story:a"}, {"story:b"}]


@pytest.mark.parametrize("other", [{"place": "Norrham"}, {"days": ("2025-11-28", "2025-11-28")}])
def test_a_near_place_and_the_next_day_are_no_contradiction(other: dict[str, Any]) -> None:
    assert len(shape(merged(blast("a"), blast("b", later=True, day="2025-11-29", **other)))) == 1


def test_differing_tolls_never_keep_reports_apart() -> None:
    result = merged(blast("a"), blast("b", later=True, killed=((190, "Coast League"),)))
    assert shape(result) == [{"story:a", "story:b"}]


def test_another_happening_is_another_incident() -> None:
    council = make_story(
        "c",
        "Norrham council raises water price",
        "NORRHAM: The council of Norrham voted on Friday to raise the price of water by a tenth, its speaker said.",
        {"words": "voted", "type": "CIVIC", "place": "Norrham"},
    )
    assert shape(merged(blast("a"), council)) == [{"story:a"}, {"story:c"}]


def test_a_story_in_which_no_event_was_found_leads_with_what_it_is_about() -> None:
    result = merged(blast("a"), make_story("b", BLAST, BODY))
    assert shape(result) == [{"story:a", "story:b"}]
    assert result.dossiers[0].accounts.counts.outlets == 1  # nothing can be said of what it tells


def test_stories_without_any_event_are_in_no_incident() -> None:
    assert merged(make_story("a", BLAST, BODY), make_story("b", BLAST, BODY)).dossiers == ()


def test_a_ruling_takes_reports_apart_and_another_joins_what_is_unlike() -> None:
    first, second = blast("a"), blast("b", later=True)
    events = {"one": "event:story:a:0", "other": "event:story:b:0"}
    apart = merged(first, second, rulings=[Ruling(**events, same=False, reason="two markets")])
    assert shape(apart) == [{"story:a"}, {"story:b"}]
    far = blast("b", later=True, place="Karst")
    joined = merged(first, far, rulings=[Ruling(**events, same=True, reason="Karst is a misprint")])
    assert shape(joined) == [{"story:a", "story:b"}]
    assert joined.dossiers[0].links[0].because[0] == "Karst is a misprint"


def test_taking_a_story_away_undoes_what_it_joined() -> None:
    first, second = blast("a"), blast("b", later=True)
    both, alone = merged(first, second), merged(first)
    assert merged(first, previous=both.dossiers).dossiers == alone.dossiers


def test_an_incident_keeps_its_id_when_later_reports_join_and_supersedes_when_an_earlier_one_comes() -> None:
    first = merged(blast("a", day="2025-11-28"))
    later = merged(blast("a", day="2025-11-28"), blast("b", later=True, day="2025-11-29"), previous=first.dossiers)
    assert later.dossiers[0].id == first.dossiers[0].id
    assert later.dossiers[0].supersedes == ()
    earlier = merged(blast("a", day="2025-11-28"), blast("c", day="2025-11-27"), previous=first.dossiers)
    assert earlier.dossiers[0].supersedes == (first.dossiers[0].id,)
    assert earlier.now == {first.dossiers[0].id: (earlier.dossiers[0].id,)}


def test_a_split_leads_the_old_id_to_both_halves_and_supersedes_nothing() -> None:
    first, second = blast("a", day="2025-11-27"), blast("b", later=True)
    before = merged(first, second)
    ruling = Ruling(one="event:story:a:0", other="event:story:b:0", same=False, reason="two markets")
    after = merged(first, second, previous=before.dossiers, rulings=[ruling])
    (old,) = (each.id for each in before.dossiers)
    assert set(after.now[old]) == {each.id for each in after.dossiers}
    assert after.now[old][0] == old
    assert all(each.supersedes == () for each in after.dossiers)


# ---------------------------------------------------------------- whatever the stories and their order


SENTENCES = (
    "A blast tore through the fish market and killed three traders on Thursday.",
    "Gunmen shot at guards near the harbour of Port Elin.",
    "Governor Ada Lind blamed the Coast League for the attack.",
    "The council of Norrham voted to raise the price of water.",
    "A flood swept a bridge away in Karst and nine people are missing.",
    "The Coast League denied that it had bombed the market.",
)
EVENTS = {
    "blast": ("ASSAULT", "Port Elin"),
    "shot": ("ASSAULT", "Port Elin"),
    "attack": ("ASSAULT", "Norrham"),
    "voted": ("CIVIC", "Norrham"),
    "flood": ("HAZARD", "Karst"),
    "bombed": ("ASSAULT", "Port Elin"),
}


@st.composite
def some_stories(draw: Callable[..., Any]) -> list[Told]:
    """Up to six stories of a few sentences each, most of them about the same few happenings."""
    stories = []
    for number in range(draw(st.integers(1, 6))):
        chosen = draw(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4, unique=True))
        body = " ".join(chosen)
        events = [
            {"words": words, "type": kind, "killed": ((draw(st.integers(1, 9)), ""),)}
            | ({"place": place} if draw(st.booleans()) else {})
            for words, (kind, place) in EVENTS.items()
            if words in body
        ]
        day = draw(st.sampled_from(["2025-11-27", "2025-11-28", "2025-12-02", ""]))
        stories.append(make_story(str(number), chosen[0].rstrip("."), body, *events, day=day))
    return stories


@given(told=some_stories(), seed=st.integers(0, 999))
def test_the_order_of_stories_does_not_matter(told: list[Told], seed: int) -> None:
    shuffled = list(told)
    random.Random(seed).shuffle(shuffled)
    assert merged(*shuffled) == merged(*told)


@given(told=some_stories(), seed=st.integers(0, 999))
def test_one_by_one_in_any_order_gives_what_all_at_once_gives(told: list[Told], seed: int) -> None:
    portraits = [prepare(*each, knowledge=KNOWLEDGE).portrait for each in told]
    at_once = Gathering(KNOWLEDGE.judges)
    for portrait in portraits:
        at_once.add(portrait)
    random.Random(seed).shuffle(portraits)
    step_by_step = Gathering(KNOWLEDGE.judges)
    for portrait in portraits:
        step_by_step.add(portrait)
        step_by_step.groups()  # worked out after each story, not only at the end
    assert step_by_step.groups() == at_once.groups()


@given(told=some_stories())
def test_stories_that_come_twice_change_nothing(told: list[Told]) -> None:
    once = merged(*told)
    again = merged(*told, *told, previous=once.dossiers)
    assert again.dossiers == once.dossiers


@given(told=some_stories())
def test_every_event_is_in_one_incident_and_none_of_it_is_lost(told: list[Told]) -> None:
    result = merged(*told)
    events = [event.id for records, _ in told for event in records.events]
    assert sorted(each for dossier in result.dossiers for each in dossier.event_ids) == sorted(events)
    leading = [each for dossier in result.dossiers for each in dossier.leading]
    assert len(leading) == len(set(leading))  # a story leads with one happening
    assert set(leading) >= {records.story.id for records, _ in told if records.events}
    for dossier in result.dossiers:
        assert len({each.rsplit(":", 1)[0] for each in dossier.event_ids}) == len(dossier.event_ids), "of one story"
        assert len(dossier.links) == len(dossier.event_ids) - 1


def test_a_judge_of_nothing_joins_nothing(knowledge: Knowledge) -> None:
    doubting = replace(
        knowledge.judges,
        stories=replace(knowledge.judges.stories, threshold=7.0),
        events=replace(knowledge.judges.events, threshold=7.0),
    )
    gathering = Gathering(doubting)
    for each in (blast("a"), blast("b", later=True)):
        gathering.add(prepare(*each, knowledge=knowledge).portrait)
    assert [len(group.events) for group in gathering.groups()] == [1, 1]
