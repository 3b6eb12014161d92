from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rag.embed.modeldir import model_folder
from rag.embed.sentence import SentenceEmbedder, prompts_for
from rag.embed.weights import read_packed
from rag.errors import EmbeddingError


@pytest.fixture(scope="module")
def folder(tiny_file: Path, cache: Path) -> Path:
    return model_folder(read_packed(tiny_file), cache)


def test_the_folders_own_prompts_are_used(folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    plain = SentenceTransformer(str(folder), device="cpu")
    ours = SentenceEmbedder(str(folder), device="cpu")
    query, document = plain.encode(["query: revenue", "passage: revenue"])
    assert np.allclose(ours.embed_query("revenue"), query, atol=1e-5)
    assert np.allclose(ours.encode(["revenue"])[0], document, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "query", "document"),
    [
        ("intfloat/multilingual-e5-small", "query: ", "passage: "),
        ("models/e5-base-v2", "query: ", "passage: "),
        ("BAAI/bge-m3", None, None),
        ("acme/code5-e500", None, None),
    ],
)
def test_e5_models_get_their_prefixes_by_name_and_others_none(
    name: str, query: str | None, document: str | None
) -> None:
    prompts = prompts_for(name)
    assert (prompts.get("query"), prompts.get("document")) == (query, document)


def test_instruct_models_of_the_family_get_an_instruction_for_queries_only() -> None:
    prompts = prompts_for("intfloat/multilingual-e5-large-instruct")
    assert prompts["query"].startswith("Instruct: ")
    assert prompts["document"] == ""


def test_the_fingerprint_of_a_folder_follows_its_contents(folder: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    assert SentenceEmbedder(str(copy)).fingerprint == SentenceEmbedder(str(folder)).fingerprint
    (copy / "config.json").write_text("{}", encoding="utf-8")
    assert SentenceEmbedder(str(copy)).fingerprint != SentenceEmbedder(str(folder)).fingerprint


def test_a_folder_without_a_model_is_a_stated_error(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="cannot be loaded") as error:
        SentenceEmbedder(str(tmp_path), device="cpu").encode(["a"])
    assert "\n" not in str(error.value)
