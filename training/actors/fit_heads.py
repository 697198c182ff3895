"""Fits the core's heads for actors on the vectors of the shipped encoder, which stays as it is.

    python -m training.actors.fit_heads --data ../shared/data --weights src/dateline/language/weights \\
        --begin runs/shipped.pt --out runs/actors.pt --keep runs/actors.pkl

Antecedents: two linear maps whose product says how much a mention refers to an earlier one, against none (Lee et al.
2017, without the span search), on own stories and GUM. Sector and kind: linear. What the later fits see of the own
stories comes from heads fitted without the story (five folds), and is kept in --keep.
"""

from __future__ import annotations

import argparse
import math
import pickle
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dateline.grounding.actors.lexicons import load_actor_lexicons
from dateline.language.analysis import ACTOR_KINDS, SECTORS
from training.actors.stories import Core, GoldStory, gum_stories, own_stories
from training.train import network as net

FOLDS = 5
RATE = 2e-3


def main() -> None:
    """Parse the command line, fit by folds, fit on all, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--weights", type=Path, default=Path("src/dateline/language/weights"))
    parser.add_argument("--begin", type=Path, required=True, help="checkpoint of training.prepare.shipped")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--keep", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    core, lexicons = Core(options.weights), load_actor_lexicons()
    own = list(own_stories(options.data / "attributed-events" / "train.jsonl", core, lexicons))
    dev = list(own_stories(options.data / "attributed-events" / "dev.jsonl", core, lexicons))
    gum = list(gum_stories(options.data / "syntax" / "gum.train.conllu.gz", core, lexicons))
    print(f"{len(own)} own stories, {len(gum)} of GUM, {len(dev)} to measure", flush=True)
    order = random.Random(3).sample(range(len(own)), len(own))
    for fold in range(FOLDS):
        held = set(order[fold::FOLDS])
        heads = fit([own[i] for i in range(len(own)) if i not in held], gum, options.epochs)
        see([own[i] for i in held], heads)
        print(f"fold {fold}: {measure([own[i] for i in held])}", flush=True)
    heads = fit(own, gum, options.epochs)
    see(dev, heads)
    print(f"dev: {measure(dev)}")
    options.keep.write_bytes(pickle.dumps({"own": own, "dev": dev}))
    network, relations = net.load(options.begin)
    write(network, heads)
    net.save(network, relations, options.out)


class Heads(nn.Module):
    """The maps that become rows of the core's heads."""

    def __init__(self, hidden: int, width: int) -> None:
        super().__init__()
        self.later = nn.Linear(hidden, width)
        self.earlier = nn.Linear(hidden, width)
        self.anew = nn.Linear(hidden, 1)
        self.sector = nn.Linear(hidden, len(SECTORS))
        self.kind = nn.Linear(hidden, len(ACTOR_KINDS))

    def odds(self, vectors: Tensor) -> Tensor:
        """(mentions, mentions): as `Identities.odds`."""
        product = self.later(vectors) @ self.earlier(vectors).T / math.sqrt(self.later.out_features)
        return product - self.anew(vectors)


def fit(own: Sequence[GoldStory], gum: Sequence[GoldStory], epochs: int, *, seed: int = 1) -> Heads:
    """Fit on own stories, twice an epoch, and on GUM at half weight."""
    torch.manual_seed(seed)
    heads = Heads(own[0].vectors.shape[1], net.Shape().antecedent)
    optimizer = torch.optim.AdamW(heads.parameters(), lr=RATE, weight_decay=0.05)
    rounds = [(story, 1.0) for story in own] * 2 + [(story, 0.5) for story in gum]
    chance, step, steps = random.Random(seed), 0, epochs * len(rounds)
    for _ in range(epochs):
        chance.shuffle(rounds)
        for story, weight in rounds:
            step += 1
            found = loss(heads, story)
            if found is None:
                continue
            for group in optimizer.param_groups:
                group["lr"] = RATE * (1 - step / steps)
            (weight * found).backward()
            nn.utils.clip_grad_norm_(heads.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
    return heads.eval()


def loss(heads: Heads, story: GoldStory) -> Tensor | None:
    """Log-likelihood of all right antecedents (Durrett and Klein 2013), and of sector and kind, per mention."""
    labelled = [number for number, name in enumerate(story.gold) if name is not None]
    if len(labelled) < 2:
        return None
    vectors = F.dropout(torch.from_numpy(story.vectors), 0.2, heads.training)
    odds = heads.odds(vectors)
    terms = []
    for place in labelled:
        scores = torch.cat([odds[place, :place], odds.new_zeros(1)])
        right = [other for other in range(place) if story.gold[other] == story.gold[place]] or [place]
        terms.append(torch.logsumexp(scores, 0) - torch.logsumexp(scores[right], 0))
    total = torch.stack(terms).mean()
    if story.actors:
        rows = vectors[labelled]
        sectors = torch.tensor([SECTORS.index(story.actors[story.gold[n]]["sector"] or "") for n in labelled])
        kinds = torch.tensor([kind_of(story.actors[story.gold[n]]["kind"]) for n in labelled])
        total = total + F.cross_entropy(heads.sector(rows), sectors) + F.cross_entropy(heads.kind(rows), kinds)
    return total


def kind_of(name: str) -> int:
    """Index of a gold kind: an armed group is a group."""
    return ACTOR_KINDS.index({"armed_group": "group"}.get(name, name))


def see(stories: Sequence[GoldStory], heads: Heads) -> None:
    """Keep with each story what the heads say of it."""
    with torch.no_grad():
        for story in stories:
            vectors = torch.from_numpy(story.vectors)
            story.pair = heads.odds(vectors).numpy()
            story.sectors = heads.sector(vectors).numpy()
            story.kinds = heads.kind(vectors).numpy()


def measure(stories: Sequence[GoldStory]) -> dict[str, float]:
    """Share of mentions tied to a right antecedent or rightly to none, and of right sectors and kinds."""
    right, count = Counter[str](), 0
    for story in stories:
        for place, name in enumerate(story.gold):
            if name is None:
                continue
            count += 1
            scores = [*story.pair[place, :place], 0.0]
            best = int(np.argmax(scores))
            fitting = [other for other in range(place) if story.gold[other] == name] or [place]
            right["antecedent"] += best in fitting
            right["sector"] += SECTORS[int(story.sectors[place].argmax())] == (story.actors[name]["sector"] or "")
            right["kind"] += int(story.kinds[place].argmax()) == kind_of(story.actors[name]["kind"])
    return {what: round(100 * hits / count, 1) for what, hits in right.items()}


def write(network: net.Network, heads: Heads) -> None:
    """Put the maps into their rows of the network's heads."""
    rows = net.rows_of(network.layout)
    maps = {
        "antecedent_from": heads.later,
        "antecedent_to": heads.earlier,
        "antecedent_null": heads.anew,
        "sector": heads.sector,
        "actor_kind": heads.kind,
    }
    with torch.no_grad():
        for name, linear in maps.items():
            network.heads.weight[rows[name]] = linear.weight
            network.heads.bias[rows[name]] = linear.bias


if __name__ == "__main__":
    main()
