"""Fits the network's branch for events: copies of the encoder's last layers, and heads of their own, on frozen lower
layers.

    python -m training.events.branch --kept runs/events.pkl --begin runs/shipped.pt --out runs/branch.pt --layers 2

The trunk and every other head stay as they are shipped, bit for bit. What later fits see of the training stories comes
from branches fitted without the story (--folds), and is kept in --see.
"""

from __future__ import annotations

import argparse
import copy
import math
import pickle
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dateline.events.quantities import NumberWords, find_quantities, load_number_words, quantity_heads
from dateline.language.encoder import feeds
from dateline.language.pieces import Pieces
from dateline.language.tags import EVENT_MODES, EVENT_ROLES, EVENT_STATUSES, EVENT_TYPES
from training.events.stories import HARMS, EventStory, GoldEvent
from training.train import network as net

_KINDS = {"body": 0, "headline": 1, "summary": 2}
GOLD_ROLES = {
    "actors": "actor",
    "recipients": "recipient",
    "places": "place",
    "time": "time",
    "instruments": "instrument",
}


@dataclass(slots=True)
class Example:
    """One story as numbers. hidden: (windows, pieces, hidden) of the frozen layers, padded; own: (words,) window and
    piece.

    types: (words,), status, mode: (triggers,), chain: (triggers,) event of each trigger.
    targets: (triggers, candidates, roles) 1 where the candidate is that to the trigger, -1 where nobody can tell.
    """

    name: str
    source: str
    fold: str
    hidden: Tensor
    mask: Tensor
    own: tuple[Tensor, Tensor]
    types: Tensor
    triggers: Tensor
    status: Tensor
    mode: Tensor
    chain: list[int]
    candidates: Tensor
    targets: Tensor
    seen: dict[str, np.ndarray] = field(default_factory=dict)


def frozen(
    network: net.Network, story: EventStory, pieces: Pieces, layers: int
) -> tuple[Tensor, Tensor, tuple[Tensor, Tensor]]:
    """What the layers below the branch give for a story."""
    analysis = story.analysis
    words = [token.text for token in analysis.tokens]
    paragraph = [token.paragraph for token in analysis.tokens]
    kinds = [_KINDS[one.role] for one in analysis.paragraphs]
    windows = list(feeds(pieces, words, paragraph, kinds))
    longest = max(len(feed["pieces"]) for _, feed in windows)
    ids, signs = (
        torch.zeros(len(windows), longest, dtype=torch.long),
        torch.zeros(len(windows), longest, dtype=torch.long),
    )
    mask = torch.full((len(windows), 1, 1, longest), -1e4)
    which, place = torch.zeros(len(words), dtype=torch.long), torch.zeros(len(words), dtype=torch.long)
    for number, (window, feed) in enumerate(windows):
        count = len(feed["pieces"])
        ids[number, :count], signs[number, :count] = torch.from_numpy(feed["pieces"]), torch.from_numpy(feed["signs"])
        mask[number, ..., :count] = 0
        which[window.first : window.last] = number
        place[window.first : window.last] = torch.from_numpy(feed["words"])
    encoder = network.encoder
    with torch.no_grad():
        x = encoder.norm(encoder.pieces(ids) + encoder.positions(torch.arange(longest)) + encoder.signs(signs))
        for layer in encoder.stack[: len(encoder.stack) - layers]:
            x = layer(x, mask)
    return x.half(), mask, (which, place)


def example(
    network: net.Network, story: EventStory, pieces: Pieces, numbers: NumberWords, layers: int
) -> Example | None:
    """A story as numbers, None where nothing of it was read."""
    tokens = story.analysis.tokens
    if not tokens:
        return None
    hidden, mask, own = frozen(network, story, pieces, layers)
    types = torch.zeros(len(tokens), dtype=torch.long)
    marked: list[tuple[int, int]] = []
    for number, event in enumerate(story.events):
        marked += [(trigger, number) for trigger in event.triggers]
        for trigger in event.triggers:
            types[trigger] = EVENT_TYPES.index(event.type)
    marked = sorted(dict(reversed(marked)).items())
    triggers, chain = [trigger for trigger, _ in marked], [number for _, number in marked]
    candidates = candidate_words(story, numbers)
    targets = np.zeros((len(triggers), len(candidates), len(EVENT_ROLES)), np.int8)
    for row, (trigger, number) in enumerate(marked):
        _mark(targets[row], story, story.events[number], trigger, candidates)
    events = story.events
    return Example(
        story.id, story.source, story.fold, hidden, mask, own, types,
        torch.tensor(triggers, dtype=torch.long),
        torch.tensor([EVENT_STATUSES.index(events[n].status) for n in chain], dtype=torch.long),
        torch.tensor([mode_of(events[n]) for n in chain], dtype=torch.long),
        chain,
        torch.tensor(candidates, dtype=torch.long),
        torch.from_numpy(targets),
    )  # fmt: skip


def mode_of(event: GoldEvent) -> int:
    """Index of the gold mode; the codebook's "chemical" is PLOVER's unconventional."""
    mode = {"chemical": "unconventional", "demonstrate": "demo", "sabotage": "destroy"}.get(
        event.mode or "", event.mode
    )
    name = f"{event.type}/{mode}"
    return EVENT_MODES.index(name) if name in EVENT_MODES else 0


def candidate_words(story: EventStory, numbers: NumberWords) -> list[int]:
    """Head words of every phrase that the core finds, and numbers."""
    analysis = story.analysis
    return sorted(
        {phrase.head for phrase in analysis.phrases} | set(quantity_heads(find_quantities(analysis.tokens, numbers)))
    )


def _mark(row: np.ndarray, story: EventStory, event: GoldEvent, trigger: int, candidates: list[int]) -> None:
    """Fill (candidates, roles) for one trigger."""
    tokens = story.analysis.tokens
    here = tokens[trigger].sentence
    for column, word in enumerate(candidates):
        span = tokens[word].span
        far = abs(tokens[word].sentence - here)
        for role, name in GOLD_ROLES.items():
            if any(m.start <= span.start < m.end for chain in event.roles[role] for m in chain):
                row[column, EVENT_ROLES.index(name)] = 1 if far <= 2 else -1
        for harm in HARMS:
            number = event.numbers.get(harm, (None, None))[0]
            if number is not None and number.start <= span.start < number.end:
                row[column, EVENT_ROLES.index(harm)] = 1 if far <= 2 else -1


class Branch(nn.Module):
    """Its layers and heads, while they are fitted."""

    def __init__(self, network: net.Network, layers: int) -> None:
        super().__init__()
        stack = network.encoder.stack
        self.stack = nn.ModuleList(copy.deepcopy(layer) for layer in stack[len(stack) - layers :])
        self.widths = net.event_layout(network.shape)
        self.heads = nn.Linear(network.shape.hidden, sum(self.widths.values()))
        nn.init.normal_(self.heads.weight, 0, 0.02)
        nn.init.zeros_(self.heads.bias)
        rows = net.rows_of(self.widths)
        with torch.no_grad():  # most words name nothing, and most pairs are nothing to each other
            self.heads.bias[rows["event_type"].start] = 4.0
            self.heads.bias[rows["role_bias"]] = -4.0
        self.size = network.shape.role

    def forward(self, hidden: Tensor, mask: Tensor, own: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
        x = hidden.float()
        for layer in self.stack:
            x = layer(x, mask)
        x = F.dropout(x[own], 0.15, self.training)
        return dict(zip(self.widths, self.heads(x).split(list(self.widths.values()), -1), strict=True))

    def roles(self, out: dict[str, Tensor], triggers: Tensor, candidates: Tensor) -> Tensor:
        """(triggers, candidates, roles): logarithm of the odds."""
        left = out["role_from"][triggers].unflatten(-1, (len(EVENT_ROLES), self.size))
        right = out["role_to"][candidates].unflatten(-1, (len(EVENT_ROLES), self.size))
        pair = torch.einsum("trd,crd->tcr", left, right) / math.sqrt(self.size)
        return pair + out["role_bias"][triggers].unsqueeze(1)

    def same(self, out: dict[str, Tensor], triggers: Tensor) -> Tensor:
        """(triggers, triggers): logarithm of the odds that one names the happening of another rather than a new one."""
        product = out["same_from"][triggers] @ out["same_to"][triggers].T / math.sqrt(out["same_to"].shape[-1])
        return product - out["same_null"][triggers]


def loss(branch: Branch, one: Example) -> dict[str, Tensor]:
    """Every head's loss on one story."""
    out = branch(one.hidden, one.mask, one.own)
    terms = {"type": F.cross_entropy(out["event_type"], one.types, reduction="sum") / 40}
    if not len(one.triggers):
        return terms
    terms["status"] = F.cross_entropy(out["event_status"][one.triggers], one.status)
    terms["mode"] = 0.5 * F.cross_entropy(out["event_mode"][one.triggers], one.mode)
    odds, found = branch.same(out, one.triggers), []
    for place in range(1, len(one.chain)):
        scores = torch.cat([odds[place, :place], odds.new_zeros(1)])
        right = [other for other in range(place) if one.chain[other] == one.chain[place]] or [place]
        found.append(torch.logsumexp(scores, 0) - torch.logsumexp(scores[right], 0))
    if found:
        terms["same"] = torch.stack(found).mean()
    if len(one.candidates):
        scores = branch.roles(out, one.triggers, one.candidates)
        known = one.targets >= 0
        pairs = F.binary_cross_entropy_with_logits(scores[known], one.targets[known].float(), reduction="sum")
        terms["roles"] = pairs / (8 * len(one.triggers))
    return terms


def fit(
    network: net.Network,
    examples: Sequence[Example],
    layers: int,
    *,
    epochs: int,
    seed: int,
    order: int | None = None,
    rate: float = 1.2e-4,
    batch: int = 4,
) -> Branch:
    """Fit a branch; a line of losses an epoch.

    seed: of how the heads begin. order: of the order of stories and of dropout; branches that began alike can be
    averaged.
    """
    torch.manual_seed(seed)
    branch = Branch(network, layers)
    order = seed if order is None else order
    torch.manual_seed(order)
    optimizer = torch.optim.AdamW(
        [{"params": branch.stack.parameters(), "top": rate}, {"params": branch.heads.parameters(), "top": 1.5e-3}],
        lr=0.0,
        weight_decay=0.02,
    )
    chance, steps, step = random.Random(order), epochs * math.ceil(len(examples) / batch), 0
    mean = copy.deepcopy(branch)
    for epoch in range(epochs):
        branch.train()
        shuffled, sums, began = list(examples), Counter[str](), time.time()
        chance.shuffle(shuffled)
        for at in range(0, len(shuffled), batch):
            step += 1
            share = min(1.0, step / (0.06 * steps)) * max(0.0, 1 - step / steps)
            for group in optimizer.param_groups:
                group["lr"] = group["top"] * share
            for one in shuffled[at : at + batch]:
                with torch.autocast("cpu", torch.bfloat16):
                    terms = loss(branch, one)
                for name, value in terms.items():
                    sums[name] += float(value.detach())
                (torch.stack(list(terms.values())).sum() / batch).backward()
            nn.utils.clip_grad_norm_(branch.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            keep = min(0.995, (1 + step) / (10 + step))
            with torch.no_grad():
                for slow, fast in zip(mean.parameters(), branch.parameters(), strict=True):
                    slow.lerp_(fast, 1 - keep)
        told = {name: round(value / len(shuffled), 3) for name, value in sums.items()}
        print(f"epoch {epoch}: {told} {time.time() - began:.0f} s", flush=True)
    return mean.eval()


def see(branch: Branch, examples: Sequence[Example]) -> None:
    """Keep with each story what the heads say of every word."""
    with torch.no_grad():
        for one in examples:
            one.seen = {
                name: value.numpy().astype(np.float32) for name, value in branch(one.hidden, one.mask, one.own).items()
            }


def measure(branch: Branch, examples: Sequence[Example]) -> dict[str, float]:
    """Words as triggers: found and typed F1; status and mode of gold triggers; antecedents; roles (F1 at odds of 1)
    of gold triggers."""
    n: Counter[str] = Counter()
    chance, truth = [], []
    roles = np.zeros((len(EVENT_ROLES), 3), int)
    for one in examples:
        out = {name: torch.from_numpy(value) for name, value in one.seen.items()}
        best = out["event_type"].argmax(-1)
        chance.append(1 - torch.softmax(out["event_type"], -1)[:, 0].numpy())
        truth.append(
            np.stack([(one.types > 0).numpy(), ((out["event_type"][:, 1:].argmax(-1) + 1) == one.types).numpy()])
        )
        n["predicted"] += int((best > 0).sum())
        n["gold"] += int((one.types > 0).sum())
        n["found"] += int(((best > 0) & (one.types > 0)).sum())
        n["typed"] += int(((best == one.types) & (one.types > 0)).sum())
        if not len(one.triggers):
            continue
        n["triggers"] += len(one.triggers)
        n["status"] += int((out["event_status"][one.triggers].argmax(-1) == one.status).sum())
        n["mode"] += int((out["event_mode"][one.triggers].argmax(-1) == one.mode).sum())
        odds = branch.same(out, one.triggers)
        for place in range(1, len(one.chain)):
            fitting = [other for other in range(place) if one.chain[other] == one.chain[place]] or [place]
            n["same"] += int(torch.cat([odds[place, :place], odds.new_zeros(1)]).argmax()) in fitting
            n["pairs"] += 1
        if len(one.candidates):
            said, right = branch.roles(out, one.triggers, one.candidates) > 0, one.targets
            for role in range(len(EVENT_ROLES)):
                known = right[..., role] >= 0
                roles[role] += [  # at odds of 1
                    int((said[..., role] & (right[..., role] == 1)).sum()),
                    int((said[..., role] & known).sum()),
                    int((right[..., role] == 1).sum()),
                ]
    f1 = lambda hit, said, truth: round(200.0 * hit / max(1, said + truth), 1)  # noqa: E731
    sure, hits = np.concatenate(chance), np.concatenate(truth, 1)
    order = np.argsort(-sure)
    curve = 2 * hits[:, order].cumsum(1) / (np.arange(1, len(order) + 1) + n["gold"])
    result = {
        "best found": round(100 * float(curve[0].max()), 1), "best typed": round(100 * float(curve[1].max()), 1),
        "at": round(float(sure[order[curve[1].argmax()]]), 2),
        "found": f1(n["found"], n["predicted"], n["gold"]), "typed": f1(n["typed"], n["predicted"], n["gold"]),
        "precision": round(100 * n["found"] / max(1, n["predicted"]), 1),
        "status": round(100 * n["status"] / max(1, n["triggers"]), 1),
        "mode": round(100 * n["mode"] / max(1, n["triggers"]), 1),
        "same": round(100 * n["same"] / max(1, n["pairs"]), 1),
    }  # fmt: skip
    return result | {name: f1(*roles[place].tolist()) for place, name in enumerate(EVENT_ROLES)}


def main() -> None:
    """Parse the command line, fit by folds where asked, fit on all, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kept", type=Path, required=True, help="output of training.events.stories")
    parser.add_argument("--begin", type=Path, required=True, help="checkpoint of training.prepare.shipped")
    parser.add_argument("--start", type=Path, default=Path("runs/start"), help="folder with vocab.txt")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--see", type=Path, help="where to keep what the heads say of every story")
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--only", type=int, help="this fold alone, so that folds can run side by side")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--order", type=int, help="seed of the order of stories; branches of one --seed can be averaged"
    )
    parser.add_argument("--rate", type=float, default=1.2e-4)
    parser.add_argument("--sources", nargs="*", default=["own", "news"])
    options = parser.parse_args()
    torch.set_num_threads(1)
    network, relations = net.load(options.begin)
    network.eval()
    pieces, numbers = Pieces(options.start / "vocab.txt"), load_number_words()
    stories: list[EventStory] = pickle.loads(options.kept.read_bytes())
    made = [
        one
        for story in stories
        if story.source in options.sources and (one := example(network, story, pieces, numbers, options.layers))
    ]
    train, dev = [one for one in made if one.fold != "dev"], [one for one in made if one.fold == "dev"]
    print(f"{len(train)} stories to learn from, {len(dev)} to measure", flush=True)
    order = random.Random(3).sample(range(len(train)), len(train))
    for fold in range(options.folds) if options.only is None else [options.only]:
        held = set(order[fold :: options.folds])
        branch = fit(
            network,
            [train[i] for i in range(len(train)) if i not in held],
            options.layers,
            epochs=options.epochs,
            seed=options.seed,
            rate=options.rate,
        )
        mine = [train[i] for i in held]
        see(branch, mine)
        print(f"fold {fold}: {measure(branch, mine)}", flush=True)
        if options.see:
            options.see.with_suffix(f".{fold}.pkl").write_bytes(pickle.dumps({one.name: one.seen for one in mine}))
    if options.only is not None:
        return
    branch = fit(
        network,
        train,
        options.layers,
        epochs=options.epochs,
        seed=options.seed,
        order=options.order,
        rate=options.rate,
    )
    see(branch, dev)
    print(f"dev: {measure(branch, dev)}", flush=True)
    if options.see:
        options.see.with_suffix(".dev.pkl").write_bytes(pickle.dumps({one.name: one.seen for one in dev}))
    if options.out:
        network.graft(branch.stack, branch.heads)
        net.save(network, relations, options.out)


if __name__ == "__main__":
    main()
