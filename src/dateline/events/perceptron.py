"""A small network of two layers over features written by hand: what assembles happenings from what the core says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Perceptron:
    """Standardises its input, one hidden layer of rectified units, one output for each question: log odds."""

    mean: Floats
    scale: Floats
    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats

    def odds(self, features: Floats) -> Floats:
        """*Shape:* (rows, features) in, (rows, questions) out: logarithm of the odds."""
        centred = np.clip((features - self.mean) * self.scale, -6, 6)
        hidden = np.maximum(centred @ self.inner + self.inner_bias, 0)
        answers: Floats = (hidden @ self.outer + self.outer_bias).astype(np.float32)
        return answers

    def chances(self, features: Floats) -> Floats:
        """The same as probabilities."""
        chances: Floats = (1 / (1 + np.exp(-np.clip(self.odds(features), -30, 30)))).astype(np.float32)
        return chances


def read_perceptron(stored: Mapping[str, Floats], name: str) -> Perceptron:
    """The network that arrays called `name.mean`, ... hold."""
    return Perceptron(
        *(stored[f"{name}.{part}"] for part in ("mean", "scale", "inner", "inner_bias", "outer", "outer_bias"))
    )
