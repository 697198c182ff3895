"""Weighs what each name of a story may stand for, and which offers are places at all.

Three small linear models, fitted by training/places/fit.py (weights.tsv):
    offer    is this name, which the tagger left alone, a place?
    prior    which place is meant, from the place and its name alone
    context  which place is meant, given what the other names of the story probably stand for
The context model is applied twice, each time with the beliefs of the pass before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dateline.grounding.places.gazetteer import NO_PARENT, Candidate, Gazetteer
from dateline.grounding.places.toponyms import Names, Toponym

Floats = np.ndarray
PRIOR = (
    "population", "renown", "country", "admin1", "admin2", "capital", "region", "feature", "nobody", "alternate",
    "similar", "home country",
)  # fmt: skip
CONTEXT = (*PRIOR, "countries", "people", "admin1 of others", "near one", "near all", "within", "around")
_MOST = 40  # candidates kept for one name, the best by prior
_NEAR_KM, _BELIEVED = 120.0, 0.08  # how far near reaches; below this belief a place is no context for others
_REGIONS = {"CONT", "RGN", "SEA", "OCN", "GULF", "BAY", "STRT", "DSRT", "MTS", "BDRY", "PEN", "TERR", "PCLH", "PCLS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """All candidates of all names in one table: `rows` with the number of the name each belongs to."""

    keys: tuple[str, ...]
    rows: np.ndarray
    owners: np.ndarray
    starts: np.ndarray  # where each name begins
    prior: Floats  # (candidates, PRIOR)
    country: np.ndarray
    admin1: np.ndarray
    is_country: np.ndarray
    is_admin1: np.ndarray
    is_admin2: np.ndarray
    vectors: Floats  # points on the unit sphere
    importance: dict[str, float]  # key -> prior score of its best candidate, for the offer model


def list_choices(names: Names, *, gazetteer: Gazetteer, weights: dict[str, float], home: str | None) -> Choices:
    """Gather candidates and what can be said of each without looking at the others.

    home: alpha-2 of the outlet's country, None where not known.
    """
    keys = tuple(names.candidates)
    found: list[Sequence[Candidate]] = [names.candidates[key] for key in keys]
    rows = np.array([each.row for candidates in found for each in candidates], np.int64)
    owners = np.repeat(np.arange(len(keys)), [len(candidates) for candidates in found])
    kinds = np.array([_KINDS[each.kind] for candidates in found for each in candidates], np.int8)
    prior = _prior(rows, kinds, gazetteer, home)
    scores = prior @ vector_of(weights, PRIOR) if len(rows) else np.zeros(0)
    order = np.lexsort((rows, -scores, owners))
    place = np.arange(len(rows)) - np.searchsorted(owners, owners)  # rank within the name, as owners are sorted
    kept = np.sort(order[place < _MOST])
    rows, owners, prior, scores = rows[kept], owners[kept], prior[kept], scores[kept]
    starts = np.searchsorted(owners, np.arange(len(keys)))
    best = np.maximum.reduceat(scores, starts) if len(rows) else scores
    latitude = np.radians(gazetteer.columns["latitude"][rows] * 1e-5)
    longitude = np.radians(gazetteer.columns["longitude"][rows] * 1e-5)
    return Choices(
        keys=keys, rows=rows, owners=owners, starts=starts, prior=prior,
        country=gazetteer.columns["country"][rows].astype(np.int64),
        admin1=gazetteer.columns["admin1"][rows].astype(np.int64),
        is_country=prior[:, PRIOR.index("country")] > 0, is_admin1=prior[:, PRIOR.index("admin1")] > 0,
        is_admin2=prior[:, PRIOR.index("admin2")] > 0,
        vectors=np.stack(
            [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)], 1
        ),
        importance=dict(zip(keys, best.tolist(), strict=True)),
    )  # fmt: skip


_KINDS = {"main": 0, "alternate": 1, "skeleton": 2}


def _prior(rows: np.ndarray, kinds: np.ndarray, gazetteer: Gazetteer, home: str | None) -> Floats:
    column = gazetteer.columns
    classes = _classes(gazetteer)[column["feature"][rows]]
    population = np.log10(1.0 + column["population"][rows]) / 6
    is_town = classes == 0
    alpha2 = [country.alpha2 for country in gazetteer.countries]
    at_home = column["country"][rows] == (alpha2.index(home) if home in alpha2 else -1)
    return np.stack(
        [
            population * (is_town | (classes == 4)),  # Kingston, Jamaica, is no Kingston, Norfolk Island
            np.log2(1.0 + column["renown"][rows]) / 8,
            classes == 1, classes == 2, classes == 3, classes == 4, classes == 5, classes == 6,
            is_town & (population == 0),
            kinds == 1, kinds == 2,
            at_home,
        ],
        1,
    ).astype(float)  # fmt: skip


def _classes(gazetteer: Gazetteer) -> np.ndarray:
    """Feature number -> 0 town, 1 country, 2 ADM1, 3 ADM2 and lower, 4 capital, 5 region or sea, 6 anything else."""

    def of(code: str) -> int:
        if code in ("PCLI", "PCLD"):
            return 1
        if code == "PPLC":
            return 4
        if code in _REGIONS:
            return 5
        return 2 if code == "ADM1" else 3 if code.startswith("ADM") else 0 if code.startswith("PPL") else 6

    return np.array([of(code) for code in gazetteer.features], np.int8)


def weigh(choices: Choices, names: Names, weights: dict[str, dict[str, float]], *, standing: Floats,
          links: Sequence[tuple[int, int]], gazetteer: Gazetteer) -> Floats:  # fmt: skip
    """The probability of each candidate among those of its name.

    standing: how surely each name is a place at all; its say in the others' context.
    links: pairs of names of which the first was told to lie in the second ("Paris, Texas").
    """
    belief = softmax(choices.prior @ vector_of(weights["prior"], PRIOR), choices)
    for _ in range(2):
        belief = softmax(
            context_of(choices, names, belief, standing=standing, links=links, gazetteer=gazetteer)
            @ vector_of(weights["context"], CONTEXT),
            choices,
        )
    return belief


def context_of(choices: Choices, names: Names, belief: Floats, *, standing: Floats,
               links: Sequence[tuple[int, int]], gazetteer: Gazetteer) -> Floats:  # fmt: skip
    """Everything the context model looks at, (candidates, CONTEXT), given what is believed of each candidate."""
    owners, voice = choices.owners, belief * standing[choices.owners]
    countries = _share(choices.country, voice, owners, nothing=0)
    admin1 = np.where(choices.is_country, NO_PARENT, choices.admin1)
    admins = _share(admin1, voice, owners, nothing=NO_PARENT)
    people = Counter(names.demonyms)
    told = sum(people.values())
    shares = np.array([people[country.alpha2] / told if told else 0 for country in gazetteer.countries])
    near_one, near_all = _nearness(choices, voice)
    within, around = np.zeros(len(owners)), np.zeros(len(owners))
    for child, parent in links:
        inner, outer = owners == child, owners == parent
        holds = _holds(choices, np.flatnonzero(inner), np.flatnonzero(outer))
        within[inner] = np.maximum(within[inner], holds @ belief[outer])
        around[outer] = np.maximum(around[outer], belief[inner] @ holds)
    return np.column_stack(
        [choices.prior, countries, shares[choices.country], admins, near_one, near_all, within, around]
    )


def _share(labels: np.ndarray, voice: Floats, owners: np.ndarray, *, nothing: int) -> Floats:
    """For each candidate the part of the other names' voices that has its label (country or ADM1)."""
    voice = np.where(labels == nothing, 0.0, voice)
    kinds, numbers = np.unique(labels, return_inverse=True)
    table = np.zeros((int(owners[-1]) + 1 if len(owners) else 0, len(kinds)))
    np.add.at(table, (owners, numbers), voice)
    total = table.sum(0)
    others = total[numbers] - table[owners, numbers]
    everybody = total.sum() - table.sum(1)[owners]
    return np.where(labels == nothing, 0.0, others / (everybody + 1.0))


def _nearness(choices: Choices, voice: Floats) -> tuple[Floats, Floats]:
    """How near the others are: the nearest name, and all names on average; countries are too large to be near."""
    count = len(choices.keys)
    said = np.flatnonzero((voice > _BELIEVED) & ~choices.is_country)
    if not len(said):
        return np.zeros(len(voice)), np.zeros(len(voice))
    chords = choices.vectors @ choices.vectors[said].T
    near = np.exp(np.arccos(np.clip(chords, -1, 1)) * (-6371 / _NEAR_KM)) * voice[said]
    near[choices.owners[:, None] == choices.owners[said][None, :]] = 0
    by_name = np.zeros((len(voice), count))
    np.add.at(by_name.T, choices.owners[said], near.T)
    return by_name.max(1), by_name.sum(1) / (3 + by_name.shape[1] - 1)


def _holds(choices: Choices, inner: np.ndarray, outer: np.ndarray) -> Floats:
    """Which outer candidates (columns) contain which inner ones (rows)."""
    same_country = choices.country[inner][:, None] == choices.country[outer][None, :]
    same_admin1 = same_country & (choices.admin1[inner][:, None] == choices.admin1[outer][None, :])
    km = 6371 * np.arccos(np.clip(choices.vectors[inner] @ choices.vectors[outer].T, -1, 1))
    smaller = ~choices.is_country[inner][:, None]
    holds = (
        (choices.is_country[outer] & same_country & smaller)
        | (choices.is_admin1[outer] & same_admin1 & smaller & ~choices.is_admin1[inner][:, None])
        | (choices.is_admin2[outer] & same_country & (km < 80) & smaller)
        | (~(choices.is_country | choices.is_admin1 | choices.is_admin2)[outer] & same_country & (km < 40) & smaller)
    )
    return np.asarray(holds, float)


def softmax(scores: Floats, choices: Choices) -> Floats:
    """Scores as probabilities within each name."""
    if not len(scores):
        return scores
    powers = np.exp(scores - np.maximum.reduceat(scores, choices.starts)[choices.owners])
    sums = np.add.reduceat(powers, choices.starts)
    return np.asarray(powers / sums[choices.owners])


def offer_signs(toponym: Toponym, choices: Choices, tagged: set[str]) -> dict[str, float]:
    """What the offer model looks at."""
    importance = choices.importance[toponym.key]
    signs = dict.fromkeys(toponym.signs, 1.0)
    importance = max(-5.0, min(importance, 12.0))
    signs["importance"] = importance
    for part in ("untagged", "person all", "organization all", "organization begin", "person begin"):
        if part in signs:
            signs[f"{part}, importance"] = importance
    signs["tagged elsewhere"] = float(toponym.key in tagged)
    signs["bias"] = 1.0
    return signs


def offer_score(signs: dict[str, float], weights: dict[str, float]) -> float:
    """Logarithm of the odds that an offer is a place."""
    return sum(weights.get(sign, 0.0) * value for sign, value in signs.items())


def vector_of(weights: dict[str, float], features: Sequence[str]) -> Floats:
    return np.array([weights.get(feature, 0.0) for feature in features])
