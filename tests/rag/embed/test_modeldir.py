from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import numpy as np
import pytest

from rag.embed.modeldir import cache_folder, make_once, model_folder
from rag.embed.weights import read_packed
from rag.errors import EmbeddingError


def test_the_folder_is_named_after_the_weights_and_holds_a_whole_model(
    tiny_file: Path, cache: Path
) -> None:
    model = read_packed(tiny_file)
    folder = model_folder(model, cache)
    assert model.digest in folder.name
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    assert (config["hidden_size"], config["num_hidden_layers"]) == (64, 2)
    modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    assert [module["type"].rpartition(".")[2] for module in modules] == [
        "Transformer",
        "Pooling",
        "Normalize",
    ]


def test_the_weights_in_the_folder_are_the_unpacked_ones(tiny_file: Path, cache: Path) -> None:
    from safetensors.numpy import load_file

    model = read_packed(tiny_file)
    tensors = load_file(model_folder(model, cache) / "model.safetensors")
    inner = tensors["encoder.layer.1.output.dense.weight"]
    assert np.array_equal(inner, model.matrix("l1.fo.w", 128).floats())
    bias = tensors["encoder.layer.0.attention.self.key.bias"]
    assert np.array_equal(bias, model.vector("l0.k.b"))


def test_the_cache_is_where_xdg_says_else_in_the_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert cache_folder() == Path("/somewhere/filings-qa")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "filings-qa"
    assert cache_folder(Path("/given")) == Path("/given")


def test_a_failed_fill_leaves_nothing_behind(tmp_path: Path) -> None:
    def fill(folder: Path) -> None:
        (folder / "half").write_text("half", encoding="utf-8")
        raise OSError(28, "No space left on device")

    with pytest.raises(EmbeddingError, match="No space left"):
        make_once(tmp_path / "model", fill)
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_fill_leaves_nothing_behind(tmp_path: Path) -> None:
    def fill(folder: Path) -> None:
        (folder / "half").write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_once(tmp_path / "model", fill)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_maker_left_is_removed_later_and_one_at_work_is_not(tmp_path: Path) -> None:
    killed, at_work = tmp_path / ".model-killed", tmp_path / ".model-atwork"
    for folder in (killed, at_work):
        folder.mkdir()
    os.utime(killed, (1, 1))
    make_once(tmp_path / "model", lambda folder: None)
    assert sorted(path.name for path in tmp_path.iterdir()) == [at_work.name, "model"]


def test_two_makers_at_once_end_with_one_whole_folder(tmp_path: Path) -> None:
    together = threading.Barrier(2)

    def fill(folder: Path) -> None:
        (folder / "part").write_text("whole", encoding="utf-8")
        together.wait(timeout=10)

    target = tmp_path / "model"
    threads = [threading.Thread(target=make_once, args=(target, fill)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
    assert (target / "part").read_text(encoding="utf-8") == "whole"


def test_a_cache_that_cannot_be_written_is_a_stated_error(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("", encoding="utf-8")
    with pytest.raises(EmbeddingError, match="XDG_CACHE_HOME"):
        make_once(in_the_way / "model", lambda folder: None)
