"""What the language core says about one story: words, sentences, arcs, phrases, and who-says-what tags.

These are working values between `language` and the subjects that read them (claims, grounding, events);
nothing here is stored. Token indices refer to `Analysis.tokens`; spans are code points of `Document.text`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from dateline.records import Id, Span

Floats = npt.NDArray[np.float32]

ParagraphRole = Literal["headline", "summary", "body"]
Role = Literal["source", "cue", "content"]
PhraseType = Literal["person", "organization", "place", "group", "role", "time", "quantity", "weapon"]


@dataclass(frozen=True, slots=True)
class Token:
    """One word or punctuation mark.

    upos: Universal POS tag ("VERB"). head: index of the governing token in the story, its own index for a root.
    deprel: Universal Dependencies relation to that head ("nsubj"). sentence, paragraph: indices into `Analysis`.
    """

    span: Span
    text: str
    upos: str
    head: int
    deprel: str
    sentence: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Tokens from `first` to before `last`."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the story with the role that reading gave it."""

    tokens: Stretch
    span: Span
    role: ParagraphRole


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand for somebody, some place, some time, a number or a weapon, as the tagger found them.

    head: index of the head token. confidence: mean tag probability in [0, 1].
    """

    tokens: Stretch
    head: int
    type: PhraseType
    form: Literal["name", "nominal", "pronoun"]
    confidence: float


@dataclass(frozen=True, slots=True)
class ReplyScorer:
    """What the network knows of one attribution as a reply, and as something replied to.

    reply, answered: vectors of equal length. none: score of replying to nothing.
    """

    reply: tuple[float, ...]
    answered: tuple[float, ...]
    none: float

    def odds(self, other: ReplyScorer) -> float:
        """Logarithm of the odds that this one answers the other rather than nothing."""
        product = sum(mine * theirs for mine, theirs in zip(self.reply, other.answered, strict=True))
        return product / math.sqrt(len(self.reply)) - self.none


@dataclass(frozen=True, slots=True)
class Attribution:
    """One raw attribution: a cue with the words of its source and its content, before any reading of its meaning.

    source, cue, content: token stretches in text order; source or cue may be empty.
    layer: 0 for an attribution of the story itself, 1 for one that stands inside another's content.
    acts: score of each speech act in the order of `ACTS`, summing to 1; None where nothing judged them.
    confidence: probability in [0, 1] that this is an attribution with about these parts.
    replies: what tells whether it answers another attribution of the story.
    """

    source: tuple[Stretch, ...]
    cue: tuple[Stretch, ...]
    content: tuple[Stretch, ...]
    layer: int
    acts: tuple[float, ...] | None
    confidence: float
    replies: ReplyScorer | None = None


ACTS = (
    "say",
    "accuse",
    "condemn",
    "deny",
    "reject",
    "urge",
    "warn",
    "threaten",
    "promise",
    "support",
    "admit",
    "express",
)


# sectors of PLOVER that the core tells apart; "" where none fits
SECTORS = (
    "", "GOV", "MIL", "COP", "JUD", "LEG", "SPY", "REB", "OPP", "CVL", "BUS", "LAB", "MED", "JRN", "EDU", "REL", "NGO",
    "IGO", "CRM", "UAF", "PRM", "PTY", "ELI", "ETH", "REF", "AGR",
)  # fmt: skip
ACTOR_KINDS = ("person", "government", "organization", "group", "unnamed")


@dataclass(frozen=True, slots=True, eq=False)
class Identities:
    """What the network knows of the actor behind each phrase; rows as in `Analysis.phrases`.

    later, earlier: *Shape:* (phrases, width), vectors of a phrase as one that refers back and as one referred to.
    anew: (phrases,), score of referring to nothing before. sectors, kinds: (phrases, `SECTORS` or `ACTOR_KINDS`),
    scores.
    """

    later: Floats
    earlier: Floats
    anew: Floats
    sectors: Floats
    kinds: Floats

    def odds(self, rows: npt.NDArray[np.intp]) -> Floats:
        """*Shape:* (rows, rows): logarithm of the odds that each phrase refers to each other rather than to nothing
        before.

        Only entries whose column stands before their row in the text mean something.
        """
        product = self.later[rows] @ self.earlier[rows].T / math.sqrt(self.later.shape[1])
        odds: Floats = product - self.anew[rows, None]
        return odds


@dataclass(frozen=True, slots=True, eq=False)
class Happenings:
    """What the network knows of each word as naming a happening; rows as in `Analysis.tokens`.

    types, statuses, modes: *Shape:* (tokens, labels of `language.tags`), probabilities; the last two mean something
    only where a word names a happening.
    later, earlier: (tokens, width), vectors of a word as one that names a happening again and as one that named it.
    anew: (tokens,), score of naming what was not named before.
    having, being: (tokens, roles, width), vectors of a word as the name of a happening and as what takes part in it.
    least: (tokens, roles), what is added to their products.
    """

    types: Floats
    statuses: Floats
    modes: Floats
    later: Floats
    earlier: Floats
    anew: Floats
    having: Floats
    being: Floats
    least: Floats

    def sameness(self, rows: npt.NDArray[np.intp]) -> Floats:
        """*Shape:* (rows, rows): logarithm of the odds that each word names the happening of each other, earlier one
        rather than a new one.
        """
        odds: Floats = self.later[rows] @ self.earlier[rows].T / math.sqrt(self.later.shape[1]) - self.anew[rows, None]
        return odds

    def parts(self, rows: npt.NDArray[np.intp], others: npt.NDArray[np.intp]) -> Floats:
        """*Shape:* (rows, others, roles): logarithm of the odds that each other word has each role in the happening
        that a word of `rows` names.
        """
        product = np.einsum("trd,crd->tcr", self.having[rows], self.being[others], optimize=True)
        odds: Floats = product / math.sqrt(self.having.shape[2]) + self.least[rows][:, None]
        return odds


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything the language core found in one story. `text` is the whole `Document.text`."""

    story_id: Id
    text: str
    tokens: tuple[Token, ...]
    sentences: tuple[Stretch, ...]
    paragraphs: tuple[Paragraph, ...]
    phrases: tuple[Phrase, ...]
    attributions: tuple[Attribution, ...]
    identities: Identities | None = field(default=None, compare=False, repr=False)
    happenings: Happenings | None = field(default=None, compare=False, repr=False)

    def span(self, stretch: Stretch) -> Span:
        """The code points that a stretch of tokens covers."""
        return Span(self.tokens[stretch.first].span.start, self.tokens[stretch.last - 1].span.end)
