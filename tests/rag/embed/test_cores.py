from __future__ import annotations

from pathlib import Path

import pytest

from rag.embed import cores

TWO_SOCKETS_OF_TWO_CORES_HYPERTHREADED = "".join(
    f"processor : {n}\nphysical id : {n // 4}\ncore id : {n % 2}\n\n" for n in range(8)
)


def test_hyper_threads_count_once() -> None:
    assert cores.count_cores(TWO_SOCKETS_OF_TWO_CORES_HYPERTHREADED) == 4


def test_a_cpuinfo_without_core_ids_tells_nothing() -> None:
    assert cores.count_cores("processor : 0\nBogoMIPS : 50\n") == 0


@pytest.mark.parametrize(
    ("content", "limit"),
    [("max 100000\n", None), ("100000 100000\n", 1), ("50000 100000\n", 1)],
)
def test_a_containers_quota_is_kept(
    content: str, limit: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quota = tmp_path / "cpu.max"
    quota.write_text(content, encoding="ascii")
    monkeypatch.setattr(cores, "CGROUP_QUOTA", quota)
    found = cores.physical_cores.__wrapped__()
    assert found == limit if limit else found >= 1
