"""How an event stands for its readers: reported, claimed, accused, admitted, disputed, denied.

The scale is MUC-4's for the confidence of an organisation's part in an attack (reported as fact, claimed or admitted,
suspected or accused), with denial added. It is a view of `Event.stances`: nothing is judged, everything can be
recounted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from dateline.records import Claim, Event, Id, Stance

Standing = Literal["reported", "claimed", "accused", "admitted", "disputed", "denied"]


def standing(event: Event, claims: Iterable[Claim]) -> Standing:
    """The derived status of an event. claims: those of its story. The first rule that fits decides.

    Stances on "event" hold that it happened or that it did not; stances on "actors" that the actor in `value` did it,
    or did not. A chain of one is the outlet's own word; a longer one ends in who says it.

    1. denied: somebody holds that it did not happen, and nobody, the outlet included, that it did.
    2. disputed: the event, or that the same actor did it, is held so by one and not so by another.
    3. admitted: one of its actors, or one who is blamed, holds it so in a claim of the act "admit".
    4. accused: who did it is some source's word and not the outlet's own; or the event is asserted in accusations only.
    5. claimed: only sources hold it so, in other words than accusations.
    6. reported: the outlet says it flatly. So does an event without a stance for it, for instance one that is
       "reportedly" so: the story tells it, and names nobody who says or denies it.
    """
    acts = {claim.id: claim.act for claim in claims}
    on_event = [stance for stance in event.stances if stance.field == "event"]
    on_actors = [stance for stance in event.stances if stance.field == "actors"]
    holds, denies = _of(on_event, "positive"), _of(on_event, "negative")
    if denies and not holds:
        return "denied"
    blame = _of(on_actors, "positive")
    blamed = {stance.value for stance in blame}
    cleared = {stance.value for stance in _of(on_actors, "negative")}
    if denies or blamed & cleared:
        return "disputed"
    culprits = {ref.actor_id for ref in event.actors} | blamed
    if any(acts.get(stance.claim_id or "") == "admit" and stance.chain[-1] in culprits for stance in (*holds, *blame)):
        return "admitted"
    if blame and all(len(stance.chain) > 1 for stance in blame):
        return "accused"
    if holds and all(acts.get(stance.claim_id or "") == "accuse" for stance in holds):
        return "accused"
    if holds and all(len(stance.chain) > 1 for stance in holds):
        return "claimed"
    return "reported"


def asserted_by(event: Event) -> tuple[Id, ...]:
    """Who holds that the event is so, each once: the last of each chain.

    The outlet is told apart by its place: it stands first, and only where a chain of one says so in its own words.
    """
    return _last_links(_of(event.stances, "positive", "event"))


def denied_by(event: Event) -> tuple[Id, ...]:
    """Who holds that the event, or that somebody did it, is not so; ordered like `asserted_by`."""
    return _last_links(_of(event.stances, "negative"))


def _of(stances: Iterable[Stance], polarity: str, field: str | None = None) -> list[Stance]:
    return [stance for stance in stances if stance.polarity == polarity and field in (None, stance.field)]


def _last_links(stances: Iterable[Stance]) -> tuple[Id, ...]:
    return tuple(dict.fromkeys(stance.chain[-1] for stance in sorted(stances, key=lambda one: len(one.chain))))
