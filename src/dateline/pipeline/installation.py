"""What is installed here: versions, and the card of the shipped model."""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass
from importlib import metadata, resources
from typing import Any

from dateline.errors import InstallationError

LIBRARIES = ("onnxruntime", "numpy", "trafilatura", "htmldate", "lxml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """versions: of Dateline, Python and the libraries that decide what is found, in this order.

    card: the model's card as it lies beside the weights (language/weights/card.json); None when there is none.
    """

    versions: tuple[tuple[str, str], ...]
    card: dict[str, Any] | None


def describe_installation() -> Installation:
    """Look up the versions and the card. Raises InstallationError when the card cannot be understood."""
    versions = [("dateline", _version("dateline")), ("Python", platform.python_version())]
    versions += [(library, _version(library)) for library in LIBRARIES]
    return Installation(versions=tuple(versions), card=_card())


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _card() -> dict[str, Any] | None:
    # By path, not by package: describing the model must not load the language core.
    path = resources.files("dateline") / "language" / "weights" / "card.json"
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise InstallationError(
            f"the model's card cannot be read ({error})",
            location=str(path),
            remedy="Install Dateline again: pip install --force-reinstall dateline",
        ) from error
    return dict(card)
