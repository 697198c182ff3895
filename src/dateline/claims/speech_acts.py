"""Decides what a claim does (accuses, denies, urges ...) and whether its source holds the content to be so.

The cue lexicon settles what the cue itself carries. "Said" carries nothing: there a small linear model reads the
content ("was not", "must", "we will"), the setting and the lexicon's readings together, and the scores that the
language core gives are mixed in. Acts follow the codebook of `Claim.act`.
"""

from __future__ import annotations

import functools
import itertools
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np

from dateline.claims.attribution import POST, Draft, Marked
from dateline.claims.lexicons import Act, Lexicons, Reading, read_cue, words_of
from dateline.claims.quotations import QuotationForm, quotation_form
from dateline.language.analysis import ACTS, ParagraphRole
from dateline.records import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is known of a draft besides its own words.

    before: the words of its sentence and of the sentence before, up to its first part.
    parent_cue: the cue of the claim in which it stands.
    """

    form: QuotationForm
    role: ParagraphRole
    before: tuple[Span, ...] = ()
    between: tuple[Span, ...] = ()
    after: tuple[Span, ...] = ()
    parent_cue: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """An act with what decided it.

    confidence: probability in [0, 1]. scores: probability of each act in the order of `ACTS`.
    """

    act: Act
    polarity: Literal["asserts", "rejects"]
    method: str
    confidence: float
    polarity_method: str
    scores: tuple[float, ...]


def judge_act(text: str, draft: Draft, setting: Setting, lexicons: Lexicons) -> Judgement:
    """Decide act and polarity of one draft."""
    readings = read_cue(words_of(text, draft.cue), lexicons.cues)
    scores = act_scores(text, draft, setting, readings, lexicons)
    best = int(np.argmax(scores))
    act = cast(Act, ACTS[best])
    settled = any(reading.entry.sure and reading.entry.act == act for reading in readings)
    return Judgement(
        act=act,
        polarity=judge_polarity(text, draft, act, readings),
        method="lexicon:cues" if settled else "model:acts",
        confidence=round(float(scores[best]), 4),
        polarity_method="lexicon:cues" if readings else "rule:asserts-unless-denied",
        scores=tuple(float(score) for score in scores),
    )


def act_scores(
    text: str, draft: Draft, setting: Setting, readings: Sequence[Reading], lexicons: Lexicons
) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Probability of each act in the order of `ACTS`."""
    model = lexicons.acts
    features = act_features(text, draft, setting, readings, lexicons.content)
    logits = model.scores(hashed(features, len(model.weights)))
    if draft.acts is not None:
        own, core = trust(readings, model.mixing)
        logits = own * logits + core * np.log(np.asarray(draft.acts, dtype=np.float32) + _FLOOR)
    exponent = np.exp(logits - logits.max())
    chances: np.ndarray[tuple[int], np.dtype[np.float32]] = exponent / exponent.sum()
    return chances


_FLOOR = 1e-4


def trust(readings: Sequence[Reading], mixing: Mapping[str, float]) -> tuple[float, float]:
    """How far this model and the core are trusted: this one more where the lexicon settles the act."""
    kind = "-settled" if is_settled(readings) else ""
    return mixing.get(f"own{kind}", 1.0), mixing.get(f"core{kind}", 0.0)


def is_settled(readings: Sequence[Reading]) -> bool:
    """Whether the cue alone tells the act: "accused", not "said"."""
    return any(reading.entry.sure and reading.entry.act != "say" for reading in readings)


def judge_polarity(text: str, draft: Draft, act: Act, readings: Sequence[Reading]) -> Literal["asserts", "rejects"]:
    """ "Denied X", "doubts X", "no experts believe X" reject the content; "said there was no X" asserts it."""
    if act == "deny" and any(reading.entry.rejects for reading in readings):
        return "rejects"
    return "asserts"


def act_features(
    text: str,
    draft: Draft,
    setting: Setting,
    readings: Sequence[Reading],
    groups: Sequence[tuple[str, re.Pattern[str]]],
) -> dict[str, float]:
    """Names of what the act model looks at, with their weight."""
    found = _cue_features(text, draft, setting, readings)
    # What the content says counts for more where the cue says nothing, so it is given twice there.
    prefixes = ("",) if is_settled(readings) else ("", "neutral ")
    content = words_of(text, draft.content)[:_CONTENT_WORDS]
    plain = [stem(word) for word in content]
    for name, value in _content_features(text, draft, content, groups).items():
        for prefix in prefixes:
            found[prefix + name] = value
    for word in set(plain):
        for prefix in prefixes:
            found[f"{prefix}w:{word}"] = 0.5
    for first, second in itertools.pairwise(plain):
        found[f"b:{first} {second}"] = 0.5
    for word in plain[:5]:
        found[f"start:{word}"] = 0.5
    for word in words_of(text, setting.between):
        found[f"between:{stem(word)}"] = 0.5
    for word in words_of(text, setting.before)[-12:]:
        found[f"before:{stem(word)}"] = 0.3
    for word in words_of(text, setting.after)[:4]:
        found[f"after:{stem(word)}"] = 0.3
    return found


def _cue_features(text: str, draft: Draft, setting: Setting, readings: Sequence[Reading]) -> dict[str, float]:
    cue = words_of(text, draft.cue)
    source = words_of(text, draft.source)
    found: dict[str, float] = {}
    for reading in readings:
        entry = reading.entry
        found[f"lex:{entry.act}:{'sure' if entry.sure else 'lean'}"] = 1.0
        found[f"entry:{entry.cue}"] = 1.0
    found["cue:" + " ".join(cue)] = 1.0
    for word in cue:
        found[f"cw:{stem(word)}"] = 1.0
    if any(word in _NEGATIONS for word in cue):
        found["cue:not"] = 1.0
    found[f"form:{setting.form}"] = 1.0
    found[f"role:{setting.role}"] = 1.0
    found[f"layer:{min(draft.layer, 1)}"] = 1.0
    found["source:none" if not source else f"source:{stem(source[-1])}"] = 1.0
    if draft.content and draft.cue and draft.content[0].start < draft.cue[0].start:
        found["order:content-first"] = 1.0
    return found


def _content_features(
    text: str, draft: Draft, content: Sequence[str], groups: Sequence[tuple[str, re.Pattern[str]]]
) -> dict[str, float]:
    """Groups of words, who the content speaks of, and its build."""
    found: dict[str, float] = {}
    joined = " ".join(content)
    for name, pattern in groups:
        times = len(pattern.findall(joined))
        if times:
            found[f"c:{name}"] = 1.0
            if times > 1:
                found[f"c2:{name}"] = 1.0
    if content:
        found[f"first:{content[0]}"] = 1.0
        opening = content[1:] if content[0] == "that" else content
        subject = opening[0] if opening and opening[0] in _PRONOUNS else "other"
        verb = next((word for word in opening[:8] if word in _MODALS or word in _NEGATIONS), "plain")
        found[f"build:{subject} {verb}"] = 1.0
        found[f"modal:{verb}"] = 1.0
    if any(word in ("we", "our", "us", "i", "my", "me") for word in content):
        found["person:first"] = 1.0
    if any(word in ("you", "your") for word in content):
        found["person:second"] = 1.0
    found[f"length:{min(len(content).bit_length(), 6)}"] = 1.0
    words = "".join(text[span.start : span.end] + " " for span in draft.content)
    if "?" in words:
        found["mark:?"] = 1.0
    if "!" in words:
        found["mark:!"] = 1.0
    names = len(_NAME.findall(words))
    found[f"names:{min(names, 3)}"] = 1.0
    return found


_PRONOUNS = frozenset(
    [
        "i",
        "we",
        "he",
        "she",
        "it",
        "they",
        "you",
        "there",
        "this",
        "these",
        "those",
        "his",
        "her",
        "their",
        "its",
        "our",
        "my",
    ]
)
_MODALS = frozenset(
    [
        "will",
        "would",
        "'ll",
        "should",
        "must",
        "could",
        "can",
        "may",
        "might",
        "need",
        "needs",
        "was",
        "were",
        "is",
        "are",
        "has",
        "have",
        "had",
        "'s",
        "'re",
        "'ve",
        "to",
        "of",
        "for",
    ]
)
_NAME = re.compile(r"(?<=[a-z,] )[A-Z]\w+")


_CONTENT_WORDS = 60
_NEGATIONS = frozenset(["not", "n't", "no", "never", "nor", "cannot"])


@functools.lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """A word without its commonest endings: enough to bring "threatens" and "threatened" together."""
    if len(word) > 5 and word.endswith("ing"):
        word = word[:-3]
    elif (len(word) > 4 and word.endswith("ied")) or (len(word) > 4 and word.endswith("ies")):
        return word[:-3] + "y"
    elif len(word) > 4 and word.endswith("ed"):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def hashed(features: Mapping[str, float], buckets: int) -> dict[int, float]:
    """Features by bucket. CRC-32, because Python's own hash differs from run to run."""
    found: dict[int, float] = {}
    for name, value in features.items():
        bucket = zlib.crc32(name.encode()) % buckets
        found[bucket] = found.get(bucket, 0.0) + value
    return found


def settings_of(
    text: str, drafts: Sequence[Draft], parents: Sequence[int | None], marked: Marked
) -> tuple[Setting, ...]:
    """What stands around each draft."""
    return tuple(
        _setting(text, draft, None if parent is None else drafts[parent], marked)
        for draft, parent in zip(drafts, parents, strict=True)
    )


def _setting(text: str, draft: Draft, parent: Draft | None, marked: Marked) -> Setting:
    parts = sorted(draft.parts())
    paragraph = marked.paragraph_at(draft.start())
    start = marked.paragraphs[paragraph].span.start if paragraph is not None else parts[0].start
    end = marked.paragraphs[paragraph].span.end if paragraph is not None else parts[-1].end
    quotations = [quotation for span in draft.content for quotation in marked.near(span)]
    return Setting(
        # an embedded post is its writer's own words, though it stands in no marks
        form="direct" if POST in draft.repairs else quotation_form(text, draft.content, quotations, cue=draft.cue),
        role=marked.paragraphs[paragraph].role if paragraph is not None else "body",
        before=(Span(start, parts[0].start),) if start < parts[0].start else (),
        between=tuple(Span(one.end, two.start) for one, two in itertools.pairwise(parts) if one.end < two.start),
        after=(Span(parts[-1].end, min(end, parts[-1].end + _AFTER)),) if parts[-1].end < end else (),
        parent_cue=parent.cue if parent is not None else (),
    )


_AFTER = 40  # code points looked at behind the last part: "said, after he was asked ..."
