"""A small ensemble of regression trees, as data: what a gradient booster learned, evaluated here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
LEAF = -1


@dataclass(frozen=True, slots=True)
class Trees:
    """`names` are the inputs in order; each tree is (feature, threshold, left, right, value) by
    node, node 0 its root, feature -1 a leaf. A value goes left when it is at most the threshold."""

    names: tuple[str, ...]
    nodes: tuple[tuple[Ints, Floats, Ints, Ints, Floats], ...]
    constant: float = 0.0

    def scores(self, rows: Sequence[Mapping[str, float]]) -> Floats:
        """The sum of all trees for each row of named values, shape [len(rows)]."""
        if not rows:
            return np.zeros(0)
        inputs = np.array([[row[name] for name in self.names] for row in rows])
        total = np.full(len(rows), self.constant)
        every = np.arange(len(rows))
        for feature, threshold, left, right, value in self.nodes:
            at = np.zeros(len(rows), np.int64)
            while (feature[at] != LEAF).any():
                inner = feature[at] != LEAF
                small = inputs[every, np.maximum(feature[at], 0)] <= threshold[at]
                at = np.where(inner, np.where(small, left[at], right[at]), at)
            total += value[at]
        return total


@cache
def trees(name: str) -> Trees:
    """The ensemble stored as `rag/answer/NAME.json`."""
    return ensemble(learned(name))


def ensemble(raw: Mapping[str, Any]) -> Trees:
    """The ensemble from its JSON object."""
    nodes = tuple(
        (
            np.array(tree["feature"], np.int64),
            np.array(tree["threshold"], np.float64),
            np.array(tree["left"], np.int64),
            np.array(tree["right"], np.int64),
            np.array(tree["value"], np.float64),
        )
        for tree in raw["trees"]
    )
    return Trees(tuple(raw["names"]), nodes, float(raw.get("constant", 0.0)))


def learned(name: str) -> Any:
    """What was fitted and stored as `rag/answer/NAME.json`."""
    return json.loads(files("rag.answer").joinpath(f"{name}.json").read_text("utf-8"))
