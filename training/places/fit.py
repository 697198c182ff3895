"""Fits the weights of grounding/places (data/weights.tsv) and says how well they carry over to corpora not seen.

usage: python -m training.places.fit DATA [--write]

DATA is the folder with places/lgl.jsonl, places/trnews.jsonl and attributed-events/{train,dev}.jsonl. It needs scipy
and takes about five minutes, nearly all of it for the language core. Without --write it only prints.

Everything printed is measured on stories that had no part in the fit, except the lines that say "seen".
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from dateline import grounding, language, reading
from dateline.grounding.places import ranking
from dateline.grounding.places.context import home_of, links_of
from dateline.grounding.places.gazetteer import Gazetteer, km_between
from dateline.grounding.places.ranking import CONTEXT, PRIOR, Choices
from dateline.grounding.places.toponyms import Names, Toponym, find_names
from dateline.pipeline import Config, Resources, load_resources
from dateline.records import Mention, Problem

FILES = {
    "LGL": "places/lgl.jsonl", "TR-News": "places/trnews.jsonl",
    "own train": "attributed-events/train.jsonl", "own dev": "attributed-events/dev.jsonl",
}  # fmt: skip
L2 = 2.0  # not searched
RARE = 15  # a sign of fewer offers gets no weight
# To begin with, until the fit knows better: only decides which 40 of a name's candidates are kept.
FIRST_PRIOR = {
    "population": 4.0, "renown": 3.0, "country": 6.0, "admin1": 2.5, "capital": 3.0, "region": 2.0, "feature": -1.0,
    "nobody": -1.0, "alternate": -2.0, "similar": -3.0, "home country": 1.0,
}  # fmt: skip
Weights = dict[str, dict[str, float]]


@dataclass(slots=True)
class Gold:
    """One place name of the gold. number: GeoNames id, where given."""

    start: int
    end: int
    point: tuple[float, float] | None
    number: int | None


@dataclass(slots=True)
class Prepared:
    """One story with all that does not depend on the weights. right: name -> (candidates, share of gold each meets)."""

    names: Names
    choices: Choices
    links: list[tuple[int, int]]
    gold: list[Gold]
    mentions: tuple[Mention, ...]
    certain: set[str]
    offers: list[tuple[Toponym, bool]]
    right: list[tuple[np.ndarray, np.ndarray, int]] = field(default_factory=list)
    standing: np.ndarray = field(default_factory=lambda: np.zeros(0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    resources = load_resources()
    gazetteer = resources.gazetteer
    sets = {name: list(prepare(options.data / path, resources)) for name, path in FILES.items()}
    lgl, news, own = sets["LGL"], sets["TR-News"], sets["own train"]
    for trained, offers, stories, test in (
        ("TR-News", news, news, "LGL"),
        ("TR-News + own train", news, news + own, "LGL"),
        ("LGL", lgl, lgl, "TR-News"),
        ("LGL + own train", lgl, lgl + own, "TR-News"),
        ("LGL + TR-News", lgl + news, lgl + news, "own dev"),
        ("LGL + TR-News + own train", lgl + news, lgl + news + own, "own dev"),
    ):
        weights = fit(offers, stories, gazetteer)
        print(f"{trained} -> {test}: {measured(sets[test], weights, gazetteer)}", flush=True)
    for part, whole in (("LGL", lgl), ("TR-News", news)):
        others = [story for each in (lgl, news, own) if each is not whole for story in each]
        print(f"five folds -> {part}: {folds(whole, others, gazetteer)}", flush=True)
    weights = fit(lgl + news, lgl + news + own, gazetteer)
    for name in ("LGL", "TR-News"):
        print(f"seen, {name}: {measured(sets[name], weights, gazetteer)}", flush=True)
    if options.write:
        path = Path(ranking.__file__).parent / "data" / "weights.tsv"
        rows = [(model, sign, weight) for model, signs in weights.items() for sign, weight in signs.items() if weight]
        path.write_text(
            "model\tfeature\tweight\n" + "".join(f"{model}\t{sign}\t{weight:.2f}\n" for model, sign, weight in rows)
        )
        print(f"written: {path}")


def prepare(path: Path, resources: Resources) -> Iterator[Prepared]:
    """Read each story with the language core and gather candidates and gold."""
    golds = {row["id"]: row for row in map(json.loads, path.open(encoding="utf-8"))}
    gazetteer, lexicons = resources.gazetteer, resources.places
    alpha2_of = {country.alpha3: country.alpha2 for country in gazetteer.countries}
    with tempfile.TemporaryDirectory() as folder:
        inputs = Path(folder, "stories.jsonl")
        inputs.write_text("\n".join(json.dumps(input_line(row)) for row in golds.values()), encoding="utf-8")
        for received in reading.read_documents([str(inputs)], limits=Config().limits):
            if isinstance(received, Problem):
                continue
            document = received.document
            gold = gold_of(golds[document.location.rpartition("#")[2]])
            found = reading.find_stories(received, lexicons=resources.reading, split="never")
            outlets = {outlet.id: outlet for outlet in found.outlets}
            for story in found.stories:
                analysis = language.analyze(document, story, resources.model)
                mentions = language.find_mentions(analysis)
                names = find_names(analysis, story, mentions, gazetteer=gazetteer, lexicons=lexicons)
                home = home_of(outlets.get(story.outlet_id or ""), alpha2_of)
                choices = ranking.list_choices(names, gazetteer=gazetteer, weights=FIRST_PRIOR, home=home)
                prepared = Prepared(
                    names=names, choices=choices, links=links_of(document.text, names.toponyms, choices.keys),
                    gold=gold, mentions=mentions,
                    certain={each.key for each in names.toponyms if grounding.places.is_certain(each)},
                    offers=[
                        (each, any(overlap(each.span, mark) for mark in gold))
                        for each in names.toponyms if not grounding.places.is_certain(each)
                    ],
                )  # fmt: skip
                prepared.right = list(right_candidates(prepared, gazetteer))
                yield prepared


def input_line(row: dict[str, Any]) -> dict[str, Any]:
    outlet = row.get("outlet") or row.get("domain") or None
    return {"id": row["id"], "text": row["text"], "published_at": row.get("date") or None, "outlet": outlet}


def gold_of(row: dict[str, Any]) -> list[Gold]:
    if "toponyms" in row:
        marks = [(each["start"], each["end"], each) for each in row["toponyms"]]
    else:
        marks = [(start, end, each) for each in row["places"] for start, end in each["mentions"]]
    return [
        Gold(start, end, None if each.get("lat") is None else (each["lat"], each["lon"]), each.get("geonameid"))
        for start, end, each in marks
    ]


def overlap(span: Any, mark: Gold) -> bool:
    return bool(span.start < mark.end and mark.start < span.end)


def right_candidates(story: Prepared, gazetteer: Gazetteer) -> Iterator[tuple[np.ndarray, np.ndarray, int]]:
    """For each name with gold: its candidates, how much of the gold each meets, how often it is marked.

    The id decides where it is among the candidates; else those within 40 km; else those within 161 km.
    """
    marks: dict[str, list[Gold]] = {}
    for toponym in story.names.toponyms:
        for mark in story.gold:
            if mark.point is not None and overlap(toponym.span, mark):
                marks.setdefault(toponym.key, []).append(mark)
    column = gazetteer.columns
    for key, told in marks.items():
        where = np.flatnonzero(story.choices.owners == story.choices.keys.index(key))
        rows = story.choices.rows[where]
        met, count = np.zeros(len(rows)), 0
        for mark in told:
            assert mark.point is not None
            km = np.array([km_between(mark.point, gazetteer.point_of(row)) for row in rows.tolist()])
            same = (column["number"][rows] == (mark.number or -1)) & (column["source"][rows] == 0)
            hits = same if same.any() else km <= 40 if (km <= 40).any() else km <= 161
            if hits.any():
                met, count = met + hits, count + 1
        if count:
            yield where, met / count, len(told)


def fit(offers: Sequence[Prepared], stories: Sequence[Prepared], gazetteer: Gazetteer) -> Weights:
    """The offer model on `offers`, both rankings on `stories`. Our own gold leaves metonymic names out: no offers."""
    prior = fit_choice([(s.choices.prior[where], met, count) for s in stories for where, met, count in s.right])
    weights: Weights = {"offer": {}, "prior": dict(zip(PRIOR, prior.round(2).tolist(), strict=True)), "context": {}}
    for story in (*offers, *stories):
        weigh_again(story, weights)
    weights["offer"] = fit_offers(
        [(signs_of(story, toponym), is_place) for story in offers for toponym, is_place in story.offers]
    )
    beliefs = []
    for story in stories:
        story.standing = standing_of(story, weights)
        beliefs.append(ranking.softmax(story.choices.prior @ prior, story.choices))
    for _ in range(3):
        tables = [context(story, belief, gazetteer) for story, belief in zip(stories, beliefs, strict=True)]
        items = [
            (table[where], met, count)
            for story, table in zip(stories, tables, strict=True)
            for where, met, count in story.right
        ]
        vector = fit_choice(items)
        beliefs = [ranking.softmax(t @ vector, s.choices) for s, t in zip(stories, tables, strict=True)]
    weights["context"] = dict(zip(CONTEXT, vector.round(2).tolist(), strict=True))
    return weights


def context(story: Prepared, belief: np.ndarray, gazetteer: Gazetteer) -> np.ndarray:
    return ranking.context_of(
        story.choices, story.names, belief, standing=story.standing, links=story.links, gazetteer=gazetteer
    )


def fit_choice(items: Iterable[tuple[np.ndarray, np.ndarray, int]]) -> np.ndarray:
    """Conditional logit: the probability of the right candidates, names counted by the root of how often they stand."""
    tables, rights, counts = zip(*items, strict=True)
    table, right = np.concatenate(tables), np.concatenate(rights)
    sizes = [len(each) for each in tables]
    starts = np.cumsum([0, *sizes[:-1]])
    owners, weight = np.repeat(np.arange(len(sizes)), sizes), np.sqrt(np.array(counts, float))

    def loss(vector: np.ndarray) -> tuple[float, np.ndarray]:
        scores = table @ vector
        powers = np.exp(scores - np.maximum.reduceat(scores, starts)[owners])
        every, good = np.add.reduceat(powers, starts), np.add.reduceat(powers * right, starts) + 1e-12
        value = -(weight * np.log(good / every)).sum() + L2 / 2 * (vector**2).sum()
        pull = (powers * right / good[owners] - powers / every[owners]) * weight[owners]
        return float(value), L2 * vector - table.T @ pull

    return np.asarray(minimize(loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B").x)


def fit_offers(offers: Sequence[tuple[dict[str, float], bool]]) -> dict[str, float]:
    """Logistic regression by Newton's method."""
    signs = sorted({sign for signs, _ in offers for sign in signs})
    numbers = {sign: number for number, sign in enumerate(signs)}
    table = np.zeros((len(offers), len(signs)))
    for row, (each, _) in enumerate(offers):
        for sign, value in each.items():
            table[row, numbers[sign]] = value
    common = (table != 0).sum(0) >= RARE
    table *= common
    right = np.array([is_place for _, is_place in offers], float)
    vector = np.zeros(len(signs))
    for _ in range(25):
        chance = 1 / (1 + np.exp(-table @ vector))
        curve = (table * (chance * (1 - chance))[:, None]).T @ table + np.eye(len(signs))
        vector += np.linalg.solve(curve, table.T @ (right - chance) - vector)
    return {sign: round(float(vector[number]), 2) for sign, number in numbers.items() if common[number]}


def weigh_again(story: Prepared, weights: Weights) -> None:
    """The best prior score of each name under these weights; the offer model looks at it."""
    scores = story.choices.prior @ ranking.vector_of(weights["prior"], PRIOR)
    if len(scores):
        best = np.maximum.reduceat(scores, story.choices.starts).tolist()
        story.choices.importance.update(zip(story.choices.keys, best, strict=True))


def signs_of(story: Prepared, toponym: Toponym) -> dict[str, float]:
    return ranking.offer_signs(toponym, story.choices, story.certain)


def standing_of(story: Prepared, weights: Weights) -> np.ndarray:
    standing = dict.fromkeys(story.choices.keys, 0.0) | dict.fromkeys(story.certain, 1.0)
    for toponym, _ in story.offers:
        odds = ranking.offer_score(signs_of(story, toponym), weights["offer"])
        standing[toponym.key] = max(standing[toponym.key], 1 / (1 + float(np.exp(-odds))))
    return np.array([standing[key] for key in story.choices.keys])


def outcomes(story: Prepared, weights: Weights, gazetteer: Gazetteer) -> Iterator[tuple[bool, float | None]]:
    """For each gold name with a point: whether it was found, and how far off the place is."""
    weigh_again(story, weights)
    choices = story.choices
    best: dict[str, int] = {}
    if len(choices.rows):
        belief = ranking.weigh(
            choices, story.names, weights, standing=standing_of(story, weights), links=story.links, gazetteer=gazetteer
        )
        ends = [*choices.starts[1:].tolist(), len(choices.rows)]
        for key, start, end in zip(choices.keys, choices.starts.tolist(), ends, strict=True):
            best[key] = int(choices.rows[start + int(np.argmax(belief[start:end]))])
    refused = {
        id(toponym)
        for toponym, _ in story.offers
        if ranking.offer_score(signs_of(story, toponym), weights["offer"]) <= 0
    }
    taken = [each for each in story.names.toponyms if id(each) not in refused]
    for mark in story.gold:
        if mark.point is None:
            continue
        over = [each for each in taken if overlap(each.span, mark)]
        if over:
            closest = max(over, key=lambda each: min(each.span.end, mark.end) - max(each.span.start, mark.start))
            yield True, km_between(mark.point, gazetteer.point_of(best[closest.key]))
        else:
            tagged = any(each.kind == "place" and overlap(each.span, mark) for each in story.mentions)
            yield tagged, None


def folds(stories: Sequence[Prepared], others: Sequence[Prepared], gazetteer: Gazetteer) -> str:
    results = []
    for fold in range(5):
        inside = [story for number, story in enumerate(stories) if number % 5 != fold]
        weights = fit(inside, [*inside, *others], gazetteer)
        for story in stories[fold::5]:
            results += list(outcomes(story, weights, gazetteer))
    return summary(results)


def measured(stories: Sequence[Prepared], weights: Weights, gazetteer: Gazetteer) -> str:
    return summary([each for story in stories for each in outcomes(story, weights, gazetteer)])


def summary(results: Sequence[tuple[bool, float | None]]) -> str:
    found = sum(each for each, _ in results)
    distances = [km for _, km in results if km is not None]
    near = sum(km <= 161 for km in distances)
    return (
        f"{len(results)} names, found {100 * found / len(results):.1f}, acc161 {100 * near / len(results):.1f}, "
        f"of those found {100 * near / found:.1f}, median {statistics.median(distances):.1f} km"
    )


if __name__ == "__main__":
    main()
