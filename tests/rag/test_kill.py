"""An ingest killed at any moment: nothing is lost, nothing is there twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KILLS = 20


def command(home: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "rag.cli", "--home", str(home), *words]


def environ() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "FILINGS_"))}
    return {**kept, "PYTHONPATH": str(ROOT)}


def write_filings(folder: Path, seed: random.Random) -> None:
    folder.mkdir()
    for n in range(12):
        lines = [f"第{n}号样例股份有限公司2024年年度报告", "第一节 数据"]
        lines += [
            f"{y}年第{k}项收入为{seed.randint(100, 99999)}.{k:02d}万元。"
            for y in (2022, 2023)
            for k in range(90)
        ]
        (folder / f"{n}.txt").write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_twenty_kills_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    seed = random.Random(20261122)
    write_filings(tmp_path / "in", seed)
    ingest = command(tmp_path / "home", "ingest", str(tmp_path / "in"), "--json")
    for _ in range(KILLS):
        process = subprocess.Popen(
            ingest, env=environ(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(seed.uniform(0.2, 6.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = subprocess.run(ingest, env=environ(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    doctor = subprocess.run(
        command(tmp_path / "home", "doctor", "--json"),
        env=environ(),
        capture_output=True,
        text=True,
        check=False,
    )
    state = json.loads(doctor.stdout)
    assert state["sound"] is True
    assert (state["missing"], state["orphans"], state["pending"]) == (0, 0, 0)
    assert state["vectors"] == state["passages"]
    again = json.loads(
        subprocess.run(ingest, env=environ(), capture_output=True, text=True, check=True).stdout
    )
    assert (len(again["added"]), len(again["unchanged"]), again["passages"]) == (0, 12, 0)
