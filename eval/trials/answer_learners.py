"""How each learned part of a composed answer is fitted: from arrays to what `rag/answer` stores.

Needs the extra "fit" (lightgbm, scikit-learn); both are imported where they are used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from rag.answer.operation import Operation
from rag.answer.trees import LEAF, Floats
from rag.errors import MissingExtra

PAIRED: tuple[Operation, ...] = ("growth", "difference", "share", "multiple", "sum")
"""The operations of two operands, which weights of pairs are fitted for."""
GRADES = 4
"""Relevance 0..1 becomes a whole number up to this, as lambdarank wants it."""
OWN_SHARE = 0.6
"""How freely an operation's weights leave those that all operations share: each has few questions."""
OPERAND_RIDGE = 1.0
LEAST_WEIGHT = 0.08
"""Weights of pairs nearer to zero are left out."""
ASSURANCE_STRENGTH = 0.03
"""Inverse strength of the ridge on standardized features."""


@dataclass(frozen=True, slots=True)
class Group:
    """What one question chooses among: `inputs` [rows, names] and `targets` [rows], 0 to 1."""

    names: tuple[str, ...]
    inputs: Floats
    targets: Floats

    @property
    def decides(self) -> bool:
        """Whether some row is better than nothing."""
        return bool(self.targets.size and self.targets.max() > 0)


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of operands that a question chooses among, and what it computes."""

    operation: Operation
    group: Group


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer's features and whether it was right."""

    values: Mapping[str, float]
    right: bool


def require_learners() -> None:
    """Raises MissingExtra where lightgbm or scikit-learn is not installed."""
    if find_spec("lightgbm") is None or find_spec("sklearn") is None:
        raise MissingExtra("fitting needs lightgbm: pip install 'filings-qa[fit]'")


def ranking_trees(groups: Sequence[Group]) -> dict[str, Any]:
    """LambdaMART over candidates (Burges 2010, as in LightGBM), as `rag.answer.trees` reads it."""
    from lightgbm import LGBMRanker

    deciding = [group for group in groups if group.decides]
    grades = [np.round(GRADES * g.targets / g.targets.max()).astype(int) for g in deciding]
    model = LGBMRanker(
        objective="lambdarank",
        n_estimators=100,
        num_leaves=16,
        learning_rate=0.05,
        min_child_samples=30,
        reg_lambda=5,
        subsample=0.8,
        subsample_freq=1,
        colsample_bytree=0.6,
        label_gain=[2**grade - 1 for grade in range(GRADES + 1)],
        lambdarank_truncation_level=5,
        n_jobs=1,
        random_state=0,
        deterministic=True,
        force_row_wise=True,
        verbose=-1,
    )
    model.fit(
        np.vstack([group.inputs for group in deciding]),
        np.concatenate(grades),
        group=[len(grade) for grade in grades],
    )
    trees = [info["tree_structure"] for info in model.booster_.dump_model()["tree_info"]]
    return {"names": list(deciding[0].names), "constant": 0.0, "trees": [*map(flat_tree, trees)]}


def flat_tree(root: Mapping[str, Any]) -> dict[str, list[Any]]:
    """A tree of LightGBM's dump as parallel lists, one entry a node, parents before children."""
    flat: dict[str, list[Any]] = {
        name: [] for name in ("feature", "threshold", "left", "right", "value")
    }

    def add(node: Mapping[str, Any]) -> int:
        at, inner = len(flat["feature"]), "split_feature" in node
        flat["feature"].append(node["split_feature"] if inner else LEAF)
        flat["threshold"].append(round(node["threshold"], 5) if inner else 0.0)
        flat["value"].append(0.0 if inner else round(node["leaf_value"], 5))
        for side in ("left", "right"):
            flat[side].append(0)
        for side in ("left", "right") if inner else ():
            flat[side][at] = add(node[f"{side}_child"])
        return at

    add(root)
    return flat


def operand_weights(questions: Sequence[Pairs]) -> dict[str, dict[str, float]]:
    """Weights under which right pairs win the softmax of their question, by operation: weights
    that all operations share plus each one's own, both held small."""
    deciding = [pairs for pairs in questions if pairs.group.decides]
    names = deciding[0].group.names
    groups = [
        (_shared_and_own(pairs.group.inputs, PAIRED.index(pairs.operation)), pairs.group.targets)
        for pairs in deciding
    ]
    shared, *own = softmax_weights(groups, OPERAND_RIDGE).reshape(1 + len(PAIRED), len(names))
    fitted = {
        name: dict(zip(names, (shared + OWN_SHARE * mine).round(2).tolist(), strict=True))
        for name, mine in zip(PAIRED, own, strict=True)
    }
    return {o: {n: w for n, w in ws.items() if abs(w) >= LEAST_WEIGHT} for o, ws in fitted.items()}


def _shared_and_own(inputs: Floats, operation: int) -> Floats:
    """The inputs once for all operations, and once more in the columns of their own operation."""
    rows, width = inputs.shape
    wide = np.zeros((rows, 1 + len(PAIRED), width))
    wide[:, 0], wide[:, 1 + operation] = inputs, OWN_SHARE * inputs
    return wide.reshape(rows, -1)


def softmax_weights(groups: Sequence[tuple[Floats, Floats]], ridge: float) -> Floats:
    """The weights that make the chance of a good row in each group's softmax largest."""

    def loss(w: Floats) -> tuple[float, Floats]:
        value, slope = ridge * float(w @ w), 2 * ridge * w
        for inputs, good in groups:
            scores = inputs @ w
            share = np.exp(scores - scores.max())
            share /= share.sum()
            hit = float(share @ good) + 1e-12
            value -= float(np.log(hit))
            slope = slope - inputs.T @ (share * good / hit - share)
        return value, slope

    return _minimum(loss, groups[0][0].shape[1])


def _minimum(loss: Callable[[Floats], tuple[float, Floats]], size: int) -> Floats:
    from scipy.optimize import minimize

    found: Floats = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B").x
    return found


def assurance_weights(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Logistic regression of being right on standardized features, written for the features as
    they are; "" is the constant."""
    from sklearn.linear_model import LogisticRegression

    names = list(outcomes[0].values)
    inputs = np.array([[outcome.values[name] for name in names] for outcome in outcomes])
    mean, spread = inputs.mean(0), inputs.std(0)
    spread[spread == 0] = 1.0
    model = LogisticRegression(C=ASSURANCE_STRENGTH, max_iter=3000)
    model.fit((inputs - mean) / spread, [outcome.right for outcome in outcomes])
    weights = model.coef_[0] / spread
    constant = float(model.intercept_[0] - weights @ mean)
    return {"": round(constant, 3), **dict(zip(names, weights.round(3).tolist(), strict=True))}
