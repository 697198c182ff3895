"""What a mention says of its actor by its own words: name, titles, nouns, nations, number, gender.

Nothing here looks beyond the mention's phrase; `antecedents` compares descriptions, `codes` reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from dateline.grounding.actors.lexicons import ActorLexicons, Gender, Noun, Title, normal
from dateline.language.analysis import Analysis, Phrase, Token
from dateline.records import Mention

Article = Literal["definite", "indefinite", "demonstrative", "possessive", "none"]

# person and number of the pronouns that stand for somebody; the words themselves are closed classes of English
PRONOUNS: dict[str, tuple[str, Gender]] = {
    **dict.fromkeys(("he", "him", "his", "himself"), ("he", "m")),
    **dict.fromkeys(("she", "her", "hers", "herself"), ("she", "f")),
    **dict.fromkeys(("it", "its", "itself"), ("it", "")),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves", "both"), ("they", "")),
    **dict.fromkeys(("i", "me", "my", "mine", "myself"), ("i", "")),
    **dict.fromkeys(("we", "us", "our", "ours", "ourselves"), ("we", "")),
    **dict.fromkeys(("you", "your", "yours", "yourself"), ("you", "")),
    **dict.fromkeys(("who", "whom", "whose", "which", "that"), ("who", "")),
}
_ARTICLES: dict[str, Article] = {
    "the": "definite",
    "a": "indefinite",
    "an": "indefinite",
    "this": "demonstrative",
    "that": "demonstrative",
    "these": "demonstrative",
    "those": "demonstrative",
    **dict.fromkeys(("his", "her", "its", "their", "our", "my", "your", "whose"), "possessive"),
}
_SURE = 0.5  # mean probability of a phrase's tags
_ADJECTIVE_REACH = 3  # words between a nationality and its noun, and the noun: "Tajik border authorities"
_MARKS = frozenset(("-", "‘", "’", "'", "'s", "’s", ",", ".", "“", "”", '"'))
_PARTICLES = frozenset(("al", "bin", "ibn", "van", "von", "de", "la", "der", "el", "ul", "-", "‘", "’", "'"))
_SPEAKERS = frozenset(
    ("spokesman", "spokeswoman", "spokesperson", "spokesmen", "spokespeople", "spokespersons", "press secretary")
)
FORMER = frozenset(("former", "ex", "then", "ousted", "deposed", "retired", "onetime", "late", "outgoing"))


@dataclass(frozen=True, slots=True)
class Found:
    """A noun or title of the tables in a mention: tokens `first` to before `last`, and the words as the tables key
    them."""

    first: int
    last: int
    words: str
    noun: Noun | None
    title: Title | None


@dataclass(frozen=True, slots=True)
class Nation:
    """A state, its people or its adjective in a mention: tokens `first` to before `last`; country as ISO 3166-1
    alpha-3."""

    first: int
    last: int
    state: str
    country: str


@dataclass(frozen=True, slots=True)
class Description:
    """One mention by its own words. Token indices refer to `Analysis.tokens`.

    words: all words in lower case without article and possessive ending; key: the same as they are written.
    name: words of the proper name, titles left out, empty where there is none; spelled: the name as it is written.
    nouns, titles: those of the tables, in text order. lead: the noun that says what the actor is.
    nations: the states named, in text order. lent: sectors that words before the leading noun lend it.
    pronoun: class of the pronoun ("he", "they") or "". speaks: it is a spokesperson. former: "former", "ex-".
    """

    mention: Mention
    type: str
    first: int
    last: int
    head: int
    form: Literal["name", "nominal", "pronoun"]
    words: tuple[str, ...]
    key: str
    name: tuple[str, ...]
    spelled: str
    nouns: tuple[Found, ...]
    titles: tuple[Found, ...]
    lead: Found | None
    lent: tuple[str, ...]
    nations: tuple[Nation, ...]
    pronoun: str
    plural: bool
    gender: Gender
    article: Article
    elsewhere: bool
    speaks: bool
    former: bool


def describe(analysis: Analysis, mention: Mention, phrase: Phrase, lexicons: ActorLexicons) -> Description:
    """Read one mention, whose phrase the tagger found.

    Where the tagger kept only the adjective of "Tajik authorities", the noun is read with it.
    """
    first, last = phrase.tokens.first, phrase.tokens.last
    head = min(max(phrase.head, first), last - 1)
    noun = noun_behind(analysis, phrase, lexicons)
    if noun is not None:
        last, head = noun + 1, noun
    tokens = analysis.tokens[first:last]
    article, begin = _article(analysis, first, tokens)
    lowered = [_word(token.text) for token in tokens]
    pronoun = ""
    gender: Gender = ""
    if len(tokens) == 1 and lowered[0] in PRONOUNS:
        pronoun, gender = PRONOUNS[lowered[0]]
    found = tuple(_lookup(lowered, first, lexicons))
    nations = tuple(_nations(tokens, first, lexicons)) if not pronoun else ()
    inner = _core_end(analysis, first, last, head)
    titles = tuple(each for each in found if each.title is not None)
    nouns = tuple(each for each in found if each.noun is not None)
    named = _name(analysis, first + begin, inner, head, found, phrase.type, lexicons)
    name = tuple(
        _word(analysis.tokens[position].text) for position in named if analysis.tokens[position].text not in _MARKS
    )
    spelled = _written(analysis, named[0], named[-1] + 1) if named else ""
    key = normal(_written(analysis, first + begin, last))
    lead = _lead(nouns, head, inner)
    if not gender:
        gender = next(
            (
                each
                for each in (
                    *(title.title.gender for title in titles if title.title and title.first < inner),
                    *(noun.noun.gender for noun in nouns if noun.noun and noun is lead),
                )
                if each
            ),
            "",
        )
    plural = _plural(analysis, head, lead, pronoun)
    words = tuple(word for word in lowered[begin:] if word not in _MARKS)
    return Description(
        mention=mention,
        type=_type(analysis, phrase, lexicons),
        first=first,
        last=last,
        head=head,
        form=_form(pronoun, name, phrase, last),
        words=words,
        key=key,
        name=name,
        spelled=spelled,
        nouns=nouns,
        titles=titles,
        lead=lead,
        lent=tuple(
            dict.fromkeys(
                lexicons.modifiers[word]
                for position, word in enumerate(lowered, first)
                if lead is not None and position < lead.last - 1 and word in lexicons.modifiers
            )
        ),
        nations=nations,
        pronoun=pronoun,
        plural=plural,
        gender=gender,
        article=article,
        elsewhere=any(word in lexicons.elsewhere for word in lowered[: inner - first]),
        speaks=any(noun.words in _SPEAKERS for noun in nouns if noun.first < inner),
        former=any(word in FORMER or word.startswith(("ex-", "then-")) for word in lowered[: inner - first]),
    )


def _type(analysis: Analysis, phrase: Phrase, lexicons: ActorLexicons) -> str:
    """What kind of phrase it is. A place that acts is a government or town hall, and so is the name of a state or
    seat of
    government that the tagger was not sure of."""
    words = normal(_written(analysis, phrase.tokens.first, phrase.tokens.last)).removeprefix("the ")
    seat = words in lexicons.names or words in lexicons.capitals or words in lexicons.seats
    return "organization" if phrase.type == "place" or (seat and phrase.confidence < _SURE) else phrase.type


def noun_behind(analysis: Analysis, phrase: Phrase, lexicons: ActorLexicons) -> int | None:
    """The noun for somebody who can act that a phrase of a nationality alone belongs to: "authorities" of "Tajik"."""
    if not is_adjective(analysis, phrase, lexicons):
        return None
    governor = analysis.tokens[phrase.head].head
    near = phrase.tokens.last <= governor < phrase.tokens.last + _ADJECTIVE_REACH
    return governor if near and normal(analysis.tokens[governor].text) in lexicons.nouns else None


def is_adjective(analysis: Analysis, phrase: Phrase, lexicons: ActorLexicons) -> bool:
    """Whether a phrase is but the nationality before a noun."""
    tokens = phrase.tokens
    attributive = analysis.tokens[phrase.head].deprel in ("amod", "compound")
    outside = not tokens.first <= analysis.tokens[phrase.head].head < tokens.last
    return attributive and outside and normal(_written(analysis, tokens.first, tokens.last)) in lexicons.people


def _form(pronoun: str, name: tuple[str, ...], phrase: Phrase, last: int) -> Literal["name", "nominal", "pronoun"]:
    if pronoun:
        return "pronoun"
    if name:
        return "name"
    return "nominal" if phrase.form == "pronoun" or last != phrase.tokens.last else phrase.form


def _written(analysis: Analysis, first: int, last: int) -> str:
    """The words of some tokens as the text has them, without a possessive ending."""
    tokens = analysis.tokens
    while last > first + 1 and tokens[last - 1].text in _MARKS:
        last -= 1
    text = analysis.text[tokens[first].span.start : tokens[last - 1].span.end]
    return text.removesuffix("’s").removesuffix("'s")


def _word(text: str) -> str:
    return normal(text) or text


def _article(analysis: Analysis, first: int, tokens: Sequence[Token]) -> tuple[Article, int]:
    """The determiner, inside the mention or just before it, and how many tokens of the mention it takes."""
    inside = tokens[0].text.lower()
    if inside in _ARTICLES and len(tokens) > 1:
        return _ARTICLES[inside], 1
    before = analysis.tokens[first - 1] if first else None
    if before is not None and before.paragraph == tokens[0].paragraph:
        if before.text.lower() in _ARTICLES and before.upos in ("DET", "PRON"):
            return _ARTICLES[before.text.lower()], 0
        if before.text in ("'s", "’s", "’", "'"):
            return "possessive", 0
    return "none", 0


def _core_end(analysis: Analysis, first: int, last: int, head: int) -> int:
    """Where what follows the head of a phrase begins: "of the party", ", who", "in Kabul"; `last` if nothing does."""
    for position in range(first + 1, last):
        token = analysis.tokens[position]
        if position <= head:
            continue
        if token.text in (
            ",",
            "(",
            "—",
            "–",
            "of",
            "in",
            "for",
            "from",
            "at",
            "on",
            "with",
            "to",
            "and",
            "or",
            "who",
            "that",
        ):
            return position
    return last


def _lookup(lowered: Sequence[str], offset: int, lexicons: ActorLexicons) -> Iterator[Found]:
    """Nouns and titles of the tables, longest first at each place, never overlapping."""
    position = 0
    while position < len(lowered):
        for length in range(min(lexicons.longest, len(lowered) - position), 0, -1):
            words = " ".join(lowered[position : position + length])
            noun = lexicons.nouns.get(words) or lexicons.nouns.get(words.removeprefix("vice-").removeprefix("then-"))
            title = lexicons.titles.get(words)
            if noun is not None or title is not None:
                yield Found(offset + position, offset + position + length, words, noun, title)
                position += length
                break
        else:
            position += 1


def _nations(tokens: Sequence[Token], offset: int, lexicons: ActorLexicons) -> Iterator[Nation]:
    """States named inside the mention, longest name first."""
    position = 0
    while position < len(tokens):
        if not tokens[position].text[:1].isupper():
            position += 1
            continue
        for length in range(min(6, len(tokens) - position), 0, -1):
            text = " ".join(token.text for token in tokens[position : position + length])
            words = normal(text).removeprefix("the ")
            if words == "us" and text != "US" and text != "U.S.":
                continue
            state = lexicons.names.get(words) or lexicons.people.get(words)
            if state is not None:
                yield Nation(offset + position, offset + position + length, state, lexicons.states[state].code)
                position += length
                break
        else:
            position += 1


def _name(
    analysis: Analysis,
    first: int,
    inner: int,
    head: int,
    found: Sequence[Found],
    type_: str,
    lexicons: ActorLexicons,
) -> tuple[int, ...]:
    """Tokens of the proper name in a mention's core: of a person the capitalised words behind titles and offices,
    else all.

    A nation's adjective and a noun of the tables alone make no name ("Russian President", "Pakistani officials").
    """
    tokens = analysis.tokens
    if type_ != "person":
        core = [position for position in range(first, inner) if tokens[position].text not in ("'s", "’s", "’", "'")]
        named = [
            position
            for position in core
            if tokens[position].text[:1].isupper() and (tokens[position].upos in ("PROPN", "X", "ADJ", "NOUN"))
        ]
        own = [p for p in named if not any(each.first <= p < each.last for each in found)]
        proper = [p for p in named if tokens[p].upos == "PROPN"]
        if not proper or (not own and not all(tokens[p].text[:1].isupper() for p in core)):
            return ()
        plain = [p for p in own if normal(tokens[p].text) not in lexicons.people]
        if not plain and any(tokens[p].text[:1].islower() for p in core):
            return ()
        return tuple(core)
    taken = {position for each in found for position in range(each.first, each.last)}
    run: list[int] = []
    best: list[int] = []
    start = first
    for position in range(first, inner):
        token = tokens[position]
        capital = token.text[:1].isupper() and token.upos in ("X", "NOUN", "ADJ")
        small = bool(run) and token.text.lower() in _PARTICLES
        belongs = token.upos == "PROPN" or (capital and bool(run)) or small
        if position not in taken and belongs and normal(token.text) not in lexicons.people:
            if not run:
                start = position
            run.append(position)
        elif token.text != "." and run:
            best, run = run, []
    best = run or best
    if best and best[-1] + 1 < inner and tokens[best[-1] + 1].text in ("'s", "’s", "’", "'"):
        return ()  # its possessor's: "Peru's former president", "President Barack Obama's adviser"
    if any(each.first > start and each.noun is not None and each.first <= head < each.last for each in found):
        return ()  # somebody else's: "a Trump lawyer"
    while best and tokens[best[-1]].text in _MARKS:
        best = best[:-1]
    return tuple(best)


def _lead(nouns: Sequence[Found], head: int, inner: int) -> Found | None:
    """The noun at the head, else the last one of the core."""
    for each in nouns:
        if each.first <= head < each.last:
            return each
    core = [each for each in nouns if each.first < inner]
    return core[-1] if core else None


def _plural(analysis: Analysis, head: int, lead: Found | None, pronoun: str) -> bool:
    if pronoun:
        return pronoun in ("they", "we")
    if lead is not None and lead.noun is not None and lead.first <= head < lead.last:
        return lead.noun.plural
    token = analysis.tokens[head]
    return token.upos == "NOUN" and token.text.endswith("s") and not token.text.endswith("ss")
