"""How likely two stories are about the same happening, and two events the same one: learned from what they share.

Every comparison is symmetric and depends on the two portraits alone. The weights are learned on pairs of stories of
AllSides and ECB+, train parts (`training/incidents/fit.py`). Numbers of dead are compared but never keep two reports
apart: tolls grow with updates, and sources differ.
"""

from __future__ import annotations

import json
import math
from collections.abc import Container, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from dateline.errors import InstallationError
from dateline.incidents.portraits import Day, EventPortrait, StoryPortrait
from dateline.incidents.words import likeness

Floats = npt.NDArray[np.float64]

STORY_FEATURES = (
    "words", "headline", "lead", "names", "places", "happenings", "numbers", "type", "trigger", "parties", "around",
    "event places", "headline in lead", "people", "lead people", "other lead people", "chief", "both chiefs",
    "chief in lead", "both chiefs in leads", "phrases", "rare", "exact places", "other places", "weekday",
    "other weekday", "lead covered", "lead covered both ways", "best event", "days apart", "undated",
)  # fmt: skip
EVENT_FEATURES = (
    "stories", "trigger", "any trigger", "type", "around", "parties", "actors", "recipients", "places", "other places",
    "same days", "other days", "tolls", "status", "both leading", "prominence", "prominence apart", "trigger around",
    "means", "no parties",
)  # fmt: skip
_HALF = 0.5  # neither for nor against
_MOST_DAYS = 10
_LOOKED_AT = 4  # the most prominent events of each story
_MUCH = 0.4  # likeness from which on two events are said to share names or places
_OTHERS = 0.15  # likeness of the names below which they are other persons: two may share a first name
_CLIPPED = 4.0  # standard deviations beyond which a feature says no more
_SURE = 6.0  # log odds beyond which nothing is surer


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """A small network of one hidden layer over standardised features. threshold: least log odds of two groups to be
    one.

    *Shape:* mean, scale (features); inner (features, hidden); inner_bias, outer (hidden).
    """

    mean: Floats
    scale: Floats
    inner: Floats
    inner_bias: Floats
    outer: Floats
    bias: float
    threshold: float

    def odds(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """Logarithm of the odds that two are one, for each row of features, within ±6."""
        if not rows:
            return []
        centred = np.clip((np.array(rows) - self.mean) * self.scale, -_CLIPPED, _CLIPPED)
        hidden = np.maximum(centred @ self.inner + self.inner_bias, 0)
        # rounded, because the last bits of a product depend on how many rows it has
        return [round(max(-_SURE, min(_SURE, float(each))), 6) for each in hidden @ self.outer + self.bias]


@dataclass(frozen=True, slots=True)
class Judges:
    """stories: are two stories about the same happening? events: are two events the same?"""

    stories: Judge
    events: Judge


def load_judges() -> Judges:
    """Load the shipped weights. Raises InstallationError where they are missing, damaged or of other features."""
    try:
        stored = json.loads(resources.files(__package__).joinpath("data", "judges.json").read_text(encoding="utf-8"))
        return Judges(_judge(stored["stories"], STORY_FEATURES), _judge(stored["events"], EVENT_FEATURES))
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise InstallationError(
            f"the weights of incidents cannot be read ({fault})",
            location="judges.json",
            remedy="Install dateline again.",
        ) from fault


def _judge(stored: dict[str, Any], names: tuple[str, ...]) -> Judge:
    if tuple(stored["features"]) != names:
        raise ValueError("they are of other features")
    arrays = {part: np.array(stored[part], float) for part in ("mean", "scale", "inner", "inner_bias", "outer")}
    if arrays["inner"].shape != (len(names), arrays["outer"].size):
        raise ValueError("they are of another shape")
    return Judge(**arrays, bias=float(stored["bias"]), threshold=float(stored["threshold"]))


def compare_stories(one: StoryPortrait, other: StoryPortrait) -> tuple[float, ...]:
    """What two stories share: `STORY_FEATURES` in order."""
    return (
        likeness(one.words, other.words),
        likeness(one.headline, other.headline),
        likeness(one.lead, other.lead),
        likeness(one.names, other.names),
        likeness(one.places, other.places),
        likeness(one.happenings, other.happenings),
        likeness(one.numbers, other.numbers),
        *_leading(one.leading, other.leading),
        (likeness(one.headline, other.lead) + likeness(one.lead, other.headline)) / 2,
        likeness(one.people, other.people),
        *_lead_people(one, other),
        *_mean_and_least(_chief_in(one, other.surnames), _chief_in(other, one.surnames)),
        *_mean_and_least(_chief_in(one, other.lead_people), _chief_in(other, one.lead_people)),
        likeness(one.phrases, other.phrases),
        _rare_shared(one, other),
        *_exact_places(one, other),
        float(one.weekday is not None and one.weekday == other.weekday),
        float(one.weekday is not None and other.weekday is not None and one.weekday != other.weekday),
        *_mean_and_least(_covered(one, other), _covered(other, one)),
        _best_event(one, other),
        *_apart(one.day, other.day),
    )


def _leading(one: EventPortrait | None, other: EventPortrait | None) -> tuple[float, float, float, float, float]:
    if one is None or other is None:
        return (0.0, 0.0, 0.0, 0.0, 0.0)
    return (
        float(one.type == other.type),
        likeness(one.trigger, other.trigger),
        likeness(one.parties, other.parties),
        likeness(one.around, other.around),
        likeness(one.places, other.places),
    )


def _mean_and_least(one: float, other: float) -> tuple[float, float]:
    return (one + other) / 2, min(one, other)


def _lead_people(one: StoryPortrait, other: StoryPortrait) -> tuple[float, float]:
    """Are the same persons named at the beginning; are there persons in both, and none the same?"""
    shared = likeness(one.lead_people, other.lead_people)
    return shared, float(bool(one.lead_people and other.lead_people) and shared < _OTHERS)


def _chief_in(story: StoryPortrait, names: Container[str]) -> float:
    """Is the person whom a story names most among some names? As much as the surname tells, for or against.

    Two arrests of two players are told apart by their names alone; that both name the president tells nothing.
    """
    return story.chief_weight if story.chief in names else -story.chief_weight


def _rare_shared(one: StoryPortrait, other: StoryPortrait) -> float:
    return math.log1p(len(one.rare & other.rare)) / math.log(2 + min(len(one.rare), len(other.rare)))


def _exact_places(one: StoryPortrait, other: StoryPortrait) -> tuple[float, float]:
    """Is the place that each names most named in the other; is neither?"""
    named = [float(mine.exact[0] in theirs.exact) for mine, theirs in ((one, other), (other, one)) if mine.exact]
    mean = (named[0] + named[-1]) / 2 if named else _HALF
    return mean, float(len(named) == 2 and not any(named))


def _covered(one: StoryPortrait, other: StoryPortrait) -> float:
    """How much of one story's lead, by weight, occurs anywhere in the other."""
    return math.fsum(weight * weight for word, weight in one.lead.items() if word in other.words)


def _best_event(one: StoryPortrait, other: StoryPortrait) -> float:
    """The best match of any two of their most prominent events."""
    mine, theirs = (
        sorted(each.events, key=lambda event: (-event.prominence, event.id))[:_LOOKED_AT] for each in (one, other)
    )
    return max(
        (
            likeness(a.trigger, b.trigger) * (0.3 + 0.7 * likeness(a.around, b.around))
            for a in mine
            for b in theirs
        ),
        default=0.0,
    )  # fmt: skip


def _apart(one: Day | None, other: Day | None) -> tuple[float, float]:
    if one is None or other is None:
        return 0.0, 1.0
    return float(min(abs((one - other).days), _MOST_DAYS)), 0.0


def compare_events(
    one: EventPortrait, other: EventPortrait, *, stories: float, both_leading: bool
) -> tuple[float, ...]:
    """What two events of two stories share: `EVENT_FEATURES` in order. stories: log odds that their stories are
    about the same.
    """
    trigger = likeness(one.trigger, other.trigger)
    places = likeness(one.places, other.places)
    same_days, other_days = _days(one, other)
    return (
        stories,
        trigger,
        float(trigger > 0),
        float(one.type == other.type),
        likeness(one.around, other.around),
        likeness(one.parties, other.parties),
        likeness(one.actors, other.actors),
        likeness(one.recipients, other.recipients),
        places,
        float(bool(one.places and other.places) and places < 0.15),
        same_days,
        other_days,
        _tolls(one, other),
        float(one.status == other.status),
        float(both_leading),
        one.prominence * other.prominence,
        abs(one.prominence - other.prominence),
        (likeness(one.trigger, other.around) + likeness(other.trigger, one.around)) / 2,
        likeness(one.means, other.means),
        float(not (one.parties and other.parties)),
    )


def shared_by(one: EventPortrait, other: EventPortrait) -> tuple[str, ...]:
    """What two events have in common, in words for people."""
    shared = {
        "type": one.type == other.type,
        "words": likeness(one.trigger, other.trigger) > 0,
        "context": likeness(one.around, other.around) >= _MUCH / 2,
        "who": likeness(one.parties, other.parties) >= _MUCH,
        "place": likeness(one.places, other.places) >= _MUCH,
        "day": _days(one, other)[0] > 0,
        "number": _tolls(one, other) == 1,
    }
    return tuple(name for name, is_shared in shared.items() if is_shared)


def _days(one: EventPortrait, other: EventPortrait) -> tuple[float, float]:
    if one.days is None or other.days is None:
        return 0.0, 0.0
    shared = min(one.days[1], other.days[1]) >= max(one.days[0], other.days[0])
    return float(shared), float(not shared)


def _tolls(one: EventPortrait, other: EventPortrait) -> float:
    """1 where a number of one harm agrees, less where both tell such a harm: tolls differ between updates."""
    best = 0.0
    for harm in one.tolls.keys() & other.tolls.keys():
        (low, high), (their_low, their_high) = one.tolls[harm], other.tolls[harm]
        best = max(best, 1.0 if low <= their_high and their_low <= high else 0.3)
    return best
