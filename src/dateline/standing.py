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
    """The derived status of an event. claims: those of its story.

    denied: somebody holds that it did not happen and nobody that it did. disputed: the event, or that the same actor
    did
    it, is held so by one and not so by another. admitted: one of its actors asserts it in a claim of the act "admit".
    accused: who did it is some source's word alone, or the event itself is asserted only in accusations. claimed: only
    sources assert it. reported: the outlet says so itself; also where the story names nobody who says or denies it.
    """
    acts = {claim.id: claim.act for claim in claims}
    on_event = [stance for stance in event.stances if stance.field == "event"]
    on_actors = [stance for stance in event.stances if stance.field == "actors"]
    holds, denies = _of(on_event, "positive"), _of(on_event, "negative")
    if denies and not holds:
        return "denied"
    blamed = {stance.value for stance in _of(on_actors, "positive")}
    cleared = {stance.value for stance in _of(on_actors, "negative")}
    if denies or blamed & cleared:
        return "disputed"
    culprits = {ref.actor_id for ref in event.actors} | blamed
    if any(acts.get(stance.claim_id or "") == "admit" and stance.chain[-1] in culprits for stance in event.stances):
        return "admitted"
    blame = _of(on_actors, "positive")
    if blame and all(len(stance.chain) > 1 for stance in blame):
        return "accused"
    if holds and all(acts.get(stance.claim_id or "") == "accuse" for stance in holds):
        return "accused"
    if holds and all(len(stance.chain) > 1 for stance in holds):
        return "claimed"
    return "reported"


def asserted_by(event: Event) -> tuple[Id, ...]:
    """Who holds that the event is so, each once; the outlet's id first where it does."""
    return _last_links(_of(event.stances, "positive", "event"))


def denied_by(event: Event) -> tuple[Id, ...]:
    """Who holds that the event, or their own part in it, is not so."""
    return _last_links(_of(event.stances, "negative"))


def _of(stances: Iterable[Stance], polarity: str, field: str | None = None) -> list[Stance]:
    return [stance for stance in stances if stance.polarity == polarity and field in (None, stance.field)]


def _last_links(stances: Iterable[Stance]) -> tuple[Id, ...]:
    return tuple(dict.fromkeys(stance.chain[-1] for stance in sorted(stances, key=lambda one: len(one.chain))))
