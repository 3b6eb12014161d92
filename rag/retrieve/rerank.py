"""Reranking by a sentence-transformers CrossEncoder, where one is set."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.errors import SettingsError
from rag.types import Passage


def cross_encoder(name: str) -> Callable[[str, Sequence[Passage]], list[float]]:
    """A function that scores passages for a question; the model loads at its first call.

    `name` is a folder or a model name. Raises SettingsError where it cannot be loaded.
    """
    loaded: list[object] = []

    def score(question: str, passages: Sequence[Passage]) -> list[float]:
        from sentence_transformers import CrossEncoder

        if not loaded:
            try:
                loaded.append(CrossEncoder(name))
            except (OSError, ValueError) as error:
                raise SettingsError(
                    f"reranker {name!r} cannot be loaded ({str(error)[:120]}); "
                    "check FILINGS_RERANKER or unset it"
                ) from error
        model = loaded[0]
        assert isinstance(model, CrossEncoder)
        pairs = [(question, "\n".join((*p.section[-2:], p.text))) for p in passages]
        return [float(value) for value in model.predict(pairs)]

    return score
