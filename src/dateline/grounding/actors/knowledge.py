"""What is loaded once for resolving actors: lexicons, the world register, the fitted scorers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np

from dateline.errors import InstallationError
from dateline.grounding.actors.antecedents import Ranker, Scorer
from dateline.grounding.actors.codes import Coder
from dateline.grounding.actors.lexicons import ActorLexicons, load_actor_lexicons
from dateline.grounding.actors.linking import with_governments
from dateline.grounding.actors.register import Register, load_register


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorKnowledge:
    """Read-only, safe to share between stories."""

    lexicons: ActorLexicons
    register: Register
    ranker: Ranker
    coder: Coder


def load_actor_knowledge(actors: Sequence[Path] = ()) -> ActorKnowledge:
    """Load all that ships with the package. actors: a user's own files in the register's form.

    Raises InstallationError when something that ships is missing or damaged, DatelineError for a bad row of a user's
    file.
    """
    lexicons = load_actor_lexicons()
    return ActorKnowledge(
        lexicons=lexicons,
        register=with_governments(load_register(extra=actors), lexicons),
        ranker=_ranker(),
        coder=_coder(),
    )


def _ranker() -> Ranker:
    found = _arrays("antecedents.npz")
    names = ("first", "shift", "second", "direct")
    joining, alone = (Scorer(*(found[f"{part}_{name}"] for name in names)) for part in ("joining", "alone"))
    return Ranker(joining, alone, float(found["caution"]))


def _coder() -> Coder:
    found = _arrays("codes.npz")
    return Coder(*(found[name] for name in ("sector", "sector_bias", "kind", "kind_bias", "country")))


def _arrays(name: str) -> dict[str, np.ndarray]:
    path = Path(str(resources.files(__package__).joinpath("data", name)))
    try:
        with np.load(path) as stored:
            return {key: stored[key] for key in stored.files}
    except (OSError, ValueError) as fault:
        raise InstallationError(
            f"A part of grounding/actors cannot be loaded: {fault}",
            location=str(path),
            remedy="Install dateline again.",
        ) from fault
