"""Finds who did what to whom, where, when, with what loss (PLOVER), and whose word each part of it is.

    model = load_event_model()
    found = find_events(story, analysis, Reading(mentions=..., actors=..., claims=...), model=model)

See README.md in this folder for the sources followed and the scores.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dateline.events.casualties import Number, casualties_of, find_numbers, single_victim, tolls_of
from dateline.events.contexts import contexts_of, mode_of_means
from dateline.events.dating import can_date, date_of
from dateline.events.model import EventModel, load_event_model
from dateline.events.naming import Happening, group_facts, happening, join, naming_words, views_of
from dateline.events.participation import ROLES_OF, Cast, Part, casts, part_facts
from dateline.events.scene import Floats, Kind, Mark, Participant, Reading, Scene, set_scene
from dateline.events.stances import take_stances
from dateline.language.analysis import Analysis, Stretch, Token
from dateline.language.tags import EVENT_MODES, EVENT_STATUSES, EVENT_TYPES
from dateline.records import Actor, ActorRef, Event, Evidence, Id, Mention, PlaceRef, Span, Story, TimeRef, make_id

__all__ = ["EventModel", "FoundEvents", "Reading", "find_events", "load_event_model"]

_METHOD = "model:events"
_OTHERS = frozenset(("condemn", "accuse", "urge"))  # acts about what somebody else did or should do
_WITHIN = 0.35
_PERSON = 0.5  # least chance that a named person did violence: an innocent must not stand there on a guess
_CLEAR = 0.5  # least chance of a mode
_EXACT = {name: rank for rank, name in enumerate(("point", "locality", "near", "adm2", "adm1", "region", "country"))}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEvents:
    """The events of one story in the order of their first words, and what only they need.

    mentions: of means, and of countries that take part as their governments; actors, actor_refs: those governments.
    """

    events: tuple[Event, ...]
    mentions: tuple[Mention, ...] = ()
    actors: tuple[Actor, ...] = ()
    actor_refs: tuple[ActorRef, ...] = ()


def find_events(story: Story, analysis: Analysis, reading: Reading, *, model: EventModel) -> FoundEvents:
    """Read the core's view of each word as events.

    1. Words that name a happening. 2. Which name the same one. 3. Who and what takes part, with what loss.
    4. Whose word it is.
    """
    if analysis.happenings is None or not analysis.tokens:
        return FoundEvents(events=())
    scene = set_scene(analysis, analysis.happenings, reading, model.numbers)
    happenings = find_happenings(scene, model)
    present = casts(scene)
    numbers = find_numbers(
        scene, happenings, model.judges["toll"], model.harms, model.paths, model.thresholds.toll
    )  # fmt: skip
    events: list[Event] = []
    means: dict[Id, Mention] = {}
    for one, given in zip(happenings, numbers, strict=True):
        event, instruments = _event(story, scene, one, given, present, model)
        events.append(event)
        means |= {mention.id: mention for mention in instruments}
    known = {mention.id for mention in reading.mentions}
    lent = {ref.mention_id: ref for event in events for ref in (*event.actors, *event.recipients)}
    refs = tuple(ref for id_, ref in lent.items() if id_ in scene.lent)
    mentions = {**means, **{ref.mention_id: _lent(scene, ref) for ref in refs}}
    return FoundEvents(
        events=tuple(events),
        mentions=tuple(mention for id_, mention in mentions.items() if id_ not in known),
        actors=tuple(_governments(scene, refs)),
        actor_refs=refs,
    )


def find_happenings(scene: Scene, model: EventModel) -> list[Happening]:
    """The happenings of a story, in the order of their first words."""
    words, chances = naming_words(scene, model.thresholds.word)
    if not len(words):
        return []
    groups = join(views_of(scene, words), model.judges["same"], model.thresholds.same)
    found = [happening(scene, words, chances, group) for group in groups]
    noted = model.judges["noted"].chances(np.stack([group_facts(scene, one) for one in found]))[:, 0]
    return [
        replace(one, sure=told_chance(float(chance), model.thresholds.surer))
        for one, chance in zip(found, noted, strict=True)
        if chance >= model.thresholds.noted
    ]


def told_chance(chance: float, surer: float) -> float:
    """A chance with its log odds moved by `surer`."""
    odds = chance / max(1e-9, 1 - chance) * math.exp(surer)
    return odds / (1 + odds)


def _event(
    story: Story,
    scene: Scene,
    one: Happening,
    numbers: Sequence[Number],
    present: dict[Kind, Cast],
    model: EventModel,
) -> tuple[Event, tuple[Mention, ...]]:
    kind = EVENT_TYPES[1 + int(one.types[1:].argmax())]
    status = status_of(scene, one)
    said = "hypothetical" if EVENT_STATUSES[status] == "denied_only" else EVENT_STATUSES[status]
    parts = take_parts(story, scene, one, said, present, model)
    actors, recipients = parts["actor"], parts["recipient"]
    tolls = tolls_of(scene, numbers)
    if said in ("happened", "ongoing"):
        tolls += single_victim(scene, one, model.harms, numbers, [part.participant for part in recipients])
    instruments = tuple(_means(story, scene, part.participant) for part in parts["instrument"])
    mode = _mode(scene, one, kind, parts["instrument"], model)
    contexts = contexts_of(scene, one.words, model.contexts)
    time = next((_time(scene, part.participant) for part in parts["time"]), None)
    places = tuple(_place(scene, one, part.participant) for part in parts["place"])
    trigger = _trigger(scene.analysis, one.plainest)
    others = tuple(sorted({_trigger(scene.analysis, word) for word in one.words if word != one.plainest} - {trigger}))
    stances, voiced = take_stances(story, scene, one, status, actors, model)
    evidence = [_evidence(scene, "event", [trigger, *others], one.sure)]
    for role, chosen in (
        ("actors", actors),
        ("recipients", recipients),
        ("places", parts["place"]),
        ("time", parts["time"]),
        ("instruments", parts["instrument"]),
    ):
        evidence += [_of_part(scene, role, one, part) for part in chosen]
    evidence += [
        Evidence(field=f"casualties.{toll.harm}", spans=(toll.span or trigger,), method=_METHOD, claim_id=toll.claim_id)
        for toll in tolls
    ]
    evidence += [Evidence(field="contexts", spans=(context.span,), method="lexicon:contexts") for context in contexts]
    if mode:
        evidence.append(mode[1])
    return (
        Event(
            id=make_id("event", story.id, kind, trigger.start, trigger.end),
            story_id=story.id,
            trigger=trigger,
            type=kind,
            status=said,  # type: ignore[arg-type]  # EVENT_STATUSES holds the record's own words
            other_mentions=others,
            modes=(mode[0],) if mode else (),
            contexts=tuple(context.name for context in contexts),
            actors=tuple(_actor(scene, one, part.participant) for part in actors),
            recipients=tuple(_actor(scene, one, part.participant) for part in recipients),
            places=places,
            time=date_of(story, said, time),
            instruments=instruments,
            casualties=casualties_of(tolls),
            tolls=tolls,
            stances=stances,
            evidence=tuple(evidence + voiced),
        ),
        instruments,
    )


def status_of(scene: Scene, one: Happening) -> int:
    """Index of the status that the words of a happening speak for, each as loud as it is sure."""
    return int((scene.happenings.statuses[list(one.words)] * np.array(one.chances)[:, None]).sum(0).argmax())


def take_parts(
    story: Story, scene: Scene, one: Happening, status: str, present: dict[Kind, Cast], model: EventModel
) -> dict[str, list[Part]]:
    """Who and what has each role: everybody likely enough; of times the likeliest alone."""
    parts: dict[str, list[Part]] = {role: [] for roles in ROLES_OF.values() for role in roles}
    for kind, cast in present.items():
        chances = model.judges[kind].chances(part_facts(scene, one, cast, model.paths))
        for column, role in enumerate(ROLES_OF[kind]):
            least = getattr(model.thresholds, role)
            order = np.argsort(-chances[:, column], kind="stable")
            chosen = [
                Part(cast.participants[n], float(chances[n, column])) for n in order if chances[n, column] >= least
            ]
            if role == "actor":
                chosen = [part for part in chosen if _may_act(scene, one, part)]
            if role == "place":
                chosen += within(scene, one, cast, chances[:, column], chosen, least)
                chosen.sort(key=lambda part: _EXACT.get(part.participant.label, len(_EXACT)))
            if role == "time":
                fitting = (p for p in chosen if p.participant.time and can_date(story, status, p.participant.time))
                chosen = list(itertools.islice(fitting, 1))
            parts[role] = chosen
    # nobody does a thing to himself: the likelier role stands
    for part in list(parts["actor"]):
        twin = next((other for other in parts["recipient"] if other.participant.key == part.participant.key), None)
        if twin is not None:
            weaker = "recipient" if part.chance >= twin.chance else "actor"
            parts[weaker] = [other for other in parts[weaker] if other.participant.key != part.participant.key]
    for role in ("actor", "recipient"):
        parts[role].sort(key=lambda part: part.participant.marks[0].head)
    return parts


def _may_act(scene: Scene, one: Happening, part: Part) -> bool:
    """Whether somebody can be named as who did it: nobody who condemns it; a person, of violence, on surer signs."""
    violent = EVENT_TYPES[1 + int(one.types[1:].argmax())] == "ASSAULT"
    if violent and part.participant.label == "person" and part.chance < _PERSON:
        return False
    return not holds_against(scene, one, part.participant)


def within(
    scene: Scene, one: Happening, cast: Cast, chances: Floats, chosen: Sequence[Part], least: float
) -> list[Part]:
    """Districts and towns of a chosen country, in a sentence that names the happening, on a third of the chance."""
    countries = {part.participant.country for part in chosen if part.participant.label == "country"}
    sentences = {scene.sentence(word) for word in one.words}
    taken = {part.participant.key for part in chosen}
    return [
        Part(place, float(chance))
        for place, chance in zip(cast.participants, chances, strict=True)
        if place.key not in taken
        and chance >= _WITHIN * least
        and place.label != "country"
        and place.country in countries
        and any(scene.sentence(mark.head) in sentences for mark in place.marks)
    ]


def holds_against(scene: Scene, one: Happening, participant: Participant) -> bool:
    """Whether somebody condemns a happening, accuses others of it or asks others for it: it is not their deed."""
    claims = scene.reading.claims
    return any(
        claims[number].act in _OTHERS and any(ref.actor_id == participant.key for ref in claims[number].source_actors)
        for word in one.words
        for number in scene.telling[word]
    )


def _mode(
    scene: Scene, one: Happening, kind: str, instruments: Sequence[Part], model: EventModel
) -> tuple[str, Evidence] | None:
    """The mode: what the means give away, else the core's view if it has one of this type."""
    stretches = [mark.words for part in instruments for mark in part.participant.marks]
    given = mode_of_means(scene, [*stretches, *(Stretch(word, word + 1) for word in one.words)], kind, model.contexts)
    if given is not None:
        return given[0], Evidence(field="modes", spans=(given[1],), method="lexicon:means")
    shares = (scene.happenings.modes[list(one.words)] * np.array(one.chances)[:, None]).sum(0) / sum(one.chances)
    allowed = [n for n, name in enumerate(EVENT_MODES) if not name or name.startswith(f"{kind}/")]
    best = max(allowed, key=lambda n: float(shares[n]))
    chance = float(shares[best] / shares[allowed].sum())
    if not EVENT_MODES[best] or chance < _CLEAR:
        return None
    span = _trigger(scene.analysis, one.plainest)
    return EVENT_MODES[best].partition("/")[2], Evidence(
        field="modes", spans=(span,), method=_METHOD, confidence=round(chance, 4)
    )


def _trigger(analysis: Analysis, word: int) -> Span:
    """The words that name a happening as a reader would mark them: a verb with its particle, a noun with its
    compounds."""
    tokens = analysis.tokens
    first = last = word
    while (
        first > 0
        and tokens[first - 1].head == word
        and tokens[first - 1].deprel == "compound"
        and not _name(tokens[first - 1])
    ):
        first -= 1
    if word + 1 < len(tokens) and tokens[word + 1].head == word and tokens[word + 1].deprel == "compound:prt":
        last += 1
    return analysis.span(Stretch(first, last + 1))


def _name(token: Token) -> bool:
    return token.upos == "PROPN"


def nearest(scene: Scene, one: Happening, participant: Participant) -> Mark:
    """The mention of a participant to point at: in the nearest sentence the likeliest is the one nearest in words."""
    return min(
        participant.marks,
        key=lambda mark: min(
            (abs(scene.sentence(word) - scene.sentence(mark.head)), abs(word - mark.head)) for word in one.words
        ),
    )


def _lent(scene: Scene, ref: ActorRef) -> Mention:
    """The mention of a country that takes part as its government, in the chain of that government."""
    chains = {mention.id: mention.chain for mention in scene.reading.mentions}
    own = (chains.get(other.mention_id) for other in scene.reading.actor_refs if other.actor_id == ref.actor_id)
    return replace(scene.lent[ref.mention_id], chain=next((chain for chain in own if chain is not None), None))


def _governments(scene: Scene, refs: Sequence[ActorRef]) -> Iterator[Actor]:
    """The governments that only these references name."""
    known = {actor.id for actor in scene.reading.actors}
    governments = {actor.id: actor for actor in scene.reading.governments.values()}
    for actor_id in dict.fromkeys(ref.actor_id for ref in refs):
        if actor_id not in known:
            spans = tuple(scene.lent[ref.mention_id].span for ref in refs if ref.actor_id == actor_id)
            told = [
                Evidence(field=name, spans=spans, method="register:place")
                for name in ("name", "kind", "country", "sector")
                if getattr(governments[actor_id], name)
            ]
            yield replace(governments[actor_id], evidence=tuple(told))


def _actor(scene: Scene, one: Happening, participant: Participant) -> ActorRef:
    mark = nearest(scene, one, participant)
    if mark.mention is not None and mark.mention in scene.lent:
        return ActorRef(actor_id=participant.key, mention_id=mark.mention, metonymic=True)
    return next(
        ref for ref in scene.reading.actor_refs if ref.mention_id == mark.mention and ref.actor_id == participant.key
    )


def _place(scene: Scene, one: Happening, participant: Participant) -> PlaceRef:
    mark = nearest(scene, one, participant)
    return next(
        ref for ref in scene.reading.place_refs if ref.mention_id == mark.mention and ref.place_id == participant.key
    )


def _time(scene: Scene, participant: Participant) -> TimeRef:
    return next(time for time in scene.reading.times if time.mention_id == participant.key)


def _means(story: Story, scene: Scene, participant: Participant) -> Mention:
    mark = participant.marks[0]
    span = scene.analysis.span(mark.words)
    return Mention(
        id=make_id("mention", story.id, "instrument", span.start, span.end),
        story_id=story.id,
        span=span,
        head=scene.analysis.tokens[mark.head].span,
        kind="instrument",
        form="nominal",
    )


def _evidence(scene: Scene, field: str, spans: Sequence[Span], chance: float) -> Evidence:
    return Evidence(field=field, spans=tuple(spans), method=_METHOD, confidence=round(chance, 4))


def _of_part(scene: Scene, role: str, one: Happening, part: Part) -> Evidence:
    """The words that a role rests on, and whose claim they stand in with the happening's own."""
    mark = nearest(scene, one, part.participant)
    near = min(one.words, key=lambda word: abs(word - mark.head))
    shared = [number for number in scene.asserting[mark.head] if number in scene.asserting[near]]
    return Evidence(
        field=role,
        spans=(scene.analysis.span(mark.words),),
        method=_METHOD,
        claim_id=scene.reading.claims[shared[-1]].id if shared else None,
        confidence=round(part.chance, 4),
    )
