"""Gold stories as the resolution of actors sees them: the shipped core's analysis with the encoder's vectors beside
it."""

from __future__ import annotations

import gzip
import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime

from dateline import language, reading, records
from dateline.grounding import Gazetteer, PlaceLexicons, resolve_places
from dateline.grounding.actors.gathering import Cast, gather
from dateline.grounding.actors.lexicons import ActorLexicons
from dateline.language.analysis import Analysis
from dateline.records import Document, Mention, Outlet, Story
from training.prepare.examples import PERMISSIVE_GUM

Span = tuple[int, int]


@dataclass(slots=True)
class GoldStory:
    """One story. golds: (actor id, span) of every gold mention. gold: of each mention of the cast the gold actor or
    None.

    vectors: *Shape:* (mentions, hidden), half the head word's vector, half the mean of all words'.
    pair: (mentions, mentions), odds of reference by heads that were not fitted on this story, where it was fitted on.
    sectors, kinds: likewise, (mentions, labels).
    """

    id: str
    story: Story
    outlet: Outlet | None
    analysis: Analysis
    mentions: tuple[Mention, ...]
    cast: Cast
    actors: dict[str, dict[str, Any]]
    golds: list[tuple[str, Span]]
    gold: list[str | None]
    vectors: np.ndarray
    pair: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    sectors: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    kinds: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    countries: dict[records.Span, str] = field(default_factory=dict)


class Core:
    """The shipped language core, with the vectors of the encoder kept aside as it reads."""

    def __init__(self, weights: Path) -> None:
        self.model = language.load_model(weights)
        self.lexicons = reading.load_lexicons()
        graph = onnx.load(weights / "model.onnx")
        vectors = next(n.output[0] for n in reversed(graph.graph.node) if n.op_type == "Gather" and "words" in n.input)
        graph.graph.output.append(onnx.helper.make_tensor_value_info(vectors, onnx.TensorProto.FLOAT, None))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(
            graph.SerializeToString(), options, disabled_optimizers=["SkipLayerNormFusion"]
        )
        self.kept: list[np.ndarray] = []
        self.model = replace(
            self.model, encoder=replace(self.model.encoder, session=_Listening(session, vectors, self.kept))
        )

    def read(self, record: dict[str, Any], folder: Path) -> Iterator[tuple[Story, Outlet | None, Analysis, np.ndarray]]:
        """The story of one record {id, text, date, outlet}, analysed, and the vector of every word."""
        path = folder / "story.jsonl"
        fields = {"id": record["id"], "text": record["text"], "published_at": record.get("date") or None}
        path.write_text(json.dumps(fields | {"outlet": record.get("outlet") or None}) + "\n", encoding="utf-8")
        for received in reading.read_documents([str(path)]):
            found = reading.find_stories(received, lexicons=self.lexicons, split="never")
            outlets = {outlet.id: outlet for outlet in found.outlets}
            for story in found.stories:
                self.kept.clear()
                analysis = language.analyze(received.document, story, self.model)
                if self.kept:
                    yield story, outlets.get(story.outlet_id or ""), analysis, np.concatenate(self.kept)


class _Listening:
    def __init__(self, session: onnxruntime.InferenceSession, vectors: str, kept: list[np.ndarray]) -> None:
        self.session, self.vectors, self.kept = session, vectors, kept

    def run(self, _: object, feed: dict[str, np.ndarray]) -> list[np.ndarray]:
        outputs, vectors = self.session.run(["outputs", self.vectors], feed)
        self.kept.append(vectors)
        return [outputs]


def own_stories(path: Path, core: Core, lexicons: ActorLexicons) -> Iterator[GoldStory]:
    """Attributed-events stories: every name and description, pronouns where they matter."""
    for line in path.open(encoding="utf-8"):
        record = json.loads(line)
        golds = [(actor["id"], tuple(span)) for actor in record["actors"] for span in actor["mentions"]]
        yield from _stories(record, golds, core, lexicons, loose=True)


def gum_stories(path: Path, core: Core, lexicons: ActorLexicons) -> Iterator[GoldStory]:
    """GUM documents of genres with free texts: chains that are mostly of persons, organizations, places, animals."""
    for record in _gum(path):
        chains = record["chains"]
        acting = {
            name: found
            for name, found in chains.items()
            if 2 * sum(kind in ("person", "organization", "place", "animal") for _, kind in found) > len(found)
        }
        golds = [(name, _bare(record["text"], span)) for name, found in acting.items() for span, _ in found]
        yield from _stories(record, golds, core, lexicons, loose=False)


def _stories(
    record: dict[str, Any], golds: list[tuple[str, Span]], core: Core, lexicons: ActorLexicons, *, loose: bool
) -> Iterator[GoldStory]:
    with tempfile.TemporaryDirectory() as folder:
        for story, outlet, analysis, vectors in core.read(record, Path(folder)):
            mentions = language.find_mentions(analysis)
            cast = gather(analysis, mentions, lexicons)
            pooled = [(vectors[one.head] + vectors[one.first : one.last].mean(0)) / 2 for one in cast.mentions]
            yield GoldStory(
                record["id"],
                story,
                outlet,
                analysis,
                mentions,
                cast,
                {actor["id"]: actor for actor in record.get("actors", ())},
                golds,
                align(cast, golds, least=0.0 if loose else 0.5),
                np.array(pooled, np.float32).reshape(len(pooled), -1),
            )


def align(cast: Cast, golds: list[tuple[str, Span]], *, least: float) -> list[str | None]:
    """The gold actor of each mention: every gold mention takes the one it overlaps best, if by more than `least`."""
    spans = [(one.mention.span.start, one.mention.span.end) for one in cast.mentions]
    gold: list[str | None] = [None] * len(spans)
    best = [0.0] * len(spans)
    for name, span in golds:
        overlap, place = max(((share(span, other), number) for number, other in enumerate(spans)), default=(0.0, 0))
        if overlap > max(least, best[place]):
            gold[place], best[place] = name, overlap
    return gold


def share(one: Span, other: Span) -> float:
    """Overlap of two spans as a part of both together."""
    both = min(one[1], other[1]) - max(one[0], other[0])
    return both / (max(one[1], other[1]) - min(one[0], other[0])) if both > 0 else 0.0


def _bare(text: str, span: Span) -> Span:
    article = re.match(r"(?:the|an?)\s+", text[span[0] : span[1]], re.IGNORECASE)
    return (span[0] + article.end(), span[1]) if article and article.end() < span[1] - span[0] else span


def _gum(path: Path) -> Iterator[dict[str, Any]]:
    """Documents with text and chains: name -> [(span, kind)]."""
    record: dict[str, Any] | None = None
    opened: list[tuple[str, str, int]] = []
    for line in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines():
        if line.startswith("# newdoc id"):
            if record is not None:
                yield record
            name = line.split("= ")[1]
            record, opened = {"id": name, "text": "", "chains": {}}, []
            if name.split("_")[1] not in PERMISSIVE_GUM:
                record = None
        elif record is None:
            continue
        elif line == "# newpar" and record["text"]:
            record["text"] = record["text"].rstrip(" ") + "\n\n"
        elif line[:1].isdigit() and line.split("\t")[0].isdigit():
            cells = line.split("\t")
            misc = dict(pair.split("=", 1) for pair in cells[9].split("|") if "=" in pair)
            start = len(record["text"])
            record["text"] += cells[1]
            _brackets(misc.get("Entity", ""), start, len(record["text"]), opened, record["chains"])
            if misc.get("SpaceAfter") != "No":
                record["text"] += " "
    if record is not None:
        yield record


def _brackets(
    marks: str, start: int, end: int, opened: list[tuple[str, str, int]], chains: dict[str, list[tuple[Span, str]]]
) -> None:
    """Read "(3-person-... 5)": mentions that begin and end at one word."""
    for mark in re.findall(r"\([^()]*\)?|[^()]+\)", marks):
        name, kind, *_ = [*mark.strip("()").split("-"), ""]
        if mark.startswith("("):
            opened.append((name, kind, start))
        if mark.endswith(")"):
            place = next((n for n in reversed(range(len(opened))) if opened[n][0] == name), None)
            if place is not None:
                name, kind, begin = opened.pop(place)
                chains.setdefault(name, []).append(((begin, end), kind))


def regather(story: GoldStory, lexicons: ActorLexicons) -> None:
    """Describe the mentions anew, after a change to how that is done; what the heads said of each is kept.

    Mentions that were not there when the heads were fitted get zeros.
    """
    cast = gather(story.analysis, story.mentions, lexicons)
    old = {phrase: row for row, phrase in enumerate(story.cast.phrases.tolist())}
    new = [(place, old[phrase]) for place, phrase in enumerate(cast.phrases.tolist()) if phrase in old]
    here, there = [place for place, _ in new], [row for _, row in new]
    count = len(cast.phrases)
    pair = np.zeros((count, count), np.float32)
    pair[np.ix_(here, here)] = story.pair[np.ix_(there, there)]
    for name in ("sectors", "kinds"):
        kept = getattr(story, name)
        moved = np.zeros((count, kept.shape[1]), np.float32)
        moved[here] = kept[there]
        setattr(story, name, moved)
    story.pair, story.cast, story.gold = pair, cast, align(cast, story.golds, least=0.0)


def locate(story: GoldStory, gazetteer: Gazetteer, lexicons: PlaceLexicons) -> None:
    """Find the countries of the places that the story names, as the product does."""
    document = Document(
        id=story.story.document_id, text=story.analysis.text, location=story.id, media_type="text/plain"
    )
    found = resolve_places(
        document,
        story.story,
        story.analysis,
        story.mentions,
        gazetteer=gazetteer,
        lexicons=lexicons,
        outlet=story.outlet,
    )
    story.countries = found.countries()
