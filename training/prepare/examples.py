"""Turns each corpus into training examples: words with whatever labels that corpus carries, everything else masked.

Corpora and licences: see `training/README.md`. Texts stay where they are; nothing is written into the project.
A label of -1 is masked: the corpus does not say.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from dateline.language.analysis import ACTS
from dateline.language.tags import MENTION_TYPES, ROLE_TAGS, UPOS
from dateline.language.words import load_abbreviations, signs, split_words, word_pattern
from dateline.records import Span

HEADLINE, BODY = 1, 0
NULL = -2  # link target of a source or content that has no cue
PERMISSIVE_GUM = {"academic", "bio", "conversation", "court", "interview", "news", "speech", "textbook", "voyage"}


@dataclass(slots=True)
class ClaimLabel:
    """Word indices of one annotated claim, for the heads of acts and answers.

    words: those that stand for it as a whole: its cue, or the beginning of a content without a cue.
    answers: index of the claim that it answers among the example's claims.
    """

    cue: list[int]
    content: list[int]
    act: int
    answers: int | None = None

    @property
    def words(self) -> list[int]:
        return self.cue or self.content[:8]


@dataclass(slots=True)
class Example:
    """One document. Arrays are (words,) unless said otherwise; links map (role, word) to the cues' first words."""

    corpus: str
    id: str
    words: list[str]
    paragraph: list[int]
    kind: list[int]  # of each paragraph: BODY or HEADLINE
    signs: np.ndarray
    roles: np.ndarray  # (2, words): tags of the story's own attributions, of nested ones
    links: tuple[dict[int, list[int]], ...] = ()  # source 0, content 0, source 1, content 1
    claims: list[ClaimLabel] = field(default_factory=list)
    sentence_end: np.ndarray | None = None
    upos: np.ndarray | None = None
    head: np.ndarray | None = None
    deprel: list[str] | None = None
    mentions: np.ndarray | None = None  # (types, words) 0 O, 1 B, 2 I
    offsets: list[Span] = field(default_factory=list)


class Text:
    """A text cut into paragraphs and words."""

    def __init__(self, text: str, pattern: re.Pattern[str], *, straighten: bool = False) -> None:
        self.text = text
        self.offsets: list[Span] = []
        self.paragraph: list[int] = []
        for number, match in enumerate(re.finditer(r"[^\n]+", text)):
            found = split_words(text, Span(*match.span()), pattern)
            self.offsets += found
            self.paragraph += [number] * len(found)
        # paragraphs without a word leave no gap in the numbering
        order = {old: new for new, old in enumerate(sorted(set(self.paragraph)))}
        self.paragraph = [order[p] for p in self.paragraph]
        self.words = [text[s.start : s.end] for s in self.offsets]
        if straighten:
            self.words = [_straight(word) for word in self.words]
        self._starts = np.array([s.start for s in self.offsets])
        self._ends = np.array([s.end for s in self.offsets])

    def inside(self, spans: Iterable[tuple[int, int]]) -> list[int]:
        """Indices of the words that lie at least half inside one of the spans."""
        out: list[int] = []
        for start, end in spans:
            low = int(np.searchsorted(self._ends, start, side="right"))
            while low < len(self.words) and self._starts[low] < end:
                covered = min(end, self._ends[low]) - max(start, self._starts[low])
                if 2 * covered >= self._ends[low] - self._starts[low]:
                    out.append(low)
                low += 1
        return out


def _straight(word: str) -> str:
    return word.replace("“", '"').replace("”", '"').replace("’", "'").replace("‘", "'")


def attribution_example(corpus: str, name: str, text: Text, claims: list[dict], *, nested_known: bool) -> Example:
    """Tags and links from claims in PolNeAR's form; `nested_known` where the corpus marks claims inside claims."""
    count = len(text.words)
    tags = np.zeros((2, count), np.int64)
    taken = np.zeros((2, count), bool)
    links: tuple[dict[int, list[int]], ...] = ({}, {}, {}, {})
    labels: list[ClaimLabel] = []
    places: dict[str, int] = {}
    nested = _nested_claims(claims)
    for number, claim in enumerate(claims):
        layer = 1 if number in nested else 0
        pieces = {role: [text.inside([tuple(s)]) for s in claim[role]] for role in ("cue", "source", "content")}
        cue = [w for part in pieces["cue"] for w in part]
        content = [w for part in pieces["content"] for w in part]
        if content and claim.get("act"):
            places[claim["id"]] = len(labels)
            labels.append(ClaimLabel(cue, content, ACTS.index(claim["act"])))
        target = cue[0] if cue else NULL
        for position, role in enumerate(("source", "content")):
            for part in pieces[role]:
                for word in part:
                    links[2 * layer + position].setdefault(word, []).append(target)
    for claim in claims:
        if claim.get("answers") in places and claim["id"] in places:
            labels[places[claim["id"]]].answers = places[claim["answers"]]
    # the cue wins over the source, the source over the content, where annotators let them overlap
    for role in ("cue", "source", "content"):
        for number, claim in enumerate(claims):
            layer = 1 if number in nested else 0
            for span in claim[role]:
                part = text.inside([tuple(span)])
                _tag(tags[layer], taken[layer], part, role, text.paragraph)
    if not nested_known:
        tags[1] = -1
    return Example(
        corpus,
        name,
        text.words,
        text.paragraph,
        _kinds(text.paragraph),
        np.array(signs(text.words, text.paragraph)),
        tags,
        links,
        labels,
        offsets=text.offsets,
    )


def _nested_claims(claims: list[dict]) -> set[int]:
    """Claims that stand inside another's content: marked so, or with cue (or whole content) inside a longer one's."""
    nested = set()
    for i, inner in enumerate(claims):
        if inner.get("within"):
            nested.add(i)
            continue
        for j, outer in enumerate(claims):
            if i == j or not inner["cue"] or not outer["content"]:
                continue
            start, end = inner["cue"][0]
            if any(s <= start and end <= e for s, e in outer["content"]):
                nested.add(i)
                break
    return nested


def _tag(tags: np.ndarray, taken: np.ndarray, part: list[int], role: str, paragraph: list[int]) -> None:
    begin, inside = ROLE_TAGS.index(f"B-{role}"), ROLE_TAGS.index(f"I-{role}")
    previous = None
    for word in part:
        if taken[word]:
            previous = None
            continue
        fresh = previous is None or paragraph[word] != paragraph[previous] or word != previous + 1
        tags[word] = begin if fresh else inside
        taken[word] = True
        previous = word


def _kinds(paragraph: list[int]) -> list[int]:
    count = paragraph[-1] + 1 if paragraph else 0
    return [HEADLINE if p == 0 and count > 1 else BODY for p in range(count)]


def read_polnear(path: Path, rng: random.Random | None = None) -> Iterator[Example]:
    """PolNeAR stories: attributions of the story itself; a third with straightened quotation marks when training."""
    pattern = word_pattern(load_abbreviations())
    for line in path.open(encoding="utf-8"):
        story = json.loads(line)
        text = Text(story["text"], pattern, straighten=rng is not None and rng.random() < 0.33)
        if text.words:
            yield attribution_example("polnear", story["id"], text, story["attributions"], nested_known=False)


def read_own(path: Path, rng: random.Random | None = None) -> Iterator[Example]:
    """Own stories: attributions with nesting and acts, and mentions of actors, places, times, weapons."""
    pattern = word_pattern(load_abbreviations())
    for line in path.open(encoding="utf-8"):
        story = json.loads(line)
        text = Text(story["text"], pattern, straighten=rng is not None and rng.random() < 0.2)
        if not text.words:
            continue
        example = attribution_example("own", story["id"], text, story["claims"], nested_known=True)
        example.mentions = _own_mentions(story, text)
        yield example


_OWN_KIND = {
    "person": "person",
    "government": "organization",
    "organization": "organization",
    "armed_group": "organization",
    "group": "group",
}


def _own_mentions(story: dict, text: Text) -> np.ndarray:
    layers = np.zeros((len(MENTION_TYPES), len(text.words)), np.int64)
    for name in ("role", "quantity"):
        layers[MENTION_TYPES.index(name)] = -1
    for actor in story["actors"]:
        for start, end in actor["mentions"]:
            words = text.inside([(start, end)])
            if not words:
                continue
            kind = _OWN_KIND.get(actor["kind"]) or ("group" if text.words[words[-1]].endswith("s") else "person")
            _mark(layers[MENTION_TYPES.index(kind)], words)
    for place in story["places"]:
        for start, end in place["mentions"]:
            _mark(layers[MENTION_TYPES.index("place")], text.inside([(start, end)]))
    for time in story["times"]:
        _mark(layers[MENTION_TYPES.index("time")], text.inside([time["span"]]))
    for event in story["events"]:
        for span in event["instruments"]:
            _mark(layers[MENTION_TYPES.index("weapon")], text.inside([span]))
    # pronouns are marked only in some places, so they teach nothing
    for position, word in enumerate(text.words):
        if word.lower() in _PRONOUNS:
            for name in ("person", "organization", "group"):
                row = layers[MENTION_TYPES.index(name)]
                if row[position] == 0:
                    row[position] = -1
    return layers


_PRONOUNS = {
    "he",
    "she",
    "him",
    "her",
    "his",
    "they",
    "them",
    "their",
    "it",
    "its",
    "we",
    "us",
    "our",
    "i",
    "me",
    "my",
    "you",
    "your",
    "who",
    "whom",
    "whose",
    "which",
    "himself",
    "herself",
    "themselves",
    "itself",
    "both",
    "that",
}


def _mark(row: np.ndarray, words: list[int]) -> None:
    if not words or (row[words] > 0).any():
        return  # a shorter mention inside a longer one of the same type keeps the first that came
    row[words[0]] = 1
    row[words[1:]] = 2


_RE3D = {
    "Organisation": "organization",
    "Person": "person",
    "Location": "place",
    "Temporal": "time",
    "Quantity": "quantity",
    "Money": "quantity",
    "Nationality": "group",
    "Weapon": "weapon",
    "MilitaryPlatform": "weapon",
    "Vehicle": "weapon",
}


def read_re3d(path: Path) -> Iterator[Example]:
    """re3d reports: mentions, weapons and numbers."""
    pattern = word_pattern(load_abbreviations())
    for line in path.open(encoding="utf-8"):
        report = json.loads(line)
        text = Text(report["text"], pattern)
        if not text.words:
            continue
        layers = np.zeros((len(MENTION_TYPES), len(text.words)), np.int64)
        layers[MENTION_TYPES.index("role")] = -1
        for found in sorted(report["entities"], key=lambda e: e["b"] - e["e"]):
            if name := _RE3D.get(found["type"]):
                _mark(layers[MENTION_TYPES.index(name)], text.inside([(found["b"], found["e"])]))
        yield Example(
            "re3d",
            report["id"],
            text.words,
            text.paragraph,
            [BODY] * (text.paragraph[-1] + 1),
            np.array(signs(text.words, text.paragraph)),
            np.full((2, len(text.words)), -1),
            mentions=layers,
            offsets=text.offsets,
        )


def read_conllu(path: Path, corpus: str, role_nouns: frozenset[str]) -> Iterator[Example]:
    """UD treebank documents: sentence ends, parts of speech, arcs; GUM also mentions, with roles by `role_nouns`."""
    for name, sentences in _conllu_documents(path):
        words, paragraph, ends, upos, head, deprel, features = [], [], [], [], [], [], []
        entities: list[tuple[int, int, str]] = []
        open_entities: list[tuple[int, str, str]] = []
        for opens_paragraph, rows in sentences:
            base = len(words)
            number = (paragraph[-1] + 1 if opens_paragraph else paragraph[-1]) if paragraph else 0
            for row in rows:
                position = len(words)
                words.append(row[1])
                paragraph.append(number)
                ends.append(0)
                upos.append(UPOS.index(row[3]))
                governor = int(row[6])
                head.append(base + governor - 1 if governor else position)
                deprel.append(row[7])
                features.append(row[4])
                if corpus == "gum":
                    _read_entities(row[9], position, open_entities, entities)
            ends[-1] = 1
        mentions = None
        if corpus == "gum":
            mentions = _gum_mentions(words, upos, head, features, entities)
        mentions = _role_mentions(mentions, words, upos, head, deprel, role_nouns)
        yield Example(
            corpus,
            name,
            words,
            paragraph,
            [BODY] * (paragraph[-1] + 1),
            np.array(signs(words, paragraph)),
            np.full((2, len(words)), -1),
            sentence_end=np.array(ends),
            upos=np.array(upos),
            head=np.array(head),
            deprel=deprel,
            mentions=mentions,
        )


def _conllu_documents(path: Path) -> Iterator[tuple[str, list[tuple[bool, list[list[str]]]]]]:
    name, sentences, rows, fresh = "", [], [], True
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("# newdoc id"):
                if sentences:
                    yield name, sentences
                name, sentences, fresh = line.split("=", 1)[1].strip(), [], True
            elif line.startswith("# newpar"):
                fresh = True
            elif line and not line.startswith("#"):
                row = line.split("\t")
                if row[0].isdigit():
                    rows.append(row)
            elif not line and rows:
                sentences.append((fresh, rows))
                rows, fresh = [], False
    if sentences:
        yield name, sentences


def _read_entities(misc: str, position: int, open_entities: list, entities: list) -> None:
    value = next((m[7:] for m in misc.split("|") if m.startswith("Entity=")), "")
    for opened, group_open, group_close in re.findall(r"\((\d+)-([^()-]+)[^()]*|(\d+)\)", value):
        if opened:
            open_entities.append((position, opened, group_open))
        if group_close:
            _close(group_close, position, open_entities, entities)
    # "(5-person-...)" opens and closes on one word: the bracket that closes follows the same group's text
    for single in re.finditer(r"\((\d+)-[^()]*\)", value):
        _close(single.group(1), position, open_entities, entities)


def _close(group: str, position: int, open_entities: list, entities: list) -> None:
    for k in range(len(open_entities) - 1, -1, -1):
        if open_entities[k][1] == group:
            start, _, kind = open_entities.pop(k)
            entities.append((start, position + 1, kind))
            return


def _gum_mentions(words: list[str], upos: list[int], head: list[int], xpos: list[str], entities: list) -> np.ndarray:
    layers = np.zeros((len(MENTION_TYPES), len(words)), np.int64)
    for name in ("role", "quantity", "weapon"):
        layers[MENTION_TYPES.index(name)] = -1
    for start, end, kind in sorted(entities, key=lambda e: e[0] - e[1]):
        if kind == "person":
            governor = next((i for i in range(start, end) if not start <= head[i] < end or head[i] == i), end - 1)
            plural = xpos[governor] in ("NNS", "NNPS") or words[governor].lower() in (
                "we",
                "they",
                "us",
                "them",
                "our",
                "their",
            )
            name = "group" if plural else "person"
        elif kind in ("organization", "place", "time"):
            name = kind
        else:
            continue
        # the mention is the noun phrase up to its relative clause and without its article, as in our own gold
        while end - start > 1 and words[start].lower() in ("the", "a", "an"):
            start += 1
        cut = next(
            (
                i
                for i in range(start + 1, end)
                if words[i] in (",", "(", "–", "—") or words[i].lower() in ("who", "which", "that", "where")
            ),
            end,
        )
        governor = next((i for i in range(start, end) if not start <= head[i] < end or head[i] == i), end - 1)
        if governor < cut:
            end = cut
        row = layers[MENTION_TYPES.index(name)]
        _mark(row, list(range(start, end)))
    return layers


def _role_mentions(
    layers: np.ndarray | None,
    words: list[str],
    upos: list[int],
    head: list[int],
    deprel: list[str],
    role_nouns: frozenset[str],
) -> np.ndarray:
    """Silver labels for titles and roles: a role noun with the modifiers that stand before it."""
    if layers is None:
        layers = np.full((len(MENTION_TYPES), len(words)), -1, np.int64)
    row = layers[MENTION_TYPES.index("role")]
    row[:] = 0
    nominal = {UPOS.index("NOUN"), UPOS.index("PROPN")}
    for position, word in enumerate(words):
        if word.lower() in role_nouns and upos[position] in nominal:
            start = position
            while (
                start > 0
                and head[start - 1] in range(start, position + 1)
                and deprel[start - 1] in ("compound", "amod")
            ):
                start -= 1
            if (row[start:position] == 0).all():
                _mark(row, list(range(start, position + 1)))
    return layers
