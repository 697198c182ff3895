"""Fits what decides which mentions stand for one actor, and writes `grounding/actors/data/antecedents.npz`.

    python -m training.actors.fit_ranker --kept runs/actors.pkl

A mention is scored against every actor met before it and against beginning anew; the loss is the likelihood of the
right actor, with the gold actors so far as candidates. --kept comes from training.actors.fit_heads.
"""

from __future__ import annotations

import argparse
import pickle
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dateline.grounding.actors import resolution
from dateline.grounding.actors.antecedents import (
    ALONE,
    CLASSES,
    FEATURES,
    Cluster,
    Ranker,
    Scene,
    Scorer,
    alone,
    ask,
    class_of,
    features,
)
from dateline.grounding.actors.lexicons import ActorLexicons, load_actor_lexicons
from dateline.grounding.actors.linking import link, with_governments
from dateline.grounding.actors.register import Register, load_register
from training.actors.stories import GoldStory, regather, share

RATE = 5e-3
Row = tuple[int, Tensor, Tensor, list[int]]


def main() -> None:
    """Parse the command line, fit, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("src/dateline/grounding/actors/data/antecedents.npz"))
    parser.add_argument("--hidden", type=int, default=24)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seeds", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    kept = pickle.loads(options.kept.read_bytes())
    lexicons = load_actor_lexicons()
    for story in (*kept["own"], *kept["dev"]):
        regather(story, lexicons)
    register = with_governments(load_register(), lexicons)
    train, dev = ([(story, scene(story, register, lexicons)) for story in kept[name]] for name in ("own", "dev"))
    data = [rows_of(story, found) for story, found in train]
    print(f"{sum(map(len, data))} mentions to learn from", flush=True)
    # how far to prefer beginning anew is chosen on a fifth of the stories that the fit leaves out
    order = random.Random(5).sample(range(len(data)), len(data))
    held = set(order[::5])
    ranker = fit([data[n] for n in range(len(data)) if n not in held], options)
    kept_back = [train[n] for n in held]
    measured = {caution: measure(kept_back, with_caution(ranker, caution)) for caution in (-0.4, 0.0, 0.4, 0.8, 1.2)}
    for caution, found in measured.items():
        print(f"kept back, caution {caution}: {found}", flush=True)
    caution = max(measured, key=lambda each: measured[each]["f1"])
    ranker = with_caution(fit(data, options), caution)
    print(f"dev, caution {caution}: {measure(dev, ranker)}")
    arrays = {
        f"{part}_{name}": getattr(getattr(ranker, part), name)
        for part in ("joining", "alone")
        for name in ("first", "shift", "second", "direct")
    }
    np.savez_compressed(options.out, caution=np.float32(caution), **arrays)


def scene(story: GoldStory, register: Register, lexicons: ActorLexicons) -> Scene:
    """What the ranker reads, with odds of heads that did not see the story."""
    setting = resolution.setting_of(story.story, story.analysis, lexicons, story.outlet and story.outlet.country, {})
    links = link(story.analysis, story.cast.mentions, register, lexicons, shares=setting.shares, day=setting.day)
    found = resolution.scene_of(story.analysis, story.cast, links, setting.day)
    return Scene(found.analysis, found.mentions, story.pair, found.entries, found.sources, found.quoted)


def rows_of(story: GoldStory, found: Scene) -> list[Row]:
    """Of every gold mention: its class, a row of features per gold actor so far, its own, and the right ones."""
    clusters: list[Cluster] = []
    names: list[str | None] = []
    rows: list[Row] = []
    for place, one in enumerate(found.mentions):
        name = story.gold[place]
        if name is None and one.form == "pronoun":
            continue  # the gold marks only some pronouns
        if name is not None:
            order = np.argsort(np.argsort([-cluster.members[-1] for cluster in clusters]))
            asked = ask(found, place)
            table = [features(found, asked, c, int(r)) for c, r in zip(clusters, order, strict=True)]
            rows.append(
                (
                    CLASSES.index(class_of(one)),
                    torch.tensor(table, dtype=torch.float32).reshape(-1, FEATURES),
                    torch.tensor([alone(found, place, len(clusters))], dtype=torch.float32),
                    [number for number, other in enumerate(names) if other == name],
                )
            )
        number = names.index(name) if name is not None and name in names else len(names)
        if number == len(names):
            clusters.append(Cluster([]))
            names.append(name)
        clusters[number].add(place, one, found.entries[place])
    return rows


class Part(nn.Module):
    """A `Scorer` that learns."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.first = nn.Parameter(torch.randn(inputs, hidden) * 0.15)
        self.shift = nn.Parameter(torch.zeros(len(CLASSES), hidden))
        self.second = nn.Parameter(torch.randn(len(CLASSES), hidden) * 0.05)
        self.direct = nn.Parameter(torch.zeros(len(CLASSES), inputs))

    def forward(self, rows: Tensor, kind: int) -> Tensor:
        hidden = F.dropout(torch.relu(rows @ self.first + self.shift[kind]), 0.2, self.training)
        return hidden @ self.second[kind] + rows @ self.direct[kind]

    def fixed(self) -> Scorer:
        """The same for run time."""
        return Scorer(*(each.detach().numpy() for each in (self.first, self.shift, self.second, self.direct)))


def fit(data: Sequence[list[Row]], options: argparse.Namespace) -> Ranker:
    """Fit on the rows of many stories, a story a step."""
    torch.manual_seed(0)
    chance = random.Random(0)
    joining, anew = Part(FEATURES, options.hidden), Part(ALONE, 8)
    both = [*joining.parameters(), *anew.parameters()]
    optimizer = torch.optim.AdamW(both, lr=RATE, weight_decay=0.1)
    stories = [rows for rows in data if rows]
    step, steps = 0, options.epochs * len(stories)
    for _ in range(options.epochs):
        chance.shuffle(stories)
        for rows in stories:
            terms = []
            for kind, table, own, right in rows:
                scores = torch.cat([joining(table, kind), anew(own, kind)])
                fitting = right or [len(scores) - 1]
                terms.append(torch.logsumexp(scores, 0) - torch.logsumexp(scores[fitting], 0))
            for group in optimizer.param_groups:
                group["lr"] = RATE * (1 - step / steps)
            torch.stack(terms).mean().backward()
            nn.utils.clip_grad_norm_(both, 1.0)
            optimizer.step()
            optimizer.zero_grad()
            step += 1
    return Ranker(joining.eval().fixed(), anew.eval().fixed())


def with_caution(ranker: Ranker, caution: float) -> Ranker:
    """The same with another preference for beginning anew."""
    return Ranker(ranker.joining, ranker.alone, caution)


def measure(stories: Sequence[tuple[GoldStory, Scene]], ranker: Ranker) -> dict[str, float]:
    """B-cubed over the gold mentions that overlap one of ours (Bagga and Baldwin 1998)."""
    precision = recall = count = 0.0
    for story, found in stories:
        _, of = resolution.cluster(found, ranker)
        spans = [(one.mention.span.start, one.mention.span.end) for one in found.mentions]
        pairs = []
        for name, span in story.golds:
            overlap, place = max(((share(span, other), n) for n, other in enumerate(spans)), default=(0.0, 0))
            if overlap:
                pairs.append((name, of[place][0]))
        for name, number in pairs:
            both = pairs.count((name, number))
            precision += both / sum(other == number for _, other in pairs)
            recall += both / sum(other == name for other, _ in pairs)
        count += len(pairs)
    p, r = precision / count, recall / count
    return {"p": round(100 * p, 1), "r": round(100 * r, 1), "f1": round(200 * p * r / (p + r), 1)}


if __name__ == "__main__":
    main()
