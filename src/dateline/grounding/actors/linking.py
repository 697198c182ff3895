"""Which actor of the world register a name stands for, if any; and which names of places stand for a government."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dateline.grounding.actors.describing import Description, Nation
from dateline.grounding.actors.lexicons import ActorLexicons, normal
from dateline.grounding.actors.register import Entry, Register
from dateline.language.analysis import Analysis

_OFFICES = frozenset(("president", "minister", "secretary", "chancellor", "king", "general", "premier", "senator"))
_LONGEST = 6  # tokens of a name looked for inside a mention
_SHORT = 5  # letters: a short name is an acronym or a word, and only its letter case tells which


@dataclass(frozen=True, slots=True)
class Link:
    """A mention's entry of the register. metonymic: the words name a place that stands for it. by: what decided."""

    entry: Entry
    metonymic: bool
    by: str


def with_governments(register: Register, lexicons: ActorLexicons) -> Register:
    """The register with a government for every state that has no row of its own, and the seats that stand for
    organs."""
    rows: dict[str, list[str]] = {}
    for state in lexicons.states.values():
        id_ = f"{state.id}-government"
        rows[id_] = ["\t".join((id_, f"Government of {state.name}", "government", state.code, "GOV", *[""] * 5))]
    for words, (state_id, sector) in lexicons.seats.items():
        if sector != "GOV" and words not in register.sure:
            id_, code = _seat_id(state_id, words), lexicons.states[state_id].code
            rows[id_] = ["\t".join((id_, words.title(), "organization", code, sector, *[""] * 5))]
    return register.with_rows(rows)


def _seat_id(state: str, words: str) -> str:
    return f"{state}-{words.replace(' ', '-')}"


def link(
    analysis: Analysis,
    mentions: Sequence[Description],
    register: Register,
    lexicons: ActorLexicons,
    *,
    shares: Mapping[str, float],
    day: dt.date | None,
) -> list[Link | None]:
    """The entry of every mention that names one; None for the others and for names that nothing decides.

    shares: how much of the story's naming of countries falls to each. day: the story's day, for offices.
    """
    story = _Story(mentions)
    return [_link(analysis, one, story, register, lexicons, shares, day) for one in mentions]


def embedded(
    analysis: Analysis, one: Description, register: Register, lexicons: ActorLexicons, own: str | None
) -> tuple[Entry, ...]:
    """Actors of the register named inside a mention of somebody else: the CIA in "a former CIA analyst", the armed
    forces in "Pakistan's military spokesman".

    Only names that one actor has count. own: id of the mention's own entry, which is not looked for.
    """
    found = [
        organ.entry
        for noun in one.nouns
        if noun is not one.lead and len(one.nations) == 1
        if (organ := _institution(noun.words, one.nations[0], register, lexicons)) is not None and organ.entry.id != own
    ]
    position = one.first
    while position < one.last:
        step = 1
        if analysis.tokens[position].text[:1].isupper():
            for length in range(min(_LONGEST, one.last - position), 0, -1):
                last = position + length
                if (position, last) == (one.first, one.last):
                    continue
                text = analysis.text[analysis.tokens[position].span.start : analysis.tokens[last - 1].span.end]
                words = normal(text).removesuffix("'s")
                id_ = register.sure.get(words)
                if id_ is not None and id_ != own and _cased(words, text, [register.entry(id_)]):
                    found.append(register.entry(id_))
                    step = length
                    break
        position += step
    return tuple(found)


class _Story:
    """The names of a story that a shared name may lean on."""

    def __init__(self, mentions: Sequence[Description]) -> None:
        self.keys = {one.key for one in mentions if one.form != "pronoun"} | {
            normal(one.spelled) for one in mentions if one.name
        }
        self.surnames: dict[str, set[str]] = {}
        for one in mentions:
            if one.type == "person" and len(one.name) > 1:
                for part in {one.name[0], one.name[-1]}:  # the family name stands first in some languages
                    self.surnames.setdefault(part, set()).add(normal(one.spelled))


def _link(
    analysis: Analysis,
    one: Description,
    story: _Story,
    register: Register,
    lexicons: ActorLexicons,
    shares: Mapping[str, float],
    day: dt.date | None,
) -> Link | None:
    if one.form == "pronoun":
        return None
    text = " ".join(token.text for token in analysis.tokens[one.first : one.last])
    for words in dict.fromkeys((one.key.removeprefix("the "), normal(one.spelled), _name_alone(one))):
        if not words:
            continue
        government = _government(words, text, one, register, lexicons)
        if government is not None:
            return government
        ids = register.named(words)
        if ids and _cased(words, text, [register.entry(each) for each in ids]):
            found = _decide(one, words, ids, story, register, shares, day)
            if found is not None:
                return found
    if len(one.nations) != 1:
        return None
    rest = _without(analysis, one, one.nations[0])
    id_ = register.sure.get(rest)
    if id_ is not None and register.entry(id_).at(day).country == one.nations[0].country:
        return Link(register.entry(id_), False, "name and country")
    return _institution(rest, one.nations[0], register, lexicons)


def _name_alone(one: Description) -> str:
    """A body's name without the noun behind it and without brackets: "pti" of "the (PTI) party", "xinhua" of "Xinhua
    news
    agency"."""
    lead = one.lead
    if lead is None or lead.noun is None or lead.noun.plural or lead.noun.kind not in ("organization", "group"):
        return ""
    words = normal(one.spelled).removesuffix(lead.words).strip()
    return words.strip("() ")


def _without(analysis: Analysis, one: Description, nation: Nation) -> str:
    """The words of a mention but for the state they name: "military" of "the Israeli military", "Israel's military"."""
    rest = [
        token.text
        for position, token in enumerate(analysis.tokens[one.first : one.last], one.first)
        if not nation.first <= position < nation.last and token.text.lower() not in ("'s", "’s", "the", "of")
    ]
    return normal(" ".join(rest))


def _institution(rest: str, nation: Nation, register: Register, lexicons: ActorLexicons) -> Link | None:
    """An organ of a state by its country and what it is: "the Israeli military", "Tajikistan's parliament"."""
    for role in lexicons.institutions.get(rest, ()):
        id_ = register.organs.get((nation.country, role))
        if id_:
            return Link(register.entry(id_), False, "country and role")
    return None


def _government(words: str, text: str, one: Description, register: Register, lexicons: ActorLexicons) -> Link | None:
    """A state's name, its capital or a seat of power that acts: the tagger takes such a place for an organization."""
    if one.type != "organization" or (words == "us" and text not in ("US", "U.S.", "U.S")):
        return None
    state = lexicons.names.get(words) or lexicons.capitals.get(words)
    if state is None and words in lexicons.seats:
        owner, sector = lexicons.seats[words]
        if sector == "GOV":
            state = owner
        elif words not in register.sure:
            return Link(register.entry(_seat_id(owner, words)), True, "seat")
    if state is None:
        return _by_name_of_state(one, register, lexicons)
    return Link(register.entry(f"{state}-government"), True, "place")


def _by_name_of_state(one: Description, register: Register, lexicons: ActorLexicons) -> Link | None:
    """ "The Tajik government", "authorities in Gibraltar": one state and a word for those who govern it."""
    if len(one.nations) != 1 or one.lead is None or one.lead.words not in lexicons.governments:
        return None
    between = {word for word in one.words if word not in lexicons.governments and word not in ("in", "of")}
    if len(between) > one.nations[0].last - one.nations[0].first:
        return None
    return Link(register.entry(f"{one.nations[0].state}-government"), False, "state and word for its government")


def _cased(words: str, text: str, entries: Sequence[Entry]) -> bool:
    """Whether a short single word stands as the register writes it: "WHO", never "who"; "IS", never "is"."""
    if " " in words or len(words) > _SHORT:
        return text[:1].isupper() or any(
            name[:1].islower() for entry in entries for name in (entry.name, *entry.aliases)
        )
    written = {name.rstrip("*").replace(".", "") for entry in entries for name in (entry.name, *entry.aliases)}
    plain = text.replace(".", "").replace("’s", "").replace("'s", "").strip()
    return any(word in written for word in plain.split())


def _decide(
    one: Description,
    words: str,
    ids: Sequence[str],
    story: _Story,
    register: Register,
    shares: Mapping[str, float],
    day: dt.date | None,
) -> Link | None:
    """One entry among those that share a name: by the full name elsewhere, by the office, by the country of the
    story."""
    candidates = [register.entry(each) for each in ids]
    fitting = [entry for entry in candidates if (entry.kind == "person") == (one.type == "person")]
    if not fitting and register.sure.get(words) is None:
        return None
    candidates = fitting or candidates  # a name that nobody else has outweighs what the tagger took it for
    bare_surname = one.type == "person" and " " not in words
    full = [entry for entry in candidates if _full_names(entry) & story.keys - {words}]
    if len(full) == 1 and not (bare_surname and len(story.surnames.get(words, ())) > 1):
        return Link(full[0], False, "full name in the story")
    if bare_surname and story.surnames.get(words):
        return None  # the story names somebody of that surname: coreference will tell
    sure = register.sure.get(words)
    if sure is not None and len(candidates) == 1:
        return Link(candidates[0], False, "name")
    nouns = {word for found in (*one.nouns, *one.titles) for word in found.words.split()}
    if nouns & _OFFICES:
        held = [entry for entry in candidates if nouns & set(entry.at(day).role.split()) & _OFFICES]
        inside = [entry for entry in held if day is not None and entry.at(day).distance(day) == 0]
        for group in (inside, held):
            if len(group) == 1:
                return Link(group[0], False, "office")
    if bare_surname:
        return None  # too many share it for the story's country to decide
    if not shares and len(candidates) == 1 and words.replace(" ", "").isalpha() and _acronym(one.spelled):
        return Link(candidates[0], False, "only name")
    scored = sorted(
        ((shares.get(entry.at(day).country, 0.0), entry.id, entry) for entry in candidates), key=lambda each: -each[0]
    )
    if scored[0][0] > 0 and (len(scored) == 1 or scored[0][0] > 2 * scored[1][0]):
        return Link(scored[0][2], False, "country of the story")
    return None


def _acronym(written: str) -> bool:
    return written.isupper() and len(written) > 2


def _full_names(entry: Entry) -> set[str]:
    return {normal(name) for name in (entry.name, *entry.aliases) if not name.endswith("*") and " " in name}
