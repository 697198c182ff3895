"""What the heads for events say of each word, as probabilities and vectors."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from dateline.language.analysis import Happenings
from dateline.language.chains import Floats
from dateline.language.tags import EVENT_ROLES


def find_happenings(heads: Mapping[str, Floats]) -> Happenings:
    """Read the heads of the branch for events. heads: name -> (words, width)."""
    count, roles = len(heads["event_type"]), len(EVENT_ROLES)
    return Happenings(
        types=_shares(heads["event_type"]),
        statuses=_shares(heads["event_status"]),
        modes=_shares(heads["event_mode"]),
        later=heads["same_from"],
        earlier=heads["same_to"],
        anew=heads["same_null"][:, 0],
        having=heads["role_from"].reshape(count, roles, -1),
        being=heads["role_to"].reshape(count, roles, -1),
        least=heads["role_bias"],
    )


def _shares(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(1, keepdims=True))
    shares: Floats = raised / raised.sum(1, keepdims=True)
    return shares
