"""The resolution of actors, top-down: gather mentions, link names, cluster, code, write records."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from dateline.grounding.actors.antecedents import (
    Cluster,
    Known,
    Ranker,
    Scene,
    contradicts,
    descriptions_before_names,
    rank,
)
from dateline.grounding.actors.codes import Coding, Profile, Setting, code, see, set_scene
from dateline.grounding.actors.describing import Description
from dateline.grounding.actors.gathering import Cast, gather
from dateline.grounding.actors.knowledge import ActorKnowledge
from dateline.grounding.actors.lexicons import ActorKind, ActorLexicons
from dateline.grounding.actors.linking import Link, embedded, link
from dateline.grounding.actors.register import Entry, Period
from dateline.language.analysis import ACTOR_KINDS, SECTORS, Analysis
from dateline.records import Actor, ActorRef, Evidence, Id, Mention, Span, Story, make_id

_REACH = 60  # actors that a mention is compared with: those met last, and as many of its name


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundActors:
    """mentions: all of the story's, with the number of their chain where they were tied. actors: in the order of their
    first mention. refs: by mention, for every mention that was resolved."""

    mentions: tuple[Mention, ...]
    actors: tuple[Actor, ...]
    refs: tuple[ActorRef, ...]


@dataclass(frozen=True, slots=True)
class Resolved:
    """The mentions of one story, tied: what records are written from and what fitting looks at.

    inner: of each mention the register's actors named inside it. clusters: one per actor. of: for each mention its
    cluster
    and how sure that is.
    """

    cast: Cast
    links: tuple[Link | None, ...]
    inner: tuple[tuple[Entry, ...], ...]
    clusters: tuple[Cluster, ...]
    of: tuple[tuple[int, float], ...]
    setting: Setting


def resolve_actors(
    story: Story,
    analysis: Analysis,
    mentions: Sequence[Mention],
    *,
    knowledge: ActorKnowledge,
    home: str | None = None,
    places: Mapping[Span, str] | None = None,
) -> FoundActors:
    """Tie every mention that can act to an actor, and say what the actor is.

    home: country of the outlet. places: country of the place that some words of the story were resolved to.
    Pronouns that nothing before them fits are left without an actor.
    """
    resolved = tie(story, analysis, mentions, knowledge=knowledge, home=home, places=places)
    profiles = profile_all(analysis, resolved, knowledge)
    codings = [code(profile, resolved.setting, knowledge.coder) for profile in profiles]
    return _write(story, analysis, mentions, resolved, profiles, codings)


# ---------------------------------------------------------------- from mentions to clusters


def tie(
    story: Story,
    analysis: Analysis,
    mentions: Sequence[Mention],
    *,
    knowledge: ActorKnowledge,
    home: str | None,
    places: Mapping[Span, str] | None,
) -> Resolved:
    """Gather, link and cluster the mentions of a story."""
    lexicons = knowledge.lexicons
    cast = gather(analysis, mentions, lexicons)
    setting = setting_of(story, analysis, lexicons, home, places or {})
    links = link(analysis, cast.mentions, knowledge.register, lexicons, shares=setting.shares, day=setting.day)
    scene = scene_of(analysis, cast, links, setting.day)
    clusters, of = cluster(scene, knowledge.ranker)
    inner = tuple(
        embedded(analysis, one, knowledge.register, lexicons, found.entry.id if found else None)
        for one, found in zip(cast.mentions, links, strict=True)
    )
    return Resolved(cast, tuple(links), inner, tuple(clusters), tuple(of), setting)


def scene_of(analysis: Analysis, cast: Cast, links: Sequence[Link | None], day: dt.date | None) -> Scene:
    """What the clustering reads."""
    count = len(cast.mentions)
    pair = np.zeros((count, count), np.float32)
    if analysis.identities is not None and count:
        pair = analysis.identities.odds(cast.phrases)
    entries = [_known(each, day) if each is not None else None for each in links]
    return Scene(analysis, cast.mentions, pair, entries, cast.sources, cast.quoted)


def _known(found: Link, day: dt.date | None) -> Known:
    period = found.entry.at(day)
    return Known(found.entry.id, found.entry.kind, period.country, period.sector)


def cluster(scene: Scene, ranker: Ranker) -> tuple[list[Cluster], list[tuple[int, float]]]:
    """Take the mentions in text order; give each to the likeliest actor so far, or to a new one.

    Looked at are the actors met most lately and those of the same name, so that a very long text takes time in
    proportion to its length. A description before the name that it belongs to follows the name.
    """
    clusters: list[Cluster] = []
    of: list[tuple[int, float]] = [(0, 0.0)] * len(scene.mentions)
    recent: dict[int, None] = {}  # clusters, the one met last at the end
    namesakes: dict[str, set[int]] = {}
    described = descriptions_before_names(scene)
    later = set(described.values())
    for index, one in enumerate(scene.mentions):
        if index in later:
            continue  # taken together with the name behind it
        near = list(itertools.islice(reversed(recent), _REACH))
        names = [*one.name[-1:], one.key] if one.form != "pronoun" else []
        far = {number for name in names for number in namesakes.get(name, ())} - set(near)
        entry = scene.entries[index]
        candidates = [
            number
            for number in (*near, *sorted(far, reverse=True)[:_REACH])
            if not contradicts(one, entry, clusters[number])
        ]
        scores = rank(scene, index, [clusters[number] for number in candidates], range(len(candidates)), ranker)
        best = int(scores.argmax())
        belief = float(1 / np.exp(scores - scores[best]).sum())
        if best == len(candidates):
            number = len(clusters)
            clusters.append(Cluster([]))
        else:
            number = candidates[best]
            recent.pop(number)
        recent[number] = None
        for name in names:
            namesakes.setdefault(name, set()).add(number)
        for member in (described[index], index) if index in described else (index,):
            clusters[number].add(member, scene.mentions[member], scene.entries[member])
            of[member] = (number, belief)
    return clusters, of


def setting_of(
    story: Story, analysis: Analysis, lexicons: ActorLexicons, home: str | None, places: Mapping[Span, str]
) -> Setting:
    """What the story as a whole says of countries."""
    starts = {span.start: country for span, country in places.items() if country}
    by_token = {
        number: starts[token.span.start] for number, token in enumerate(analysis.tokens) if token.span.start in starts
    }
    moment = story.published_at or story.updated_at
    day = moment.date() if isinstance(moment, dt.datetime) else moment
    dateline = next(
        (country for span, country in places.items() if story.dateline is not None and _meets(span, story.dateline)), ""
    )
    sightings = see(analysis, lexicons, by_token)
    return set_scene(analysis, sightings, dateline=dateline, home=home or "", day=day)


def _meets(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


# ---------------------------------------------------------------- from clusters to codes


def profile_all(analysis: Analysis, resolved: Resolved, knowledge: ActorKnowledge) -> list[Profile]:
    """What is known of each cluster; those named inside others' mentions or possessing them are looked at first."""
    plain = [_profile(analysis, resolved, number, (), ()) for number in range(len(resolved.clusters))]
    inner = _inner(resolved)
    owners = _owners(analysis, resolved)
    coder = knowledge.coder
    needed = {each for found in (*inner.values(), *owners.values()) for each in found}
    first = {number: code(plain[number], resolved.setting, coder) for number in needed}
    return [
        _profile(
            analysis,
            resolved,
            number,
            tuple((first[each].country, first[each].sector) for each in inner.get(number, ())),
            tuple(first[each].country for each in owners.get(number, ()) if first[each].country),
        )
        if number in inner or number in owners
        else plain[number]
        for number in range(len(resolved.clusters))
    ]


def _profile(
    analysis: Analysis,
    resolved: Resolved,
    number: int,
    inside: tuple[tuple[str, str], ...],
    owners: tuple[str, ...],
) -> Profile:
    members = resolved.clusters[number].members
    mentions = tuple(resolved.cast.mentions[each] for each in members)
    entry = entry_of(resolved, number)
    sectors, kinds = np.zeros(len(SECTORS), np.float32), np.zeros(len(ACTOR_KINDS), np.float32)
    if analysis.identities is not None:
        told = [each for each in members if resolved.cast.mentions[each].form != "pronoun"] or members
        rows = resolved.cast.phrases[told]
        sectors = analysis.identities.sectors[rows].mean(0)
        kinds = analysis.identities.kinds[rows].mean(0)
    return Profile(
        mentions,
        entry[1] if entry else None,
        entry[0].entry.kind if entry else "",
        inside,
        tuple((period.country, period.sector) for period in _inner_periods(resolved, number)),
        owners,
        sectors - sectors.max(),
        kinds - kinds.max(),
    )


def _inner_periods(resolved: Resolved, number: int) -> list[Period]:
    """What the register says of the bodies named inside a cluster's mentions; the lawyer of a person is not of its
    sector."""
    entries = {
        entry.id: entry
        for member in resolved.clusters[number].members
        for entry in resolved.inner[member]
        if entry.kind != "person"
    }
    return [entry.at(resolved.setting.day) for entry in entries.values()]


def best_link(resolved: Resolved, number: int) -> Link | None:
    """The link to the register's actor that most of a cluster's names point at."""
    links = [found for each in resolved.clusters[number].members if (found := resolved.links[each]) is not None]
    votes = Counter(found.entry.id for found in links)
    return min(links, key=lambda found: (-votes[found.entry.id], found.entry.id), default=None)


def entry_of(resolved: Resolved, number: int) -> tuple[Link, Period] | None:
    """That link, with the actor's period at the story's day."""
    best = best_link(resolved, number)
    if best is None:
        return None
    members = resolved.clusters[number].members
    said = frozenset(
        word
        for each in members
        for found in (*resolved.cast.mentions[each].nouns, *resolved.cast.mentions[each].titles)
        for word in found.words.split()
    )
    return best, best.entry.at(resolved.setting.day, said)


def _inner(resolved: Resolved) -> dict[int, list[int]]:
    """For each cluster the clusters of bodies named inside its mentions: the State Department of its official."""
    found: dict[int, list[int]] = {}
    mentions = resolved.cast.mentions
    for index, one in enumerate(mentions):
        for other in range(index + 1, len(mentions)):
            if mentions[other].first >= one.last:
                break
            outer, inner = resolved.of[index][0], resolved.of[other][0]
            if outer != inner and mentions[other].type != "person" and mentions[other].form != "pronoun":
                found.setdefault(outer, []).append(inner)
    return found


def _owners(analysis: Analysis, resolved: Resolved) -> dict[int, list[int]]:
    """For each cluster the clusters that possess it: "Russia's army", "its army"."""
    ends = {one.last: number for number, one in enumerate(resolved.cast.mentions)}
    at = {one.first: number for number, one in enumerate(resolved.cast.mentions) if one.form == "pronoun"}
    found: dict[int, list[int]] = {}
    for index, one in enumerate(resolved.cast.mentions):
        if one.article != "possessive":
            continue
        owner = ends.get(one.first)
        if owner is None and one.first and analysis.tokens[one.first - 1].text in ("'s", "’s", "'", "’"):
            owner = ends.get(one.first - 1)
        if owner is None:
            owner = at.get(one.first) if at.get(one.first) != index else None
        if owner is not None and resolved.of[owner][0] != resolved.of[index][0]:
            found.setdefault(resolved.of[index][0], []).append(resolved.of[owner][0])
    return found


# ---------------------------------------------------------------- records


def _write(
    story: Story,
    analysis: Analysis,
    mentions: Sequence[Mention],
    resolved: Resolved,
    profiles: Sequence[Profile],
    codings: Sequence[Coding],
) -> FoundActors:
    ids = [_id(story, resolved, number) for number in range(len(resolved.clusters))]
    kept = [number for number, profile in enumerate(profiles) if any(one.form != "pronoun" for one in profile.mentions)]
    inner = _inner(resolved)
    actors: dict[Id, Actor] = {}
    bodies: dict[Id, Actor] = {}
    for number in kept:
        body = _body_spoken_for(resolved, number, profiles[number], inner, ids)
        if isinstance(body, Entry):
            bodies[_register_id(body)] = _unmentioned(body, resolved, number)
            body = _register_id(body)
        actor = _actor(analysis, resolved, number, profiles[number], codings[number], ids, body)
        if actor.id in actors:  # two clusters of one entry of the register are one actor
            actor = _joined(actors[actor.id], actor)
        actors[actor.id] = actor
    refs = [
        ActorRef(actor_id=ids[number], mention_id=one.mention.id, metonymic=found.metonymic if found else False)
        for one, (number, _), found in zip(resolved.cast.mentions, resolved.of, resolved.links, strict=True)
        if ids[number] in actors
    ]
    chain = {one.mention.id: number for one, (number, _) in zip(resolved.cast.mentions, resolved.of, strict=True)}
    return FoundActors(
        mentions=tuple(replace(each, chain=chain[each.id]) if each.id in chain else each for each in mentions),
        actors=(*actors.values(), *(body for id_, body in bodies.items() if id_ not in actors)),
        refs=tuple(refs),
    )


def _body_spoken_for(
    resolved: Resolved, number: int, profile: Profile, inner: Mapping[int, list[int]], ids: Sequence[Id]
) -> Id | Entry | None:
    """The body that a spokesperson speaks for: named inside a mention of the spokesperson, with a mention or
    without."""
    if not any(one.speaks for one in profile.mentions):
        return None
    named = next(iter(inner.get(number, ())), None)
    if named is not None:
        return ids[named]
    members = resolved.clusters[number].members
    return next((entry for each in members for entry in resolved.inner[each] if entry.kind != "person"), None)


def _unmentioned(entry: Entry, resolved: Resolved, number: int) -> Actor:
    """A body of the register that the story names only inside another's mention."""
    period = entry.at(resolved.setting.day)
    spans = tuple(resolved.cast.mentions[each].mention.span for each in resolved.clusters[number].members)[:1]
    return Actor(
        id=_register_id(entry),
        name=entry.name,
        kind=entry.kind,
        country=period.country or None,
        sector=period.sector or None,
        evidence=(Evidence(field="name", spans=spans, method="register:name inside a mention"),),
    )


def _register_id(entry: Entry) -> Id:
    return f"register:{entry.id}"


def _id(story: Story, resolved: Resolved, number: int) -> Id:
    """The register's id where there is one: the same across stories. Else one of this story's own."""
    best = best_link(resolved, number)
    if best is not None:
        return _register_id(best.entry)
    first = resolved.cast.mentions[resolved.clusters[number].members[0]]
    return make_id("actor", story.id, first.mention.span.start, first.mention.span.end)


def _actor(
    analysis: Analysis,
    resolved: Resolved,
    number: int,
    profile: Profile,
    coding: Coding,
    ids: Sequence[Id],
    speaks_for: Id | None,
) -> Actor:
    named = [one for one in profile.mentions if one.form != "pronoun"]
    found = best_link(resolved, number)
    spellings = dict.fromkeys(one.spelled for one in named if one.spelled)
    name = found.entry.name if found else _name(analysis, named, spellings)
    return Actor(
        id=ids[number],
        name=name,
        kind=cast(ActorKind, coding.kind),
        country=coding.country or None,
        sector=coding.sector or None,
        aliases=tuple(each for each in spellings if each != name),
        speaks_for=speaks_for,
        evidence=tuple(_evidence(resolved, number, profile, coding, found)),
    )


def _name(analysis: Analysis, named: Sequence[Description], spellings: Iterable[str]) -> str:
    """The fullest spelling of a proper name; without one the fullest description."""
    best = max(spellings, key=len, default="")
    if best:
        return best
    longest = max(named, key=lambda one: (len(one.words), -one.first))
    return analysis.text[longest.mention.span.start : longest.mention.span.end]


def _evidence(
    resolved: Resolved, number: int, profile: Profile, coding: Coding, found: Link | None
) -> Iterable[Evidence]:
    """The words that each field rests on and what decided."""
    named = [one for one in profile.mentions if one.form != "pronoun"]
    words = tuple(one.mention.span for one in named)
    method = f"register:{found.by}" if found else "model:codes"
    names = tuple(one.mention.span for one in named if one.name) or words[:1]
    yield Evidence(field="name", spans=names, method="register" if found else "rule:fullest-name")
    yield Evidence(field="kind", spans=words[:1], method="model:codes", confidence=round(coding.kind_confidence, 4))
    if coding.country:
        spans = tuple(one.mention.span for one in named if one.nations) or words[:1]
        yield Evidence(field="country", spans=spans, method=method, confidence=round(coding.country_confidence, 4))
    if coding.sector:
        spans = tuple(one.mention.span for one in named if one.lead or one.titles) or words[:1]
        yield Evidence(field="sector", spans=spans, method=method, confidence=round(coding.sector_confidence, 4))
    before: Description | None = None
    for member in resolved.clusters[number].members:
        one = resolved.cast.mentions[member]
        if before is not None:
            yield Evidence(
                field="mentions",
                spans=(one.mention.span, before.mention.span),
                method="model:antecedents",
                confidence=round(resolved.of[member][1], 4),
            )
        before = one if one.form != "pronoun" or before is None else before


def _joined(one: Actor, other: Actor) -> Actor:
    """Two clusters that turned out to be one entry of the register: the first keeps its codes."""
    return replace(
        one,
        aliases=tuple(dict.fromkeys((*one.aliases, *other.aliases))),
        speaks_for=one.speaks_for or other.speaks_for,
        evidence=(*one.evidence, *other.evidence),
    )
