"""What the rules make of the tagger's marks, case by case, without the shipped language model."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dateline.claims import Found, Lexicons, find_claims, load_lexicons
from dateline.language.analysis import Analysis, Attribution, Paragraph, ParagraphRole, Phrase, Stretch, Token
from dateline.language.words import load_abbreviations, split_words, word_pattern
from dateline.records import ActorRef, Claim, Mention, Span, Story, make_id

CASES = Path(__file__).parent.parent / "cases/claims/rules.txt"
ROLES = {"s": "source", "c": "cue", "t": "content"}
# Who appears in the cases; the tagger's mentions are these words wherever they stand.
CAST = {
    "Kell": "person", "Orel": "person", "Marovia": "organization", "Velia": "organization", "the Reed Brigade": "group",
    "two Velian dockers": "group", "the dockers’ union": "organization", "The union": "organization", "KELL": "person",
    "the army": "organization", "The envoy": "person",
}  # fmt: skip

Parts = dict[str, list[Span]]


@dataclass
class Case:
    """A text with its marks before and after, and what must hold of the claims."""

    name: str
    text: str = ""
    paragraphs: list[tuple[Span, ParagraphRole]] = field(default_factory=list)
    tagged: dict[int, Parts] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    wanted: dict[int, Parts] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    facts: list[str] = field(default_factory=list)


def read_cases() -> list[Case]:
    return [_read_case(block) for block in CASES.read_text("utf-8").split("\n=== ")[1:]]


def _read_case(block: str) -> Case:
    name, *lines = block.splitlines()
    case = Case(name)
    after = []
    for line in lines:
        kind, _, words = (part.strip() for part in line.partition("|"))
        if kind.startswith("tagger") or kind == "crosshead":
            start = len(case.text)
            case.text += _read_marks(words, start, case.tagged) + "\n\n"
            if kind != "crosshead":
                role: ParagraphRole = "headline" if "headline" in kind else "summary" if "summary" in kind else "body"
                case.paragraphs.append((Span(start, len(case.text) - 2), role))
        elif kind == "claims":
            after.append(words)
        elif kind == "facts":
            case.facts += [fact.strip() for fact in words.split("; ")]
    for (span, _), words in zip(case.paragraphs, after, strict=True):
        plain = _read_marks(words, span.start, case.wanted)
        assert plain == case.text[span.start : span.end], f"{name}: the words differ"
    return case


def _read_marks(words: str, start: int, parts: dict[int, Parts]) -> str:
    plain = ""
    open_marks: list[tuple[str, int, int]] = []
    for piece in re.findall(r"\{[sct]\d |\}|[^{}]+", words):
        if piece.startswith("{"):
            open_marks.append((ROLES[piece[1]], int(piece[2]), start + len(plain)))
        elif piece == "}":
            role, number, begin = open_marks.pop()
            parts[number][role].append(Span(begin, start + len(plain)))
        else:
            plain += piece
    return plain


def analyze(case: Case) -> tuple[Analysis, tuple[Mention, ...], Story]:
    """The case as if the language core had read it."""
    tokens: list[Token] = []
    paragraphs: list[Paragraph] = []
    pattern = word_pattern(load_abbreviations())
    for number, (span, role) in enumerate(case.paragraphs):
        first = len(tokens)
        for word in split_words(case.text, span, pattern):
            tokens.append(Token(word, case.text[word.start : word.end], "X", len(tokens), "root", number, number))
        paragraphs.append(Paragraph(Stretch(first, len(tokens)), span, role))

    def stretch(span: Span) -> Stretch:
        inside = [i for i, token in enumerate(tokens) if token.span.start < span.end and span.start < token.span.end]
        return Stretch(inside[0], inside[-1] + 1)

    attributions = tuple(
        Attribution(
            *(tuple(stretch(span) for span in sorted(parts[role])) for role in ROLES.values()),
            layer=int(_is_nested(parts, case.tagged)),
            acts=None,
            confidence=0.9,
        )
        for parts in case.tagged.values()
    )
    named = [
        (Span(found.start(), found.end()), type_)
        for words, type_ in CAST.items()
        for found in re.finditer(rf"\b{words}\b", case.text)
        if any(span.start <= found.start() and found.end() <= span.end for span, _ in case.paragraphs)
    ]
    story = Story(
        id="story:1", document_id="document:1", outlet_id=None, headline=None, dateline=None,
        body=tuple(span for span, _ in case.paragraphs),
    )  # fmt: skip
    analysis = Analysis(
        story_id=story.id, text=case.text, tokens=tuple(tokens), paragraphs=tuple(paragraphs),
        attributions=attributions,
        sentences=tuple(paragraph.tokens for paragraph in paragraphs),
        phrases=tuple(Phrase(stretch(span), stretch(span).first, type_, "name", 0.9) for span, type_ in named),  # type: ignore[arg-type]
    )  # fmt: skip
    mentions = tuple(
        Mention(id=make_id("mention", span), story_id=story.id, span=span, head=span, kind="actor", form="name")
        for span, _ in named
    )
    return analysis, mentions, story


def _is_nested(parts: Parts, tagged: dict[int, Parts]) -> bool:
    return any(
        outer.start <= cue.start and cue.end <= outer.end
        for other in tagged.values()
        if other is not parts
        for outer in other["content"]
        for cue in parts["cue"]
    )


@pytest.fixture(scope="module")
def lexicons() -> Lexicons:
    return load_lexicons()


@pytest.mark.parametrize("case", read_cases(), ids=lambda case: case.name)
def test_claims_come_out_as_marked(case: Case, lexicons: Lexicons) -> None:
    analysis, mentions, story = analyze(case)
    words = {mention.id: case.text[mention.span.start : mention.span.end] for mention in mentions}
    actors = [ActorRef(actor_id=make_id("actor", words[mention.id]), mention_id=mention.id) for mention in mentions]
    found = find_claims(analysis, mentions, story, actors=actors, lexicons=lexicons)
    shown = [tuple(_words(case.text, getattr(claim, role)) for role in ROLES.values()) for claim in found.claims]
    wanted = [
        tuple(_words(case.text, sorted(parts[role])) for role in ROLES.values()) for parts in case.wanted.values()
    ]
    assert sorted(shown) == sorted(wanted)
    numbered = {number: _claim_at(found, parts) for number, parts in case.wanted.items()}
    for fact in case.facts:
        _check(fact, numbered, case.text, mentions)


def _words(text: str, spans: object) -> tuple[str, ...]:
    return tuple(text[span.start : span.end] for span in spans)  # type: ignore[attr-defined]


def _claim_at(found: Found, parts: Parts) -> Claim:
    return next(claim for claim in found.claims if list(claim.content) == sorted(parts["content"]))


def _check(fact: str, claims: dict[int, Claim], text: str, mentions: tuple[Mention, ...]) -> None:
    number, *rest = fact.split(" ", 2)
    claim = claims[int(number)]
    if rest[0] in ("within", "answers"):
        assert getattr(claim, rest[0]) == claims[int(rest[1])].id, fact
    elif rest[0] == "about":
        spans = {mention.id: mention.span for mention in mentions}
        named = [text[spans[ref.mention_id].start : spans[ref.mention_id].end] for ref in claim.about]
        assert named == ([] if rest[1] == "nobody" else [rest[1]]), fact
    else:
        assert {claim.act, claim.polarity, claim.quotation} >= set(rest), (
            f"{fact}: {claim.act} {claim.polarity} {claim.quotation}"
        )
