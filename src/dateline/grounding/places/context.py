"""What surrounds a name: which names are told to lie in which, how an event stands to a place, where the outlet is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from dateline.grounding.places.lexicons import PlaceLexicons, Relation
from dateline.grounding.places.toponyms import Toponym
from dateline.records import Outlet

# Between "Paris" and "Texas": the first lies in the second.
_INSIDE = re.compile(
    r",? ?\(|, ?(?:in |the )*|(?:,? (?:in|of) )(?:the )?(?:[\w-]+ ){0,3}?|(?: [a-z]+){0,2},? in (?:the )?"
    r"(?:[a-z-]+ ){0,3}|,? (?:[a-z]+ ){0,3}(?:of|in) (?:the )?"
)
# Between "Iraq" and "Mosul": the second lies in the first.
_OWNER = re.compile(r"['’]s? (?:[\w-]+ ){0,4}|,? (?:city|town|village|capital) of ")
_LONGEST_GAP = 40
_WORDS_BEFORE = 45  # characters looked at for a relation


def links_of(text: str, toponyms: Sequence[Toponym], keys: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of names (as numbers in `keys`) of which the first is told to lie in the second."""
    numbers = {key: number for number, key in enumerate(keys)}
    pairs = set()
    for one, two in itertools.pairwise(toponyms):
        between = text[one.span.end : two.span.start]
        if one.key == two.key or not 0 < len(between) <= _LONGEST_GAP or "\n" in between:
            continue
        if _INSIDE.fullmatch(between):
            pairs.add((numbers[one.key], numbers[two.key]))
        elif _OWNER.fullmatch(between):
            pairs.add((numbers[two.key], numbers[one.key]))
    return sorted(pairs)


def relation_before(text: str, start: int, lexicons: PlaceLexicons) -> Relation:
    """How what is told stands to the place named at `start`, by the words before it: "10 km south of [Gao]" is near."""
    before = text[max(0, start - _WORDS_BEFORE) : start].lower()
    before = re.split(r"[\n.;:!?]", before)[-1]
    words = before.split()
    while words and (words[-1] in _PASSED or words[-1] in lexicons.modifiers):
        words = words[:-1]
    if len(words) > 1 and words[-1] == "of" and words[-2] in _PASSED:  # near the town of X
        return relation_before(text, start - len(before) + before.rfind(words[-2]), lexicons)
    for length in range(min(5, len(words)), 0, -1):
        relation = lexicons.relations.get(" ".join(words[-length:]))
        if relation:
            return relation
    return "in"


_PASSED = set("the a an city town village province district region county state suburb port capital".split())
_COUNTRY_DOMAINS = {"uk": "GB", "eu": None, "tv": None, "co": None, "io": None, "me": None}  # not what ISO says


def home_of(outlet: Outlet | None, alpha2_of: dict[str, str]) -> str | None:
    """The outlet's country as alpha-2: from the list of outlets, else from the ending of its domain (".com.pk")."""
    if outlet is None:
        return None
    if outlet.country in alpha2_of:
        return alpha2_of[outlet.country]
    ending = outlet.id.rpartition(".")[2]
    return _COUNTRY_DOMAINS.get(ending, ending.upper()) if len(ending) == 2 else None
