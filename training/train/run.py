"""Trains the language core: one encoder, many corpora, each teaching the heads it has labels for.

    python -m training.train.run --data ../shared/data --start FOLDER --out runs/a --steps 6000

One CPU thread (bf16 autocast) or a GPU. A run is seeded and can be resumed with the same command: it continues from
OUT/state.pt. Losses are means over the words of a batch that carry the label.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from dateline.language.pieces import Pieces
from dateline.language.tags import LINKS, MENTION_TYPES
from training.prepare import examples as corpora
from training.prepare.examples import Example
from training.prepare.news import read_news
from training.prepare.silver import read_silver
from training.train import network as net
from training.train.batches import Batch, batches, cut, labels, link_targets

# of the steps
SHARES = {"polnear": 0.42, "own": 0.18, "news": 0.20, "gum": 0.10, "ewt": 0.08, "re3d": 0.02}


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--start", type=Path, required=True, help="folder with model.safetensors and vocab.txt")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--size", type=int, default=1536, help="word pieces of a batch")
    parser.add_argument(
        "--rate", type=float, default=2e-4, help="learning rate of the encoder; the heads' is five times that"
    )
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--begin", type=Path, help="a trained checkpoint to go on from, with a fresh schedule")
    parser.add_argument(
        "--silver", type=Path, help="stories labelled by training.prepare.silver, a quarter of the steps"
    )
    parser.add_argument(
        "--news", type=Path, help="annotations of news stories, without which their share goes to the others"
    )
    parser.add_argument("--blank", type=float, default=0.06, help="share of the words hidden behind a mask")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--average", type=float, default=0.998, help="decay of the weight average that is kept")
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    train(options)


def train(options: argparse.Namespace) -> None:
    """The training loop; writes OUT/average.pt (weights to export), OUT/state.pt (to resume), OUT/log.jsonl."""
    torch.manual_seed(7)  # heads start alike in every run, so that runs of different seeds may be averaged
    pieces = Pieces(options.start / "vocab.txt")
    roles = frozenset((Path(corpora.__file__).parents[2] / "src/dateline/language/data/roles.txt").read_text().split())
    texts = read_corpora(options.data, roles, random.Random(options.seed))
    relations = sorted({relation for name in ("gum", "ewt") for e in texts[name] for relation in e.deprel or ()})
    network = net.Network(net.Shape(relations=len(relations)), options.dropout)
    net.load_pretrained(network, options.start)
    if options.begin:
        network.load_state_dict(net.load(options.begin)[0].state_dict())
    # the word pieces' own vectors stay as they came: training them cost a quarter of each step and the rare ones drift
    network.encoder.pieces.weight.requires_grad_(False)
    network.to(options.device)
    average = {key: value.clone() for key, value in network.state_dict().items()}
    optimizer = torch.optim.AdamW(parameter_groups(network, options.rate), fused=options.device == "cpu")
    rng = random.Random(options.seed)
    if options.news:
        texts["news"] = list(read_news(options.news, options.data))
    shares = {name: share for name, share in SHARES.items() if name in texts}
    if options.silver:
        texts["silver"] = list(read_silver(options.silver))
        shares = {name: 0.75 * share for name, share in shares.items()} | {"silver": 0.25 * sum(shares.values())}
    streams = {
        name: stream(
            texts[name],
            pieces,
            options.size,
            random.Random(f"{options.seed}{name}"),
            name in ("gum", "ewt"),
            options.blank,
        )
        for name in shares
    }
    torch.manual_seed(options.seed)
    step = 0
    state = options.out / "state.pt"
    if state.exists():
        stored = torch.load(state, map_location=options.device, weights_only=False)
        network.load_state_dict(stored["network"])
        optimizer.load_state_dict(stored["optimizer"])
        average, step = stored["average"], stored["step"]
        rng.setstate(stored["rng"])
        # the streams start a fresh epoch: which windows come next differs from an unbroken run, their mix does not
    log = (options.out / "log.jsonl").open("a")
    print(net.describe(network), {name: len(e) for name, e in texts.items()}, flush=True)
    network.train()
    sums: dict[str, list[float]] = {}
    began, words = time.process_time(), 0
    while step < options.steps:
        corpus = rng.choices(list(shares), list(shares.values()))[0]
        batch = next(streams[corpus])
        scale = schedule(step, options.steps)
        for group in optimizer.param_groups:
            group["lr"] = group["base"] * scale
        losses = batch_losses(network, batch, corpus, relations, options.device)
        total = torch.stack(list(losses.values())).sum()
        total.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        step += 1
        decay = min(options.average, (1 + step) / (10 + step))
        if step % 5 == 0:
            with torch.no_grad():
                for key, value in network.state_dict().items():
                    average[key].lerp_(value, 1 - decay**5)
        for name, loss in losses.items():
            sums.setdefault(f"{corpus}.{name}", []).append(loss.item())
        words += int(batch.ids.numel())
        if step % 100 == 0 or step == options.steps:
            means = {name: round(float(np.mean(values)), 4) for name, values in sorted(sums.items())}
            line = {"step": step, "pieces_per_second": round(words / (time.process_time() - began)), **means}
            print(json.dumps(line), flush=True)
            log.write(json.dumps(line) + "\n")
            log.flush()
            sums = {}
        if step % 500 == 0 or step == options.steps:
            torch.save(
                {
                    "network": network.state_dict(),
                    "optimizer": optimizer.state_dict(),
                    "average": average,
                    "step": step,
                    "rng": rng.getstate(),
                },
                options.out / "state.tmp",
            )
            (options.out / "state.tmp").replace(state)
            kept = {key: value.clone() for key, value in network.state_dict().items()}
            network.load_state_dict(average)
            net.save(network, relations, options.out / "average.pt")
            network.load_state_dict(kept)
    (options.out / "run.json").write_text(
        json.dumps(
            {**{k: str(v) for k, v in vars(options).items()}, "cpu_seconds": time.process_time(), "shares": shares}
        )
    )


def read_corpora(data: Path, roles: frozenset[str], rng: random.Random) -> dict[str, list[Example]]:
    """The training parts of all corpora."""
    return {
        "polnear": list(corpora.read_polnear(data / "attribution/polnear.train.jsonl", rng)),
        "own": list(corpora.read_own(data / "attributed-events/train.jsonl", rng)),
        "gum": list(corpora.read_conllu(data / "syntax/gum.train.conllu.gz", "gum", roles)),
        "ewt": list(corpora.read_conllu(data / "syntax/ewt.train.conllu.gz", "ewt", roles)),
        "re3d": list(corpora.read_re3d(data / "mentions/re3d.jsonl")),
    }


def stream(
    texts: list[Example], pieces: Pieces, size: int, rng: random.Random, treebank: bool, blank: float
) -> Iterator[Batch]:
    """Batches without end; every epoch cuts its windows anew."""
    while True:
        windows = [window for example in texts for window in cut(example, pieces, rng, treebank=treebank, blank=blank)]
        yield from batches(windows, size, rng)


def parameter_groups(network: net.Network, rate: float) -> list[dict]:
    """Encoder and heads apart; no decay for biases, norms and embeddings."""
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        base = rate if name.startswith("encoder.") and "signs" not in name else 5 * rate
        decay = 0.01 if parameter.ndim == 2 and "norm" not in name else 0.0
        groups.setdefault((base, decay), []).append(parameter)
    return [{"params": p, "lr": base, "base": base, "weight_decay": decay} for (base, decay), p in groups.items()]


def schedule(step: int, steps: int) -> float:
    """Warm-up over 5 % of the run, then linear to 0."""
    warm = max(1, steps // 20)
    return min(1.0, (step + 1) / warm) * min(1.0, (steps - step) / (steps - warm))


def batch_losses(
    network: net.Network, batch: Batch, corpus: str, relations: list[str], device: str
) -> dict[str, Tensor]:
    """Losses of the heads that this corpus teaches."""
    with torch.autocast(device.split(":")[0], torch.bfloat16):
        out = network(batch.ids.to(device), batch.signs.to(device), batch.mask.to(device), batch.words.to(device))
    losses: dict[str, Tensor] = {}
    if corpus in ("polnear", "own", "news", "silver"):
        losses |= attribution_losses(network, batch, out, corpus, device)
    if corpus in ("gum", "ewt"):
        losses |= syntax_losses(network, batch, out, relations, device)
    if corpus not in ("polnear", "news", "silver"):
        losses["mentions"] = mention_loss(batch, out, device)
    if corpus in ("own", "news"):
        losses["act"] = act_loss(batch, out, device)
        losses["answer"] = answer_loss(batch, out, device)
    return losses


def attribution_losses(
    network: net.Network, batch: Batch, out: dict[str, Tensor], corpus: str, device: str
) -> dict[str, Tensor]:
    """Tag sequences of one or both layers, and links to cues."""
    losses = {}
    for layer in (0,) if corpus == "polnear" else (0, 1):
        emissions, tags, lengths = paragraph_rows(batch, out[f"roles-{layer}"], layer, device)
        losses[f"roles-{layer}"] = (
            net.chain_loss(network, layer, emissions, tags, lengths) / lengths.sum() * (1.5 if layer == 0 else 1.0)
        )
    scores = net.link_scores(network, out)
    count = batch.words.shape[1]
    padded = torch.arange(count)[None, :] >= torch.tensor(batch.counts)[:, None]
    blocked = torch.cat([padded, torch.zeros(len(batch.windows), 1, dtype=torch.bool)], 1).to(device)
    for number, name in enumerate(LINKS):
        if corpus == "polnear" and name.endswith("1"):
            continue
        targets = link_targets(batch, number).to(device)
        rows = targets.sum(-1) > 0
        if not rows.any():
            continue
        chosen = scores[number].masked_fill(blocked[:, None, :], -1e4)[rows]
        # one subject of three verbs is to give each a third: with the sum over the right cues it would settle on one
        wanted = targets[rows] / targets[rows].sum(-1, keepdim=True)
        wrong = -(wanted * torch.log_softmax(chosen, -1)).sum(-1)
        losses[f"link-{name}"] = wrong.mean() * 0.5 * (1.0 if name.endswith("0") else 0.5)
    return losses


def paragraph_rows(batch: Batch, emissions: Tensor, layer: int, device: str) -> tuple[Tensor, Tensor, Tensor]:
    """Each paragraph's own words as a row: emissions (rows, length, tags), tags (rows, length), lengths (rows,)."""
    index, tags = [], []
    for row, window in enumerate(batch.windows):
        gold = window.example.roles[layer]
        start = window.first
        while start < window.last:
            end = start + 1
            while end < window.last and window.example.paragraph[end] == window.example.paragraph[start]:
                end += 1
            index.append([(row, word - window.context) for word in range(start, end)])
            tags.append(gold[start:end])
            start = end
    length = max(len(r) for r in index)
    rows = torch.zeros(len(index), length, dtype=torch.long)
    places = torch.zeros(len(index), length, dtype=torch.long)
    target = torch.zeros(len(index), length, dtype=torch.long)
    for number, (cells, gold) in enumerate(zip(index, tags, strict=True)):
        rows[number, : len(cells)] = torch.tensor([c[0] for c in cells])
        places[number, : len(cells)] = torch.tensor([c[1] for c in cells])
        target[number, : len(cells)] = torch.as_tensor(gold)
        if target[number, 0] in (2, 4, 6):  # a row that starts inside a span begins it anew
            target[number, 0] -= 1
    lengths = torch.tensor([len(c) for c in index])
    return emissions[rows.to(device), places.to(device)], target.to(device), lengths.to(device)


def syntax_losses(
    network: net.Network, batch: Batch, out: dict[str, Tensor], relations: list[str], device: str
) -> dict[str, Tensor]:
    """Sentence ends, parts of speech, governors inside the sentence, relations to the right governor."""
    ends = labels(batch, "sentence_end").to(device)
    upos = labels(batch, "upos").to(device)
    heads = labels(batch, "head").to(device)
    offset = torch.tensor([w.context for w in batch.windows]).to(device)
    heads = torch.where(heads >= 0, heads - offset[:, None], -1)
    # a sentence longer than a window is cut, and governors beyond the cut teach nothing
    inside = (heads >= 0) & (heads < torch.tensor(batch.counts).to(device)[:, None])
    heads = torch.where(inside, heads, 0)
    sentence = torch.cumsum(torch.nn.functional.pad(ends.clamp(min=0), (1, 0))[:, :-1], 1)
    other = (sentence[:, :, None] != sentence[:, None, :]) | (ends < 0)[:, None, :]
    scores = net.arc_scores(network, out).masked_fill(other, -1e4)
    numbers = {relation: number for number, relation in enumerate(relations)}
    names = torch.full(batch.words.shape, -1, dtype=torch.long)
    for row, window in enumerate(batch.windows):
        names[row, : window.last - window.context] = torch.tensor(
            [numbers[r] for r in (window.example.deprel or [])[window.context : window.last]]
        )
    marked = ends >= 0
    return {
        "ends": F.binary_cross_entropy_with_logits(out["sentence_end"].squeeze(-1)[marked], ends[marked].float()),
        "upos": F.cross_entropy(out["upos"].flatten(0, 1), upos.flatten(), ignore_index=-1) * 0.5,
        "arcs": F.cross_entropy(scores[inside], heads[inside]) * 0.7,
        "relations": F.cross_entropy(net.relation_scores(network, out, heads)[inside], names.to(device)[inside]) * 0.5,
    }


def mention_loss(batch: Batch, out: dict[str, Tensor], device: str) -> Tensor:
    """B, I, O of each mention type on its own, so that types may nest in one another."""
    target = torch.full((len(batch.windows), len(MENTION_TYPES), batch.words.shape[1]), -1, dtype=torch.long)
    for row, window in enumerate(batch.windows):
        if window.example.mentions is not None:
            target[row, :, window.first - window.context : window.last - window.context] = torch.as_tensor(
                window.example.mentions[:, window.first : window.last]
            )
    scores = out["mentions"].unflatten(-1, (len(MENTION_TYPES), 3)).transpose(1, 2)
    return F.cross_entropy(scores.flatten(0, 2), target.flatten().to(device), ignore_index=-1) * 2.0


def act_loss(batch: Batch, out: dict[str, Tensor], device: str) -> Tensor:
    """Speech act of each claim from its cue's words and its content's.

    Labels are smoothed: two readers of one claim differ, and what reads the scores later has to weigh them.
    """
    scores, acts = [], []
    for row, window in enumerate(batch.windows):
        for claim in window.example.claims:
            if not window.first <= claim.words[0] < window.last:
                continue
            cue, content = (
                [w - window.context for w in part if window.context <= w < window.last]
                for part in (claim.cue, claim.content)
            )
            if cue or content:
                weight = out["act_weight"][row]
                scores.append(
                    net.act_scores(
                        out["act_cue"][row, cue],
                        out["act_content"][row, content],
                        weight[cue, 0],
                        weight[content, 1],
                    )
                )
                acts.append(claim.act)
    if not scores:
        return out["act_cue"].sum() * 0
    return F.cross_entropy(torch.stack(scores), torch.tensor(acts).to(device), label_smoothing=0.1)


def answer_loss(batch: Batch, out: dict[str, Tensor], device: str) -> Tensor:
    """Which claim of the window each claim answers, or none; answers to a claim outside the window teach nothing."""
    losses = []
    for row, window in enumerate(batch.windows):
        claims = window.example.claims
        here = [
            number for number, claim in enumerate(claims) if all(window.context <= w < window.last for w in claim.words)
        ]
        asked = [n for n in here if claims[n].words[0] >= window.first and claims[n].answers in (None, *here)]
        if len(here) < 2 or not asked:
            continue
        words = [[w - window.context for w in claims[number].words] for number in here]
        pooled = {
            name: torch.stack([out[name][row, part].mean(0) for part in words])
            for name in ("answer_from", "answer_to", "answer_null")
        }
        scores = net.answer_scores(pooled["answer_from"], pooled["answer_to"], pooled["answer_null"])
        rows = torch.tensor([here.index(number) for number in asked])
        right = [len(here) if claims[n].answers is None else here.index(claims[n].answers) for n in asked]
        losses.append(F.cross_entropy(scores[rows], torch.tensor(right).to(device), reduction="none"))
    if not losses:
        return out["answer_null"].sum() * 0
    return torch.cat(losses).mean() * 0.5


if __name__ == "__main__":
    main()
