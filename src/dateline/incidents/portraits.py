"""What is compared of a story and of each of its events: bags of words, names, places and numbers, and days.

A portrait is a function of one story alone. So the likeness of two stories never depends on which others are
there, or on which of them came first.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dateline.incidents.words import Bag, Frequencies, bag_of, unit, words_of
from dateline.records import Actor, Event, Id, Place, Span, StoryRecords

_LEAD_WORDS = 60  # of the body, after headline and summary: a news story's first paragraphs tell its main happening
_AROUND = 90  # characters to either side of a trigger: about a clause
_KNOWN = 6.0  # weight of an actor of the register: as a word in one of 400 stories
_RARE = 40  # stories of those counted (7,186) that hold a word: what is rarer names somebody, some place, some case
_TELLING = 5.0  # sum of the weights of two words in a row, from which on the pair tells something
_REGISTER = "register:"
_NAMING = 2.5  # weight of a word from which on it names somebody: "officer" does not, "Smith" does
_KEYS = 40  # words by which a story is found
_SURE_PLACE = 0.7  # confidence that the gazetteer's entry is meant
_SURE_PART = 0.6  # confidence that it is where the event was
_SURE_TIME = 0.6  # confidence that a time is the event's
_WIDE = 500  # kilometres, of a place whose extent the reference does not say
_BACKGROUND = 0.75  # an event first told after so much of a story is seldom what the story is about

Day = dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place on the globe: degrees of WGS 84, and within how many kilometres of that point."""

    latitude: float
    longitude: float
    radius: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPortrait:
    """What is compared of one event.

    trigger: its words. around: the words near them. parties: names of who takes part; actors, recipients: each
    role alone. places: gazetteer ids from the exact place up to the country, each with its weight. sites: where
    it surely was; empty where no place is sure. days: first and last day that it can be of; None where that is
    not sure. tolls: harm -> lowest and highest number. prominence: how likely it is the story's main happening,
    in [0, 1].
    """

    id: Id
    story_id: Id
    type: str
    status: str
    trigger: Bag
    around: Bag
    parties: Bag
    actors: Bag
    recipients: Bag
    places: Bag
    sites: tuple[Site, ...]
    days: tuple[Day, Day] | None
    tolls: Mapping[str, tuple[int, int]]
    means: Bag
    prominence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPortrait:
    """What is compared of one story. day: when it was published; None where nothing says so.

    words: of the whole story; lead: of headline, summary and first paragraphs; phrases: pairs of words in a row;
    rare: the words that few stories hold; names: of everybody named, by how often; people: of persons alone;
    chief: the surname of the person named most; surnames: words of all persons' names; places: where it plays;
    exact: the places smaller than a country, the first named most; happenings: words and types of its events;
    numbers: figures of the lead; weekday: the one named most, 1 to 7. keys: the words that tell it best, by which
    stories are found that may be about the same.
    """

    id: Id
    outlet_id: Id | None
    day: Day | None
    words: Bag
    headline: Bag
    lead: Bag
    phrases: Bag
    rare: frozenset[str]
    names: Bag
    people: Bag
    lead_people: Bag
    chief: str | None
    chief_weight: float
    surnames: frozenset[str]
    places: Bag
    exact: tuple[Id, ...]
    happenings: Bag
    numbers: Bag
    weekday: int | None
    keys: tuple[str, ...]
    events: tuple[EventPortrait, ...]

    @property
    def leading(self) -> EventPortrait | None:
        """The story's main happening; None where no event was found in it."""
        return max(self.events, key=lambda each: (each.prominence, each.id), default=None)


def portray(records: StoryRecords, text: str, *, frequencies: Frequencies) -> StoryPortrait:
    """Gather what is compared of one story. text: of its document; empty where it is not at hand (then records speak
    alone).
    """
    story = records.story
    headline = _words(text, (story.headline,) if story.headline else ())
    summary = _words(text, story.summary)
    body = _words(text, story.body)
    opening = [*headline, *summary, *body[:_LEAD_WORDS]]
    everything = [*headline, *summary, *body]
    words = bag_of(everything, frequencies)
    people = _people(records)
    names = _party_names(_named(records), frequencies)
    chief = _surname(people[0][0]) if people else None
    events = tuple(_portray_event(event, records, text, frequencies) for event in records.events)
    return StoryPortrait(
        id=story.id,
        outlet_id=story.outlet_id,
        day=_day(story.published_at or story.updated_at),
        words=words,
        headline=bag_of(headline or opening[:12], frequencies),
        lead=bag_of(opening, frequencies),
        phrases=_phrases(everything, frequencies),
        rare=frozenset(word for word in everything if frequencies.holding.get(word, 1) <= _RARE),
        names=names,
        people=_party_names(people, frequencies, register=False),
        lead_people=_lead_people(people, opening, frequencies),
        chief=chief,
        chief_weight=frequencies.weight(chief) / math.log(frequencies.stories) if chief else 0.0,
        surnames=frozenset(word for person, _ in people for word in words_of(person.name)),
        places=_places_of(records),
        exact=_exact(records),
        happenings=_happenings(records.events, text, frequencies),
        numbers=_numbers(opening, frequencies),
        weekday=_weekday(records),
        keys=_telling(words or names),
        events=events,
    )


def _words(text: str, spans: Iterable[Span]) -> list[str]:
    return [word for span in spans for word in words_of(text[span.start : span.end])]


def _telling(words: Bag) -> tuple[str, ...]:
    """The words that weigh most."""
    return tuple(sorted(words, key=lambda word: (-words[word], word))[:_KEYS])


def _day(moment: dt.date | dt.datetime | None) -> Day | None:
    return moment.date() if isinstance(moment, dt.datetime) else moment


def _named(records: StoryRecords) -> list[tuple[Actor, int]]:
    """Everybody named, with how often, most often first."""
    actors = {actor.id: actor for actor in records.actors}
    counts = Counter(ref.actor_id for ref in records.actor_refs if ref.actor_id in actors)
    return [(actors[each], counts[each]) for each in sorted(counts, key=lambda each: (-counts[each], each))]


def _people(records: StoryRecords) -> list[tuple[Actor, int]]:
    """Persons with a name of their own, most often named first."""
    return [(actor, count) for actor, count in _named(records) if actor.kind == "person" and actor.name[:1].isupper()]


def _lead_people(people: Iterable[tuple[Actor, int]], opening: Sequence[str], frequencies: Frequencies) -> Bag:
    """The words of persons' names that stand in headline, summary and first paragraphs: whom the story is about."""
    names = {word for person, _ in people for word in words_of(person.name)} & set(opening)
    weights = {word: frequencies.weight(word) for word in names if len(word) > 1}
    return unit({word: weight for word, weight in weights.items() if weight > _NAMING})


def _surname(person: Actor) -> str | None:
    words = words_of(person.name)
    return words[-1] if words else None


def _party_names(named: Iterable[tuple[Actor, int]], frequencies: Frequencies, *, register: bool = True) -> Bag:
    """The words of names by how often they are named; with `register` also the ids of those whom the register knows."""
    weights: dict[str, float] = {}
    for actor, count in named:
        for key, weight in _keys_of(actor, frequencies):
            if register or not key.startswith(_REGISTER):
                weights[key] = weights.get(key, 0.0) + weight * (1 + math.log(count))
    return unit(weights)


def _keys_of(actor: Actor, frequencies: Frequencies) -> Iterator[tuple[str, float]]:
    if actor.id.startswith(_REGISTER):
        yield actor.id, _KNOWN
    for word in set(words_of(actor.name)):
        yield word, frequencies.weight(word)


def _party(ids: Iterable[Id], actors: Mapping[Id, Actor], frequencies: Frequencies) -> Bag:
    weights: dict[str, float] = {}
    for actor_id in dict.fromkeys(ids):
        if actor_id in actors:
            weights.update(_keys_of(actors[actor_id], frequencies))
    return unit(weights)


def _places_of(records: StoryRecords) -> Bag:
    places = {place.id: place for place in records.places}
    weights: dict[str, float] = {}
    for ref in records.place_refs:
        if ref.place_id in places:
            for key, weight in _levels(places[ref.place_id]):
                weights[key] = weights.get(key, 0.0) + weight
    return unit({key: 1 + math.log1p(weight) for key, weight in weights.items()})


def _levels(place: Place) -> Iterator[tuple[str, float]]:
    """A place and what it lies in, the exact place weighing most."""
    is_country = (place.feature_code or "").startswith("PCL")
    if not is_country:
        yield place.id, 3.0
        if place.admin1:
            yield f"{place.country}.{place.admin1}", 1.5
    if place.country:
        yield place.country, 0.5


def _exact(records: StoryRecords) -> tuple[Id, ...]:
    """Places smaller than a country, the one named most first."""
    small = {place.id for place in records.places if not (place.feature_code or "").startswith("PCL")}
    counts = Counter(ref.place_id for ref in records.place_refs if ref.place_id in small)
    return tuple(sorted(counts, key=lambda each: (-counts[each], each)))


def _phrases(words: Sequence[str], frequencies: Frequencies) -> Bag:
    counts = Counter(itertools.pairwise(words))
    weights: dict[str, float] = {}
    for (first, second), count in counts.items():
        weight = frequencies.weight(first) + frequencies.weight(second)
        if weight > _TELLING:
            weights[f"{first} {second}"] = weight * (1 + math.log(count))
    return unit(weights)


def _weekday(records: StoryRecords) -> int | None:
    """The weekday that a story names most, of times on a day: an undated story still says "on Friday"."""
    days: Counter[int] = Counter()
    for time in records.times:
        if time.value.startswith("XXXX-WXX-") and time.value[9:10].isdigit():
            days[int(time.value[9])] += 1
        elif time.earliest is not None and time.earliest == time.latest:
            days[time.earliest.isoweekday()] += 1
    return min(days, key=lambda day: (-days[day], day)) if days else None


def _happenings(events: Sequence[Event], text: str, frequencies: Frequencies) -> Bag:
    weights: dict[str, float] = {}
    for event in events:
        spans = (event.trigger, *event.other_mentions)
        for word in _words(text, spans):
            weights[word] = weights.get(word, 0.0) + frequencies.weight(word)
        weights[event.type] = weights.get(event.type, 0.0) + len(spans)
    return unit({key: 1 + math.log1p(weight) for key, weight in weights.items()})


def _numbers(words: Sequence[str], frequencies: Frequencies) -> Bag:
    """Figures but years, which stories of one season share."""
    figures = {word for word in words if word[0].isdigit() and not (len(word) == 4 and word[:2] in ("19", "20"))}
    return unit({figure: frequencies.weight(figure) for figure in figures})


def _portray_event(event: Event, records: StoryRecords, text: str, frequencies: Frequencies) -> EventPortrait:
    actors = {actor.id: actor for actor in records.actors}
    places = {place.id: place for place in records.places}
    spans = (event.trigger, *event.other_mentions)
    named = [places[ref.place_id] for ref in event.places if ref.place_id in places]
    weights: dict[str, float] = {}
    for place in named:
        weights.update(_levels(place))
    who = [ref.actor_id for ref in event.actors]
    to_whom = [ref.actor_id for ref in event.recipients]
    return EventPortrait(
        id=event.id,
        story_id=event.story_id,
        type=event.type,
        status=event.status,
        trigger=bag_of(_words(text, spans), frequencies),
        around=bag_of(_near(spans, records, text), frequencies),
        parties=_party([*who, *to_whom], actors, frequencies),
        actors=_party(who, actors, frequencies),
        recipients=_party(to_whom, actors, frequencies),
        places=unit(weights),
        sites=_sites(event, places),
        days=days_of(event),
        tolls=_tolls_of(event),
        means=bag_of(_words(text, [mention.span for mention in event.instruments]), frequencies),
        prominence=prominence(event, records),
    )


def _sites(event: Event, places: Mapping[Id, Place]) -> tuple[Site, ...]:
    """The places of an event, where the gazetteer's entry and its part in the event are both sure; else none."""
    sure = [each.confidence or 0.0 for each in event.evidence if each.field == "places"]
    found: list[Site] = []
    for ref in event.places:
        place = places.get(ref.place_id)
        known = max((each.confidence or 0.0 for each in ref.evidence if each.field == "place_id"), default=0.0)
        if place is None or known < _SURE_PLACE:
            return ()
        found.append(Site(latitude=place.latitude, longitude=place.longitude, radius=float(ref.radius_km or _WIDE)))
    return tuple(found) if sure and min(sure) >= _SURE_PART else ()


def _near(spans: Sequence[Span], records: StoryRecords, text: str) -> list[str]:
    """The words around the first three mentions, none from another paragraph."""
    story = records.story
    paragraphs = [*([story.headline] if story.headline else []), *story.summary, *story.body]
    found: list[str] = []
    for span in spans[:3]:
        home = next((one for one in paragraphs if one.start <= span.start < one.end), span)
        start, end = max(home.start, span.start - _AROUND), min(home.end, span.end + _AROUND)
        found += words_of(text[start:end])
    return found


def days_of(event: Event) -> tuple[Day, Day] | None:
    """The first and last day that an event can be of; None where that is not known, or longer than a month."""
    time = event.time
    sure = max((each.confidence or 0.0 for each in event.evidence if each.field == "time"), default=0.0)
    if (
        time is None
        or sure < _SURE_TIME
        or time.earliest is None
        or time.latest is None
        or (time.latest - time.earliest).days > 31
    ):
        return None
    return time.earliest, time.latest


def _tolls_of(event: Event) -> Mapping[str, tuple[int, int]]:
    bounds: dict[str, tuple[int, int]] = {}
    for toll in event.tolls:
        numbers = [number for number in (toll.count.low, toll.count.best, toll.count.high) if number is not None]
        if numbers:
            low, high = bounds.get(toll.harm, (min(numbers), max(numbers)))
            bounds[toll.harm] = min(low, *numbers), max(high, *numbers)
    return bounds


def prominence(event: Event, records: StoryRecords) -> float:
    """How likely an event is what its story is about, in [0, 1]: told in the headline or first, often, as having
    happened.

    Weights by hand: in news the headline and the first paragraph tell the main happening (the "inverted pyramid").
    """
    story = records.story
    spans = (event.trigger, *event.other_mentions)
    start = story.body[0].start if story.body else 0
    length = max(1, (story.body[-1].end if story.body else 1) - start)
    body = [span for span in spans if not (story.headline and story.headline.start <= span.start < story.headline.end)]
    first = min(((span.start - start) / length for span in body), default=0.0)
    score = 0.4 * (len(body) < len(spans)) + 0.3 * max(0.0, 1 - first / 0.25) + 0.2 * min(1.0, len(spans) / 5)
    if event.status in ("happened", "ongoing"):
        score += 0.1
    if len(body) == len(spans) and first > _BACKGROUND:
        score *= 0.5
    return round(min(1.0, max(0.0, score)), 4)
