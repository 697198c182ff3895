"""Fits the small networks that assemble happenings from what the branch for events says of each word.

    python -m training.events.assemble --kept runs/events.pkl --seen runs/seen --out src/dateline/events/data

`--seen` is the stem of what training.events.branch kept: for the training stories from branches that were fitted
without
them. Thresholds are chosen on the training stories, again by folds of these small networks.
"""

from __future__ import annotations

import argparse
import datetime as dt
import glob
import itertools
import json
import pickle
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from dateline.events import status_of
from dateline.events.casualties import HARMS, harms_named, toll_facts
from dateline.events.contexts import load_context_words
from dateline.events.dating import date_of
from dateline.events.model import JUDGES, EventModel, Thresholds, load_harm_words, load_part_words
from dateline.events.naming import Happening, group_facts, happening, join, naming_words, pair_facts, views_of
from dateline.events.participation import ROLES_OF, casts, part_facts, path_between
from dateline.events.perceptron import Perceptron
from dateline.events.quantities import load_number_words
from dateline.events.scene import Participant, Reading, Scene, set_scene
from dateline.events.voices import outlet_facts, source_facts, voices_of
from dateline.grounding import governments_of, load_actor_knowledge
from dateline.language.happenings import find_happenings
from dateline.language.tags import EVENT_STATUSES, EVENT_TYPES
from dateline.records import Span
from training.events.stories import EventStory, GoldEvent

PATHS = 60
FOLDS = 5
SEEDS = 4
GOLD_ROLE = {
    "actor": "actors",
    "recipient": "recipients",
    "place": "places",
    "time": "time",
    "instrument": "instruments",
}


@dataclass(slots=True)
class Set:
    """A story with its scene. gold: token -> number of its annotated event."""

    story: EventStory
    scene: Scene
    gold: dict[int, int]


def main() -> None:
    """Parse the command line, fit, choose thresholds, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--seen", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    sets = [one for one in load(options.kept, options.seen) if one.story.fold != "dev"]
    print(f"{len(sets)} stories", flush=True)
    model = EventModel(
        {}, {}, Thresholds(), load_number_words(), load_harm_words(), load_context_words(), load_part_words()
    )
    model = replace(model, paths=frequent_paths(sets))
    for fit in (fit_same, fit_noted, fit_parts, fit_tolls, fit_voices):
        model = fit(sets, model)
    write(model, options.out)


def load(kept: Path, seen: Path) -> list[Set]:
    """The stories with what heads that were not fitted on them say of their words."""
    said: dict[str, dict[str, np.ndarray]] = {}
    for name in sorted(glob.glob(f"{seen}.*.pkl")):
        said |= pickle.loads(Path(name).read_bytes())
    numbers, knowledge = load_number_words(), load_actor_knowledge(())
    sets = []
    for story in pickle.loads(kept.read_bytes()):
        if story.id not in said or not story.analysis.tokens:
            continue
        found = find_happenings(said[story.id])
        records = story.records
        reading = Reading(
            mentions=records.mentions, actors=records.actors, actor_refs=records.actor_refs, places=records.places,
            place_refs=records.place_refs, times=records.times, claims=records.claims,
            governments=governments_of(
                (place.country for place in records.places),
                knowledge=knowledge, day=story.story.published_at or story.story.updated_at,
            ),
        )  # fmt: skip
        gold = {
            trigger: number for number, event in reversed(list(enumerate(story.events))) for trigger in event.triggers
        }
        sets.append(Set(story, set_scene(story.analysis, found, reading, numbers), gold))
    return sets


# ---------------------------------------------------------------- fitting


def fit_perceptron(
    facts: np.ndarray,
    answers: np.ndarray,
    known: np.ndarray | None = None,
    *,
    hidden: int = 32,
    epochs: int = 12,
    seed: int = 1,
    decay: float = 0.02,
) -> Perceptron:
    """Fit by cross-entropy. facts: (rows, features). answers, known: (rows, questions)."""
    torch.manual_seed(seed)
    mean, deviation = facts.mean(0), facts.std(0)
    scale = np.where(deviation > 1e-4, 1 / np.maximum(deviation, 1e-4), 0).astype(np.float32)
    x = torch.from_numpy(((facts - mean) * scale).astype(np.float32)).clamp(-6, 6)
    y = torch.from_numpy(answers.astype(np.float32))
    weight = torch.ones_like(y) if known is None else torch.from_numpy(known.astype(np.float32))
    net = nn.Sequential(nn.Linear(x.shape[1], hidden), nn.ReLU(), nn.Dropout(0.2), nn.Linear(hidden, y.shape[1]))
    optimizer = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=decay)
    batch, step = 256, 0
    steps = epochs * (len(x) // batch + 1)
    for _ in range(epochs):
        for rows in torch.randperm(len(x)).split(batch):
            step += 1
            for group in optimizer.param_groups:
                group["lr"] = 4e-3 * (1 - step / (steps + 1))
            loss = F.binary_cross_entropy_with_logits(net(x[rows]), y[rows], weight=weight[rows])
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
    inner, outer = net[0], net[3]
    arrays = [inner.weight.T, inner.bias, outer.weight.T, outer.bias]
    return Perceptron(
        mean.astype(np.float32), scale, *(one.detach().numpy().astype(np.float32).copy() for one in arrays)
    )


def fit_together(
    facts: np.ndarray, answers: np.ndarray, known: np.ndarray | None = None, *, hidden: int = 32, epochs: int = 12
) -> Perceptron:
    """Networks of several seeds side by side: one network whose answer is the mean of theirs."""
    fitted = [fit_perceptron(facts, answers, known, hidden=hidden, epochs=epochs, seed=seed) for seed in range(SEEDS)]
    return Perceptron(
        fitted[0].mean,
        fitted[0].scale,
        np.concatenate([one.inner for one in fitted], 1),
        np.concatenate([one.inner_bias for one in fitted]),
        np.concatenate([one.outer for one in fitted]) / SEEDS,
        np.stack([one.outer_bias for one in fitted]).mean(0),
    )


def by_folds(
    groups: np.ndarray, facts: np.ndarray, answers: np.ndarray, known: np.ndarray | None = None, **settings: int
) -> np.ndarray:
    """Chances of each row by networks that were fitted without its story. groups: (rows,) number of the story."""
    chances = np.zeros(answers.shape, np.float32)
    for fold in range(FOLDS):
        held = groups % FOLDS == fold
        judge = fit_perceptron(facts[~held], answers[~held], None if known is None else known[~held], **settings)
        chances[held] = judge.chances(facts[held])
    return chances


def best_threshold(chances: np.ndarray, truth: np.ndarray, missed: int = 0) -> tuple[float, float]:
    """The threshold with the best F1, and that F1. missed: true ones that are not among the rows."""
    order = np.argsort(-chances)
    hits = truth[order].cumsum()
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + truth.sum() + missed)
    best = int(f1.argmax())
    return float(chances[order[best]]), round(100 * float(f1[best]), 1)


# ---------------------------------------------------------------- which words, which happenings


def fit_same(sets: Sequence[Set], model: EventModel) -> EventModel:
    """Pairs of words of which at least one is annotated: whether both name one happening."""
    facts, answers = [], []
    for one in sets:
        words, _ = naming_words(one.scene, model.thresholds.word)
        names = np.array([one.gold.get(word, -1) for word in words.tolist()])
        later, earlier = np.tril_indices(len(words), -1)
        kept = (names[later] >= 0) | (names[earlier] >= 0)
        if kept.any():
            later, earlier = later[kept], earlier[kept]
            facts.append(pair_facts(views_of(one.scene, words), later, earlier))
            answers.append((names[later] == names[earlier])[:, None])
    judge = fit_together(np.concatenate(facts), np.concatenate(answers), hidden=24, epochs=6)
    print(
        f"same: {sum(map(len, facts))} pairs, {sum(int(each.sum()) for each in answers)} of one happening", flush=True
    )
    return replace(model, judges={**model.judges, "same": judge})


def grouped(one: Set, model: EventModel) -> list[Happening]:
    """Every happening that the words of a story make, noted or not."""
    words, chances = naming_words(one.scene, model.thresholds.word)
    if not len(words):
        return []
    groups = join(views_of(one.scene, words), model.judges["same"], model.thresholds.same)
    return [happening(one.scene, words, chances, group) for group in groups]


def match(one: Set, found: Sequence[Happening]) -> list[int | None]:
    """The annotated event of each happening: one to one, most shared words first, equal type before unequal."""
    pairs = []
    for number, each in enumerate(found):
        shared = Counter(one.gold[word] for word in each.words if word in one.gold)
        kind = EVENT_TYPES[1 + int(each.types[1:].argmax())]
        pairs += [(-count, kind != one.story.events[event].type, number, event) for event, count in shared.items()]
    matched: list[int | None] = [None] * len(found)
    used: set[int] = set()
    for _, _, number, event in sorted(pairs):
        if matched[number] is None and event not in used:
            matched[number] = event
            used.add(event)
    return matched


def fit_noted(sets: Sequence[Set], model: EventModel) -> EventModel:
    """Which groups of words are annotated happenings; and how ready words are to join, by what that gives."""
    tried = [
        _noted(sets, replace(model, thresholds=replace(model.thresholds, same=odds))) for odds in (0.08, 0.13, 0.2, 0.3)
    ]
    return max(tried, key=lambda pair: pair[0])[1]


def _noted(sets: Sequence[Set], model: EventModel) -> tuple[float, EventModel]:
    facts, answers, groups, typed, total = [], [], [], [], 0
    for place, one in enumerate(sets):
        found = grouped(one, model)
        total += len(one.story.events)
        for each, event in zip(found, match(one, found), strict=True):
            facts.append(group_facts(one.scene, each))
            answers.append(event is not None)
            typed.append(
                event is not None and one.story.events[event].type == EVENT_TYPES[1 + int(each.types[1:].argmax())]
            )
            groups.append(place)
    x, y, t = np.stack(facts), np.array(answers), np.array(typed)
    settings = {"hidden": 16, "epochs": 10}
    chances = by_folds(np.array(groups), x, y[:, None], **settings)[:, 0]
    least, f1 = best_threshold(chances, y, total - int(y.sum()))
    by_type = best_threshold(chances, t, total - int(t.sum()))
    print(
        f"joined from {model.thresholds.same}: found F1 {f1} at {least:.2f}; typed F1 {by_type[1]} at {by_type[0]:.2f}",
        flush=True,
    )
    chosen = (least + by_type[0]) / 2
    judge = fit_together(x, y[:, None], **settings)
    chosen_model = replace(
        model, judges={**model.judges, "noted": judge}, thresholds=replace(model.thresholds, noted=round(chosen, 3))
    )
    return f1 + by_type[1], chosen_model


def noted(one: Set, model: EventModel) -> list[tuple[Happening, GoldEvent]]:
    """The happenings that would be kept and are annotated, with their annotations; a little more generous than the
    product."""
    found = grouped(one, model)
    if not found:
        return []
    chance = model.judges["noted"].chances(np.stack([group_facts(one.scene, each) for each in found]))[:, 0]
    kept = [each for each, sure in zip(found, chance, strict=True) if sure >= 0.7 * model.thresholds.noted]
    return [
        (each, one.story.events[event]) for each, event in zip(kept, match(one, kept), strict=True) if event is not None
    ]


# ---------------------------------------------------------------- roles


def frequent_paths(sets: Sequence[Set]) -> dict[str, int]:
    """The commonest ways in which participants hang on words that name happenings."""
    seen: Counter[str] = Counter()
    for one in sets:
        tokens = one.story.analysis.tokens
        for trigger in one.gold:
            for participant in one.scene.participants:
                for mark in participant.marks:
                    if tokens[mark.head].sentence == tokens[trigger].sentence:
                        seen[path_between(tokens, trigger, mark.head)] += 1
    return {name: number for number, (name, _) in enumerate(seen.most_common(PATHS))}


def is_part(one: Set, participant: Participant, chains: Sequence[Sequence[Span]]) -> bool:
    """Whether a participant is one of the annotated ones: some mention of the one overlaps some of the other."""
    spans = [one.story.analysis.span(mark.words) for mark in participant.marks]
    return any(a.start < b.end and b.start < a.end for chain in chains for a in chain for b in spans)


def right_parts(one: Set, cast: Sequence[Participant], chains: Sequence[Sequence[Span]]) -> list[bool]:
    """For each participant whether it is annotated; of several that overlap one chain, the one with most overlaps."""
    answers = [False] * len(cast)
    for chain in chains:
        counts = []
        for participant in cast:
            spans = [one.story.analysis.span(mark.words) for mark in participant.marks]
            counts.append(sum(any(_covers(a, b) for a in chain) for b in spans))
        if counts and max(counts):
            answers[int(np.argmax(counts))] = True
    return answers


def _covers(one: Span, other: Span) -> bool:
    both = min(one.end, other.end) - max(one.start, other.start)
    return both > 0 and both / (max(one.end, other.end) - min(one.start, other.start)) > 0.3


def fit_parts(sets: Sequence[Set], model: EventModel) -> EventModel:
    """Roles of participants of every kind, on the happenings that would be kept."""
    rows: dict[str, list[np.ndarray]] = {kind: [] for kind in ROLES_OF}
    truth: dict[str, list[list[bool]]] = {kind: [] for kind in ROLES_OF}
    groups: dict[str, list[int]] = {kind: [] for kind in ROLES_OF}
    total: Counter[str] = Counter()
    dated: list[tuple[Set, Happening, GoldEvent, slice]] = []
    for place, one in enumerate(sets):
        present = casts(one.scene)
        for each, event in noted(one, model):
            for role, name in GOLD_ROLE.items():
                total[role] += len(event.roles[name])
            for kind, cast in present.items():
                rows[kind].append(part_facts(one.scene, each, cast, model.paths))
                answers = [right_parts(one, cast.participants, event.roles[GOLD_ROLE[role]]) for role in ROLES_OF[kind]]
                if kind == "time":
                    answers = [same_days(cast.participants, answers[0], event)]
                    if event.bounds is not None:
                        dated.append(
                            (one, each, event, slice(len(truth[kind]), len(truth[kind]) + len(cast.participants)))
                        )
                truth[kind] += [list(pair) for pair in zip(*answers, strict=True)]
                groups[kind] += [place] * len(cast.participants)
    judges, thresholds = dict(model.judges), model.thresholds
    for kind, roles in ROLES_OF.items():
        x, y = np.concatenate(rows[kind]), np.array(truth[kind])
        settings = {"hidden": 48, "epochs": 8}
        chances = by_folds(np.array(groups[kind]), x, y, **settings)
        judges[kind] = fit_together(x, y, **settings)
        for column, role in enumerate(roles):
            least, f1 = best_threshold(chances[:, column], y[:, column], total[role] - int(y[:, column].sum()))
            seen = int(y[:, column].sum())
            print(f"{role}: F1 {f1} at {least:.2f}; {seen} of {total[role]} are among the participants", flush=True)
            if role == "time":
                least = best_dating(dated, chances[:, 0])
            thresholds = replace(thresholds, **{role: round(least, 3)})
    return replace(model, judges=judges, thresholds=thresholds)


def same_days(times: Sequence[Participant], named: Sequence[bool], event: GoldEvent) -> list[bool]:
    """A time is right that the annotator named, or that means the same days."""
    days = {(one.time.earliest, one.time.latest) for one, right in zip(times, named, strict=True) if right and one.time}
    if event.bounds is not None and all(event.bounds):
        days.add(tuple(dt.date.fromisoformat(day[:10]) for day in event.bounds if day))  # type: ignore[arg-type]
    days.discard((None, None))
    return [
        right or (one.time is not None and (one.time.earliest, one.time.latest) in days)
        for one, right in zip(times, named, strict=True)
    ]


def best_dating(dated: Sequence[tuple[Set, Happening, GoldEvent, slice]], chances: np.ndarray) -> float:
    """The least chance of a time from which dating by it is right more often than by the day of the story."""
    scores = []
    for least in np.arange(0.05, 0.8, 0.03):
        right = total = 0
        for one, each, event, rows in dated:
            if event.bounds is None or not any(event.bounds):
                continue
            total += 1
            times = [participant for participant in one.scene.participants if participant.kind == "time"]
            best = int(chances[rows].argmax())
            words = times[best].time if chances[rows][best] >= least else None
            status = EVENT_STATUSES[status_of(one.scene, each)]
            found = date_of(one.story.story, "hypothetical" if status == "denied_only" else status, words)
            got = [str(getattr(found, end) or "") if found else "" for end in ("earliest", "latest")]
            right += all(gold is None or gold == mine for gold, mine in zip(event.bounds, got, strict=True))
        scores.append((right / max(1, total), float(least)))
    best, least = max(scores)
    print(f"dated: {100 * best:.1f} % right from {least:.2f}", flush=True)
    return least


# ---------------------------------------------------------------- numbers


def fit_tolls(sets: Sequence[Set], model: EventModel) -> EventModel:
    """Which numbers count who was hurt in a happening."""
    rows, truth, groups, total = [], [], [], 0
    for place, one in enumerate(sets):
        if not one.scene.quantities:
            continue
        tokens, harms = one.story.analysis.tokens, harms_named(one.scene, model.harms)
        for each, event in noted(one, model):
            rows.append(toll_facts(one.scene, each, harms, model.paths))
            spans = [event.numbers.get(harm, (None, None))[0] for harm in HARMS]
            total += sum(span is not None for span in spans)
            for quantity in one.scene.quantities:
                at = tokens[quantity.head].span
                truth.append([span is not None and span.start <= at.start < span.end for span in spans])
                groups.append(place)
    x, y = np.concatenate(rows), np.array(truth)
    settings = {"hidden": 32, "epochs": 8}
    chances = by_folds(np.array(groups), x, y, **settings)
    least, f1 = best_threshold(chances.ravel(), y.ravel(), total - int(y.sum()))
    print(f"toll: F1 {f1} at {least:.2f}; {int(y.sum())} of {total} numbers seen", flush=True)
    judge = fit_together(x, y, **settings)
    return replace(
        model, judges={**model.judges, "toll": judge}, thresholds=replace(model.thresholds, toll=round(least, 3))
    )


# ---------------------------------------------------------------- voices


def fit_voices(sets: Sequence[Set], model: EventModel) -> EventModel:
    """Whether the outlet asserts a happening, and whether each source in whose claim it stands asserts or denies it."""
    rows, truth, groups, keep = [], [], [], []
    for place, one in enumerate(sets):
        for each, event in noted(one, model):
            if event.voices is not None:
                status = status_of(one.scene, each)
                rows.append(outlet_facts(one.scene, each, status))
                truth.append([event.voices["outlet"]])
                groups.append(place)
                keep.append((one, each, event, status))
    x, y = np.stack(rows), np.array(truth)
    settings = {"hidden": 12, "epochs": 10}
    chances = by_folds(np.array(groups), x, y, **settings)[:, 0]
    rows, truth, kept, cases = [], [], [], []
    for place, ((one, each, event, status), sure) in enumerate(zip(keep, chances, strict=True)):
        first = len(rows)
        voices = voices_of(one.scene, each)
        for voice in voices:
            mentions = {ref.mention_id for ref in one.story.records.actor_refs if ref.actor_id == voice.chain[-1]}
            spans = [mention.span for mention in one.story.records.mentions if mention.id in mentions]
            rows.append(source_facts(one.scene, each, voice, status, float(sure)))
            truth.append([_among(spans, event.voices["asserted_by"])])
            kept.append(groups[place])
        speakers = [voice.chain[-1] for voice in voices]
        whole = len(event.voices["asserted_by"]) <= len(
            {who for who, (says,) in zip(speakers, truth[first:], strict=True) if says}
        )
        cases.append((float(sure), event.voices["outlet"], slice(first, len(rows)), whole))
    x2, y2 = np.stack(rows), np.array(truth)
    said = by_folds(np.array(kept), x2, y2, **settings)
    chosen = max(_voice_thresholds(cases, said, y2))
    print(f"voices: {100 * chosen[0]:.1f} % right; outlet, asserts, seconds from {chosen[1:]}", flush=True)
    names = ("outlet", "asserts", "seconds")
    thresholds = replace(
        model.thresholds, **{name: float(value) for name, value in zip(names, chosen[1:], strict=True)}
    )
    judges = {**model.judges, "outlet": fit_together(x, y, **settings), "source": fit_together(x2, y2, **settings)}
    return replace(model, judges=judges, thresholds=thresholds)


def _voice_thresholds(
    cases: Sequence[tuple[float, bool, slice, bool]], said: np.ndarray, truth: np.ndarray
) -> Iterator[tuple[float, ...]]:
    """Share of happenings with exactly the right voices, for every choice of thresholds."""
    for outlet, asserts, seconds in itertools.product((0.5,), (0.3, 0.4, 0.5), (0.4, 0.5, 0.6, 0.7)):
        right = 0
        for sure, gold, rows, whole in cases:
            mine = sure >= outlet
            if mine != gold or not whole:
                continue
            least = seconds if mine else asserts
            right += bool(((said[rows, 0] >= least) == truth[rows, 0]).all())
        yield right / len(cases), outlet, asserts, seconds


def _among(spans: Sequence[Span], chains: Sequence[Sequence[Span]]) -> bool:
    return any(a.start < b.end and b.start < a.end for chain in chains for b in chain for a in spans)


def write(model: EventModel, out: Path) -> None:
    """Write assembly.npz and assembly.json."""
    parts = ("mean", "scale", "inner", "inner_bias", "outer", "outer_bias")
    np.savez_compressed(
        out / "assembly.npz",
        **{f"{name}.{part}": getattr(model.judges[name], part) for name in JUDGES for part in parts},
    )
    settings = {
        "paths": list(model.paths),
        "thresholds": {name: float(value) for name, value in asdict(model.thresholds).items()},
    }
    (out / "assembly.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
