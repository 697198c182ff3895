"""Fits the two small networks of incidents: `src/dateline/incidents/data/judges.json`.

    python -m training.incidents.fit DATA

Stories: comparable pairs of AllSides train and ECB+ train. Events: pairs of predicted events of ECB+ train whose
words overlap annotated event mentions; they are one where these are of one chain. Both sets of stories weigh the
same. Weights are learned on train alone; the thresholds are chosen on AllSides dev and ECB+ dev, and the table
that is printed shows what others would give.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from benchmarks.quality.incidents.stories import AnnotatedStory, chains_of_events, load_stories, pairwise, story_score
from sklearn.neural_network import MLPClassifier

from dateline.incidents import Gathering, Knowledge
from dateline.incidents.candidates import comparable
from dateline.incidents.clusters import LEAST, average_link, contradictory_stories
from dateline.incidents.similarity import (
    EVENT_FEATURES,
    STORY_FEATURES,
    Judge,
    Judges,
    compare_events,
    compare_stories,
)
from dateline.incidents.words import load_frequencies

FILE = Path(__file__).parents[2] / "src" / "dateline" / "incidents" / "data" / "judges.json"
SETS = ("allsides", "ecbplus")
HIDDEN = 16  # units of a network
SEEDS = 5  # networks that are averaged
ROUNDS = 15  # passes over the pairs
DRAWN = 30_000  # pairs that each network sees, drawn by weight
DECAY = {"stories": 0.1, "events": 0.1}
CLIPPED = 4.0  # as in Judge
PRECISION = 0.93  # least B-cubed precision of a threshold of stories, on each set
LINK_PRECISION = 0.80  # least precision of a threshold of events

Floats = npt.NDArray[np.float64]


def main() -> None:
    data = Path(sys.argv[1])
    none = np.empty(0)
    unfitted = Judge(mean=none, scale=none, inner=none, inner_bias=none, outer=none, bias=0.0, threshold=0.0)
    knowledge = Knowledge(load_frequencies(), Judges(unfitted, unfitted))
    train = {name: load_stories(data, f"{name}.train", knowledge) for name in SETS}
    dev = {name: load_stories(data, f"{name}.dev", knowledge) for name in SETS}
    stories = fit_stories(train)
    events = fit_events(data, train["ecbplus"], stories)
    stories = replace(stories, threshold=choose_stories(dev, stories))
    events = replace(events, threshold=choose_events(data, dev["ecbplus"], Judges(stories, events)))
    write(stories, events)


def fit_stories(train: Mapping[str, Sequence[AnnotatedStory]]) -> Judge:
    """The network for two stories. Both sets weigh the same, and so do pairs that are one and pairs that are not."""
    rows: list[tuple[float, ...]] = []
    same: list[bool] = []
    weights: list[float] = []
    for stories in train.values():
        pairs = list(comparable_pairs(stories))
        labels = [one.about == other.about for one, other in pairs]
        rows += [compare_stories(one.prepared.portrait, other.prepared.portrait) for one, other in pairs]
        same += labels
        weights += [1 / (sum(labels) if label else len(labels) - sum(labels)) for label in labels]
    return fit(np.array(rows), np.array(same), np.array(weights), DECAY["stories"])


def comparable_pairs(stories: Sequence[AnnotatedStory]) -> Iterator[tuple[AnnotatedStory, AnnotatedStory]]:
    for at, one in enumerate(stories):
        for other in stories[:at]:
            if comparable(one.prepared.portrait, other.prepared.portrait):
                yield one, other


def fit_events(data: Path, stories: Sequence[AnnotatedStory], judge: Judge) -> Judge:
    """The score of two events."""
    chains = chains_of_events(data, "ecbplus.train", stories, triggers=False)
    rows: list[tuple[float, ...]] = []
    same: list[bool] = []
    for one, other in comparable_pairs(stories):
        mine, theirs = one.prepared.portrait, other.prepared.portrait
        odds = judge.odds([compare_stories(mine, theirs)])[0]
        lead, their_lead = mine.leading, theirs.leading
        for event in mine.events:
            for their in theirs.events:
                leading = event is lead and their is their_lead
                if event.id in chains and their.id in chains:
                    rows.append(compare_events(event, their, stories=odds, both_leading=leading))
                    same.append(bool(chains[event.id] & chains[their.id]))
    return fit(np.array(rows), np.array(same), np.ones(len(same)), DECAY["events"])


def fit(rows: Floats, same: npt.NDArray[np.bool_], weights: Floats, decay: float) -> Judge:
    """Several networks, each on pairs drawn by weight, side by side as one: its odds are the mean of theirs."""
    print(f"{len(same)} pairs, {same.sum()} of one happening")
    mean, scale = rows.mean(0), 1 / np.maximum(rows.std(0), 1e-6)
    centred = np.clip((rows - mean) * scale, -CLIPPED, CLIPPED)
    random = np.random.default_rng(0)
    networks = []
    for seed in range(SEEDS):
        drawn = random.choice(len(rows), DRAWN, p=weights / weights.sum())
        network = MLPClassifier((HIDDEN,), alpha=decay, max_iter=ROUNDS, batch_size=256, random_state=seed)
        networks.append(network.fit(centred[drawn], same[drawn]))
    return Judge(
        mean=mean,
        scale=scale,
        inner=np.hstack([each.coefs_[0] for each in networks]),
        inner_bias=np.hstack([each.intercepts_[0] for each in networks]),
        outer=np.hstack([each.coefs_[1][:, 0] for each in networks]) / SEEDS,
        bias=float(np.mean([each.intercepts_[1][0] for each in networks])),
        threshold=0.0,
    )


def choose_stories(dev: Mapping[str, Sequence[AnnotatedStory]], judge: Judge) -> float:
    """The threshold of the best mean F1 among those with enough precision on each set."""
    odds = {name: story_odds(stories, judge) for name, stories in dev.items()}

    def scores(threshold: float) -> list[tuple[float, float, float]]:
        found = []
        for name, stories in dev.items():
            groups = average_link([story.name for story in stories], odds[name], threshold=threshold)
            found.append(story_score(stories, {each: group for group in groups for each in group}))
        return found

    return choose(np.arange(0, 4.5, 0.25).tolist(), scores, PRECISION)


def story_odds(stories: Sequence[AnnotatedStory], judge: Judge) -> dict[tuple[str, str], float]:
    """Log odds of all comparable pairs, vetoes included, by the names of the stories in the set."""
    pairs = list(comparable_pairs(stories))
    judged = judge.odds([compare_stories(one.prepared.portrait, other.prepared.portrait) for one, other in pairs])
    return {
        (min(one.name, other.name), max(one.name, other.name)): (
            LEAST if contradictory_stories(one.prepared.portrait, other.prepared.portrait) else odds
        )
        for (one, other), odds in zip(pairs, judged, strict=True)
    }


def gather(stories: Sequence[AnnotatedStory], judges: Judges) -> Gathering:
    gathering = Gathering(judges)
    for story in stories:
        gathering.add(story.prepared.portrait)
    return gathering


def choose_events(data: Path, stories: Sequence[AnnotatedStory], judges: Judges) -> float:
    chains = chains_of_events(data, "ecbplus.dev", stories, triggers=True)
    story_of = {event.id: story.name for story in stories for event in story.records.events}

    def scores(threshold: float) -> list[tuple[float, float, float]]:
        chosen = Judges(judges.stories, replace(judges.events, threshold=threshold))
        groups = {
            event: number for number, group in enumerate(gather(stories, chosen).groups()) for event in group.events
        }
        return [pairwise(chains, groups, story_of)[:3]]

    return choose(np.arange(-1, 3.5, 0.5).tolist(), scores, LINK_PRECISION)


def choose(
    thresholds: Sequence[float], scores: Callable[[float], list[tuple[float, float, float]]], least: float
) -> float:
    best, best_f1 = thresholds[-1], -1.0
    for threshold in thresholds:
        found = scores(threshold)
        print(f"{threshold:5.2f}", *(f"  P {p:.3f} R {r:.3f} F1 {f:.3f}" for p, r, f in found))
        f1 = sum(f for _, _, f in found)
        if all(p >= least for p, _, _ in found) and f1 > best_f1:
            best, best_f1 = threshold, f1
    print(f"chosen: {best:.2f}")
    return best


def write(stories: Judge, events: Judge) -> None:
    stored = {"stories": written(stories, STORY_FEATURES), "events": written(events, EVENT_FEATURES)}
    FILE.write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")


def written(judge: Judge, features: Sequence[str]) -> dict[str, object]:
    arrays = {
        part: getattr(judge, part).round(4).tolist() for part in ("mean", "scale", "inner", "inner_bias", "outer")
    }
    return {"threshold": judge.threshold, "bias": round(judge.bias, 4), "features": list(features), **arrays}


if __name__ == "__main__":
    main()
