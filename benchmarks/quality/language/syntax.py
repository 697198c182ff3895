"""Parsing quality on a UD treebank's documents: gold words, everything else the language core's own.

    python -m benchmarks.quality.language.syntax FILE.conllu.gz [--gold-sentences] [--weights FOLDER]

Prints, for all documents and for each genre: sentences F1 (both ends right), UPOS accuracy, UAS and LAS, punctuation
included. LAS compares relations without their subtypes, as the CoNLL 2018 shared task did; LAS-full with them.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dateline.language.core import Model, load_model
from dateline.language.encoder import encode
from dateline.language.syntax import find_heads, find_relations, find_sentences
from dateline.language.tags import UPOS


@dataclass(frozen=True, slots=True)
class Gold:
    """One document: words and their gold columns; governors are indices in the document, a root's its own."""

    id: str
    words: list[str]
    paragraph: list[int]
    sentences: list[tuple[int, int]]
    upos: list[str]
    heads: list[int]
    relations: list[str]


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("treebank", type=Path)
    parser.add_argument("--weights", type=Path, default=None)
    parser.add_argument("--gold-sentences", action="store_true", help="parse within the treebank's sentences")
    parser.add_argument("--json", type=Path, default=None)
    options = parser.parse_args()
    model = load_model(options.weights)
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for gold in documents(options.treebank):
        found = measure(gold, model, gold_sentences=options.gold_sentences)
        for name in ("all", gold.id.split("_")[1] if gold.id.startswith("GUM_") else gold.id.split("-")[0]):
            counts[name].update(found)
    results = {name: figures(count) for name, count in counts.items()}
    titles = ("", "words", "sentences", "UPOS", "UAS", "LAS", "LAS-full")
    print("{:<14} {:>8} {:>9} {:>6} {:>6} {:>6} {:>9}".format(*titles))
    for name, figure in results.items():
        print("{:<14} {:8d} {:9.1f} {:6.1f} {:6.1f} {:6.1f} {:9.1f}".format(name, *figure.values()))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


def documents(path: Path) -> Iterator[Gold]:
    """The documents of a CoNLL-U file."""
    current, fresh = Gold("", [], [], [], [], [], []), True
    rows: list[list[str]] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("# newdoc id"):
                if current.words:
                    yield current
                current, fresh = Gold(line.split("=", 1)[1].strip(), [], [], [], [], [], []), True
            elif line.startswith("# newpar"):
                fresh = True
            elif line and line[0].isdigit():
                row = line.split("\t")
                if row[0].isdigit():
                    rows.append(row)
            elif not line and rows:
                _add(current, rows, fresh)
                rows, fresh = [], False
    if current.words:
        yield current


def _add(gold: Gold, rows: list[list[str]], fresh: bool) -> None:
    base = len(gold.words)
    number = gold.paragraph[-1] + int(fresh) if gold.paragraph else 0
    for position, row in enumerate(rows):
        gold.words.append(row[1])
        gold.paragraph.append(number)
        gold.upos.append(row[3])
        gold.heads.append(base + int(row[6]) - 1 if row[6] != "0" else base + position)
        gold.relations.append(row[7])
    gold.sentences.append((base, len(gold.words)))


def measure(gold: Gold, model: Model, *, gold_sentences: bool) -> collections.Counter[str]:
    """Counts of right values in one document."""
    heads = encode(model.encoder, gold.words, gold.paragraph, [0] * (gold.paragraph[-1] + 1))
    blocks = [
        (gold.paragraph.index(p), len(gold.paragraph) - gold.paragraph[::-1].index(p))
        for p in range(gold.paragraph[-1] + 1)
    ]
    sentences = gold.sentences if gold_sentences else find_sentences(heads["sentence_end"][:, 0], blocks)
    governors = find_heads(heads["arc_from"], heads["arc_to"], model.arc_bias, sentences)
    relations = find_relations(
        heads["relation_from"], heads["relation_to"], governors, model.relation_weight, model.relation_bias
    )
    upos = heads["upos"].argmax(1)
    count: collections.Counter[str] = collections.Counter()
    count["words"] = len(gold.words)
    count["sentences"], count["gold_sentences"] = len(sentences), len(gold.sentences)
    count["right_sentences"] = len(set(sentences) & set(gold.sentences))
    for i in range(len(gold.words)):
        attached = governors[i] == gold.heads[i]
        name = model.relations[relations[i]]
        count["upos"] += UPOS[upos[i]] == gold.upos[i]
        count["uas"] += bool(attached)
        count["las"] += bool(attached) and name.split(":")[0] == gold.relations[i].split(":")[0]
        count["las_full"] += bool(attached) and name == gold.relations[i]
    return count


def figures(count: collections.Counter[str]) -> dict[str, float]:
    """Percentages of one set of documents."""
    words = count["words"]
    return {
        "words": words,
        "sentences_f1": 200 * count["right_sentences"] / (count["sentences"] + count["gold_sentences"]),
        **{name: 100 * count[name] / words for name in ("upos", "uas", "las", "las_full")},
    }


if __name__ == "__main__":
    main()
