"""The fast room: runs the shipped network over a story and returns, for every word, what each head says.

Windows are read one at a time: without padding there is nothing to mask, and on one thread a batch gains nothing
(12,900 word pieces a CPU-second for one window of 190, 12,400 for four). Everything else in `language` is numpy on the
arrays returned here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from dateline.errors import InstallationError
from dateline.language.pieces import PARAGRAPH_PIECES, Pieces
from dateline.language.windows import Window, pack
from dateline.language.words import PARAGRAPH_SIGNS, signs

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Encoder:
    """The network and its vocabulary. layout: width of each head's output, in the order of the concatenation."""

    session: onnxruntime.InferenceSession
    pieces: Pieces
    layout: dict[str, int]


def load_encoder(folder: Path, layout: dict[str, int]) -> Encoder:
    """Load `model.onnx` and `vocabulary.txt` from `folder`; one thread.

    Raises InstallationError where a file is missing or damaged.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # an arena that grows in powers of two doubled the peak memory for nothing
    options.enable_cpu_mem_arena = False
    try:
        session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"),
            options,
            providers=["CPUExecutionProvider"],
            # the fused kernel takes five times as long as the two it replaces: a third of a window's time
            disabled_optimizers=["SkipLayerNormFusion"],
        )
        pieces = Pieces(folder / "vocabulary.txt")
    except Exception as error:  # onnxruntime raises bare classes of its own
        raise InstallationError(
            f"The language model cannot be loaded: {error}", location=str(folder), remedy="Install dateline again."
        ) from error
    return Encoder(session, pieces, layout)


def encode(encoder: Encoder, words: Sequence[str], paragraph: Sequence[int], kinds: Sequence[int]) -> dict[str, Floats]:
    """Every head's output for every word: name -> (words, width). Arguments as in `feeds`."""
    outputs = np.empty((len(words), sum(encoder.layout.values())), np.float32)
    for window, feed in feeds(encoder.pieces, words, paragraph, kinds):
        outputs[window.first : window.last] = encoder.session.run(None, feed)[0]
    return _split(outputs, encoder.layout)


def feeds(
    pieces: Pieces, words: Sequence[str], paragraph: Sequence[int], kinds: Sequence[int]
) -> Iterator[tuple[Window, dict[str, npt.NDArray[np.int64]]]]:
    """What the network is given for each window of a story: word pieces, their signs, first pieces of its own words.

    paragraph: number of each word's paragraph, from 0. kinds: index into `PARAGRAPH_PIECES` of each paragraph.
    """
    found = [pieces.of(word) for word in words]
    marks = signs(words, paragraph)
    for window in pack([len(ids) for ids in found], paragraph):
        ids, sign, starts = [pieces.first], [0], []
        for position in range(window.context, window.last):
            at = paragraph[position]
            if position == window.context or at != paragraph[position - 1]:
                ids.append(PARAGRAPH_PIECES[kinds[at]])
                sign.append(PARAGRAPH_SIGNS[kinds[at]])
            starts.append(len(ids))
            ids += found[position]
            sign += [marks[position]] * len(found[position])
        ids.append(pieces.last)
        sign.append(0)
        own = starts[window.first - window.context :]
        yield window, {"pieces": np.array(ids), "signs": np.array(sign), "words": np.array(own)}


def _split(outputs: Floats, layout: dict[str, int]) -> dict[str, Floats]:
    parts: dict[str, Floats] = {}
    start = 0
    for name, width in layout.items():
        parts[name] = outputs[:, start : start + width]
        start += width
    return parts
