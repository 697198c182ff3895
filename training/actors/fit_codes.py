"""Fits the choice of country, sector and kind, and writes `grounding/actors/data/codes.npz`.

    python -m training.actors.fit_codes --kept runs/actors.pkl

Log-linear models with a weight per feature, the same for every label, and a bias per sector and kind. Fitted on the
actors as the product clusters them, each gold mention counted once, with head outputs that did not see the story.
"""

from __future__ import annotations

import argparse
import pickle
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from dateline.grounding import load_place_lexicons, open_gazetteer
from dateline.grounding.actors import resolution
from dateline.grounding.actors.codes import (
    COUNTRY_SIGNS,
    KIND_SIGNS,
    NOT_STATES,
    SECTOR_SIGNS,
    Coder,
    country_rows,
    kind_rows,
    sector_rows,
)
from dateline.grounding.actors.knowledge import ActorKnowledge, load_actor_knowledge
from dateline.language.analysis import ACTOR_KINDS, SECTORS, Identities
from training.actors.fit_heads import kind_of
from training.actors.stories import GoldStory, locate, regather


@dataclass(frozen=True)
class Example:
    """One actor of ours that some gold actor stands behind. weight: gold mentions that say so."""

    sector: np.ndarray
    kind: np.ndarray
    countries: tuple[str, ...]
    country: np.ndarray
    told: str
    gold_sector: int
    gold_kind: int
    gold_country: str
    weight: int


def main() -> None:
    """Parse the command line, fit, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("src/dateline/grounding/actors/data/codes.npz"))
    parser.add_argument("--l2", type=float, default=0.02)
    options = parser.parse_args()
    torch.set_num_threads(1)
    kept = pickle.loads(options.kept.read_bytes())
    if not options.out.exists():
        _write(options.out, _blank())
    knowledge = load_actor_knowledge()
    gazetteer, places = open_gazetteer(None), load_place_lexicons()
    for story in (*kept["own"], *kept["dev"]):
        regather(story, knowledge.lexicons)
        locate(story, gazetteer, places)
    coder = knowledge.coder
    for turn in range(2):  # the codes of actors inside others' mentions are features, so they are fitted twice
        knowledge = replace(knowledge, coder=coder)
        train = [example for story in kept["own"] for example in examples(story, knowledge)]
        dev = [example for story in kept["dev"] for example in examples(story, knowledge)]
        print(f"turn {turn}, before: {measure(dev, coder)}", flush=True)
        coder = fit(train, options.l2)
        print(f"turn {turn}: train {measure(train, coder)} dev {measure(dev, coder)}", flush=True)
    _write(options.out, coder)


def _blank() -> Coder:
    zeros = [
        np.zeros(n, np.float32)
        for n in (len(SECTOR_SIGNS), len(SECTORS), len(KIND_SIGNS), len(ACTOR_KINDS), len(COUNTRY_SIGNS))
    ]
    return Coder(*zeros)


def _write(path: Path, coder: Coder) -> None:
    names = ("sector", "sector_bias", "kind", "kind_bias", "country")
    np.savez_compressed(path, **{name: getattr(coder, name) for name in names})


def examples(story: GoldStory, knowledge: ActorKnowledge) -> Iterator[Example]:
    """The actors of one story as the product makes them, those that gold actors stand behind."""
    if not story.cast.mentions or (story.analysis.identities is None and not len(story.sectors)):
        return
    analysis = replace(story.analysis, identities=_unseen(story))
    resolved = resolution.tie(
        story.story,
        analysis,
        story.mentions,
        knowledge=knowledge,
        home=story.outlet and story.outlet.country,
        places=story.countries,
    )
    profiles = resolution.profile_all(analysis, resolved, knowledge)
    for number, profile in enumerate(profiles):
        votes = Counter(
            name for member in resolved.clusters[number].members if (name := story.gold[member]) is not None
        )
        for name, weight in votes.items():
            actor = story.actors[name]
            countries, rows = country_rows(profile, resolved.setting)
            told = profile.entry.country if profile.entry and profile.entry.country in NOT_STATES else ""
            yield Example(
                sector_rows(profile),
                kind_rows(profile),
                countries,
                rows,
                told,
                SECTORS.index(actor["sector"] or "") if (actor["sector"] or "") in SECTORS else 0,
                kind_of(actor["kind"]),
                actor["country"] or "",
                weight,
            )


def _unseen(story: GoldStory) -> Identities:
    """Head outputs that did not see the story, in the rows of its phrases."""
    count = len(story.analysis.phrases)
    sectors = np.zeros((count, len(SECTORS)), np.float32)
    kinds = np.zeros((count, len(ACTOR_KINDS)), np.float32)
    sectors[story.cast.phrases], kinds[story.cast.phrases] = story.sectors, story.kinds
    return _Known(
        np.zeros((count, 1), np.float32),
        np.zeros((count, 1), np.float32),
        np.zeros(count, np.float32),
        sectors,
        kinds,
        story.pair,
    )


@dataclass(frozen=True, eq=False)
class _Known(Identities):
    pair: np.ndarray = None  # type: ignore[assignment]

    def odds(self, rows: np.ndarray) -> np.ndarray:
        return self.pair


def fit(data: Sequence[Example], l2: float) -> Coder:
    """Maximise the weighted likelihood of the gold labels."""
    torch.manual_seed(0)
    weights = {
        "sector": torch.zeros(len(SECTOR_SIGNS)),
        "sector_bias": torch.zeros(len(SECTORS)),
        "kind": torch.zeros(len(KIND_SIGNS)),
        "kind_bias": torch.zeros(len(ACTOR_KINDS)),
        "country": torch.zeros(len(COUNTRY_SIGNS)),
    }
    for each in weights.values():
        each.requires_grad_()
    mass = torch.tensor([example.weight for example in data], dtype=torch.float32)
    mass = mass / mass.sum()
    sectors = torch.from_numpy(np.stack([example.sector for example in data]))
    kinds = torch.from_numpy(np.stack([example.kind for example in data]))
    gold_sectors = torch.tensor([example.gold_sector for example in data])
    gold_kinds = torch.tensor([example.gold_kind for example in data])
    widest = max(len(example.countries) for example in data)
    tables = torch.zeros(len(data), widest, len(COUNTRY_SIGNS))
    missing = torch.full((len(data), widest), -1e4)
    gold_countries = torch.full((len(data),), -1)
    for number, example in enumerate(data):
        tables[number, : len(example.countries)] = torch.from_numpy(example.country)
        missing[number, : len(example.countries)] = 0
        if not example.told and example.gold_country in example.countries:
            gold_countries[number] = example.countries.index(example.gold_country)
    found = gold_countries >= 0
    # the gold leaves the country of many out that a reader could tell: these teach less
    told = torch.tensor([1.0 if example.gold_country else 0.3 for example in data])
    optimizer = torch.optim.LBFGS(list(weights.values()), max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        sector = F.cross_entropy(sectors @ weights["sector"] + weights["sector_bias"], gold_sectors, reduction="none")
        kind = F.cross_entropy(kinds @ weights["kind"] + weights["kind_bias"], gold_kinds, reduction="none")
        scores = tables @ weights["country"] + missing
        country = F.cross_entropy(scores[found], gold_countries[found], reduction="none")
        penalty = sum((each**2).sum() for each in weights.values())
        total = (mass * (sector + kind)).sum() + (mass[found] * told[found] * country).sum() + l2 * 0.01 * penalty
        total.backward()
        return total

    optimizer.step(closure)
    return Coder(
        *(weights[name].detach().numpy() for name in ("sector", "sector_bias", "kind", "kind_bias", "country"))
    )


def measure(data: Sequence[Example], coder: Coder) -> dict[str, float]:
    """Share of gold mentions with the right country, sector (where the gold has one) and kind."""
    right, count = Counter[str](), Counter[str]()
    for example in data:
        sector = int((example.sector @ coder.sector + coder.sector_bias).argmax())
        kind = int((example.kind @ coder.kind + coder.kind_bias).argmax())
        country = example.told or example.countries[int((example.country @ coder.country).argmax())]
        for what, gold, found in (
            ("sector", example.gold_sector, sector),
            ("country", example.gold_country, country),
        ):
            if gold:
                count[what] += example.weight
                right[what] += example.weight * (gold == found)
        count["kind"] += example.weight
        right["kind"] += example.weight * (kind == example.gold_kind)
    return {what: round(100 * right[what] / count[what], 1) for what in count}


if __name__ == "__main__":
    main()
