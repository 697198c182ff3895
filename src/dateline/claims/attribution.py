"""Turns the tagger's raw attributions into drafts of claims whose spans respect the quotation marks.

What a tagger does badly and marks tell surely is repaired here: a content cut inside a quotation, a mark left at the
edge, a quotation that goes on in the next paragraph, a speaker's turn in an interview, a quotation that stands alone.
Nothing here reads meaning: that is `speech_acts` and `answers`.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dateline.claims.lexicons import CueEntry, read_cue
from dateline.claims.quotations import Pairing, Quotation, holds, overlaps, pair_marks
from dateline.language.analysis import Analysis, Paragraph, ReplyScorer, Stretch
from dateline.records import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A claim in the making: its words, and what the language core thinks of it.

    source, cue, content: as in `Claim`. layer: as in `Attribution`. acts: as in `Attribution`.
    replies: as in `Attribution`.
    confidence: probability in [0, 1] that this is an attribution of about these parts; None for one that a rule found.
    repairs: names of the rules that changed a span, for the evidence.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    layer: int = 0
    acts: tuple[float, ...] | None = None
    replies: ReplyScorer | None = None
    confidence: float | None = None
    repairs: tuple[str, ...] = ()

    def start(self) -> int:
        """Where its first word stands: cue and content decide, a source may stand far away."""
        return min(span.start for span in (*self.cue, *self.content))

    def parts(self) -> tuple[Span, ...]:
        """All its spans."""
        return (*self.source, *self.cue, *self.content)


@dataclass(frozen=True, slots=True)
class Marked:
    """The paragraphs of a story with their quotations."""

    paragraphs: tuple[Paragraph, ...]
    pairings: tuple[Pairing, ...]
    quotations: tuple[Quotation, ...] = field(init=False)
    _starts: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "quotations", tuple(quotation for pairing in self.pairings for quotation in pairing.quotations)
        )
        object.__setattr__(self, "_starts", tuple(paragraph.span.start for paragraph in self.paragraphs))

    def paragraph_at(self, offset: int) -> int | None:
        """Index of the paragraph in which a code point stands."""
        index = bisect.bisect_right(self._starts, offset) - 1
        if index < 0 or offset >= self.paragraphs[index].span.end:
            return None
        return index

    def near(self, span: Span) -> tuple[Quotation, ...]:
        """The quotations of the paragraphs that a span touches."""
        first = self.paragraph_at(span.start)
        last = self.paragraph_at(max(span.start, span.end - 1))
        if first is None or last is None:
            return ()
        return tuple(quotation for pairing in self.pairings[first : last + 1] for quotation in pairing.quotations)


def mark_quotations(analysis: Analysis) -> Marked:
    """Pair the quotation marks of every paragraph."""
    paragraphs = tuple(sorted(analysis.paragraphs, key=lambda paragraph: paragraph.span.start))
    return Marked(paragraphs, tuple(pair_marks(analysis.text, paragraph.span) for paragraph in paragraphs))


def draft_claims(
    analysis: Analysis,
    marked: Marked,
    *,
    cues: Mapping[str, tuple[CueEntry, ...]],
    labels: frozenset[str] = frozenset(),
) -> tuple[Draft, ...]:
    """Every claim of the story with its words, in text order.

    1. Take over the tagger's attributions, less the parts that stand too far from their cue; a cue without a source
    takes its grammatical subject. 2. Widen contents to whole
    quotations. 3. Give quotations that go on after their cue, in the same or the next paragraph, to the claim they
    continue. 4. Add posts, turns, headlines and free-standing quotations that no claim covers. 5. Drop doubles, and
    what a label introduces and nobody says.
    """
    drafts = [_draft(analysis, raw.source, raw.cue, raw.content) for raw in analysis.attributions]
    drafts = [
        replace(draft, layer=raw.layer, acts=raw.acts, replies=raw.replies, confidence=raw.confidence)
        for draft, raw in zip(drafts, analysis.attributions, strict=True)
    ]
    drafts = [_near_its_cue(analysis, marked, draft) for draft in drafts if draft.content]
    drafts = [_with_subject(analysis, draft) for draft in drafts]
    drafts = _widen_to_quotations(analysis.text, marked, drafts)
    drafts = _continue_quotations(analysis.text, marked, drafts)
    drafts = _with_posts(analysis.text, marked, drafts)
    drafts += _find_turns(analysis, marked, drafts)
    drafts += _find_headlines(analysis, marked, drafts, cues)
    drafts += _find_free_quotations(analysis.text, marked, drafts)
    return _without_doubles([draft for draft in drafts if not _is_labelled(analysis.text, draft, labels)])


def enclosing(drafts: Sequence[Draft]) -> tuple[int | None, ...]:
    """For each draft the index of the smallest other draft in whose content it stands, or None.

    Its cue must stand there, and its content too: in "police, who say he fled, denied it" the inner cue is not in
    the outer content, so nothing is enclosed.
    """
    return tuple(_enclosing_one(drafts, index) for index in range(len(drafts)))


# ---------------------------------------------------------------- 1. taking over


def _draft(analysis: Analysis, source: Sequence[Stretch], cue: Sequence[Stretch], content: Sequence[Stretch]) -> Draft:
    return Draft(
        source=_spans(analysis, source),
        cue=_spans(analysis, cue),
        content=_joined(analysis.text, _spans(analysis, content)),
    )


def _spans(analysis: Analysis, stretches: Iterable[Stretch]) -> tuple[Span, ...]:
    whole = [stretch for stretch in stretches if 0 <= stretch.first < stretch.last <= len(analysis.tokens)]
    return tuple(sorted(analysis.span(stretch) for stretch in whole))


def _joined(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Join pieces that only blanks on one line keep apart, or that overlap."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and (span.start <= joined[-1].end or re.fullmatch(r"[^\S\n]*", text[joined[-1].end : span.start])):
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def _near_its_cue(analysis: Analysis, marked: Marked, draft: Draft) -> Draft:
    """Leave out what a linker reached too far for: a second source, a content in another sentence that is no quotation.

    Of 22,000 annotated attributions with a cue 15 have more than one source and 11 one in another paragraph; of 27,000
    pieces of content 1 in 100 stands in another sentence or paragraph, most of these in quotation marks.
    """
    if not draft.cue:
        return draft
    text = analysis.text
    source = _one_source(analysis, draft)
    sources = (source,) if source is not None and _same_paragraph(marked, source, draft.cue[0]) else ()
    content = [span for span in draft.content if _may_belong(text, marked, span, draft.cue[0])]
    contents = tuple(content) or (min(draft.content, key=lambda span: _gap(span, draft.cue)),)
    if (sources, contents) == (draft.source, draft.content):
        return draft
    return replace(draft, source=sources, content=contents, repairs=(*draft.repairs, "near-its-cue"))


def _one_source(analysis: Analysis, draft: Draft) -> Span | None:
    """Of several sources the one that holds the grammatical subject of the cue, else the nearest.

    "The party answered the general's charge, saying ...": the general stands nearer, the party speaks.
    """
    if len(draft.source) > 1:
        subject = _subject(analysis, draft.cue[0])
        spoken = [span for span in draft.source if subject is not None and holds(span, subject)]
        if spoken:
            return spoken[0]
    free = (
        [span for span in draft.source if not _PREPOSITION.search(analysis.text[max(0, span.start - 12) : span.start])]
        if draft.source[1:]
        else ()
    )
    return min(free or draft.source, key=lambda span: _gap(span, draft.cue), default=None)


def _subject(analysis: Analysis, cue: Span) -> Span | None:
    """The subject of the cue's verb; of "…, saying" and "… and said" that of the verb they hang on."""
    found = _subject_token(analysis, cue, _SUBJECTS)
    return None if found is None else analysis.tokens[found].span


def _subject_token(analysis: Analysis, cue: Span, relations: frozenset[str]) -> int | None:
    tokens = analysis.tokens
    inside = _tokens_in(analysis, cue)
    verb = next((index for index in inside if tokens[index].head not in inside), None)
    for _ in range(_CLIMB):
        if verb is None:
            return None
        sentence = analysis.sentences[tokens[verb].sentence]
        subject = next(
            (
                at
                for at in range(sentence.first, sentence.last)
                if tokens[at].head == verb and tokens[at].deprel in relations
            ),
            None,
        )
        if subject is not None:
            return subject
        token = tokens[verb]
        verb = token.head if token.deprel.split(":")[0] in _SHARED_SUBJECT and token.head != verb else None
    return None


def _tokens_in(analysis: Analysis, span: Span) -> range:
    """Indices of the tokens that lie in a span."""
    tokens = analysis.tokens
    first = bisect.bisect_left(tokens, span.start, key=lambda token: token.span.start)
    return range(first, bisect.bisect_right(tokens, span.end, lo=first, key=lambda token: token.span.end))


def _with_subject(analysis: Analysis, draft: Draft) -> Draft:
    """Give a cue that is left without a source the subject of its verb, as far as that is plain.

    "Orel criticised the ferry company, saying ..." leaves "saying" alone; a passive ("is accused of") has no source in
    its subject.
    """
    if draft.source or not draft.cue:
        return draft
    tokens = analysis.tokens
    cue = _tokens_in(analysis, draft.cue[0])
    if not any(tokens[at].upos == "VERB" for at in cue) or any(tokens[at].deprel == "aux:pass" for at in cue):
        return draft
    subject = _subject_token(analysis, draft.cue[0], _ACTIVE)
    if subject is None or subject >= cue.start or tokens[subject].text.lower() in _EMPTY_SUBJECTS:
        return draft
    source = _noun_phrase(analysis, subject, before=cue.start)
    if any(overlaps(source, part) for part in draft.content):
        return draft
    return replace(draft, source=(source,), repairs=(*draft.repairs, "subject-of-its-cue"))


def _noun_phrase(analysis: Analysis, head: int, *, before: int) -> Span:
    """A noun with what hangs on it up to a token, without clauses and appositions after a comma."""
    tokens = analysis.tokens
    sentence = analysis.sentences[tokens[head].sentence]
    first = last = head
    while first > sentence.first and _hangs_on(analysis, first - 1, head) and tokens[first - 1].upos != "PUNCT":
        first -= 1
    while last + 1 < before and _hangs_on(analysis, last + 1, head) and tokens[last + 1].upos != "PUNCT":
        last += 1
    return Span(tokens[first].span.start, tokens[last].span.end)


def _hangs_on(analysis: Analysis, token: int, head: int) -> bool:
    tokens = analysis.tokens
    for _ in range(_DEEPEST):
        if token == head:
            return True
        if tokens[token].head == token or tokens[token].deprel.startswith("acl"):
            return False
        token = tokens[token].head
    return False


_ACTIVE = frozenset(["nsubj"])
_EMPTY_SUBJECTS = frozenset(["it", "there", "that", "this", "which", "what"])
_DEEPEST = 12  # arcs from a word of a noun phrase to its head


_PREPOSITION = re.compile(r"\b(?:against|at|between|by|for|from|in|of|on|to|with)\s+\Z")
_SUBJECTS = frozenset(["nsubj", "nsubj:pass"])
_SHARED_SUBJECT = frozenset(["advcl", "conj", "xcomp"])
_CLIMB = 3  # clauses up from the cue


def _gap(span: Span, cue: Sequence[Span]) -> int:
    return min(max(span.start - part.end, part.start - span.end, 0) for part in cue)


def _same_paragraph(marked: Marked, one: Span, other: Span) -> bool:
    return marked.paragraph_at(one.start) == marked.paragraph_at(other.start)


def _may_belong(text: str, marked: Marked, span: Span, cue: Span) -> bool:
    if any(not quotation.level and overlaps(quotation.span, span) for quotation in marked.near(span)):
        here, there = marked.paragraph_at(span.start), marked.paragraph_at(cue.start)
        return here is None or there is None or -1 <= here - there <= _QUOTED_PARAGRAPHS
    between = text[min(span.end, cue.end) : max(span.start, cue.start) + 1]
    if _same_paragraph(marked, span, cue):
        return _SENTENCE_BREAK.search(between) is None
    return between[:-1].rstrip().endswith(":")


_QUOTED_PARAGRAPHS = 6  # how many paragraphs one quotation may run on after its cue
_SENTENCE_BREAK = re.compile(r"(?<!\b[A-Z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})[.!?][\"'”’)\]]*\s+[\"'“‘(\[]?[A-Z]")


# ---------------------------------------------------------------- 2. whole quotations


def _widen_to_quotations(text: str, marked: Marked, drafts: Sequence[Draft]) -> list[Draft]:
    return [
        _widened(text, marked, draft, [part for other in drafts if other is not draft for part in other.parts()])
        for draft in drafts
    ]


def _widened(text: str, marked: Marked, draft: Draft, taken: Sequence[Span]) -> Draft:
    own = (*draft.source, *draft.cue)
    content: list[Span] = []
    for span in draft.content:
        for quotation in marked.near(span):
            if not overlaps(span, quotation.span) or holds(span, quotation.span):
                continue
            if any(overlaps(part, quotation.span) for part in own):
                continue  # the cue stands inside the quotation: somebody else's words around this claim
            span = _to_edges(text, span, quotation, free=lambda rest: not any(overlaps(rest, part) for part in taken))
        content.append(span)
    after = _joined(text, content)
    if after == draft.content:
        return draft
    return replace(draft, content=after, repairs=(*draft.repairs, "quotation-edge"))


def _to_edges(text: str, span: Span, quotation: Quotation, *, free: object) -> Span:
    assert callable(free)
    inner, outer = quotation.inner, quotation.span
    # The mark itself, where the words up to it are already in.
    start, end = span.start, span.end
    if (outer.start < start and not _WORD.search(text, inner.start, start)) or (
        inner.start < start < inner.end and free(Span(outer.start, start)) and _share(text, span, inner) >= _CUT_SHARE
    ):
        start = outer.start
    if (end < outer.end and not _WORD.search(text, end, inner.end)) or (
        inner.start < end < inner.end and free(Span(end, outer.end)) and _share(text, span, inner) >= _CUT_SHARE
    ):
        end = outer.end
    return Span(start, end)


_WORD = re.compile(r"\w+")
_CUT_SHARE = 0.4  # of the quotation's words must already be in the content before the rest is pulled in


def _words(text: str, span: Span) -> int:
    return len(_WORD.findall(text, span.start, span.end))


def _share(text: str, span: Span, inner: Span) -> float:
    common = Span(max(span.start, inner.start), min(span.end, inner.end))
    return _words(text, common) / max(1, _words(text, inner))


# ---------------------------------------------------------------- 3. quotations that go on


def _continue_quotations(text: str, marked: Marked, drafts: Sequence[Draft]) -> list[Draft]:
    """Give each quotation that nobody says to the claim that it continues.

    Nobody's are the quotations outside every claim and those that the tagger left without source and cue.
    """
    loose = [draft for draft in drafts if not draft.cue and not draft.source]
    drafts = [draft for draft in drafts if draft.cue or draft.source]
    for index, pairing in enumerate(marked.pairings):
        for quotation in pairing.quotations:
            if quotation.level or not _is_free(text, quotation, drafts):
                continue
            same = [draft for draft in loose if any(overlaps(part, quotation.span) for part in draft.content)]
            if any(not holds(quotation.span, part) for draft in same for part in draft.content):
                continue  # the tagger sees more in it than this quotation
            place = _continued(text, marked, index, quotation, drafts)
            if place is not None:
                drafts[place] = replace(
                    drafts[place],
                    content=_joined(text, (*drafts[place].content, quotation.span)),
                    repairs=(*drafts[place].repairs, "quotation-goes-on"),
                )
                loose = [draft for draft in loose if draft not in same]
    return drafts + loose


def _is_free(text: str, quotation: Quotation, drafts: Sequence[Draft]) -> bool:
    if _words(text, quotation.inner) < _SENTENCE_WORDS or not _is_sentence(text, quotation):
        return False
    return not any(overlaps(part, quotation.span) for draft in drafts for part in draft.parts())


_SENTENCE_WORDS = 3  # fewer words in marks are as often a name or a title as somebody's sentence


def _is_sentence(text: str, quotation: Quotation) -> bool:
    """Whether it opens like a sentence and ends like one, so that it is not a title or a term in the writer's prose."""
    inner = text[quotation.inner.start : quotation.inner.end].strip()
    after = text[quotation.inner.end : quotation.span.end + 1]
    return bool(re.match(r"[\W_]*[A-Z0-9]", inner)) and (
        not quotation.closed or bool(re.search(r"[.!?,…—–-][\"'’”)\]]*$", inner)) or bool(re.match(r"\W*[.!?]", after))
    )


def _continued(text: str, marked: Marked, index: int, quotation: Quotation, drafts: Sequence[Draft]) -> int | None:
    """Which draft this free quotation continues."""
    paragraph = marked.paragraphs[index]
    here = [
        place
        for place, draft in enumerate(drafts)
        if draft.layer == 0
        and draft.cue
        and any(overlaps(part, paragraph.span) for part in (*draft.cue, *draft.content))
    ]
    if here:
        return _continued_in_paragraph(text, marked, quotation, drafts, here)
    if index == 0 or paragraph.role != "body" or quotation.span.start > _first_character(text, paragraph.span):
        return None
    return _continued_from_before(text, marked, index, drafts)


def _continued_in_paragraph(
    text: str, marked: Marked, quotation: Quotation, drafts: Sequence[Draft], here: Sequence[int]
) -> int | None:
    """“…,” she said. “…” and “…” “…,” she said: one claim in pieces."""
    before = [place for place in here if _last_end(drafts[place], quotation.span.start) is not None]
    if before:
        place = max(before, key=lambda place: _last_end(drafts[place], quotation.span.start) or 0)
        gap = text[_last_end(drafts[place], quotation.span.start) or 0 : quotation.span.start]
        quoted = any(overlaps(span, other.span) for span in drafts[place].content for other in marked.near(span))
        if quoted and ("." in gap or ":" in gap or ";" in gap or _words_in(gap) == 0) and _words_in(gap) <= _GAP_WORDS:
            return place
    return None


_GAP_WORDS = 12  # "… told reporters in Kabul on Monday. “…”": words between the claim and its next piece


def _words_in(text: str) -> int:
    return len(_WORD.findall(text))


def _last_end(draft: Draft, offset: int) -> int | None:
    """Where the last part of the draft before an offset ends."""
    return max((part.end for part in (*draft.cue, *draft.content, *draft.source) if part.end <= offset), default=None)


def _continued_from_before(text: str, marked: Marked, index: int, drafts: Sequence[Draft]) -> int | None:
    """A paragraph that opens with a quotation nobody is given: the speaker of the paragraph before goes on."""
    before = marked.paragraphs[index - 1]
    if before.role != "body" or not _is_all_quoted(text, marked, index):
        return None
    if text[before.span.end : marked.paragraphs[index].span.start].strip():
        return None  # a crosshead or a caption stands between: another subject, maybe another speaker
    last = text[before.span.start : before.span.end].rstrip()
    inside = [
        place
        for place, draft in enumerate(drafts)
        if draft.layer == 0
        and (draft.cue or draft.source)
        and any(overlaps(part, before.span) for part in (*draft.content, *draft.cue))
    ]
    if not inside:
        return None
    place = max(
        inside, key=lambda place: max(part.end for part in drafts[place].parts() if overlaps(part, before.span))
    )
    if last.endswith(":"):
        return place
    quoted = any(
        overlaps(span, quotation.span)
        for span in drafts[place].content
        for quotation in marked.pairings[index - 1].quotations
    )
    return place if quoted else None


def _is_all_quoted(text: str, marked: Marked, index: int) -> bool:
    paragraph = marked.paragraphs[index].span
    quoted = sum(
        _words(text, quotation.inner) for quotation in marked.pairings[index].quotations if not quotation.level
    )
    return quoted > 0 and quoted >= _words(text, paragraph)


def _first_character(text: str, span: Span) -> int:
    start = span.start
    while start < span.end and text[start].isspace():
        start += 1
    return start


# ---------------------------------------------------------------- 4. posts, turns and free-standing quotations


def _with_posts(text: str, marked: Marked, drafts: Sequence[Draft]) -> list[Draft]:
    """Posts that a page has embedded: "We won. https://t.co/x — Ann Lee (@annlee) May 4, 2025" is Ann Lee's word.

    What the tagger found there without a source gives way; where a claim that has one holds the post, nothing is added.
    """
    kept = list(drafts)
    for paragraph in marked.paragraphs:
        match = _POST.fullmatch(text, paragraph.span.start, paragraph.span.end)
        if match is None:
            continue
        start = match.start("content")
        content = Span(start, start + len(_LINKS.sub("", match["content"])))
        touching = [draft for draft in kept if any(overlaps(part, content) for part in draft.content)]
        nobodys = [draft for draft in touching if not draft.source and not draft.cue]
        told = any(holds(part, content) for draft in touching for part in draft.content if draft.source)
        if told or _words(text, content) < _SENTENCE_WORDS:
            continue
        seen = max(nobodys, key=lambda draft: draft.confidence or 0.0, default=Draft(source=(), cue=(), content=()))
        kept = [draft for draft in kept if draft not in nobodys]
        kept.append(
            Draft(
                source=(Span(*match.span("name")),),
                cue=(),
                content=(content,),
                acts=seen.acts,
                replies=seen.replies,
                repairs=(POST,),
            )
        )
    return kept


POST = "post"
_POST = re.compile(
    r"\s*(?P<content>\S.*?\S)\s*[—–-]{1,2}\s*(?P<name>[^\s—–(][^—–()\n]{0,60}?)\s*\(@\w{1,30}\)"
    r"\s*(?:[A-Z][a-z]{2,8}\.?\s\d{1,2},\s\d{4})?\W*"
)
_LINKS = re.compile(r"(?:\s*(?:https?://|pic\.twitter\.com/)\S+)+\Z")


_TURN = re.compile(r"\s*([A-Z][\w.’'-]*(?:[^\S\n][A-Z][\w.’'-]*){0,4}[^\S\n]?):[^\S\n]+(?=\S)")


def _find_turns(analysis: Analysis, marked: Marked, drafts: Sequence[Draft]) -> list[Draft]:
    """Speaker's turns in an interview or a transcript, and headlines of the form "X: words"."""
    found: list[Draft] = []
    names = [analysis.span(phrase.tokens) for phrase in analysis.phrases if phrase.type in _SPEAKERS]
    for paragraph in marked.paragraphs:
        match = _TURN.match(analysis.text, paragraph.span.start, paragraph.span.end)
        if match is None:
            continue
        name, content = (
            Span(match.start(1), match.end(1)),
            _trimmed(analysis.text, Span(match.end(), paragraph.span.end)),
        )
        known = analysis.text[name.start : name.end].isupper() or any(overlaps(name, phrase) for phrase in names)
        if not known or _words(analysis.text, content) < _SENTENCE_WORDS or content.start >= content.end:
            continue
        if any(
            overlaps(part, Span(name.start, content.end))
            for draft in drafts
            if draft.layer == 0
            for part in draft.parts()
        ):
            continue
        cue = Span(match.end(1), match.end(1) + 1)
        found.append(Draft(source=(name,), cue=(cue,), content=(content,), repairs=("turn",)))
    return found


_SPEAKERS = frozenset(["person", "organization", "group", "role"])


def _find_headlines(
    analysis: Analysis, marked: Marked, drafts: Sequence[Draft], cues: Mapping[str, tuple[CueEntry, ...]]
) -> list[Draft]:
    """Headlines of the form "words, X says" in which the tagger found nothing."""
    found: list[Draft] = []
    for paragraph in marked.paragraphs:
        if paragraph.role == "body" or any(
            overlaps(part, paragraph.span) for draft in drafts for part in draft.parts()
        ):
            continue
        draft = _says_at_the_end(analysis, paragraph, cues)
        if draft is not None:
            found.append(draft)
    return found


def _says_at_the_end(
    analysis: Analysis, paragraph: Paragraph, cues: Mapping[str, tuple[CueEntry, ...]]
) -> Draft | None:
    first, last = paragraph.tokens.first, paragraph.tokens.last
    tokens = analysis.tokens
    for comma in range(last - 1, first + _SENTENCE_WORDS, -1):
        if tokens[comma].text != ",":
            continue
        begin = comma + 1
        while begin < last and tokens[begin].text in _CLOSING:
            begin += 1
        verb = next((at for at in range(begin + 1, last) if tokens[at].upos in ("VERB", "AUX", "ADP")), None)
        if verb is None or verb - begin > _SPEAKER_WORDS or tokens[verb].upos != "VERB":
            continue
        if not any(token.upos in ("NOUN", "PROPN", "PRON") for token in tokens[begin:verb]):
            continue
        after = tokens[verb + 1].upos if verb + 1 < last else "PUNCT"
        if after in ("ADP", "PUNCT", "ADV") and read_cue((tokens[verb].text.lower(),), cues):
            return Draft(
                source=(analysis.span(Stretch(begin, verb)),),
                cue=(tokens[verb].span,),
                content=(Span(tokens[first].span.start, tokens[begin - 1].span.end),),
                repairs=("headline",),
            )
    return None


_CLOSING = frozenset("\"'”’»")
_SPEAKER_WORDS = 7


def _find_free_quotations(text: str, marked: Marked, drafts: Sequence[Draft]) -> list[Draft]:
    """Paragraphs that are nothing but a quotation and belong to nobody's claim: a post, a pull quotation."""
    found: list[Draft] = []
    for index, paragraph in enumerate(marked.paragraphs):
        if paragraph.role == "headline" or not _is_all_quoted(text, marked, index):
            continue
        free = [
            quotation.span
            for quotation in marked.pairings[index].quotations
            if not quotation.level and _is_free(text, quotation, drafts)
        ]
        if free:
            found.append(Draft(source=(), cue=(), content=_joined(text, free), repairs=("free-quotation",)))
    return found


def _trimmed(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


# ---------------------------------------------------------------- 5. doubles, nesting


def _without_doubles(drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """Of drafts with the same cue and overlapping contents keep the one the tagger is surer of."""
    kept: list[Draft] = []
    for draft in sorted(drafts, key=lambda draft: (-(draft.confidence or 0.0), draft.layer, draft.start())):
        if not any(_is_double(draft, other) for other in kept):
            kept.append(draft)
    return tuple(sorted(kept, key=lambda draft: (draft.start(), draft.cue, draft.content, draft.layer)))


def _is_labelled(text: str, draft: Draft, labels: frozenset[str]) -> bool:
    """ "Opinion: Beware of ..." is nobody's word."""
    if [text[span.start : span.end] for span in draft.cue] != [":"]:
        return False
    return any(text[span.start : span.end].strip().lower().replace("’", "'") in labels for span in draft.source)


def _is_double(one: Draft, other: Draft) -> bool:
    if one.cue or other.cue:
        same_cue = any(overlaps(a, b) for a in one.cue for b in other.cue)
        return same_cue and any(overlaps(a, b) for a in one.content for b in other.content)
    return one.content == other.content


def _enclosing_one(drafts: Sequence[Draft], index: int) -> int | None:
    draft = drafts[index]
    inner = draft.cue or draft.content
    best: tuple[int, int] | None = None
    for place, other in enumerate(drafts):
        if place == index or not all(any(holds(span, part) for span in other.content) for part in inner):
            continue
        if not any(overlaps(span, part) for span in other.content for part in draft.content):
            continue
        if not draft.cue and draft.content == other.content:
            continue
        length = sum(span.end - span.start for span in other.content)
        if best is None or length < best[0]:
            best = (length, place)
    return None if best is None else best[1]
