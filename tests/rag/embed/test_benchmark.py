from __future__ import annotations

import numpy as np
import pytest

from rag.embed.benchmark import agreement, cut, installed_size


def test_passages_end_at_sentence_ends_and_lose_nothing() -> None:
    text = "第一句。" * 40 + "\n\nA last one."
    passages = cut(text, size=50)
    assert all(passage.endswith(("。", ".")) for passage in passages)
    assert "".join(passages).replace(" ", "") == text.replace("\n", "").replace(" ", "")


def test_agreement_is_one_for_the_same_vectors_and_less_for_others() -> None:
    vectors = np.random.default_rng(1).normal(size=(40, 8)).astype(np.float32)
    assert agreement(vectors, vectors) == pytest.approx(1.0)
    assert agreement(vectors, vectors[::-1]) < 0.6


def test_installed_size_is_that_of_the_files_and_nothing_for_a_missing_package() -> None:
    assert installed_size("numpy") > 5_000_000
    assert installed_size("no-such-package") == 0
