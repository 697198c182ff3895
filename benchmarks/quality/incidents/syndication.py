"""Measures the finding of copies on made syndication: one text printed by many outlets, each in its own way.

usage: python -m benchmarks.quality.incidents.syndication DATA [SEED]

Originals are drawn from the news stories of the data folder, by a seed (1); nothing of them is kept. An outlet
prints an original whole, cut at the end, with paragraphs left out, with words exchanged, with paragraphs of its own
before or after, or several of these, under its own headline and with its furniture, half of them with the agency's
credit. Beside the copies stand other stories with the same furniture, and pairs of them that quote the same statement.
Prints precision and recall over pairs of stories of one origin, and how many independent texts 40 copies count as.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dateline.incidents.copies import Text, find_copies, origins, text_of
from dateline.incidents.words import words_of
from dateline.records import Span, Story

ORIGINALS, COPIES, OTHERS, QUOTED, OUTLETS = 150, 5, 900, 60, 25
DAY = dt.date(2025, 11, 28)


@dataclass(frozen=True, slots=True)
class Made:
    """A made story. origin: the text that it is a copy of, or itself."""

    name: str
    origin: str
    outlet: str
    agency: str | None
    paragraphs: tuple[str, ...]

    def text(self, furniture: Sequence[str]) -> Text:
        words = "\n".join((*self.paragraphs, *furniture))
        story = Story(
            id=self.name,
            document_id=self.name,
            outlet_id=self.outlet,
            headline=None,
            dateline=None,
            body=(Span(0, len(words)),),
            published_at=DAY,
            agency=self.agency,
        )
        return text_of(story, words)


def main() -> int:
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    texts = list(originals(Path(sys.argv[1]) / "news" / "world_conflict.jsonl.gz"))
    chance.shuffle(texts)
    spare = texts[ORIGINALS + OTHERS :]
    furniture = {f"outlet{number}.example": spare.pop()[:1] for number in range(OUTLETS)}
    made = list(syndicated(texts[:ORIGINALS], spare, chance))
    made += others(texts[ORIGINALS : ORIGINALS + OTHERS], spare, chance)
    started = time.process_time()
    compared = [each.text(furniture[each.outlet]) for each in made]
    whose = origins(compared, find_copies(compared))
    seconds = time.process_time() - started
    right, told, wanted = pairs(made, whose)
    print(
        json.dumps(
            {
                "stories": len(made),
                "pairs": wanted,
                "p": round(right / told, 3),
                "r": round(right / wanted, 3),
                "seconds": round(seconds, 1),
            }
        )
    )
    forty = [printed(f"forty{number}", "forty", texts[0], spare, chance) for number in range(40)]
    compared = [each.text(furniture[each.outlet]) for each in forty]
    print(f"40 copies of one text: {len(set(origins(compared, find_copies(compared)).values()))} independent")
    return 0


def originals(path: Path) -> Iterator[tuple[str, ...]]:
    """Texts of 250 to 900 words as paragraphs. Those that share a paragraph with another are left out: real copies."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        found = [
            tuple(part.strip() for part in json.loads(line)["text"].split("\n") if len(part.split()) > 3)
            for line in lines
        ]
    holding = Counter(" ".join(words_of(part)) for text in found for part in set(text) if len(part.split()) > 15)
    for text in found:
        alone = all(holding[" ".join(words_of(part))] < 2 for part in text)
        if alone and len(text) > 4 and 250 <= sum(len(part.split()) for part in text) <= 900:
            yield text


def syndicated(texts: Sequence[tuple[str, ...]], spare: list[tuple[str, ...]], chance: random.Random) -> Iterator[Made]:
    """Each original with its copies."""
    for number, text in enumerate(texts):
        origin = f"wire{number}"
        yield Made(origin, origin, outlet(chance), credit(chance), text)
        for copy in range(COPIES):
            yield printed(f"{origin}copy{copy}", origin, text, spare, chance)


def printed(
    name: str, origin: str, text: Sequence[str], spare: Sequence[tuple[str, ...]], chance: random.Random
) -> Made:
    """One outlet's way with a text: one or two changes."""
    paragraphs = list(text)
    for change in chance.sample(("cut", "left out", "edited", "head", "tail", "whole"), chance.choice((1, 1, 2))):
        own = list(chance.choice(spare)[: chance.choice((1, 2))])
        if change == "cut":
            paragraphs = paragraphs[: max(2, round(len(paragraphs) * chance.uniform(0.4, 0.9)))]
        elif change == "left out":
            paragraphs = [each for each in paragraphs if chance.random() > 0.25] or paragraphs[:2]
        elif change == "edited":
            paragraphs = [edited(each, chance) for each in paragraphs]
        elif change == "head":
            paragraphs = own + paragraphs
        elif change == "tail":
            paragraphs = paragraphs + own
    headline = " ".join(chance.choice(spare)[0].split()[:9])
    return Made(name, origin, outlet(chance), credit(chance), (headline, *paragraphs))


def edited(paragraph: str, chance: random.Random) -> str:
    """Three words of a hundred left out or exchanged."""
    words = paragraph.split()
    kept = [chance.choice(words) if chance.random() < 0.015 else word for word in words if chance.random() >= 0.015]
    return " ".join(kept)


def others(texts: Sequence[tuple[str, ...]], spare: Sequence[tuple[str, ...]], chance: random.Random) -> Iterator[Made]:
    """Stories that are no copies; pairs of them quote the same statement of 40 to 90 words."""
    statements = [part for text in spare for part in text if 40 <= len(part.split()) <= 90]
    for number, text in enumerate(texts):
        quoted = (statements[number // 2],) if number < 2 * QUOTED else ()
        name = f"other{number}"
        yield Made(name, name, outlet(chance), credit(chance), (*text[:2], *quoted, *text[2:]))


def outlet(chance: random.Random) -> str:
    return f"outlet{chance.randrange(OUTLETS)}.example"


def credit(chance: random.Random) -> str | None:
    return "agency" if chance.random() < 0.5 else None


def pairs(made: Sequence[Made], whose: dict[str, str]) -> tuple[int, int, int]:
    """Pairs of one origin that were found, that were told, that there are."""
    truly, found = Counter(each.origin for each in made), Counter(whose[each.name] for each in made)
    both = Counter((each.origin, whose[each.name]) for each in made)
    right, told, wanted = (sum(n * (n - 1) // 2 for n in counts.values()) for counts in (both, found, truly))
    return right, told, wanted


if __name__ == "__main__":
    sys.exit(main())
