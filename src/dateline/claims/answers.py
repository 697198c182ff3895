"""Finds which claim a denial, a rejection or a reply answers: "Both deny the allegations" answers the accusation.

The language core scores every pair of claims, which tells who may be replying and to what. For those few a small
linear scorer looks at the pair (what each does, how far apart they stand, the words they share, whether the one who
answers is named in what is answered); both scores together link the best candidate when it is likely enough.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dateline.claims.attribution import Draft, Marked
from dateline.claims.lexicons import Lexicons, LinearModel, Reading, read_cue, words_of
from dateline.claims.quotations import holds
from dateline.claims.speech_acts import Judgement, hashed, stem
from dateline.language.analysis import ACTS, ReplyScorer
from dateline.records import Span


@dataclass(frozen=True, slots=True)
class Answer:
    """One draft answers another: indices into the drafts. confidence: probability in [0, 1], None from a rule.

    denies: whether the reply says "not" to what somebody stated or charged.
    """

    reply: int
    answered: int
    confidence: float | None
    method: str
    denies: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """What the scorer needs of one draft, worked out once."""

    act: str
    scores: Mapping[str, float]
    rejects: bool
    headline: bool
    body: bool
    paragraph: int
    start: int
    cue: frozenset[str]
    readings: tuple[Reading, ...]
    source: frozenset[str]
    content: frozenset[str]
    content_length: int
    before: frozenset[str]
    explicit: bool
    negated: bool
    pairs: frozenset[tuple[str, str]]
    stems: tuple[str, ...]
    quoted: tuple[tuple[str, ...], ...]
    inside: int | None
    anaphoric: bool
    replies: ReplyScorer | None


@dataclass(frozen=True, slots=True)
class ReplyOdds:
    """The core's view of who answers whom, a row for each claim. Where it has none, the odds are low.

    reply, answered: *Shape:* (claims, width). none: *Shape:* (claims,). known: *Shape:* (claims,).
    """

    reply: npt.NDArray[np.float32]
    answered: npt.NDArray[np.float32]
    none: npt.NDArray[np.float32]
    known: npt.NDArray[np.bool_]

    def of(self, reply: int, others: range) -> npt.NDArray[np.float32]:
        """Log-odds that one claim answers each of some others: `ReplyScorer.odds` for many pairs at once."""
        window = slice(others.start, others.stop)
        odds = self.answered[window] @ self.reply[reply] / np.sqrt(np.float32(self.reply.shape[1])) - self.none[reply]
        seen = self.known[window] & self.known[reply]
        return np.asarray(np.where(seen, np.clip(odds, -_ODDS, _ODDS), _NO_VIEW), np.float32)


_NO_VIEW = -4.0
_ODDS = 8.0


def find_answers(
    text: str,
    drafts: Sequence[Draft],
    judgements: Sequence[Judgement],
    parents: Sequence[int | None],
    marked: Marked,
    lexicons: Lexicons,
) -> tuple[Answer, ...]:
    """At most one link for each draft, from the reply to what it answers."""
    parties = describe_parties(text, drafts, judgements, parents, marked, lexicons)
    odds = reply_odds(parties)
    rarity = word_rarity(parties)
    threshold = lexicons.answers.mixing.get("threshold", 0.5)
    found: list[Answer] = []
    for reply in range(len(parties)):
        echoed = _echoed(parties, reply)
        if echoed is not None:
            found.append(Answer(reply, echoed, None, "rule:quoted-to-deny", denies=True))
            continue
        accusation = _accusation_denied(parties, reply)
        if accusation is not None:
            found.append(Answer(reply, accusation, None, "rule:the-accused-denies"))
            continue
        best, probability = _best_candidate(parties, reply, odds, rarity, lexicons.answers)
        if best is not None and probability >= threshold:
            denies = parties[reply].negated and parties[best].act in _DENIABLE
            found.append(Answer(reply, best, probability, "model:answers", denies=denies))
    return tuple(found)


def deny_in_reply(judgements: Sequence[Judgement], answers: Sequence[Answer]) -> list[Judgement]:
    """ "Said he was not a threat" only says so, until it turns out to answer who called him one: then it denies.

    Of 124 replies with a neutral cue and a "not" in our training stories that answer a statement or a charge, 94 deny
    it and 14 only say, support or feel something.
    """
    denials = {answer.reply for answer in answers if answer.denies}
    return [
        replace(judgement, act="deny", method="rule:denies-what-it-answers")
        if index in denials and judgement.act in ("say", "support", "express")
        else judgement
        for index, judgement in enumerate(judgements)
    ]


_DENIABLE = frozenset(["say", "accuse", "condemn", "warn"])


_EXCHANGES = (
    (("deny",), ("accuse", "condemn")),
    (("deny",), ("say", "admit")),
    (("reject",), ("urge", "threaten", "promise")),
    (("condemn",), ("promise", "threaten", "accuse")),
    (("accuse", "condemn"), ("accuse", "condemn")),
    (("support", "promise"), ("urge", "promise")),
)


def _echoed(parties: Sequence[Party], reply: int) -> int | None:
    """The claim whose very words a reply quotes in order to deny them: "he is no “public danger”, the party responds".

    The nearest before it that somebody else made, or in a headline the nearest after it. A reply in the body answers
    what the body tells, where it does, rather than the headline's summary of it.
    """
    one = parties[reply]
    if not one.negated or not one.quoted or not (one.act in ("deny", "reject") or _has_reply_word(one)):
        return None
    saying = [
        other
        for other, two in enumerate(parties)
        if other != reply
        and not two.negated
        and not two.source & one.source
        and two.inside != reply
        and one.inside != other
        and any(_contains(two.stems, words) for words in one.quoted)
    ]
    told = [other for other in saying if parties[other].body == one.body] or saying
    before = [other for other in told if other < reply]
    return max(before) if before else min(told, default=None)


def _accusation_denied(parties: Sequence[Party], reply: int) -> int | None:
    """The last plain accusation before it in its paragraph, for "X denies" where the accusation names X.

    "The ministry accused the militia of looting. Observers agree. The militia denies it." On our training stories this
    was right in three cases of three; one paragraph further back in no more than half, so it does not look there.
    """
    one = parties[reply]
    if not one.rejects or one.act != "deny":
        return None
    for other in range(reply - 1, -1, -1):
        two = parties[other]
        if two.paragraph != one.paragraph:
            return None
        if two.act == "accuse" and two.explicit and two.inside != reply and one.inside != other:
            known = one.anaphoric or _share_name(one.source, two.content)
            return other if known and one.source != two.source else None
    return None


def _has_reply_word(party: Party) -> bool:
    return bool(party.cue & _REPLY_WORDS) or bool(party.before & _REPLY_WORDS)


def _contains(words: Sequence[str], part: Sequence[str]) -> bool:
    return any(tuple(words[at : at + len(part)]) == tuple(part) for at in range(len(words) - len(part) + 1))


def _best_candidate(
    parties: Sequence[Party], reply: int, odds: ReplyOdds, rarity: Mapping[str, float], model: LinearModel
) -> tuple[int | None, float]:
    """The likeliest claim to be answered, and its share against all others and against "answers none" (score 0)."""
    own, core = model.mixing.get("own", 1.0), model.mixing.get("core", 0.0)
    scores = {
        other: own * float(model.scores(hashed(pair_features(parties, reply, other, rarity), len(model.weights)))[0])
        + core * view
        for other, view in candidates(parties, reply, odds).items()
    }
    if not scores:
        return None, 0.0
    best = max(scores, key=lambda other: (scores[other], -other))
    top = max(0.0, scores[best])
    total = math.exp(-top) + sum(math.exp(score - top) for score in scores.values())
    return best, math.exp(scores[best] - top) / total


def reply_odds(parties: Sequence[Party]) -> ReplyOdds:
    """What the core knows of these claims, side by side."""
    width = next((len(party.replies.reply) for party in parties if party.replies is not None), 1)
    blank = ReplyScorer((0.0,) * width, (0.0,) * width, 0.0)
    scorers = [party.replies or blank for party in parties]
    return ReplyOdds(
        reply=np.array([scorer.reply for scorer in scorers], np.float32).reshape(-1, width),
        answered=np.array([scorer.answered for scorer in scorers], np.float32).reshape(-1, width),
        none=np.array([scorer.none for scorer in scorers], np.float32),
        known=np.array([party.replies is not None for party in parties], np.bool_),
    )


def candidates(parties: Sequence[Party], reply: int, odds: ReplyOdds) -> dict[int, float]:
    """The claims that one may be answering, each with the core's log-odds: the near ones and the likely ones.

    None where nothing speaks for a reply. Never its own speaker's: of 242 answers in our stories 3 are.
    """
    one = parties[reply]
    window = range(max(0, reply - _FARTHEST), min(len(parties), reply + _FARTHEST + 1))
    views = odds.of(reply, window)
    others = {
        other: float(view)
        for other, view in zip(window, views, strict=True)
        if other != reply and not _speaks_for_itself(one, parties[other])
    }
    if not others or not (_has_reply_word(one) or _may_refuse(one) or max(others.values()) > _HINT):
        return {}
    near = [other for other in others if -_NEXT <= reply - other <= _BACK]
    likely = sorted(others, key=lambda other: -others[other])[:_LIKELY]
    return {other: others[other] for other in sorted({*near, *likely})}


def _speaks_for_itself(one: Party, two: Party) -> bool:
    """Whether two claims have one speaker, as far as words tell: "Orel" is "Mayor Dana Orel"."""
    return bool(one.source and two.source) and (one.source <= two.source or two.source <= one.source)


def _may_refuse(party: Party) -> bool:
    return party.scores["deny"] + party.scores["reject"] > _REFUSAL


_FARTHEST = 100  # claims; keeps a story of thousands of claims from costing a pair for each two of them
_BACK, _NEXT, _LIKELY = 4, 2, 4
_HINT = -3.0  # log-odds of an answer to one claim, under which the core sees no reply
_REFUSAL = 0.15


def describe_parties(
    text: str,
    drafts: Sequence[Draft],
    judgements: Sequence[Judgement],
    parents: Sequence[int | None],
    marked: Marked,
    lexicons: Lexicons,
) -> tuple[Party, ...]:
    """Work out once for each draft what every pair needs."""
    parties: list[Party] = []
    last_speaker: frozenset[str] = frozenset()
    for draft, judgement, parent in zip(drafts, judgements, parents, strict=True):
        cue = words_of(text, draft.cue)
        content = words_of(text, draft.content)
        paragraph = marked.paragraph_at(draft.start())
        opening = marked.paragraphs[paragraph].span.start if paragraph is not None else draft.start()
        first = min(part.start for part in draft.parts())
        before = words_of(text, (Span(opening, max(opening, first)),))[-_BEFORE_WORDS:]
        before += words_of(text, _before_cue(draft))[:_BEFORE_WORDS]
        readings = read_cue(cue, lexicons.cues)
        source_words = words_of(text, draft.source)
        # "He" is most often whoever spoke last.
        source = last_speaker if source_words and source_words[0] in _PERSONAL else _names(source_words)
        if parent is None:  # whom a speaker tells of does not speak next
            last_speaker = source or last_speaker
        stems = _stems(content)
        parties.append(
            Party(
                act=judgement.act,
                scores=dict(zip(ACTS, judgement.scores, strict=True)),
                rejects=judgement.polarity == "rejects",
                headline=paragraph is not None and marked.paragraphs[paragraph].role == "headline",
                body=paragraph is None or marked.paragraphs[paragraph].role == "body",
                paragraph=paragraph if paragraph is not None else -1,
                start=draft.start(),
                cue=frozenset(map(stem, cue)),
                readings=readings,
                source=source,
                content=_names(content),
                content_length=len(content),
                before=frozenset(map(stem, before)),
                explicit=any(reading.entry.sure and reading.entry.act == judgement.act for reading in readings),
                negated=any(word in _NOT for word in content),
                pairs=frozenset(itertools.pairwise(stems)),
                stems=stems,
                quoted=_quoted_terms(text, draft, marked),
                inside=parent,
                anaphoric=_is_anaphoric(content),
                replies=draft.replies,
            )
        )
    return tuple(parties)


_BEFORE_WORDS = 12


def _before_cue(draft: Draft) -> tuple[Span, ...]:
    """What stands between source and cue: "The party [responded to the charge,] saying ..."."""
    if not draft.source or not draft.cue:
        return ()
    start, end = draft.source[-1].end, draft.cue[0].start
    return (Span(start, end),) if start < end else ()


def word_rarity(parties: Sequence[Party]) -> Mapping[str, float]:
    """How telling a shared word is in this story: 1 for a word of one claim, less the more claims have it."""
    counts = Counter(word for party in parties for word in party.content)
    return {word: 1.0 / math.sqrt(count) for word, count in counts.items()}


def pair_features(parties: Sequence[Party], reply: int, other: int, rarity: Mapping[str, float]) -> dict[str, float]:
    """Names of what the scorer looks at in one pair, with their weight."""
    one, two = parties[reply], parties[other]
    found: dict[str, float] = {"bias": 1.0}
    kind = f"{one.act}{'-' if one.rejects else ''}"
    # Acts are often unsure, so their probabilities count beside the likeliest act itself.
    for mine, theirs in _EXCHANGES:
        chance = sum(one.scores[act] for act in mine) * sum(two.scores[act] for act in theirs)
        found[f"chance:{mine[0]}>{theirs[0]}"] = chance
        if abs(one.paragraph - two.paragraph) <= 1:
            found[f"chance-near:{mine[0]}>{theirs[0]}"] = chance
    found[f"act:{kind}"] = 1.0
    found[f"to:{two.act}"] = 1.0
    found[f"pair:{kind}>{two.act}"] = 1.0
    if _has_reply_word(one):
        found["reply-word"] = 1.0
        found[f"reply-word>{two.act}"] = 1.0
    nested = two.inside == reply
    if nested:
        found["nested"] = 1.0
        found[f"nested:{kind}"] = 1.0
    elif one.inside == other:
        found["around"] = 1.0
    steps = reply - other
    place = "after" if steps > 0 else "before"
    found[f"{place}:{min(abs(steps), 6)}"] = 1.0
    far = min(abs(one.paragraph - two.paragraph), 5)
    found[f"{place}:paragraphs:{far}"] = 1.0
    if far <= 1:
        found[f"near:{kind}>{two.act}"] = 1.0
    if one.headline or two.headline:
        found[f"headline:{one.headline}>{two.headline}"] = 1.0
    shared = sum(rarity[word] for word in one.content & two.content)
    size = math.sqrt((1 + sum(rarity[word] for word in one.content)) * (1 + sum(rarity[word] for word in two.content)))
    found["shared"] = 3 * shared / size
    if shared:
        found["shares"] = 1.0
        found[f"shares:{kind}"] = 3 * shared / size
    if one.negated and not two.negated and one.pairs & two.pairs:
        found["denied-echo"] = 1.0  # "not a security threat" after "a security threat"
        found[f"denied-echo>{two.act}"] = 1.0
    if len(one.pairs & two.pairs) > 1:
        found["echo"] = 1.0
    if two.explicit:
        found[f"explicit:{kind}>{two.act}"] = 1.0
        if far <= 1:
            found[f"explicit-near:{kind}>{two.act}"] = 1.0
    if _share_name(one.source, two.content):
        found["replier-in-content"] = 1.0
        found[f"replier-in-content:{kind}>{two.act}"] = 1.0
    if _share_name(two.source, one.content):
        found["answered-in-content"] = 1.0
        found[f"answered-in-content:{kind}"] = 1.0
    if _share_name(two.source, one.before):
        found["answered-before"] = 1.0
    if one.source and one.source == two.source:
        found["same-source"] = 1.0
    elif one.source & two.source:
        found["similar-source"] = 1.0
    if one.anaphoric:
        found["anaphoric"] = 1.0
        found[f"anaphoric:{place}:{min(abs(steps), 4)}"] = 1.0
        found[f"anaphoric>{two.act}"] = 1.0
    last_accusation = _last_before(parties, reply, {"accuse", "condemn"})
    if last_accusation == other:
        found["last-accusation"] = 1.0
        found[f"last-accusation:{kind}"] = 1.0
    last_demand = _last_before(parties, reply, {"urge", "threaten", "promise"})
    if last_demand == other:
        found[f"last-demand:{kind}"] = 1.0
    return found


_PERSONAL = frozenset(["he", "she", "they", "it", "who", "which"])
_NOT = frozenset(["not", "n't", "no", "never", "nothing", "neither", "nor", "none", "false", "untrue", "baseless"])
_REPLY_WORDS = frozenset(
    stem(word)
    for word in (
        "respond responded response responding reply replied answer answered counter countered retort retorted rebut "
        "rebuttal dismiss dismissed reject rejected refute refuted disputed dispute contradicted challenged "
        "denied asked"
    ).split()
)
_POINTERS = frozenset(
    stem(word)
    for word in (
        "allegation allegations accusation accusations charge charges claim claims report reports criticism "
        "it this that "
        "them suggestion suggestions demand demands proposal offer call calls request assertion assertions statement "
        "remarks comments idea notion threat threats involvement responsibility wrongdoing responsible"
    ).split()
)
_EMPTY_WORDS = frozenset(
    (
        "a an the of in on at to for from by with as and or but that this these those it its he his him she her they "
        "their them we our us i my you your who which what was were is are be been being has have had do does "
        "did not no "
        "will would could should can may might must 's n't said says say there also any all more most other than about "
        "into over after before against"
    ).split()
)


def _stems(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(stem(word) for word in words if word not in _EMPTY_WORDS)


def _quoted_terms(text: str, draft: Draft, marked: Marked) -> tuple[tuple[str, ...], ...]:
    """Terms of two to six words that the content puts in quotation marks: somebody's own words, taken up."""
    inner = [
        quotation.inner
        for span in draft.content
        for quotation in marked.near(span)
        if quotation.inner.end - quotation.inner.start <= _TERM_LENGTH
        and holds(span, quotation.span)
        and quotation.span != span
    ]
    terms = {_stems(words_of(text, (span,))) for span in inner}
    return tuple(sorted(term for term in terms if _TERM_WORDS[0] <= len(term) < _TERM_WORDS[1]))


_TERM_WORDS = (2, 7)
_TERM_LENGTH = 120  # code points; a sentence is no term


def _names(words: Sequence[str]) -> frozenset[str]:
    return frozenset(stem(word) for word in words if word not in _EMPTY_WORDS and len(word) > 1)


def _share_name(names: frozenset[str], words: frozenset[str]) -> bool:
    """Whether a name recurs, also as another form of it: "Turkey" and "Turkish" share their first letters."""
    if names & words:
        return True
    heads = {name[:_NAME_HEAD] for name in names if len(name) >= _NAME_HEAD}
    return any(word[:_NAME_HEAD] in heads for word in words if len(word) >= _NAME_HEAD)


_NAME_HEAD = 4


def _is_anaphoric(content: Sequence[str]) -> bool:
    """A short content that only points back: "the allegations", "any such contacts", "it"."""
    return len(content) <= _POINTING_WORDS and any(stem(word) in _POINTERS for word in content)


_POINTING_WORDS = 6


def _last_before(parties: Sequence[Party], reply: int, acts: set[str]) -> int | None:
    for other in range(reply - 1, -1, -1):
        if parties[other].act in acts and parties[other].inside != reply and parties[reply].inside != other:
            return other
    return None
