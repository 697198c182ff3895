"""What people ask by, worked out of the records when they are kept: days, searchable words, words of names.

None of it is a field of a record. `Store.check` works it out again and compares.

Texts and questions are made into words here, in the same way for every database: letters without case and accents,
digits, nothing else. So SQLite and PostgreSQL, which cut and fold texts differently, are given the same words.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping

from dateline.records import Actor, Claim, Event, Id, Span, Story, TimeRef
from dateline.store.backends import MOST_WORDS, Worded
from dateline.store.versions import Told, story_words

LONGEST_WORD = 200  # characters of a name that are compared: an index of PostgreSQL takes no more than 2,700 bytes
_WORD = re.compile(r"[^\W_]+")


def words_in(text: str) -> list[str]:
    """The words of a text as they are compared.

    >>> words_in("Al-Shabaab’s “Café” raid, 2025")
    ['al', 'shabaab', 's', 'cafe', 'raid', '2025']
    """
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(each for each in apart if not unicodedata.combining(each))
    return _WORD.findall(text.lower())


# ---------------------------------------------------------------- days


def story_day(story: Story) -> dt.date | None:
    """The day of publication, else of the last update."""
    moment = story.published_at or story.updated_at
    return moment.date() if isinstance(moment, dt.datetime) else moment


def event_day(event: Event, story: Story) -> dt.date | None:
    """The one day under which an event is found: see `day_of`."""
    return day_of(event.time, story)


def claim_day(claim: Claim, story: Story) -> dt.date | None:
    """The one day under which a claim is found: see `day_of`."""
    return day_of(claim.said_at, story)


def day_of(time: TimeRef | None, story: Story) -> dt.date | None:
    """The first day it can be; the last where the first is open; the story's where the story does not say."""
    told = (time.earliest or time.latest) if time else None
    return told or story_day(story)


def killed(event: Event) -> int | None:
    """The number of dead that is shown first, the least where there are only bounds."""
    count = event.casualties.killed if event.casualties else None
    if count is None:
        return None
    return count.best if count.best is not None else count.low


# ---------------------------------------------------------------- words


def worded_story(told: Told, numbers: Mapping[Id, int]) -> Worded:
    """The words by which a story is found: headline, summary and body. numbers: of rows, by id."""
    return Worded(numbers[told.records.story.id], _searchable(story_words(told)))


def worded_claims(told: Told, numbers: Mapping[Id, int]) -> list[Worded]:
    """The words by which each claim is found: its content."""
    return [Worded(numbers[claim.id], _searchable(told.words(claim.content))) for claim in told.records.claims]


def worded_events(told: Told, numbers: Mapping[Id, int]) -> list[Worded]:
    """The words by which each event is found: those of the paragraphs that name it, and who and what takes part.

    Not those of the whole story: whoever looks for a drone attack does not want everything else that happened in it.
    """
    return [Worded(numbers[event.id], _searchable(_event_words(told, event))) for event in told.records.events]


def _event_words(told: Told, event: Event) -> str:
    story = told.records.story
    named = (event.trigger, *event.other_mentions)
    parts = (story.headline, *story.summary, *story.body)
    around = [part for part in parts if part and any(_touch(part, words) for words in named)]
    actors = {ref.actor_id for ref in (*event.actors, *event.recipients)}
    places = {ref.place_id for ref in event.places}
    names = [actor.name for actor in told.records.actors if actor.id in actors]
    names += [place.name for place in told.records.places if place.id in places]
    return " ".join((told.words(around or named), *names))


def _touch(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _searchable(text: str) -> str:
    return " ".join(words_in(text[:MOST_WORDS]))


# ---------------------------------------------------------------- names


def actor_words(actors: Iterable[Actor]) -> set[tuple[str, Id]]:
    """By what each actor is found, as (word, actor): every word of its names, each whole name as "=the harbour post",
    and its country code in capitals, which no word of a name has."""
    found: set[tuple[str, Id]] = set()
    for actor in actors:
        for name in (actor.name, *actor.aliases):
            words = words_in(name)
            if words:
                found |= {(word[:LONGEST_WORD], actor.id) for word in words}
                found.add((whole_name(name), actor.id))
        if actor.country and is_code(actor.country):
            found.add((actor.country, actor.id))
    return found


def whole_name(name: str) -> str:
    return ("=" + " ".join(words_in(name)))[:LONGEST_WORD]


def is_code(name: str) -> bool:
    """Whether this is written as a code of a country is: three capitals."""
    return len(name) == 3 and name.isascii() and name.isalpha() and name.isupper()
