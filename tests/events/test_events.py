"""Events of the example stories, and what must be true of the events of any story."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.events.contexts import load_context_words
from dateline.events.model import load_event_model, load_part_words
from dateline.language.tags import EVENT_MODES, EVENT_TYPES
from dateline.records import Event, Span

if TYPE_CHECKING:
    from dateline.pipeline import Resources, StoryReading

STORY = """Gunmen kill three guards in Kandahar

KABUL: Gunmen killed at least three guards in Kandahar on Monday, the governor said.

“They came on motorcycles and opened fire,” Governor Ahmad Karimi told reporters. Twelve people were wounded.

The Taliban denied involvement in the attack.

Police arrested two suspects on Tuesday. President Karim Saidi will visit the city on Friday.
"""
WORDS = (
    "gunmen killed three wounded police arrested the suspects said denied attack on Monday . , “ ” in Kabul not".split()
)


@pytest.fixture(scope="module")
def events(resources: Resources) -> StoryReading:
    from dateline.pipeline import StoryReading, read_text

    (story,) = read_text(STORY, resources)
    assert isinstance(story, StoryReading)
    return story


def of_type(story: StoryReading, kind: str, words: str) -> Event:
    """The event of a type that some words name."""
    return next(
        event
        for event in story.events
        if event.type == kind and words in [story.words(span) for span in (event.trigger, *event.other_mentions)]
    )


def names(story: StoryReading, event: Event, role: str) -> list[str]:
    actors = {actor.id: actor.name for actor in story.actors}
    return [actors[ref.actor_id] for ref in getattr(event, role)]


def test_an_attack_has_its_dead_and_its_place(events: StoryReading) -> None:
    attack = of_type(events, "ASSAULT", "killed")
    places = {place.id: place.name for place in events.places}
    assert "Kandahār" in [places[ref.place_id] for ref in attack.places]
    assert attack.casualties is not None
    assert attack.casualties.killed is not None
    assert attack.casualties.killed.best == 3
    assert attack.status == "happened"


def test_an_arrest_is_coercion_by_police(events: StoryReading) -> None:
    arrest = of_type(events, "COERCE", "arrested")
    assert arrest.modes == ("arrest",)
    assert any("olice" in name for name in names(events, arrest, "actors"))


def test_a_visit_to_come_is_planned(events: StoryReading) -> None:
    assert of_type(events, "CONSULT", "visit").status == "planned"


def check(story: StoryReading) -> None:
    """What holds for every event: known labels, whole evidence, spans in the text, records that are there."""
    text = story.document.text
    ids = [event.id for event in story.events]
    assert len(ids) == len(set(ids))
    for event in story.events:
        assert event.type in EVENT_TYPES[1:]
        assert all(f"{event.type}/{mode}" in EVENT_MODES for mode in event.modes)
        for span in (event.trigger, *event.other_mentions, *(toll.span for toll in event.tolls if toll.span)):
            assert 0 <= span.start < span.end <= len(text)
        fields = {each.field for each in event.evidence}
        for field in ("actors", "recipients", "places", "instruments", "contexts", "modes"):
            assert bool(getattr(event, field)) == (field in fields), field
        assert "event" in fields
        refs = {(ref.actor_id, ref.mention_id) for ref in story.actor_refs}
        assert {(ref.actor_id, ref.mention_id) for ref in (*event.actors, *event.recipients)} <= refs
        assert not {ref.actor_id for ref in event.actors} & {ref.actor_id for ref in event.recipients}
        for toll in event.tolls:
            number = toll.count.best
            assert toll.span is not None or number == 1
            if number is not None and number > 20 and toll.span is not None:
                digits = "".join(
                    character for character in text[toll.span.start : toll.span.end] if character.isdigit()
                )
                assert not digits or digits.endswith(str(number)) or str(number).startswith(digits)


def test_who_condemns_a_killing_takes_it_for_granted(resources: Resources) -> None:
    from dateline.pipeline import StoryReading, read_text

    text = """Iran condemns killing of aid workers

TEHRAN: Iran on Monday condemned the killing of three aid workers in an attack in Kandahar.

The governor of Kandahar said that nine policemen were killed in a clash on Tuesday.
"""
    (story,) = read_text(text, resources)
    assert isinstance(story, StoryReading)
    voices = {toll.count.best: toll.claim_id for event in story.events for toll in event.tolls if toll.harm == "killed"}
    assert voices[3] is None
    assert voices[9] is not None


def test_a_country_takes_part_as_its_government(resources: Resources) -> None:
    from dateline.pipeline import StoryReading, read_text

    text = "WASHINGTON: The United States went on sending arms to Pakistan last year, a spokesman said on Wednesday.\n"
    (story,) = read_text(text, resources)
    assert isinstance(story, StoryReading)
    (sending,) = (event for event in story.events if event.type == "AID")
    (recipient,) = sending.recipients
    assert recipient.metonymic
    (mention,) = (one for one in story.mentions if one.id == recipient.mention_id)
    assert (mention.kind, story.words(mention.span)) == ("actor", "Pakistan")
    (government,) = (one for one in story.actors if one.id == recipient.actor_id)
    assert (government.country, government.sector) == ("PAK", "GOV")
    assert {one.field for one in government.evidence} >= {"name", "country", "sector"}
    assert recipient in story.actor_refs


def test_the_examples_hold_what_events_promise(resources: Resources, examples: Path) -> None:
    from dateline.pipeline import StoryReading, read_inputs

    stories = [one for one in read_inputs([str(examples)], resources) if isinstance(one, StoryReading)]
    assert sum(len(story.events) for story in stories) > 10
    for story in stories:
        check(story)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(WORDS), min_size=4, max_size=60))
def test_any_words_give_sound_events(resources: Resources, words: list[str]) -> None:
    from dateline.pipeline import StoryReading, read_text

    text = "Raid in the hills\n\nKABUL: " + " ".join(words).capitalize() + ".\n"
    for story in read_text(text, resources):
        if isinstance(story, StoryReading):
            check(story)


def test_reading_twice_gives_the_same(resources: Resources) -> None:
    from dateline.pipeline import read_text

    first, second = (list(read_text(STORY, resources)) for _ in range(2))
    assert first == second


def test_tables_name_what_plover_has() -> None:
    words = load_context_words()
    assert {mode for _, mode in words.modes.values()} <= {name.partition("/")[2] for name in EVENT_MODES}
    assert "involvement" in load_part_words()
    assert set(load_event_model().judges) >= {"same", "noted", "actor", "toll"}


def test_a_story_without_words_has_no_events(resources: Resources) -> None:
    from dateline.events import Reading, find_events
    from dateline.language.analysis import Analysis
    from dateline.records import Story

    story = Story(id="s", document_id="d", outlet_id=None, headline=None, dateline=None, body=(Span(0, 1),))
    found = find_events(story, Analysis("s", "", (), (), (), (), ()), Reading(), model=resources.events)
    assert found.events == ()
