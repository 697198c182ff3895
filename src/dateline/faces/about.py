"""What `dateline about` prints: versions, what the model learned from, what was measured, where it is weak."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dateline.pipeline.installation import Installation


def page(installation: Installation) -> str:
    """The whole page. Of the card these keys are shown where present:

    name, version, date, licence: strings; summary: a sentence or two.
    trained_on: a list of {"name", "licence", "what"}.
    measured: a list of {"what", "value", "on"}: "whole attribution, partial F1", 74.2, "PolNeAR dev".
    weak: a list of sentences.
    """
    return "\n".join((*_versions(installation.versions), "", *_model(installation.card)))


def _versions(versions: Sequence[tuple[str, str]]) -> Iterator[str]:
    (name, version), *others = versions
    yield f"{name} {version}"
    yield from _wrapped("with " + ", ".join(f"{library} {number}" for library, number in others))


def _model(card: Mapping[str, Any] | None) -> Iterator[str]:
    if card is None:
        yield "No card lies beside the language model: its training and accuracy cannot be shown."
        return
    title = " ".join(str(card[key]) for key in ("name", "version", "date") if card.get(key))
    yield f"Language model {title}".rstrip() + (f" ({card['licence']})" if card.get("licence") else "")
    if card.get("summary"):
        yield from _wrapped(str(card["summary"]))
    yield from _trained_on(card.get("trained_on", ()))
    yield from _measured(card.get("measured", ()))
    yield from _list("Where it is weak", [str(each) for each in card.get("weak", ())])


def _trained_on(corpora: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    def described(corpus: Mapping[str, Any]) -> str:
        what = f": {corpus['what']}" if corpus.get("what") else ""
        licence = f" ({corpus['licence']})" if corpus.get("licence") else ""
        return f"{corpus.get('name', '?')}{what}{licence}"

    yield from _list("Trained on", [described(corpus) for corpus in corpora])


def _measured(figures: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not figures:
        return
    yield ""
    yield "Measured"
    widest = max(len(str(figure.get("what", ""))) for figure in figures)
    for figure in figures:
        on = f"  on {figure['on']}" if figure.get("on") else ""
        yield f"  {figure.get('what', '')!s:<{widest}}  {figure.get('value', '')!s:>6}{on}"


def _list(title: str, lines: Sequence[str]) -> Iterator[str]:
    if not lines:
        return
    yield ""
    yield title
    for line in lines:
        yield from _wrapped(line, first="  - ", rest="    ")


def _wrapped(words: str, first: str = "  ", rest: str = "  ") -> list[str]:
    return textwrap.wrap(words, 88, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
