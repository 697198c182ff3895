"""Finds the words of a story that may name a place: what the tagger calls a place, and known names it left alone.

The tagger's places are taken as they are. Any other run of capitalised words that the gazetteer knows is an offer; what
makes it likely is written down with it (`Toponym.signs`) and weighed in `ranking.py`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dateline.grounding.places.gazetteer import Candidate, Gazetteer
from dateline.grounding.places.lexicons import PlaceLexicons
from dateline.grounding.places.names import key_of
from dateline.language.analysis import Analysis, Phrase
from dateline.records import Mention, Span, Story

_LONGEST = 6  # words of a name
_LARGE_TOWN = 100_000
_LARGE_REGION_KM = 100
_WELL_KNOWN = 20  # renown: names of this many spellings and languages are seen inside longer names ("Mosul Dam")
_JOINING = set(
    "of the de del la le les du des da do dos al el ez az ash as an ar ad am on upon sur in and y i e".split()
) | set("-–’'.&")
_DATELINE_WORD = re.compile(r"[^\W\d_][\w.'’\-]*")
_MONTHS = frozenset((*calendar.month_name[1:], *calendar.month_abbr[1:], "Sept"))
_CREDIT = re.compile(r"\([^)]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Toponym:
    """Words that may name a place.

    span: the name itself. mention: the tagger's mention it stands in, None where there is none.
    key: what identifies the name within the story. signs: what speaks for its being a place; empty for a tagged one.
    first, last: tokens; -1 in the dateline.
    """

    span: Span
    key: str
    mention: Mention | None
    signs: tuple[str, ...]
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What was found: toponyms in text order, the places each key may be, and tagged mentions without a known name."""

    toponyms: tuple[Toponym, ...]
    candidates: dict[str, tuple[Candidate, ...]]
    demonyms: tuple[str, ...]  # alpha-2 of countries whose people or adjectives the story names
    unknown: tuple[Mention, ...]


@dataclass(slots=True)
class _Search:
    """Looks names up once for each story."""

    gazetteer: Gazetteer
    lexicons: PlaceLexicons
    found: dict[str, tuple[Candidate, ...]] = field(default_factory=dict)
    known: dict[tuple[str, bool], tuple[str, tuple[Candidate, ...]] | None] = field(default_factory=dict)

    def name(self, words: str, *, after_comma: bool = False) -> str | None:
        """The key of a name that is known, None for others. Abbreviations and words like province are seen through."""
        asked = (words, after_comma)
        if asked not in self.known:
            self.known[asked] = self._look_up(words, after_comma)
        result = self.known[asked]
        if result is None:
            return None
        key, candidates = result
        self.found.setdefault(key, candidates)
        return key

    def _look_up(self, words: str, after_comma: bool) -> tuple[str, tuple[Candidate, ...]] | None:
        if (short := self.lexicons.abbreviations.get(words)) and (short[2] or after_comma):
            name, country = short[0], short[1]
            candidates = self.gazetteer.find(name)
            here = tuple(
                each
                for each in candidates
                if not country or (self.gazetteer.country_of(each.row).alpha2 == country
                                   and self.gazetteer.feature_of(each.row) in ("ADM1", "PCLI", "RGN", "PPL", "PPLC"))
            )  # fmt: skip
            if name not in ("Washington, D.C.", "Los Angeles", "New York City"):
                here = tuple(each for each in here if self.gazetteer.feature_of(each.row)[:3] in ("ADM", "PCL", "RGN"))
            return (f"{key_of(words)} for {key_of(name)}", here) if here else None
        key = key_of(words)
        if len(key) < 2 or (len(words) <= 3 and words.islower()):
            return None
        candidates = self._without_namesakes(self.gazetteer.find(words))
        if candidates:
            return key, candidates
        shorter, _, generic = key.rpartition(" ")
        if words.rpartition(" ")[0] in self.lexicons.demonyms:
            return None
        if shorter and (feature := self.lexicons.generic.get(generic)):
            candidates = self.gazetteer.find(shorter)
            fitting = tuple(each for each in candidates if self.gazetteer.feature_of(each.row).startswith(feature))
            return (key, fitting) if fitting else None
        return None

    def _without_namesakes(self, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """Of a large region's namesakes the little towns go: nobody means Middle East, Maryland without saying so."""
        if not any((self.gazetteer.radius_of(each.row) or 0) >= _LARGE_REGION_KM for each in candidates):
            return candidates
        renown = self.gazetteer.columns["renown"]
        return tuple(
            each for each in candidates if self.gazetteer.radius_of(each.row) or renown[each.row] >= _WELL_KNOWN
        )


def find_names(
    analysis: Analysis, story: Story, mentions: Sequence[Mention], *, gazetteer: Gazetteer, lexicons: PlaceLexicons
) -> Names:
    """Every name of a place in the dateline, headline, summary and body that the gazetteer knows."""
    search = _Search(gazetteer, lexicons)
    places = {mention.span: mention for mention in mentions if mention.kind == "place"}
    tagged = [(phrase, places[analysis.span(phrase.tokens)]) for phrase in analysis.phrases if phrase.type == "place"]
    toponyms = list(_dateline(analysis, story, search))
    others = _others(analysis)
    hits = list(_hits(analysis, search, tagged, others, lexicons))
    resolved: set[str] = set()
    for first, last, key in hits:
        span = Span(analysis.tokens[first].span.start, analysis.tokens[last - 1].span.end)
        mention = _within(first, last, tagged)
        if mention is not None:
            if _is_abroad(analysis, last, mention, search.found[key], gazetteer, lexicons):
                continue
            if _is_fragment(analysis, first, last, mention, search.found[key], gazetteer, lexicons):
                continue
            resolved.add(mention.id)
            toponyms.append(Toponym(span=span, key=key, mention=mention, signs=(), first=first, last=last))
        elif _is_part_of_name(analysis, first, last, search.found[key], gazetteer):
            continue
        elif signs := _signs(analysis, first, last, others, lexicons):
            toponyms.append(Toponym(span=span, key=key, mention=None, signs=signs, first=first, last=last))
    unknown = []
    told = _countries_told(analysis, toponyms, search)
    for phrase, mention in tagged:
        if mention.id in resolved:
            continue
        acts = any(other.type in ("organization", "group") for other in others.get(phrase.tokens.first, ()))
        found = _similar(analysis, phrase, search, told) if phrase.form == "name" and not acts else None
        if found:
            toponyms.append(Toponym(span=mention.span, key=found, mention=mention, signs=(),
                                    first=phrase.tokens.first, last=phrase.tokens.last))  # fmt: skip
        else:
            unknown.append(mention)
    adjectives = [lexicons.demonyms[token.text] for token in analysis.tokens if token.text in lexicons.demonyms]
    return Names(
        toponyms=tuple(sorted(toponyms, key=lambda each: (each.span.start, -each.span.end))),
        candidates={each.key: search.found[each.key] for each in toponyms},
        demonyms=tuple(adjectives),
        unknown=tuple(unknown),
    )


def _dateline(analysis: Analysis, story: Story, search: _Search) -> Iterator[Toponym]:
    """Places of the dateline; reading keeps it out of the paragraphs. An agency in brackets is no place."""
    if story.dateline is None:
        return
    start = story.dateline.start
    text = _CREDIT.sub(lambda found: " " * len(found[0]), analysis.text[start : story.dateline.end])
    pieces = [(found.start(), found.end()) for found in re.finditer(r"[^,/—–:|]+", text)]
    for number, (begin, end) in enumerate(pieces):
        words = [(begin + each.start(), begin + each.end()) for each in _DATELINE_WORD.finditer(text[begin:end])]
        while words and text[slice(*words[-1])].rstrip(".").title() in _MONTHS:
            words.pop()
        if words:  # all of it or nothing: "Port Elin" is no place called Port
            name = text[words[0][0] : words[-1][1]]
            key = search.name(name, after_comma=number > 0) or search.name(name.rstrip("."), after_comma=number > 0)
            if key:
                if number == 0:
                    search.found[key] = _towns_first(search.found[key], search.gazetteer)
                span = Span(start + words[0][0], start + words[-1][1])
                yield Toponym(span=span, key=key, mention=None, signs=("dateline",), first=-1, last=-1)


def _towns_first(candidates: tuple[Candidate, ...], gazetteer: Gazetteer) -> tuple[Candidate, ...]:
    """Stories are written in towns: of a dateline's candidates the towns, where a large one is among them."""
    towns = tuple(each for each in candidates if gazetteer.feature_of(each.row).startswith("PPL"))
    large = any(gazetteer.columns["population"][each.row] >= _LARGE_TOWN for each in towns)
    return towns if large else candidates


def _hits(
    analysis: Analysis,
    search: _Search,
    tagged: Sequence[tuple[Phrase, Mention]],
    others: dict[int, list[Phrase]],
    lexicons: PlaceLexicons,
) -> Iterator[tuple[int, int, str]]:
    """Token stretches with a known name, longest first, from left to right, none overlapping."""
    tokens, text = analysis.tokens, analysis.text
    ends: dict[int, int] = {}  # first token of a tagged place -> its end
    inside: set[int] = set()
    for phrase, _ in tagged:
        ends[phrase.tokens.first] = max(phrase.tokens.last, ends.get(phrase.tokens.first, 0))
        inside.update(range(phrase.tokens.first, phrase.tokens.last))
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if not token.text[:1].isupper() or (at not in inside and token.upos not in ("PROPN", "NOUN", "ADJ", "X")):
            at += 1
            continue
        ends_of_names = []
        for end in range(at + 1, min(at + _LONGEST, len(tokens)) + 1):
            word = tokens[end - 1]
            if word.paragraph != token.paragraph:
                break
            if word.text[:1].isupper() or word.text.lower() in lexicons.generic:
                ends_of_names.append(end)
            elif word.text.lower() not in _JOINING and not word.text[:1].isdigit():
                break
        after_comma = at > 0 and tokens[at - 1].text in (",", "(")
        if short := lexicons.short_forms.match(text, token.span.start):
            end = at + 1
            while end < len(tokens) and tokens[end].span.start < short.end():
                end += 1
            key = search.name(short[0], after_comma=after_comma)
            if key is not None and tokens[end - 1].span.end <= short.end():
                yield at, end, key
                at = end
                continue
        for end in reversed(ends_of_names):
            # a place that the tagger sees does not run on into the name of a person
            if at in inside and ends.get(at, end) < end and _is_person(others, ends[at], end):
                continue
            words = text[token.span.start : tokens[end - 1].span.end]
            adjective = words.strip("-–") in lexicons.demonyms
            if adjective and at not in inside:
                continue
            follows = tokens[end].text.lower() if end < len(tokens) else ""
            if adjective:
                key = _adjective(words.strip("-–"), follows, search)
            else:
                key = search.name(words, after_comma=after_comma)
            if key is not None and not (end == at + 1 and (key in lexicons.skipped or key in lexicons.generic)):
                yield at, end, key
                at = end
                break
        else:
            at += 1


def _is_person(others: dict[int, list[Phrase]], first: int, last: int) -> bool:
    return any(phrase.type == "person" for token in range(first, last) for phrase in others.get(token, ()))


def _adjective(word: str, follows: str, search: _Search) -> str | None:
    """The country of an adjective inside a tagged place ("Syrian border"); its capital in "Syrian capital"."""
    alpha2 = search.lexicons.demonyms[word]
    for country in search.gazetteer.countries:
        if country.alpha2 == alpha2:
            capital = follows == "capital" and country.capital
            key = f"{key_of(word)} for {'capital of ' if capital else ''}{key_of(country.name)}"
            search.found[key] = (Candidate(capital or country.row, "main"),)
            return key
    return None


def _countries_told(analysis: Analysis, toponyms: Sequence[Toponym], search: _Search) -> frozenset[str]:
    """The countries that a story names by name or adjective, ISO 3166-1 alpha-3."""
    codes = {country.alpha2: country.alpha3 for country in search.gazetteer.countries}
    adjectives = {
        codes.get(search.lexicons.demonyms[token.text], "")
        for token in analysis.tokens
        if token.text in search.lexicons.demonyms
    }
    named = {
        search.gazetteer.country_of(each.row).alpha3
        for toponym in toponyms
        for each in search.found[toponym.key]
        if search.gazetteer.feature_of(each.row) == "PCLI"
    }
    return frozenset((adjectives | named) - {""})


def _similar(analysis: Analysis, phrase: Phrase, search: _Search, told: frozenset[str]) -> str | None:
    """The name of a tagged place by its sound, words like northern and district left out.

    Only in countries that the story names: a name that is in no gazetteer sounds like some place somewhere.
    """
    words = [token.text for token in analysis.tokens[phrase.tokens.first : phrase.tokens.last]]
    while len(words) > 1 and (words[0].lower() in search.lexicons.modifiers or words[0].lower() == "the"):
        words = words[1:]
    while len(words) > 1 and words[-1].lower() in search.lexicons.generic:
        words = words[:-1]
    name = " ".join(words)
    if not name[:1].isupper() or key_of(name) in search.lexicons.skipped or name.lower() in search.lexicons.modifiers:
        return None
    candidates = tuple(
        each for each in search.gazetteer.find_similar(name) if search.gazetteer.country_of(each.row).alpha3 in told
    )
    key = f"{key_of(name)} or so"
    if candidates:
        search.found.setdefault(key, candidates)
        return key
    return None


def _within(first: int, last: int, tagged: Sequence[tuple[Phrase, Mention]]) -> Mention | None:
    """The smallest tagged place that shares words with a hit."""
    over = [
        (phrase.tokens.last - phrase.tokens.first, mention.span, mention)
        for phrase, mention in tagged
        if phrase.tokens.first < last and first < phrase.tokens.last
    ]
    return min(over, key=lambda each: each[:2])[2] if over else None


def _is_abroad(
    analysis: Analysis, last: int, mention: Mention, candidates: Sequence[Candidate], gazetteer: Gazetteer,
    lexicons: PlaceLexicons,
) -> bool:  # fmt: skip
    """Whether a country owns what is named rather than holds it: "U.S. embassy"."""
    if not any(gazetteer.feature_of(each.row) == "PCLI" for each in candidates):
        return False
    following = [token for token in analysis.tokens[last : last + 3] if token.span.end <= mention.span.end]
    return any(token.text.lower() in lexicons.abroad for token in following)


def _is_fragment(
    analysis: Analysis, first: int, last: int, mention: Mention, candidates: Sequence[Candidate],
    gazetteer: Gazetteer, lexicons: PlaceLexicons,
) -> bool:  # fmt: skip
    """Whether a hit is a later word of some longer unknown name ("Casimiro Ulloa hospital") and nothing well known."""
    tokens = analysis.tokens
    before = tokens[first - 1] if first else None
    if last - first > 1 or before is None or before.span.start < mention.span.start or not before.text[:1].isupper():
        return False
    if before.text in lexicons.demonyms or before.text.lower() in lexicons.modifiers or before.text == "The":
        return False
    return bool(gazetteer.columns["renown"][[each.row for each in candidates]].max() < _WELL_KNOWN)


def _is_part_of_name(
    analysis: Analysis, first: int, last: int, candidates: Sequence[Candidate], gazetteer: Gazetteer
) -> bool:
    """Whether it is one word of a longer proper name that the tagger calls no place, and names nothing well known."""
    tokens = analysis.tokens
    around = [tokens[place] for place in (first - 1, last) if 0 <= place < len(tokens)]
    here = tokens[first].sentence
    beside = any(each.upos == "PROPN" and each.text[:1].isupper() and each.sentence == here for each in around)
    if last - first > 1 or not beside:
        return False
    return bool(gazetteer.columns["renown"][[each.row for each in candidates]].max() < _WELL_KNOWN)


def _others(analysis: Analysis) -> dict[int, list[Phrase]]:
    """Token -> the phrases of persons, organizations, groups and roles it stands in."""
    found: dict[int, list[Phrase]] = {}
    for phrase in analysis.phrases:
        if phrase.type in ("person", "organization", "group", "role", "time", "quantity", "weapon"):
            for token in range(phrase.tokens.first, phrase.tokens.last):
                found.setdefault(token, []).append(phrase)
    return found


_LOCATIVE = set("in at from near to of outside across toward towards into around between through".split())
_PARTIES = {"D", "R", "DFL", "I"}  # before the seat of a member of parliament: "D-Kanawha"


def _signs(
    analysis: Analysis, first: int, last: int, others: dict[int, list[Phrase]], lexicons: PlaceLexicons
) -> tuple[str, ...]:
    """What speaks for and against a name that the tagger did not call a place; () where it cannot be one."""
    tokens = analysis.tokens
    words = analysis.text[tokens[first].span.start : tokens[last - 1].span.end]
    signs = [f"upos {tokens[last - 1].upos}"]
    for phrase in others.get(first, ()):
        where = (
            "all" if phrase.tokens.first >= first and phrase.tokens.last <= last
            else "begin" if phrase.tokens.first >= first
            else "end" if phrase.tokens.last <= last
            else "middle"
        )  # fmt: skip
        signs.append(f"{phrase.type} {where}")
    if first not in others:
        signs.append("untagged")
    before = tokens[first - 1] if first and tokens[first - 1].paragraph == tokens[first].paragraph else None
    after = tokens[last] if last < len(tokens) and tokens[last].paragraph == tokens[first].paragraph else None
    if before is None:
        signs.append("opens")
    elif before.text.lower() in _LOCATIVE:
        signs.append("locative")
    elif before.upos == "PROPN":
        signs.append("name before")
    if before is not None and before.text in ("-", "–") and first > 1 and tokens[first - 2].text in _PARTIES:
        signs.append("seat")
    if after is not None:
        if after.upos == "PROPN":
            signs.append("name after")
        elif after.upos == "NOUN":
            signs.append("noun after")
        elif after.text in ("’s", "'s"):
            signs.append("owner")
        elif after.text == ",":
            signs.append("comma after")
    if last - first > 1:
        signs.append("several words")
    signs.append(f"deprel {tokens[last - 1].deprel.split(':')[0]}")
    if words.isupper() and len(words) > 3:
        signs.append("capitals")
    return tuple(dict.fromkeys(signs))
